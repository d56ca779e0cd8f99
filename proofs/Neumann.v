(** * The Neumann estimator of the gradient

    The derivative of ln det (I + J) along dJ is tr ((I + J)^-1 dJ) = sum_k (-1)^k tr (J^k dJ). Russian roulette and sign
    vectors estimate it without bias. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet TraceSeries Roulette RouletteVariance Hutchinson.
Open Scope R_scope.

(** (-1)^k v' J^k dJ v. *)
Definition neumann_term (d : nat) (J dJ : matrix) (v : vector) (k : nat) : R :=
  (-1) ^ k * form d d v (mul d (mpow d J k) dJ) v.
(** Terms 0, .., N are summed: the term of order 0 always, the term of order k with the probability P(N >= k). *)
Definition gradient_law (q : nat -> R) (k : nat) : R := match k with O => 1 | S k => q k end.
(** The largest value of the estimator for the law P(N >= k) = rho^(k-1). *)
Definition neumann_bound (v w c rho : R) : R := v * w * (1 + c / (1 - c / rho)).

Lemma gradient_law_unbounded q : unbounded_law q -> unbounded_law (gradient_law q).
Proof.
  intros law. split.
  - reflexivity.
  - intros [|k]. simpl; lra. apply (positive q law k).
  - intros [|k]; simpl. rewrite (starts q law). lra. apply (decreasing q law k).
  - apply is_lim_seq_incr_1. exact (vanishing q law).
Qed.

Section Gradient.
Variables (d : nat) (J dJ : matrix) (c : R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis J_small : norm_at_most d d J c.

(** tr ((I + J)^-1 dJ) = sum_k (-1)^k tr (J^k dJ). *)
Theorem neumann_series :
  is_series (fun k => (-1) ^ k * trace d (mul d (mpow d J k) dJ)) (trace d (mul d (resolvent d J 1) dJ)).
Proof.
  apply (is_series_ext_R (fun k => Sum d (fun i => Sum d (fun l => dJ l i * (neumann_coefficient d J i l k * 1 ^ k))))).
  - intros k. unfold trace, mul, neumann_coefficient. rewrite <- Sum_scal. apply Sum_ext. intros i _. rewrite <- Sum_scal.
    apply Sum_ext. intros l _. rewrite pow1. ring.
  - unfold trace, mul. apply is_series_Sum. intros i Hi. apply is_series_Sum. intros l Hl.
    rewrite (Rmult_comm (resolvent d J 1 i l)). apply is_series_scal_R. apply (resolvent_series d J c c_range J_small); auto. lra.
Qed.

Lemma neumann_inverse i j : (i < d)%nat -> (j < d)%nat -> mul d (resolvent d J 1) (madd eye J) i j = eye i j.
Proof.
  intros Hi Hj. rewrite <- (resolvent_inverse d J c c_range J_small 1 i j) by (auto; lra).
  apply Sum_ext. intros. unfold madd, mscal. now rewrite Rmult_1_l.
Qed.

Lemma neumann_term_bound m k :
  Rabs (neumann_term d J dJ (signs m) k) <= enorm d (signs m) * enorm d (app d dJ (signs m)) * c ^ k.
Proof.
  unfold neumann_term. rewrite Rabs_mult, pow_1_abs, Rmult_1_l.
  assert (E : form d d (signs m) (mul d (mpow d J k) dJ) (signs m) = form d d (signs m) (mpow d J k) (app d dJ (signs m))).
  { apply dot_ext; auto. intros i _. apply app_mul. }
  rewrite E. eapply Rle_trans. apply (form_bound d d _ (c ^ k)). now apply norm_at_most_pow; [lra|]. right. ring.
Qed.

Lemma average_neumann_term k : average d (fun v => neumann_term d J dJ v k) = (-1) ^ k * trace d (mul d (mpow d J k) dJ).
Proof. unfold neumann_term. now rewrite average_scal, rademacher_trace. Qed.

Lemma neumann_summable : ex_series (fun k => Rabs ((-1) ^ k * trace d (mul d (mpow d J k) dJ))).
Proof.
  set (K := Sum (2 ^ d) (fun m => enorm d (signs m) * enorm d (app d dJ (signs m))) / 2 ^ d).
  exists (Series (fun k => Rabs ((-1) ^ k * trace d (mul d (mpow d J k) dJ)))). apply Series_correct.
  apply (ex_series_le (fun k => Rabs ((-1) ^ k * trace d (mul d (mpow d J k) dJ))) (fun k => K * c ^ k)).
  - intros k. rewrite <- average_neumann_term. change (Rabs (Rabs (average d (fun v => neumann_term d J dJ v k))) <= K * c ^ k).
    rewrite Rabs_Rabsolu. unfold average, K, Rdiv. pose proof (two_pow_pos d). rewrite Rabs_mult, (Rabs_pos_eq (/ _)).
    2:{ left. now apply Rinv_0_lt_compat. }
    replace (Sum (2 ^ d) (fun m => enorm d (signs m) * enorm d (app d dJ (signs m))) * / 2 ^ d * c ^ k)
      with (Sum (2 ^ d) (fun m => enorm d (signs m) * enorm d (app d dJ (signs m))) * c ^ k * / 2 ^ d) by ring.
    apply Rmult_le_compat_r. left. now apply Rinv_0_lt_compat. rewrite <- Sum_scal_r.
    eapply Rle_trans. apply Sum_abs. apply Sum_le. intros m _. apply neumann_term_bound.
  - eexists. now apply is_series_geometric.
Qed.

(** E_N E_v of the estimator is tr ((I + J)^-1 dJ), N and v independent. *)
Theorem neumann_unbiased q : unbounded_law q ->
  is_series (fun n => mass (gradient_law q) n * average d (fun v => roulette (neumann_term d J dJ v) (gradient_law q) (S n)))
    (trace d (mul d (resolvent d J 1) dJ)).
Proof.
  intros law. set (a := fun k => (-1) ^ k * trace d (mul d (mpow d J k) dJ)).
  apply (is_series_ext_R (fun n => mass (gradient_law q) n * roulette a (gradient_law q) (S n))).
  - intros n. f_equal. rewrite roulette_average. apply Sum_ext. intros k _. now rewrite average_neumann_term.
  - apply roulette_unbiased. now apply gradient_law_unbounded. apply neumann_summable. apply neumann_series.
Qed.

(** Its values are at most |v| |dJ v| (1 + c / (1 - c / rho)) if c < rho. *)
Theorem neumann_bounded rho m n : bounded_condition c rho ->
  Rabs (roulette (neumann_term d J dJ (signs m)) (gradient_law (geometric rho)) n)
    <= neumann_bound (enorm d (signs m)) (enorm d (app d dJ (signs m))) c rho.
Proof.
  unfold bounded_condition. intros Hr. set (W := enorm d (signs m) * enorm d (app d dJ (signs m))).
  assert (W0 : 0 <= W) by (apply Rmult_le_pos; apply enorm_nonneg).
  assert (X : 0 <= c / rho < 1).
  { split. apply Rmult_le_pos; [lra|]. left. apply Rinv_0_lt_compat; lra. apply Rmult_lt_reg_r with rho. lra.
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  assert (G : forall j, 0 < gradient_law (geometric rho) j).
  { intros [|j]. simpl; lra. unfold gradient_law, geometric. apply pow_lt; lra. }
  eapply Rle_trans. apply Sum_abs. apply Rle_trans with (Sum n (fun k => W * (c ^ k / gradient_law (geometric rho) k))).
  - apply Sum_le. intros k _. specialize (G k). unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (gradient_law _ k)) by lra.
    rewrite <- Rmult_assoc. apply Rmult_le_compat_r. left. now apply Rinv_0_lt_compat. apply neumann_term_bound.
  - rewrite Sum_scal. unfold neumann_bound. fold W. apply Rmult_le_compat_l; auto.
    assert (nonneg : forall k, 0 <= c ^ k / gradient_law (geometric rho) k).
    { intros k. apply Rmult_le_pos. apply pow_le; lra. left. apply Rinv_0_lt_compat, G. }
    apply Rle_trans with (Sum (S n) (fun k => c ^ k / gradient_law (geometric rho) k)). apply Sum_incr; auto.
    rewrite Sum_first. apply Rplus_le_compat. simpl. lra.
    apply Rle_trans with (Sum n (fun k => c * (c / rho) ^ k)).
    + right. apply Sum_ext. intros k _. unfold gradient_law, geometric, Rdiv. rewrite Rpow_mult_distr, pow_inv. simpl. ring.
    + apply Sum_le_series; [|now apply is_series_geometric]. intros k. apply Rmult_le_pos. lra. apply pow_le; lra.
Qed.
End Gradient.

(** Where theta -> J(theta) has the derivative dJ, that of ln det (I + J(theta)) is tr ((I + J)^-1 dJ): what
    [neumann_unbiased] estimates. *)
Theorem log_det_gradient d (J : R -> matrix) dJ theta c : 0 <= c < 1 -> norm_at_most d d (J theta) c ->
  (forall i j, (i < d)%nat -> (j < d)%nat -> is_derive (fun s => J s i j) theta (dJ i j)) ->
  is_derive (fun s => ln (det d (madd eye (J s)))) theta (trace d (mul d (resolvent d (J theta) 1) dJ)).
Proof.
  intros Hc HJ HD. pose proof (det_positive d (J theta) c Hc HJ) as P.
  evar_last.
  - apply (is_derive_comp ln (fun s => det d (madd eye (J s)))).
    + apply is_derive_Reals, derivable_pt_lim_ln, P.
    + apply (jacobi_formula d (fun s => madd eye (J s)) dJ (resolvent d (J theta) 1)).
      * intros i j Hi Hj. pose proof (derive_plus (fun _ => eye i j) (fun s => J s i j) theta 0 (dJ i j) (derive_constant _ _) (HD i j Hi Hj)) as E.
        rewrite Rplus_0_l in E. exact E.
      * intros. now apply (neumann_inverse d (J theta) c).
  - unfold scal; simpl; unfold mult; simpl. field. lra.
Qed.
