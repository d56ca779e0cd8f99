(** Three ResFlow blocks against one ImpFlow block: R_3 is inside I exactly when d <= 1.

    The appendix of the paper says that R_3 is not inside I, without a dimension. For d >= 2 it is so: three rotations with
    scaling, by (1 + 2i)/5 twice and by (3 + 4i)/5, compose to -1/5. For d = 1 every R_l is inside I. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative Classes Lemma1 Theorem2 Euclidean.
Open Scope R_scope.

(** A map that turns one direction round is not an ImpFlow block. *)
Theorem reversal_not_I {E : HilbertSpace} (f : E -> E) (v : E) s : norm v = 1 -> 0 < s ->
  minus (f v) (f zero) = scal (- s) v -> ~ I_class f.
Proof.
  intros Hv Hs Turn (f1 & f2 & k2 & H1 & H2 & [_ FK] & Eq).
  destruct (R_constants f1 H1) as (c1 & Hc1 & _ & M1). destruct (R_constants f2 H2) as (c2 & Hc2 & _ & M2).
  specialize (M1 v zero). specialize (M2 (f v) (f zero)). rewrite Turn, !Eq, !FK in M2.
  replace (minus v zero) with v in M1 by vector.
  rewrite inner_scal_r, norm_multiple, Rabs_Ropp, Rabs_pos_eq in M2 by lra. rewrite Hv in M1, M2.
  assert (0 < (1 - c2) * (s * 1 * (s * 1))) by (apply Rmult_lt_0_compat; nra). nra.
Qed.

(** ** Dimension at least two *)

Section Plane.
Variable d : nat.
Notation space := (Rd (S (S d))).

(** The complex number a + ib acting on the first two coordinates, and t on the others. *)
Definition rotation (a b : R) (t : R) (x : space) : space :=
  let '(x1, (x2, rest)) := x : R * (R * Rd d) in (a * x1 - b * x2, (b * x1 + a * x2, scal t rest)).

Lemma rotation_norm a b x : norm (rotation a b 0 x) * norm (rotation a b 0 x) <= (a * a + b * b) * (norm x * norm x).
Proof.
  rewrite <- !inner_norm. destruct x as [x1 [x2 rest]].
  change ((a * x1 - b * x2) * (a * x1 - b * x2) + ((b * x1 + a * x2) * (b * x1 + a * x2) + inner (scal 0 rest) (scal 0 rest))
    <= (a * a + b * b) * (x1 * x1 + (x2 * x2 + inner rest rest))).
  rewrite inner_scal, (inner_norm _ rest). pose proof (Rle_0_sqr (norm rest)) as P. unfold Rsqr in P.
  assert (0 <= (a * a + b * b) * (norm rest * norm rest)) by (apply Rmult_le_pos; nra). nra.
Qed.

Lemma rotation_linear a b : is_linear (rotation a b 0).
Proof.
  split.
  - intros [x1 [x2 x]] [y1 [y2 y]].
    change ((a * (x1 + y1) - b * (x2 + y2), (b * (x1 + y1) + a * (x2 + y2), scal 0 (plus x y)))
      = (a * x1 - b * x2 + (a * y1 - b * y2), (b * x1 + a * x2 + (b * y1 + a * y2), plus (scal 0 x) (scal 0 y)))).
    f_equal; [ring|]. f_equal; [ring|]. exact (scal_distr_l 0 x y).
  - intros k [x1 [x2 x]].
    change ((a * (k * x1) - b * (k * x2), (b * (k * x1) + a * (k * x2), scal 0 (scal k x)))
      = (k * (a * x1 - b * x2), (k * (b * x1 + a * x2), scal k (scal 0 x)))).
    f_equal; [ring|]. f_equal; [ring|]. change (@eq (Rd d) (scal 0 (scal (k : R) x)) (scal (k : R) (scal 0 x))). vector.
  - exists (sqrt (a * a + b * b) + 1). pose proof (sqrt_pos (a * a + b * b)). split; [lra|]. intros x.
    apply Rle_trans with (sqrt (a * a + b * b) * norm x).
    + apply le_sqrt_times; [apply norm_ge_0|apply norm_ge_0|apply rotation_norm].
    + pose proof (norm_ge_0 x). nra.
Qed.

(** Multiplication by w is in R when |w - 1| < 1. *)
Lemma rotation_in_R a b : (a - 1) * (a - 1) + b * b < 1 -> R_class (rotation a b 1).
Proof.
  intros H. exists (rotation (a - 1) b 0). split.
  - split; [|eexists; apply C1_linear, rotation_linear].
    exists (sqrt ((a - 1) * (a - 1) + b * b)). split; [now apply sqrt_below_one|].
    intros x y. rewrite <- (linear_minus _ (rotation_linear (a - 1) b)).
    apply le_sqrt_times; [apply norm_ge_0|apply norm_ge_0|apply rotation_norm].
  - intros [x1 [x2 x]].
    change ((a * x1 - b * x2, (b * x1 + a * x2, scal 1 x))
      = (x1 + ((a - 1) * x1 - b * x2), (x2 + (b * x1 + (a - 1) * x2), plus x (scal 0 x)))).
    f_equal; [ring|]. f_equal; [ring|]. vector.
Qed.

(** The witness: -1/5 on a plane, the identity across it. *)
Definition turned : space -> space := rotation (-1 / 5) 0 1.

(** ((1 + 2i)/5)^2 (3 + 4i)/5 = -1/5, and each factor is nearer than 1 to 1: its distance is sqrt (4/5). *)
Lemma turned_in_R3 : R_l 3 turned.
Proof.
  set (z := rotation (1 / 5) (2 / 5) 1). set (w := rotation (3 / 5) (4 / 5) 1).
  assert (Hz : R_class z) by (apply rotation_in_R; lra). assert (Hw : R_class w) by (apply rotation_in_R; lra).
  exists (fun x => z (z x)), w. split; [|split; [exact Hw|]].
  - exists z, z. split; [now apply R_in_R_l|]. split; [exact Hz|reflexivity].
  - intros [x1 [x2 x]]. unfold turned, z, w, rotation. simpl.
    f_equal; [field|]. f_equal; [field|]. change (@eq (Rd d) (scal 1 x) (scal 1 (scal 1 (scal 1 x)))). vector.
Qed.

Lemma turned_not_in_I : ~ I_class turned.
Proof.
  apply (reversal_not_I turned ((1, (0, zero)) : space) (1 / 5)); [|lra|].
  - apply norm_from_square; [lra|]. change (1 * 1 + (0 * 0 + inner (zero : Rd d) zero) = 1 * 1).
    rewrite inner_norm, norm_zero. ring.
  - change ((((-1 / 5) * 1 - 0 * 0) + - ((-1 / 5) * 0 - 0 * 0), ((0 * 1 + (-1 / 5) * 0) + - (0 * 0 + (-1 / 5) * 0),
        minus (scal 1 (zero : Rd d)) (scal 1 zero)))
      = (- (1 / 5) * 1, (- (1 / 5) * 0, scal (- (1 / 5)) (zero : Rd d)))).
    f_equal; [field|]. f_equal; [ring|]. change (@eq (Rd d) (minus (scal 1 zero) (scal 1 zero)) (scal (- (1 / 5)) zero)). vector.
Qed.
End Plane.

(** Appendix, for d >= 2: some composition of three ResFlow blocks is not an ImpFlow block. *)
Theorem R3_not_in_I d : (2 <= d)%nat -> exists f : Rd d -> Rd d, R_l 3 f /\ ~ I_class f.
Proof.
  destruct d as [|[|d]]; [lia|lia|]. intros _. exists (turned d).
  split; [apply turned_in_R3|apply turned_not_in_I].
Qed.

(** ** Dimension one *)

Section Line.
Context {E : HilbertSpace}.
Hypothesis line : at_most_a_line E.

Lemma slopes_multiply a b e m n : 0 < m -> 0 < n -> m * (a * a) <= b * a -> n * (b * b) <= e * b ->
  n * m * (a * a) <= e * a.
Proof.
  intros Hm Hn Hb He. destruct (Req_dec a 0) as [->|NZ]; [lra|].
  assert (0 < a * a) by nra. assert (0 < b * a) by nra. assert (NB : b <> 0) by nra. assert (0 < b * b) by nra.
  apply Rmult_le_reg_r with (b * b); [assumption|]. replace (e * a * (b * b)) with (e * b * (b * a)) by ring.
  apply Rle_trans with (n * (b * b) * (b * a)); [|apply Rmult_le_compat_r; lra].
  replace (n * m * (a * a) * (b * b)) with (n * (b * b) * (m * (a * a))) by ring. apply Rmult_le_compat_l; nra.
Qed.

(** On a line a composition of strongly monotone maps is strongly monotone. *)
Lemma line_monotone_comp (f g : E -> E) m n : 0 < m -> 0 < n -> monotone m f -> monotone n g ->
  monotone (n * m) (fun x => g (f x)).
Proof.
  intros Hm Hn Mf Mg x y. specialize (Mf x y). specialize (Mg (f x) (f y)). destruct line as [u Hu].
  destruct (Hu (minus x y)) as [a Ha]. destruct (Hu (minus (f x) (f y))) as [b Hb].
  destruct (Hu (minus (g (f x)) (g (f y)))) as [e He]. rewrite Ha, Hb in Mf. rewrite Hb, He in Mg. rewrite Ha, He.
  rewrite <- !inner_norm, !inner_scal, !inner_scal_r in *. rewrite inner_norm in *.
  set (q := norm u * norm u) in *. assert (Hq : 0 <= q) by (apply Rle_0_sqr).
  destruct (Req_dec q 0) as [Z|NZ]; [rewrite Z; lra|]. assert (P : 0 < q) by lra. clearbody q.
  assert (Ma : m * (a * a) <= b * a) by (apply Rmult_le_reg_r with q; nra).
  assert (Mb : n * (b * b) <= e * b) by (apply Rmult_le_reg_r with q; nra).
  apply Rle_trans with (e * a * q); [|lra]. replace (n * m * (a * (a * q))) with (n * m * (a * a) * q) by ring.
  apply Rmult_le_compat_r; [lra|].
  now apply slopes_multiply with b.
Qed.

Lemma line_F_comp (f g : E -> E) : F_class f -> F_class g -> F_class (fun x => g (f x)).
Proof.
  intros Ff Fg. apply F_iff_monotone in Ff, Fg.
  destruct Ff as [(J & HJ) (m & M & Hm & HM & Mf & Lf)]. destruct Fg as [(K & HK) (n & N & Hn & HN & Mg & Lg)].
  apply F_iff_monotone. split; [eexists; exact (C1_comp f g J K HJ HK)|].
  exists (n * m), (N * M). repeat split; [nra|nra|now apply line_monotone_comp|]. apply lipschitz_comp; [lra|exact Lf|exact Lg].
Qed.

(** In dimension one every R_l is inside F, and so inside I. *)
Theorem line_R_l_in_I l (f : E -> E) : R_l l f -> I_class f.
Proof.
  intros H. apply F_in_I. revert f H. unfold R_l. induction l as [|l IH]; simpl; intros f H.
  - apply (F_ext (fun x => x)); [intros x; now rewrite H|]. apply lemma1_inclusion, R_id.
  - destruct H as (f1 & f2 & H1 & H2 & H). apply (F_ext (fun x => f2 (f1 x))); [intros x; now rewrite H|].
    apply line_F_comp; [now apply IH|now apply lemma1_inclusion].
Qed.
End Line.

(** The appendix with its dimension: R_3 is inside I exactly when d <= 1. *)
Theorem R3_in_I_iff d : (forall f : Rd d -> Rd d, R_l 3 f -> I_class f) <-> (d <= 1)%nat.
Proof.
  split; intros H.
  - apply Nat.nlt_ge. intros C. destruct (R3_not_in_I d C) as (f & Hf & Not). now apply Not, H.
  - intros f. apply line_R_l_in_I. now apply Rd_line.
Qed.
