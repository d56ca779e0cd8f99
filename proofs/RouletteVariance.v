(** * When Russian roulette is bounded, and when its variance is finite

    The terms of ln det (I + J) are at most w c^k / k, and for J = - c I they are that large. With a geometric law,
    q_k = rho^k, the estimator is bounded if and only if c < rho, and its variance is finite if and only if c^2 <= rho. With
    a law whose tail falls faster than every geometric one, as Poisson's does, the variance is infinite. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix LogDet TraceSeries Roulette.
Open Scope R_scope.

(** The largest terms that |J| <= c allows: c, c^2 / 2, c^3 / 3, .. *)
Definition extremal (c : R) (k : nat) : R := c ^ S k / INR (S k).
(** The geometric law: P(N > k) = rho^k. *)
Definition geometric (rho : R) (k : nat) : R := rho ^ k.
(** The largest value of the estimator of ln det (I + J), w = |v|^2. *)
Definition roulette_bound (w c rho : R) : R := - rho * w * ln (1 - c / rho).
(** Geometric laws for which the estimator is bounded. *)
Definition bounded_condition (c rho : R) : Prop := c < rho.
(** Geometric laws for which the estimator has a finite variance. *)
Definition variance_condition (c rho : R) : Prop := c ^ 2 <= rho.
(** The estimator's values stay within a bound. *)
Definition bounded_estimator (a q : nat -> R) : Prop := exists B, forall n, Rabs (roulette a q n) <= B.
(** E S_N^2 < oo. *)
Definition finite_second_moment (a q : nat -> R) : Prop := ex_series (fun n => mass q n * roulette a q (S n) ^ 2).

Lemma geometric_law rho : 0 < rho < 1 -> unbounded_law (geometric rho).
Proof.
  intros H. unfold geometric. split.
  - reflexivity.
  - intros; apply pow_lt; lra.
  - intros k. simpl. assert (0 < rho ^ k) by (apply pow_lt; lra). nra.
  - apply is_lim_seq_geom. rewrite Rabs_pos_eq; lra.
Qed.

Lemma extremal_pos c k : 0 < c -> 0 < extremal c k.
Proof. intros H. apply Rdiv_lt_0_compat. now apply pow_lt. apply lt_0_INR; lia. Qed.

(** ** Boundedness *)

Lemma scaled_extremal c rho k : rho <> 0 -> extremal c k / rho ^ k = rho * extremal (c / rho) k.
Proof.
  intros H. unfold extremal, Rdiv. rewrite Rpow_mult_distr, pow_inv. cbn [pow].
  assert (rho ^ k <> 0) by now apply pow_nonzero. field. repeat split; auto. apply not_0_INR; lia.
Qed.

(** |S_n| <= - rho w ln (1 - c / rho), for every n, if c < rho: also with any number of exact terms. *)
Theorem roulette_bounded a q w c rho : 0 <= c -> bounded_condition c rho -> 0 <= w ->
  (forall k, Rabs (a k) <= w * extremal c k) -> (forall k, rho ^ k <= q k) -> forall n, Rabs (roulette a q n) <= roulette_bound w c rho.
Proof.
  unfold bounded_condition. intros Hc Hr Hw Ha Hq n.
  assert (P : forall k, 0 < rho ^ k) by (intros; apply pow_lt; lra).
  assert (X : 0 <= c / rho < 1).
  { split. apply Rmult_le_pos; [lra|]. left. apply Rinv_0_lt_compat; lra. apply Rmult_lt_reg_r with rho. lra.
    unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra. }
  assert (N : forall k, 0 <= extremal (c / rho) k).
  { intros. unfold extremal. apply Rmult_le_pos. apply pow_le; lra. left. apply Rinv_0_lt_compat, lt_0_INR; lia. }
  eapply Rle_trans. apply Sum_abs. apply Rle_trans with (Sum n (fun k => rho * w * extremal (c / rho) k)).
  - apply Sum_le. intros k _. specialize (P k). specialize (Hq k). specialize (Ha k).
    replace (rho * w * extremal (c / rho) k) with (w * (rho * extremal (c / rho) k)) by ring. rewrite <- scaled_extremal by lra.
    unfold Rdiv. rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (q k)) by lra. rewrite <- Rmult_assoc.
    apply Rmult_le_compat; auto. apply Rabs_pos. left. apply Rinv_0_lt_compat; lra. apply Rinv_le_contravar; lra.
  - rewrite Sum_scal. unfold roulette_bound. replace (- rho * w * ln (1 - c / rho)) with (rho * w * - ln (1 - c / rho)) by ring.
    apply Rmult_le_compat_l. apply Rmult_le_pos; lra. apply Sum_le_series; auto. now apply log_series.
Qed.

(** The harmonic series: H_(2^n) >= n / 2. *)
Lemma harmonic n : INR n / 2 <= Sum (2 ^ n) (fun k => / INR (S k)).
Proof.
  induction n. simpl. lra.
  assert (E : forall m l, Sum (m + l) (fun k => / INR (S k)) = Sum m (fun k => / INR (S k)) + Sum l (fun k => / INR (S (m + k)))).
  { intros m l. induction l. rewrite Nat.add_0_r. simpl. ring. rewrite Nat.add_succ_r. cbn [Sum]. rewrite IHl. ring. }
  replace (2 ^ S n)%nat with (2 ^ n + 2 ^ n)%nat by (simpl; lia). rewrite E. rewrite S_INR.
  assert (P : (0 < 2 ^ n)%nat) by (apply Nat.neq_0_lt_0, Nat.pow_nonzero; lia).
  assert (/ 2 <= Sum (2 ^ n) (fun k => / INR (S (2 ^ n + k)))); [|lra].
  apply Rle_trans with (Sum (2 ^ n) (fun _ => / INR (2 ^ n + 2 ^ n))).
  - rewrite Sum_const, plus_INR. assert (0 < INR (2 ^ n)) by now apply lt_0_INR. right. field. lra.
  - apply Sum_le. intros k Hk. apply Rinv_le_contravar. apply lt_0_INR; lia. apply le_INR. lia.
Qed.

(** c < rho is needed: for c >= rho the extremal terms give an unbounded estimator. *)
Theorem roulette_unbounded c rho : 0 < rho -> ~ bounded_condition c rho -> ~ bounded_estimator (extremal c) (geometric rho).
Proof.
  unfold bounded_condition. intros Hr Hc [B HB]. destruct (archimed_cor1 (/ (2 * (Rabs B + 1) / rho))) as [m [Hm Pm]].
  - apply Rinv_0_lt_compat, Rdiv_lt_0_compat; auto. pose proof (Rabs_pos B). lra.
  - assert (big : 2 * (Rabs B + 1) / rho < INR m).
    { apply Rinv_lt_cancel; auto. apply lt_0_INR; lia. }
    specialize (HB (2 ^ m)%nat). pose proof (harmonic m) as H.
    assert (low : rho * Sum (2 ^ m) (fun k => / INR (S k)) <= roulette (extremal c) (geometric rho) (2 ^ m)).
    { unfold roulette. rewrite <- Sum_scal. apply Sum_le. intros k _. unfold geometric. rewrite scaled_extremal by lra.
      apply Rmult_le_compat_l. lra. unfold extremal, Rdiv. rewrite <- (Rmult_1_l (/ INR (S k))) at 1. apply Rmult_le_compat_r.
      left. apply Rinv_0_lt_compat, lt_0_INR; lia. apply pow_R1_Rle. apply Rmult_le_reg_r with rho. lra.
      rewrite Rmult_assoc, Rinv_l by lra. lra. }
    pose proof (Rle_abs (roulette (extremal c) (geometric rho) (2 ^ m))). pose proof (Rle_abs B).
    assert (2 * (Rabs B + 1) < INR m * rho).
    { apply Rmult_lt_compat_r with (r := rho) in big; auto. unfold Rdiv in big. rewrite Rmult_assoc, Rinv_l in big by lra. lra. }
    nra.
Qed.

(** ** The second moment *)

(** sum_(n <= m) P(N = n) S_n^2 + P(N > m) S_m^2 + 2 t_m S_m = sum_(k < m) (t_k^2 - t_(k+1)^2) / q_k, where t_k - t_(k+1) = a_k: t_k
    stands for the tail of the series from the k-th term on. *)
Theorem second_moment_identity (t q : nat -> R) m : (forall k, q k <> 0) -> let a k := t k - t (S k) in
  Sum m (fun n => mass q n * roulette a q (S n) ^ 2) + q m * roulette a q m ^ 2 + 2 * t m * roulette a q m
    = Sum m (fun k => (t k ^ 2 - t (S k) ^ 2) / q k).
Proof.
  intros Hq a. induction m. unfold roulette; simpl. ring.
  cbn [Sum]. rewrite <- IHm. unfold mass.
  replace (roulette a q (S m)) with (roulette a q m + a m / q m) by reflexivity. unfold a at 3 5 7. field. auto.
Qed.

(** E S_N^2 is finite, and at most sum_k (t_k^2 - t_(k+1)^2) / q_k, if t bounds the tails of |a_k|. *)
Theorem second_moment_bound a (t q : nat -> R) V : unbounded_law q -> (forall k, 0 <= t k) -> (forall k, Rabs (a k) <= t k - t (S k)) ->
  (forall m, Sum m (fun k => (t k ^ 2 - t (S k) ^ 2) / q k) <= V) -> forall m, Sum m (fun n => mass q n * roulette a q (S n) ^ 2) <= V.
Proof.
  intros law Ht Ha HV m. set (b := fun k => t k - t (S k)).
  assert (dominated : forall n, Rabs (roulette a q n) <= roulette b q n).
  { intros n. eapply Rle_trans. apply Sum_abs. apply Sum_le. intros k _. unfold Rdiv. pose proof (positive q law k).
    rewrite Rabs_mult, Rabs_inv, (Rabs_pos_eq (q k)) by lra. apply Rmult_le_compat_r. left. now apply Rinv_0_lt_compat. apply Ha. }
  apply Rle_trans with (Sum m (fun n => mass q n * roulette b q (S n) ^ 2)).
  - apply Sum_le. intros n _. apply Rmult_le_compat_l. now apply mass_nonneg.
    rewrite <- (pow2_abs (roulette a q (S n))). apply pow_incr. split; auto. apply Rabs_pos.
  - eapply Rle_trans; [|apply (HV m)]. pose proof (second_moment_identity t q m (law_nonzero q law)) as E. fold b in E. cbv zeta in E.
    rewrite <- E. pose proof (positive q law m). pose proof (Ht m). pose proof (dominated m). pose proof (Rabs_pos (roulette a q m)).
    assert (0 <= q m * roulette b q m ^ 2) by (apply Rmult_le_pos; [lra|apply pow2_ge_0]).
    assert (0 <= t m * roulette b q m) by (apply Rmult_le_pos; lra). lra.
Qed.

Lemma moment_nonneg a q n : unbounded_law q -> 0 <= mass q n * roulette a q (S n) ^ 2.
Proof. intros law. apply Rmult_le_pos. now apply mass_nonneg. apply pow2_ge_0. Qed.

(** 1 + 1/4 + 1/9 + .. <= 2. *)
Lemma inverse_squares m : Sum m (fun k => / INR (S k) ^ 2) <= 2.
Proof.
  assert (H : Sum (S m) (fun k => / INR (S k) ^ 2) <= 2 - / INR (S m)).
  { induction m. simpl. lra. cbn [Sum] in *. assert (0 < INR (S m)) by (apply lt_0_INR; lia). rewrite (S_INR (S m)).
    assert (/ (INR (S m) + 1) ^ 2 <= / INR (S m) - / (INR (S m) + 1)); [|lra].
    replace (/ INR (S m) - / (INR (S m) + 1)) with (/ (INR (S m) * (INR (S m) + 1))) by (field; lra).
    apply Rinv_le_contravar; nra. }
  simpl in H. assert (0 < / INR (S m)) by (apply Rinv_0_lt_compat, lt_0_INR; lia).
  assert (0 < / INR (S m) ^ 2) by (apply Rinv_0_lt_compat, pow_lt, lt_0_INR; lia). simpl in *. lra.
Qed.

(** c^2 <= rho suffices: also with any number of exact terms. *)
Theorem variance_finite a q w c rho : unbounded_law q -> 0 <= c < 1 -> 0 < rho -> variance_condition c rho -> 0 <= w ->
  (forall k, Rabs (a k) <= w * extremal c k) -> (forall k, rho ^ k <= q k) -> finite_second_moment a q.
Proof.
  unfold variance_condition. intros law Hc Hr Hv Hw Ha Hq.
  set (t := fun k => w / (1 - c) * extremal c k).
  assert (E0 : forall k, 0 <= extremal c k).
  { intros. unfold extremal. apply Rmult_le_pos. apply pow_le; lra. left. apply Rinv_0_lt_compat, lt_0_INR; lia. }
  assert (W : 0 <= w / (1 - c)) by (apply Rmult_le_pos; [lra|left; apply Rinv_0_lt_compat; lra]).
  assert (T0 : forall k, 0 <= t k) by (intros; now apply Rmult_le_pos).
  apply (ex_series_bounded _ ((w / (1 - c) * c) ^ 2 * 2)). intros n; now apply moment_nonneg.
  apply (second_moment_bound a t q); auto.
  - intros k. eapply Rle_trans. apply Ha. unfold t.
    assert (next : extremal c (S k) <= c * extremal c k).
    { unfold extremal. replace (c * (c ^ S k / INR (S k))) with (c ^ S (S k) * / INR (S k)) by (simpl; unfold Rdiv; ring).
      unfold Rdiv. apply Rmult_le_compat_l. apply pow_le; lra. apply Rinv_le_contravar. apply lt_0_INR; lia. apply le_INR; lia. }
    replace (w * extremal c k) with (w / (1 - c) * ((1 - c) * extremal c k)) by (field; lra).
    rewrite <- Rmult_minus_distr_l. apply Rmult_le_compat_l; auto. lra.
  - intros m. apply Rle_trans with (Sum m (fun k => (w / (1 - c) * c) ^ 2 * / INR (S k) ^ 2)).
    + apply Sum_le. intros k _. specialize (Hq k). assert (P : 0 < rho ^ k) by now apply pow_lt.
      apply Rle_trans with (t k ^ 2 / rho ^ k).
      * pose proof (pow2_ge_0 (t k)). pose proof (pow2_ge_0 (t (S k))). unfold Rdiv.
        apply Rle_trans with (t k ^ 2 * / q k). apply Rmult_le_compat_r. left; apply Rinv_0_lt_compat; lra. lra.
        apply Rmult_le_compat_l; auto. apply Rinv_le_contravar; auto.
      * unfold t, extremal. simpl (c ^ S k).
        replace ((w / (1 - c) * (c * c ^ k / INR (S k))) ^ 2 / rho ^ k) with ((w / (1 - c) * c) ^ 2 * / INR (S k) ^ 2 * ((c ^ k) ^ 2 / rho ^ k)).
        2:{ assert (INR (S k) <> 0) by (apply not_0_INR; lia). field. repeat split; auto; lra. }
        rewrite <- (Rmult_1_r (_ * / INR (S k) ^ 2)) at 2. apply Rmult_le_compat_l.
        apply Rmult_le_pos. apply pow2_ge_0. left. apply Rinv_0_lt_compat, pow_lt, lt_0_INR; lia.
        apply Rmult_le_reg_r with (rho ^ k); auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r, Rmult_1_l by lra.
        rewrite <- pow_mult, Nat.mul_comm, pow_mult. apply pow_incr. split; auto. apply pow2_ge_0.
    + rewrite Sum_scal. apply Rmult_le_compat_l. apply pow2_ge_0. apply inverse_squares.
Qed.

(** What a finite second moment asks of the terms, where P(N = n) is a fixed part of P(N >= n): a_n^2 <= 4 V q_n / delta. *)
Lemma second_moment_needs a q V delta n : unbounded_law q -> 0 < delta ->
  (forall m, Sum m (fun n => mass q n * roulette a q (S n) ^ 2) <= V) ->
  delta * q n <= mass q n -> delta * q (S n) <= mass q (S n) -> delta * a (S n) ^ 2 <= 4 * V * q (S n).
Proof.
  intros law Hd HV H1 H2.
  assert (each : forall k, mass q k * roulette a q (S k) ^ 2 <= V).
  { intros k. eapply Rle_trans; [|apply (HV (S k))]. apply (Sum_term_le (S k) (fun n => mass q n * roulette a q (S n) ^ 2)); [|lia].
    intros; now apply moment_nonneg. }
  pose proof (each n) as L1. pose proof (each (S n)) as L2. pose proof (positive q law (S n)). pose proof (decreasing q law n).
  assert (E : roulette a q (S (S n)) = roulette a q (S n) + a (S n) / q (S n)) by reflexivity.
  set (x := roulette a q (S n)) in *. set (y := roulette a q (S (S n))) in *.
  assert (A : a (S n) = q (S n) * (y - x)) by (rewrite E; field; lra). rewrite A.
  pose proof (pow2_ge_0 x). pose proof (pow2_ge_0 y).
  assert (X : delta * q (S n) * x ^ 2 <= V).
  { eapply Rle_trans; [|exact L1]. apply Rmult_le_compat_r; auto. eapply Rle_trans; [|exact H1]. apply Rmult_le_compat_l; lra. }
  assert (Y : delta * q (S n) * y ^ 2 <= V) by (eapply Rle_trans; [|exact L2]; apply Rmult_le_compat_r; auto).
  assert (D : delta * q (S n) * (y - x) ^ 2 <= 4 * V).
  { pose proof (pow2_ge_0 (x + y)) as W. replace ((x + y) ^ 2) with (2 * x ^ 2 + 2 * y ^ 2 - (y - x) ^ 2) in W by ring.
    assert ((y - x) ^ 2 <= 2 * x ^ 2 + 2 * y ^ 2) by lra. assert (0 <= delta * q (S n)) by (apply Rmult_le_pos; lra).
    apply Rle_trans with (delta * q (S n) * (2 * x ^ 2 + 2 * y ^ 2)). now apply Rmult_le_compat_l. lra. }
  replace (delta * (q (S n) * (y - x)) ^ 2) with (delta * q (S n) * (y - x) ^ 2 * q (S n)) by ring.
  apply Rmult_le_compat_r; lra.
Qed.

(** A power of x > 1 outgrows every multiple of n^2. *)
Lemma power_outgrows x K : 1 < x -> exists n, (1 <= n)%nat /\ K * INR (S n) ^ 2 < x ^ n.
Proof.
  intros Hx. set (h := sqrt (sqrt x) - 1).
  assert (1 < sqrt x) by (rewrite <- sqrt_1; apply sqrt_lt_1; lra).
  assert (h0 : 0 < h). { unfold h. assert (1 < sqrt (sqrt x)) by (rewrite <- sqrt_1 at 1; apply sqrt_lt_1; lra). lra. }
  assert (root : x = ((1 + h) ^ 2) ^ 2).
  { unfold h. replace (1 + (sqrt (sqrt x) - 1)) with (sqrt (sqrt x)) by ring. simpl. rewrite !Rmult_1_r, !sqrt_sqrt; lra. }
  set (m := Rmin h 1). assert (Hm : 0 < m <= 1 /\ m <= h).
  { unfold m. pose proof (Rmin_l h 1). pose proof (Rmin_r h 1). repeat split; auto. apply Rmin_glb_lt; lra. }
  destruct (archimed_cor1 (/ (Rabs K / m ^ 4 + 1))) as [n [Hn Pn]].
  { apply Rinv_0_lt_compat. assert (0 <= Rabs K / m ^ 4). { apply Rmult_le_pos. apply Rabs_pos. left. apply Rinv_0_lt_compat, pow_lt; lra. } lra. }
  exists n. split; [lia|]. assert (m4 : 0 < m ^ 4) by (apply pow_lt; lra).
  assert (big : Rabs K / m ^ 4 + 1 < INR n) by (apply Rinv_lt_cancel; auto; apply lt_0_INR; lia).
  assert (bern : m * INR (S n) <= (1 + h) ^ n).
  { eapply Rle_trans; [|apply (poly n h h0)]. rewrite S_INR. pose proof (pos_INR n). nra. }
  rewrite root. replace ((((1 + h) ^ 2) ^ 2) ^ n) with (((1 + h) ^ n) ^ 4) by (rewrite <- !pow_mult; f_equal; lia).
  apply Rlt_le_trans with ((m * INR (S n)) ^ 4).
  - rewrite S_INR. set (N := INR n + 1). assert (HN : Rabs K / m ^ 4 < N) by (unfold N; lra). assert (1 <= N) by (unfold N; pose proof (pos_INR n); lra).
    assert (HK : Rabs K < N * m ^ 4).
    { apply Rmult_lt_compat_r with (r := m ^ 4) in HN; auto. unfold Rdiv in HN. rewrite Rmult_assoc, Rinv_l in HN by lra. lra. }
    pose proof (Rle_abs K). replace ((m * N) ^ 4) with (N ^ 2 * m ^ 4 * N ^ 2) by ring.
    apply Rmult_lt_compat_r. apply pow_lt; lra. assert (N * m ^ 4 <= N ^ 2 * m ^ 4); [|lra].
    apply Rmult_le_compat_r. lra. nra.
  - apply pow_incr. split; auto. apply Rmult_le_pos. lra. apply pos_INR.
Qed.

(** The extremal terms with q_k = rho^k: c^2 <= rho is needed. *)
Theorem variance_infinite c rho : 0 < c -> 0 < rho < 1 -> ~ variance_condition c rho -> ~ finite_second_moment (extremal c) (geometric rho).
Proof.
  unfold variance_condition. intros Hc Hr Hv H.
  pose proof (geometric_law rho Hr) as law.
  destruct (ex_series_le_bound _ (fun n => moment_nonneg _ _ n law) H) as [V HV].
  assert (part : forall n, (1 - rho) * geometric rho n <= mass (geometric rho) n) by (intros; unfold mass, geometric; simpl; lra).
  assert (needs := fun n => second_moment_needs _ _ V (1 - rho) n law ltac:(lra) HV (part n) (part (S n))).
  destruct (power_outgrows (c ^ 2 / rho) (16 * V / ((1 - rho) * (c ^ 2 * c ^ 2)) * rho)) as [n [_ Hn]].
  - apply Rmult_lt_reg_r with rho. lra. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - specialize (needs n). assert (P : 0 < rho ^ n) by (apply pow_lt; lra). assert (N : 1 <= INR (S n)) by (rewrite S_INR; pose proof (pos_INR n); lra).
    unfold extremal, geometric in needs.
    assert (C : 0 < c ^ 2) by (apply pow_lt; lra).
    assert (M : INR (S (S n)) <= 2 * INR (S n)) by (rewrite (S_INR (S n)); lra).
    assert (E : (c ^ S (S n) / INR (S (S n))) ^ 2 = c ^ 2 * c ^ 2 * (c ^ 2) ^ n / INR (S (S n)) ^ 2).
    { assert (INR (S (S n)) <> 0) by (apply not_0_INR; lia). rewrite <- (pow_mult c 2 n), (Nat.mul_comm 2 n), pow_mult. cbn [pow]. field. auto. }
    rewrite E in needs. simpl (rho ^ S n) in needs.
    assert (V0 : 0 <= V) by (apply (HV 0%nat)).
    assert (S2 : 0 < INR (S (S n))) by (apply lt_0_INR; lia).
    apply Rmult_le_compat_r with (r := INR (S (S n)) ^ 2) in needs; [|apply pow2_ge_0].
    replace ((1 - rho) * (c ^ 2 * c ^ 2 * (c ^ 2) ^ n / INR (S (S n)) ^ 2) * INR (S (S n)) ^ 2)
      with ((1 - rho) * (c ^ 2 * c ^ 2) * (c ^ 2) ^ n) in needs by (field; lra).
    assert (sq : INR (S (S n)) ^ 2 <= 4 * INR (S n) ^ 2) by nra.
    assert (up : 4 * V * (rho * rho ^ n) * INR (S (S n)) ^ 2 <= 16 * V * rho * rho ^ n * INR (S n) ^ 2).
    { replace (16 * V * rho * rho ^ n * INR (S n) ^ 2) with (4 * V * (rho * rho ^ n) * (4 * INR (S n) ^ 2)) by ring.
      apply Rmult_le_compat_l; auto. repeat apply Rmult_le_pos; lra. }
    assert (D : 0 < (1 - rho) * (c ^ 2 * c ^ 2)) by (apply Rmult_lt_0_compat; [lra|nra]).
    apply Rmult_lt_compat_r with (r := (1 - rho) * (c ^ 2 * c ^ 2) * rho ^ n) in Hn; [|now apply Rmult_lt_0_compat].
    replace ((c ^ 2 / rho) ^ n * ((1 - rho) * (c ^ 2 * c ^ 2) * rho ^ n)) with ((1 - rho) * (c ^ 2 * c ^ 2) * (c ^ 2) ^ n) in Hn.
    2:{ unfold Rdiv. rewrite Rpow_mult_distr, pow_inv. field. apply pow_nonzero. lra. }
    replace (16 * V / ((1 - rho) * (c ^ 2 * c ^ 2)) * rho * INR (S n) ^ 2 * ((1 - rho) * (c ^ 2 * c ^ 2) * rho ^ n))
      with (16 * V * rho * rho ^ n * INR (S n) ^ 2) in Hn by (field; split; lra).
    lra.
Qed.

(** ** Laws with tails below every geometric one *)

(** q_(k+1) / q_k -> 0. *)
Definition superexponential (q : nat -> R) : Prop := forall eps, 0 < eps -> exists n, forall k, (n <= k)%nat -> q (S k) <= eps * q k.

(** Then E S_N^2 = oo for the terms c, c^2 / 2, c^3 / 3, .., however small c > 0 is. *)
Theorem superexponential_variance_infinite c q : 0 < c -> unbounded_law q -> superexponential q -> ~ finite_second_moment (extremal c) q.
Proof.
  intros Hc law Hq H. destruct (ex_series_le_bound _ (fun n => moment_nonneg _ _ n law) H) as [V HV].
  set (eps := Rmin (/ 2) (c ^ 2 / 8)). assert (C : 0 < c ^ 2) by (apply pow_lt; lra).
  assert (He : 0 < eps /\ eps <= / 2 /\ eps <= c ^ 2 / 8).
  { unfold eps. pose proof (Rmin_l (/ 2) (c ^ 2 / 8)). pose proof (Rmin_r (/ 2) (c ^ 2 / 8)). repeat split; auto. apply Rmin_glb_lt; lra. }
  destruct He as [e0 [e1 e2]]. destruct (Hq eps e0) as [n0 Hn0].
  assert (part : forall n, (n0 <= n)%nat -> / 2 * q n <= mass q n).
  { intros n Hn. specialize (Hn0 n Hn). pose proof (positive q law n). unfold mass. nra. }
  assert (fall : forall k, q (n0 + k)%nat <= q n0 * (c ^ 2 / 8) ^ k).
  { induction k. rewrite Nat.add_0_r. simpl. lra. rewrite Nat.add_succ_r. eapply Rle_trans. apply Hn0; lia.
    pose proof (positive q law (n0 + k)). apply Rle_trans with (c ^ 2 / 8 * q (n0 + k)%nat). apply Rmult_le_compat_r; lra.
    cbn [pow] in *. apply Rle_trans with (c * (c * 1) / 8 * (q n0 * (c * (c * 1) / 8) ^ k)). apply Rmult_le_compat_l; lra. right. ring. }
  assert (V0 : 0 <= V) by (apply (HV 0%nat)). pose proof (positive q law n0) as Q0.
  set (K := 8 * V * q n0 / (c ^ S n0) ^ 2 * INR (S n0) ^ 2).
  assert (contradiction : forall k, (1 <= k)%nat -> 8 ^ k <= K * INR (S k) ^ 2).
  { assert (half : 0 < / 2) by lra. intros [|k] Hk. lia.
    pose proof (second_moment_needs (extremal c) q V (/ 2) (n0 + k) law half HV (part (n0 + k)%nat ltac:(lia))
      (part (S (n0 + k)) ltac:(lia))) as needs.
    replace (S (n0 + k)) with (n0 + S k)%nat in needs by lia. pose proof (fall (S k)) as F. set (j := S k) in *.
    unfold extremal in needs. replace (S (n0 + j)) with (S n0 + j)%nat in needs by lia.
    assert (P0 : 0 < c ^ S n0) by (apply pow_lt; lra). assert (P1 : 0 < (c ^ 2) ^ j) by (apply pow_lt; lra).
    assert (I : 0 < INR (S n0 + j)) by (apply lt_0_INR; lia).
    assert (E : (c ^ (S n0 + j) / INR (S n0 + j)) ^ 2 = (c ^ S n0) ^ 2 * (c ^ 2) ^ j / INR (S n0 + j) ^ 2).
    { rewrite <- (pow_mult c 2 j), (Nat.mul_comm 2 j), pow_mult, pow_add. cbn [pow]. field. lra. }
    rewrite E in needs. apply Rmult_le_compat_r with (r := INR (S n0 + j) ^ 2) in needs; [|apply pow2_ge_0].
    replace (/ 2 * ((c ^ S n0) ^ 2 * (c ^ 2) ^ j / INR (S n0 + j) ^ 2) * INR (S n0 + j) ^ 2)
      with (/ 2 * (c ^ S n0) ^ 2 * (c ^ 2) ^ j) in needs by (field; lra).
    assert (grow : INR (S n0 + j) <= INR (S n0) * INR (S j)). { rewrite <- mult_INR. apply le_INR. lia. }
    assert (sq : INR (S n0 + j) ^ 2 <= INR (S n0) ^ 2 * INR (S j) ^ 2). { rewrite <- Rpow_mult_distr. apply pow_incr. split; lra. }
    assert (G : 4 * V * q (n0 + j)%nat * INR (S n0 + j) ^ 2 <= 4 * V * (q n0 * (c ^ 2 / 8) ^ j) * (INR (S n0) ^ 2 * INR (S j) ^ 2)).
    { apply Rmult_le_compat; auto. apply Rmult_le_pos. lra. left. apply positive, law. apply pow2_ge_0. apply Rmult_le_compat_l; lra. }
    unfold Rdiv in G at 1. rewrite Rpow_mult_distr, pow_inv in G. assert (P8 : 0 < 8 ^ j) by (apply pow_lt; lra).
    apply Rmult_le_reg_r with (/ 2 * (c ^ S n0) ^ 2 * (c ^ 2) ^ j * / 8 ^ j).
    { assert (0 < (c ^ S n0) ^ 2) by now apply pow_lt. assert (0 < / 8 ^ j) by now apply Rinv_0_lt_compat.
      apply Rmult_lt_0_compat; auto. apply Rmult_lt_0_compat; auto. apply Rmult_lt_0_compat; lra. }
    replace (8 ^ j * (/ 2 * (c ^ S n0) ^ 2 * (c ^ 2) ^ j * / 8 ^ j)) with (/ 2 * (c ^ S n0) ^ 2 * (c ^ 2) ^ j) by (field; lra).
    replace (K * INR (S j) ^ 2 * (/ 2 * (c ^ S n0) ^ 2 * (c ^ 2) ^ j * / 8 ^ j))
      with (4 * V * (q n0 * ((c ^ 2) ^ j * / 8 ^ j)) * (INR (S n0) ^ 2 * INR (S j) ^ 2)) by (unfold K; field; split; lra).
    lra. }
  destruct (power_outgrows 8 K) as [n [n1 Hn]]. lra. specialize (contradiction n n1). lra.
Qed.
