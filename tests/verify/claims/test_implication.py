"""Implications: verdicts, witnesses, conditions, changes, and hypotheses that are not needed."""

import pytest
from sympy import And, Eq, Equivalent, Ne, Rational, Symbol

from verify.claims.claim import Verdict
from verify.claims.implication import Implication

a, b = Symbol("a", positive=True), Symbol("b", positive=True)
c = Symbol("c", real=True)


def test_verdicts():
    assert Implication((a > 2,), a > 1).judge().verdict is Verdict.HOLDS
    finding = Implication((a > 1,), a > 2).judge()
    assert finding.verdict is Verdict.FAILS
    assert 1 < Rational(finding.witness["a"]) <= 2


def test_the_first_condition_with_which_it_holds():
    weak = Implication((a > 1,), a > 2, conditions=(("a > 3", a > 3), ("a > 2", a > 2)))
    assert (weak.judge().verdict, weak.judge().condition) == (Verdict.HOLDS_IF, "a > 3")


def test_it_may_hold_of_other_facts():
    other = Implication((), a > 1, lambda: [a > 0], elsewhere=(("a is 2", lambda: [Eq(a, 2)]),))
    assert (other.judge().verdict, other.judge().condition) == (Verdict.HOLDS_IF, "a is 2")
    assert all(mutant.judge().verdict is Verdict.FAILS for _, mutant in other.mutants())


def test_a_known_counterexample_is_preferred():
    claim = Implication((a > 1,), a > 5, at=(Eq(a, Rational(17, 4)),))
    assert claim.judge().witness == {"a": "17/4"}
    elsewhere = Implication((a > 1,), a > 5, at=(Eq(a, 7),))  # where it holds
    assert 1 < Rational(elsewhere.judge().witness["a"]) <= 5


@pytest.mark.parametrize(
    ("claim", "unneeded"),
    [
        (Implication((a > 3, b > 1), a > 2), ["b > 1"]),
        (Implication((a > 3, a > 4), a > 2), ["a > 3"]),
        (Implication((a > 3,), a > 2), []),
        (Implication((a > 1, b > 1), a > 2, conditions=(("a > 2", a > 2),)), ["a > 1", "b > 1"]),
    ],
)
def test_hypotheses_that_are_not_needed(claim, unneeded):
    assert claim.unneeded() == unneeded


def changes(claim):
    return [change for change, _ in claim.mutants()]


def test_changes():
    assert changes(Implication((c > 0,), c > -1)) == ["negated", "sides exchanged"]
    assert changes(Implication((a > 1,), Ne(a, 1))) == ["negated"]
    assert changes(Implication((Eq(a, b),), Eq(a, b))) == [
        "negated", "shifted", "twice the right side and one more",
    ]  # fmt: skip
    both = Implication((c > 1,), And(c > 0, c + b > 1))
    assert changes(both) == ["negated", "a part negated", "a part negated"]
    assert all(mutant.judge().verdict is Verdict.FAILS for _, mutant in both.mutants())


def test_strictness_counts_where_both_sides_may_be_equal():
    square = Equivalent(c**2 > 0, Ne(c, 0))
    assert changes(Implication((), square)) == ["negated", "strictness"]
    assert changes(Implication((Ne(c, 0),), square)) == ["negated"]


def test_names_of_symbols_are_typeset():
    claim = Implication((c > 1,), Eq(a, b), names={Eq(a, b): r"\text{same}"})
    assert claim.transcription({"c": r"\gamma"}) == r"\gamma > 1\;\Rightarrow\;\text{same}"


def test_a_known_counterexample_is_tried_where_nothing_is_decided(monkeypatch):
    from symbolic.proof.verdict import Undecided
    from verify.claims import implication

    known, prove = Symbol("z", real=True), implication.prove_implication
    at = (Eq(known, 2),)

    def hard(statements, conclusion):
        return prove(statements, conclusion) if at[0] in statements else Undecided("hard")

    monkeypatch.setattr(implication, "prove_implication", hard)
    with_it = Implication((known > 0,), known < 1, at=at).judge()
    assert (with_it.verdict, with_it.witness) == (Verdict.FAILS, {"z": "2"})
    assert Implication((known > 0,), known < 1).judge().verdict is Verdict.UNDECIDED


def test_a_change_is_tried_where_the_claim_says_something():
    known = Symbol("z", real=True)
    there = (Eq(known, 1),)
    changes = Implication((known > 0,), known > -1, there=there).mutants()
    assert [mutant.at for _, mutant in changes] == [there, there]
