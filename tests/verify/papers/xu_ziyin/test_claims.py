"""The claims of Xu & Ziyin 2025: every place of the text, and what is known of the findings."""

import pytest

from symbolic.writing import markdown
from verify.audit import judge
from verify.audit.reasons import places, power
from verify.audit.report import report
from verify.papers.paper import load
from verify.papers.xu_ziyin.table_one import TABLE

PAPER = load("xu_ziyin")
CLAIMS = PAPER.claims()


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


def test_all_56_equations_are_asked_for():
    assert list(PAPER.equations) == list(range(1, 57))
    without = [claim for claim in CLAIMS if "Eq. 38" not in claim.loci]
    assert judge.missing_equations(without, PAPER) == [38]


def test_every_entry_of_table_1_has_a_claim():
    for column in TABLE:
        found = [z for c in CLAIMS for z in c.loci if z.startswith(f"Table 1: {column.name},")]
        assert len(found) == 7


def test_torch_votes_and_changes_are_many(judged):
    found = judged("xu_ziyin")
    assert sum(z.siding is not None for z in found) >= 8
    assert power(found)[1] > 900


def test_hypotheses_that_are_not_needed_are_told(judged):
    found = judged("xu_ziyin")
    text = markdown.render(report(found, PAPER))
    one = next(z for z in found if z.claim.id == "rescaling-2")
    assert one.unneeded == ("P > Q",)
    assert f"{places(one.claim.loci)}, {one.claim.says}: holds without $P > Q$" in text
