(** Theorem 1 of the paper: the implicit block is well defined and invertible.

    It holds in every complete normed space, for maps that need not be differentiable. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach.
Open Scope R_scope.

Section ImplicitBlock.
Context {E : BanachSpace}.
Implicit Types gx gz : E -> E.

(** The block equation (3):  F(z, x) = g_x(x) - g_z(z) + x - z. *)
Definition block_equation gx gz (z x : E) : E := plus (minus (gx x) (gz z)) (minus x z).

(** The ImpFlow map  z = f(x): the root of F(., x), computed as the fixed point of  z -> x + g_x(x) - g_z(z). *)
Definition implicit_flow gx gz (x : E) : E := fixed_point (fun z => minus (plus x (gx x)) (gz z)).

Lemma block_equation_root gx gz z x :
  block_equation gx gz z x = zero <-> minus (plus x (gx x)) (gz z) = z.
Proof.
  unfold block_equation. split; intros H.
  - replace (minus (plus x (gx x)) (gz z)) with (plus (plus (minus (gx x) (gz z)) (minus x z)) z) by vector.
    rewrite H. vector.
  - replace (plus (minus (gx x) (gz z)) (minus x z)) with (minus (minus (plus x (gx x)) (gz z)) z) by vector.
    rewrite H. vector.
Qed.

(** The two sides of the block:  F(z, x) = 0  says  z + g_z(z) = x + g_x(x). *)
Lemma block_equation_sides gx gz z x :
  block_equation gx gz z x = zero <-> plus z (gz z) = plus x (gx x).
Proof.
  rewrite block_equation_root. split; intros H.
  - rewrite <- H at 1. vector.
  - rewrite <- H. vector.
Qed.

(** Exchanging the two networks exchanges the roles of x and z. *)
Lemma block_equation_swap gx gz z x :
  block_equation gx gz z x = zero <-> block_equation gz gx x z = zero.
Proof. rewrite !block_equation_sides. split; intros H; now symmetry. Qed.

Lemma step_contraction gx gz x : contraction gz -> contraction (fun z => minus (plus x (gx x)) (gz z)).
Proof.
  intros (c & Hc & L). exists c. split; [exact Hc|].
  exact (lipschitz_reflect gz c (fun _ => plus x (gx x)) x L).
Qed.

Lemma implicit_flow_root gx gz x : contraction gz -> block_equation gx gz (implicit_flow gx gz x) x = zero.
Proof. intros Hz. apply block_equation_root. exact (fixed_point_spec _ (step_contraction gx gz x Hz)). Qed.

Lemma implicit_flow_only gx gz x z : contraction gz -> block_equation gx gz z x = zero -> z = implicit_flow gx gz x.
Proof.
  intros Hz H. apply block_equation_root in H. exact (fixed_point_only _ z (step_contraction gx gz x Hz) H).
Qed.

(** Theorem 1, forward: if Lip(g_z) < 1 then for every x the equation F(z, x) = 0 has exactly one root z. *)
Theorem theorem1_forward gx gz : contraction gz -> forall x, exists! z, block_equation gx gz z x = zero.
Proof.
  intros Hz x. exists (implicit_flow gx gz x). split; [now apply implicit_flow_root|].
  intros z H. symmetry. now apply implicit_flow_only.
Qed.

(** Theorem 1, backward: if Lip(g_x) < 1 then for every z the equation F(z, x) = 0 has exactly one root x. *)
Theorem theorem1_backward gx gz : contraction gx -> forall z, exists! x, block_equation gx gz z x = zero.
Proof.
  intros Hx z. destruct (theorem1_forward gz gx Hx z) as [x [H U]]. exists x. split; [now apply block_equation_swap|].
  intros x' H'. apply U. now apply block_equation_swap.
Qed.

(** Theorem 1: the ImpFlow map is a bijection of the whole space. Its inverse is the ImpFlow map of the same two
    networks exchanged. *)
Theorem theorem1_bijective gx gz : contraction gx -> contraction gz ->
  inverse (implicit_flow gx gz) (implicit_flow gz gx).
Proof.
  intros Hx Hz. split; intros u; symmetry; apply implicit_flow_only; try assumption.
  - apply block_equation_swap. now apply implicit_flow_root.
  - apply block_equation_swap. now apply implicit_flow_root.
Qed.

(** The certificate of a root: the residual at any z bounds the distance to f(x) from both sides,
    |F(z,x)| / (1 + c_z) <= |f(x) - z| <= |F(z,x)| / (1 - c_z). *)
Theorem theorem1_certificate gx gz c x z : 0 <= c < 1 -> lipschitz c gz ->
  norm (block_equation gx gz z x) / (1 + c) <= norm (minus (implicit_flow gx gz x) z)
  /\ norm (minus (implicit_flow gx gz x) z) <= norm (block_equation gx gz z x) / (1 - c).
Proof.
  intros Hc L. assert (Hz : contraction gz) by now exists c.
  replace (block_equation gx gz z x) with (minus (minus (plus x (gx x)) (gz z)) z) by (unfold block_equation; vector).
  apply (residual_certificate c (fun z => minus (plus x (gx x)) (gz z))); [exact Hc| |].
  - exact (lipschitz_reflect gz c (fun _ => plus x (gx x)) x L).
  - exact (fixed_point_spec _ (step_contraction gx gz x Hz)).
Qed.

(** The same certificate for the inverse pass, with the constant of g_x. *)
Theorem theorem1_certificate_inverse gx gz c x z : 0 <= c < 1 -> lipschitz c gx ->
  norm (block_equation gx gz z x) / (1 + c) <= norm (minus (implicit_flow gz gx z) x)
  /\ norm (minus (implicit_flow gz gx z) x) <= norm (block_equation gx gz z x) / (1 - c).
Proof.
  intros Hc L. pose proof (theorem1_certificate gz gx c z x Hc L) as H.
  replace (norm (block_equation gx gz z x)) with (norm (block_equation gz gx x z)); [exact H|].
  rewrite <- norm_opp. f_equal. unfold block_equation. vector.
Qed.

(** The Lipschitz constant of a block is at most (1 + c_x) / (1 - c_z); with [theorem1_bijective], that of its inverse
    is at most (1 + c_z) / (1 - c_x). *)
Theorem block_lipschitz gx gz cx cz : 0 <= cx -> 0 <= cz < 1 -> lipschitz cx gx -> lipschitz cz gz ->
  lipschitz ((1 + cx) / (1 - cz)) (implicit_flow gx gz).
Proof.
  intros Hcx Hcz Lx Lz x y. assert (Hz : contraction gz) by now exists cz.
  set (f := implicit_flow gx gz).
  assert (Side : forall u, plus (f u) (gz (f u)) = plus u (gx u)).
  { intros u. apply block_equation_sides. now apply implicit_flow_root. }
  pose proof (id_plus_lower gz cz Lz (f x) (f y)) as Low. rewrite !Side in Low.
  pose proof (id_plus_upper gx cx Lx x y) as Up. simpl in Up.
  apply Rmult_le_reg_l with (1 - cz); [lra|].
  replace ((1 - cz) * ((1 + cx) / (1 - cz) * norm (minus x y))) with ((1 + cx) * norm (minus x y)) by (field; lra). lra.
Qed.

(** ... and that of its inverse. *)
Corollary block_inverse_lipschitz gx gz cx cz : 0 <= cx < 1 -> 0 <= cz -> lipschitz cx gx -> lipschitz cz gz ->
  lipschitz ((1 + cz) / (1 - cx)) (implicit_flow gz gx).
Proof. intros Hcx Hcz Lx Lz. now apply block_lipschitz. Qed.

(** The bound is attained: g_x = c_x Id and g_z = - c_z Id give the multiple (1 + c_x) / (1 - c_z) of the identity. *)
Theorem block_lipschitz_attained (cx cz : R) (x : E) : 0 <= cz < 1 ->
  implicit_flow (fun u => scal cx u) (fun u => scal (- cz) u) x = scal ((1 + cx) / (1 - cz)) x.
Proof.
  intros Hcz. symmetry. apply implicit_flow_only.
  - exists cz. split; [exact Hcz|]. intros u v. cbv beta.
    norm_of (scal (- cz) (minus u v)). rewrite norm_multiple, Rabs_Ropp, Rabs_pos_eq; lra.
  - unfold block_equation. vector_by ltac:(try (field; lra)).
Qed.
End ImplicitBlock.
