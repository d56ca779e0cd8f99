(** A decision procedure for linear identities between vectors.

    [vector] proves equalities such as  a - b + k (b - c) = (a + (k-1) b) - k c  in every real vector space: both sides
    are read as linear combinations of the same atoms, and the coefficients of each atom, real numbers, are compared by
    [ring] or [field]. *)
From Coq Require Import Reals List Lia Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Inductive expression : Type :=
  | Atom (i : nat)
  | Zero
  | Sum (a b : expression)
  | Difference (a b : expression)
  | Opposite (a : expression)
  | Multiple (k : R) (a : expression).

(** The coefficient of atom [i]. *)
Fixpoint coefficient (i : nat) (e : expression) : R :=
  match e with
  | Atom j => if Nat.eqb i j then 1 else 0
  | Zero => 0
  | Sum a b => coefficient i a + coefficient i b
  | Difference a b => coefficient i a - coefficient i b
  | Opposite a => - coefficient i a
  | Multiple k a => k * coefficient i a
  end.

Section Meaning.
Context {V : ModuleSpace R_Ring}.

Fixpoint value (atoms : list V) (e : expression) : V :=
  match e with
  | Atom i => nth i atoms zero
  | Zero => zero
  | Sum a b => plus (value atoms a) (value atoms b)
  | Difference a b => minus (value atoms a) (value atoms b)
  | Opposite a => opp (value atoms a)
  | Multiple k a => scal k (value atoms a)
  end.

(** The linear combination  w 0 * a_0 + w 1 * a_1 + ...  of a list of atoms. *)
Fixpoint combination (atoms : list V) (w : nat -> R) : V :=
  match atoms with
  | nil => zero
  | a :: rest => plus (scal (w 0%nat) a) (combination rest (fun i => w (S i)))
  end.

Lemma combination_ext atoms : forall v w, (forall i, v i = w i) -> combination atoms v = combination atoms w.
Proof.
  induction atoms as [|a rest IH]; intros v w H; [reflexivity|]. simpl.
  rewrite (H 0%nat). f_equal. apply IH. intros i. apply H.
Qed.

Lemma combination_zero atoms : combination atoms (fun _ => 0) = zero.
Proof.
  induction atoms as [|a rest IH]; [reflexivity|]. simpl. rewrite IH, plus_zero_r.
  exact (scal_zero_l (K := R_Ring) a).
Qed.

Lemma combination_sum atoms : forall v w,
  combination atoms (fun i => v i + w i) = plus (combination atoms v) (combination atoms w).
Proof.
  induction atoms as [|a rest IH]; intros v w; simpl; [now rewrite plus_zero_l|].
  rewrite IH. change (v 0%nat + w 0%nat) with (plus (v 0%nat : R_Ring) (w 0%nat)).
  rewrite (scal_distr_r (K := R_Ring)), <- !plus_assoc. f_equal.
  rewrite !plus_assoc. f_equal. apply plus_comm.
Qed.

Lemma combination_multiple atoms : forall k w,
  combination atoms (fun i => k * w i) = scal k (combination atoms w).
Proof.
  induction atoms as [|a rest IH]; intros k w; simpl; [now rewrite scal_zero_r|].
  rewrite IH, scal_distr_l. f_equal. symmetry. apply (scal_assoc (K := R_Ring)).
Qed.

Lemma combination_atom atoms : forall j,
  combination atoms (fun i => if Nat.eqb i j then 1 else 0) = nth j atoms zero.
Proof.
  induction atoms as [|a rest IH]; intros [|j]; simpl; try reflexivity.
  - rewrite combination_zero, plus_zero_r. exact (scal_one (K := R_Ring) a).
  - rewrite IH. rewrite (scal_zero_l (K := R_Ring) a : scal 0 a = zero). apply plus_zero_l.
Qed.

Lemma opposite_multiple (a : V) : opp a = scal (-1) a.
Proof. symmetry. exact (scal_opp_one (K := R_Ring) a). Qed.

(** The normal form: an expression is the combination of its coefficients. *)
Lemma value_combination atoms e : value atoms e = combination atoms (fun i => coefficient i e).
Proof.
  induction e as [j| |a IHa b IHb|a IHa b IHb|a IHa|k a IHa]; simpl.
  - symmetry. apply combination_atom.
  - symmetry. apply combination_zero.
  - now rewrite combination_sum, IHa, IHb.
  - unfold minus. rewrite opposite_multiple, IHa, IHb, <- combination_multiple, <- combination_sum.
    apply combination_ext. intros i. ring.
  - rewrite opposite_multiple, IHa, <- combination_multiple. apply combination_ext. intros i. ring.
  - now rewrite combination_multiple, IHa.
Qed.

Fixpoint coefficients_agree (n start : nat) (a b : expression) : Prop :=
  match n with
  | O => True
  | S n => coefficient start a = coefficient start b /\ coefficients_agree n (S start) a b
  end.

Lemma agree_combination atoms : forall start a b, coefficients_agree (length atoms) start a b ->
  combination atoms (fun i => coefficient (start + i) a) = combination atoms (fun i => coefficient (start + i) b).
Proof.
  induction atoms as [|x rest IH]; intros start a b; simpl; [reflexivity|]. intros [H T].
  rewrite Nat.add_0_r, H. f_equal. specialize (IH _ _ _ T).
  rewrite (combination_ext rest _ (fun i => coefficient (S start + i) a)) by (intros; f_equal; lia).
  rewrite IH. apply combination_ext. intros. f_equal. lia.
Qed.

Lemma equal_values atoms a b : coefficients_agree (length atoms) 0 a b -> value atoms a = value atoms b.
Proof. intros H. rewrite !value_combination. exact (agree_combination atoms 0 a b H). Qed.
End Meaning.

Ltac member a l :=
  lazymatch l with nil => false | a :: _ => true | _ :: ?rest => member a rest end.
Ltac position a l :=
  lazymatch l with a :: _ => constr:(O) | _ :: ?rest => let i := position a rest in constr:(S i) end.
Ltac collect t l :=
  lazymatch t with
  | plus ?a ?b => let l := collect a l in collect b l
  | minus ?a ?b => let l := collect a l in collect b l
  | opp ?a => collect a l
  | scal _ ?a => collect a l
  | zero => l
  | _ => let known := member t l in lazymatch known with true => l | false => constr:(t :: l) end
  end.
Ltac read t l :=
  lazymatch t with
  | plus ?a ?b => let x := read a l in let y := read b l in constr:(Sum x y)
  | minus ?a ?b => let x := read a l in let y := read b l in constr:(Difference x y)
  | opp ?a => let x := read a l in constr:(Opposite x)
  | scal ?k ?a => let x := read a l in constr:(Multiple k x)
  | zero => constr:(Zero)
  | _ => let i := position t l in constr:(Atom i)
  end.

(** [vector_by t]: as [vector], where the tactic [t] proves what is asked of the coefficients. *)
Ltac vector_by finish :=
  lazymatch goal with
  | |- @eq ?T ?a ?b =>
      let l := collect a (@nil T) in let l := collect b l in
      let x := read a l in let y := read b l in
      refine (equal_values l x y _); simpl; repeat split; finish
  end.
Ltac vector := vector_by ltac:(try ring; try (field; lra)).

Example vector_works (V : ModuleSpace R_Ring) (a b c : V) (k : R) :
  plus (minus a b) (scal k (plus b (opp c))) = minus (plus (scal (k - 1) b) a) (scal k c).
Proof. vector. Qed.
