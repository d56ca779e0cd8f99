(** * Finite sums, vectors and matrices

    A vector is a function from indices, a matrix a function from pairs of indices; dimensions are arguments, and entries
    beyond them are never read. Norms are Euclidean; the norm of a matrix is the operator norm, and it is met only as a
    bound: [norm_at_most m n A c] says |A v| <= c |v| for every v. *)
From Coq Require Import Reals Lia Lra Arith.
Open Scope R_scope.

(** ** Sums *)

(** f 0 + ... + f (n - 1). *)
Fixpoint Sum (n : nat) (f : nat -> R) : R := match n with O => 0 | S m => Sum m f + f m end.

Lemma Sum_ext n f g : (forall i, (i < n)%nat -> f i = g i) -> Sum n f = Sum n g.
Proof. induction n; simpl; intros H; auto. rewrite IHn, (H n) by (auto; lia). reflexivity. Qed.

Lemma Sum_zero n f : (forall i, (i < n)%nat -> f i = 0) -> Sum n f = 0.
Proof. induction n; simpl; intros H; auto. rewrite IHn, (H n) by (auto; lia). ring. Qed.

Lemma Sum_plus n f g : Sum n (fun i => f i + g i) = Sum n f + Sum n g.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.

Lemma Sum_scal n k f : Sum n (fun i => k * f i) = k * Sum n f.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.

Lemma Sum_scal_r n k f : Sum n (fun i => f i * k) = Sum n f * k.
Proof. induction n; simpl. ring. rewrite IHn. ring. Qed.

Lemma Sum_const n k : Sum n (fun _ => k) = INR n * k.
Proof. induction n. simpl. ring. rewrite S_INR. simpl. rewrite IHn. ring. Qed.

Lemma Sum_swap m n f : Sum m (fun i => Sum n (fun j => f i j)) = Sum n (fun j => Sum m (fun i => f i j)).
Proof.
  induction m; simpl.
  - symmetry. now apply Sum_zero.
  - rewrite IHm, <- Sum_plus. reflexivity.
Qed.

Lemma Sum_le n f g : (forall i, (i < n)%nat -> f i <= g i) -> Sum n f <= Sum n g.
Proof. induction n; simpl; intros H. lra. apply Rplus_le_compat; auto. Qed.

Lemma Sum_nonneg n f : (forall i, (i < n)%nat -> 0 <= f i) -> 0 <= Sum n f.
Proof. intros H. rewrite <- (Sum_zero n (fun _ => 0)) by auto. now apply Sum_le. Qed.

Lemma Sum_abs n f : Rabs (Sum n f) <= Sum n (fun i => Rabs (f i)).
Proof. induction n; simpl. rewrite Rabs_R0. lra. eapply Rle_trans. apply Rabs_triang. lra. Qed.

Lemma Sum_single n f i : (i < n)%nat -> (forall j, (j < n)%nat -> j <> i -> f j = 0) -> Sum n f = f i.
Proof.
  induction n; intros Hi H. lia.
  simpl. destruct (Nat.eq_dec i n) as [->|Hn].
  - rewrite (Sum_zero n). ring. intros; apply H; lia.
  - rewrite IHn, (H n) by (try lia; intros; apply H; lia). ring.
Qed.

Lemma Sum_term_le n f i : (forall j, (j < n)%nat -> 0 <= f j) -> (i < n)%nat -> f i <= Sum n f.
Proof.
  induction n; intros H Hi. lia. simpl.
  assert (0 <= f n) by (apply H; lia). assert (0 <= Sum n f) by (apply Sum_nonneg; intros; apply H; lia).
  destruct (Nat.eq_dec i n) as [->|Hn]. lra.
  assert (f i <= Sum n f) by (apply IHn; try lia; intros; apply H; lia). lra.
Qed.

Lemma Sum_first n f : Sum (S n) f = f 0%nat + Sum n (fun i => f (S i)).
Proof. induction n; simpl in *. ring. rewrite IHn. ring. Qed.

