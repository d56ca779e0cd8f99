(** Lemma 1 of the paper: R is a proper subset of F, in every dimension d >= 1. *)
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
From Impflow Require Import VectorIdentity Lipschitz Banach Hilbert Derivative Classes.
Open Scope R_scope.

Section Lemma1.
Context {E : HilbertSpace}.

(** Lemma 1, inclusion: every ResFlow block is strongly monotone. *)
Theorem lemma1_inclusion (f : E -> E) : R_class f -> F_class f.
Proof.
  intros H. apply F_iff_monotone. split; [now apply R_C1|]. destruct (R_constants f H) as (c & Hc & L & Mo).
  exists (1 - c), (1 + c). repeat split; try assumption; lra.
Qed.

(** ** Multiples of the identity *)

Lemma multiple_lipschitz (k : R) : lipschitz (Rabs k) (fun x : E => scal k x).
Proof. intros x y. norm_of (scal k (minus x y) : E). rewrite norm_multiple. lra. Qed.

(** k Id is in R exactly for 0 < k < 2 ... *)
Lemma multiple_in_R (k : R) : 0 < k < 2 -> R_class (fun x : E => scal k x).
Proof.
  intros Hk. exists (fun x => scal (k - 1) x). split; [|intros; vector]. split.
  - exists (Rabs (k - 1)). split; [split; [apply Rabs_pos|apply Rabs_def1; lra]|apply multiple_lipschitz].
  - eexists. apply C1_linear, linear_multiple.
Qed.

(** ... and in F for every k > 0. *)
Lemma multiple_in_F (k : R) : 0 < k -> F_class (fun x : E => scal k x).
Proof.
  intros Hk. apply F_iff_monotone. split; [eexists; apply C1_linear, linear_multiple|].
  exists k, k. repeat split; try assumption.
  - intros x y. inner_of (scal k (minus x y) : E).
    rewrite inner_scal, inner_norm. lra.
  - pose proof (multiple_lipschitz k) as H. rewrite Rabs_pos_eq in H by lra. exact H.
Qed.

(** A space of dimension at least one has a unit vector. *)
Variable u : E.
Hypothesis Hu : norm u = 1.

Lemma multiple_not_lipschitz (k K : R) : 0 <= K < k -> ~ lipschitz K (fun x : E => scal k x).
Proof.
  intros HK L. pose proof (L u zero) as H. clear L. revert H. norm_of (scal k u : E). intros L.
  replace (minus u zero) with u in L by vector. rewrite norm_multiple_pos, Hu in L; lra.
Qed.

(** Lemma 1, strictness: 3 Id is in F and not in R, whatever the dimension d >= 1. *)
Theorem lemma1_strict : exists f : E -> E, F_class f /\ ~ R_class f.
Proof.
  exists (fun x => scal 3 x). split; [apply multiple_in_F; lra|].
  intros H. destruct (R_constants _ H) as (c & Hc & L & _). apply (multiple_not_lipschitz 3 (1 + c)); [lra|exact L].
Qed.
End Lemma1.
