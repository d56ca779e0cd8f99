(** * Hutchinson's trace estimator with signs

    The average of v' A v over all 2^d sign vectors v is exactly the trace of A. Together with Russian roulette, drawn
    independently, this gives ln det (I + J) without bias. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet TraceSeries Roulette RouletteVariance.
Open Scope R_scope.

(** The m-th sign vector: entry i is -1 where binary digit i of m is 1. *)
Definition signs (m : nat) : vector := fun i => if Nat.testbit m i then -1 else 1.
(** The average over all 2^d sign vectors. *)
Definition average (d : nat) (F : vector -> R) : R := Sum (2 ^ d) (fun m => F (signs m)) / 2 ^ d.

Lemma signs_even k i : signs (2 * k) (S i) = signs k i.
Proof. unfold signs. now rewrite Nat.testbit_even_succ by lia. Qed.
Lemma signs_odd k i : signs (2 * k + 1) (S i) = signs k i.
Proof. unfold signs. now rewrite Nat.testbit_odd_succ by lia. Qed.
Lemma signs_even_0 k : signs (2 * k) 0%nat = 1.
Proof. unfold signs. now rewrite Nat.testbit_even_0. Qed.
Lemma signs_odd_0 k : signs (2 * k + 1) 0%nat = -1.
Proof. unfold signs. now rewrite Nat.testbit_odd_0. Qed.
Lemma signs_square m i : signs m i * signs m i = 1.
Proof. unfold signs. destruct (Nat.testbit m i); ring. Qed.

Lemma Sum_double n f : Sum (2 * n) f = Sum n (fun k => f (2 * k)%nat + f (2 * k + 1)%nat).
Proof.
  induction n. reflexivity. replace (2 * S n)%nat with (S (S (2 * n))) by lia. cbn [Sum]. rewrite IHn.
  replace (S (2 * n)) with (2 * n + 1)%nat by lia. ring.
Qed.

(** Two different signs are uncorrelated. *)
Lemma signs_uncorrelated d : forall i j, (i < d)%nat -> (j < d)%nat -> i <> j -> Sum (2 ^ d) (fun m => signs m i * signs m j) = 0.
Proof.
  induction d; intros i j Hi Hj H. lia.
  change (2 ^ S d)%nat with (2 * 2 ^ d)%nat. rewrite Sum_double. destruct i as [|i], j as [|j].
  - lia.
  - apply Sum_zero. intros k _. rewrite signs_even_0, signs_odd_0, signs_even, signs_odd. ring.
  - apply Sum_zero. intros k _. rewrite signs_even_0, signs_odd_0, signs_even, signs_odd. ring.
  - rewrite (Sum_ext _ _ (fun k => 2 * (signs k i * signs k j))).
    + rewrite Sum_scal, IHd by lia. ring.
    + intros k _. rewrite !signs_even, !signs_odd. ring.
Qed.

Lemma power_of_two d : INR (2 ^ d) = 2 ^ d.
Proof. rewrite pow_INR. reflexivity. Qed.

Lemma two_pow_pos d : 0 < 2 ^ d.
Proof. apply pow_lt; lra. Qed.

Lemma average_linear_Sum d n (w : nat -> R) (F : nat -> vector -> R) :
  average d (fun v => Sum n (fun k => F k v * w k)) = Sum n (fun k => average d (F k) * w k).
Proof.
  unfold average. rewrite Sum_swap. unfold Rdiv. rewrite <- Sum_scal_r. apply Sum_ext. intros k _. rewrite Sum_scal_r. ring.
Qed.

Lemma average_scal d k F : average d (fun v => k * F v) = k * average d F.
Proof. unfold average. rewrite Sum_scal. unfold Rdiv. ring. Qed.

Lemma average_ext d F G : (forall v, F v = G v) -> average d F = average d G.
Proof. intros H. unfold average. f_equal. apply Sum_ext. intros. apply H. Qed.

(** E v_i v_j = 1 if i = j, and 0 otherwise. *)
Lemma average_product d i j : (i < d)%nat -> (j < d)%nat -> average d (fun v => v i * v j) = eye i j.
Proof.
  intros Hi Hj. unfold average. pose proof (two_pow_pos d). destruct (Nat.eq_dec i j) as [->|H0].
  - rewrite (Sum_ext _ _ (fun _ => 1)), Sum_const, power_of_two, eye_refl by (intros; apply signs_square). field. lra.
  - rewrite signs_uncorrelated, eye_off by auto. unfold Rdiv. ring.
Qed.

(** The average of v' A v over all 2^d sign vectors is tr A, exactly. *)
Theorem rademacher_trace d A : average d (fun v => form d d v A v) = trace d A.
Proof.
  transitivity (Sum d (fun i => Sum d (fun j => average d (fun v => v i * v j) * A i j))).
  - unfold form, dot, app.
    transitivity (Sum d (fun i => average d (fun v => v i * Sum d (fun j => A i j * v j)))).
    + rewrite <- (Sum_ext d (fun i => average d (fun v => v i * Sum d (fun j => A i j * v j)) * 1)) by (intros; ring).
      rewrite <- (average_linear_Sum d d (fun _ => 1)). apply average_ext. intros v. apply Sum_ext. intros; ring.
    + apply Sum_ext. intros i _. rewrite <- (average_linear_Sum d d (A i) (fun j v => v i * v j)). apply average_ext. intros v.
      rewrite <- Sum_scal. apply Sum_ext. intros; ring.
  - apply Sum_ext. intros i Hi. rewrite (Sum_ext d _ (fun j => eye i j * A i j)).
    now apply Sum_eye_l. intros j Hj. now rewrite average_product.
Qed.

(** |v|^2 = d for every sign vector. *)
Lemma signs_length d m : enorm d (signs m) * enorm d (signs m) = INR d.
Proof. rewrite enorm_sqr. unfold dot. rewrite (Sum_ext d _ (fun _ => 1)), Sum_const by (intros; apply signs_square). ring. Qed.

(** ** The estimator of the log-determinant *)

(** (-1)^k v' J^(k+1) v / (k+1). *)
Definition probe_term (d : nat) (J : matrix) (v : vector) (k : nat) : R := (-1) ^ k * form d d v (mpow d J (S k)) v / INR (S k).

Lemma roulette_average d (a : vector -> nat -> R) q n :
  average d (fun v => roulette (a v) q n) = roulette (fun k => average d (fun v => a v k)) q n.
Proof. unfold roulette, Rdiv. exact (average_linear_Sum d n (fun k => / q k) (fun k v => a v k)). Qed.

Lemma average_probe_term d J k : average d (fun v => probe_term d J v k) = trace_term d J k.
Proof.
  unfold probe_term, trace_term. rewrite <- rademacher_trace.
  transitivity (average d (fun v => (-1) ^ k / INR (S k) * form d d v (mpow d J (S k)) v)).
  - apply average_ext. intros. unfold Rdiv. ring.
  - rewrite average_scal. unfold Rdiv. ring.
Qed.

Section LogDetEstimator.
Variables (d : nat) (J : matrix) (c : R) (q : nat -> R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis J_small : norm_at_most d d J c.
Hypothesis law : unbounded_law q.

Lemma probe_term_bound m k : Rabs (probe_term d J (signs m) k) <= INR d * extremal c k.
Proof.
  unfold probe_term, extremal, Rdiv. rewrite !Rabs_mult, pow_1_abs, Rmult_1_l, Rabs_inv, (Rabs_pos_eq (INR _)) by apply pos_INR.
  rewrite <- Rmult_assoc. apply Rmult_le_compat_r. left. apply Rinv_0_lt_compat, lt_0_INR; lia.
  eapply Rle_trans. apply (form_bound d d _ (c ^ S k)). now apply norm_at_most_pow; [lra|].
  rewrite Rmult_assoc, signs_length. right. ring.
Qed.

Lemma trace_term_summable : ex_series (fun k => Rabs (trace_term d J k)).
Proof.
  apply (ex_series_bounded _ (INR d * - ln (1 - c))). intros; apply Rabs_pos. intros m.
  apply Rle_trans with (Sum m (fun k => INR d * extremal c k)).
  - apply Sum_le. intros k _. rewrite <- average_probe_term. unfold average. unfold Rdiv. rewrite Rabs_mult, (Rabs_pos_eq (/ _)).
    2:{ left. apply Rinv_0_lt_compat, two_pow_pos. }
    apply Rmult_le_reg_r with (2 ^ d). apply two_pow_pos. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by (pose proof (two_pow_pos d); lra).
    eapply Rle_trans. apply Sum_abs. eapply Rle_trans. apply Sum_le. intros; apply probe_term_bound.
    rewrite Sum_const, power_of_two. right. ring.
  - rewrite Sum_scal. apply Rmult_le_compat_l. apply pos_INR. apply Sum_le_series; [|apply log_series; lra].
    intros k. apply Rmult_le_pos. apply pow_le; lra. left. apply Rinv_0_lt_compat, lt_0_INR; lia.
Qed.

(** E_N E_v of the estimator is ln det (I + J), N and v independent. *)
Theorem log_det_unbiased :
  is_series (fun n => mass q n * average d (fun v => roulette (probe_term d J v) q (S n))) (ln (det d (madd eye J))).
Proof.
  apply (is_series_ext_R (fun n => mass q n * roulette (trace_term d J) q (S n))).
  - intros n. f_equal. rewrite roulette_average. apply Sum_ext. intros k _. now rewrite average_probe_term.
  - apply roulette_unbiased; auto. apply trace_term_summable. exact (log_det_series d J c c_range J_small).
Qed.

(** With sign vectors and a geometric law the estimator is bounded by - rho d ln (1 - c / rho) if c < rho. *)
Theorem log_det_estimator_bounded rho m n : bounded_condition c rho -> (forall k, rho ^ k <= q k) ->
  Rabs (roulette (probe_term d J (signs m)) q n) <= roulette_bound (INR d) c rho.
Proof.
  intros Hb Hq. apply roulette_bounded; auto. lra. apply pos_INR. apply probe_term_bound.
Qed.

(** Its second moment is finite if c^2 <= rho. *)
Theorem log_det_estimator_variance rho m : 0 < rho -> variance_condition c rho -> (forall k, rho ^ k <= q k) ->
  finite_second_moment (probe_term d J (signs m)) q.
Proof.
  intros Hr Hv Hq. apply (variance_finite _ q (INR d) c rho); auto. apply pos_INR. apply probe_term_bound.
Qed.
End LogDetEstimator.
