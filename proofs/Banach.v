(** Banach's fixed point theorem, with the certificate that the program prints.

    In a complete normed space a contraction has exactly one fixed point; here it is a function, the limit of the
    iterates from zero, so that what is built from it (the flow, a derivative of an inverse) needs no axiom of choice. *)
From Coq Require Import Reals Lia Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz.
Open Scope R_scope.

Section Uniqueness.
Context {E : NormedModule R_AbsRing}.

Lemma fixed_point_unique c (phi : E -> E) x y :
  c < 1 -> lipschitz c phi -> phi x = x -> phi y = y -> x = y.
Proof.
  intros Hc L Hx Hy. apply distance_zero. specialize (L x y). rewrite Hx, Hy in L.
  pose proof (norm_ge_0 (minus x y)). nra.
Qed.

(** The residual certificate: from one evaluation at any point y,
    |phi y - y| / (1 + c) <= |x* - y| <= |phi y - y| / (1 - c). *)
Theorem residual_certificate c (phi : E -> E) x y : 0 <= c < 1 -> lipschitz c phi -> phi x = x ->
  norm (minus (phi y) y) / (1 + c) <= norm (minus x y) <= norm (minus (phi y) y) / (1 - c).
Proof.
  intros Hc L Hx. pose proof (L x y) as Lxy. rewrite Hx in Lxy.
  pose proof (distance_triangle x (phi y) y) as Upper.
  pose proof (distance_triangle (phi y) x y) as Lower. rewrite (distance_sym (phi y) x) in Lower.
  split; [apply Rle_div_l|apply Rle_div_r]; lra.
Qed.
End Uniqueness.

(** ** Complete spaces *)

(** The sequence u is a Cauchy sequence. *)
Definition cauchy_sequence {E : NormedModule R_AbsRing} (u : nat -> E) : Prop :=
  forall eps, 0 < eps -> exists N, forall n m, (N <= n)%nat -> (N <= m)%nat -> norm (minus (u n) (u m)) < eps.

(** The sequence u converges to x. *)
Definition converges {E : NormedModule R_AbsRing} (u : nat -> E) (x : E) : Prop :=
  forall eps, 0 < eps -> exists N, forall n, (N <= n)%nat -> norm (minus (u n) x) < eps.

(** A complete normed space: every Cauchy sequence converges, to its [limit]. *)
Record BanachSpace := {
  normed_space :> NormedModule R_AbsRing;
  limit : (nat -> normed_space) -> normed_space;
  limit_correct : forall u, cauchy_sequence u -> converges u (limit u) }.
Arguments limit {_} _.

(** What the library calls a complete normed module is a Banach space in this sense. *)
Section Library.
Variable E : CompleteNormedModule R_AbsRing.
Let V : NormedModule R_AbsRing := CompleteNormedModule.NormedModule R_AbsRing E.

Definition library_limit (u : nat -> V) : V := lim (filtermap u eventually : (E -> Prop) -> Prop).

Lemma library_limit_correct u : cauchy_sequence u -> converges u (library_limit u).
Proof.
  intros H. assert (C : filterlim u eventually (locally (library_limit u))).
  { apply filterlim_locally. intros eps.
    apply (complete_cauchy (T := E) (filtermap u eventually)).
    - apply filtermap_proper_filter. exact eventually_filter.
    - intros d. destruct (H d (cond_pos d)) as [N HN]. exists (u N), N. intros n Hn.
      apply (norm_compat1 (V := V)). now apply HN. }
  intros eps He. exact (proj1 (filterlim_locally_ball_norm u (library_limit u)) C (mkposreal eps He)).
Qed.

Definition complete_normed_module_banach : BanachSpace :=
  {| normed_space := V; limit := library_limit; limit_correct := library_limit_correct |}.
End Library.

(** ** The fixed point *)

Section Existence.
Context {E : BanachSpace}.
Implicit Types phi : E -> E.

Fixpoint iterate phi (n : nat) : E := match n with O => zero | S n => phi (iterate phi n) end.

(** The limit of zero, phi zero, phi (phi zero), ... *)
Definition fixed_point phi : E := limit (iterate phi).

Section Convergence.
Variables (c : R) (phi : E -> E).
Hypothesis Hc : 0 <= c < 1.
Hypothesis L : lipschitz c phi.
Let D := norm (minus (phi zero) zero).

Lemma one_step n : norm (minus (iterate phi (S n)) (iterate phi n)) <= c ^ n * D.
Proof.
  induction n as [|n IH]; [simpl; fold D; lra|].
  apply Rle_trans with (1 := L _ _). change (c ^ S n) with (c * c ^ n). rewrite Rmult_assoc.
  apply Rmult_le_compat_l; [lra|exact IH].
