(** Theorem 2 of the paper: one ImpFlow block is exactly a composition of two maps of F, with the block written out. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Theorem1 Hilbert Derivative Classes Lemma1.
Open Scope R_scope.

Section Theorem2.
Context {E : HilbertSpace}.
Implicit Types f k : E -> E.

(** Scaling lemma S1: if f is C1, strongly monotone with m and M-Lipschitz, then for 0 < a < 2m / M^2 the map a f is in R:
    Lip(a f - Id) <= sqrt (1 - 2am + a^2 M^2) < 1. *)
Theorem scaling f m M a : (exists J, C1 f J) -> monotone m f -> lipschitz M f ->
  0 < a -> a * (M * M) < 2 * m -> smooth_contraction (fun x => minus (scal a (f x)) x).
Proof.
  intros (J & HJ) Mo L Ha Ham. split.
  - exists (sqrt (1 - 2 * a * m + a * a * (M * M))). split; [apply sqrt_below_one; nra|].
    apply scaled_distance; try assumption. lra.
  - eexists. exact (C1_minus _ _ _ _ (C1_scal a f J HJ) C1_id).
Qed.

(** The best factor of S1 is a = m / M^2, with Lip(a f - Id) <= sqrt (1 - m^2 / M^2). *)
Theorem scaling_best f m M : 0 < m -> 0 < M -> monotone m f -> lipschitz M f ->
  lipschitz (sqrt (1 - m * m / (M * M))) (fun x => minus (scal (m / (M * M)) (f x)) x).
Proof.
  intros Hm HM Mo L. set (a := m / (M * M)). assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; nra).
  replace (1 - m * m / (M * M)) with (1 - 2 * a * m + a * a * (M * M)) by (unfold a; field; lra).
  apply scaled_distance; try assumption. lra.
Qed.

(** Scaling lemma S2, sharper than S1 for the inverse: with the constants of f, a f^-1 is in R for 0 < a < 2m:
    Lip(a f^-1 - Id) <= sqrt (1 - a (2m - a) / M^2) < 1. *)
Lemma scaling_inverse_lipschitz f k m M a : 0 < M -> monotone m f -> lipschitz M f -> inverse f k ->
  0 < a < 2 * m -> lipschitz (sqrt (1 - a * (2 * m - a) / (M * M))) (fun y => minus (scal a (k y)) y).
Proof.
  intros HM Mo L [_ FK] Ha x y. norm_of (minus (scal a (minus (k x) (k y)) : E) (minus x y)).
  pose proof (Mo (k x) (k y)) as H. pose proof (L (k x) (k y)) as U. rewrite !FK in H, U.
  set (d := minus (k x) (k y)) in *. set (e := minus x y) in *.
  apply le_sqrt_times; [apply norm_ge_0|apply norm_ge_0|].
  rewrite norm_square_minus, inner_scal, (norm_multiple_pos a d), (inner_sym _ d e) by lra.
  pose proof (norm_ge_0 e). pose proof (norm_ge_0 d).
  assert (Q : norm e * norm e / (M * M) <= norm d * norm d).
  { apply Rle_div_l; [nra|]. nra. }
  replace ((1 - a * (2 * m - a) / (M * M)) * (norm e * norm e))
    with (norm e * norm e - a * (2 * m - a) * (norm e * norm e / (M * M))) by (field; lra).
  assert (0 < a * (2 * m - a)) by nra.
  assert (a * (2 * m - a) * (norm e * norm e / (M * M)) <= a * (2 * m - a) * (norm d * norm d))
    by (apply Rmult_le_compat_l; lra).
  nra.
Qed.

(** S2, with the smoothness. *)
Theorem scaling_inverse f k m M a : 0 < M -> (exists K, C1 k K) -> monotone m f -> lipschitz M f -> inverse f k ->
  0 < a < 2 * m -> smooth_contraction (fun y => minus (scal a (k y)) y).
Proof.
  intros HM (K & HK) Mo L Inv Ha. split.
  - exists (sqrt (1 - a * (2 * m - a) / (M * M))). split; [|now apply (scaling_inverse_lipschitz f k m M)].
    apply sqrt_below_one. assert (0 < a * (2 * m - a) / (M * M)) by (apply Rdiv_lt_0_compat; nra). lra.
  - eexists. exact (C1_minus _ _ _ _ (C1_scal a k K HK) C1_id).
Qed.

