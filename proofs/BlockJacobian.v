(** * The Jacobian of an ImpFlow block

    f solves f(x) + g_z(f(x)) = x + g_x(x), with contractions g_x and g_z. Where these are differentiable, so is f, and
    its Jacobian is (I + J_z)^-1 (I + J_x): nothing about f itself is assumed. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet LogDetBracket.
Open Scope R_scope.

Definition vsub (u v : vector) : vector := fun i => u i - v i.
(** |g(y) - g(z)| <= c |y - z|. *)
Definition lipschitz (d : nat) (g : vector -> vector) (c : R) : Prop := forall y z, enorm d (vsub (g y) (g z)) <= c * enorm d (vsub y z).
(** g(y) = g(x) + J (y - x) + o(|y - x|). *)
Definition has_jacobian (d : nat) (g : vector -> vector) (x : vector) (J : matrix) : Prop := forall eps, 0 < eps -> exists delta, 0 < delta /\
  forall y, enorm d (vsub y x) < delta -> enorm d (vsub (vsub (g y) (g x)) (app d J (vsub y x))) <= eps * enorm d (vsub y x).
(** The block equation. *)
Definition block_equation (d : nat) (gx gz f : vector -> vector) : Prop := forall x i, (i < d)%nat -> f x i + gz (f x) i = x i + gx x i.

Lemma enorm_scal d s v : enorm d (fun i => s * v i) = Rabs s * enorm d v.
Proof.
  unfold enorm. replace (dot d (fun i => s * v i) (fun i => s * v i)) with (Rsqr s * dot d v v).
  - rewrite sqrt_mult_alt by apply Rle_0_sqr. now rewrite sqrt_Rsqr_abs.
  - unfold dot, Rsqr. rewrite <- Sum_scal. apply Sum_ext. intros; ring.
Qed.

(** |u| <= |u - v| + |v|. *)
Lemma enorm_vsub d u v : enorm d u <= enorm d (vsub u v) + enorm d v.
Proof. rewrite (enorm_ext d u (fun i => vsub u v i + v i)). apply enorm_plus. intros; unfold vsub; ring. Qed.

Lemma enorm_vsub_le d u v : enorm d (vsub u v) <= enorm d u + enorm d v.
Proof.
  rewrite (enorm_ext d (vsub u v) (fun i => u i + -1 * v i)) by (intros; unfold vsub; ring).
  eapply Rle_trans. apply enorm_plus. rewrite enorm_scal, Rabs_left by lra. lra.
Qed.

Lemma app_scal d J s v i : app d J (fun j => s * v j) i = s * app d J v i.
Proof. unfold app. rewrite <- Sum_scal. apply Sum_ext. intros; ring. Qed.

(** The Jacobian of a c-Lipschitz function has a norm of at most c. *)
Theorem jacobian_norm d g x J c : 0 <= c -> lipschitz d g c -> has_jacobian d g x J -> norm_at_most d d J c.
Proof.
  intros Hc L D v. pose proof (enorm_nonneg d v) as V. destruct (Req_dec (enorm d v) 0) as [Z|N].
  - pose proof (frobenius_bound d d J v) as F. rewrite Z in *. lra.
  - apply le_epsilon. intros eps He. assert (P : 0 < eps / enorm d v) by (apply Rdiv_lt_0_compat; lra).
    destruct (D _ P) as [delta [Hd H]]. set (s := delta / (2 * enorm d v)).
    assert (S0 : 0 < s) by (apply Rdiv_lt_0_compat; lra).
    set (y := fun i => x i + s * v i). specialize (H y). pose proof (L y x) as Ly.
    assert (E : forall i, vsub y x i = s * v i) by (intros; unfold vsub, y; ring).
    assert (size : enorm d (vsub y x) = s * enorm d v).
    { rewrite (enorm_ext d _ (fun i => s * v i)) by (intros; apply E). rewrite enorm_scal, Rabs_pos_eq; lra. }
    assert (image : enorm d (app d J (vsub y x)) = s * enorm d (app d J v)).
    { rewrite (enorm_ext d _ (fun i => s * app d J v i)). rewrite enorm_scal, Rabs_pos_eq; lra.
      intros i _. rewrite <- app_scal. apply app_ext. intros; apply E. }
    assert (near : s * enorm d v < delta) by (unfold s; replace (delta / (2 * enorm d v) * enorm d v) with (delta / 2) by (field; lra); lra).
    rewrite size in *. specialize (H near).
    pose proof (enorm_vsub d (app d J (vsub y x)) (vsub (g y) (g x))) as T.
    assert (sym : enorm d (vsub (app d J (vsub y x)) (vsub (g y) (g x))) = enorm d (vsub (vsub (g y) (g x)) (app d J (vsub y x)))).
    { rewrite (enorm_ext d (vsub (app d J (vsub y x)) (vsub (g y) (g x))) (fun i => -1 * vsub (vsub (g y) (g x)) (app d J (vsub y x)) i))
        by (intros; unfold vsub; ring). rewrite enorm_scal, Rabs_left by lra. lra. }
    rewrite sym, image in T.
    assert (bound : s * enorm d (app d J v) <= s * (c * enorm d v + eps)).
    { replace (s * (c * enorm d v + eps)) with (eps / enorm d v * (s * enorm d v) + c * (s * enorm d v)) by (field; lra). lra. }
    apply Rmult_le_reg_l with s; auto.
Qed.

Section Block.
Variables (d : nat) (gx gz f : vector -> vector) (cx cz : R).
Hypothesis cx_range : 0 <= cx.
Hypothesis cz_range : 0 <= cz < 1.
Hypothesis gx_lipschitz : lipschitz d gx cx.
Hypothesis gz_lipschitz : lipschitz d gz cz.
Hypothesis block : block_equation d gx gz f.

(** |f(y) - f(x)| <= (1 + c_x) / (1 - c_z) |y - x|. *)
Lemma block_lipschitz : lipschitz d f ((1 + cx) / (1 - cz)).
Proof.
  intros y x. pose proof (gx_lipschitz y x) as LX. pose proof (gz_lipschitz (f y) (f x)) as LZ.
  assert (T : enorm d (vsub (f y) (f x)) <= enorm d (vsub y x) + enorm d (vsub (gx y) (gx x)) + enorm d (vsub (gz (f y)) (gz (f x)))).
  { rewrite (enorm_ext d (vsub (f y) (f x)) (vsub (fun i => vsub y x i + vsub (gx y) (gx x) i) (vsub (gz (f y)) (gz (f x))))).
    - eapply Rle_trans. apply enorm_vsub_le. apply Rplus_le_compat_r, enorm_plus.
    - intros i Hi. pose proof (block x i Hi). pose proof (block y i Hi). unfold vsub. lra. }
  apply Rmult_le_reg_r with (1 - cz). lra.
  replace ((1 + cx) / (1 - cz) * enorm d (vsub y x) * (1 - cz)) with ((1 + cx) * enorm d (vsub y x)) by (field; lra). lra.
Qed.

Variables (x : vector) (Jx Jz : matrix).
Hypothesis gx_jacobian : has_jacobian d gx x Jx.
Hypothesis gz_jacobian : has_jacobian d gz (f x) Jz.

(** (I + J_z)^-1 (I + J_x). *)
Definition block_jacobian : matrix := mul d (resolvent d Jz 1) (madd eye Jx).

Lemma Jz_small : norm_at_most d d Jz cz.
Proof. apply (jacobian_norm d gz (f x)); auto. lra. Qed.

(** (I + J_z) Df = I + J_x. *)
Theorem block_jacobian_equation i j : (i < d)%nat -> (j < d)%nat -> mul d (madd eye Jz) block_jacobian i j = madd eye Jx i j.
Proof.
  intros Hi Hj. unfold block_jacobian. rewrite <- mul_assoc.
  transitivity (mul d eye (madd eye Jx) i j); [|exact (app_eye d (fun k => madd eye Jx k j) i Hi)].
  apply Sum_ext. intros l Hl. f_equal. rewrite <- (resolvent_inverse d Jz cz cz_range Jz_small 1 i l Hi Hl) by lra.
  transitivity (resolvent d Jz 1 i l + mul d Jz (resolvent d Jz 1) i l).
  - unfold mul at 1, madd. rewrite (Sum_ext d _ (fun k => eye i k * resolvent d Jz 1 k l + Jz i k * resolvent d Jz 1 k l)) by (intros; ring).
    rewrite Sum_plus, Sum_eye_l by auto. reflexivity.
  - rewrite (resolvent_commutes d Jz cz cz_range Jz_small) by (auto; lra). unfold mul at 2, madd, mscal.
    rewrite (Sum_ext d _ (fun k => resolvent d Jz 1 i k * eye k l + resolvent d Jz 1 i k * Jz k l)) by (intros; ring).
    rewrite Sum_plus. f_equal. symmetry. now apply mul_eye_r.
Qed.

(** f is differentiable at x, and its Jacobian is (I + J_z)^-1 (I + J_x). *)
Theorem block_differentiable : has_jacobian d f x block_jacobian.
Proof.
  intros eps He. set (K := (1 + cx) / (1 - cz)). assert (K0 : 0 < K) by (apply Rdiv_lt_0_compat; lra).
  set (e := eps * (1 - cz) / (1 + K)). assert (e0 : 0 < e) by (apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat|]; lra).
  destruct (gx_jacobian e e0) as [d1 [D1 H1]]. destruct (gz_jacobian e e0) as [d2 [D2 H2]].
  assert (P2 : 0 < d2 / K) by now apply Rdiv_lt_0_compat.
  exists (Rmin d1 (d2 / K)). split. now apply Rmin_glb_lt.
  intros y Hy. pose proof (Rmin_l d1 (d2 / K)). pose proof (Rmin_r d1 (d2 / K)).
  pose proof (block_lipschitz y x) as LF. fold K in LF. set (h := vsub y x) in *. set (D := vsub (f y) (f x)) in *.
  assert (near : enorm d D < d2).
  { eapply Rle_lt_trans. exact LF. apply Rlt_le_trans with (K * (d2 / K)). apply Rmult_lt_compat_l; lra. right. field. lra. }
  specialize (H1 y ltac:(fold h; lra)). specialize (H2 (f y) near). fold h in H1. fold D in H2.
  set (w := vsub D (app d block_jacobian h)).
  set (rx := vsub (vsub (gx y) (gx x)) (app d Jx h)) in *. set (rz := vsub (vsub (gz (f y)) (gz (f x))) (app d Jz D)) in *.
  assert (E : forall i, (i < d)%nat -> w i = vsub (vsub rx rz) (app d Jz w) i).
  { intros i Hi.
    assert (lin : app d Jz w i = app d Jz D i - app d Jz (app d block_jacobian h) i).
    { unfold app at 1 2 3. unfold w, vsub. rewrite (Sum_ext d _ (fun j => Jz i j * D j + -1 * (Jz i j * app d block_jacobian h j))) by (intros; ring).
      rewrite Sum_plus, Sum_scal. ring. }
    assert (whole : app d block_jacobian h i + app d Jz (app d block_jacobian h) i = h i + app d Jx h i).
    { rewrite <- app_mul. transitivity (app d (madd eye Jx) h i).
      - transitivity (app d (mul d (madd eye Jz) block_jacobian) h i).
        + rewrite !app_mul. unfold app at 4, madd. rewrite (Sum_ext d _ (fun j => eye i j * app d block_jacobian h j + Jz i j * app d block_jacobian h j)) by (intros; ring).
          rewrite Sum_plus, Sum_eye_l by auto. reflexivity.
        + apply Sum_ext. intros j Hj. now rewrite block_jacobian_equation.
      - unfold app at 1, madd. rewrite (Sum_ext d _ (fun j => eye i j * h j + Jx i j * h j)) by (intros; ring).
        rewrite Sum_plus, Sum_eye_l by auto. reflexivity. }
    pose proof (block x i Hi) as bx. pose proof (block y i Hi) as by'.
    assert (rx i = gx y i - gx x i - app d Jx h i) by reflexivity.
    assert (rz i = gz (f y) i - gz (f x) i - app d Jz D i) by reflexivity.
    assert (D i = f y i - f x i) by reflexivity. assert (h i = y i - x i) by reflexivity.
    change (D i - app d block_jacobian h i = rx i - rz i - app d Jz w i). lra. }
  assert (W : enorm d w <= enorm d rx + enorm d rz + cz * enorm d w).
  { rewrite (enorm_ext d w _ E) at 1. eapply Rle_trans. apply enorm_vsub_le. apply Rplus_le_compat. apply enorm_vsub_le. apply Jz_small. }
  pose proof (enorm_nonneg d h).
  assert (Z : e * enorm d D <= e * (K * enorm d h)) by (apply Rmult_le_compat_l; lra).
  apply Rmult_le_reg_r with (1 - cz). lra.
  replace (eps * enorm d h * (1 - cz)) with (e * enorm d h + e * (K * enorm d h)) by (unfold e; field; lra). lra.
Qed.
End Block.