Qed.

Lemma many_steps n m : norm (minus (iterate phi (n + m)) (iterate phi n)) <= c ^ n * (D / (1 - c)).
Proof.
  assert (P : 0 <= c ^ n) by (apply pow_le; lra). assert (HD : 0 <= D) by apply norm_ge_0.
  assert (H : norm (minus (iterate phi (n + m)) (iterate phi n)) * (1 - c) <= c ^ n * D * (1 - c ^ m)).
  { induction m as [|m IH]; [rewrite Nat.add_0_r, distance_refl; simpl; lra|].
    pose proof (one_step (n + m)) as Step. rewrite pow_add in Step. rewrite Nat.add_succ_r.
    pose proof (distance_triangle (iterate phi (S (n + m))) (iterate phi (n + m)) (iterate phi n)).
    change (c ^ S m) with (c * c ^ m). nra. }
  apply Rmult_le_reg_r with (1 - c); [lra|].
  replace (c ^ n * (D / (1 - c)) * (1 - c)) with (c ^ n * D) by (field; lra).
  assert (0 <= c ^ m) by (apply pow_le; lra). assert (0 <= c ^ n * D) by now apply Rmult_le_pos. nra.
Qed.

Lemma late_steps_small eps : 0 < eps -> exists N, c ^ N * (D / (1 - c)) < eps.
Proof.
  intros He. assert (HD : 0 <= D / (1 - c)).
  { apply Rmult_le_pos; [apply norm_ge_0|]. left. apply Rinv_0_lt_compat. lra. }
  assert (P : 0 < eps / (D / (1 - c) + 1)) by (apply Rdiv_lt_0_compat; lra).
  destruct (pow_lt_1_zero c (Rabs_def1 c 1 ltac:(lra) ltac:(lra)) _ P) as [N HN]. exists N.
  specialize (HN N (le_n N)). rewrite Rabs_pos_eq in HN by (apply pow_le; lra).
  apply Rlt_div_r in HN; [|lra]. assert (0 <= c ^ N) by (apply pow_le; lra). nra.
Qed.

Lemma iterates_converge : converges (iterate phi) (fixed_point phi).
Proof.
  apply limit_correct. intros eps He.
  destruct (late_steps_small (eps / 2) ltac:(lra)) as [N HN]. exists N.
  assert (Near : forall n, (N <= n)%nat -> norm (minus (iterate phi n) (iterate phi N)) < eps / 2).
  { intros n Hn. replace n with (N + (n - N))%nat by lia.
    apply Rle_lt_trans with (1 := many_steps N (n - N)). exact HN. }
  intros n m Hn Hm. pose proof (distance_triangle (iterate phi n) (iterate phi N) (iterate phi m)) as T.
  rewrite (distance_sym (iterate phi N)) in T. pose proof (Near n Hn). pose proof (Near m Hm). lra.
Qed.

Lemma fixed_point_fixed : phi (fixed_point phi) = fixed_point phi.
Proof.
  set (z := fixed_point phi). apply distance_zero.
  destruct (Req_dec (norm (minus (phi z) z)) 0) as [|NZ]; [assumption|exfalso].
  pose proof (norm_ge_0 (minus (phi z) z)) as P.
  assert (P4 : 0 < norm (minus (phi z) z) / 4) by lra.
  destruct (iterates_converge _ P4) as [N HN]. fold z in HN.
  pose proof (HN N (le_n N)) as Now. pose proof (HN (S N) (le_S _ _ (le_n N))) as Next. simpl in Next.
  pose proof (distance_triangle (phi z) (phi (iterate phi N)) z). pose proof (L z (iterate phi N)) as Lz.
  rewrite (distance_sym z) in Lz. pose proof (norm_ge_0 (minus (iterate phi N) z)). nra.
Qed.
End Convergence.

(** Banach's fixed point theorem: a contraction of a complete normed space has exactly one fixed point. *)
Theorem banach_fixed_point phi : contraction phi -> exists! x, phi x = x.
Proof.
  intros (c & Hc & L). exists (fixed_point phi). split; [now apply fixed_point_fixed with c|].
  intros y Hy. apply (fixed_point_unique c phi); try assumption; [lra|now apply fixed_point_fixed with c].
Qed.

Lemma fixed_point_spec phi : contraction phi -> phi (fixed_point phi) = fixed_point phi.
Proof. intros (c & Hc & L). now apply fixed_point_fixed with c. Qed.

Lemma fixed_point_only phi y : contraction phi -> phi y = y -> y = fixed_point phi.
Proof.
  intros (c & Hc & L) Hy. apply (fixed_point_unique c phi); try assumption; [lra|now apply fixed_point_fixed with c].
Qed.
End Existence.
