(** * The Cholesky certificate of a spectral norm

    If Cholesky's factorisation of t^2 I - W' W completes, every pivot is positive, so the matrix is positive definite and
    |W| < t. In floating point the factorisation that completed is the exact one of a matrix nearby; the distances enter the
    bound as hypotheses. *)
From Coq Require Import Reals Lia Lra.
From Impflow Require Import Matrix GramIteration.
Open Scope R_scope.

(** What remains of A after one step of the factorisation. *)
Definition schur (A : matrix) : matrix := fun i j => A (S i) (S j) - A (S i) 0%nat * A 0%nat (S j) / A 0%nat 0%nat.
(** The factorisation of an n x n matrix completes: no pivot, the number whose root is taken, fails to be positive. *)
Fixpoint cholesky_completes (n : nat) (A : matrix) : Prop :=
  match n with O => True | S n => 0 < A 0%nat 0%nat /\ cholesky_completes n (schur A) end.

Lemma schur_symmetric n A : (forall i j, (i < S n)%nat -> (j < S n)%nat -> A i j = A j i) ->
  forall i j, (i < n)%nat -> (j < n)%nat -> schur A i j = schur A j i.
Proof.
  intros H i j Hi Hj. unfold schur. rewrite (H (S i) (S j)), (H (S i) 0%nat), (H 0%nat (S j)) by lia. unfold Rdiv. ring.
Qed.

