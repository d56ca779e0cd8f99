(** * The log-density of an ImpFlow block

    For z = f(x), the root of x + g_x(x) = z + g_z(z), the Jacobian of f is (I + J_z)^-1 (I + J_x), and
    ln p(x) = ln p_Z(z) + ln det (I + J_x) - ln det (I + J_z). That densities change by |det Df| is a hypothesis here, and the only fact
    that is not proved: integration in d dimensions is not part of the libraries used. *)
From Coq Require Import Reals Lia Lra Arith.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import Matrix Determinant LogDet LogDetBracket BlockJacobian TraceSeries Roulette RouletteVariance Hutchinson.
Open Scope R_scope.

(** The named hypothesis: the density p of x, where z = f(x) has the density pZ and Df is the Jacobian of f. *)
Definition change_of_variables (d : nat) (f : vector -> vector) (Df : vector -> matrix) (pZ p : vector -> R) : Prop :=
  forall x, p x = pZ (f x) * Rabs (det d (Df x)).

(** The derivative of the block equation: (I + J_z) Df = I + J_x. *)
Definition implicit_derivative (d : nat) (Jx Jz Df : matrix) : Prop :=
  forall i j, (i < d)%nat -> (j < d)%nat -> mul d (madd eye Jz) Df i j = madd eye Jx i j.

Section Block.
Variables (d : nat) (Jx Jz Df : matrix) (cx cz : R).
Hypothesis cx_range : 0 <= cx < 1.
Hypothesis cz_range : 0 <= cz < 1.
Hypothesis Jx_small : norm_at_most d d Jx cx.
Hypothesis Jz_small : norm_at_most d d Jz cz.
Hypothesis derivative : implicit_derivative d Jx Jz Df.

(** det Df = det (I + J_x) / det (I + J_z), a positive number. *)
Theorem block_determinant : det d Df = det d (madd eye Jx) / det d (madd eye Jz) /\ 0 < det d Df.
Proof.
  pose proof (det_positive d Jx cx cx_range Jx_small) as PX. pose proof (det_positive d Jz cz cz_range Jz_small) as PZ.
  assert (E : det d (madd eye Jz) * det d Df = det d (madd eye Jx)).
  { rewrite <- (det_mul d Jz cz cz_range Jz_small). now apply det_ext. }
  assert (Q : det d Df = det d (madd eye Jx) / det d (madd eye Jz)) by (rewrite <- E; field; lra).
  split; auto. rewrite Q. now apply Rdiv_lt_0_compat.
Qed.

(** ln |det Df| = ln det (I + J_x) - ln det (I + J_z). *)
Theorem block_log_det : ln (Rabs (det d Df)) = ln (det d (madd eye Jx)) - ln (det d (madd eye Jz)).
Proof.
  pose proof (det_positive d Jx cx cx_range Jx_small) as PX. pose proof (det_positive d Jz cz cz_range Jz_small) as PZ.
  destruct block_determinant as [Q P]. rewrite Rabs_pos_eq, Q by lra. unfold Rdiv.
  rewrite ln_mult, ln_Rinv by (auto; now apply Rinv_0_lt_compat). ring.
Qed.

(** d (ln (1 - c_x) - ln (1 + c_z)) <= ln |det Df| <= d (ln (1 + c_x) - ln (1 - c_z)). *)
Theorem block_log_det_bracket : log_det_least d cx - log_det_greatest d cz <= ln (Rabs (det d Df)) <= log_det_greatest d cx - log_det_least d cz.
Proof.
  rewrite block_log_det. pose proof (log_det_bracket d Jx cx cx_range Jx_small). pose proof (log_det_bracket d Jz cz cz_range Jz_small). lra.
Qed.
End Block.

Section Density.
Variables (d : nat) (gx gz f : vector -> vector) (Jx Jz : vector -> matrix) (pZ p : vector -> R) (cx cz : R).
Hypothesis cx_range : 0 <= cx < 1.
Hypothesis cz_range : 0 <= cz < 1.
Hypothesis gx_lipschitz : lipschitz d gx cx.
Hypothesis gz_lipschitz : lipschitz d gz cz.
Hypothesis gx_jacobian : forall x, has_jacobian d gx x (Jx x).
Hypothesis gz_jacobian : forall z, has_jacobian d gz z (Jz z).
Hypothesis block : block_equation d gx gz f.
Hypothesis base_positive : forall z, 0 < pZ z.

