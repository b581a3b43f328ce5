"""Every paper there is: nothing left out, every verdict as pinned, witnesses that refute."""

import subprocess
import sys
from pathlib import Path

import latex2mathml.converter
import pytest
import sympy
from sympy import Rational

from symbolic.proof.enclosure import enclose
from symbolic.proof.equality import Proved
from symbolic.proof.real_arithmetic import prove_implication
from symbolic.writing import document, latex, markdown
from symbolic.writing.prose import is_formula
from verify.audit import judge
from verify.audit.reasons import places, power
from verify.audit.report import report
from verify.audit.symbols import names_of
from verify.claims.claim import Verdict
from verify.claims.equation import Equation
from verify.claims.implication import Implication
from verify.papers.paper import papers

ROOT = Path(__file__).resolve().parents[3]
PAPERS = papers()
AMISS = (Verdict.FAILS, Verdict.HOLDS_IF)
every_paper = pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.name)


def every_claim(kind, *expected):
    """Parameters of a test: the claims of one kind of test, of every paper."""
    chosen = [
        pytest.param(paper, claim, id=f"{paper.name}-{claim.id}")
        for paper in PAPERS
        for claim in paper.claims()
        if isinstance(claim.test, kind) and (not expected or claim.expected in expected)
    ]
    return pytest.mark.parametrize(("paper", "claim"), chosen)


@every_paper
def test_every_numbered_equation_has_a_claim(paper):
    assert judge.missing_equations(paper.claims(), paper) == []


@every_paper
def test_records_are_complete(paper):
    claims = paper.claims()
    ids = {claim.id for claim in claims}
    assert len(ids) == len(claims)
    for claim in claims:
        assert set(claim.uses) <= ids, claim.id
        amiss = claim.expected in AMISS
        assert bool(claim.severity) == amiss, claim.id
        assert not (claim.added and claim.printed), claim.id
        assert claim.severity in ("", "typo", "convention", "degenerate", "substantive")
        assert bool(claim.correction) == amiss, claim.id


@every_claim(object)
def test_a_verdict_is_the_pinned_one_and_torch_sides_with_the_correction(
    judged_claim, paper, claim
):
    one = judged_claim(paper.name, claim.id)
    assert one.claim is claim
    assert one.is_as_expected, (one.finding, one.siding)


@every_paper
def test_every_verdict_is_the_pinned_one_and_torch_sides_with_corrections(judged, paper):
    found = judged(paper.name)
    assert [(z.claim.id, z.finding, z.siding) for z in found if not z.is_as_expected] == []


@every_paper
def test_every_change_of_a_claim_that_holds_is_refuted(judged, paper):
    found = judged(paper.name)
    assert [(z.claim.id, z.survivors) for z in found if z.survivors] == []
    holding = [z for z in found if z.finding.verdict in (Verdict.HOLDS, Verdict.HOLDS_IF)]
    assert [z.claim.id for z in holding if not z.mutants[1]] == []
    refuted, total = power(found)
    assert refuted == total > 0


@every_paper
def test_the_committed_report_is_what_the_audit_finds(judged, paper):
    path = ROOT / "verify" / "reports" / f"{paper.name}.md"
    assert path.read_text(encoding="utf-8") == markdown.render(report(judged(paper.name), paper))


@every_claim(Equation, *AMISS)
def test_witnesses_refute_and_corrections_vanish_there(judged_claim, paper, claim):
    finding, test = judged_claim(paper.name, claim.id).finding, claim.test
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


@every_claim(Implication)
def test_hypotheses_and_facts_have_a_solution(paper, claim):
    """What follows from contradictory hypotheses says nothing."""
    test = claim.test
    known = [*test.facts(), *test.hypotheses]
    assert not isinstance(prove_implication(known, sympy.false), Proved)
    for _, condition in test.conditions:
        assert not isinstance(prove_implication([*known, condition], sympy.false), Proved)


