"""The audit: nothing left out, every verdict as pinned, witnesses that refute, changes that die."""

import dataclasses
from pathlib import Path

import latex2mathml.converter
import pytest
import sympy
from sympy import Rational, Symbol

from symbolic.proof.enclosure import enclose
from symbolic.writing import document
from symbolic.writing.prose import is_formula
from verify.audit import judge
from verify.audit.reasons import places, power, reasons
from verify.audit.report import report
from verify.audit.symbols import PAPER
from verify.claims.claim import Claim, Evidence, Finding, Judged, Siding, Verdict
from verify.claims.equation import Convention, Decided, Definition, Equation, equal
from verify.papers.xu_ziyin.symbols import LATEX
from verify.papers.xu_ziyin.table_one import TABLE

ROOT = Path(__file__).resolve().parents[3]
CLAIMS = judge.claims()
a, b = Symbol("a", positive=True), Symbol("b", positive=True)


@pytest.fixture(scope="module")
def judged():
    return list(judge.run(CLAIMS))


def test_every_numbered_equation_has_a_claim():
    assert judge.missing_equations(CLAIMS) == []
    without = [claim for claim in CLAIMS if "Eq. 38" not in claim.loci]
    assert judge.missing_equations(without) == [38]


@pytest.mark.parametrize(
    "locus",
    [
        "Prop. 1", "Prop. 2", "Theorem 1", "Theorem 2", "Cor. 1", "Cor. 2", "Cor. 3", "Definition 1",
        "footnote 1", "footnote 2", "footnote 3", "footnote 5", "footnote 6", "Sec. 3.1", "Sec. 3.2",
        "Sec. 3.3", "Sec. 3.4", "Sec. 4", "Sec. 4.1", "Sec. 4.2", "App. B.1", "App. B.2", "App. B.3",
        "App. B.4", "App. C.4", "App. C.5", "App. D", "Table 1", "Table 2",
    ],
)  # fmt: skip
def test_every_place_has_a_claim(locus):
    assert judge.select(CLAIMS, locus)


def test_every_entry_of_table_1_has_a_claim():
    for column in TABLE:
        found = [z for c in CLAIMS for z in c.loci if z.startswith(f"Table 1: {column.name},")]
        assert len(found) == 7


def test_records_are_complete():
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS)
    ids = {claim.id for claim in CLAIMS}
    for claim in CLAIMS:
        assert set(claim.uses) <= ids, claim.id
        amiss = claim.expected in (Verdict.FAILS, Verdict.HOLDS_IF)
        assert bool(claim.severity) == amiss, claim.id
        assert not (claim.added and claim.printed), claim.id
        assert claim.severity in ("", "typo", "convention", "degenerate", "substantive")
        assert bool(claim.correction) == amiss, claim.id


def test_every_verdict_is_the_pinned_one_and_torch_sides_with_corrections(judged):
    wrong = [(z.claim.id, z.finding, z.siding) for z in judged if not z.is_as_expected]
    assert wrong == []
    assert sum(z.siding is not None for z in judged) >= 8


def test_every_change_of_a_claim_that_holds_is_refuted(judged):
    assert [(z.claim.id, z.survivors) for z in judged if z.survivors] == []
    holding = [z for z in judged if z.finding.verdict in (Verdict.HOLDS, Verdict.HOLDS_IF)]
    assert [z.claim.id for z in holding if not z.mutants[1]] == []
    refuted, total = power(judged)
    assert refuted == total > 900


def test_the_committed_report_is_what_the_audit_finds(judged):
    path = ROOT / "verify" / "reports" / "xu_ziyin.md"
    assert path.read_text(encoding="utf-8") == document.markdown(report(judged))


EQUATIONS = [
    claim for claim in CLAIMS
    if isinstance(claim.test, Equation) and claim.expected in (Verdict.FAILS, Verdict.HOLDS_IF)
]  # fmt: skip


@pytest.mark.parametrize("claim", EQUATIONS, ids=lambda claim: claim.id)
def test_witnesses_refute_and_corrections_vanish_there(claim):
    finding, test = claim.test.judge(), claim.test
    last = finding.verdict is Verdict.FAILS
    reading = test.conventions[-1 if last else 0]
    difference = reading(test.printed) - reading.assume(test.derived())
    values = {z: Rational(finding.witness[z.name]) for z in difference.free_symbols}
    for symbol, value in values.items():
        assert not (symbol.is_positive and value <= 0)
        assert not (symbol.is_integer and not value.is_integer)
    ball = enclose(difference, values)
    assert not ball.contains(0)
    if last and test.corrected is not None:
        mended = reading(test.corrected) - reading.assume(test.derived())
        known = {z: values.get(z, Rational(1)) for z in mended.free_symbols}
        assert enclose(mended, known, limit=1 << 10).contains(0)


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


def test_the_reports_hold_every_claim(judged):
    blocks = report(judged)
    text, tex = document.markdown(blocks), document.latex(blocks)
    table = next(z for z in blocks if isinstance(z, document.Table) and "changes refuted" in z.head)
    assert [row[2].split(",")[0] for row in table.rows] == [z.finding.verdict for z in judged]
    assert [row[3] for row in table.rows] == [z.claim.id for z in judged]
    headings = [z.text for z in blocks if isinstance(z, document.Heading)]
    for one in judged:
        claim = one.claim
        assert places(claim.loci) in text
        if one.finding.verdict in (Verdict.FAILS, Verdict.HOLDS_IF):
            mine = [z for z in headings if all(place_in(locus, z) for locus in claim.loci)]
            assert mine, claim.id
            assert claim.test.transcription(LATEX).removeprefix(r"\text{").rstrip("}") in text
    assert tex.isascii()
    assert [line for line in text.splitlines() if line.count("$") % 2] == []
    for formula in tex.split("$")[1::2]:
        assert "\\\\" not in formula


def place_in(locus, heading):
    """Whether a heading names a place: "Eq. 9" in "Eq. 8, 9, Table 2 (typo)"."""
    kind, _, number = locus.rpartition(" ")
    return locus in heading or (f"{kind} " in heading and f", {number}" in heading)


def test_every_exact_value_has_a_meaning(judged):
    unknown = {
        (one.claim.id, name)
        for one in judged
        for name in one.finding.witness
        if PAPER.meaning(name) is None
    }
    assert unknown == set()


def test_corrections_are_formulas_or_prose(judged):
    """A formula is LaTeX that another program reads too; prose has no commands."""
    for text in filter(None, (one.claim.correction for one in judged)):
        if is_formula(text):
            assert text.isascii()
            latex2mathml.converter.convert(text)
        else:
            assert "\\" not in "".join(text.split("$")[::2])


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


def test_hypotheses_that_are_not_needed_are_told(judged):
    text = document.markdown(report(judged))
    one = next(z for z in judged if z.claim.id == "rescaling-2")
    assert one.unneeded == ("P > Q",)
    assert f"{places(one.claim.loci)}, {one.claim.says}: holds without $P > Q$" in text
