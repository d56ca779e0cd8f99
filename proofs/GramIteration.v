(** * Gram iteration bounds the spectral norm

    |W|^2 <= |W' W|: a bound of the norm of the Gram matrix gives one of W. Repeating this k times and ending with the Frobenius
    norm costs at most a factor n^(1 / 2^(k+1)). Every product may carry a rounding error, and every matrix may be scaled
    before it is multiplied; both enter the bound. *)
From Coq Require Import Reals Lia Lra.
From Impflow Require Import Matrix.
Open Scope R_scope.

(** A' A, m the number of rows of A. *)
Definition gram (m : nat) (A : matrix) : matrix := mul m (transpose A) A.

Lemma gram_sound m n A s : 0 <= s -> norm_at_most n n (gram m A) s -> norm_at_most m n A (sqrt s).
Proof.
  intros Hs H v. pose proof (enorm_nonneg n v). pose proof (sqrt_pos s).
  apply square_le; [apply enorm_nonneg|now apply Rmult_le_pos|]. rewrite enorm_sqr, gram_form.
  replace (sqrt s * enorm n v * (sqrt s * enorm n v)) with (sqrt s * sqrt s * enorm n v * enorm n v) by ring.
  rewrite sqrt_sqrt by auto. eapply Rle_trans. apply Rle_abs. now apply form_bound.
Qed.

Lemma norm_at_most_ext m n A B c : (forall i j, (i < m)%nat -> (j < n)%nat -> A i j = B i j) -> norm_at_most m n A c -> norm_at_most m n B c.
Proof.
  intros E H v. rewrite (enorm_ext m (app n B v) (app n A v)). apply H.
  intros i Hi. apply Sum_ext. intros j Hj. now rewrite E.
Qed.

Lemma norm_at_most_scal m n A k c : norm_at_most m n A c -> norm_at_most m n (mscal k A) (Rabs k * c).
Proof.
  intros H v. assert (E : enorm m (app n (mscal k A) v) = Rabs k * enorm m (app n A v)).
  { apply Rle_antisym; apply square_le; try apply enorm_nonneg; try (apply Rmult_le_pos; [apply Rabs_pos|apply enorm_nonneg]);
      replace (Rabs k * enorm m (app n A v) * (Rabs k * enorm m (app n A v)))
        with (Rabs k * Rabs k * (enorm m (app n A v) * enorm m (app n A v))) by ring;
      rewrite <- Rabs_mult, Rabs_pos_eq, !enorm_sqr by apply Rle_0_sqr; right; unfold dot; rewrite <- Sum_scal; apply Sum_ext; intros i _;
      unfold app, mscal; rewrite (Sum_ext n (fun j => k * A i j * v j) (fun j => k * (A i j * v j))) by (intros; ring); rewrite Sum_scal; ring. }
  rewrite E, Rmult_assoc. apply Rmult_le_compat_l. apply Rabs_pos. apply H.
Qed.

(** ** The rounding error of a product *)

(** Bound of the spectral norm of the error of A' A, A m x n with Frobenius norm f: gamma is the relative error of a scalar
    product of length m, eta the smallest positive number. *)
Definition gram_rounding (gamma eta f : R) (m n : nat) : R := gamma * f ^ 2 + INR n * INR m * eta.

Lemma norm_at_most_entrywise m n A B c : (forall i j, (i < m)%nat -> (j < n)%nat -> Rabs (A i j) <= B i j) ->
  norm_at_most m n B c -> norm_at_most m n A c.
Proof.
  intros E H v. assert (V : enorm n (fun j => Rabs (v j)) = enorm n v).
  { unfold enorm. f_equal. apply Sum_ext. intros. rewrite <- Rabs_mult. apply Rabs_pos_eq, Rle_0_sqr. }
  rewrite <- V. eapply Rle_trans; [|apply H]. apply square_le; try apply enorm_nonneg. rewrite !enorm_sqr.
  apply Sum_le. intros i Hi.
  assert (D : Rabs (app n A v i) <= app n B (fun j => Rabs (v j)) i).
  { eapply Rle_trans. apply Sum_abs. apply Sum_le. intros j Hj. rewrite Rabs_mult. apply Rmult_le_compat_r; auto. apply Rabs_pos. }
  pose proof (Rabs_pos (app n A v i)). rewrite <- (Rabs_pos_eq (app n A v i * app n A v i)) by apply Rle_0_sqr. rewrite Rabs_mult.
  now apply Rmult_le_compat.
Qed.

Lemma frobenius_transpose m n A : frobenius n m (transpose A) = frobenius m n A.
Proof. unfold frobenius, transpose. now rewrite Sum_swap. Qed.

(** The usual bound of every entry's rounding error gives that of the norm. *)
Theorem gram_rounding_sound m n A G gamma eta : 0 <= gamma -> 0 <= eta ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> Rabs (gram m A i j - G i j) <= gamma * Sum m (fun k => Rabs (A k i) * Rabs (A k j)) + INR m * eta) ->
  norm_at_most n n (msub (gram m A) G) (gram_rounding gamma eta (frobenius m n A) m n).
Proof.
  intros Hg He H. set (B := fun i j => Rabs (A i j)).
  assert (F : frobenius m n B = frobenius m n A).
  { unfold frobenius. f_equal. apply Sum_ext. intros. apply Sum_ext. intros. unfold B. rewrite <- Rabs_mult. apply Rabs_pos_eq, Rle_0_sqr. }
  apply (norm_at_most_entrywise n n _ (madd (mscal gamma (gram m B)) (fun _ _ => INR m * eta))). exact H.
  unfold gram_rounding. apply norm_at_most_add.
  - rewrite <- (Rabs_pos_eq gamma) at 2 by auto. apply norm_at_most_scal.
    replace (frobenius m n A ^ 2) with (frobenius n m (transpose B) * frobenius m n B) by (rewrite frobenius_transpose, F; ring).
    apply norm_at_most_mul. apply frobenius_nonneg. apply frobenius_bound. apply frobenius_bound.
  - apply norm_at_most_weaken with (frobenius n n (fun _ _ => INR m * eta)); [|apply frobenius_bound].
    assert (M : 0 <= INR m * eta) by (apply Rmult_le_pos; auto; apply pos_INR). pose proof (pos_INR n).
    apply square_le. apply frobenius_nonneg. rewrite Rmult_assoc. now apply Rmult_le_pos. rewrite frobenius_sqr, !Sum_const. right. ring.
Qed.

(** ** The iteration *)

Section Iteration.
Variables (m n : nat) (G : nat -> matrix) (scale error : nat -> R).

(** Rows of the k-th matrix: W is m x n, the others are n x n. *)
Definition rows (k : nat) : nat := match k with O => m | S _ => n end.
(** The bound of matrix k after so many more steps: s_k sqrt (bound of matrix k + 1 + error_k), the Frobenius norm at the end. *)
Fixpoint gram_bound (k steps : nat) : R :=
  match steps with O => frobenius (rows k) n (G k) | S steps => scale k * sqrt (gram_bound (S k) steps + error k) end.

Lemma gram_bound_nonneg k steps : (forall k, 0 < scale k) -> 0 <= gram_bound k steps.
Proof. intros Hs. destruct steps; simpl. apply frobenius_nonneg. apply Rmult_le_pos. left. apply Hs. apply sqrt_pos. Qed.

(** Matrix k + 1 is (G_k / s_k)' (G_k / s_k) up to an error of norm error_k. *)
Hypothesis scale_pos : forall k, 0 < scale k.
Hypothesis error_nonneg : forall k, 0 <= error k.
Hypothesis step : forall k, norm_at_most n n (msub (gram (rows k) (mscal (/ scale k) (G k))) (G (S k))) (error k).

(** |W| <= bound, for every number of steps. *)
Theorem gram_iteration_sound steps : forall k, norm_at_most (rows k) n (G k) (gram_bound k steps).
Proof.
  induction steps; intros k; simpl. apply frobenius_bound.
  pose proof (gram_bound_nonneg (S k) steps scale_pos) as nonneg. pose proof (scale_pos k). specialize (error_nonneg k).
  apply (norm_at_most_ext _ _ (mscal (scale k) (mscal (/ scale k) (G k)))). intros. unfold mscal. field. lra.
  apply norm_at_most_weaken with (Rabs (scale k) * sqrt (gram_bound (S k) steps + error k)). rewrite Rabs_pos_eq; lra.
  apply norm_at_most_scal. apply gram_sound. lra.
  apply (norm_at_most_ext _ _ (madd (G (S k)) (msub (gram (rows k) (mscal (/ scale k) (G k))) (G (S k))))).
  intros. unfold madd, msub. ring. apply norm_at_most_add. exact (IHsteps (S k)). exact (step k).
Qed.
End Iteration.

(** ** How sharp it is *)

(** The iteration without rounding errors and scaling. *)
Fixpoint exact_gram (m n : nat) (W : matrix) (k : nat) : matrix :=
  match k with O => W | S k => gram (match k with O => m | S _ => n end) (exact_gram m n W k) end.
(** The bound of |W| after k exact steps. *)
Definition exact_gram_bound (m n : nat) (W : matrix) (k : nat) : R := gram_bound m n (exact_gram m n W) (fun _ => 1) (fun _ => 0) 0 k.

Lemma norm_at_most_transpose m n A c : 0 <= c -> norm_at_most m n A c -> norm_at_most n m (transpose A) c.
Proof.
  intros Hc H u. set (w := app m (transpose A) u).
  assert (E : enorm n w * enorm n w <= c * enorm m u * enorm n w).
  { rewrite enorm_sqr. unfold w at 1. rewrite <- form_transpose. eapply Rle_trans. apply Rle_abs. now apply form_bound. }
  pose proof (enorm_nonneg n w). pose proof (enorm_nonneg m u). destruct (Req_dec (enorm n w) 0) as [->|N].
  apply Rmult_le_pos; auto. apply Rmult_le_reg_r with (enorm n w); lra.
Qed.

Lemma exact_gram_norm m n W c k : 0 <= c -> norm_at_most m n W c -> norm_at_most (rows m n k) n (exact_gram m n W k) (c ^ (2 ^ k)).
Proof.
  intros Hc H. induction k. simpl. now rewrite Rmult_1_r.
  assert (0 <= c ^ 2 ^ k) by now apply pow_le. cbn [exact_gram]. replace (2 ^ S k)%nat with (2 ^ k + 2 ^ k)%nat by (simpl; lia). rewrite pow_add.
  apply norm_at_most_mul; auto. apply norm_at_most_transpose; auto.
Qed.

Lemma exact_gram_bound_power m n W steps : forall k, gram_bound m n (exact_gram m n W) (fun _ => 1) (fun _ => 0) k steps ^ (2 ^ steps)
  = frobenius (rows m n (k + steps)) n (exact_gram m n W (k + steps)).
Proof.
  induction steps; intros k. simpl. rewrite Nat.add_0_r. ring.
  cbn [gram_bound]. rewrite Rmult_1_l, Rplus_0_r. replace (2 ^ S steps)%nat with (2 * 2 ^ steps)%nat by (simpl; lia).
  rewrite pow_mult. simpl (sqrt _ ^ 2). rewrite Rmult_1_r, sqrt_sqrt by (apply gram_bound_nonneg; intros; lra).
  rewrite IHsteps. now replace (S k + steps)%nat with (k + S steps)%nat by lia.
Qed.

(** The 2^k-th power of the factor by which k steps may exceed the norm. *)
Definition gram_excess (n : nat) : R := sqrt (INR n).

(** bound^(2^k) <= sqrt n |W|^(2^k): the bound exceeds the norm by a factor of at most n^(1 / 2^(k+1)). *)
Theorem exact_gram_bound_sharp m n W c k : 0 <= c -> norm_at_most m n W c ->
  exact_gram_bound m n W k ^ (2 ^ k) <= gram_excess n * c ^ (2 ^ k).
Proof.
  intros Hc H. unfold exact_gram_bound, gram_excess. rewrite exact_gram_bound_power. simpl plus. apply frobenius_le.
  now apply pow_le. now apply exact_gram_norm.
Qed.
