(** Norms and Lipschitz maps of real normed spaces. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity.
Open Scope R_scope.

(** [norm_of t]: the goal has the norm of a vector that is equal to [t]; write it as the norm of [t]. *)
Ltac norm_of t := cbv beta;
  match goal with
  | |- context [norm ?a] => let H := fresh in assert (H : a = t) by vector; rewrite H; clear H
  end.

Section Norm.
Context {E : NormedModule R_AbsRing}.
Implicit Types x y z : E.

(** The norm is homogeneous: |k x| = |k| |x|.  (The library states the inequality only.) *)
Lemma norm_multiple (k : R) x : norm (scal k x) = Rabs k * norm x.
Proof.
  apply Rle_antisym; [exact (norm_scal (K := R_AbsRing) k x)|].
  destruct (Req_dec k 0) as [->|NZ]; [rewrite Rabs_R0, Rmult_0_l; apply norm_ge_0|].
  assert (P : 0 < Rabs k) by now apply Rabs_pos_lt.
  assert (H : norm (scal (/ k) (scal k x)) <= Rabs (/ k) * norm (scal k x))
    by exact (norm_scal (K := R_AbsRing) (/ k) (scal k x)).
  replace (scal (/ k) (scal k x)) with x in H by (vector_by ltac:(try (field; exact NZ))).
  rewrite Rabs_inv in H. apply (Rmult_le_compat_l (Rabs k)) in H; [|lra].
  rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l in H by lra. exact H.
Qed.

Lemma opp_as_multiple x : opp x = scal (-1) x.
Proof. vector. Qed.

Lemma norm_multiple_pos (k : R) x : 0 <= k -> norm (scal k x) = k * norm x.
Proof. intros H. now rewrite norm_multiple, Rabs_pos_eq. Qed.

Lemma distance_sym x y : norm (minus x y) = norm (minus y x).
Proof. rewrite <- norm_opp. f_equal. vector. Qed.

Lemma distance_refl x : norm (minus x x) = 0.
Proof. rewrite minus_eq_zero. apply norm_zero. Qed.

Lemma distance_triangle x y z : norm (minus x z) <= norm (minus x y) + norm (minus y z).
Proof. replace (minus x z) with (plus (minus x y) (minus y z)) by vector. apply norm_triangle. Qed.

Lemma norm_minus_le x y : norm (minus x y) <= norm x + norm y.
Proof. unfold minus. rewrite <- (norm_opp y). apply norm_triangle. Qed.

Lemma norm_plus_ge x y : norm x - norm y <= norm (plus x y).
Proof. pose proof (norm_minus_le (plus x y) y) as H. replace (minus (plus x y) y) with x in H by vector. lra. Qed.

Lemma distance_zero x y : norm (minus x y) = 0 -> x = y.
Proof.
  intros H. apply norm_eq_zero in H. replace x with (plus (minus x y) y) by vector.
  rewrite H. vector.
Qed.
End Norm.

(** g is Lipschitz with constant c: |g x - g y| <= c |x - y|. *)
Definition lipschitz {E F : NormedModule R_AbsRing} (c : R) (g : E -> F) : Prop :=
  forall x y, norm (minus (g x) (g y)) <= c * norm (minus x y).

(** g is a contraction, Lip(g) < 1: some constant below one serves all pairs of points. *)
Definition contraction {E : NormedModule R_AbsRing} (g : E -> E) : Prop :=
  exists c, 0 <= c < 1 /\ lipschitz c g.

(** k is the two-sided inverse of f; so f is a bijection. *)
Definition inverse {E F : Type} (f : E -> F) (k : F -> E) : Prop :=
  (forall x, k (f x) = x) /\ (forall y, f (k y) = y).

Lemma inverse_sym {E F : Type} (f : E -> F) k : inverse f k -> inverse k f.
Proof. intros [A B]. now split. Qed.

Section Maps.
Context {E : NormedModule R_AbsRing}.
Implicit Types f g h k : E -> E.

Lemma lipschitz_weaken f c c' : c <= c' -> lipschitz c f -> lipschitz c' f.
Proof.
  intros H L x y. apply Rle_trans with (1 := L x y), Rmult_le_compat_r; [apply norm_ge_0|exact H].
Qed.

Lemma lipschitz_id : lipschitz 1 (fun x : E => x).
Proof. intros x y. lra. Qed.

Lemma lipschitz_comp f g a b : 0 <= b -> lipschitz a f -> lipschitz b g -> lipschitz (b * a) (fun x => g (f x)).
Proof.
  intros Hb A B x y. apply Rle_trans with (1 := B _ _). rewrite Rmult_assoc.
  apply Rmult_le_compat_l; [exact Hb|apply A].
Qed.

(** x -> b - g x is as Lipschitz as g. *)
Lemma lipschitz_reflect g c (b : E -> E) (x0 : E) : lipschitz c g -> lipschitz c (fun x => minus (b x0) (g x)).
Proof.
  intros L x y. rewrite (distance_sym x y).
  replace (minus (minus (b x0) (g x)) (minus (b x0) (g y))) with (minus (g y) (g x)) by vector. apply L.
Qed.

(** Id + g stretches distances by at most 1 + c and shrinks them by at most 1 - c. *)
Lemma id_plus_upper g c : lipschitz c g -> lipschitz (1 + c) (fun x => plus x (g x)).
Proof.
  intros L x y. replace (minus (plus x (g x)) (plus y (g y))) with (plus (minus x y) (minus (g x) (g y))) by vector.
  apply Rle_trans with (1 := norm_triangle _ _). specialize (L x y). lra.
Qed.

Lemma id_plus_lower g c : lipschitz c g ->
  forall x y, (1 - c) * norm (minus x y) <= norm (minus (plus x (g x)) (plus y (g y))).
Proof.
  intros L x y. replace (minus (plus x (g x)) (plus y (g y))) with (plus (minus x y) (minus (g x) (g y))) by vector.
  pose proof (norm_plus_ge (minus x y) (minus (g x) (g y))). specialize (L x y). lra.
Qed.

(** If f expands distances by m > 0, its inverse is Lipschitz with constant 1/m. *)
Lemma inverse_lipschitz f k m : 0 < m ->
  (forall x y, m * norm (minus x y) <= norm (minus (f x) (f y))) -> inverse f k -> lipschitz (/ m) k.
Proof.
  intros Hm Low [_ B] x y. specialize (Low (k x) (k y)). rewrite !B in Low.
  apply Rmult_le_reg_l with m; [exact Hm|]. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l; lra.
Qed.
End Maps.
