(** The derivative of the ImpFlow map:  J_f(x) = (I + J_gz(f x))^-1 (I + J_gx(x)). *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Theorem1 Hilbert Derivative Diffeomorphism Classes.
Open Scope R_scope.

Section ImplicitDerivative.
Context {E : HilbertSpace}.

(** I + J_g(z) is invertible when Lip(g) < 1: the equation  w + J_g(z) w = v  has exactly one solution. *)
Theorem id_plus_jacobian_invertible (g : E -> E) J c : 0 <= c < 1 -> lipschitz c g -> C1 g J ->
  forall z v, exists! w, plus w (J z w) = v.
Proof.
  intros Hc L HC z v. assert (H : contraction (J z)).
  { exists c. split; [exact Hc|]. intros x y. rewrite <- (linear_minus _ (proj1 (proj1 HC z))).
    now apply (lipschitz_derivative g z), (proj1 HC). }
  destruct (theorem1_forward (fun _ => minus v v) (J z) H v) as [w [Hw U]].
  exists w. split.
  - apply block_equation_sides in Hw. rewrite Hw. vector.
  - intros w' Hw'. apply U. apply block_equation_sides. rewrite Hw'. vector.
Qed.

(** The derivative of  f = implicit_flow g_x g_z: it exists, is continuous, and solves
    (I + J_gz(f x)) J_f(x) v = (I + J_gx(x)) v. With the unique solvability above, this is
    J_f(x) = (I + J_gz(f x))^-1 (I + J_gx(x)). *)
Theorem implicit_derivative (gx gz : E -> E) Jx Jz :
  contraction gx -> C1 gx Jx -> contraction gz -> C1 gz Jz ->
  exists J, C1 (implicit_flow gx gz) J /\
    forall x v, plus (J x v) (Jz (implicit_flow gx gz x) (J x v)) = plus v (Jx x v).
Proof.
  intros _ Cx (c & Hc & Lz) Cz. assert (Hz : contraction gz) by now exists c.
  set (p := fun z => plus z (gz z)). set (P := fun z v => plus v (Jz z v)).
  assert (Cp : C1 p P) by exact (C1_plus _ gz _ Jz C1_id Cz).
  destruct (monotone_diffeomorphism p P (1 - c) (1 + c) ltac:(lra) ltac:(lra) Cp (id_plus_monotone gz c Lz)
    (id_plus_upper gz c Lz)) as ([KP PK] & _ & Inv & Ck).
  set (k := preimage (1 - c) (1 + c) p) in *. set (B := fun x => preimage (1 - c) (1 + c) (P x)) in *.
  assert (Flow : forall x, k (plus x (gx x)) = implicit_flow gx gz x).
  { intros x. apply implicit_flow_only; [exact Hz|]. apply block_equation_sides. exact (PK (plus x (gx x))). }
  exists (fun x v => B (implicit_flow gx gz x) (plus v (Jx x v))). split.
  - apply (C1_ext (fun x => k (plus x (gx x)))); [exact Flow|].
    apply (C1_jacobian_ext _ (fun x v => B (k (plus x (gx x))) (plus v (Jx x v)))); [intros; now rewrite Flow|].
    exact (C1_comp _ k _ _ (C1_plus _ gx _ Jx C1_id Cx) Ck).
  - intros x v. exact (proj2 (Inv (implicit_flow gx gz x)) (plus v (Jx x v))).
Qed.
End ImplicitDerivative.
