(** Corollary 1 of the paper, R < R_2 < I (proper inclusions), and its form for 2l ResFlow against l ImpFlow blocks. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative Classes Lemma1 Theorem2 Theorem3.
Open Scope R_scope.

Section Corollary1.
Context {E : HilbertSpace}.
Implicit Types f : E -> E.

(** I_l: l ImpFlow blocks. *)
Definition I_l (l : nat) f : Prop := compositions I_class l f.

(** R is inside R_2. *)
Theorem corollary1_R_in_R2 f : R_class f -> R_l 2 f.
Proof.
  intros H. exists f, (fun x => x). split; [now apply R_in_R_l|]. split; [apply R_id|]. reflexivity.
Qed.

(** R_2 is inside I. *)
Theorem corollary1_R2_in_I f : R_l 2 f -> I_class f.
Proof.
  intros (h & f2 & (h0 & f1 & H0 & H1 & E1) & H2 & E2). apply theorem2. exists f1, f2.
  split; [now apply lemma1_inclusion|]. split; [now apply lemma1_inclusion|]. intros x. now rewrite E2, E1, H0.
Qed.

(** 2l ResFlow blocks are inside l ImpFlow blocks. *)
Theorem corollary1_general l f : R_l (2 * l) f -> I_l l f.
Proof.
  unfold R_l, I_l. revert f. induction l as [|l IH]; intros f H; [exact H|].
  replace (2 * S l)%nat with (S (S (2 * l))) in H by lia.
  destruct H as (h & f3 & (h1 & f2 & H1 & HR2 & E1) & HR3 & E3).
  exists h1, (fun x => f3 (f2 x)). split; [now apply IH|]. split; [|intros x; now rewrite E3, E1].
  apply corollary1_R2_in_I. exists f2, f3. split; [now apply R_in_R_l|]. split; [exact HR3|]. reflexivity.
Qed.

Variable u : E.
Hypothesis Hu : norm u = 1.

(** k Id is not made of l ResFlow blocks when k >= 2^l. *)
Lemma multiple_not_in_R_l l (k : R) : (1 <= l)%nat -> 2 ^ l <= k -> ~ R_l l (fun x : E => scal k x).
Proof.
  intros Hl Hk. assert (0 < 2 ^ l) by (apply pow_lt; lra).
  apply (theorem3_disjoint u Hu l _ zero 1 k); [lra|exact Hl|exact Hk|].
  intros x y _ _. apply Req_le. rewrite <- norm_multiple_pos by lra. f_equal. vector.
Qed.

(** R is not all of R_2: 3 Id = (sqrt 3 Id)^2. *)
Theorem corollary1_strict_R : exists f, R_l 2 f /\ ~ R_class f.
Proof.
  exists (fun x => scal 3 x). split; [apply multiple_in_R_l; [lia|simpl; lra]|].
  intros H. apply (multiple_not_in_R_l 1 3); [lia|simpl; lra|now apply R_in_R_l].
Qed.

(** R_2 is not all of I: 4 Id. *)
Theorem corollary1_strict_I : exists f, I_class f /\ ~ R_l 2 f.
Proof.
  exists (fun x => scal 4 x). split; [apply F_in_I, multiple_in_F; lra|]. apply multiple_not_in_R_l; [lia|simpl; lra].
Qed.

(** However many ResFlow blocks: one ImpFlow block represents k Id, which 2l blocks do not for k >= 4^l. *)
Theorem corollary1_general_strict l k : (1 <= l)%nat -> 4 ^ l <= k ->
  I_class (fun x : E => scal k x) /\ ~ R_l (2 * l) (fun x : E => scal k x).
Proof.
  intros Hl Hk. assert (0 < 4 ^ l) by (apply pow_lt; lra). split; [apply F_in_I, multiple_in_F; lra|].
  apply multiple_not_in_R_l; [lia|]. rewrite pow_mult. replace (2 ^ 2) with 4 by (simpl; lra). exact Hk.
Qed.

(** l >= 1 ImpFlow blocks do what one does: pad with the identity. *)
Lemma I_in_I_l l f : (1 <= l)%nat -> I_class f -> I_l l f.
Proof.
  intros Hl H. destruct l as [|l]; [lia|]. exists (fun x => x), f.
  split; [|split; [exact H|reflexivity]]. clear Hl. induction l as [|l IH]; [intros x; reflexivity|].
  exists (fun x => x), (fun x => x). split; [exact IH|]. split; [|reflexivity]. apply F_in_I, lemma1_inclusion, R_id.
Qed.
End Corollary1.