@every_claim(Implication, *AMISS)
def test_witnesses_satisfy_the_hypotheses(judged_claim, paper, claim):
    witness = judged_claim(paper.name, claim.id).finding.witness
    values = {name: Rational(value) for name, value in witness.items()}
    for statement in (*claim.test.hypotheses, claim.test.conclusion):
        symbols = statement.free_symbols
        if all(z.name in values for z in symbols):
            truth = statement.subs({z: values[z.name] for z in symbols})
            assert truth == (statement is not claim.test.conclusion), claim.id


@every_paper
def test_what_is_undecided_is_not_said_to_fail(judged, paper):
    """It has a part of its own, with the reason; and a failure has a severity."""
    found = judged(paper.name)
    refuted, undecided = (
        [z for z in found if z.finding.verdict is verdict]
        for verdict in (Verdict.FAILS, Verdict.UNDECIDED)
    )
    text = markdown.render(report(found, paper))
    failing = text.partition("### Does not hold as printed")[2].partition("\n### ")[0]
    assert failing.count("\n| ") == len({z.claim.correction or z.claim.id for z in refuted}) + 1
    assert "\n|  |" not in failing
    apart = text.partition("## What is undecided")[2].partition("\n## ")[0]
    assert apart.count("\n### ") == len(undecided)
    for one in undecided:
        assert one.claim.says[1:] in apart
        assert f"why: {one.finding.why}" in apart


@every_paper
def test_the_reports_hold_every_claim(judged, paper, defects_of):
    found = judged(paper.name)
    blocks = report(found, paper)
    text, tex = markdown.render(blocks), latex.render(blocks)
    table = next(z for z in blocks if isinstance(z, document.Table) and "changes refuted" in z.head)
    assert [row[2].split(",")[0] for row in table.rows] == [z.finding.verdict for z in found]
    assert [row[3] for row in table.rows] == [z.claim.id for z in found]
    headings = [z.text for z in blocks if isinstance(z, document.Heading)]
    for one in found:
        claim = one.claim
        assert places(claim.loci) in text
        if one.finding.verdict in AMISS:
            mine = [z for z in headings if all(place_in(locus, z) for locus in claim.loci)]
            assert mine, claim.id
            judged_as = claim.test.transcription(paper.latex)
            assert judged_as.removeprefix(r"\text{").rstrip("}") in text
    assert defects_of(blocks) == []
    assert [line for line in text.splitlines() if line.count("$") % 2] == []
    for formula in tex.split("$")[1::2]:
        assert "\\\\" not in formula


def place_in(locus, heading):
    """Whether a heading names a place: "Eq. 9" in "Eq. 8, 9, Table 2 (typo)"."""
    kind, _, number = locus.rpartition(" ")
    return locus in heading or (f"{kind} " in heading and f", {number}" in heading)


@every_paper
def test_every_exact_value_has_a_meaning(judged, paper):
    names = names_of(paper)
    unknown = {
        (one.claim.id, name)
        for one in judged(paper.name)
        for name in one.finding.witness
        if names.meaning(name) is None
    }
    assert unknown == set()


@every_paper
def test_corrections_are_formulas_or_prose(paper):
    """A formula is LaTeX that another program reads too; prose has no commands."""
    for text in filter(None, (claim.correction for claim in paper.claims())):
        if is_formula(text):
            assert text.isascii()
            latex2mathml.converter.convert(text)
        else:
            assert "\\" not in "".join(text.split("$")[::2])


@pytest.mark.slow
def test_claims_are_had_without_a_derivation():
    """What takes seconds is done when a claim is judged, not when it is read."""
    read = """
from symbolic import in_hyperparameters
def derivation(name):
    raise AssertionError(f"derived {name}")
in_hyperparameters.derivation = derivation
from verify.papers.paper import papers
print(sum(len(paper.claims()) for paper in papers()))
"""
    done = subprocess.run(
        [sys.executable, "-c", read], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert int(done.stdout) == sum(len(paper.claims()) for paper in PAPERS)
