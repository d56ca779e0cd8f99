(** The function classes of the paper, on any Hilbert space: R (one ResFlow block), R_l (l of them), D, F, I (one ImpFlow
    block). All are classes of C1 maps with the derivative and the constants spelled out. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Theorem1 Hilbert Derivative Diffeomorphism.
Open Scope R_scope.

Section Classes.
Context {E : HilbertSpace}.
Implicit Types f g h : E -> E.

(** g is of class C1 and Lip(g) < 1. *)
Definition smooth_contraction g : Prop := contraction g /\ exists J, C1 g J.

(** R = { Id + g : g in C1, Lip(g) < 1 }. *)
Definition R_class f : Prop := exists g, smooth_contraction g /\ forall x, f x = plus x (g x).

(** The l-fold compositions of maps of a class. *)
Fixpoint compositions (C : (E -> E) -> Prop) (l : nat) f : Prop :=
  match l with
  | O => forall x, f x = x
  | S l => exists f1 f2, compositions C l f1 /\ C f2 /\ forall x, f x = f2 (f1 x)
  end.

(** R_l: l ResFlow blocks. *)
Definition R_l (l : nat) f : Prop := compositions R_class l f.

(** D: the bi-Lipschitz C1 diffeomorphisms. *)
Definition D_class f : Prop := exists k, inverse f k /\
  (exists M, lipschitz M f) /\ (exists M, lipschitz M k) /\ (exists J, C1 f J) /\ (exists K, C1 k K).

(** F = { f in D : inf over x and |v| = 1 of v^T J_f(x) v > 0 }. *)
Definition F_class f : Prop := D_class f /\
  exists J m, C1 f J /\ 0 < m /\ forall x v, norm v = 1 -> m <= inner (J x v) v.

(** I = { f2^-1 o f1 : f1, f2 in R }. *)
Definition I_class f : Prop := exists f1 f2 k2,
  R_class f1 /\ R_class f2 /\ inverse f2 k2 /\ forall x, f x = k2 (f1 x).

(** ** First properties *)

Lemma R_ext f h : (forall x, f x = h x) -> R_class f -> R_class h.
Proof. intros H (g & Hg & Hf). exists g. split; [exact Hg|]. intros x. now rewrite <- H. Qed.

Lemma R_C1 f : R_class f -> exists J, C1 f J.
Proof.
  intros (g & (_ & J & HJ) & Hf). exists (fun x v => plus v (J x v)).
  apply (C1_ext (fun x => plus x (g x))); [intros; now rewrite Hf|]. exact (C1_plus _ g _ J C1_id HJ).
Qed.

(** A member of R is Lipschitz with a constant below 2 and strongly monotone. *)
Lemma R_constants f : R_class f -> exists c, 0 <= c < 1 /\ lipschitz (1 + c) f /\ monotone (1 - c) f.
Proof.
  intros (g & ((c & Hc & L) & _) & Hf). exists c. split; [exact Hc|].
  split; intros x y; rewrite !Hf; [now apply (id_plus_upper g c)|now apply (id_plus_monotone g c)].
Qed.

Lemma R_id : R_class (fun x => x).
Proof.
  exists (fun _ => zero). split; [|intros; vector]. split; [|eexists; apply C1_const].
  exists 0. split; [lra|]. intros x y. rewrite distance_refl. lra.
Qed.

Lemma compositions_ext (C : (E -> E) -> Prop) l f h : (forall x, f x = h x) -> compositions C l f -> compositions C l h.
Proof.
  intros H. destruct l; simpl; [intros Hf x; now rewrite <- H|].
  intros (f1 & f2 & H1 & H2 & H3). exists f1, f2. repeat split; try assumption. intros x. now rewrite <- H.
Qed.

Lemma compositions_one (C : (E -> E) -> Prop) f : C f -> compositions C 1 f.
Proof. intros H. exists (fun x => x), f. repeat split; try exact H; reflexivity. Qed.

Lemma R_in_R_l f : R_class f -> R_l 1 f.
Proof. apply compositions_one. Qed.

(** An ImpFlow block in the sense of Theorem 1 is exactly a member of I. *)
Theorem I_iff_implicit_flow f : I_class f <->
  exists gx gz, smooth_contraction gx /\ smooth_contraction gz /\ forall x, f x = implicit_flow gx gz x.
Proof.
  split.
  - intros (f1 & f2 & k2 & (gx & Hx & E1) & (gz & Hz & E2) & [KF FK] & H).
    exists gx, gz. split; [exact Hx|]. split; [exact Hz|]. intros x. apply implicit_flow_only; [apply Hz|].
    apply block_equation_sides. now rewrite <- E1, <- E2, H, FK.
  - intros (gx & gz & Hx & Hz & H).
    exists (fun x => plus x (gx x)), (fun x => plus x (gz x)), (implicit_flow (fun _ => zero) gz).
    split; [now exists gx|]. split; [now exists gz|].
    assert (Side : forall y, plus (implicit_flow (fun _ => zero) gz y) (gz (implicit_flow (fun _ => zero) gz y)) = y).
    { intros y. pose proof (implicit_flow_root (fun _ => zero) gz y (proj1 Hz)) as R.
      apply block_equation_sides in R. rewrite R. vector. }
    split; [split; [|exact Side]|].
    + intros x. symmetry. apply implicit_flow_only; [apply Hz|]. apply block_equation_sides. vector.
    + intros x. rewrite H. symmetry. apply implicit_flow_only; [apply Hz|]. apply block_equation_sides. apply Side.
Qed.

(** ** F by constants

    The definition of F asks for more than it needs: a C1 map that is Lipschitz and strongly monotone is a bi-Lipschitz
    C1 diffeomorphism. *)
Theorem F_iff_monotone f : F_class f <->
  (exists J, C1 f J) /\ exists m M, 0 < m /\ 0 < M /\ monotone m f /\ lipschitz M f.
Proof.
  split.
  - intros [(k & _ & (M & L) & _) (J & m & HJ & Hm & Low)]. split; [now exists J|].
    exists m, (Rmax 1 M). split; [exact Hm|]. split; [apply Rlt_le_trans with 1; [lra|apply Rmax_l]|]. split.
    + apply (derivative_monotone f J m (proj1 HJ)). intros x. apply unit_vectors; [apply (proj1 HJ x)|apply Low].
    + exact (lipschitz_weaken f M _ (Rmax_r 1 M) L).
  - intros [(J & HJ) (m & M & Hm & HM & Mo & L)].
    destruct (monotone_diffeomorphism f J m M Hm HM HJ Mo L) as (Inv & Lk & _ & Ck). split.
    + exists (preimage m M f). split; [exact Inv|]. split; [now exists M|]. split; [now exists (/ m)|].
      split; [now exists J|]. eexists. exact Ck.
    + exists J, m. split; [exact HJ|]. split; [exact Hm|]. intros x v Hv.
      pose proof (monotone_derivative f x (J x) m Mo (proj1 HJ x) v) as H. rewrite Hv in H. lra.
Qed.

Lemma F_ext f h : (forall x, f x = h x) -> F_class f -> F_class h.
Proof.
  intros H HF. apply F_iff_monotone in HF. destruct HF as [(J & HJ) (m & M & Hm & HM & Mo & L)].
  apply F_iff_monotone. split; [exists J; now apply (C1_ext f)|]. exists m, M. repeat split; try assumption.
  - intros x y. rewrite <- !H. apply Mo.
  - intros x y. rewrite <- !H. apply L.
Qed.

(** F is closed under inversion. *)
Theorem F_inverse f k : F_class f -> inverse f k -> F_class k.
Proof.
  intros HF [KF FK]. apply F_iff_monotone in HF. destruct HF as [(J & HJ) (m & M & Hm & HM & Mo & L)].
  destruct (monotone_diffeomorphism f J m M Hm HM HJ Mo L) as ([PF FP] & Lk & _ & Ck).
  apply (F_ext (preimage m M f)); [intros y; rewrite <- (KF (preimage m M f y)); now rewrite FP|].
  apply F_iff_monotone. split; [eexists; exact Ck|].
  exists (m / (M * M)), (/ m). repeat split; try assumption.
  - apply Rdiv_lt_0_compat; nra.
  - now apply Rinv_0_lt_compat.
  - apply (inverse_monotone f _ m M); try assumption. now split.
Qed.
End Classes.