(** The block that represents  f2 o f1:  g_x = a f1 - Id,  g_z = a f2^-1 - Id. The same factor a stands on both sides of
    the block equation, F(z, x) = a (f1 x - f2^-1 z), so it cancels. *)
Definition represented_gx (a : R) f1 : E -> E := fun x => minus (scal a (f1 x)) x.
Definition represented_gz (a : R) k2 : E -> E := fun z => minus (scal a (k2 z)) z.

Lemma represented_equation a f1 k2 z x :
  block_equation (represented_gx a f1) (represented_gz a k2) z x = scal a (minus (f1 x) (k2 z)).
Proof. unfold block_equation, represented_gx, represented_gz. vector. Qed.

(** Theorem 2, constructive: for every a with 0 < a < 2 m1 / M1^2 and a < 2 m2, both networks of the block are contractions
    of class C1, and the block computes f2 o f1 exactly. *)
Theorem theorem2_block f1 f2 k2 m1 M1 m2 M2 a :
  F_class f1 -> monotone m1 f1 -> lipschitz M1 f1 -> F_class f2 -> monotone m2 f2 -> lipschitz M2 f2 -> 0 < M2 ->
  inverse f2 k2 -> 0 < a -> a * (M1 * M1) < 2 * m1 -> a < 2 * m2 ->
  smooth_contraction (represented_gx a f1) /\ smooth_contraction (represented_gz a k2) /\
  forall x, implicit_flow (represented_gx a f1) (represented_gz a k2) x = f2 (f1 x).
Proof.
  intros F1 Mo1 L1 F2 Mo2 L2 HM2 Inv Ha Ha1 Ha2.
  assert (Hx : smooth_contraction (represented_gx a f1)).
  { apply (scaling f1 m1 M1); try assumption. exact (proj1 (proj1 (F_iff_monotone f1) F1)). }
  assert (Hz : smooth_contraction (represented_gz a k2)).
  { apply (scaling_inverse f2 k2 m2 M2); try assumption; [|lra].
    exact (proj1 (proj1 (F_iff_monotone k2) (F_inverse f2 k2 F2 Inv))). }
  split; [exact Hx|]. split; [exact Hz|]. intros x. symmetry. apply implicit_flow_only; [apply Hz|].
  rewrite represented_equation, (proj1 Inv). vector.
Qed.

(** Theorem 2: I = { f2 o f1 : f1, f2 in F }. *)
Theorem theorem2 f : I_class f <-> exists f1 f2, F_class f1 /\ F_class f2 /\ forall x, f x = f2 (f1 x).
Proof.
  split.
  - intros (f1 & f2 & k2 & H1 & H2 & Inv & H). exists f1, k2. split; [now apply lemma1_inclusion|]. split; [|exact H].
    apply (F_inverse f2); [now apply lemma1_inclusion|exact Inv].
  - intros (f1 & f2 & F1 & F2 & H). apply I_iff_implicit_flow.
    destruct (proj1 (F_iff_monotone f1) F1) as (_ & m1 & M1 & Hm1 & HM1 & Mo1 & L1).
    destruct (proj1 (F_iff_monotone f2) F2) as (_ & m2 & M2 & Hm2 & HM2 & Mo2 & L2).
    destruct (proj1 F2) as (k2 & Inv & _).
    assert (P : 0 < m1 / (M1 * M1)) by (apply Rdiv_lt_0_compat; nra).
    set (a := Rmin (m1 / (M1 * M1)) m2). assert (Ha : 0 < a) by now apply Rmin_glb_lt.
    assert (Ha1 : a <= m1 / (M1 * M1)) by apply Rmin_l. assert (Ha2 : a <= m2) by apply Rmin_r.
    destruct (theorem2_block f1 f2 k2 m1 M1 m2 M2 a) as (Hx & Hz & Eq); try assumption; [|lra|].
    + apply (Rmult_le_compat_r (M1 * M1)) in Ha1; [|nra].
      replace (m1 / (M1 * M1) * (M1 * M1)) with m1 in Ha1 by (field; lra). lra.
    + exists (represented_gx a f1), (represented_gz a k2). split; [exact Hx|]. split; [exact Hz|].
      intros x. now rewrite H, Eq.
Qed.

(** F is inside I: take f2 = Id. *)
Corollary F_in_I f : F_class f -> I_class f.
Proof.
  intros H. apply theorem2. exists f, (fun x => x). split; [exact H|]. split; [|reflexivity].
  apply lemma1_inclusion, R_id.
Qed.
End Theorem2.
