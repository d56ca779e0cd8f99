(** * The determinant and Jacobi's formula

    The determinant is Laplace's expansion along the first column. It is linear in every row and vanishes when two rows
    agree; Jacobi's formula for its derivative follows from these two facts alone. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix.
Open Scope R_scope.

(** The rows that remain when row i goes: 0, .., i - 1, i + 1, .. *)
Definition skip (i k : nat) : nat := if Nat.ltb k i then k else S k.
(** The matrix without row i and without its first column. *)
Definition minor (i : nat) (A : matrix) : matrix := fun k j => A (skip i k) (S j).

(** det A = sum_i (-1)^i A_i0 det (minor i A). *)
Fixpoint det (n : nat) (A : matrix) : R :=
  match n with O => 1 | S m => Sum (S m) (fun i => (-1) ^ i * A i 0%nat * det m (minor i A)) end.

(** A with row r replaced by x. *)
Definition set_row (r : nat) (x : vector) (A : matrix) : matrix := fun i => if Nat.eqb i r then x else A i.

Lemma set_row_same r x A : set_row r x A r = x.
Proof. unfold set_row. now rewrite Nat.eqb_refl. Qed.
Lemma set_row_other r x A i : i <> r -> set_row r x A i = A i.
Proof. intros H. unfold set_row. apply Nat.eqb_neq in H. now rewrite H. Qed.

Ltac cases_skip := unfold skip in *; repeat match goal with
  | |- context [Nat.ltb ?a ?b] => destruct (Nat.ltb_spec a b)
  | H : context [Nat.ltb ?a ?b] |- _ => destruct (Nat.ltb_spec a b) end.
Ltac cases_row := unfold set_row; repeat match goal with |- context [Nat.eqb ?a ?b] => destruct (Nat.eqb_spec a b) end.

Lemma skip_lt n i k : (k < n)%nat -> (skip i k < S n)%nat.
Proof. cases_skip; lia. Qed.

Lemma det_ext n : forall A B, (forall i j, (i < n)%nat -> (j < n)%nat -> A i j = B i j) -> det n A = det n B.
Proof.
  induction n; intros A B H. reflexivity.
  apply Sum_ext. intros i Hi. f_equal. f_equal. apply H; lia.
  apply IHn. intros. apply H. now apply skip_lt. lia.
Qed.

Lemma det_eye n : det n eye = 1.
Proof.
  induction n. reflexivity. cbn [det]. rewrite (Sum_single (S n) _ 0) by (try lia; intros; rewrite eye_off by auto; ring).
  rewrite eye_refl, (det_ext n (minor 0 eye) eye), IHn by (intros; reflexivity). simpl. ring.
Qed.

(** ** Linear in every row *)

(** The place of row r among the rows that remain without row i. *)
Definition unskip (i r : nat) : nat := if Nat.ltb r i then r else pred r.

Lemma minor_set_row_same r x A k j : minor r (set_row r x A) k j = minor r A k j.
Proof. unfold minor. rewrite set_row_other; auto. cases_skip; lia. Qed.

Lemma minor_set_row_other i r x A k j :
  i <> r -> minor i (set_row r x A) k j = set_row (unskip i r) (fun c => x (S c)) (minor i A) k j.
Proof. intros H. unfold unskip, minor at 1. cases_row; unfold minor; cases_skip; try lia; reflexivity. Qed.

Lemma det_linear n : forall r A x y a b, (r < n)%nat ->
  det n (set_row r (fun c => a * x c + b * y c) A) = a * det n (set_row r x A) + b * det n (set_row r y A).
Proof.
  induction n; intros r A x y a b Hr. lia.
  cbn [det]. rewrite <- !Sum_scal, <- Sum_plus. apply Sum_ext. intros i Hi. destruct (Nat.eq_dec i r) as [->|Hir].
  - rewrite !set_row_same.
    rewrite !(det_ext n (minor r (set_row r _ A)) (minor r A)) by (intros; apply minor_set_row_same). ring.
  - rewrite !set_row_other by auto.
    rewrite (det_ext n (minor i (set_row r (fun c => a * x c + b * y c) A)) _ (fun k j _ _ => minor_set_row_other i r _ A k j Hir)).
    rewrite (det_ext n (minor i (set_row r x A)) _ (fun k j _ _ => minor_set_row_other i r _ A k j Hir)).
    rewrite (det_ext n (minor i (set_row r y A)) _ (fun k j _ _ => minor_set_row_other i r _ A k j Hir)).
    rewrite IHn. ring. unfold unskip. cases_skip; lia.
Qed.

Lemma det_zero_row n r A : (r < n)%nat -> det n (set_row r (fun _ => 0) A) = 0.
Proof.
  intros Hr. rewrite (det_ext n _ (set_row r (fun c => 0 * 0 + 0 * 0) A)).
  rewrite (det_linear n r A (fun _ => 0) (fun _ => 0) 0 0 Hr). ring. intros. cases_row; ring.
Qed.

(** ** Zero when two rows agree *)

Lemma Sum_two n f r s : (r < n)%nat -> (s < n)%nat -> r <> s -> (forall i, (i < n)%nat -> i <> r -> i <> s -> f i = 0) ->
  Sum n f = f r + f s.
Proof.
  intros Hr Hs Hrs H. transitivity (Sum n (fun i => eye r i * f i + eye s i * f i)).
  - apply Sum_ext. intros i Hi. destruct (Nat.eq_dec i r) as [->|Hir]. rewrite eye_refl, eye_off by auto. ring.
    destruct (Nat.eq_dec i s) as [->|His]. rewrite eye_refl, eye_off by auto. ring. rewrite H, !eye_off by auto. ring.
  - rewrite Sum_plus, !Sum_eye_l by auto. reflexivity.
Qed.

Lemma det_adjacent n : forall r A, (S r < n)%nat -> (forall c, (c < n)%nat -> A r c = A (S r) c) -> det n A = 0.
Proof.
  induction n; intros r A Hr H. lia.
  assert (rest : forall i, (i < S n)%nat -> i <> r -> i <> S r -> (-1) ^ i * A i 0%nat * det n (minor i A) = 0).
  { intros i Hi Hir His. rewrite (IHn (unskip i r) (minor i A)). ring.
    - unfold unskip. cases_skip; lia.
    - intros c Hc. unfold minor, unskip. cases_skip; try lia; [apply H; lia|].
      replace (S (pred r)) with r by lia. apply H; lia. }
  cbn [det]. rewrite (Sum_two (S n) _ r (S r)) by (auto; lia).
  rewrite (det_ext n (minor (S r) A) (minor r A)).
  - rewrite (H 0%nat) by lia. simpl pow. ring.
  - intros k j Hk Hj. unfold minor. cases_skip; try lia; auto. replace k with r by lia. apply H; lia.
Qed.

Lemma set_row_comm r s x y A i j : r <> s -> set_row r x (set_row s y A) i j = set_row s y (set_row r x A) i j.
Proof. intros H. cases_row; auto; lia. Qed.

(** Two adjacent rows change places: the sign changes. *)
Lemma det_swap n r A x y : (S r < n)%nat ->
  det n (set_row r x (set_row (S r) y A)) = - det n (set_row r y (set_row (S r) x A)).
Proof.
  intros Hr. set (D := fun u v => det n (set_row r u (set_row (S r) v A))).
  assert (equal : forall u, D u u = 0).
  { intros u. apply (det_adjacent n r); auto. intros c _. rewrite set_row_same, set_row_other, set_row_same by lia. auto. }
  assert (first : forall u v w, D (fun c => 1 * u c + 1 * v c) w = D u w + D v w).
  { intros. unfold D. rewrite det_linear by lia. ring. }
  assert (second : forall u v w, D w (fun c => 1 * u c + 1 * v c) = D w u + D w v).
  { intros u v w. unfold D.
    rewrite (det_ext n (set_row r w (set_row (S r) (fun c => 1 * u c + 1 * v c) A)) _ (fun i j _ _ => set_row_comm r (S r) _ _ A i j ltac:(lia))).
    rewrite (det_ext n (set_row r w (set_row (S r) u A)) _ (fun i j _ _ => set_row_comm r (S r) _ _ A i j ltac:(lia))).
    rewrite (det_ext n (set_row r w (set_row (S r) v A)) _ (fun i j _ _ => set_row_comm r (S r) _ _ A i j ltac:(lia))).
    rewrite det_linear by lia. ring. }
  pose proof (equal (fun c => 1 * x c + 1 * y c)) as E. rewrite first, !second, !equal in E. fold (D x y) (D y x). lra.
Qed.

Lemma det_equal_rows n : forall k p A, (p + S k < n)%nat -> (forall c, (c < n)%nat -> A p c = A (p + S k)%nat c) -> det n A = 0.
Proof.
  induction k; intros p A Hn H.
  - apply (det_adjacent n p); [lia|]. intros c Hc. rewrite H by auto. f_equal. lia.
  - set (r := (p + S k)%nat).
    assert (E : det n A = - det n (set_row r (A (S r)) (set_row (S r) (A r) A))).
    { rewrite <- det_swap by lia. apply det_ext. intros i j _ _. cases_row; subst; auto. }
    rewrite E, (IHk p). ring. lia. intros c Hc. fold r. rewrite set_row_same, !set_row_other by lia. rewrite H by auto.
    f_equal; lia.
Qed.

Lemma det_repeated_row n r s A : (r < n)%nat -> (s < n)%nat -> r <> s -> det n (set_row r (A s) A) = 0.
Proof.
  intros Hr Hs Hrs. destruct (Nat.lt_ge_cases r s).
  - apply (det_equal_rows n (s - r - 1) r). lia. intros c _. replace (r + S (s - r - 1))%nat with s by lia.
    now rewrite set_row_same, set_row_other by auto.
  - apply (det_equal_rows n (r - s - 1) s). lia. intros c _. replace (s + S (r - s - 1))%nat with r by lia.
    now rewrite set_row_same, set_row_other by auto.
Qed.

(** Row r replaced by the combination sum_s w_s (row s): the determinant is multiplied by w_r. *)
Theorem det_row_combination n r A w : (r < n)%nat -> det n (set_row r (fun c => Sum n (fun s => w s * A s c)) A) = w r * det n A.
Proof.
  intros Hr. transitivity (Sum n (fun s => w s * det n (set_row r (A s) A))).
  - assert (forall m, det n (set_row r (fun c => Sum m (fun s => w s * A s c)) A) = Sum m (fun s => w s * det n (set_row r (A s) A))).
    { induction m; simpl. now apply det_zero_row. rewrite <- IHm.
      rewrite <- (Rmult_1_l (det n (set_row r (fun c => Sum m _) A))), <- det_linear by auto.
      apply det_ext. intros. cases_row; ring. }
    auto.
  - rewrite (Sum_single n _ r Hr).
    + f_equal. apply det_ext. intros i j _ _. cases_row; subst; auto.
    + intros s Hs Hsr. rewrite det_repeated_row by auto. ring.
Qed.

(** ** Jacobi's formula *)

Lemma derive_constant (a t : R) : is_derive (fun _ : R => a) t 0.
Proof. auto_derive; auto. Qed.

Lemma derive_plus (f g : R -> R) t a b : is_derive f t a -> is_derive g t b -> is_derive (fun s => f s + g s) t (a + b).
Proof. intros Hf Hg. exact (is_derive_plus f g t a b Hf Hg). Qed.

Lemma derive_mult (f g : R -> R) t a b :
  is_derive f t a -> is_derive g t b -> is_derive (fun s => f s * g s) t (a * g t + f t * b).
Proof. intros Hf Hg. exact (is_derive_mult f g t a b Hf Hg Rmult_comm). Qed.

Lemma derive_scal k (f : R -> R) t a : is_derive f t a -> is_derive (fun s => k * f s) t (k * a).
Proof. intros Hf. exact (is_derive_scal f t k a Hf). Qed.

Lemma is_derive_Sum n (f : nat -> R -> R) t l : (forall i, (i < n)%nat -> is_derive (f i) t (l i)) ->
  is_derive (fun s => Sum n (fun i => f i s)) t (Sum n l).
Proof.
  induction n; intros H; simpl. apply derive_constant.
  apply derive_plus. apply IHn. intros; apply H; lia. apply H; lia.
Qed.

Lemma Sum_skip n f i : (i <= n)%nat -> Sum (S n) f = f i + Sum n (fun k => f (skip i k)).
Proof.
  revert i. induction n; intros i Hi.
  - replace i with 0%nat by lia. simpl. ring.
  - cbn [Sum] in *. destruct (Nat.eq_dec i (S n)) as [->|Hn].
    + rewrite (Sum_ext n (fun k => f (skip (S n) k)) f) by (intros; f_equal; cases_skip; lia). replace (skip (S n) n) with n by (cases_skip; lia). ring.
    + rewrite (IHn i) by lia. replace (skip i n) with (S n) by (cases_skip; lia). ring.
Qed.

Lemma unskip_skip i k : unskip i (skip i k) = k.
Proof. unfold unskip. cases_skip; lia. Qed.
Lemma skip_neq i k : i <> skip i k.
Proof. cases_skip; lia. Qed.

(** The derivative of the determinant: one row after the other is replaced by its derivative. *)
Theorem det_derive n : forall (A : R -> matrix) (A' : matrix) t,
  (forall i j, (i < n)%nat -> (j < n)%nat -> is_derive (fun s => A s i j) t (A' i j)) ->
  is_derive (fun s => det n (A s)) t (Sum n (fun r => det n (set_row r (A' r) (A t)))).
Proof.
  induction n; intros A A' t H. exact (derive_constant 1 t).
  set (inner := fun i => Sum n (fun r => det n (set_row r (minor i A' r) (minor i (A t))))).
  replace (Sum (S n) _) with (Sum (S n) (fun i => (-1) ^ i * A' i 0%nat * det n (minor i (A t)) + (-1) ^ i * A t i 0%nat * inner i)).
  - cbn [det]. apply is_derive_Sum. intros i Hi.
    apply (derive_mult (fun s => (-1) ^ i * A s i 0%nat) (fun s => det n (minor i (A s)))).
    + apply derive_scal. apply H; lia.
    + apply (IHn (fun s => minor i (A s)) (minor i A')). intros k j Hk Hj. apply H. now apply skip_lt. lia.
  - cbn [det]. rewrite Sum_swap. apply Sum_ext. intros i Hi. rewrite (Sum_skip n _ i) by lia. f_equal.
    + rewrite set_row_same. f_equal. apply det_ext. intros. symmetry. apply minor_set_row_same.
    + unfold inner. rewrite <- Sum_scal. apply Sum_ext. intros k Hk. rewrite set_row_other by apply skip_neq. f_equal.
      apply det_ext. intros a b _ _. rewrite minor_set_row_other by (apply not_eq_sym, not_eq_sym, skip_neq). now rewrite unskip_skip.
Qed.

(** The derivative of det A is tr C det A, if A' = C A. *)
Theorem jacobi_formula_factor n (A : R -> matrix) (A' C : matrix) t :
  (forall i j, (i < n)%nat -> (j < n)%nat -> is_derive (fun s => A s i j) t (A' i j)) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> A' i j = mul n C (A t) i j) ->
  is_derive (fun s => det n (A s)) t (trace n C * det n (A t)).
Proof.
  intros HA HC. replace (trace n C * det n (A t)) with (Sum n (fun r => det n (set_row r (A' r) (A t)))).
  now apply det_derive. unfold trace. rewrite <- Sum_scal_r. apply Sum_ext. intros r Hr.
  rewrite <- det_row_combination by auto. apply det_ext. intros i j Hi Hj. cases_row; auto. subst. now apply HC.
Qed.

(** Jacobi's formula: (det A)' = tr (B A') det A, B the inverse of A. *)
Theorem jacobi_formula n (A : R -> matrix) (A' B : matrix) t :
  (forall i j, (i < n)%nat -> (j < n)%nat -> is_derive (fun s => A s i j) t (A' i j)) ->
  (forall i j, (i < n)%nat -> (j < n)%nat -> mul n B (A t) i j = eye i j) ->
  is_derive (fun s => det n (A s)) t (trace n (mul n B A') * det n (A t)).
Proof.
  intros HA HB. rewrite trace_mul_comm. apply (jacobi_formula_factor n A A'); auto. intros i j Hi Hj.
  rewrite mul_assoc. symmetry. transitivity (mul n A' eye i j). apply Sum_ext. intros; f_equal; now apply HB.
  now apply mul_eye_r.
Qed.