(** ** Vectors *)

Definition vector := nat -> R.
Definition dot (n : nat) (u v : vector) : R := Sum n (fun i => u i * v i).
(** The Euclidean norm |v|. *)
Definition enorm (n : nat) (v : vector) : R := sqrt (dot n v v).

Lemma dot_ext n u v u' v' :
  (forall i, (i < n)%nat -> u i = u' i) -> (forall i, (i < n)%nat -> v i = v' i) -> dot n u v = dot n u' v'.
Proof. intros Hu Hv. apply Sum_ext. intros i Hi. now rewrite Hu, Hv. Qed.

Lemma dot_comm n u v : dot n u v = dot n v u.
Proof. apply Sum_ext. intros; ring. Qed.

Lemma dot_linear n a b u v w : dot n (fun i => a * u i + b * v i) w = a * dot n u w + b * dot n v w.
Proof. unfold dot. rewrite <- !Sum_scal, <- Sum_plus. apply Sum_ext. intros; ring. Qed.

Lemma dot_self_nonneg n v : 0 <= dot n v v.
Proof. apply Sum_nonneg. intros. apply Rle_0_sqr. Qed.

Lemma enorm_nonneg n v : 0 <= enorm n v.
Proof. apply sqrt_pos. Qed.

Lemma enorm_sqr n v : enorm n v * enorm n v = dot n v v.
Proof. apply sqrt_sqrt, dot_self_nonneg. Qed.

Lemma quadratic_nonneg (a b d : R) : (forall t, 0 <= a - 2 * t * b + t * t * d) -> 0 <= d -> b * b <= a * d.
Proof.
  intros H Hd. destruct (Req_dec d 0) as [->|Hn].
  - destruct (Req_dec b 0) as [->|Hb]. lra.
    specialize (H ((a + 1) / (2 * b))). replace (a - 2 * ((a + 1) / (2 * b)) * b + _) with (- (1)) in H by (field; auto). lra.
  - specialize (H (b / d)). assert (P : 0 < d) by lra.
    replace (a - 2 * (b / d) * b + b / d * (b / d) * d) with ((a * d - b * b) / d) in H by (field; lra).
    apply (Rmult_le_compat_r d) in H; [|lra]. unfold Rdiv in H. rewrite Rmult_assoc, Rinv_l in H by auto. lra.
Qed.

(** The inequality of Cauchy and Schwarz. *)
Lemma cauchy_schwarz_sqr n u v : dot n u v * dot n u v <= dot n u u * dot n v v.
Proof.
  apply quadratic_nonneg; [|apply dot_self_nonneg]. intros t.
  replace (dot n u u - 2 * t * dot n u v + t * t * dot n v v)
    with (dot n (fun i => 1 * u i + - t * v i) (fun i => 1 * u i + - t * v i)). apply dot_self_nonneg.
  rewrite dot_linear, !(dot_comm n _ (fun i => 1 * u i + - t * v i)), !dot_linear, (dot_comm n v u). ring.
Qed.

Lemma cauchy_schwarz n u v : Rabs (dot n u v) <= enorm n u * enorm n v.
Proof.
  apply Rsqr_incr_0; [|apply Rabs_pos|apply Rmult_le_pos; apply enorm_nonneg].
  rewrite <- Rsqr_abs. unfold Rsqr.
  replace (enorm n u * enorm n v * (enorm n u * enorm n v)) with ((enorm n u * enorm n u) * (enorm n v * enorm n v)) by ring.
  rewrite !enorm_sqr. apply cauchy_schwarz_sqr.
Qed.

