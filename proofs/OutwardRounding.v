(** * Outward rounding in float64

    IEEE arithmetic gives the float64 nearest to the exact result. The exact result therefore lies between the neighbours of
    what is computed, subnormal numbers included: intervals whose ends are moved one float64 outward enclose. Overflow is left
    out: the exponent has no upper end here, as is usual in Flocq. *)
From Coq Require Import Reals Lra ZArith.
From Flocq Require Import Core.
Open Scope R_scope.

(** float64 without an upper end: 53 binary digits, the smallest positive number 2^-1074. *)
Definition float64_exponent : Z -> Z := FLT_exp (-1074) 53.
Definition is_float64 (x : R) : Prop := generic_format radix2 float64_exponent x.
(** The nearest float64, ties to even. *)
Definition nearest (x : R) : R := round radix2 float64_exponent ZnearestE x.
(** The neighbours of a float64. *)
Definition next_down (x : R) : R := pred radix2 float64_exponent x.
Definition next_up (x : R) : R := succ radix2 float64_exponent x.

Local Instance float64_valid : Valid_exp float64_exponent.
Proof. apply FLT_exp_valid. reflexivity. Qed.

Lemma nearest_float64 x : is_float64 (nearest x).
Proof. apply generic_format_round; typeclasses eauto. Qed.

(** The exact result lies between the neighbours of the computed one. *)
Theorem outward x : next_down (nearest x) <= x <= next_up (nearest x).
Proof.
  unfold next_down, next_up. destruct (round_DN_or_UP radix2 float64_exponent ZnearestE x) as [E|E]; unfold nearest; rewrite E.
  - pose proof (round_DN_pt radix2 float64_exponent x) as [F [L _]]. split.
    + eapply Rle_trans; [apply pred_le_id|exact L].
    + destruct (generic_format_EM radix2 float64_exponent x) as [G|G].
      * rewrite (round_generic radix2 float64_exponent Zfloor x G). apply succ_ge_id.
      * rewrite (succ_DN_eq_UP radix2 float64_exponent x G). apply (round_UP_pt radix2 float64_exponent x).
  - pose proof (round_UP_pt radix2 float64_exponent x) as [F [L _]]. split.
    + destruct (generic_format_EM radix2 float64_exponent x) as [G|G].
      * rewrite (round_generic radix2 float64_exponent Zceil x G). apply pred_le_id.
      * rewrite (pred_UP_eq_DN radix2 float64_exponent x G). apply (round_DN_pt radix2 float64_exponent x).
    + eapply Rle_trans; [exact L|apply succ_ge_id].
Qed.

Lemma outward_le p q : p <= q -> next_down (nearest p) <= q /\ p <= next_up (nearest q).
Proof. intros H. pose proof (outward p). pose proof (outward q). lra. Qed.

Section Operations.
Variables (a b c d x y : R).
Hypothesis x_in : a <= x <= b.
Hypothesis y_in : c <= y <= d.

(** [a, b] + [c, d]. *)
Theorem add_encloses : next_down (nearest (a + c)) <= x + y <= next_up (nearest (b + d)).
Proof. split; apply outward_le; lra. Qed.

(** [a, b] - [c, d]. *)
Theorem sub_encloses : next_down (nearest (a - d)) <= x - y <= next_up (nearest (b - c)).
Proof. split; apply outward_le; lra. Qed.

Lemma product_between : Rmin (Rmin (a * c) (a * d)) (Rmin (b * c) (b * d)) <= x * y <= Rmax (Rmax (a * c) (a * d)) (Rmax (b * c) (b * d)).
Proof.
  assert (edge : forall k, Rmin (k * c) (k * d) <= k * y <= Rmax (k * c) (k * d)).
  { intros k. destruct (Rle_dec 0 k).
    - pose proof (Rmin_l (k * c) (k * d)). pose proof (Rmax_r (k * c) (k * d)). split; nra.
    - pose proof (Rmin_r (k * c) (k * d)). pose proof (Rmax_l (k * c) (k * d)). split; nra. }
  destruct (edge a) as [a1 a2], (edge b) as [b1 b2].
  pose proof (Rmin_l (Rmin (a * c) (a * d)) (Rmin (b * c) (b * d))). pose proof (Rmin_r (Rmin (a * c) (a * d)) (Rmin (b * c) (b * d))).
  pose proof (Rmax_l (Rmax (a * c) (a * d)) (Rmax (b * c) (b * d))). pose proof (Rmax_r (Rmax (a * c) (a * d)) (Rmax (b * c) (b * d))).
  destruct (Rle_dec 0 y).
  - assert (a * y <= x * y <= b * y) by (split; apply Rmult_le_compat_r; lra). lra.
  - assert (b * y <= x * y <= a * y) by (split; nra). lra.
Qed.

(** [a, b] * [c, d]: the least and the greatest of the four products of ends. *)
Theorem mul_encloses : next_down (nearest (Rmin (Rmin (a * c) (a * d)) (Rmin (b * c) (b * d)))) <= x * y
  <= next_up (nearest (Rmax (Rmax (a * c) (a * d)) (Rmax (b * c) (b * d)))).
Proof. split; apply outward_le; apply product_between. Qed.

(** The square root of [a, b], a >= 0. *)
Theorem sqrt_encloses : 0 <= a -> next_down (nearest (sqrt a)) <= sqrt x <= next_up (nearest (sqrt b)).
Proof. intros Ha. split; apply outward_le; apply sqrt_le_1; lra. Qed.
End Operations.

(** 1 / [c, d], 0 not in [c, d]; quotients are products with these. *)
Theorem inv_encloses c d y : c <= y <= d -> 0 < c \/ d < 0 -> next_down (nearest (1 / d)) <= 1 / y <= next_up (nearest (1 / c)).
Proof.
  intros Hy [H|H]; split; apply outward_le; unfold Rdiv; rewrite !Rmult_1_l.
  - apply Rinv_le_contravar; lra.
  - apply Rinv_le_contravar; lra.
  - apply Ropp_le_cancel. rewrite <- !Rinv_opp. apply Rinv_le_contravar; lra.
  - apply Ropp_le_cancel. rewrite <- !Rinv_opp. apply Rinv_le_contravar; lra.
Qed.
