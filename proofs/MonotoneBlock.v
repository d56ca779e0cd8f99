(** The monotone block (Ahn, Kim, Hong, Kim, NeurIPS 2022) represents exactly the class F; so an ImpFlow block is exactly
    two monotone blocks. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Theorem1 Hilbert Derivative Diffeomorphism Classes Lemma1 Theorem2.
Open Scope R_scope.

Section MonotoneBlock.
Context {E : HilbertSpace}.
Implicit Types f g : E -> E.

Let s := sqrt 2.

Lemma sqrt2_square : s * s = 2.
Proof. apply sqrt_sqrt. lra. Qed.

Lemma sqrt2_positive : 0 < s.
Proof. apply sqrt_lt_R0. lra. Qed.

(** The hidden point w of the block: the solution of  w + g(w) = sqrt2 x. *)
Definition hidden g (x : E) : E := fixed_point (fun w => minus (scal s x) (g w)).

(** The monotone block:  y = sqrt2 w - x  where  w + g(w) = sqrt2 x. *)
Definition monotone_block g (x : E) : E := minus (scal s (hidden g x)) x.

Lemma hidden_step_contraction g x : contraction g -> contraction (fun w => minus (scal s x) (g w)).
Proof.
  intros (c & Hc & L). exists c. split; [exact Hc|]. exact (lipschitz_reflect g c (fun x => scal s x) x L).
Qed.

Lemma hidden_spec g x : contraction g -> plus (hidden g x) (g (hidden g x)) = scal s x.
Proof.
  intros H. pose proof (fixed_point_spec _ (hidden_step_contraction g x H)) as F. fold (hidden g x) in F.
  rewrite <- F at 1. vector.
Qed.

Lemma hidden_only g x w : contraction g -> plus w (g w) = scal s x -> w = hidden g x.
Proof.
  intros H Hw. apply fixed_point_only; [now apply hidden_step_contraction|]. rewrite <- Hw. vector.
Qed.

(** sqrt2 dx = dw + dg  and  sqrt2 dy = dw - dg. *)
Lemma block_differences g x y : contraction g ->
  let dw := minus (hidden g x) (hidden g y) in let dg := minus (g (hidden g x)) (g (hidden g y)) in
  scal s (minus x y : E) = plus dw dg /\ scal s (minus (monotone_block g x) (monotone_block g y) : E) = minus dw dg.
Proof.
  intros H dw dg. pose proof (hidden_spec g x H) as Hx. pose proof (hidden_spec g y H) as Hy.
  assert (Dx : scal s (minus x y : E) = plus dw dg).
  { replace (scal s (minus x y) : E) with (minus (scal s x) (scal s y)) by vector. rewrite <- Hx, <- Hy. unfold dw, dg. vector. }
  split; [exact Dx|]. unfold monotone_block.
  transitivity (minus (scal (s * s) dw : E) (scal s (minus x y : E))); [unfold dw; vector|].
  rewrite (f_equal (fun t => minus (scal (s * s) dw : E) t) Dx), sqrt2_square. vector.
Qed.

(** A monotone block with Lip(g) <= c < 1 is strongly monotone with (1 - c)/(1 + c) and Lipschitz with (1 + c)/(1 - c). *)
Theorem monotone_block_constants g c : 0 <= c < 1 -> lipschitz c g ->
  monotone ((1 - c) / (1 + c)) (monotone_block g) /\ lipschitz ((1 + c) / (1 - c)) (monotone_block g).
Proof.
  intros Hc L. assert (H : contraction g) by now exists c. pose proof sqrt2_positive as Hs. pose proof sqrt2_square as Hs2.
  assert (Both : forall x y, exists dw dg : E, norm dg <= c * norm dw /\
    scal s (minus x y : E) = plus dw dg /\ scal s (minus (monotone_block g x) (monotone_block g y) : E) = minus dw dg).
  { intros x y. do 2 eexists. split; [apply L|]. now apply block_differences. }
  split; intros x y; destruct (Both x y) as (dw & dg & Hg & Dx & Dy); clear Both;
    set (dx := minus x y) in *; set (dy := minus (monotone_block g x) (monotone_block g y)) in *;
    pose proof (norm_ge_0 dw); pose proof (norm_ge_0 dg);
    pose proof (f_equal norm Dx) as Nx; rewrite norm_multiple_pos in Nx by lra;
    pose proof (norm_triangle dw dg) as T; rewrite <- Nx in T; clear Nx.
  - pose proof (f_equal2 inner Dy Dx) as I.
    rewrite inner_scal, inner_scal_r, inner_minus, !inner_plus_r, !inner_norm, (inner_sym _ dg dw) in I.
    apply Rmult_le_reg_l with (2 * (1 + c)); [lra|].
    replace (2 * (1 + c) * ((1 - c) / (1 + c) * (norm dx * norm dx))) with ((1 - c) * (s * norm dx * (s * norm dx)))
      by (transitivity ((1 - c) * ((s * s) * (norm dx * norm dx))); [ring|rewrite Hs2; field; lra]).
    replace (2 * (1 + c) * inner dy dx) with ((1 + c) * (s * (s * inner dy dx)))
      by (transitivity ((1 + c) * ((s * s) * inner dy dx)); [ring|rewrite Hs2; ring]).
    rewrite I. set (a := norm dw) in *. set (b := norm dg) in *. set (n := s * norm dx) in *.
    assert (Hn : 0 <= n) by (apply Rmult_le_pos; [lra|apply norm_ge_0]).
    assert (n * n <= (1 + c) * a * ((1 + c) * a)) by (apply Rmult_le_compat; nra).
    assert (b * b <= c * a * (c * a)) by (apply Rmult_le_compat; lra).
    replace (a * a + inner dw dg - (inner dw dg + b * b)) with (a * a - b * b) by ring. nra.
  - pose proof (f_equal norm Dy) as Ny. rewrite norm_multiple_pos in Ny by lra.
    pose proof (norm_minus_le dw dg) as Ty. rewrite <- Ny in Ty. clear Ny.
    pose proof (f_equal norm Dx) as Nx. rewrite norm_multiple_pos in Nx by lra.
    pose proof (norm_plus_ge dw dg) as Tx. rewrite <- Nx in Tx.
    apply Rmult_le_reg_l with (s * (1 - c)); [apply Rmult_lt_0_compat; lra|].
    replace (s * (1 - c) * ((1 + c) / (1 - c) * norm dx)) with ((1 + c) * (s * norm dx)) by (field; lra).
    assert (s * norm dy <= (1 + c) * norm dw) by lra. assert ((1 - c) * norm dw <= s * norm dx) by lra.
    apply Rle_trans with ((1 - c) * ((1 + c) * norm dw)); nra.
Qed.

(** Every monotone block with a C1 contraction is in F. *)
Theorem monotone_block_in_F g : smooth_contraction g -> F_class (monotone_block g).
Proof.
  intros ((c & Hc & L) & J & HJ). assert (H : contraction g) by now exists c.
  destruct (monotone_diffeomorphism (fun w => plus w (g w)) (fun w v => plus v (J w v)) (1 - c) (1 + c) ltac:(lra) ltac:(lra)
    (C1_plus _ g _ J C1_id HJ) (id_plus_monotone g c L) (id_plus_upper g c L)) as ([_ PK] & _ & _ & Ck).
  destruct (monotone_block_constants g c Hc L) as [Mo Li].
  apply F_iff_monotone. split.
  - eexists. eapply C1_ext.
    2:{ apply C1_minus; [|apply C1_id]. apply (C1_scal s).
        exact (C1_comp (fun x => scal s x) _ _ _ (C1_linear _ (linear_multiple s)) Ck). }
    intros x. unfold monotone_block. f_equal. f_equal. apply hidden_only; [exact H|]. apply PK.
  - exists ((1 - c) / (1 + c)), ((1 + c) / (1 - c)). repeat split; try assumption; apply Rdiv_lt_0_compat; lra.
Qed.

(** Every f in F with constants m, M is one monotone block, whose g has  Lip(g) <= sqrt (1 - 4m / (1 + M)^2). *)
Theorem F_is_monotone_block f m M : (exists J, C1 f J) -> 0 < m -> 0 < M -> monotone m f -> lipschitz M f ->
  exists g, smooth_contraction g /\ lipschitz (sqrt (1 - 4 * m / ((1 + M) * (1 + M)))) g /\
    forall x, f x = monotone_block g x.
Proof.
  intros (J & HJ) Hm HM Mo L. pose proof sqrt2_positive as Hs. pose proof sqrt2_square as Hs2.
  assert (Hi : 0 < / s) by now apply Rinv_0_lt_compat.
  set (h := fun x => scal (/ s) (plus x (f x))).
  assert (Ch : exists K, C1 h K) by (eexists; exact (C1_scal (/ s) _ _ (C1_plus _ f _ J C1_id HJ))).
  assert (Mh : monotone ((1 + m) / s) h).
  { intros x y. unfold h. inner_of (scal (/ s) (plus (minus x y) (minus (f x) (f y))) : E).
    rewrite inner_scal, inner_plus, inner_norm. unfold Rdiv. rewrite (Rmult_comm (1 + m)), Rmult_assoc.
    apply Rmult_le_compat_l; [lra|]. specialize (Mo x y). lra. }
  assert (Lh : lipschitz ((1 + M) / s) h).
  { intros x y. unfold h. norm_of (scal (/ s) (plus (minus x y) (minus (f x) (f y))) : E).
    rewrite norm_multiple_pos by lra. unfold Rdiv. rewrite (Rmult_comm (1 + M)), Rmult_assoc.
    apply Rmult_le_compat_l; [lra|]. apply Rle_trans with (1 := norm_triangle _ _). specialize (L x y). lra. }
  assert (HMh : 0 < (1 + M) / s) by (apply Rdiv_lt_0_compat; lra).
  assert (Hmh : 0 < (1 + m) / s) by (apply Rdiv_lt_0_compat; lra).
  assert (Small : 0 < s < 2 * ((1 + m) / s)).
  { split; [exact Hs|]. apply Rmult_lt_reg_r with s; [exact Hs|].
    replace (2 * ((1 + m) / s) * s) with (2 * (1 + m)) by (field; lra). lra. }
  assert (Fh : F_class h).
  { apply F_iff_monotone. split; [exact Ch|]. exists ((1 + m) / s), ((1 + M) / s). now repeat split. }
  destruct (proj1 Fh) as (k & Inv & _). exists (fun w => minus (scal s (k w)) w).
  assert (Ck : exists K, C1 k K) by exact (proj1 (proj1 (F_iff_monotone k) (F_inverse h k Fh Inv))).
  pose proof (scaling_inverse h k _ _ s HMh Ck Mh Lh Inv Small) as G. split; [exact G|]. split.
  - replace (1 - 4 * m / ((1 + M) * (1 + M)))
      with (1 - s * (2 * ((1 + m) / s) - s) / ((1 + M) / s * ((1 + M) / s))).
    + now apply (scaling_inverse_lipschitz h k).
    + replace (s * (2 * ((1 + m) / s) - s)) with (2 * (1 + m) - s * s) by (field; lra).
      replace ((1 + M) / s * ((1 + M) / s)) with ((1 + M) * (1 + M) / (s * s)) by (field; lra).
      rewrite Hs2. field. lra.
  - intros x. assert (W : hidden (fun w => minus (scal s (k w)) w) x = h x).
    { symmetry. apply hidden_only; [apply G|]. rewrite (proj1 Inv). vector. }
    unfold monotone_block. rewrite W. unfold h. vector_by ltac:(try (field; lra)).
Qed.

(** One monotone block is exactly the class F. *)
Theorem monotone_block_is_F f : F_class f <-> exists g, smooth_contraction g /\ forall x, f x = monotone_block g x.
Proof.
  split.
  - intros H. apply F_iff_monotone in H. destruct H as [Cf (m & M & Hm & HM & Mo & L)].
    destruct (F_is_monotone_block f m M Cf Hm HM Mo L) as (g & Hg & _ & Eq). now exists g.
  - intros (g & Hg & Eq). apply (F_ext (monotone_block g)); [intros x; now rewrite Eq|]. now apply monotone_block_in_F.
Qed.

(** An ImpFlow block is exactly two monotone blocks. *)
Theorem I_is_two_monotone_blocks f : I_class f <->
  exists g1 g2, smooth_contraction g1 /\ smooth_contraction g2 /\
    forall x, f x = monotone_block g2 (monotone_block g1 x).
Proof.
  rewrite theorem2. split.
  - intros (f1 & f2 & F1 & F2 & H). apply monotone_block_is_F in F1, F2.
    destruct F1 as (g1 & G1 & E1). destruct F2 as (g2 & G2 & E2). exists g1, g2. split; [exact G1|]. split; [exact G2|].
    intros x. now rewrite H, E2, E1.
  - intros (g1 & g2 & G1 & G2 & H). exists (monotone_block g1), (monotone_block g2).
    split; [now apply monotone_block_in_F|]. split; [now apply monotone_block_in_F|exact H].
Qed.

(** A ResFlow block is one monotone block. *)
Corollary R_is_monotone_block f : R_class f -> exists g, smooth_contraction g /\ forall x, f x = monotone_block g x.
Proof. intros H. now apply monotone_block_is_F, lemma1_inclusion. Qed.
End MonotoneBlock.
