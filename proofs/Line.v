(** The classes R and F on the real line, in terms of the derivative. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative Classes Euclidean.
Open Scope R_scope.

(** f is continuously differentiable with derivative f'. *)
Definition C1_real (f f' : R -> R) : Prop := (forall x, is_derive f x (f' x)) /\ forall x, continuous f' x.

Lemma real_jacobian_linear (a : R) : is_linear (K := R_AbsRing) (U := RealLine) (V := RealLine) (fun v : R => v * a).
Proof. exact (is_linear_scal_l (K := R_AbsRing) (V := R_NormedModule) a). Qed.

(** The one-variable notion is the general one, with Jacobian  v -> v f'(x). *)
Lemma C1_from_real (f f' : R -> R) : C1_real f f' -> C1 (E := RealLine) f (fun x v => v * f' x).
Proof.
  intros [D C]. split; [exact D|]. intros x eps He.
  destruct (proj1 (filterlim_locally f' (f' x)) (C x) (mkposreal eps He)) as [d Hd].
  exists d. split; [apply cond_pos|]. intros y Hy v. specialize (Hd y Hy).
  change (Rabs (f' y - f' x) < eps) in Hd. change (Rabs (v * f' y - v * f' x) <= eps * Rabs v).
  replace (v * f' y - v * f' x) with ((f' y - f' x) * v) by ring. rewrite Rabs_mult.
  apply Rmult_le_compat_r; [apply Rabs_pos|lra].
Qed.

Lemma real_from_C1 (f : R -> R) (J : R -> R -> R) : C1 (E := RealLine) f J -> C1_real f (fun x => J x 1).
Proof.
  intros [D C]. split.
  - intros x. apply (filterdiff_ext_lin _ _ _ (D x)). intros v.
    transitivity (J x (v * 1)); [now rewrite Rmult_1_r|]. exact (linear_scal _ (proj1 (D x)) v 1).
  - intros x. apply (proj2 (filterlim_locally _ _)). intros eps.
    destruct (C x (eps / 2)) as (d & Hd & H); [pose proof (cond_pos eps); lra|]. exists (mkposreal d Hd). intros y Hy.
    specialize (H y Hy 1). change (Rabs (J y 1 - J x 1) <= eps / 2 * Rabs 1) in H. rewrite Rabs_R1 in H.
    change (Rabs (J y 1 - J x 1) < eps). pose proof (cond_pos eps). lra.
Qed.

(** Bounds of the derivative are the constants of the map. *)
Lemma real_constants (f f' : R -> R) m M : C1_real f f' -> (forall x, m <= f' x <= M) -> 0 <= m ->
  monotone (E := RealLine) m f /\ lipschitz (E := RealLine) (F := RealLine) M f.
Proof.
  intros HC B Hm. pose proof (C1_from_real f f' HC) as [D _]. split.
  - apply (derivative_monotone (E := RealLine) f _ m D). intros x v.
    change (m * (Rabs v * Rabs v) <= v * f' x * v). rewrite <- Rabs_mult, Rabs_pos_eq by apply Rle_0_sqr.
    specialize (B x). pose proof (Rle_0_sqr v) as P. unfold Rsqr in P. nra.
  - apply (derivative_lipschitz (E := RealLine) f _ M D). intros x v. change (Rabs (v * f' x) <= M * Rabs v).
    rewrite Rabs_mult, Rmult_comm. apply Rmult_le_compat_r; [apply Rabs_pos|]. specialize (B x).
    rewrite Rabs_pos_eq; lra.
Qed.

Lemma real_derivative_bounds (f f' : R -> R) m M : C1_real f f' ->
  monotone (E := RealLine) m f -> lipschitz (E := RealLine) (F := RealLine) M f -> forall x, m <= f' x <= M.
Proof.
  intros HC Mo L x. pose proof (C1_from_real f f' HC) as [D _].
  pose proof (monotone_derivative (E := RealLine) f x _ m Mo (D x) 1) as Low.
  pose proof (lipschitz_derivative (E := RealLine) f x _ M L (D x) 1) as Up.
  change (m * (Rabs 1 * Rabs 1) <= 1 * f' x * 1) in Low. change (Rabs (1 * f' x) <= M * Rabs 1) in Up.
  rewrite Rabs_R1 in Low, Up. pose proof (Rle_abs (1 * f' x)). lra.
Qed.

(** In one dimension  R = { f in C1 : inf f' > 0, sup f' < 2 }, as the paper says. *)
Theorem R_line (f : R -> R) : R_class (E := RealLine) f <->
  exists f', C1_real f f' /\ exists m M, 0 < m /\ M < 2 /\ forall x, m <= f' x <= M.
Proof.
  split.
  - intros H. destruct (R_C1 (E := RealLine) f H) as (J & HJ).
    destruct (R_constants (E := RealLine) f H) as (c & Hc & L & Mo). pose proof (real_from_C1 f J HJ) as HC.
    exists (fun x => J x 1). split; [exact HC|]. exists (1 - c), (1 + c). split; [lra|]. split; [lra|].
    exact (real_derivative_bounds f _ _ _ HC Mo L).
  - intros (f' & HC & m & M & Hm & HM & B). exists (fun x => f x - x). split; [|intros x; symmetry; apply Rplus_minus].
    pose proof (C1_minus (E := RealLine) f (fun x => x) _ _ (C1_from_real f f' HC) C1_id) as HG.
    split; [|eexists; exact HG]. exists (Rmax (1 - m) (M - 1)). split.
    + pose proof (B 0). split; [|apply Rmax_lub_lt; lra].
      destruct (Rle_dec m 1); [apply Rle_trans with (1 - m); [lra|apply Rmax_l]|].
      apply Rle_trans with (M - 1); [lra|apply Rmax_r].
    + apply (derivative_lipschitz (E := RealLine) _ _ _ (proj1 HG)). intros x v.
      change (Rabs (v * f' x - v) <= Rmax (1 - m) (M - 1) * Rabs v).
      replace (v * f' x - v) with ((f' x - 1) * v) by ring. rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|].
      specialize (B x). pose proof (Rmax_l (1 - m) (M - 1)). pose proof (Rmax_r (1 - m) (M - 1)). apply Rabs_le. lra.
Qed.

(** In one dimension  F = { f in C1 : inf f' > 0, sup f' < infinity }. The paper prints  inf f' > 0  only. *)
Theorem F_line (f : R -> R) : F_class (E := RealLine) f <->
  exists f', C1_real f f' /\ exists m M, 0 < m /\ forall x, m <= f' x <= M.
Proof.
  split.
  - intros H. apply (F_iff_monotone (E := RealLine)) in H.
    destruct H as [(J & HJ) (m & M & Hm & _ & Mo & L)]. pose proof (real_from_C1 f J HJ) as HC.
    exists (fun x => J x 1). split; [exact HC|]. exists m, M. split; [exact Hm|].
    exact (real_derivative_bounds f _ _ _ HC Mo L).
  - intros (f' & HC & m & M & Hm & B). apply (F_iff_monotone (E := RealLine)).
    split; [eexists; exact (C1_from_real f f' HC)|].
    destruct (real_constants f f' m M HC B ltac:(lra)) as [Mo L]. pose proof (B 0). exists m, M. repeat split; try assumption; lra.
Qed.

(** The upper bound cannot be left out:  f(x) = x + x^3  is C1 with f' >= 1, and it is not in F, being not Lipschitz. *)
Theorem F_line_counterexample :
  let f := fun x : R => x + x ^ 3 in let f' := fun x : R => 1 + 3 * x ^ 2 in
  C1_real f f' /\ (forall x, 1 <= f' x) /\ ~ F_class (E := RealLine) f.
Proof.
  intros f f'. split; [split|split].
  - intros x. unfold f, f'. auto_derive; [exact I|ring].
  - intros x. apply (ex_derive_continuous (V := R_NormedModule)). unfold f'. auto_derive. exact I.
  - intros x. unfold f'. pose proof (pow2_ge_0 x). lra.
  - intros H. apply (F_iff_monotone (E := RealLine)) in H. destruct H as [_ (m & M & _ & HM & _ & L)].
    specialize (L (M + 1) 0). change (Rabs (f (M + 1) - f 0) <= M * Rabs (M + 1 - 0)) in L. unfold f in L.
    pose proof (pow_lt (M + 1) 3 ltac:(lra)) as P.
    rewrite !Rabs_pos_eq in L by (simpl in *; lra). simpl in L. nra.
Qed.
