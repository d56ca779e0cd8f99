(** * The truncated series of traces and its rigorous tail

    The power series of ln det (I + J), cut after n terms, is off by at most d c^(n+1) / ((n+1) (1-c)), and by at most
    |J|_F^2 c^(n-1) / ((n+1) (1-c)), which is sharper where the rank of J is small. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet.
Open Scope R_scope.

(** Bound of what n terms leave out, in dimension d, |J| <= c. *)
Definition tail_bound (d c : R) (n : nat) : R := d * c ^ (n + 1) / (INR (n + 1) * (1 - c)).
(** The same from the Frobenius norm f of J, for n >= 1. *)
Definition tail_bound_frobenius (f c : R) (n : nat) : R := f ^ 2 * c ^ (n - 1) / (INR (n + 1) * (1 - c)).

(** The term of order k + 1. *)
Definition trace_term (d : nat) (J : matrix) (k : nat) : R := (-1) ^ k * trace d (mpow d J (S k)) / INR (S k).
(** The first n terms: tr J - tr J^2 / 2 + .. *)
Definition partial_log_det (d : nat) (J : matrix) (n : nat) : R := Sum n (trace_term d J).

Lemma is_series_geometric K c : 0 <= c < 1 -> is_series (fun k => K * c ^ k) (K / (1 - c)).
Proof. intros Hc. unfold Rdiv. apply is_series_scal_R. apply is_series_geom. rewrite Rabs_pos_eq; lra. Qed.

Lemma is_series_Sum_n (f : nat -> R) n : forall l : R, is_series f l -> is_series (fun k => f (n + k)%nat) (l - Sum n f).
Proof.
  induction n; intros l H; simpl. rewrite Rminus_0_r. exact H.
  apply IHn, is_series_tail in H. rewrite Nat.add_0_r in H. replace (l - (Sum n f + f n)) with (l - Sum n f - f n) by ring.
  revert H. apply is_series_ext_R. intros k. f_equal. lia.
Qed.

Lemma is_series_le (f g : nat -> R) (a b : R) : (forall k, Rabs (f k) <= g k) -> is_series f a -> is_series g b -> Rabs a <= b.
Proof.
  intros H Hf Hg. rewrite <- (is_series_unique f a Hf), <- (is_series_unique g b Hg).
  assert (ex : ex_series (fun k => Rabs (f k))).
  { apply (ex_series_le (fun k => Rabs (f k)) g). intros k. change (Rabs (Rabs (f k)) <= g k). now rewrite Rabs_Rabsolu. now exists b. }
  eapply Rle_trans. now apply Series_Rabs. apply Series_le. intros k. split; auto. apply Rabs_pos. now exists b.
Qed.

(** A series whose terms beyond the n-th are at most M c^j / (n+1) has a tail of at most M / ((n+1)(1-c)). *)
Lemma tail_le (f : nat -> R) (l M c : R) n : 0 <= c < 1 -> is_series f l ->
  (forall j, Rabs (f (n + j)%nat) <= M / INR (S n) * c ^ j) -> Rabs (l - Sum n f) <= M / (INR (S n) * (1 - c)).
Proof.
  intros Hc Hf H. assert (0 < INR (S n)) by (apply lt_0_INR; lia).
  replace (M / (INR (S n) * (1 - c))) with (M / INR (S n) / (1 - c)) by (field; lra).
  apply (is_series_le _ _ _ _ H). now apply is_series_Sum_n. now apply is_series_geometric.
Qed.

Lemma trace_term_le d J n j T : Rabs (trace d (mpow d J (S (n + j)))) <= T -> Rabs (trace_term d J (n + j)) <= T / INR (S n).
Proof.
  intros H. unfold trace_term, Rdiv. rewrite !Rabs_mult, pow_1_abs, Rmult_1_l, Rabs_inv, (Rabs_pos_eq (INR _)) by apply pos_INR.
  assert (0 < INR (S n)) by (apply lt_0_INR; lia). assert (INR (S n) <= INR (S (n + j))) by (apply le_INR; lia).
  apply Rmult_le_compat; auto. apply Rabs_pos. left. apply Rinv_0_lt_compat; lra. apply Rinv_le_contravar; auto.
Qed.

Section Tail.
Variables (d : nat) (J : matrix) (c : R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis J_small : norm_at_most d d J c.

(** | ln det (I + J) - first n terms | <= d c^(n+1) / ((n+1)(1-c)). *)
Theorem truncation_error n : Rabs (ln (det d (madd eye J)) - partial_log_det d J n) <= tail_bound (INR d) c n.
Proof.
  unfold tail_bound. rewrite Nat.add_1_r. apply tail_le; auto. exact (log_det_series d J c c_range J_small). intros j.
  replace (INR d * c ^ S n / INR (S n) * c ^ j) with (INR d * c ^ S (n + j) / INR (S n)).
  - apply trace_term_le, trace_pow_bound; auto. lra.
  - replace (S (n + j)) with (S n + j)%nat by lia. rewrite pow_add. field. apply not_0_INR; lia.
Qed.

(** The sharper form: | ln det (I + J) - first n terms | <= |J|_F^2 c^(n-1) / ((n+1)(1-c)), n >= 1. *)
Theorem truncation_error_frobenius n : (1 <= n)%nat ->
  Rabs (ln (det d (madd eye J)) - partial_log_det d J n) <= tail_bound_frobenius (frobenius d d J) c n.
Proof.
  destruct n as [|n]; intros Hn. lia. unfold tail_bound_frobenius. rewrite Nat.add_1_r. replace (S n - 1)%nat with n by lia.
  apply tail_le; auto. exact (log_det_series d J c c_range J_small). intros j.
  replace (_ * c ^ n / INR (S (S n)) * c ^ j) with (frobenius d d J * frobenius d d J * c ^ (n + j) / INR (S (S n))).
  - apply trace_term_le. simpl plus. apply trace_pow_bound_frobenius; auto. lra.
  - rewrite pow_add. field. apply not_0_INR; lia.
Qed.
End Tail.

(** For J = - x in dimension one: - ln (1 - x) = sum x^k / k. *)
Lemma log_series x : 0 <= x < 1 -> is_series (fun k => x ^ S k / INR (S k)) (- ln (1 - x)).
Proof.
  intros Hx. set (J := fun _ _ : nat => - x).
  assert (small : norm_at_most 1 1 J x).
  { intros v. pose proof (enorm_nonneg 1 v). apply square_le; [apply enorm_nonneg|now apply Rmult_le_pos|].
    replace (x * enorm 1 v * (x * enorm 1 v)) with (x * x * (enorm 1 v * enorm 1 v)) by ring. rewrite !enorm_sqr.
    unfold dot, app, J; simpl. right. ring. }
  pose proof (log_det_series 1 J x Hx small) as H. replace (det 1 (madd eye J)) with (1 - x) in H.
  - replace (- ln (1 - x)) with (-1 * ln (1 - x)) by ring. apply is_series_scal_R with (k := -1) in H. revert H. apply is_series_ext_R.
    intros k. assert (P : forall m, trace 1 (mpow 1 J m) = (- x) ^ m).
    { induction m. unfold trace; simpl. rewrite eye_refl. ring.
      unfold trace in *. simpl in *. unfold mul; simpl. rewrite Rplus_0_l in *. rewrite IHm. unfold J. ring. }
    rewrite P. replace (- x) with (-1 * x) by ring. rewrite Rpow_mult_distr.
    assert (E : (-1) ^ k * (-1) ^ S k = -1).
    { simpl. replace ((-1) ^ k * (-1 * (-1) ^ k)) with (- ((-1) ^ k * (-1) ^ k)) by ring. rewrite <- Rpow_mult_distr.
      replace (-1 * -1) with 1 by ring. rewrite pow1. ring. }
    replace (-1 * ((-1) ^ k * ((-1) ^ S k * x ^ S k) / INR (S k))) with (- ((-1) ^ k * (-1) ^ S k) * x ^ S k / INR (S k)) by (unfold Rdiv; ring).
    rewrite E. unfold Rdiv. ring.
  - simpl. unfold madd, J. rewrite eye_refl. ring.
Qed.
