(** The Hilbert spaces of the paper: the real line and R^d with the Euclidean norm, for every d. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert.
Open Scope R_scope.

(** ** The real line *)

Definition real_banach : BanachSpace :=
  {| normed_space := R_NormedModule;
     limit := library_limit R_CompleteNormedModule;
     limit_correct := library_limit_correct R_CompleteNormedModule |}.

Lemma real_inner_norm (x : real_banach) : (x : R) * (x : R) = norm x * norm x.
Proof. change (norm x) with (Rabs x). rewrite <- Rabs_mult, Rabs_pos_eq; [reflexivity|apply Rle_0_sqr]. Qed.

Definition RealLine : HilbertSpace :=
  {| banach_space := real_banach;
     inner := fun x y : real_banach => (x : R) * (y : R);
     inner_plus := fun x y z => Rmult_plus_distr_r x y z;
     inner_scal := fun k x z => Rmult_assoc k x z;
     inner_sym := fun x y => Rmult_comm x y;
     inner_norm := real_inner_norm |}.

(** ** The zero space, R^0 *)

Lemma unit_all (x y : unit) : x = y.
Proof. now destruct x, y. Qed.

Definition unit_group : AbelianGroup :=
  AbelianGroup.Pack unit (AbelianGroup.Mixin unit (fun _ _ => tt) (fun _ => tt) tt
    (fun _ _ => unit_all _ _) (fun _ _ _ => unit_all _ _) (fun _ => unit_all _ _) (fun _ => unit_all _ _)) unit.

Definition unit_uniform : UniformSpace.mixin_of unit :=
  UniformSpace.Mixin unit tt (fun _ _ _ => True) (fun _ _ => I) (fun _ _ _ _ => I) (fun _ _ _ _ _ _ _ => I).

Definition unit_module : ModuleSpace R_AbsRing :=
  ModuleSpace.Pack R_AbsRing unit (ModuleSpace.Class R_AbsRing unit (AbelianGroup.class unit_group)
    (ModuleSpace.Mixin R_AbsRing unit_group (fun _ _ => tt) (fun _ _ _ => unit_all _ _) (fun _ => unit_all _ _)
      (fun _ _ _ => unit_all _ _) (fun _ _ _ => unit_all _ _))) unit.

Definition unit_aux : NormedModuleAux R_AbsRing :=
  NormedModuleAux.Pack R_AbsRing unit
    (NormedModuleAux.Class R_AbsRing unit (ModuleSpace.class R_AbsRing unit_module) unit_uniform) unit.

Lemma unit_norm_laws :
  (forall x y : unit_aux, 0 <= 0 + 0) /\ (forall (k : R_AbsRing) (x : unit_aux), 0 <= abs k * 0) /\
  (forall (x y : unit_aux) (eps : posreal), ball x eps y -> 0 < 1 * eps).
Proof. split; [intros; lra|]. split; [intros; lra|]. intros _ _ eps _. rewrite Rmult_1_l. apply cond_pos. Qed.

Definition unit_normed : NormedModule R_AbsRing :=
  NormedModule.Pack R_AbsRing unit (NormedModule.Class R_AbsRing unit (NormedModuleAux.class R_AbsRing unit_aux)
    (NormedModule.Mixin R_AbsRing unit_aux (fun _ => 0) 1 (proj1 unit_norm_laws) (proj1 (proj2 unit_norm_laws))
      (fun _ _ _ _ => I) (proj2 (proj2 unit_norm_laws)) (fun _ _ => unit_all _ _))) unit.

Lemma unit_limit_correct (u : nat -> unit_normed) : cauchy_sequence u -> converges u (zero : unit_normed).
Proof. intros _ eps He. exists 0%nat. intros n _. exact He. Qed.

Definition ZeroSpace : HilbertSpace.
Proof.
  refine {| banach_space := {| normed_space := unit_normed; limit := fun _ => zero; limit_correct := unit_limit_correct |};
            inner := fun _ _ => 0 |}; intros; try lra.
  change (0 = 0 * 0). ring.
Defined.

(** ** The product of two Hilbert spaces, with |(x, y)|^2 = |x|^2 + |y|^2 *)

Section Product.
Variables U V : HilbertSpace.
Let W : NormedModule R_AbsRing := prod_NormedModule R_AbsRing U V.
Implicit Types x y : W.

Lemma product_norm_square x : norm x * norm x = norm (fst x) * norm (fst x) + norm (snd x) * norm (snd x).
Proof.
  change (norm x) with (sqrt (norm (fst x) ^ 2 + norm (snd x) ^ 2)). rewrite sqrt_sqrt; [ring|].
  apply Rplus_le_le_0_compat; apply pow2_ge_0.
Qed.

Lemma product_norm_bounds x : norm (fst x) <= norm x /\ norm (snd x) <= norm x /\ norm x <= norm (fst x) + norm (snd x).
Proof.
  pose proof (product_norm_square x). pose proof (norm_ge_0 (fst x)). pose proof (norm_ge_0 (snd x)).
  pose proof (norm_ge_0 x). repeat split; nra.
Qed.

Definition product_limit (u : nat -> W) : W := (limit (fun n => fst (u n)), limit (fun n => snd (u n))).

Lemma product_limit_correct u : cauchy_sequence u -> converges u (product_limit u).
Proof.
  intros H eps He.
  destruct (limit_correct U (fun n => fst (u n))) with (eps := eps / 2) as [N1 H1]; [|lra|].
  { intros e Hpos. destruct (H e Hpos) as [N HN]. exists N. intros n m Hn Hm.
    apply Rle_lt_trans with (2 := HN n m Hn Hm). apply (product_norm_bounds (minus (u n) (u m))). }
  destruct (limit_correct V (fun n => snd (u n))) with (eps := eps / 2) as [N2 H2]; [|lra|].
  { intros e Hpos. destruct (H e Hpos) as [N HN]. exists N. intros n m Hn Hm.
    apply Rle_lt_trans with (2 := HN n m Hn Hm). apply (product_norm_bounds (minus (u n) (u m))). }
  exists (Nat.max N1 N2). intros n Hn. specialize (H1 n ltac:(lia)). specialize (H2 n ltac:(lia)).
  apply Rle_lt_trans with (1 := proj2 (proj2 (product_norm_bounds (minus (u n) (product_limit u))))).
  change (norm (minus (fst (u n)) (limit (fun n => fst (u n)))) + norm (minus (snd (u n)) (limit (fun n => snd (u n)))) < eps).
  lra.
Qed.

Definition Product : HilbertSpace.
Proof.
  refine {| banach_space := {| normed_space := W; limit := product_limit; limit_correct := product_limit_correct |};
            inner := fun x y : W => inner (fst x) (fst y) + inner (snd x) (snd y) |}.
  - intros [x1 x2] [y1 y2] [z1 z2].
    change (inner (plus x1 y1) z1 + inner (plus x2 y2) z2 = inner x1 z1 + inner x2 z2 + (inner y1 z1 + inner y2 z2)).
    rewrite !inner_plus. ring.
  - intros k [x1 x2] [z1 z2].
    change (inner (scal k x1) z1 + inner (scal k x2) z2 = k * (inner x1 z1 + inner x2 z2)).
    rewrite !inner_scal. ring.
  - intros x y. now rewrite (inner_sym _ (fst x)), (inner_sym _ (snd x)).
  - intros x. rewrite !inner_norm. symmetry. apply (product_norm_square x).
Defined.
End Product.

(** ** R^d *)

(** R^d with the Euclidean inner product and norm: d real coordinates. *)
Fixpoint Rd (d : nat) : HilbertSpace :=
  match d with O => ZeroSpace | S d => Product RealLine (Rd d) end.

Lemma norm_from_square {E : HilbertSpace} (x : E) n : 0 <= n -> inner x x = n * n -> norm x = n.
Proof. rewrite inner_norm. intros Hn H. pose proof (norm_ge_0 x). nra. Qed.

(** For d >= 1 there is a unit vector. *)
Lemma Rd_unit_vector d : (1 <= d)%nat -> exists u : Rd d, norm u = 1.
Proof.
  destruct d as [|d]; [lia|]. intros _. exists ((1, zero) : Rd (S d)). apply norm_from_square; [lra|].
  change (1 * 1 + inner (zero : Rd d) zero = 1 * 1). rewrite inner_norm, norm_zero. ring.
Qed.

(** A space of dimension at most one: every vector is a multiple of one vector. *)
Definition at_most_a_line (E : HilbertSpace) : Prop := exists u : E, forall x, exists t : R, x = scal t u.

Lemma Rd_line d : (d <= 1)%nat -> at_most_a_line (Rd d).
Proof.
  destruct d as [|[|d]]; [| |lia]; intros _.
  - exists (zero : Rd 0). intros x. exists 0. apply unit_all.
  - exists ((1, tt) : Rd 1). intros [t []]. exists t.
    change ((t, tt) = (t * 1, tt)). now rewrite Rmult_1_r.
Qed.