(** The Jacobian of f, by [block_differentiable]. *)
Definition flow_jacobian (x : vector) : matrix := block_jacobian d (Jx x) (Jz (f x)).
Hypothesis variables_changed : change_of_variables d f flow_jacobian pZ p.

Lemma Jx_norm x : norm_at_most d d (Jx x) cx.
Proof. apply (jacobian_norm d gx x); auto. lra. Qed.
Lemma Jz_norm z : norm_at_most d d (Jz z) cz.
Proof. apply (jacobian_norm d gz z); auto. lra. Qed.

Lemma flow_implicit x : implicit_derivative d (Jx x) (Jz (f x)) (flow_jacobian x).
Proof. intros i j Hi Hj. now apply (block_jacobian_equation d gz f cz cz_range gz_lipschitz x). Qed.

(** ln p(x) = ln p_Z(z) + ln det (I + J_x(x)) - ln det (I + J_z(z)), z = f(x). *)
Theorem log_density x : ln (p x) = ln (pZ (f x)) + ln (det d (madd eye (Jx x))) - ln (det d (madd eye (Jz (f x)))).
Proof.
  rewrite (variables_changed x).
  pose proof (Jx_norm x) as NX. pose proof (Jz_norm (f x)) as NZ. pose proof (flow_implicit x) as FI.
  destruct (block_determinant d (Jx x) (Jz (f x)) (flow_jacobian x) cx cz) as [_ P]; auto.
  rewrite ln_mult by (auto; rewrite Rabs_pos_eq; lra).
  rewrite (block_log_det d (Jx x) (Jz (f x)) (flow_jacobian x) cx cz) by auto. ring.
Qed.

(** ln p(x) = ln p_Z(z) + sum_(k >= 1) (-1)^(k+1) (tr J_x(x)^k - tr J_z(z)^k) / k. *)
Theorem log_density_series x :
  is_series (fun k => trace_term d (Jx x) k - trace_term d (Jz (f x)) k) (ln (p x) - ln (pZ (f x))).
Proof.
  rewrite log_density.
  replace (_ - ln (pZ (f x))) with (ln (det d (madd eye (Jx x))) + -1 * ln (det d (madd eye (Jz (f x))))) by ring.
  apply (is_series_ext_R (fun k => trace_term d (Jx x) k + -1 * trace_term d (Jz (f x)) k)). intros; ring.
  apply is_series_plus_R. exact (log_det_series d (Jx x) cx cx_range (Jx_norm x)).
  apply is_series_scal_R. exact (log_det_series d (Jz (f x)) cz cz_range (Jz_norm (f x))).
Qed.

(** The estimator of the log-density, one number of terms and one sign vector for both nets, is unbiased. *)
Theorem log_density_unbiased x q : unbounded_law q ->
  is_series (fun n => mass q n * average d (fun v => roulette (probe_term d (Jx x) v) q (S n) - roulette (probe_term d (Jz (f x)) v) q (S n)))
    (ln (p x) - ln (pZ (f x))).
Proof.
  intros law. rewrite log_density.
  replace (_ - ln (pZ (f x))) with (ln (det d (madd eye (Jx x))) + -1 * ln (det d (madd eye (Jz (f x))))) by ring.
  apply (is_series_ext_R (fun n => mass q n * average d (fun v => roulette (probe_term d (Jx x) v) q (S n))
    + -1 * (mass q n * average d (fun v => roulette (probe_term d (Jz (f x)) v) q (S n))))).
  - intros n. unfold average. set (F := fun m => roulette (probe_term d (Jx x) (signs m)) q (S n)).
    set (H := fun m => roulette (probe_term d (Jz (f x)) (signs m)) q (S n)).
    rewrite (Sum_ext _ (fun m => F m - H m) (fun m => F m + -1 * H m)), Sum_plus, Sum_scal by (intros; ring). unfold Rdiv. ring.
  - apply is_series_plus_R. exact (log_det_unbiased d (Jx x) cx q cx_range (Jx_norm x) law). apply is_series_scal_R.
    exact (log_det_unbiased d (Jz (f x)) cz q cz_range (Jz_norm (f x)) law).
Qed.
End Density.