(** Completing the square: v' A v = a (v_0 + r / a)^2 + w' S w, a the pivot, r the rest of the first row times w, S Schur's complement. *)
Lemma complete_square n A v : A 0%nat 0%nat <> 0 -> (forall j, (j < n)%nat -> A (S j) 0%nat = A 0%nat (S j)) ->
  let w := fun i => v (S i) in let r := Sum n (fun j => A 0%nat (S j) * w j) in
  form (S n) (S n) v A v = A 0%nat 0%nat * (v 0%nat + r / A 0%nat 0%nat) ^ 2 + form n n w (schur A) w.
Proof.
  intros Ha Hsym w r. set (a := A 0%nat 0%nat) in *.
  assert (rest : form n n w (schur A) w = form n n w (fun i j => A (S i) (S j)) w - r * r / a).
  { unfold form, dot, app, schur. fold a.
    transitivity (Sum n (fun i => w i * Sum n (fun j => A (S i) (S j) * w j) + w i * A (S i) 0%nat * (- r / a))).
    - apply Sum_ext. intros i Hi. rewrite (Sum_ext n _ (fun j => A (S i) (S j) * w j + (- A (S i) 0%nat / a) * (A 0%nat (S j) * w j))).
      rewrite Sum_plus, Sum_scal. fold r. unfold Rdiv. ring. intros; unfold Rdiv; ring.
    - rewrite Sum_plus, Sum_scal_r. replace (Sum n (fun i => w i * A (S i) 0%nat)) with r. unfold Rdiv; ring.
      apply Sum_ext. intros j Hj. rewrite Hsym by auto. ring. }
  rewrite rest. unfold form, dot, app. rewrite Sum_first. rewrite Sum_first. fold a.
  rewrite (Sum_ext n (fun i => v (S i) * Sum (S n) (fun j => A (S i) j * v j))
    (fun i => w i * Sum n (fun j => A (S i) (S j) * w j) + A 0%nat (S i) * w i * v 0%nat)).
  - rewrite Sum_plus, Sum_scal_r. fold r. change (Sum n (fun i => A 0%nat (S i) * v (S i))) with r. field. auto.
  - intros i Hi. rewrite Sum_first, Hsym by auto. unfold w. ring.
Qed.

(** A symmetric matrix whose factorisation completes is positive semidefinite. *)
Theorem cholesky_positive n : forall A v, (forall i j, (i < n)%nat -> (j < n)%nat -> A i j = A j i) ->
  cholesky_completes n A -> 0 <= form n n v A v.
Proof.
  induction n; intros A v Hsym H. unfold form, dot; simpl. lra.
  destruct H as [pivot rest]. rewrite complete_square by (try lra; intros; apply Hsym; lia).
  apply Rplus_le_le_0_compat. apply Rmult_le_pos. lra. apply pow2_ge_0.
  apply IHn; auto. now apply schur_symmetric.
Qed.

(** The bound of |W|: t, and the errors of forming t^2 I - W' W and of factorising it. *)
Definition cholesky_bound (t forming factorising : R) : R := sqrt (t ^ 2 + forming + factorising).

(** A is t^2 I - W' W up to an error of norm [forming]; the factorisation that completes is that of A + D, |D| <= [factorising]. *)
Theorem cholesky_sound m n W A D t forming factorising : 0 <= forming -> 0 <= factorising ->
  norm_at_most n n (msub (msub (mscal (t ^ 2) eye) (gram m W)) A) forming -> norm_at_most n n D factorising ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> madd A D i j = madd A D j i) -> cholesky_completes n (madd A D) ->
  norm_at_most m n W (cholesky_bound t forming factorising).
Proof.
  intros F0 D0 HF HD Hsym H v. unfold cholesky_bound.
  assert (P : 0 <= t ^ 2 + forming + factorising) by (pose proof (pow2_ge_0 t); lra).
  pose proof (enorm_nonneg n v). apply square_le; [apply enorm_nonneg|apply Rmult_le_pos; [apply sqrt_pos|auto]|].
  rewrite enorm_sqr, gram_form. fold (gram m W).
  replace (sqrt (t ^ 2 + forming + factorising) * enorm n v * (sqrt (t ^ 2 + forming + factorising) * enorm n v))
    with (sqrt (t ^ 2 + forming + factorising) * sqrt (t ^ 2 + forming + factorising) * (enorm n v * enorm n v)) by ring.
  rewrite sqrt_sqrt by auto.
  pose proof (cholesky_positive n (madd A D) v Hsym H) as positive.
  pose proof (form_bound n n _ forming v v HF) as bF. pose proof (form_bound n n _ factorising v v HD) as bD.
  pose proof (Rle_abs (form n n v D v)) as aD.
  pose proof (Rle_abs (- form n n v (msub (msub (mscal (t ^ 2) eye) (gram m W)) A) v)) as aF. rewrite Rabs_Ropp in aF.
  assert (split : form n n v (gram m W) v
    = t ^ 2 * (enorm n v * enorm n v) - form n n v (madd A D) v - form n n v (msub (msub (mscal (t ^ 2) eye) (gram m W)) A) v + form n n v D v).
  { rewrite enorm_sqr. unfold form, dot.
    assert (L : forall i, (i < n)%nat -> app n (gram m W) v i
      = t ^ 2 * v i - app n (madd A D) v i - app n (msub (msub (mscal (t ^ 2) eye) (gram m W)) A) v i + app n D v i).
    { intros i Hi. rewrite <- (app_eye n v i Hi) at 1. unfold app, madd, msub, mscal.
      rewrite <- Sum_scal.
      replace (Sum n (fun j => t ^ 2 * (eye i j * v j)) - Sum n (fun j => (A i j + D i j) * v j) - Sum n (fun j => (t ^ 2 * eye i j - gram m W i j - A i j) * v j))
        with (Sum n (fun j => t ^ 2 * (eye i j * v j) + (-1 * ((A i j + D i j) * v j) + -1 * ((t ^ 2 * eye i j - gram m W i j - A i j) * v j))))
        by (rewrite !Sum_plus, !Sum_scal; ring).
      rewrite <- Sum_plus. apply Sum_ext. intros; ring. }
    rewrite (Sum_ext n _ (fun i => t ^ 2 * (v i * v i) + (-1 * (v i * app n (madd A D) v i)
      + (-1 * (v i * app n (msub (msub (mscal (t ^ 2) eye) (gram m W)) A) v i) + v i * app n D v i)))).
    rewrite !Sum_plus, !Sum_scal. ring. intros i Hi. rewrite L by auto. ring. }
  rewrite split. lra.
Qed.
