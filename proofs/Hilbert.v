(** Real Hilbert spaces: complete normed spaces whose norm comes from an inner product.

    The theorems about function classes are proved in every Hilbert space; Euclidean.v has R^d for every d. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach.
Open Scope R_scope.

Record HilbertSpace := {
  banach_space :> BanachSpace;
  inner : banach_space -> banach_space -> R;
  inner_plus : forall x y z, inner (plus x y) z = inner x z + inner y z;
  inner_scal : forall (k : R) x z, inner (scal k x) z = k * inner x z;
  inner_sym : forall x y, inner x y = inner y x;
  inner_norm : forall x, inner x x = norm x * norm x }.
Arguments inner {_} _ _.

(** [inner_of t]: the goal has an inner product whose left side is equal to [t]; write it with [t]. *)
Ltac inner_of t := cbv beta;
  match goal with
  | |- context [inner ?a _] => let H := fresh in assert (H : a = t) by vector; rewrite H; clear H
  end.

(** If n^2 <= s e^2 then n <= sqrt s e. *)
Lemma le_sqrt_times (n s e : R) : 0 <= n -> 0 <= e -> n * n <= s * (e * e) -> n <= sqrt s * e.
Proof.
  intros Hn He H. destruct (Rle_dec 0 s) as [Hs|Hs].
  - apply Rsqr_incr_0; [|exact Hn|apply Rmult_le_pos; [apply sqrt_pos|exact He]].
    unfold Rsqr. replace (sqrt s * e * (sqrt s * e)) with (sqrt s * sqrt s * (e * e)) by ring.
    rewrite sqrt_sqrt; assumption.
  - rewrite sqrt_neg_0 by lra. destruct (Req_dec n 0); [lra|]. assert (0 < n * n) by nra.
    assert (0 <= e * e) by nra. nra.
Qed.

Lemma sqrt_below_one s : s < 1 -> 0 <= sqrt s < 1.
Proof.
  intros H. split; [apply sqrt_pos|]. destruct (Rle_dec 0 s) as [P|N].
  - rewrite <- sqrt_1. apply sqrt_lt_1; lra.
  - rewrite sqrt_neg_0; lra.
Qed.

Section InnerProduct.
Context {E : HilbertSpace}.
Implicit Types x y z : E.

Lemma inner_minus x y z : inner (minus x y) z = inner x z - inner y z.
Proof. unfold minus. rewrite inner_plus, opp_as_multiple, inner_scal. ring. Qed.

Lemma inner_plus_r x y z : inner x (plus y z) = inner x y + inner x z.
Proof. now rewrite inner_sym, inner_plus, (inner_sym _ y), (inner_sym _ z). Qed.

Lemma inner_minus_r x y z : inner x (minus y z) = inner x y - inner x z.
Proof. now rewrite inner_sym, inner_minus, (inner_sym _ y), (inner_sym _ z). Qed.

Lemma inner_scal_r (k : R) x z : inner x (scal k z) = k * inner x z.
Proof. now rewrite inner_sym, inner_scal, inner_sym. Qed.

Lemma norm_square_minus x y :
  norm (minus x y) * norm (minus x y) = norm x * norm x - 2 * inner x y + norm y * norm y.
Proof. rewrite <- !inner_norm, inner_minus, !inner_minus_r, (inner_sym _ y x). ring. Qed.

Lemma norm_square_plus x y :
  norm (plus x y) * norm (plus x y) = norm x * norm x + 2 * inner x y + norm y * norm y.
Proof. rewrite <- !inner_norm, inner_plus, !inner_plus_r, (inner_sym _ y x). ring. Qed.

Lemma cauchy_schwarz x y : inner x y <= norm x * norm y.
Proof.
  pose proof (norm_square_plus x y). pose proof (norm_triangle x y). pose proof (norm_ge_0 (plus x y)).
  pose proof (norm_ge_0 x). pose proof (norm_ge_0 y). nra.
Qed.

Lemma cauchy_schwarz_abs x y : Rabs (inner x y) <= norm x * norm y.
Proof.
  apply Rabs_le. split; [|apply cauchy_schwarz].
  pose proof (cauchy_schwarz (opp x) y) as H. rewrite norm_opp, opp_as_multiple, inner_scal in H. lra.
Qed.

(** The linear functional <., w>. *)
Lemma inner_linear (w : E) : is_linear (V := R_NormedModule) (fun x : E => inner x w).
Proof.
  split.
  - intros x y. apply inner_plus.
  - intros k x. apply inner_scal.
  - exists (norm w + 1). pose proof (norm_ge_0 w). split; [lra|]. intros x.
    apply Rle_trans with (1 := cauchy_schwarz_abs x w). pose proof (norm_ge_0 x). nra.
Qed.
End InnerProduct.

(** ** Strong monotonicity *)

(** f is strongly monotone with constant m:  <f x - f y, x - y> >= m |x - y|^2. *)
Definition monotone {E : HilbertSpace} (m : R) (f : E -> E) : Prop :=
  forall x y, m * (norm (minus x y) * norm (minus x y)) <= inner (minus (f x) (f y)) (minus x y).

Section Monotone.
Context {E : HilbertSpace}.
Implicit Types f k : E -> E.

Lemma monotone_lower f m : 0 < m -> monotone m f ->
  forall x y, m * norm (minus x y) <= norm (minus (f x) (f y)).
Proof.
  intros Hm Mo x y. pose proof (Mo x y). pose proof (cauchy_schwarz (minus (f x) (f y)) (minus x y)).
  pose proof (norm_ge_0 (minus x y)). pose proof (norm_ge_0 (minus (f x) (f y))).
  destruct (Req_dec (norm (minus x y)) 0) as [Z|NZ]; [rewrite Z; lra|].
  apply Rmult_le_reg_r with (norm (minus x y)); lra.
Qed.

(** Id + g is strongly monotone with constant 1 - c when Lip(g) <= c. *)
Lemma id_plus_monotone (g : E -> E) c : lipschitz c g -> monotone (1 - c) (fun x => plus x (g x)).
Proof.
  intros L x y. replace (minus (plus x (g x)) (plus y (g y))) with (plus (minus x y) (minus (g x) (g y))) by vector.
  rewrite inner_plus, inner_norm. set (e := minus x y). set (d := minus (g x) (g y)).
  pose proof (cauchy_schwarz_abs d e) as H. apply Rabs_le_between in H. specialize (L x y). fold e d in L.
  pose proof (norm_ge_0 e). nra.
Qed.

(** The inverse of a map with constants m, M is strongly monotone with constant m / M^2. *)
Lemma inverse_monotone f k m M : 0 < m -> 0 < M -> monotone m f -> lipschitz M f -> inverse f k ->
  monotone (m / (M * M)) k.
Proof.
  intros Hm HM Mo L [_ B] x y. pose proof (Mo (k x) (k y)) as H. pose proof (L (k x) (k y)) as U. rewrite !B in H, U.
  rewrite inner_sym. apply Rle_trans with (2 := H).
  set (e := norm (minus x y)) in *. set (d := norm (minus (k x) (k y))) in *.
  assert (0 <= e) by apply norm_ge_0. assert (0 <= d) by apply norm_ge_0. assert (e * e <= M * M * (d * d)) by nra.
  apply Rmult_le_reg_r with (M * M); [nra|].
  replace (m / (M * M) * (e * e) * (M * M)) with (m * (e * e)) by (field; lra). nra.
Qed.

(** The estimate behind both scaling lemmas: |a df - dx|^2 <= (1 - 2am + a^2 M^2) |dx|^2. *)
Lemma scaled_distance f m M a : 0 <= a -> monotone m f -> lipschitz M f ->
  lipschitz (sqrt (1 - 2 * a * m + a * a * (M * M))) (fun x => minus (scal a (f x)) x).
Proof.
  intros Ha Mo L x y. norm_of (minus (scal a (minus (f x) (f y)) : E) (minus x y)).
  pose proof (Mo x y) as H. pose proof (L x y) as U.
  set (d := minus (f x) (f y)) in *. set (e := minus x y) in *.
  apply le_sqrt_times; [apply norm_ge_0|apply norm_ge_0|].
  rewrite norm_square_minus, inner_scal, (norm_multiple_pos a d) by exact Ha.
  pose proof (norm_ge_0 e). pose proof (norm_ge_0 d).
  assert (norm d * norm d <= M * norm e * (M * norm e)) by nra. assert (0 <= a * a) by nra.
  assert (a * a * (norm d * norm d) <= a * a * (M * norm e * (M * norm e))) by (apply Rmult_le_compat_l; assumption).
  nra.
Qed.
End Monotone.
