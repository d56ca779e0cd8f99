(** * Russian roulette

    A random number N >= 1 of terms of a series is summed, the term a_k divided by the probability that it is reached.
    Terms are numbered from 0: q k = P(N > k) is the probability that a_k is reached, [mass q n] = P(N = n + 1), and
    [roulette a q n] is the estimate S_n when n terms are summed. Expectations are series over n. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix LogDet TraceSeries.
Open Scope R_scope.

(** S_n = sum_(k < n) a_k / q_k. *)
Definition roulette (a q : nat -> R) (n : nat) : R := Sum n (fun k => a k / q k).
(** P(N = n + 1). *)
Definition mass (q : nat -> R) (n : nat) : R := q n - q (S n).

(** The tail probabilities of a number N >= 1 that can be arbitrarily large. *)
Record unbounded_law (q : nat -> R) : Prop := {
  starts : q 0%nat = 1;
  positive : forall k, 0 < q k;
  decreasing : forall k, q (S k) <= q k;
  vanishing : is_lim_seq q 0 }.

(** ** Series of terms that are not negative *)

Lemma sum_n_Sum (f : nat -> R) n : sum_n f n = Sum (S n) f.
Proof. induction n. rewrite sum_O. simpl. ring. rewrite sum_Sn, IHn. reflexivity. Qed.

Lemma ex_series_bounded (f : nat -> R) V : (forall n, 0 <= f n) -> (forall m, Sum m f <= V) -> ex_series f.
Proof.
  intros Hf H. destruct (ex_finite_lim_seq_incr (sum_n f) V) as [l Hl].
  - intros n. rewrite sum_Sn. unfold plus; simpl. specialize (Hf (S n)). lra.
  - intros n. rewrite sum_n_Sum. apply H.
  - exists l. exact Hl.
Qed.

Lemma Sum_le_series (f : nat -> R) (l : R) m : (forall n, 0 <= f n) -> is_series f l -> Sum m f <= l.
Proof.
  intros Hf H. destruct m. simpl.
  - apply (is_lim_seq_le (fun _ => 0) (sum_n f) 0 l); [|apply is_lim_seq_const|exact H].
    intros n. rewrite sum_n_Sum. now apply Sum_nonneg.
  - rewrite <- sum_n_Sum. apply (is_lim_seq_incr_compare (sum_n f) l H). intros n. rewrite sum_Sn. unfold plus; simpl.
    specialize (Hf (S n)). lra.
Qed.

Lemma ex_series_le_bound (f : nat -> R) : (forall n, 0 <= f n) -> ex_series f -> exists V, forall m, Sum m f <= V.
Proof. intros Hf [V HV]. exists V. intros m. now apply Sum_le_series. Qed.

Lemma Sum_incr (f : nat -> R) m n : (forall k, 0 <= f k) -> (m <= n)%nat -> Sum m f <= Sum n f.
Proof. intros Hf H. induction H. lra. simpl. specialize (Hf m0). lra. Qed.

(** ** The finite identity *)

(** sum_(n <= m) P(N = n) S_n + P(N > m) S_m = sum_(k < m) a_k: exact, for every m and every q > 0. *)
Theorem roulette_identity a q m : (forall k, q k <> 0) ->
  Sum m (fun n => mass q n * roulette a q (S n)) + q m * roulette a q m = Sum m a.
Proof.
  intros Hq. induction m. unfold roulette; simpl. ring.
  simpl. rewrite <- IHm. unfold mass, roulette; simpl. field. auto.
Qed.

(** ** Unbiased *)

Section Unbiased.
Variables (a q : nat -> R).
Hypothesis law : unbounded_law q.

Lemma law_nonzero k : q k <> 0.
Proof. pose proof (positive q law k). lra. Qed.

Lemma mass_nonneg n : 0 <= mass q n.
Proof. unfold mass. pose proof (decreasing q law n). lra. Qed.

Lemma roulette_abs n : Rabs (roulette a q n) <= roulette (fun k => Rabs (a k)) q n.
Proof.
  eapply Rle_trans. apply Sum_abs. right. apply Sum_ext. intros k _. unfold Rdiv. rewrite Rabs_mult, Rabs_inv. f_equal. f_equal.
  apply Rabs_pos_eq. left. apply positive, law.
Qed.

Lemma weight_nonneg k : 0 <= Rabs (a k) / q k.
Proof. apply Rmult_le_pos. apply Rabs_pos. left. apply Rinv_0_lt_compat, positive, law. Qed.

(** Beyond the first K terms, the sum weighted by q_m is at most the sum of the |a_k|. *)
Lemma late_terms K m : (K <= m)%nat ->
  q m * (roulette (fun k => Rabs (a k)) q m - roulette (fun k => Rabs (a k)) q K)
    <= Sum m (fun k => Rabs (a k)) - Sum K (fun k => Rabs (a k)).
Proof.
  intros H. induction H. lra. unfold roulette in *; simpl.
  pose proof (positive q law m). pose proof (decreasing q law m). pose proof (positive q law (S m)).
  pose proof (Sum_incr (fun k => Rabs (a k) / q k) K m weight_nonneg H). pose proof (weight_nonneg m) as W.
  assert (E : q m * (Rabs (a m) / q m) = Rabs (a m)) by (field; lra).
  pose proof (Rmult_le_compat_r _ _ _ W (decreasing q law m)).
  assert (0 <= Sum m (fun k => Rabs (a k) / q k) - Sum K (fun k => Rabs (a k) / q k)) as D by lra.
  pose proof (Rmult_le_compat_r _ _ _ D (decreasing q law m)). lra.
Qed.

Hypothesis summable : ex_series (fun k => Rabs (a k)).

(** The boundary term of the finite identity vanishes. *)
Lemma boundary_vanishes : is_lim_seq (fun m => q m * roulette a q m) 0.
Proof.
  destruct summable as [A HA]. apply is_lim_seq_spec. intros eps. simpl.
  assert (LA : is_lim_seq (sum_n (fun k => Rabs (a k))) A) by exact HA. apply is_lim_seq_spec in LA.
  assert (half : 0 < eps / 2) by (pose proof (cond_pos eps); lra).
  destruct (LA (mkposreal _ half)) as [K HK]. simpl in HK. specialize (HK K (Nat.le_refl K)).
  rewrite sum_n_Sum in HK. apply Rabs_def2 in HK.
  set (B := roulette (fun k => Rabs (a k)) q (S K)).
  assert (0 <= B) by (apply Sum_nonneg; intros; apply weight_nonneg).
  assert (P : 0 < eps / 2 / (B + 1)) by (apply Rdiv_lt_0_compat; lra).
  pose proof (vanishing q law) as LQ. apply is_lim_seq_spec in LQ. destruct (LQ (mkposreal _ P)) as [M HM]. simpl in HM.
  exists (max (S K) M). intros m Hm. specialize (HM m ltac:(lia)). rewrite Rminus_0_r in HM. rewrite Rminus_0_r.
  pose proof (positive q law m) as Q. rewrite Rabs_mult, (Rabs_pos_eq (q m)) by lra. rewrite Rabs_pos_eq in HM by lra.
  pose proof (late_terms (S K) m ltac:(lia)) as late. fold B in late.
  pose proof (Sum_le_series _ A m (fun k => Rabs_pos (a k)) HA). pose proof (roulette_abs m) as RA.
  apply (Rmult_le_compat_l (q m)) in RA; [|lra].
  assert (q m * B <= eps / 2).
  { apply Rle_trans with (eps / 2 / (B + 1) * B). apply Rmult_le_compat_r; lra.
    apply Rmult_le_reg_r with (B + 1). lra. replace (eps / 2 / (B + 1) * B * (B + 1)) with (eps / 2 * B) by (field; lra). nra. }
  lra.
Qed.

(** E S_N = sum_k a_k, for every absolutely summable series: nothing else is needed. *)
Theorem roulette_unbiased l : is_series a l -> is_series (fun n => mass q n * roulette a q (S n)) l.
Proof.
  intros Ha. change (is_lim_seq (sum_n (fun n => mass q n * roulette a q (S n))) l).
  apply is_lim_seq_ext with (fun m => sum_n a m - q (S m) * roulette a q (S m)).
  - intros m. rewrite !sum_n_Sum, <- (roulette_identity a q (S m) law_nonzero). ring.
  - replace (Finite l) with (Rbar_minus l 0) by (simpl; f_equal; ring). apply is_lim_seq_minus'. exact Ha.
    apply is_lim_seq_incr_1 with (u := fun m => q m * roulette a q m). apply boundary_vanishes.
Qed.
End Unbiased.

(** E |S_N| <= sum_k |a_k|: the estimator is integrable. *)
Theorem roulette_integrable a q A : unbounded_law q -> is_series (fun k => Rabs (a k)) A ->
  exists E, is_series (fun n => mass q n * Rabs (roulette a q (S n))) E /\ E <= A.
Proof.
  intros law HA.
  assert (HA2 : ex_series (fun k => Rabs (Rabs (a k)))).
  { exists A. revert HA. apply is_series_ext_R. intros. now rewrite Rabs_Rabsolu. }
  pose proof (roulette_unbiased (fun k => Rabs (a k)) q law HA2 A HA) as H.
  assert (nonneg : forall n, 0 <= mass q n * Rabs (roulette a q (S n))).
  { intros n. apply Rmult_le_pos. now apply mass_nonneg. apply Rabs_pos. }
  assert (le : forall n, mass q n * Rabs (roulette a q (S n)) <= mass q n * roulette (fun k => Rabs (a k)) q (S n)).
  { intros n. apply Rmult_le_compat_l. now apply mass_nonneg. now apply roulette_abs. }
  destruct (ex_series_bounded (fun n => mass q n * Rabs (roulette a q (S n))) A) as [E HE]; auto.
  - intros m. eapply Rle_trans. apply Sum_le. intros n _. apply le.
    apply Sum_le_series; auto. intros n. eapply Rle_trans; eauto.
  - exists E. split; auto. rewrite <- (is_series_unique _ _ HE), <- (is_series_unique _ _ H). apply Series_le. split; auto.
    now exists A.
Qed.

(** The probability of every term must be positive: no estimator, of whatever form, that sees at most the first m terms
    of a series has the right expectation for all absolutely summable series. *)
Theorem support_must_be_unbounded (estimate : (nat -> R) -> nat -> R) (p : nat -> R) m :
  (forall a b n, (forall k, (k < n)%nat -> a k = b k) -> estimate a n = estimate b n) ->
  ~ (forall a l, ex_series (fun k => Rabs (a k)) -> is_series a l -> Sum (S m) (fun n => p n * estimate a n) = l).
Proof.
  intros local H. set (spike := fun k => if Nat.eqb k m then 1 else 0).
  assert (series : is_series spike 1).
  { assert (T : is_series (fun k => spike (S m + k)%nat) 0).
    { apply (is_series_ext_R (fun _ => 0)); [|apply is_series_zero]. intros k. unfold spike.
      destruct (Nat.eqb_spec (S m + k) m); auto. lia. }
    apply (is_series_decr_n spike (S m)); [lia|]. simpl pred. rewrite sum_n_Sum.
    assert (E : Sum (S m) spike = 1).
    { rewrite (Sum_single (S m) spike m) by (try lia; intros; unfold spike; destruct (Nat.eqb_spec j m); auto; lia).
      unfold spike. now rewrite Nat.eqb_refl. }
    rewrite E. match goal with |- is_series _ ?x => replace x with (0 : R) end. exact T.
    change (0 = 1 + - (1) :> R). ring. }
  assert (absolute : ex_series (fun k => Rabs (spike k))).
  { exists 1. revert series. apply is_series_ext_R. intros k. unfold spike. destruct (Nat.eqb k m). now rewrite Rabs_R1. now rewrite Rabs_R0. }
  pose proof (H spike 1 absolute series) as one.
  assert (zero : Sum (S m) (fun n => p n * estimate (fun _ => 0) n) = 0).
  { apply H. exists 0. apply (is_series_ext_R (fun _ => 0)); [|apply is_series_zero]. intros. now rewrite Rabs_R0. apply is_series_zero. }
  rewrite (Sum_ext (S m) _ (fun n => p n * estimate (fun _ => 0) n)) in one. lra.
  intros n Hn. f_equal. apply local. intros k Hk. unfold spike. destruct (Nat.eqb_spec k m); auto. lia.
Qed.
