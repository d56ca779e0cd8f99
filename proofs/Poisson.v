(** * The Poisson law of the number of terms

    With N - 1 of Poisson's law the estimator of ln det (I + J) is unbiased, as with every unbounded law, but its variance
    is infinite for J = - c I, however small c > 0 is. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix LogDet TraceSeries Roulette RouletteVariance.
Open Scope R_scope.

(** P(N - 1 = k) = exp (- lambda) lambda^k / k! *)
Definition poisson_mass (lambda : R) (k : nat) : R := exp (- lambda) * (lambda ^ k / INR (fact k)).
(** P(N > k) = P(N - 1 >= k). *)
Definition poisson (lambda : R) (k : nat) : R := 1 - Sum k (poisson_mass lambda).

Section Poisson.
Variable lambda : R.
Hypothesis lambda_pos : 0 < lambda.

Lemma poisson_mass_pos k : 0 < poisson_mass lambda k.
Proof. apply Rmult_lt_0_compat. apply exp_pos. apply Rdiv_lt_0_compat. now apply pow_lt. apply INR_fact_lt_0. Qed.

Lemma poisson_series : is_series (poisson_mass lambda) 1.
Proof.
  replace 1 with (exp (- lambda) * exp lambda) by (rewrite <- exp_plus; replace (- lambda + lambda) with 0 by ring; apply exp_0).
  apply is_series_scal_R. pose proof (is_exp_Reals lambda) as H. apply is_pseries_R in H. revert H. apply is_series_ext_R.
  intros k. unfold Rdiv. ring.
Qed.

Lemma poisson_tail k : is_series (fun j => poisson_mass lambda (k + j)) (poisson lambda k).
Proof. apply (is_series_Sum_n (poisson_mass lambda) k 1 poisson_series). Qed.

Lemma poisson_pos k : 0 < poisson lambda k.
Proof.
  apply Rlt_le_trans with (Sum 1 (fun j => poisson_mass lambda (k + j))).
  - simpl. pose proof (poisson_mass_pos (k + 0)). lra.
  - apply Sum_le_series; [|apply poisson_tail]. intros. left. apply poisson_mass_pos.
Qed.

Theorem poisson_law : unbounded_law (poisson lambda).
Proof.
  split.
  - unfold poisson; simpl. ring.
  - apply poisson_pos.
  - intros k. unfold poisson; simpl. pose proof (poisson_mass_pos k). lra.
  - apply is_lim_seq_incr_1. apply is_lim_seq_ext with (fun m => 1 - sum_n (poisson_mass lambda) m).
    + intros m. now rewrite sum_n_Sum.
    + replace (Finite 0) with (Rbar_minus 1 1) by (simpl; f_equal; ring). apply is_lim_seq_minus'. apply is_lim_seq_const.
      exact poisson_series.
Qed.

(** q_(k+1) <= lambda / (k+1) q_k. *)
Lemma poisson_ratio k : poisson lambda (S k) <= lambda / INR (S k) * poisson lambda k.
Proof.
  rewrite <- (Rabs_pos_eq (poisson lambda (S k))) by (left; apply poisson_pos).
  apply (is_series_le (fun j => poisson_mass lambda (S k + j)) (fun j => lambda / INR (S k) * poisson_mass lambda (k + j))).
  - intros j. rewrite Rabs_pos_eq by (left; apply poisson_mass_pos).
    assert (E : poisson_mass lambda (S k + j) = lambda / INR (S (k + j)) * poisson_mass lambda (k + j)).
    { unfold poisson_mass. replace (S k + j)%nat with (S (k + j)) by lia. rewrite fact_simpl, mult_INR. cbn [pow].
      pose proof (INR_fact_neq_0 (k + j)). assert (INR (S (k + j)) <> 0) by (apply not_0_INR; lia). field. auto. }
    rewrite E. apply Rmult_le_compat_r. left. apply poisson_mass_pos. apply Rmult_le_compat_l. lra.
    apply Rinv_le_contravar. apply lt_0_INR; lia. apply le_INR; lia.
  - apply poisson_tail.
  - apply is_series_scal_R, poisson_tail.
Qed.

Lemma poisson_superexponential : superexponential (poisson lambda).
Proof.
  intros eps He. destruct (archimed_cor1 (eps / lambda)) as [n [Hn Pn]]. now apply Rdiv_lt_0_compat.
  exists n. intros k Hk. eapply Rle_trans. apply poisson_ratio. apply Rmult_le_compat_r. left. apply poisson_pos.
  assert (P : 0 < INR n) by (apply lt_0_INR; lia). assert (Q : INR n <= INR (S k)) by (apply le_INR; lia).
  apply Rmult_lt_compat_l with (r := lambda) in Hn; auto. replace (lambda * (eps / lambda)) with eps in Hn by (field; lra).
  apply Rle_trans with (lambda * / INR n); [|lra]. apply Rmult_le_compat_l. lra. now apply Rinv_le_contravar.
Qed.

(** E S_N^2 = oo for the terms c, c^2 / 2, c^3 / 3, .. *)
Theorem poisson_variance_infinite c : 0 < c -> ~ finite_second_moment (extremal c) (poisson lambda).
Proof. intros Hc. apply superexponential_variance_infinite; auto. apply poisson_law. apply poisson_superexponential. Qed.
End Poisson.
