(** Theorem 3 of the paper with its best constant: what l ResFlow blocks cannot approximate and one ImpFlow block can. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative Classes Lemma1 Theorem2.
Open Scope R_scope.

Section Theorem3.
Context {E : HilbertSpace}.
Implicit Types f g : E -> E.

(** f stretches all distances inside the open ball of centre a and radius r by at least L. *)
Definition expands_on_ball (L r : R) (a : E) f : Prop :=
  forall x y, norm (minus x a) < r -> norm (minus y a) < r -> L * norm (minus x y) <= norm (minus (f x) (f y)).

(** P(L, r) = { f in F : f expands some ball of radius r by L }. *)
Definition P_class (L r : R) f : Prop := F_class f /\ exists a, expands_on_ball L r a f.

(** S bounds |f - g| on the ball; the least such S is the supremum that the paper writes. *)
Definition error_on_ball (r : R) (a : E) f g (S : R) : Prop := forall x, norm (minus x a) < r -> norm (minus (f x) (g x)) <= S.

(** The floor of Theorem 3 for a K-Lipschitz approximation; K = 2^l for l ResFlow blocks. *)
Definition theorem3_floor (r L K : R) : R := r * (L - K).

(** The Lipschitz constant of l maps of R, each with budget c (Lip(g) <= c), is at most (1 + c)^l. *)
Theorem composition_lipschitz (c : R) l f : 0 <= c ->
  compositions (lipschitz (1 + c)) l f -> lipschitz ((1 + c) ^ l) f.
Proof.
  intros Hc. revert f. induction l as [|l IH]; simpl; intros f H.
  - intros x y. rewrite !H. lra.
  - destruct H as (f1 & f2 & H1 & H2 & H). intros x y. rewrite !H.
    apply (lipschitz_comp f1 f2); [lra|now apply IH|exact H2].
Qed.

(** A member of R_l has a Lipschitz constant K <= 2^l, and K < 2^l as soon as l >= 1. *)
Theorem R_l_lipschitz l f : R_l l f -> exists K, 0 <= K <= 2 ^ l /\ ((1 <= l)%nat -> K < 2 ^ l) /\ lipschitz K f.
Proof.
  unfold R_l. revert f. induction l as [|l IH]; simpl; intros f H.
  - exists 1. split; [lra|]. split; [lia|]. intros x y. rewrite !H. lra.
  - destruct H as (f1 & f2 & H1 & H2 & H). destruct (IH f1 H1) as (K & HK & _ & L).
    destruct (R_constants f2 H2) as (c & Hc & L2 & _). assert (0 < 2 ^ l) by (apply pow_lt; lra).
    exists ((1 + c) * K). split; [nra|]. split; [intros _; nra|].
    intros x y. rewrite !H. apply (lipschitz_comp f1 f2); [lra|exact L|exact L2].
Qed.

Variable u : E.
Hypothesis Hu : norm u = 1.

(** Two opposite points at distance s from the centre. *)
Lemma antipodal_error f g (a : E) r L K S s : lipschitz K g -> expands_on_ball L r a f -> error_on_ball r a f g S ->
  0 < s < r -> s * (L - K) <= S.
Proof.
  intros Lg Lf HS Hs. set (x := plus a (scal s u)). set (y := minus a (scal s u)).
  assert (Nx : norm (minus x a) = s).
  { unfold x. norm_of (scal s u : E). rewrite norm_multiple_pos, Hu; lra. }
  assert (Ny : norm (minus y a) = s).
  { unfold y. norm_of (scal (- s) u : E). rewrite norm_multiple, Rabs_Ropp, Rabs_pos_eq, Hu; lra. }
  assert (Nxy : norm (minus x y) = 2 * s).
  { unfold x, y. norm_of (scal (2 * s) u : E). rewrite norm_multiple_pos, Hu; lra. }
  pose proof (Lf x y ltac:(lra) ltac:(lra)) as Far. pose proof (Lg x y) as Near. rewrite Nxy in Far, Near.
  pose proof (HS x ltac:(lra)) as Ex. pose proof (HS y ltac:(lra)) as Ey. rewrite (distance_sym (f y)) in Ey.
  pose proof (distance_triangle (f x) (g x) (f y)). pose proof (distance_triangle (g x) (g y) (f y)). nra.
Qed.

(** The core of Theorem 3: if f expands a ball of radius r by L and g is K-Lipschitz, then
    sup |f - g| >= r (L - K)  on the ball. The paper's r/2 compares the centre with the boundary; two opposite points
    give twice as much. *)
Theorem theorem3_core f g (a : E) r L K S : 0 < r -> lipschitz K g ->
  expands_on_ball L r a f -> error_on_ball r a f g S -> theorem3_floor r L K <= S.
Proof.
  unfold theorem3_floor. intros Hr Lg Lf HS.
  assert (P : 0 <= S).
  { apply Rle_trans with (2 := HS a ltac:(rewrite distance_refl; exact Hr)). apply norm_ge_0. }
  destruct (Rle_dec (L - K) 0) as [N|N]; [nra|]. apply Rnot_le_lt in N. apply Rnot_lt_le. intros C.
  assert (Q : 0 <= S / (L - K) < r).
  { split; [apply Rle_div_r; lra|apply Rlt_div_l; lra]. }
  set (s := (S / (L - K) + r) / 2).
  pose proof (antipodal_error f g a r L K S s Lg Lf HS ltac:(unfold s; lra)) as H.
  assert (S / (L - K) < s) as H' by (unfold s; lra). clearbody s. apply Rlt_div_l in H'; lra.
Qed.

(** Theorem 3, sharpened: every g made of l >= 1 ResFlow blocks misses f in P(L, r) by more than  r (L - 2^l)  on the ball.
    (The paper states r/2 (L - 2^l) for l < log2 L.) *)
Theorem theorem3 l f g (a : E) r L S : 0 < r -> (1 <= l)%nat -> R_l l g ->
  expands_on_ball L r a f -> error_on_ball r a f g S -> theorem3_floor r L (2 ^ l) < S.
Proof.
  unfold theorem3_floor. intros Hr Hl Hg Lf HS. destruct (R_l_lipschitz l g Hg) as (K & HK & Strict & LK). specialize (Strict Hl).
  pose proof (theorem3_core f g a r L K S Hr LK Lf HS) as H. unfold theorem3_floor in H. nra.
Qed.

(** The same floor for l blocks of budget c:  r (L - (1 + c)^l). *)
Theorem theorem3_budget c l f g (a : E) r L S : 0 < r -> 0 <= c -> compositions (lipschitz (1 + c)) l g ->
  expands_on_ball L r a f -> error_on_ball r a f g S -> theorem3_floor r L ((1 + c) ^ l) <= S.
Proof. intros Hr Hc Hg. apply theorem3_core; [exact Hr|now apply composition_lipschitz]. Qed.

(** P(L, r) and R_l are disjoint for 1 <= l <= log2 L, equality included. *)
Theorem theorem3_disjoint l f (a : E) r L : 0 < r -> (1 <= l)%nat -> 2 ^ l <= L -> expands_on_ball L r a f -> ~ R_l l f.
Proof.
  intros Hr Hl HL Lf Hf.
  assert (H : theorem3_floor r L (2 ^ l) < 0).
  { apply (theorem3 l f f a); try assumption. intros x _. rewrite distance_refl. lra. }
  unfold theorem3_floor in H. nra.
Qed.

(** One ImpFlow block represents every member of P(L, r). *)
Theorem theorem3_P_in_I L r f : P_class L r f -> I_class f.
Proof. intros [H _]. now apply F_in_I. Qed.

(** Theorem 3 as the paper words it, with the better constant. *)
Corollary theorem3_P l L r f : 0 < r -> (1 <= l)%nat -> 2 ^ l <= L -> P_class L r f ->
  ~ R_l l f /\ exists a, forall g S, R_l l g -> error_on_ball r a f g S -> theorem3_floor r L (2 ^ l) < S.
Proof.
  intros Hr Hl HL [_ [a Lf]]. split; [now apply (theorem3_disjoint l f a r L)|].
  exists a. intros g S Hg HS. now apply (theorem3 l f g a).
Qed.

(** ** The constant cannot be improved *)

Lemma root_of_positive l K : (1 <= l)%nat -> 0 < K -> exists q, 0 < q /\ q ^ l = K /\ (K < 2 ^ l -> q < 2).
Proof.
  intros Hl HK. assert (P : 0 < INR l) by (apply lt_0_INR; lia). exists (Rpower K (/ INR l)).
  assert (Pos : 0 < Rpower K (/ INR l)) by (unfold Rpower; apply exp_pos).
  assert (Pow : Rpower K (/ INR l) ^ l = K).
  { rewrite <- Rpower_pow by exact Pos. rewrite Rpower_mult, Rinv_l by lra. now apply Rpower_1. }
  split; [exact Pos|]. split; [exact Pow|]. intros H. apply Rnot_le_lt. intros C.
  assert (2 ^ l <= Rpower K (/ INR l) ^ l) by (apply pow_incr; lra). lra.
Qed.

Lemma multiple_power (C : (E -> E) -> Prop) (q : R) : C (fun x => scal q x) ->
  forall l, compositions C l (fun x => scal (q ^ l) x).
Proof.
  intros HC l. induction l as [|l IH]; simpl; [intros x; vector|].
  exists (fun x => scal (q ^ l) x), (fun x => scal q x). split; [exact IH|]. split; [exact HC|]. intros x. vector.
Qed.

(** k Id is in R_l for 0 < k < 2^l. *)
Lemma multiple_in_R_l l k : (1 <= l)%nat -> 0 < k < 2 ^ l -> R_l l (fun x : E => scal k x).
Proof.
  intros Hl Hk. destruct (root_of_positive l k Hl ltac:(lra)) as (q & Hq & Pow & Q).
  rewrite <- Pow. apply multiple_power, multiple_in_R. split; [exact Hq|now apply Q].
Qed.

(** Sharpness of Theorem 3: L Id is in P(L, r), and some member of R_l comes as close to it on the ball of radius r about
    zero as  r (L - 2^l) + eps, for every eps > 0. So the infimum is  r (L - 2^l)  exactly; by [theorem3] it is not
    attained. *)
Theorem theorem3_sharp l L r eps : (1 <= l)%nat -> 0 < r -> 2 ^ l <= L -> 0 < eps ->
  P_class L r (fun x : E => scal L x) /\
  exists g, R_l l g /\ error_on_ball r zero (fun x => scal L x) g (theorem3_floor r L (2 ^ l) + eps).
Proof.
  unfold theorem3_floor. intros Hl Hr HL He. assert (P : 0 < 2 ^ l) by (apply pow_lt; lra). split.
  - split; [apply multiple_in_F; lra|]. exists zero. intros x y _ _.
    apply Req_le. rewrite <- norm_multiple_pos by lra. f_equal. vector.
  - set (d := Rmin (2 ^ l / 2) (eps / r)). assert (He' : 0 < eps / r) by now apply Rdiv_lt_0_compat.
    assert (Hd : 0 < d) by (apply Rmin_glb_lt; lra). assert (Hd1 : d <= 2 ^ l / 2) by apply Rmin_l.
    assert (Hd2 : d <= eps / r) by apply Rmin_r.
    exists (fun x => scal (2 ^ l - d) x). split; [apply multiple_in_R_l; [exact Hl|lra]|].
    intros x Hx. norm_of (scal (L - (2 ^ l - d)) x : E). rewrite norm_multiple_pos by lra.
    replace (minus x zero) with x in Hx by vector. pose proof (norm_ge_0 x).
    apply Rle_trans with ((L - (2 ^ l - d)) * r); [apply Rmult_le_compat_l; lra|].
    apply (Rmult_le_compat_r r) in Hd2; [|lra]. replace (eps / r * r) with eps in Hd2 by (field; lra). nra.
Qed.
End Theorem3.
