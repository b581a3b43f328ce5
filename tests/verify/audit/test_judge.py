"""The judge: verdicts, readings, changes that die, and the reasons that findings have in common."""

import dataclasses

import pytest
import sympy
from sympy import Rational, Symbol

from verify.audit import judge
from verify.audit.reasons import places, reasons
from verify.claims.claim import Claim, Evidence, Finding, Judged, Siding, Verdict
from verify.claims.equation import Convention, Decided, Definition, Equation, equal

a, b = Symbol("a", positive=True), Symbol("b", positive=True)


def holds(test, **more):
    return Claim(id="x", loci=("Eq. 1",), says="", test=test, **more)


def test_a_false_equation_fails_with_a_witness():
    finding = Equation("a", (a + b) ** 2, lambda: a**2 + b**2).judge()
    assert finding.verdict is Verdict.FAILS
    values = {k: Rational(v) for k, v in finding.witness.items()}
    assert 2 * values["a"] * values["b"] != 0


def test_a_wrong_correction_is_undecided():
    test = Equation("a", (a + b) ** 2, lambda: a**2 + b**2, corrected=a**2 + 2 * b**2)
    assert test.judge().verdict is Verdict.UNDECIDED


def test_conventions_are_tried_in_order():
    stated, other = Convention(""), Convention("b = 0", condition={b: sympy.Integer(0)})
    test = Equation("a", a + b, lambda: a, (stated, other))
    finding = test.judge()
    assert (finding.verdict, finding.condition) == (Verdict.HOLDS_IF, "b = 0")
    assert finding.witness
    assert Equation("a", a, lambda: a, (stated, other)).judge().verdict is Verdict.HOLDS


def test_mutants_are_judged_in_the_reading_in_which_the_original_holds():
    c = Symbol("c", real=True)
    flipped = Convention("c < 0", ({c: -c},))
    test = Equation("a", c, lambda: -c, (Convention(""), flipped))
    assert test.judge().verdict is Verdict.HOLDS_IF
    assert all(m.judge().verdict is Verdict.FAILS for _, m in test.mutants())
    assert "sign" in dict(test.mutants())


def test_a_side_that_is_nowhere_real_is_refuted():
    assert type(equal(sympy.sqrt(-a), sympy.sqrt(a), ())).__name__ == "Refuted"


def test_a_claim_without_power_is_seen():
    blind = Decided("anything", (1,), lambda values: Finding(Verdict.HOLDS, Evidence.PROVED, ""),
                    (("two", (2,)),))  # fmt: skip
    found = judge.judge(holds(blind))
    assert found.survivors == ("two",)


def test_a_pinned_verdict_that_is_wrong_is_seen():
    found = judge.judge(holds(Definition("x")))
    assert not found.is_as_expected
    assert dataclasses.replace(
        found, claim=holds(Definition("x"), expected=Verdict.NOT_TESTABLE)
    ).is_as_expected


@pytest.mark.parametrize(
    ("measured", "printed", "corrected", "sides"),
    [(1.0, 2.0, 1.0, True), (1.0, 1.0, 2.0, False), (1.0, 2.0, 3.0, False), (1.0, 1.0, 1.0, False)],
)
def test_sides(measured, printed, corrected, sides):
    siding = Siding("x", measured, printed, corrected, 1e-6)
    assert siding.with_correction == sides
    failed = Finding(Verdict.FAILS, Evidence.PROVED, "")
    claim = holds(Definition("x"), expected=Verdict.FAILS)
    assert Judged(claim, failed, siding).is_as_expected == sides


def reason(verdict=Verdict.FAILS, condition="", correction="x", name="a", locus="Eq. 1"):
    claim = Claim(
        id=name, loci=(locus,), says=name, test=Definition(name), correction=correction,
        severity="typo",
    )  # fmt: skip
    return Judged(claim, Finding(verdict, Evidence.PROVED, "", condition), None)


def test_what_fails_for_one_reason_is_one_finding():
    same = [reason(name="a"), reason(name="b", locus="Eq. 3")]
    found = [*same, reason(name="c", correction="y"), reason(Verdict.HOLDS, name="d")]
    first, second = reasons(found, Verdict.FAILS)
    assert first.members == tuple(same)
    assert (first.place, second.first.claim.id) == ("Eq. 1, 3", "c")
    met = [reason(Verdict.HOLDS_IF, "if so", name=z, correction=z) for z in "ab"]
    (one,) = reasons(met, Verdict.HOLDS_IF)
    assert (one.common("severity"), one.common("correction")) == ("typo", "")


def test_places():
    loci = ("Eq. 39", "Table 2", "Eq. 8", "Sec. 3.2", "Eq. 8", "Table 2: x")
    assert places(loci) == "Eq. 8, 39, Table 2, Sec. 3.2, Table 2: x"
