(** * The range of ln det (I + J)

    For |J| <= c < 1 in dimension d: d ln (1 - c) <= ln det (I + J) <= d ln (1 + c), attained by J = - c I and J = c I. The derivative of
    ln det (I + t J) is the trace of J (I + t J)^-1, whose numerical range lies between - c / (1 - t c) and c / (1 + t c). *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet.
Open Scope R_scope.

(** The least and the greatest value of ln det (I + J). *)
Definition log_det_least (d : nat) (c : R) : R := INR d * ln (1 - c).
Definition log_det_greatest (d : nat) (c : R) : R := INR d * ln (1 + c).

(** r stands for |w|, s for |J w|, a for w' J w: both bounds of a + t s^2 by r^2 + 2 t a + t^2 s^2 = |w + t J w|^2. *)
Lemma numerical_range c t r s a : 0 <= c < 1 -> 0 <= t <= 1 -> 0 <= r -> 0 <= s -> s <= c * r -> - (r * s) <= a <= r * s ->
  - c / (1 - t * c) * (r * r + 2 * t * a + t * t * (s * s)) <= a + t * (s * s) <= c / (1 + t * c) * (r * r + 2 * t * a + t * t * (s * s)).
Proof.
  intros Hc Ht Hr Hs Hsr Ha. assert (T : 0 <= t * c < 1) by nra.
  assert (gap : 0 <= c * r - s) by lra. assert (TS : 0 <= t * s) by nra.
  assert (up : 0 <= (c * r - s) * (r + t * s)) by (apply Rmult_le_pos; lra).
  assert (below : t * s <= r) by (assert (t * s <= 1 * (c * r)) by (apply Rmult_le_compat; lra); nra).
  assert (down : 0 <= (c * r - s) * (r - t * s)) by (apply Rmult_le_pos; lra).
  assert (A1 : a * (1 - t * c) <= r * s * (1 - t * c)) by (apply Rmult_le_compat_r; lra).
  assert (A2 : - (r * s) * (1 + t * c) <= a * (1 + t * c)) by (apply Rmult_le_compat_r; lra).
  split.
  - apply Rmult_le_reg_r with (1 - t * c). lra.
    replace (- c / (1 - t * c) * (r * r + 2 * t * a + t * t * (s * s)) * (1 - t * c)) with (- c * (r * r + 2 * t * a + t * t * (s * s))) by (field; lra).
    nra.
  - apply Rmult_le_reg_r with (1 + t * c). lra.
    replace (c / (1 + t * c) * (r * r + 2 * t * a + t * t * (s * s)) * (1 + t * c)) with (c * (r * r + 2 * t * a + t * t * (s * s))) by (field; lra).
    nra.
Qed.

Section Bracket.
Variables (d : nat) (J : matrix) (c : R).
Hypothesis c_range : 0 <= c < 1.
Hypothesis J_small : norm_at_most d d J c.

(** J and (I + t J)^-1 commute. *)
Lemma resolvent_commutes t i j : (i < d)%nat -> (j < d)%nat -> 0 <= t <= 1 -> mul d J (resolvent d J t) i j = mul d (resolvent d J t) J i j.
Proof.
  intros Hi Hj Ht.
  apply (is_series_unique_R (fun k => Sum d (fun l => J i l * (neumann_coefficient d J l j k * t ^ k)))).
  - apply is_series_Sum. intros l Hl. now apply is_series_scal_R, (resolvent_series d J c).
  - apply (is_series_ext_R (fun k => Sum d (fun l => J l j * (neumann_coefficient d J i l k * t ^ k)))).
    + intros k. transitivity ((-1) ^ k * t ^ k * mul d (mpow d J k) J i j).
      * unfold mul, neumann_coefficient. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
      * rewrite <- mpow_comm by auto. unfold mul, neumann_coefficient. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
    + unfold mul. apply is_series_Sum. intros l Hl. rewrite (Rmult_comm (resolvent d J t i l)).
      now apply is_series_scal_R, (resolvent_series d J c).
Qed.

(** Every diagonal entry of J (I + t J)^-1. *)
Lemma resolvent_diagonal t i : (i < d)%nat -> 0 <= t <= 1 -> - c / (1 - t * c) <= mul d J (resolvent d J t) i i <= c / (1 + t * c).
Proof.
  intros Hi Ht. set (w := fun l => resolvent d J t l i). set (u := app d J w).
  assert (unit : forall l, (l < d)%nat -> w l + t * u l = eye l i).
  { intros l Hl. rewrite <- (resolvent_inverse d J c c_range J_small t l i Hl Hi Ht). unfold u, app, w.
    change (Sum d (fun j => J l j * resolvent d J t j i)) with (mul d J (resolvent d J t) l i). rewrite resolvent_commutes by auto.
    unfold mul. rewrite <- Sum_scal. rewrite <- (mul_eye_r d (resolvent d J t) l i Hi). unfold mul. rewrite <- Sum_plus.
    apply Sum_ext. intros j _. unfold madd, mscal. ring. }
  assert (entry : mul d J (resolvent d J t) i i = dot d w u + t * (enorm d u * enorm d u)).
  { transitivity (Sum d (fun l => eye i l * u l)). now rewrite Sum_eye_l.
    rewrite enorm_sqr. unfold dot. rewrite <- Sum_scal, <- Sum_plus. apply Sum_ext. intros l Hl. rewrite (eye_sym i l), <- unit by auto. ring. }
  assert (one : enorm d w * enorm d w + 2 * t * dot d w u + t * t * (enorm d u * enorm d u) = 1).
  { rewrite !enorm_sqr. transitivity (Sum d (fun l => eye i l * eye i l)).
    - unfold dot. rewrite <- !Sum_scal, <- !Sum_plus. apply Sum_ext. intros l Hl. rewrite (eye_sym i l), <- unit by auto. ring.
    - rewrite Sum_eye_l by auto. apply eye_refl. }
  pose proof (numerical_range c t (enorm d w) (enorm d u) (dot d w u) c_range Ht (enorm_nonneg d w) (enorm_nonneg d u) (J_small w)) as N.
  rewrite one, !Rmult_1_r in N. rewrite entry. apply N. apply Rabs_le_between. apply cauchy_schwarz.
Qed.

(** d ln (1 - c) <= ln det (I + J) <= d ln (1 + c). *)
Theorem log_det_bracket : log_det_least d c <= ln (det d (madd eye J)) <= log_det_greatest d c.
Proof.
  unfold log_det_least, log_det_greatest. rewrite (det_exp d J c c_range J_small), ln_exp.
  set (P := PSeries (log_det_coefficient d J)). set (tau := fun t => trace d (mul d J (resolvent d J t))).
  assert (P0 : P 0 = 0) by (unfold P; rewrite PSeries_0; reflexivity).
  assert (HP : forall t, 0 <= t <= 1 -> is_derive P t (tau t)) by (intros; now apply (log_det_series_derive d J c)).
  assert (bounds : forall t, 0 <= t <= 1 -> INR d * (- c / (1 - t * c)) <= tau t <= INR d * (c / (1 + t * c))).
  { intros t Ht. unfold tau, trace. rewrite <- !Sum_const. split; apply Sum_le; intros i Hi; now apply resolvent_diagonal. }
  assert (compare : forall s, (s = 1 \/ s = -1) -> s * P 1 <= INR d * (s * ln (1 + s * c))).
  { intros s Hs. set (H := fun t => INR d * (s * ln (1 + s * c * t)) - s * P t).
    set (dH := fun t => INR d * (c / (1 + s * c * t)) - s * tau t).
    assert (T : forall t, 0 <= t <= 1 -> 0 < 1 + s * c * t) by (intros t Ht; destruct Hs; subst; nra).
    assert (D : forall t, 0 <= t <= 1 -> is_derive H t (dH t)).
    { intros t Ht. specialize (T t Ht). unfold H, dH.
      assert (L : is_derive (fun t => INR d * (s * ln (1 + s * c * t))) t (INR d * (c / (1 + s * c * t)))).
      { auto_derive. lra. destruct Hs; subst; field; lra. }
      exact (is_derive_minus _ _ _ _ _ L (is_derive_scal _ _ s _ (HP t Ht))). }
    destruct (MVT_gen H 0 1 dH) as [t [Ht E]].
    - intros t Ht. rewrite Rmin_left, Rmax_right in Ht by lra. apply D. lra.
    - intros t Ht. rewrite Rmin_left, Rmax_right in Ht by lra. apply derivable_continuous_pt. exists (dH t). apply is_derive_Reals, D. lra.
    - rewrite Rmin_left, Rmax_right in Ht by lra. destruct (bounds t Ht) as [b1 b2].
      assert (nonneg : 0 <= dH t).
      { unfold dH. destruct Hs; subst.
        - replace (1 + 1 * c * t) with (1 + t * c) by ring. lra.
        - replace (1 + -1 * c * t) with (1 - t * c) by ring. unfold Rdiv in *. lra. }
      assert (H0 : H 0 = 0). { unfold H. rewrite P0, !Rmult_0_r, Rplus_0_r, ln_1. ring. }
      rewrite H0 in E. unfold H in E. rewrite Rmult_1_r in E. lra. }
  pose proof (compare 1 ltac:(now left)) as up. pose proof (compare (-1) ltac:(now right)) as down.
  replace (1 + 1 * c) with (1 + c) in up by ring. replace (1 + -1 * c) with (1 - c) in down by ring. lra.
Qed.
End Bracket.