Lemma enorm_plus n u v : enorm n (fun i => u i + v i) <= enorm n u + enorm n v.
Proof.
  pose proof (enorm_nonneg n u). pose proof (enorm_nonneg n v).
  apply Rsqr_incr_0; [|apply enorm_nonneg|lra]. unfold Rsqr. rewrite enorm_sqr.
  replace ((enorm n u + enorm n v) * (enorm n u + enorm n v))
    with (enorm n u * enorm n u + 2 * (enorm n u * enorm n v) + enorm n v * enorm n v) by ring.
  rewrite !enorm_sqr. pose proof (cauchy_schwarz n u v). pose proof (Rle_abs (dot n u v)).
  replace (dot n (fun i => u i + v i) (fun i => u i + v i)) with (dot n u u + 2 * dot n u v + dot n v v); [lra|].
  unfold dot. rewrite <- Sum_scal, <- !Sum_plus. apply Sum_ext. intros; ring.
Qed.

Lemma enorm_ext n u v : (forall i, (i < n)%nat -> u i = v i) -> enorm n u = enorm n v.
Proof. intros H. unfold enorm. f_equal. now apply dot_ext. Qed.

Lemma entry_le_enorm n v i : (i < n)%nat -> Rabs (v i) <= enorm n v.
Proof.
  intros Hi. apply Rsqr_incr_0; [|apply Rabs_pos|apply enorm_nonneg]. rewrite <- Rsqr_abs. unfold Rsqr. rewrite enorm_sqr.
  apply (Sum_term_le n (fun i => v i * v i)); auto. intros. apply Rle_0_sqr.
Qed.

(** ** Matrices *)

