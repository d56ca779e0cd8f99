(** * Newton's method can cycle

    For every c > 1/3 there is h = Id + g, g a contraction with constant c, on which Newton's method jumps between two
    points for ever, from every start outside an interval. Existence and uniqueness of the root do not make a solver converge. *)
From Coq Require Import Reals Lia Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

(** Newton's step from z to z'. *)
Definition newton_step (h : R -> R) (z z' : R) : Prop := exists slope, is_derive h z slope /\ slope <> 0 /\ z' = z - h z / slope.
(** Newton's method from every point beyond a, and from every point below -a, jumps to -r and to r, which are such points
    themselves: it never ends. *)
Definition cycles (h : R -> R) (a r : R) : Prop :=
  a < r /\ (forall z, a < z -> newton_step h z (- r)) /\ (forall z, z < - a -> newton_step h z r).

(** The radius of the cycle. *)
Definition cycle_radius (a c : R) : R := 2 * a * c / (1 - c).

(** A function whose graph beyond a is a line of slope s through (0, k). *)
Lemma cycles_if_affine h a s k : 0 < s -> 0 <= a -> s * a < k -> (forall z, h (- z) = - h z) ->
  (forall z, a < z -> h z = s * z + k) -> cycles h a (k / s).
Proof.
  intros Hs Ha Hk odd affine.
  assert (slope : forall z, a < z -> is_derive h z s).
  { intros z Hz. apply (is_derive_ext_loc (fun y => s * y + k)).
    - assert (P : 0 < z - a) by lra. exists (mkposreal _ P). intros y Hy. symmetry. apply affine.
      unfold ball in Hy; simpl in Hy. unfold AbsRing_ball, abs, minus, plus, opp in Hy; simpl in Hy.
      apply Rabs_def2 in Hy. lra.
    - auto_derive; auto. ring. }
  split; [|split].
  - apply Rmult_lt_reg_r with s; auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. lra.
  - intros z Hz. exists s. split; [now apply slope|]. split. lra. rewrite affine by auto. field. lra.
  - intros z Hz. exists s. split; [|split]; [|lra|].
    + apply (is_derive_ext (fun y => - h (- y))). intros y. change (- h (- y) = h y). rewrite odd. ring.
      assert (N : is_derive (fun y => - y) z (-1)) by (auto_derive; auto; ring).
      pose proof (is_derive_opp _ _ _ (is_derive_comp h (fun y => - y) z s (-1) (slope (- z) ltac:(lra)) N)) as D.
      replace s with (- (-1 * s)) by ring. exact D.
    + replace (h z) with (- h (- z)) by (rewrite odd; ring). rewrite affine by lra. field. lra.
Qed.

(** ** With a kink *)

(** Slope 1 + c where |z| <= a, and 1 - c beyond. *)
Definition kinked (c a z : R) : R := (1 - c) * z + 2 * c * Rmax (- a) (Rmin z a).

Lemma clamp_cases a z : 0 <= a -> (z <= - a /\ Rmax (- a) (Rmin z a) = - a) \/ (- a <= z <= a /\ Rmax (- a) (Rmin z a) = z) \/
  (a <= z /\ Rmax (- a) (Rmin z a) = a).
Proof.
  intros Ha. unfold Rmax, Rmin. destruct (Rle_dec z a); destruct (Rle_dec (- a) _); lra.
Qed.

(** h - Id is c-Lipschitz. *)
Theorem kinked_contraction c a z w : 0 <= c -> 0 <= a -> Rabs ((kinked c a z - z) - (kinked c a w - w)) <= c * Rabs (z - w).
Proof.
  intros Hc Ha. unfold kinked. set (p := Rmax (- a) (Rmin z a)). set (q := Rmax (- a) (Rmin w a)).
  assert (B : Rabs (2 * (p - q) - (z - w)) <= Rabs (z - w)).
  { unfold p, q. destruct (clamp_cases a z Ha) as [[? ->]|[[? ->]|[? ->]]]; destruct (clamp_cases a w Ha) as [[? ->]|[[? ->]|[? ->]]];
      unfold Rabs; destruct (Rcase_abs _); destruct (Rcase_abs _); lra. }
  replace ((1 - c) * z + 2 * c * p - z - ((1 - c) * w + 2 * c * q - w)) with (c * (2 * (p - q) - (z - w))) by ring.
  rewrite Rabs_mult, (Rabs_pos_eq c) by auto. now apply Rmult_le_compat_l.
Qed.

(** For 1/3 < c < 1 Newton's method cycles between the points 2 a c / (1 - c) and its opposite. *)
Theorem newton_cycles c a : 1 / 3 < c < 1 -> 0 < a -> cycles (kinked c a) a (cycle_radius a c).
Proof.
  intros Hc Ha. unfold cycle_radius. apply cycles_if_affine; try lra.
  - nra.
  - intros z. unfold kinked. destruct (clamp_cases a z) as [[? ->]|[[? ->]|[? ->]]]; try lra;
      destruct (clamp_cases a (- z)) as [[? ->]|[[? ->]|[? ->]]]; try lra; try (replace z with a by lra; ring); replace z with (- a) by lra; ring.
  - intros z Hz. unfold kinked. destruct (clamp_cases a z) as [[? ->]|[[? ->]|[? ->]]]; lra.
Qed.

(** 1/3 is the limit of this example: for c <= 1/3 the points that Newton's step leads to lie where the slope is 1 + c. *)
Theorem no_cycle_below_a_third c a : 0 <= c <= 1 / 3 -> 0 < a -> cycle_radius a c <= a.
Proof.
  intros Hc Ha. unfold cycle_radius. apply Rmult_le_reg_r with (1 - c). lra. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra. nra.
Qed.

(** ** Continuously differentiable *)

(** z |z| / 2, whose derivative is |z|. *)
Definition half_square (z : R) : R := z * Rabs z / 2.

Lemma half_square_derive z : is_derive half_square z (Rabs z).
Proof.
  unfold half_square. destruct (total_order_T z 0) as [[H| ->]|H].
  - apply (is_derive_ext_loc (fun y => - (y * y) / 2)).
    + assert (P : 0 < - z) by lra. exists (mkposreal _ P). intros y Hy.
      unfold ball in Hy; simpl in Hy. unfold AbsRing_ball, abs, minus, plus, opp in Hy; simpl in Hy.
      apply Rabs_def2 in Hy. change (- (y * y) / 2 = y * Rabs y / 2). rewrite Rabs_left by lra. field.
    + rewrite Rabs_left by auto. auto_derive; auto. field.
  - rewrite Rabs_R0. apply is_derive_Reals. intros eps He. assert (P : 0 < 2 * eps) by lra. exists (mkposreal _ P). intros y Hy Hb. simpl in Hb.
    rewrite Rplus_0_l, Rabs_R0. replace ((y * Rabs y / 2 - 0 * 0 / 2) / y - 0) with (Rabs y / 2) by (field; auto).
    rewrite Rabs_pos_eq. lra. apply Rmult_le_pos. apply Rabs_pos. lra.
  - apply (is_derive_ext_loc (fun y => (y * y) / 2)).
    + exists (mkposreal _ H). intros y Hy.
      unfold ball in Hy; simpl in Hy. unfold AbsRing_ball, abs, minus, plus, opp in Hy; simpl in Hy.
      apply Rabs_def2 in Hy. change (y * y / 2 = y * Rabs y / 2). rewrite Rabs_pos_eq by lra. field.
    + rewrite Rabs_pos_eq by lra. auto_derive; auto. field.
Qed.

(** Slope 1 + c where |z| <= 1, 1 - c where |z| >= 1 + w, and linear between. *)
Definition smooth (c w z : R) : R :=
  (1 - c) * z + c / w * (half_square (z + (1 + w)) - half_square (z + 1) - half_square (z - 1) + half_square (z - (1 + w))).
Definition smooth_slope (c w z : R) : R := (1 - c) + c / w * (Rabs (z + (1 + w)) - Rabs (z + 1) - Rabs (z - 1) + Rabs (z - (1 + w))).

Lemma smooth_derive c w z : is_derive (smooth c w) z (smooth_slope c w z).
Proof.
  assert (shift : forall b, is_derive (fun y => half_square (y + b)) z (Rabs (z + b))).
  { intros b. evar_last. apply (is_derive_comp half_square (fun y => y + b)). apply half_square_derive. auto_derive; auto.
    unfold scal; simpl; unfold mult; simpl. ring. }
  unfold smooth, smooth_slope. pose proof (shift (1 + w)) as D1. pose proof (shift 1) as D2. pose proof (shift (- (1))) as D3. pose proof (shift (- (1 + w))) as D4.
  change (is_derive (fun y => (1 - c) * y + c / w * (half_square (y + (1 + w)) - half_square (y + 1) - half_square (y + - (1)) + half_square (y + - (1 + w)))) z
    ((1 - c) + c / w * (Rabs (z + (1 + w)) - Rabs (z + 1) - Rabs (z + - (1)) + Rabs (z + - (1 + w))))).
  pose proof (is_derive_plus _ _ _ _ _ (is_derive_minus _ _ _ _ _ (is_derive_minus _ _ _ _ _ D1 D2) D3) D4) as D.
  pose proof (is_derive_scal _ _ (c / w) _ D) as DS.
  assert (L : is_derive (fun y => (1 - c) * y) z (1 - c)) by (auto_derive; auto; ring).
  exact (is_derive_plus _ _ _ _ _ L DS).
Qed.

Lemma smooth_slope_continuous c w z : continuous (smooth_slope c w) z.
Proof.
  assert (shift : forall b, continuous (fun y => Rabs (y + b)) z).
  { intros b. apply (continuous_comp (fun y => y + b) Rabs). apply (continuous_plus (fun y => y) (fun _ => b)). apply continuous_id.
    apply continuous_const. apply continuous_Rabs. }
  unfold smooth_slope. apply (continuous_plus (fun _ => 1 - c)). apply continuous_const.
  apply (continuous_scal_r (c / w) (fun y => Rabs (y + (1 + w)) - Rabs (y + 1) - Rabs (y - 1) + Rabs (y - (1 + w)))).
  apply (continuous_plus (fun y => Rabs (y + (1 + w)) - Rabs (y + 1) - Rabs (y - 1))); [|apply (shift (- (1 + w)))].
  apply (continuous_minus (fun y => Rabs (y + (1 + w)) - Rabs (y + 1))); [|apply (shift (- (1)))].
  apply (continuous_minus (fun y => Rabs (y + (1 + w)))); apply shift.
Qed.

(** The derivative of h - Id is at most c in absolute value. *)
Lemma smooth_slope_bound c w z : 0 <= c -> 0 < w -> Rabs (smooth_slope c w z - 1) <= c.
Proof.
  intros Hc Hw. unfold smooth_slope. set (s := Rabs (z + (1 + w)) - Rabs (z + 1) - Rabs (z - 1) + Rabs (z - (1 + w))).
  assert (S : 0 <= s <= 2 * w).
  { unfold s, Rabs. destruct (Rcase_abs (z + (1 + w))); destruct (Rcase_abs (z + 1)); destruct (Rcase_abs (z - 1)); destruct (Rcase_abs (z - (1 + w))); lra. }
  replace (1 - c + c / w * s - 1) with (c * (s / w - 1)) by (field; lra). rewrite Rabs_mult, (Rabs_pos_eq c) by auto.
  rewrite <- (Rmult_1_r c) at 2. apply Rmult_le_compat_l; auto.
  assert (0 <= s / w <= 2). { split. apply Rmult_le_pos; [lra|left; now apply Rinv_0_lt_compat]. apply Rmult_le_reg_r with w; auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l; lra. }
  apply Rabs_le. lra.
Qed.

(** The counterexample inside the paper's class R: continuously differentiable, h' within c of 1, and Newton's method cycles. *)
Theorem newton_cycles_smooth c : 1 / 3 < c < 1 -> exists h h' a r,
  (forall z, is_derive h z (h' z)) /\ (forall z, continuous h' z) /\ (forall z, Rabs (h' z - 1) <= c) /\ h 0 = 0 /\ cycles h a r.
Proof.
  intros Hc. set (w := (3 * c - 1) / 2). assert (Hw : 0 < w < 1) by (unfold w; lra).
  exists (smooth c w), (smooth_slope c w), (1 + w), (c * (2 + w) / (1 - c)).
  assert (odd : forall z, smooth c w (- z) = - smooth c w z).
  { intros z. unfold smooth, half_square.
    replace (Rabs (- z + (1 + w))) with (Rabs (z - (1 + w))) by (rewrite <- Rabs_Ropp; f_equal; ring).
    replace (Rabs (- z + 1)) with (Rabs (z - 1)) by (rewrite <- Rabs_Ropp; f_equal; ring).
    replace (Rabs (- z - 1)) with (Rabs (z + 1)) by (rewrite <- Rabs_Ropp; f_equal; ring).
    replace (Rabs (- z - (1 + w))) with (Rabs (z + (1 + w))) by (rewrite <- Rabs_Ropp; f_equal; ring). field. lra. }
  split. intros; apply smooth_derive. split. intros; apply smooth_slope_continuous. split. intros; apply smooth_slope_bound; lra.
  split. { pose proof (odd 0) as H. rewrite Ropp_0 in H. lra. }
  apply cycles_if_affine; try lra; auto.
  - unfold w in *. nra.
  - intros z Hz. unfold smooth, half_square. rewrite !Rabs_pos_eq by lra. field. lra.
Qed.
