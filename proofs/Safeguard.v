(** * The safeguarded solver converges

    A block's root is the fixed point of phi(z) = x + g_x(x) - g_z(z), a contraction with constant c; the residual is
    F(z) = phi(z) - z. A solver of any kind proposes points. A proposal is accepted if it shrinks |F| by (1 + c) / 2; otherwise
    the next step is Picard's. The space is any complete normed space. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** By how much a proposal must shrink |F|. *)
Definition safeguard_factor (c : R) : R := (1 + c) / 2.
(** Decreases that bring |F| from r to eps; two evaluations suffice for each. *)
Definition safeguard_decreases (r eps c : R) : R := ln (r / eps) / ln (2 / (1 + c)).
(** The distance from the root that a residual r allows. *)
Definition residual_radius (r c : R) : R := r / (1 - c).

(** Every Cauchy sequence has a limit. *)
Definition complete_space (E : NormedModule R_AbsRing) : Prop := forall u : nat -> E,
  (forall eps, 0 < eps -> exists N, forall n m, (N <= n)%nat -> (N <= m)%nat -> norm (minus (u n) (u m)) < eps) ->
  exists l, forall eps, 0 < eps -> exists N, forall n, (N <= n)%nat -> norm (minus (u n) l) < eps.

Section Safeguard.
Context {E : NormedModule R_AbsRing}.
Variables (phi : E -> E) (c : R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis contraction : forall z w, norm (minus (phi z) (phi w)) <= c * norm (minus z w).

Definition residual (z : E) : E := minus (phi z) z.

Lemma norm_minus_sym (x y : E) : norm (minus x y) = norm (minus y x).
Proof. rewrite <- norm_opp. now rewrite opp_minus. Qed.

Lemma norm_minus_triangle (x y z : E) : norm (minus x z) <= norm (minus x y) + norm (minus y z).
Proof. replace (minus x z) with (plus (minus x y) (minus y z)) by (symmetry; apply minus_trans). apply norm_triangle. Qed.

(** Picard's step shrinks |F| by c. *)
Lemma picard_decrease z : norm (residual (plus z (residual z))) <= c * norm (residual z).
Proof.
  assert (E0 : plus z (residual z) = phi z).
  { unfold residual, minus. rewrite (plus_comm (phi z)), plus_assoc, plus_opp_r. apply plus_zero_l. }
  rewrite E0. apply contraction.
Qed.

(** |z - w| <= (|F(z)| + |F(w)|) / (1 - c). *)
Lemma residuals_bound_distance z w : norm (minus z w) <= (norm (residual z) + norm (residual w)) / (1 - c).
Proof.
  apply Rle_div_r. lra.
  assert (T : norm (minus z w) <= norm (residual z) + (c * norm (minus z w) + norm (residual w))).
  { pose proof (norm_minus_triangle z (phi z) w) as T1. pose proof (norm_minus_triangle (phi z) (phi w) w) as T2.
    rewrite (norm_minus_sym z (phi z)) in T1. pose proof (contraction z w). unfold residual. lra. }
  pose proof (norm_ge_0 (minus z w)). nra.
Qed.

(** The certificate: |z - z*| <= |F(z)| / (1 - c) for the root z*. *)
Theorem residual_certificate z root : residual root = zero -> norm (minus z root) <= residual_radius (norm (residual z)) c.
Proof.
  intros H. unfold residual_radius. pose proof (residuals_bound_distance z root) as B. rewrite H, norm_zero, Rplus_0_r in B. exact B.
Qed.

(** There is one root at most. *)
Lemma root_unique z w : residual z = zero -> residual w = zero -> z = w.
Proof.
  intros Hz Hw. pose proof (residual_certificate z w Hw) as B. unfold residual_radius in B.
  rewrite Hz, norm_zero in B. unfold Rdiv in B. rewrite Rmult_0_l in B.
  assert (N : norm (minus z w) = 0) by (apply Rle_antisym; [exact B|apply norm_ge_0]). apply norm_eq_zero in N.
  rewrite <- (plus_zero_r z), <- (plus_opp_l w), plus_assoc. fold (minus z w). rewrite N. apply plus_zero_l.
Qed.

Variables (start : E) (proposal : nat -> E).

(** The point after n evaluations, and whether the next step is Picard's. *)
Fixpoint safeguarded (n : nat) : E * bool :=
  match n with
  | O => (start, false)
  | S n => let (z, fallback) := safeguarded n in
    if fallback then (plus z (residual z), false)
    else if Rle_dec (norm (residual (proposal n))) (safeguard_factor c * norm (residual z)) then (proposal n, false)
    else (z, true)
  end.
Definition iterate (n : nat) : E := fst (safeguarded n).

Lemma factor_range : c <= safeguard_factor c /\ 0 < safeguard_factor c < 1.
Proof. unfold safeguard_factor. lra. Qed.

(** Every second evaluation at least is followed by a decrease. *)
Lemma decreases n : exists k, (n <= 2 * k + if snd (safeguarded n) then 1 else 0)%nat /\
  norm (residual (iterate n)) <= safeguard_factor c ^ k * norm (residual start).
Proof.
  destruct factor_range as [f1 f2]. unfold iterate. induction n as [|n [k [Hk IH]]].
  - exists 0%nat. simpl. split. lia. lra.
  - simpl. destruct (safeguarded n) as [z [|]]; simpl in *.
    + exists (S k). split. lia. eapply Rle_trans. apply picard_decrease. simpl. rewrite Rmult_assoc.
      apply Rmult_le_compat; try lra. apply norm_ge_0.
    + destruct (Rle_dec _ _) as [accepted|rejected]; simpl.
      * exists (S k). split. lia. eapply Rle_trans. apply accepted. simpl. rewrite Rmult_assoc.
        apply Rmult_le_compat_l; lra.
      * exists k. split. lia. exact IH.
Qed.

(** |F| after n evaluations is at most ((1 + c) / 2)^(n / 2) |F_0|, n / 2 rounded down, whatever the proposals were. *)
Theorem safeguard_linear n : norm (residual (iterate n)) <= safeguard_factor c ^ (n / 2) * norm (residual start).
Proof.
  destruct (decreases n) as [k [Hk H]]. destruct factor_range as [_ f2]. eapply Rle_trans. apply H.
  apply Rmult_le_compat_r. apply norm_ge_0.
  assert (L : (n / 2 <= k)%nat).
  { apply Nat.lt_succ_r. apply Nat.div_lt_upper_bound. lia. destruct (snd (safeguarded n)); lia. }
  replace k with (n / 2 + (k - n / 2))%nat by lia. rewrite pow_add. rewrite <- (Rmult_1_r (_ ^ (n / 2))) at 2.
  apply Rmult_le_compat_l. apply pow_le; lra. apply Rle_trans with (1 ^ (k - n / 2)). apply pow_incr; lra. rewrite pow1. lra.
Qed.

(** 2 k evaluations suffice for |F| <= eps, if k >= ln (|F_0| / eps) / ln (2 / (1 + c)). *)
Theorem safeguard_evaluations eps k n : 0 < eps -> 0 < norm (residual start) ->
  safeguard_decreases (norm (residual start)) eps c <= INR k -> (2 * k <= n)%nat -> norm (residual (iterate n)) <= eps.
Proof.
  intros He Hr Hk Hn. unfold safeguard_decreases in Hk. set (r := norm (residual start)) in *.
  destruct factor_range as [_ f2]. set (f := safeguard_factor c) in *.
  assert (I : 2 / (1 + c) = / f) by (unfold f, safeguard_factor; field; lra). rewrite I in Hk.
  assert (lf : 0 < ln (/ f)) by (rewrite <- ln_1; apply ln_increasing; [lra|]; rewrite <- Rinv_1; apply Rinv_lt_contravar; lra).
  apply Rle_div_l in Hk; auto.
  eapply Rle_trans. apply safeguard_linear. fold f r.
  assert (L : (k <= n / 2)%nat) by (apply Nat.div_le_lower_bound; lia).
  replace (n / 2)%nat with (k + (n / 2 - k))%nat by lia. rewrite pow_add.
  assert (F1 : f ^ (n / 2 - k) <= 1). { apply Rle_trans with (1 ^ (n / 2 - k)). apply pow_incr; lra. rewrite pow1. lra. }
  assert (Fk : 0 < f ^ k) by (apply pow_lt; lra).
  assert (goal : f ^ k * r <= eps).
  { assert (Q : r / eps <= / f ^ k).
    { apply Rnot_lt_le. intros lt. apply ln_increasing in lt; [|now apply Rinv_0_lt_compat].
      rewrite <- pow_inv, <- Rpower_pow in lt by (apply Rinv_0_lt_compat; lra). unfold Rpower in lt. rewrite ln_exp in lt. lra. }
    apply Rmult_le_compat_r with (r := eps * f ^ k) in Q; [|apply Rmult_le_pos; lra].
    replace (r / eps * (eps * f ^ k)) with (f ^ k * r) in Q by (field; lra).
    replace (/ f ^ k * (eps * f ^ k)) with eps in Q by (field; lra). exact Q. }
  apply Rle_trans with (f ^ k * 1 * r); [|lra]. apply Rmult_le_compat_r. unfold r; apply norm_ge_0. apply Rmult_le_compat_l; lra.
Qed.

Lemma factor_power_small (eps : posreal) : exists k, safeguard_factor c ^ k * (norm (residual start) + 1) < eps.
Proof.
  destruct factor_range as [_ f2]. pose proof (norm_ge_0 (residual start)) as R0.
  assert (P : 0 < eps / (norm (residual start) + 1)) by (apply Rdiv_lt_0_compat; [apply cond_pos|lra]).
  destruct (pow_lt_1_zero (safeguard_factor c) ltac:(rewrite Rabs_pos_eq; lra) _ P) as [k Hk].
  exists k. specialize (Hk k (Nat.le_refl k)). rewrite Rabs_pos_eq in Hk by (apply pow_le; lra).
  apply Rlt_div_r in Hk; lra.
Qed.

(** The residual becomes small and stays small. *)
Lemma residual_vanishes (eps : posreal) : exists N, forall n, (N <= n)%nat -> norm (residual (iterate n)) < eps.
Proof.
  destruct (factor_power_small eps) as [k Hk]. exists (2 * k)%nat. intros n Hn. destruct factor_range as [_ f2].
  pose proof (norm_ge_0 (residual start)). eapply Rle_lt_trans; [|exact Hk]. eapply Rle_trans. apply safeguard_linear.
  assert (L : (k <= n / 2)%nat) by (apply Nat.div_le_lower_bound; lia).
  replace (n / 2)%nat with (k + (n / 2 - k))%nat by lia. rewrite pow_add.
  assert (F1 : safeguard_factor c ^ (n / 2 - k) <= 1). { apply Rle_trans with (1 ^ (n / 2 - k)). apply pow_incr; lra. rewrite pow1. lra. }
  assert (Fk : 0 <= safeguard_factor c ^ k) by (apply pow_le; lra).
  apply Rle_trans with (safeguard_factor c ^ k * 1 * norm (residual start)).
  - apply Rmult_le_compat_r; auto. now apply Rmult_le_compat_l.
  - rewrite Rmult_1_r. apply Rmult_le_compat_l; lra.
Qed.

(** The points converge to the root, which therefore exists: from any start and with any proposals. *)
Theorem safeguard_converges : complete_space E -> exists root, residual root = zero /\
  (forall eps, 0 < eps -> exists N, forall n, (N <= n)%nat -> norm (minus (iterate n) root) < eps) /\
  forall n, norm (minus (iterate n) root) <= residual_radius (safeguard_factor c ^ (n / 2) * norm (residual start)) c.
Proof.
  intros complete. destruct (complete iterate) as [root limit].
  { intros eps He. assert (P : 0 < eps * (1 - c) / 2) by nra. destruct (residual_vanishes (mkposreal _ P)) as [N HN].
    simpl in HN. exists N. intros n m Hn Hm. eapply Rle_lt_trans. apply residuals_bound_distance.
    pose proof (HN n Hn). pose proof (HN m Hm). apply Rlt_div_l; lra. }
  assert (is_root : residual root = zero).
  { apply norm_eq_zero. apply Rle_antisym; [|apply norm_ge_0]. apply le_epsilon. intros eps He.
    assert (H3 : 0 < eps / 3) by lra.
    destruct (residual_vanishes (mkposreal _ H3)) as [N HN]. simpl in HN. destruct (limit _ H3) as [M HM].
    set (n := max N M). specialize (HN n (Nat.le_max_l N M)). specialize (HM n (Nat.le_max_r N M)).
    set (z := iterate n) in *. pose proof (norm_minus_triangle (phi root) (phi z) root) as T1.
    pose proof (norm_minus_triangle (phi z) z root) as T2. pose proof (contraction root z) as C.
    rewrite (norm_minus_sym root z) in C. pose proof (norm_ge_0 (minus z root)).
    assert (c * norm (minus z root) <= norm (minus z root)) by nra. unfold residual in *. lra. }
  exists root. repeat split; auto. intros n. eapply Rle_trans. now apply residual_certificate.
  unfold residual_radius, Rdiv. apply Rmult_le_compat_r. left. apply Rinv_0_lt_compat; lra. apply safeguard_linear.
Qed.
End Safeguard.

(** ** The block equation *)

Section Block.
Context {E : NormedModule R_AbsRing}.

Lemma minus_minus (b u v : E) : minus (minus b u) (minus b v) = minus v u.
Proof.
  unfold minus. rewrite opp_plus, opp_opp, (plus_comm b (opp u)), <- plus_assoc, (plus_assoc b (opp b) v), plus_opp_r, plus_zero_l.
  apply plus_comm.
Qed.

(** For every x, z -> x + g_x(x) - g_z(z) is a contraction with g_z's constant: the theorems above hold for the root z of
    x + g_x(x) - g_z(z) - z = 0, and, with g_x and g_z exchanged, for the inverse. *)
Theorem block_contraction (gx gz : E -> E) c x : (forall z w, norm (minus (gz z) (gz w)) <= c * norm (minus z w)) ->
  forall z w, norm (minus (minus (plus x (gx x)) (gz z)) (minus (plus x (gx x)) (gz w))) <= c * norm (minus z w).
Proof. intros H z w. rewrite minus_minus, norm_minus_sym. apply H. Qed.
End Block.
