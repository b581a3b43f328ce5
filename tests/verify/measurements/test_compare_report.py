"""The comparison as a document."""

from symbolic.writing import markdown
from symbolic.writing.document import Items, Table
from verify.measurements.compare import Row, Skipped
from verify.measurements.compare_report import HEAD, report

ROW = Row(
    network="cubic", width=10, weights=40, time=1.0, peer="DOP853", tolerance=1e-13, seconds=0.031,
    peer_seconds=0.5, ratio=16.1, error=4.4e-16, peer_error=7.8e-13, reached=False, runs=3, peer_runs=3,
    reference="Taylor series, 30 digits",
)  # fmt: skip
SKIPPED = Skipped("tanh", 100, "heyoka", "heyoka compiles term by term: up to 30 neurons")


def test_a_row_per_comparison_and_what_was_left_out(defects_of):
    blocks = report([ROW, ROW], [SKIPPED], "Ours: preparation,\n loss and *output*.")
    assert defects_of(blocks) == []
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert len(table.rows) == 2
    assert dict(zip(HEAD, table.rows[0], strict=True))["peer/ours"] == "16"
    text = markdown.render(blocks)
    assert r"Ours: preparation, loss and \*output*." in text
    assert "* skipped: tanh, width 100, heyoka: heyoka compiles" in text
    assert (
        "| cubic | 10 | 0.031 | 0.5 | DOP853 | 1e-13 | 16 | 4.4e-16 | 7.8e-13 | no | Taylor" in text
    )


def test_nothing_left_out_is_no_list():
    assert not any(isinstance(block, Items) for block in report([ROW], [], ""))
