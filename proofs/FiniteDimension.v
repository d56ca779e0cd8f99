(** The paper's statements in R^d, for every d >= 1, as instances of the theorems about Hilbert spaces. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Lipschitz Banach Theorem1 Hilbert Derivative Classes Euclidean Lemma1 Theorem2 Theorem3 Corollary1.
Open Scope R_scope.

Section FiniteDimension.
Variable d : nat.
Hypothesis Hd : (1 <= d)%nat.
Implicit Types f g : Rd d -> Rd d.

(** Theorem 1 in R^d. *)
Theorem theorem1_Rd (gx gz : Rd d -> Rd d) : contraction gx -> contraction gz ->
  (forall x, exists! z, block_equation gx gz z x = zero) /\ inverse (implicit_flow gx gz) (implicit_flow gz gx).
Proof. intros Hx Hz. split; [now apply theorem1_forward|now apply theorem1_bijective]. Qed.

(** Lemma 1 in R^d: R is a proper subset of F. *)
Theorem lemma1_Rd : (forall f, R_class f -> F_class f) /\ exists f, F_class f /\ ~ R_class f.
Proof.
  split; [apply lemma1_inclusion|]. destruct (Rd_unit_vector d Hd) as [u Hu]. exact (lemma1_strict u Hu).
Qed.

(** Theorem 2 in R^d. *)
Theorem theorem2_Rd f : I_class f <-> exists f1 f2, F_class f1 /\ F_class f2 /\ forall x, f x = f2 (f1 x).
Proof. apply theorem2. Qed.

(** Corollary 1 in R^d: R is a proper subset of R_2, and R_2 a proper subset of I. *)
Theorem corollary1_Rd :
  (forall f, R_class f -> R_l 2 f) /\ (exists f, R_l 2 f /\ ~ R_class f) /\
  (forall f, R_l 2 f -> I_class f) /\ (exists f, I_class f /\ ~ R_l 2 f).
Proof.
  destruct (Rd_unit_vector d Hd) as [u Hu]. split; [apply corollary1_R_in_R2|].
  split; [exact (corollary1_strict_R u Hu)|]. split; [apply corollary1_R2_in_I|exact (corollary1_strict_I u Hu)].
Qed.

(** R_2l is a proper subset of I_l in R^d, for every l >= 1. *)
Theorem corollary1_general_Rd l : (1 <= l)%nat ->
  (forall f, R_l (2 * l) f -> I_l l f) /\ exists f, I_l l f /\ ~ R_l (2 * l) f.
Proof.
  intros Hl. destruct (Rd_unit_vector d Hd) as [u Hu]. split; [apply corollary1_general|].
  destruct (corollary1_general_strict u Hu l (4 ^ l) Hl (Rle_refl _)) as [HI HR].
  exists (fun x => scal (4 ^ l) x). split; [now apply I_in_I_l|exact HR].
Qed.

(** Theorem 3 in R^d, with the floor r (L - 2^l). *)
Theorem theorem3_Rd l L r f : 0 < r -> (1 <= l)%nat -> 2 ^ l <= L -> P_class L r f ->
  I_class f /\ ~ R_l l f /\ exists a, forall g S, R_l l g -> error_on_ball r a f g S -> theorem3_floor r L (2 ^ l) < S.
Proof.
  intros Hr Hl HL H. destruct (Rd_unit_vector d Hd) as [u Hu]. split; [now apply (theorem3_P_in_I L r)|].
  now apply (theorem3_P u Hu l L r).
Qed.
End FiniteDimension.
