(** Strongly monotone Lipschitz C1 maps are diffeomorphisms of the whole space.

    Everything comes from Banach's theorem applied to  x -> x - a (f x - y)  with  a = m / M^2. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative.
Open Scope R_scope.

Section Diffeomorphism.
Context {E : HilbertSpace}.
Implicit Types f : E -> E.

(** The solution x of  f x = y. *)
Definition preimage (m M : R) f (y : E) : E :=
  fixed_point (fun x : E => minus (scal (m / (M * M)) y) (minus (scal (m / (M * M)) (f x)) x)).

Lemma preimage_step_contraction f m M y : 0 < m -> 0 < M -> monotone m f -> lipschitz M f ->
  contraction (fun x : E => minus (scal (m / (M * M)) y) (minus (scal (m / (M * M)) (f x)) x)).
Proof.
  intros Hm HM Mo L. set (a := m / (M * M)). assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; nra).
  exists (sqrt (1 - 2 * a * m + a * a * (M * M))). split.
  - apply sqrt_below_one. replace (a * a * (M * M)) with (a * m) by (unfold a; field; lra). nra.
  - apply (lipschitz_reflect (fun x => minus (scal a (f x)) x) _ (fun _ => scal a y) y). apply scaled_distance; try assumption. lra.
Qed.

(** A strongly monotone Lipschitz map of a Hilbert space is a bijection. *)
Theorem monotone_bijective f m M : 0 < m -> 0 < M -> monotone m f -> lipschitz M f -> inverse f (preimage m M f).
Proof.
  intros Hm HM Mo L. set (a := m / (M * M)). assert (Ha : 0 < a) by (apply Rdiv_lt_0_compat; nra).
  split; intros x; unfold preimage; fold a.
  - symmetry. apply fixed_point_only; [now apply preimage_step_contraction|]. vector.
  - pose proof (fixed_point_spec _ (preimage_step_contraction f m M x Hm HM Mo L)) as H. fold a in H.
    set (z := fixed_point _) in *. cbv beta in H.
    assert (Z : scal a (minus x (f z)) = zero).
    { replace (scal a (minus x (f z)) : E) with (minus (minus (scal a x) (minus (scal a (f z)) z)) z) by vector.
      rewrite H. vector. }
    replace (f z) with (minus x (scal (/ a) (scal a (minus x (f z))))) by (vector_by ltac:(try field; lra)).
    rewrite Z. vector.
Qed.

(** If f is of class C1, strongly monotone and Lipschitz, so is its inverse; the Jacobian of the inverse at y is the
    inverse of the Jacobian of f at f^-1(y). *)
Theorem monotone_diffeomorphism f J m M : 0 < m -> 0 < M -> C1 f J -> monotone m f -> lipschitz M f ->
  let k := preimage m M f in let B x := preimage m M (J x) in
  inverse f k /\ lipschitz (/ m) k /\ (forall x, inverse (J x) (B x)) /\ C1 k (fun y => B (k y)).
Proof.
  intros Hm HM HC Mo L k B.
  assert (Inv : inverse f k) by now apply monotone_bijective.
  assert (Lk : lipschitz (/ m) k) by (apply (inverse_lipschitz f k m Hm); [now apply monotone_lower|exact Inv]).
  assert (Jm : forall x, monotone m (J x)).
  { intros x u v. rewrite <- (linear_minus (J x)) by apply (proj1 HC x).
    now apply (monotone_derivative f x (J x) m Mo), (proj1 HC). }
  assert (JL : forall x, lipschitz M (J x)).
  { intros x u v. rewrite <- (linear_minus (J x)) by apply (proj1 HC x).
    now apply (lipschitz_derivative f x (J x) M L), (proj1 HC). }
  assert (BJ : forall x, inverse (J x) (B x)) by (intros x; now apply monotone_bijective).
  split; [exact Inv|]. split; [exact Lk|]. split; [exact BJ|].
  apply (C1_inverse f k J B (/ m)); try assumption; [now apply Rinv_0_lt_compat|].
  intros x v. pose proof (inverse_lipschitz (J x) (B x) m Hm (monotone_lower (J x) m Hm (Jm x)) (BJ x) v zero) as H.
  assert (Z : B x zero = zero).
  { rewrite <- (linear_zero (J x) (proj1 (proj1 HC x))) at 1. apply (proj1 (BJ x)). }
  rewrite Z in H. replace (minus (B x v) zero) with (B x v) in H by vector.
  replace (minus v zero) with v in H by vector. exact H.
Qed.
End Diffeomorphism.
