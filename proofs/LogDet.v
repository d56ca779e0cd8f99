(** * The logarithm of det (I + J) as a series of traces

    For |J| <= c < 1: det (I + J) > 0, and ln det (I + J) = tr J - tr J^2 / 2 + tr J^3 / 3 - ... Behind it stands
    Jacobi's formula along the segment t -> I + t J, whose inverse is the Neumann series. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant.
Open Scope R_scope.

(** ** Series *)

Lemma is_series_ext_R (f g : nat -> R) (l : R) : (forall k, f k = g k) -> is_series f l -> is_series g l.
Proof. intros H. now apply is_series_ext. Qed.

Lemma is_series_scal_R (k : R) (f : nat -> R) (l : R) : is_series f l -> is_series (fun n => k * f n) (k * l).
Proof. intros H. exact (is_series_scal k f l H). Qed.

Lemma is_series_plus_R (f g : nat -> R) (a b : R) : is_series f a -> is_series g b -> is_series (fun n => f n + g n) (a + b).
Proof. intros Hf Hg. exact (is_series_plus f g a b Hf Hg). Qed.

Lemma is_series_tail (f : nat -> R) (l : R) : is_series f l -> is_series (fun k => f (S k)) (l - f 0%nat).
Proof.
  intros H. apply (is_series_incr_1 f). match goal with |- is_series _ ?x => replace x with l end. exact H.
  change (l = (l - f 0%nat) + f 0%nat :> R). ring.
Qed.

Lemma is_series_unique_R (f : nat -> R) (a b : R) : is_series f a -> is_series f b -> a = b.
Proof. intros Ha Hb. rewrite <- (is_series_unique f a Ha). now apply is_series_unique. Qed.

Lemma is_series_zero : is_series (fun _ => 0) 0.
Proof.
  change (is_lim_seq (sum_n (fun _ => 0)) 0). apply (is_lim_seq_ext (fun _ => 0)); [|apply is_lim_seq_const]. intros n. symmetry. rewrite sum_n_Reals. now apply sum_eq_R0.
Qed.

Lemma is_series_Sum n (f : nat -> nat -> R) (l : nat -> R) :
  (forall i, (i < n)%nat -> is_series (f i) (l i)) -> is_series (fun k => Sum n (fun i => f i k)) (Sum n l).
Proof.
  induction n; intros H; simpl. apply is_series_zero.
  apply is_series_plus_R; [apply IHn; intros|]; apply H; lia.
Qed.

(** A power series whose coefficients decay like c^k, c < 1, converges in a disk of radius greater than 1. *)
Lemma radius_above_one (a : nat -> R) K c : 0 <= c < 1 -> (forall k, Rabs (a k) <= K * c ^ k) -> Rbar_lt 1 (CV_radius a).
Proof.
  intros Hc Ha. assert (E : 0 < 2 / (1 + c)) by (apply Rdiv_lt_0_compat; lra).
  assert (F : c * (2 / (1 + c)) <= 1).
  { apply Rmult_le_reg_r with (1 + c). lra. replace (c * (2 / (1 + c)) * (1 + c)) with (2 * c) by (field; lra). lra. }
  apply Rbar_lt_le_trans with (2 / (1 + c)).
  - simpl. apply Rmult_lt_reg_r with (1 + c). lra. replace (2 / (1 + c) * (1 + c)) with 2 by (field; lra). lra.
  - apply (proj1 (CV_radius_bounded a)). exists K. intros k. rewrite Rabs_mult, (Rabs_pos_eq (_ ^ k)) by (apply pow_le; lra).
    assert (0 <= K). { specialize (Ha 0%nat). simpl in Ha. pose proof (Rabs_pos (a 0%nat)). lra. }
    apply Rle_trans with (K * c ^ k * (2 / (1 + c)) ^ k). apply Rmult_le_compat_r; auto. apply pow_le; lra.
    rewrite Rmult_assoc, <- Rpow_mult_distr. rewrite <- (Rmult_1_r K) at 2. apply Rmult_le_compat_l; auto.
    apply Rle_trans with (1 ^ k); [|rewrite pow1; lra]. apply pow_incr. split; auto. apply Rmult_le_pos; lra.
Qed.

Lemma is_series_PSeries (a : nat -> R) t : Rbar_lt (Rabs t) (CV_radius a) -> is_series (fun k => a k * t ^ k) (PSeries a t).
Proof. intros H. apply (proj1 (is_pseries_R a t (PSeries a t))). apply PSeries_correct. now apply CV_radius_inside. Qed.

Section Segment.
Variables (d : nat) (J : matrix) (c : R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis J_small : norm_at_most d d J c.

(** Coefficients of the entries of (I + t J)^-1 = sum_k (-t)^k J^k. *)
Definition neumann_coefficient (i j k : nat) : R := (-1) ^ k * mpow d J k i j.
(** (I + t J)^-1. *)
Definition resolvent (t : R) : matrix := fun i j => PSeries (neumann_coefficient i j) t.
(** Coefficients of ln det (I + t J): 0, tr J, - tr J^2 / 2, tr J^3 / 3, .. *)
Definition log_det_coefficient (k : nat) : R := match k with O => 0 | S m => (-1) ^ m * trace d (mpow d J (S m)) / INR (S m) end.

Lemma neumann_radius i j t : (i < d)%nat -> (j < d)%nat -> 0 <= t <= 1 -> Rbar_lt (Rabs t) (CV_radius (neumann_coefficient i j)).
Proof.
  intros Hi Hj Ht. apply Rbar_le_lt_trans with 1. simpl. rewrite Rabs_pos_eq; lra.
  apply (radius_above_one _ 1 c c_range). intros k. unfold neumann_coefficient. rewrite Rabs_mult, pow_1_abs, !Rmult_1_l.
  apply (entry_bound d d); auto. apply norm_at_most_pow; auto. lra.
Qed.

Lemma derivative_radius t : 0 <= t <= 1 -> Rbar_lt (Rabs t) (CV_radius log_det_coefficient).
Proof.
  intros Ht. apply Rbar_le_lt_trans with 1. simpl. rewrite Rabs_pos_eq; lra.
  assert (0 <= INR d) by apply pos_INR. apply (radius_above_one _ (INR d) c c_range). intros [|k].
  - simpl. rewrite Rabs_R0. lra.
  - unfold log_det_coefficient, Rdiv. rewrite !Rabs_mult, pow_1_abs, Rmult_1_l, Rabs_inv, (Rabs_pos_eq (INR _)) by apply pos_INR.
    assert (1 <= INR (S k)) by (rewrite S_INR; pose proof (pos_INR k); lra).
    rewrite <- (Rmult_1_r (INR d * c ^ S k)). apply Rmult_le_compat. apply Rabs_pos. left. apply Rinv_0_lt_compat. lra.
    apply trace_pow_bound; auto. lra. rewrite <- Rinv_1. apply Rinv_le_contravar; lra.
Qed.

Lemma resolvent_series i j t : (i < d)%nat -> (j < d)%nat -> 0 <= t <= 1 ->
  is_series (fun k => neumann_coefficient i j k * t ^ k) (resolvent t i j).
Proof. intros. now apply is_series_PSeries, neumann_radius. Qed.

(** The Neumann series is the inverse. *)
Theorem resolvent_inverse t i j : (i < d)%nat -> (j < d)%nat -> 0 <= t <= 1 ->
  mul d (resolvent t) (madd eye (mscal t J)) i j = eye i j.
Proof.
  intros Hi Hj Ht.
  assert (shifted : is_series (fun k => neumann_coefficient i j (S k) * t ^ S k) (- (t * mul d (resolvent t) J i j))).
  { apply (is_series_ext_R (fun k => - t * Sum d (fun l => neumann_coefficient i l k * t ^ k * J l j))).
    - intros k. unfold neumann_coefficient. rewrite <- Sum_scal. simpl.
      rewrite mpow_comm by auto. unfold mul. rewrite <- Sum_scal, <- Sum_scal_r. apply Sum_ext. intros; ring.
    - replace (- (t * mul d (resolvent t) J i j)) with (- t * mul d (resolvent t) J i j) by ring.
      apply is_series_scal_R, is_series_Sum. intros l Hl. rewrite (Rmult_comm (resolvent t i l)).
      apply (is_series_ext_R (fun k => J l j * (neumann_coefficient i l k * t ^ k))). intros; ring.
      now apply is_series_scal_R, resolvent_series. }
  pose proof (resolvent_series i j t Hi Hj Ht) as whole. apply is_series_tail in whole.
  pose proof (is_series_unique_R _ _ _ shifted whole) as E. unfold neumann_coefficient in E. simpl in E.
  transitivity (resolvent t i j + t * mul d (resolvent t) J i j); [|lra].
  unfold mul, madd, mscal. rewrite <- Sum_scal. transitivity (mul d (resolvent t) eye i j + Sum d (fun l => t * (resolvent t i l * J l j))).
  - unfold mul. rewrite <- Sum_plus. apply Sum_ext. intros; ring.
  - now rewrite mul_eye_r.
Qed.

(** The derivative of the series of traces at t is tr (J (I + t J)^-1). *)
Lemma log_det_series_derive t : 0 <= t <= 1 ->
  is_derive (PSeries log_det_coefficient) t (trace d (mul d J (resolvent t))).
Proof.
  intros Ht. replace (trace d (mul d J (resolvent t))) with (PSeries (PS_derive log_det_coefficient) t).
  now apply is_derive_PSeries, derivative_radius.
  apply (is_series_unique_R (fun k => PS_derive log_det_coefficient k * t ^ k)).
  - apply is_series_PSeries. rewrite CV_radius_derive. now apply derivative_radius.
  - apply (is_series_ext_R (fun k => Sum d (fun i => Sum d (fun l => J i l * (neumann_coefficient l i k * t ^ k))))).
    + intros k. unfold PS_derive, log_det_coefficient, neumann_coefficient. assert (INR (S k) <> 0) by (apply not_0_INR; lia).
      replace (INR (S k) * ((-1) ^ k * trace d (mpow d J (S k)) / INR (S k)) * t ^ k) with ((-1) ^ k * t ^ k * trace d (mpow d J (S k)))
        by (field; auto).
      unfold trace. simpl. unfold mul. rewrite <- Sum_scal. apply Sum_ext. intros i _. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
    + apply is_series_Sum. intros i Hi. apply is_series_Sum. intros l Hl. now apply is_series_scal_R, resolvent_series.
Qed.

Lemma segment_derive (M : matrix) t : 0 <= t <= 1 ->
  is_derive (fun s => det d (mul d (madd eye (mscal s J)) M)) t
    (trace d (mul d J (resolvent t)) * det d (mul d (madd eye (mscal t J)) M)).
Proof.
  intros Ht. apply (jacobi_formula_factor d (fun s => mul d (madd eye (mscal s J)) M) (mul d J M)).
  - intros i j Hi Hj. unfold mul. apply is_derive_Sum. intros l Hl. unfold madd, mscal. auto_derive; auto. ring.
  - intros i j Hi Hj. rewrite mul_assoc. apply Sum_ext. intros l Hl. f_equal.
    rewrite <- mul_assoc. symmetry. transitivity (mul d eye M l j); [|exact (app_eye d (fun k => M k j) l Hl)].
    apply Sum_ext. intros r Hr. f_equal. now apply resolvent_inverse.
Qed.

(** det ((I + t J) M) exp (- sum) does not depend on t. *)
Lemma det_segment (M : matrix) :
  det d (mul d (madd eye J) M) = exp (PSeries log_det_coefficient 1) * det d M.
Proof.
  set (D := fun s => det d (mul d (madd eye (mscal s J)) M)). set (P := PSeries log_det_coefficient).
  assert (constant : D 0 * exp (- P 0) = D 1 * exp (- P 1)).
  { apply (eq_is_derive (fun s => D s * exp (- P s))); [|lra]. intros t Ht.
    pose proof (segment_derive M t Ht) as HD. pose proof (log_det_series_derive t Ht) as HP. fold P in HP.
    set (k := trace d (mul d J (resolvent t))) in *.
    assert (HE : is_derive (fun s => exp (- P s)) t (- k * exp (- P t))).
    { evar_last. apply (is_derive_comp exp (fun s => - P s)). apply is_derive_exp.
      apply (is_derive_opp P t k HP). unfold scal, opp; simpl; unfold mult; simpl. ring. }
    evar_last. exact (derive_mult D (fun s => exp (- P s)) t _ _ HD HE). unfold zero; simpl. unfold D. ring. }
  assert (P0 : P 0 = 0) by (unfold P; rewrite PSeries_0; reflexivity).
  assert (D0 : D 0 = det d M).
  { apply det_ext. intros i j Hi Hj. transitivity (mul d eye M i j); [|exact (app_eye d (fun k => M k j) i Hi)].
    apply Sum_ext. intros. unfold madd, mscal. ring. }
  assert (D1 : D 1 = det d (mul d (madd eye J) M)).
  { apply det_ext. intros i j Hi Hj. apply Sum_ext. intros. unfold madd, mscal. ring. }
  rewrite P0, D0, D1, Ropp_0, exp_0 in constant. rewrite Rmult_1_r in constant. rewrite constant.
  rewrite Rmult_comm, Rmult_assoc, <- exp_plus. replace (- P 1 + P 1) with 0 by ring. rewrite exp_0. ring.
Qed.

Lemma det_exp : det d (madd eye J) = exp (PSeries log_det_coefficient 1).
Proof.
  transitivity (det d (mul d (madd eye J) eye)).
  - apply det_ext. intros. symmetry. now apply mul_eye_r.
  - rewrite det_segment, det_eye. ring.
Qed.

(** det (I + J) > 0 for |J| < 1. *)
Theorem det_positive : 0 < det d (madd eye J).
Proof. rewrite det_exp. apply exp_pos. Qed.

(** The determinant of (I + J) M, |J| < 1, is the product of the determinants. *)
Theorem det_mul (M : matrix) : det d (mul d (madd eye J) M) = det d (madd eye J) * det d M.
Proof. now rewrite det_segment, det_exp. Qed.

(** ln det (I + J) = sum_(k >= 1) (-1)^(k+1) tr J^k / k. *)
Theorem log_det_series :
  is_series (fun k => (-1) ^ k * trace d (mpow d J (S k)) / INR (S k)) (ln (det d (madd eye J))).
Proof.
  rewrite det_exp, ln_exp. pose proof (is_series_PSeries _ 1 (derivative_radius 1 ltac:(lra))) as H.
  apply is_series_tail in H. replace (PSeries log_det_coefficient 1) with (PSeries log_det_coefficient 1 - log_det_coefficient 0 * 1 ^ 0).
  - revert H. apply is_series_ext_R. intros k. rewrite pow1. unfold log_det_coefficient. ring.
  - simpl. ring.
Qed.
End Segment.
