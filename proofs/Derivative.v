(** Continuously differentiable maps, and what their derivatives say about distances.

    The derivative is the library's Frechet derivative [filterdiff]; C1 asks the Jacobian to be continuous in the
    operator norm. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert.
Open Scope R_scope.

(** f is of class C1 with Jacobian J: at every x the bounded linear map J x is the derivative of f, and x -> J x is
    continuous in the operator norm. *)
Definition C1 {E : NormedModule R_AbsRing} (f : E -> E) (J : E -> E -> E) : Prop :=
  (forall x, filterdiff f (locally x) (J x)) /\
  forall x eps, 0 < eps -> exists d, 0 < d /\
    forall y, norm (minus y x) < d -> forall v, norm (minus (J y v) (J x v)) <= eps * norm v.

Section Linear.
Context {E : NormedModule R_AbsRing}.
Implicit Types A : E -> E.

Lemma linear_minus A : is_linear A -> forall x y, A (minus x y) = minus (A x) (A y).
Proof.
  intros L x y. unfold minus. rewrite (linear_plus A L), !opp_as_multiple. f_equal. exact (linear_scal A L (-1) y).
Qed.

Lemma linear_times A : is_linear A -> forall (k : R) x, A (scal k x) = scal k (A x).
Proof. intros L k x. exact (linear_scal A L k x). Qed.

Lemma linear_multiple (k : R) : is_linear (fun x : E => scal k x).
Proof.
  split.
  - intros. vector.
  - intros l x. change (@eq E (scal k (scal (l : R) x)) (scal (l : R) (scal k x))). vector.
  - exists (Rabs k + 1). pose proof (Rabs_pos k). split; [lra|]. intros x. rewrite norm_multiple.
    pose proof (norm_ge_0 x). nra.
Qed.

(** The inverse of a linear bijection is linear. *)
Lemma linear_inverse A (B : E -> E) N : 0 < N -> is_linear A -> inverse A B ->
  (forall v, norm (B v) <= N * norm v) -> is_linear B.
Proof.
  intros HN L [BA AB] H. split.
  - intros x y. rewrite <- (AB x) at 1. rewrite <- (AB y) at 1. now rewrite <- (linear_plus A L), BA.
  - intros k x. rewrite <- (AB x) at 1. now rewrite <- (linear_scal A L), BA.
  - now exists N.
Qed.
End Linear.

Section Calculus.
Context {E : NormedModule R_AbsRing}.
Implicit Types f g k : E -> E.

(** The derivative with epsilon and delta. *)
Lemma derivative_epsilon f x A : filterdiff f (locally x) A <-> is_linear A /\
  forall eps, 0 < eps -> exists d, 0 < d /\ forall y, norm (minus y x) < d ->
    norm (minus (minus (f y) (f x)) (A (minus y x))) <= eps * norm (minus y x).
Proof.
  split; intros [L H]; split; try exact L.
  - intros eps He. specialize (H x (fun P HP => HP) (mkposreal eps He)).
    apply locally_norm_le_locally in H. destruct H as [d Hd]. exists d. split; [apply cond_pos|]. exact Hd.
  - intros x' Hx' eps. rewrite <- (is_filter_lim_locally_unique _ _ Hx').
    destruct (H eps (cond_pos eps)) as (d & Hd & H'). apply locally_le_locally_norm. now exists (mkposreal d Hd).
Qed.

(** The difference quotient along a direction. *)
Lemma difference_quotient f x A : filterdiff f (locally x) A -> forall v eps, 0 < eps -> exists t, 0 < t /\
  norm (minus (minus (f (plus x (scal t v))) (f x)) (scal t (A v))) <= eps * (t * norm v).
Proof.
  intros H v eps He. apply derivative_epsilon in H. destruct H as [L H]. destruct (H eps He) as (d & Hd & H').
  pose proof (norm_ge_0 v) as Hv. assert (Ht : 0 < d / (norm v + 1)) by (apply Rdiv_lt_0_compat; lra).
  set (t := d / (norm v + 1)) in *. exists t. split; [exact Ht|].
  assert (Hd' : t * (norm v + 1) = d) by (unfold t; field; lra).
  specialize (H' (plus x (scal t v))). replace (minus (plus x (scal t v)) x) with (scal t v : E) in H' by vector.
  rewrite (linear_times A L), norm_multiple_pos in H' by lra. apply H'. nra.
Qed.

(** A Lipschitz constant of f bounds the operator norm of its derivative. *)
Lemma lipschitz_derivative f x A c : lipschitz c f -> filterdiff f (locally x) A ->
  forall v, norm (A v) <= c * norm v.
Proof.
  intros Lf H v. apply le_epsilon. intros e He. pose proof (norm_ge_0 v) as Hv.
  assert (Hq : 0 < e / (norm v + 1)) by (apply Rdiv_lt_0_compat; lra).
  assert (Hqv : e / (norm v + 1) * (norm v + 1) = e) by (field; lra). set (q := e / (norm v + 1)) in *.
  destruct (difference_quotient f x A H v q Hq) as (t & Ht & Ht').
  pose proof (Lf (plus x (scal t v)) x) as U. set (y := plus x (scal t v)) in *.
  replace (minus y x) with (scal t v : E) in U by (unfold y; vector). rewrite norm_multiple_pos in U by lra.
  pose proof (norm_minus_le (minus (f y) (f x)) (minus (minus (f y) (f x)) (scal t (A v)))) as T.
  replace (minus (minus (f y) (f x)) (minus (minus (f y) (f x)) (scal t (A v)))) with (scal t (A v) : E) in T by vector.
  rewrite norm_multiple_pos in T by lra. apply Rmult_le_reg_l with t; [exact Ht|]. nra.
Qed.

(** ** Rules of calculus *)

Lemma C1_ext f g J : (forall x, f x = g x) -> C1 f J -> C1 g J.
Proof. intros H [D C]. split; [|exact C]. intros x. exact (filterdiff_ext f g (J x) H (D x)). Qed.

Lemma C1_jacobian_ext f J K : (forall x v, J x v = K x v) -> C1 f J -> C1 f K.
Proof.
  intros H [D C]. split.
  - intros x. exact (filterdiff_ext_lin f (J x) (K x) (D x) (H x)).
  - intros x eps He. destruct (C x eps He) as (d & Hd & C'). exists d. split; [exact Hd|]. intros y Hy v.
    rewrite <- !H. now apply C'.
Qed.

Lemma C1_linear (A : E -> E) : is_linear A -> C1 A (fun _ => A).
Proof.
  intros L. split; [intros x; now apply filterdiff_linear|]. intros x eps He. exists 1. split; [lra|].
  intros y _ v. rewrite distance_refl. pose proof (norm_ge_0 v). nra.
Qed.

Lemma C1_id : C1 (fun x : E => x) (fun _ v => v).
Proof. apply (C1_linear (fun x => x)). apply is_linear_id. Qed.

Lemma C1_const (b : E) : C1 (fun _ : E => b) (fun _ _ => zero).
Proof.
  split; [intros x; apply filterdiff_const|]. intros x eps He. exists 1. split; [lra|].
  intros y _ v. rewrite distance_refl. pose proof (norm_ge_0 v). nra.
Qed.

Lemma C1_plus f g J K : C1 f J -> C1 g K -> C1 (fun x => plus (f x) (g x)) (fun x v => plus (J x v) (K x v)).
Proof.
  intros [Df Cf] [Dg Cg]. split; [intros x; now apply filterdiff_plus_fct|]. intros x eps He.
  destruct (Cf x (eps / 2) ltac:(lra)) as (d1 & H1 & C1'). destruct (Cg x (eps / 2) ltac:(lra)) as (d2 & H2 & C2').
  exists (Rmin d1 d2). split; [now apply Rmin_glb_lt|]. intros y Hy v.
  specialize (C1' y (Rlt_le_trans _ _ _ Hy (Rmin_l _ _)) v). specialize (C2' y (Rlt_le_trans _ _ _ Hy (Rmin_r _ _)) v).
  norm_of (plus (minus (J y v) (J x v)) (minus (K y v) (K x v))).
  apply Rle_trans with (1 := norm_triangle _ _). lra.
Qed.

(** A differentiable map is continuous. *)
Lemma derivative_continuous f x A : filterdiff f (locally x) A -> forall eps, 0 < eps -> exists d, 0 < d /\
  forall y, norm (minus y x) < d -> norm (minus (f y) (f x)) < eps.
Proof.
  intros H eps He. apply derivative_epsilon in H. destruct H as [L H].
  destruct (linear_norm A L) as (M & HM & B). destruct (H 1 Rlt_0_1) as (d & Hd & H').
  assert (He' : 0 < eps / (M + 1)) by (apply Rdiv_lt_0_compat; lra).
  exists (Rmin d (eps / (M + 1))). split; [now apply Rmin_glb_lt|]. intros y Hy.
  specialize (H' y (Rlt_le_trans _ _ _ Hy (Rmin_l _ _))). specialize (B (minus y x)).
  apply (Rlt_le_trans _ _ _ Hy) in He' || idtac. pose proof (Rlt_le_trans _ _ _ Hy (Rmin_r _ _)) as Hy2.
  apply Rlt_div_r in Hy2; [|lra].
  pose proof (norm_plus_ge (minus (f y) (f x)) (opp (A (minus y x)))) as T. rewrite norm_opp in T.
  change (plus (minus (f y) (f x)) (opp (A (minus y x)))) with (minus (minus (f y) (f x)) (A (minus y x))) in T. lra.
Qed.

(** The chain rule in class C1. *)
Lemma C1_comp f g J K : C1 f J -> C1 g K -> C1 (fun x => g (f x)) (fun x v => K (f x) (J x v)).
Proof.
  intros [Df Cf] [Dg Cg]. split; [intros x; now apply filterdiff_comp'|]. intros x eps He.
  destruct (linear_norm _ (proj1 (Df x))) as (Mf & HMf & Bf). destruct (linear_norm _ (proj1 (Dg (f x)))) as (Mg & HMg & Bg).
  assert (He1 : 0 < eps / (2 * (Mf + 1))) by (apply Rdiv_lt_0_compat; lra).
  assert (He2 : 0 < Rmin 1 (eps / (2 * Mg))) by (apply Rmin_glb_lt; [lra|apply Rdiv_lt_0_compat; lra]).
  destruct (Cg (f x) _ He1) as (dg & Hdg & Cg'). destruct (Cf x _ He2) as (d1 & Hd1 & Cf').
  destruct (derivative_continuous f x (J x) (Df x) dg Hdg) as (d2 & Hd2 & Near).
  exists (Rmin d1 d2). split; [now apply Rmin_glb_lt|]. intros y Hy v.
  specialize (Near y (Rlt_le_trans _ _ _ Hy (Rmin_r _ _))). specialize (Cf' y (Rlt_le_trans _ _ _ Hy (Rmin_l _ _)) v).
  specialize (Cg' (f y) Near (J y v)). specialize (Bg (minus (J y v) (J x v))). specialize (Bf v).
  rewrite (linear_minus _ (proj1 (Dg (f x)))) in Bg.
  pose proof (distance_triangle (K (f y) (J y v)) (K (f x) (J y v)) (K (f x) (J x v))) as T.
  pose proof (norm_plus_ge (J y v) (opp (J x v))) as S. rewrite norm_opp in S.
  change (plus (J y v) (opp (J x v))) with (minus (J y v) (J x v)) in S.
  set (e1 := eps / (2 * (Mf + 1))) in *. set (e2 := Rmin 1 (eps / (2 * Mg))) in *.
  assert (E1 : e1 * (Mf + 1) = eps / 2) by (unfold e1; field; lra).
  assert (E2 : Mg * e2 <= eps / 2).
  { replace (eps / 2) with (Mg * (eps / (2 * Mg))) by (field; lra). apply Rmult_le_compat_l; [lra|apply Rmin_r]. }
  assert (E3 : e2 <= 1) by apply Rmin_l. pose proof (norm_ge_0 v).
  assert (norm (J y v) <= (Mf + 1) * norm v) by nra.
  assert (e1 * norm (J y v) <= e1 * ((Mf + 1) * norm v)) by (apply Rmult_le_compat_l; lra).
  assert (Mg * norm (minus (J y v) (J x v)) <= Mg * (e2 * norm v)) by (apply Rmult_le_compat_l; lra). nra.
Qed.

Lemma C1_scal (k : R) f J : C1 f J -> C1 (fun x => scal k (f x)) (fun x v => scal k (J x v)).
Proof. intros H. exact (C1_comp f (fun x => scal k x) J _ H (C1_linear _ (linear_multiple k))). Qed.

Lemma C1_minus f g J K : C1 f J -> C1 g K -> C1 (fun x => minus (f x) (g x)) (fun x v => minus (J x v) (K x v)).
Proof.
  intros Hf Hg. pose proof (C1_plus f _ J _ Hf (C1_scal (-1) g K Hg)) as H.
  apply (C1_ext (fun x => plus (f x) (scal (-1) (g x)))); [intros; vector|].
  apply (C1_jacobian_ext _ (fun x v => plus (J x v) (scal (-1) (K x v)))); [intros; vector|exact H].
Qed.

(** The inverse function: if the inverse k of f is Lipschitz and every Jacobian of f has a bounded inverse, then k is of
    class C1, and its Jacobian at y is the inverse of the Jacobian of f at k y. *)
Lemma C1_inverse f k J (B : E -> E -> E) N : 0 < N -> C1 f J -> inverse f k -> lipschitz N k ->
  (forall x, inverse (J x) (B x)) -> (forall x v, norm (B x v) <= N * norm v) -> C1 k (fun y => B (k y)).
Proof.
  intros HN [D C] [KF FK] Lk Inv Bound.
  assert (Lin : forall x, is_linear (B x)).
  { intros x. apply (linear_inverse (J x) (B x) N HN); [apply (D x)|apply Inv|apply Bound]. }
  assert (Small : forall eps, 0 < eps -> 0 < eps / (N * N)) by (intros; apply Rdiv_lt_0_compat; nra).
  assert (Near : forall d y y', norm (minus y' y) < d / N -> norm (minus (k y') (k y)) < d).
  { intros d y y' H. apply Rlt_div_r in H; [|exact HN]. specialize (Lk y' y). lra. }
  split.
  - intros y. apply derivative_epsilon. split; [apply Lin|]. intros eps He.
    destruct (proj2 (proj1 (derivative_epsilon f (k y) (J (k y))) (D (k y))) _ (Small eps He)) as (d & Hd & H).
    exists (d / N). split; [now apply Rdiv_lt_0_compat|]. intros y' Hy. specialize (H (k y') (Near d y y' Hy)).
    rewrite !FK in H. destruct (Inv (k y)) as [BJ _]. set (x := k y) in *. set (x' := k y') in *.
    replace (minus (minus x' x) (B x (minus y' y))) with (opp (B x (minus (minus y' y) (J x (minus x' x))))).
    2:{ rewrite (linear_minus _ (Lin x)), BJ. vector. }
    rewrite norm_opp. apply Rle_trans with (1 := Bound _ _). specialize (Lk y' y). fold x x' in Lk.
    set (n := norm (minus (minus y' y) (J x (minus x' x)))) in *. set (e := norm (minus y' y)) in *.
    replace (eps * e) with (N * (eps / (N * N) * (N * e))) by (field; lra).
    apply Rmult_le_compat_l; [lra|]. apply Rle_trans with (1 := H). apply Rmult_le_compat_l; [|exact Lk].
    left. now apply Small.
  - intros y eps He. destruct (C (k y) _ (Small eps He)) as (d & Hd & H).
    exists (d / N). split; [now apply Rdiv_lt_0_compat|]. intros y' Hy v. specialize (H (k y') (Near d y y' Hy)).
    set (x := k y) in *. set (x' := k y') in *. specialize (H (B x v)).
    destruct (Inv x) as [_ JB]. destruct (Inv x') as [BJ' _]. rewrite JB in H.
    replace (minus (B x' v) (B x v)) with (opp (B x' (minus (J x' (B x v)) v))).
    2:{ rewrite (linear_minus _ (Lin x')), BJ'. vector. }
    rewrite norm_opp. apply Rle_trans with (1 := Bound _ _).
    replace (eps * norm v) with (N * (eps / (N * N) * (N * norm v))) by (field; lra).
    apply Rmult_le_compat_l; [lra|]. apply Rle_trans with (1 := H). apply Rmult_le_compat_l; [|apply Bound].
    left. now apply Small.
Qed.
End Calculus.

(** ** In a Hilbert space the derivative bounds the map *)

Section Hilbert.
Context {E : HilbertSpace}.
Implicit Types f : E -> E.

Lemma path_derivative f J (x v w : E) (t : R) : (forall x, filterdiff f (locally x) (J x)) ->
  is_derive (fun t : R => inner (f (plus x (scal t v))) w) t (inner (J (plus x (scal t v)) v) w).
Proof.
  intros D. set (p := plus x (scal t v)).
  assert (Path : filterdiff (fun t : R => plus x (scal t v) : E) (locally t) (fun h : R => scal h v)).
  { apply filterdiff_ext_lin with (fun h : R => plus zero (scal h v : E)); [|intros; apply plus_zero_l].
    apply (filterdiff_plus_fct (fun _ : R => x) (fun t : R => scal t v : E)); [apply filterdiff_const|].
    apply filterdiff_linear. exact (is_linear_scal_l (K := R_AbsRing) (V := E) v). }
  pose proof (filterdiff_comp' (fun t : R => plus x (scal t v) : E) f t _ _ Path (D p)) as H.
  pose proof (filterdiff_comp' _ (fun u => inner u w) t _ (fun u => inner u w) H
    (filterdiff_linear _ (inner_linear w))) as H'.
  apply (filterdiff_ext_lin _ _ _ H'). intros h. rewrite (linear_times (J p) (proj1 (D p))). rewrite inner_scal. reflexivity.
Qed.

(** The mean value theorem along a segment, seen in the direction w. *)
Lemma mean_value f J x y w : (forall x, filterdiff f (locally x) (J x)) ->
  exists p, inner (minus (f x) (f y)) w = inner (J p (minus x y)) w.
Proof.
  intros D. pose proof (fun t => path_derivative f J y (minus x y) w t D) as H.
  destruct (MVT_gen _ 0 1 _ (fun t _ => H t)) as (s & _ & Hs).
  { intros t _. apply continuity_pt_filterlim. apply (ex_derive_continuous (V := R_NormedModule)).
    eexists. apply H. }
  exists (plus y (scal s (minus x y))). rewrite inner_minus.
  replace (plus y (scal 1 (minus x y))) with x in Hs by vector.
  replace (plus y (scal 0 (minus x y))) with y in Hs by vector. rewrite Hs. ring.
Qed.

(** Lip(f) is the supremum of the operator norms of the Jacobian: <= (with [lipschitz_derivative] for >=). *)
Theorem derivative_lipschitz f J c : (forall x, filterdiff f (locally x) (J x)) ->
  (forall x v, norm (J x v) <= c * norm v) -> lipschitz c f.
Proof.
  intros D B x y. set (w := minus (f x) (f y)). destruct (mean_value f J x y w D) as [p Hp]. fold w in Hp.
  rewrite inner_norm in Hp. pose proof (cauchy_schwarz (J p (minus x y)) w). specialize (B p (minus x y)).
  pose proof (norm_ge_0 w). pose proof (norm_ge_0 (J p (minus x y))).
  destruct (Req_dec (norm w) 0) as [Z|NZ]; [lra|]. apply Rmult_le_reg_r with (norm w); [lra|]. nra.
Qed.

(** Strong monotonicity is a lower bound on the symmetric part of the Jacobian: v^T J v >= m |v|^2. *)
Theorem derivative_monotone f J m : (forall x, filterdiff f (locally x) (J x)) ->
  (forall x v, m * (norm v * norm v) <= inner (J x v) v) -> monotone m f.
Proof. intros D B x y. destruct (mean_value f J x y (minus x y) D) as [p Hp]. rewrite Hp. apply B. Qed.

(** The converse: a strongly monotone map has such a Jacobian. *)
Theorem monotone_derivative f x A m : monotone m f -> filterdiff f (locally x) A ->
  forall v, m * (norm v * norm v) <= inner (A v) v.
Proof.
  intros Mo H v. apply le_epsilon. intros e He. pose proof (norm_ge_0 v) as Hv.
  assert (Hq : 0 < e / (norm v * norm v + 1)) by (apply Rdiv_lt_0_compat; nra).
  assert (Hqv : e / (norm v * norm v + 1) * (norm v * norm v + 1) = e) by (field; nra).
  set (q := e / (norm v * norm v + 1)) in *.
  destruct (difference_quotient f x A H v q Hq) as (t & Ht & Ht').
  pose proof (Mo (plus x (scal t v)) x) as Low. set (y := plus x (scal t v)) in *.
  replace (minus y x) with (scal t v : E) in Low by (unfold y; vector).
  rewrite norm_multiple_pos, inner_scal_r in Low by lra. set (d := minus (f y) (f x)) in *.
  pose proof (cauchy_schwarz (minus d (scal t (A v) : E)) v) as CS. rewrite inner_minus, inner_scal in CS.
  set (n := norm _) in CS at 1.
  assert (n * norm v <= q * (t * norm v) * norm v) by (apply Rmult_le_compat_r; [exact Hv|exact Ht']).
  assert (m * (t * (norm v * norm v)) <= inner d v) by (apply Rmult_le_reg_l with t; [exact Ht|nra]).
  apply Rmult_le_reg_l with t; [exact Ht|]. nra.
Qed.

(** It is enough to look at unit vectors. *)
Lemma unit_vectors (A : E -> E) m : is_linear A -> (forall v, norm v = 1 -> m <= inner (A v) v) ->
  forall v, m * (norm v * norm v) <= inner (A v) v.
Proof.
  intros L H v. pose proof (norm_ge_0 v). destruct (Req_dec (norm v) 0) as [Z|NZ].
  - rewrite Z, (norm_eq_zero v Z), (linear_zero A L), inner_norm, norm_zero. lra.
  - specialize (H (scal (/ norm v) v)).
    assert (P : 0 < / norm v) by (apply Rinv_0_lt_compat; lra).
    rewrite norm_multiple_pos, (linear_times A L), inner_scal, inner_scal_r in H by lra.
    specialize (H (Rinv_l _ NZ)). apply (Rmult_le_compat_r (norm v * norm v)) in H; [|nra].
    apply Rle_trans with (1 := H). right. field. exact NZ.
Qed.
End Hilbert.