Definition matrix := nat -> nat -> R.
(** A v, for a matrix of n columns. *)
Definition app (n : nat) (A : matrix) (v : vector) : vector := fun i => Sum n (fun j => A i j * v j).
(** A B, n the number of columns of A. *)
Definition mul (n : nat) (A B : matrix) : matrix := fun i k => Sum n (fun j => A i j * B j k).
Definition transpose (A : matrix) : matrix := fun i j => A j i.
Definition eye : matrix := fun i j => if Nat.eqb i j then 1 else 0.
Definition madd (A B : matrix) : matrix := fun i j => A i j + B i j.
Definition msub (A B : matrix) : matrix := fun i j => A i j - B i j.
Definition mscal (k : R) (A : matrix) : matrix := fun i j => k * A i j.
Definition trace (n : nat) (A : matrix) : R := Sum n (fun i => A i i).
(** A^k, n x n. *)
Fixpoint mpow (n : nat) (A : matrix) (k : nat) : matrix := match k with O => eye | S k => mul n A (mpow n A k) end.
(** The Frobenius norm, m rows and n columns. *)
Definition frobenius (m n : nat) (A : matrix) : R := sqrt (Sum m (fun i => Sum n (fun j => A i j * A i j))).
(** The quadratic form u' A v, A m x n. *)
Definition form (m n : nat) (u : vector) (A : matrix) (v : vector) : R := dot m u (app n A v).
(** The operator norm of A, m x n, is at most c. *)
Definition norm_at_most (m n : nat) (A : matrix) (c : R) : Prop := forall v, enorm m (app n A v) <= c * enorm n v.

Lemma eye_refl i : eye i i = 1.
Proof. unfold eye. now rewrite Nat.eqb_refl. Qed.
Lemma eye_off i j : i <> j -> eye i j = 0.
Proof. intros H. unfold eye. apply Nat.eqb_neq in H. now rewrite H. Qed.
Lemma eye_sym i j : eye i j = eye j i.
Proof. unfold eye. now rewrite Nat.eqb_sym. Qed.

Lemma Sum_eye_l n f i : (i < n)%nat -> Sum n (fun j => eye i j * f j) = f i.
Proof. intros Hi. rewrite (Sum_single n _ i Hi). rewrite eye_refl. ring. intros j _ Hj. rewrite eye_off by auto. ring. Qed.

Lemma app_mul n m A B v i : app m (mul n A B) v i = app n A (app m B v) i.
Proof.
  unfold app, mul. transitivity (Sum m (fun k => Sum n (fun j => A i j * B j k * v k))).
  - apply Sum_ext. intros. now rewrite <- Sum_scal_r.
  - rewrite Sum_swap. apply Sum_ext. intros j _. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
Qed.

Lemma mul_assoc n m A B C i k : mul m (mul n A B) C i k = mul n A (mul m B C) i k.
Proof. exact (app_mul n m A B (fun j => C j k) i). Qed.

Lemma app_ext n A v w : (forall i, (i < n)%nat -> v i = w i) -> forall i, app n A v i = app n A w i.
Proof. intros H i. apply Sum_ext. intros j Hj. now rewrite H. Qed.

Lemma app_eye n v i : (i < n)%nat -> app n eye v i = v i.
Proof. apply Sum_eye_l. Qed.

Lemma mul_eye_r n A i j : (j < n)%nat -> mul n A eye i j = A i j.
Proof.
  intros Hj. unfold mul. transitivity (Sum n (fun k => eye j k * A i k)). apply Sum_ext. intros. rewrite (eye_sym i0 j). ring.
  now apply (Sum_eye_l n (A i) j).
Qed.

Lemma mpow_comm n A k i j : (i < n)%nat -> (j < n)%nat -> mul n A (mpow n A k) i j = mul n (mpow n A k) A i j.
Proof.
  revert i j. induction k; intros i j Hi Hj; simpl.
  - rewrite mul_eye_r by auto. symmetry. apply (Sum_eye_l n (fun k => A k j) i Hi).
  - rewrite mul_assoc. apply Sum_ext. intros l Hl. f_equal. exact (IHk l j Hl Hj).
Qed.

Lemma trace_mul_comm m n A B : trace m (mul n A B) = trace n (mul m B A).
Proof. unfold trace, mul. rewrite Sum_swap. apply Sum_ext. intros; apply Sum_ext. intros; ring. Qed.

Lemma form_transpose m n u A v : form m n u A v = dot n (app m (transpose A) u) v.
Proof.
  unfold form, dot, app, transpose. transitivity (Sum m (fun i => Sum n (fun j => u i * A i j * v j))).
  - apply Sum_ext. intros. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
  - rewrite Sum_swap. apply Sum_ext. intros. rewrite <- Sum_scal_r. apply Sum_ext. intros; ring.
Qed.

(** |A v|^2 = v' (A' A) v. *)
Lemma gram_form m n A v : dot m (app n A v) (app n A v) = form n n v (mul m (transpose A) A) v.
Proof.
  transitivity (form m n (app n A v) A v). reflexivity. rewrite form_transpose, dot_comm. unfold form.
  apply dot_ext; auto. intros i _. now rewrite app_mul.
Qed.

(** ** Norms of matrices *)

Lemma norm_at_most_eye n : norm_at_most n n eye 1.
Proof. intros v. rewrite (enorm_ext n _ v). lra. intros; now apply app_eye. Qed.

Lemma norm_at_most_weaken m n A c c' : c <= c' -> norm_at_most m n A c -> norm_at_most m n A c'.
Proof. intros H HA v. eapply Rle_trans. apply HA. apply Rmult_le_compat_r; auto. apply enorm_nonneg. Qed.

Lemma norm_at_most_mul l m n A B a b :
  0 <= a -> norm_at_most l m A a -> norm_at_most m n B b -> norm_at_most l n (mul m A B) (a * b).
Proof.
  intros Ha HA HB v. rewrite (enorm_ext l _ (app m A (app n B v))) by (intros; apply app_mul).
  eapply Rle_trans. apply HA. rewrite Rmult_assoc. apply Rmult_le_compat_l; auto.
Qed.

Lemma norm_at_most_add m n A B a b :
  norm_at_most m n A a -> norm_at_most m n B b -> norm_at_most m n (madd A B) (a + b).
