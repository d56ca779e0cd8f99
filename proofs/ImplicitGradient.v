(** Equation (16): the derivative of the root in anything on which the block depends.

    A root z(t) of F(z, t) = 0 is followed, where t is a point of a normed space: the input x, or the parameters of the nets.
    If F has the derivative  A dt - (I + J) dz  at the root and I + J is invertible, then z has the derivative
    (I + J)^-1 A. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Theorem1 Hilbert Derivative ImplicitDerivative.
Open Scope R_scope.

Section ImplicitGradient.
Context {E : BanachSpace} {P : NormedModule R_AbsRing}.

(** F has at (z0, t0) the joint derivative  (dz, dt) -> A dt - (dz + J dz). *)
Definition block_derivative (F : E -> P -> E) (z0 : E) (t0 : P) (J : E -> E) (A : P -> E) : Prop :=
  is_linear J /\ is_linear A /\ forall eps, 0 < eps -> exists d, 0 < d /\
    forall z t, norm (minus z z0) < d -> norm (minus t t0) < d ->
    norm (minus (minus (F z t) (F z0 t0)) (minus (A (minus t t0)) (plus (minus z z0) (J (minus z z0)))))
      <= eps * (norm (minus z z0) + norm (minus t t0)).

Variables (F : E -> P -> E) (root : P -> E) (t0 : P) (J : E -> E) (A : P -> E) (c : R).
Hypothesis Hc : 0 <= c < 1.
Hypothesis Root : forall t, F (root t) t = zero.
Hypothesis Continuous : forall eps, 0 < eps -> exists d, 0 < d /\
  forall t, norm (minus t t0) < d -> norm (minus (root t) (root t0)) < eps.
Hypothesis HF : block_derivative F (root t0) t0 J A.
Hypothesis HJ : forall v, norm (J v) <= c * norm v.

(** I + J stretches by at least 1 - c. *)
Lemma one_plus_lower v : (1 - c) * norm v <= norm (plus v (J v)).
Proof. pose proof (norm_plus_ge v (J v)). specialize (HJ v). lra. Qed.

(** Near t0 the root moves by at most a constant times what t moves, and  (I + J) dz = A dt  up to  eps |dt|. *)
Lemma root_moves eps : 0 < eps -> exists d, 0 < d /\ forall t, norm (minus t t0) < d ->
  norm (minus (A (minus t t0)) (plus (minus (root t) (root t0)) (J (minus (root t) (root t0))))) <= eps * norm (minus t t0).
Proof.
  intros He. destruct HF as (_ & LA & H). destruct (linear_norm A LA) as (M & HM & B).
  set (q := (1 - c) / 2). assert (Hq : 0 < q) by (unfold q; lra).
  set (K := (M + q) / q). assert (HK : 0 < K) by (apply Rdiv_lt_0_compat; lra).
  assert (Hs : 0 < eps / (K + 1)) by (apply Rdiv_lt_0_compat; lra).
  set (s := Rmin q (eps / (K + 1))). assert (Ps : 0 < s) by now apply Rmin_glb_lt.
  assert (Sq : s <= q) by apply Rmin_l. assert (Se : s <= eps / (K + 1)) by apply Rmin_r.
  destruct (H s Ps) as (d1 & Hd1 & H1). destruct (Continuous d1 Hd1) as (d2 & Hd2 & Near).
  exists (Rmin d1 d2). split; [now apply Rmin_glb_lt|]. intros t Ht.
  specialize (H1 (root t) t (Near t (Rlt_le_trans _ _ _ Ht (Rmin_r _ _))) (Rlt_le_trans _ _ _ Ht (Rmin_l _ _))).
  rewrite !Root in H1. set (dz := minus (root t) (root t0)) in *. set (dt := minus t t0) in *.
  set (res := minus (A dt) (plus dz (J dz))) in *.
  replace (minus (minus (zero : E) zero) res) with (opp res) in H1 by vector. rewrite norm_opp in H1.
  pose proof (one_plus_lower dz) as Low. specialize (B dt).
  pose proof (norm_minus_le (A dt) res) as T. replace (minus (A dt) res) with (plus dz (J dz)) in T by (unfold res; vector).
  pose proof (norm_ge_0 dz). pose proof (norm_ge_0 dt).
  assert (Qz : q * norm dz <= (M + q) * norm dt).
  { assert ((1 - c) * norm dz <= M * norm dt + s * (norm dz + norm dt)) by lra.
    replace (1 - c) with (2 * q) in * by (unfold q; field). nra. }
  assert (Kz : norm dz <= K * norm dt).
  { apply Rmult_le_reg_l with q; [exact Hq|]. replace (q * (K * norm dt)) with ((M + q) * norm dt) by (unfold K; field; lra).
    exact Qz. }
  apply Rle_trans with (1 := H1). apply Rle_trans with (s * ((K + 1) * norm dt)); [apply Rmult_le_compat_l; lra|].
  apply Rle_trans with (eps / (K + 1) * ((K + 1) * norm dt)); [apply Rmult_le_compat_r; nra|]. right. field. lra.
Qed.

(** Equation (16), backwards and forwards: if D solves  (I + J) D dt = A dt, then D is the derivative of the root:
    |z(t) - z(t0) - D (t - t0)| <= eps |t - t0| near t0, for every eps > 0. *)
Theorem implicit_gradient (D : P -> E) : (forall dt, plus (D dt) (J (D dt)) = A dt) ->
  forall eps, 0 < eps -> exists d, 0 < d /\ forall t, norm (minus t t0) < d ->
    norm (minus (minus (root t) (root t0)) (D (minus t t0))) <= eps * norm (minus t t0).
Proof.
  intros HD eps He. assert (Hm : 0 < (1 - c) * eps) by (apply Rmult_lt_0_compat; lra).
  destruct (root_moves _ Hm) as (d & Hd & H). exists d. split; [exact Hd|]. intros t Ht. specialize (H t Ht).
  set (dz := minus (root t) (root t0)) in *. set (dt := minus t t0) in *. destruct HF as (LJ & _ & _).
  pose proof (one_plus_lower (minus dz (D dt))) as Low. rewrite (linear_minus J LJ) in Low.
  replace (plus (minus dz (D dt)) (minus (J dz) (J (D dt))))
    with (opp (minus (plus (D dt) (J (D dt))) (plus dz (J dz)))) in Low by vector.
  rewrite norm_opp, HD in Low. apply Rmult_le_reg_l with (1 - c); [lra|]. lra.
Qed.
End ImplicitGradient.
