"""The report on the family: a document in every format."""

import pytest

from symbolic.derivation import derivation
from symbolic.writing import family, losses_table, markdown, report
from symbolic.writing.document import Heading, Items, Paragraph, dumps, loads
from symbolic.writing.losses_table import LossesRow


@pytest.fixture(scope="module", params=["linear", "relu"])
def section(request):
    """Of a network, with a row of losses that is not derived."""
    derived = derivation(request.param)
    cells = dict.fromkeys(losses_table.losses.names(), "yes: any width [3]")
    reasons = {"huber": "stage: h**2 does not split; other: 1/slope is no a*b"}
    times = LossesRow(request.param, cells | {"huber": "open"}, reasons)
    return report.Section(
        family.row(derived), report._laws(derived), report._proofs(derived), times
    )


def test_the_report_is_sound_in_every_format(section, defects_of):
    blocks = report.report([section], [Paragraph("counts")], [Items(("powers",))], [])
    assert defects_of(blocks) == []
    titles = [block.text for block in blocks if isinstance(block, Heading)]
    assert section.row.network in titles
    assert titles[0].startswith("The family of additive")


def test_what_a_stage_said_stands_as_it_is(section):
    text = markdown.render(losses_table.blocks([section.times]))
    assert r"huber — stage: h\*\*2 does not split; other: 1/slope is no a\*b." in text
    assert f"| {section.row.network} | yes: any width [3] |" in text


def test_every_certificate_and_every_refusal_is_in_it(section):
    derived = derivation(section.row.network)
    items = [text for block in section.proofs if isinstance(block, Items) for text in block.texts]
    claims = sum(len(record.certificates) for record in derived.values())
    assert claims == section.row.certificates > 0
    assert len(items) == claims + len(derived.reasons)


def test_sections_are_the_same_from_json(section):
    assert loads(dumps(section.laws)) == section.laws
    assert loads(dumps(section.proofs)) == section.proofs


def test_the_table_has_a_row_per_network_what_is_solved_furthest_first():
    rows = [family.row(derivation(name)) for name in ("relu", "cubic", "linear")]
    table = family.table(rows)
    assert [row[0] for row in table.rows] == ["linear", "cubic", "relu"]
    assert [row[1] for row in table.rows] == ["`h`", "`h**3`", "`Piecewise((h, h > 0), (0, True))`"]