Proof.
  intros HA HB v. rewrite (enorm_ext m _ (fun i => app n A v i + app n B v i)).
  - eapply Rle_trans. apply enorm_plus. rewrite Rmult_plus_distr_r. now apply Rplus_le_compat.
  - intros i _. unfold app, madd. rewrite <- Sum_plus. apply Sum_ext. intros; ring.
Qed.

Lemma norm_at_most_pow n A c k : 0 <= c -> norm_at_most n n A c -> norm_at_most n n (mpow n A k) (c ^ k).
Proof.
  intros Hc HA. induction k. apply norm_at_most_eye. apply norm_at_most_mul; auto.
Qed.

Lemma form_bound m n A c u v : norm_at_most m n A c -> Rabs (form m n u A v) <= c * enorm m u * enorm n v.
Proof.
  intros HA. eapply Rle_trans. apply cauchy_schwarz. replace (c * enorm m u * enorm n v) with (enorm m u * (c * enorm n v)) by ring.
  apply Rmult_le_compat_l; auto. apply enorm_nonneg.
Qed.

Definition unit_vector (j : nat) : vector := fun i => eye i j.

Lemma app_unit n A j i : (j < n)%nat -> app n A (unit_vector j) i = A i j.
Proof. apply mul_eye_r. Qed.

Lemma enorm_unit n j : (j < n)%nat -> enorm n (unit_vector j) = 1.
Proof.
  intros Hj. unfold enorm. replace (dot n _ _) with 1. apply sqrt_1. unfold dot, unit_vector.
  rewrite (Sum_single n _ j Hj). rewrite eye_refl. ring. intros i _ H. rewrite eye_off by auto. ring.
Qed.

Lemma entry_bound m n A c i j : norm_at_most m n A c -> (i < m)%nat -> (j < n)%nat -> Rabs (A i j) <= c.
Proof.
  intros HA Hi Hj. rewrite <- (app_unit n A j i Hj). eapply Rle_trans. apply (entry_le_enorm m _ i Hi).
  eapply Rle_trans. apply HA. rewrite enorm_unit by auto. lra.
Qed.

Lemma frobenius_nonneg m n A : 0 <= frobenius m n A.
Proof. apply sqrt_pos. Qed.

Lemma frobenius_sqr m n A : frobenius m n A * frobenius m n A = Sum m (fun i => Sum n (fun j => A i j * A i j)).
Proof. apply sqrt_sqrt. apply Sum_nonneg; intros; apply Sum_nonneg; intros; apply Rle_0_sqr. Qed.

Lemma square_le a b : 0 <= a -> 0 <= b -> a * a <= b * b -> a <= b.
Proof. intros. now apply Rsqr_incr_0. Qed.

(** The Frobenius norm bounds the operator norm. *)
Lemma frobenius_bound m n A : norm_at_most m n A (frobenius m n A).
Proof.
  intros v. pose proof (frobenius_nonneg m n A). pose proof (enorm_nonneg n v).
  apply square_le; [apply enorm_nonneg|now apply Rmult_le_pos|]. rewrite enorm_sqr.
  replace (frobenius m n A * enorm n v * (frobenius m n A * enorm n v))
    with ((frobenius m n A * frobenius m n A) * (enorm n v * enorm n v)) by ring.
  rewrite frobenius_sqr, enorm_sqr, <- Sum_scal_r. apply Sum_le. intros i _. apply (cauchy_schwarz_sqr n (A i) v).
Qed.

(** The columns of a matrix are images of unit vectors: |A|_F^2 <= n c^2. *)
Lemma frobenius_le m n A c : 0 <= c -> norm_at_most m n A c -> frobenius m n A <= sqrt (INR n) * c.
Proof.
  intros Hc HA. apply square_le. apply frobenius_nonneg. apply Rmult_le_pos; auto. apply sqrt_pos.
  replace (sqrt (INR n) * c * (sqrt (INR n) * c)) with ((sqrt (INR n) * sqrt (INR n)) * (c * c)) by ring.
  rewrite sqrt_sqrt by apply pos_INR. rewrite frobenius_sqr, Sum_swap, <- Sum_const. apply Sum_le. intros j Hj.
  specialize (HA (unit_vector j)). rewrite enorm_unit, Rmult_1_r in HA by auto.
  apply Rle_trans with (enorm m (app n A (unit_vector j)) * enorm m (app n A (unit_vector j))).
  - rewrite enorm_sqr. right. apply Sum_ext. intros i _. now rewrite app_unit.
  - apply Rmult_le_compat; auto; apply enorm_nonneg.
