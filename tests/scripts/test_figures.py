"""`run.py figures`: figures are found by their modules, chosen by paper and name, and written whole."""

from __future__ import annotations

import json

import numpy as np
import pytest

from numeric.errors import InputError
from scripts import figures
from verify.papers.figure import Drawn, Figure, Setting
from verify.papers.figure import figures as all_figures
from verify.papers.kunin.figures import figure3

KNOWN = {
    ("kunin", "figure2"), ("kunin", "figure3"), ("kunin", "figure4"), ("kunin", "regimes"),
    ("xu_ziyin", "figure1"), ("xu_ziyin", "figure7"), ("xu_ziyin", "phases"),
}  # fmt: skip


def test_every_module_of_a_papers_figures_is_one_and_help_says_what_it_shows(capsys):
    found = list(all_figures())
    assert {(one.paper, one.name) for one in found} == KNOWN
    with pytest.raises(SystemExit):
        figures.main(["--help"])
    said = capsys.readouterr().out
    for one in found:
        assert one.says.endswith(".")
        assert f"  {one.name:<9}{one.says}" in said
    assert (
        said.index("kunin:")
        < said.index("figure3")
        < said.index("xu_ziyin:")
        < said.index("figure7")
    )


@pytest.fixture
def made(monkeypatch):
    """Which figures were made, and how, with pictures that say what they are."""
    calls = []

    def make(self, setting, track):
        calls.append((self.paper, self.name, setting))
        row = {"curve": "δ = 1", "deviation": 0.125}
        drawn = {f"{self.paper}_{self.name}": lambda suffix: f"{self.name}{suffix}".encode()}
        return Drawn(drawn, list(track(iter([row]), 1)))

    monkeypatch.setattr(Figure, "make", make)
    return calls


def test_one_figure_of_one_paper(made, tmp_path, capsys):
    asked = ["--paper", "kunin", "--only", "figure3", "--output", str(tmp_path), "--json"]
    assert figures.main(asked) == 0
    assert made == [("kunin", "figure3", Setting(10_000, 0))]
    said = json.loads(capsys.readouterr().out)
    paths = [tmp_path / f"kunin_figure3.{kind}" for kind in ("png", "pdf")]
    assert said == {
        "files": [str(path) for path in paths],
        "curves": [{"paper": "kunin", "figure": "figure3", "curve": "δ = 1", "deviation": 0.125}],
    }
    assert [path.read_bytes() for path in paths] == [b"figure3.png", b"figure3.pdf"]


def test_all_figures_and_those_of_a_name(made, tmp_path, capsys):
    assert figures.main(["--output", str(tmp_path), "--width", "7", "--seed", "3"]) == 0
    assert {(paper, name) for paper, name, _ in made} == KNOWN
    assert {setting for *_, setting in made} == {Setting(7, 3)}
    assert len(list(tmp_path.iterdir())) == 2 * len(KNOWN)
    lines = capsys.readouterr().out.splitlines()
    assert "kunin  figure3  δ = 1" in lines[1]
    assert lines[1].endswith("largest |theory - descent| = 1.2e-01")
    made.clear()
    assert figures.main(["--output", str(tmp_path), "--only", "figure1"]) == 0
    assert [(paper, name) for paper, name, _ in made] == [("xu_ziyin", "figure1")]
    made.clear()
    assert figures.main(["--output", str(tmp_path), "--paper", "kunin"]) == 0
    assert {paper for paper, *_ in made} == {"kunin"}


def test_a_figure_that_a_paper_has_not_is_refused_before_the_work(made, tmp_path):
    place = tmp_path / "folder"
    with pytest.raises(
        InputError, match="found figure1 of kunin; expected one of its figures: figure2, figure3"
    ):
        figures.main(["--paper", "kunin", "--only", "figure1", "--output", str(place)])
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="expected a folder"):
        figures.main(["--output", str(tmp_path / "file")])
    assert made == []
    assert not place.exists()


def test_a_picture_is_the_same_file_every_time():
    start, *_ = figure3.DELTAS
    first, second = (figure3.curves([start], step=0.05, end=1.0) for _ in range(2))
    assert np.array_equal(first[0].descent["mu"], second[0].descent["mu"])
    for suffix in (".png", ".pdf"):
        assert figure3.draw(first, suffix) == figure3.draw(second, suffix)