Qed.

(** ** Traces of powers *)

(** |tr J^k| <= d c^k. *)
Lemma trace_pow_bound d J c k : 0 <= c -> norm_at_most d d J c -> Rabs (trace d (mpow d J k)) <= INR d * c ^ k.
Proof.
  intros Hc HJ. eapply Rle_trans. apply Sum_abs. rewrite <- Sum_const. apply Sum_le. intros i Hi.
  apply (entry_bound d d); auto. now apply norm_at_most_pow.
Qed.

Lemma frobenius_mul_bound l m n A B a :
  0 <= a -> norm_at_most l m A a -> frobenius l n (mul m A B) <= a * frobenius m n B.
Proof.
  intros Ha HA. pose proof (frobenius_nonneg m n B). apply square_le; [apply frobenius_nonneg|now apply Rmult_le_pos|].
  replace (a * frobenius m n B * (a * frobenius m n B)) with (a * a * (frobenius m n B * frobenius m n B)) by ring.
  rewrite !frobenius_sqr, (Sum_swap l), (Sum_swap m), <- Sum_scal. apply Sum_le. intros j _.
  specialize (HA (fun k => B k j)). pose proof (enorm_nonneg l (app m A (fun k => B k j))).
  change (dot l (app m A (fun k => B k j)) (app m A (fun k => B k j)) <= a * a * dot m (fun k => B k j) (fun k => B k j)).
  rewrite <- !enorm_sqr. replace (a * a * _) with ((a * enorm m (fun k => B k j)) * (a * enorm m (fun k => B k j))) by ring.
  apply Rmult_le_compat; auto.
Qed.

(** The trace of a product is a scalar product of matrices. *)
Lemma trace_mul_bound n A B : Rabs (trace n (mul n A B)) <= frobenius n n A * frobenius n n B.
Proof.
  apply Rle_trans with (Sum n (fun i => enorm n (A i) * enorm n (fun j => B j i))).
  - eapply Rle_trans. apply Sum_abs. apply Sum_le. intros i _. apply cauchy_schwarz.
  - apply Rle_trans with (enorm n (fun i => enorm n (A i)) * enorm n (fun i => enorm n (fun j => B j i))).
    + eapply Rle_trans. apply Rle_abs. apply cauchy_schwarz.
    + right. f_equal; unfold enorm at 1, frobenius; f_equal.
      * apply Sum_ext. intros; apply enorm_sqr.
      * rewrite Sum_swap. apply Sum_ext. intros; apply enorm_sqr.
Qed.

(** |tr J^(k + 2)| <= |J|_F^2 c^k. *)
Lemma trace_pow_bound_frobenius d J c k : 0 <= c -> norm_at_most d d J c ->
  Rabs (trace d (mpow d J (S (S k)))) <= frobenius d d J * frobenius d d J * c ^ k.
Proof.
  intros Hc HJ. simpl.
  replace (trace d _) with (trace d (mul d J (mul d (mpow d J k) J))).
  - eapply Rle_trans. apply trace_mul_bound. rewrite Rmult_assoc. apply Rmult_le_compat_l. apply frobenius_nonneg.
    rewrite Rmult_comm. apply frobenius_mul_bound. now apply pow_le. now apply norm_at_most_pow.
  - apply Sum_ext. intros i Hi. apply Sum_ext. intros j Hj. f_equal. symmetry. now apply mpow_comm.
Qed.
