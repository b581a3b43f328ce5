"""A paper more is a folder more: nothing else knows of it."""

import importlib
import json
import sys

import pytest

import verify.papers
from numeric.errors import InputError
from scripts import audit as command
from verify.papers.paper import load, papers

PAPER = r'''
"""Kepler 1609."""

from verify.papers.paper import Paper

PAPER = Paper(
    package=__name__,
    title="A New Astronomy",
    reference="Kepler 1609",
    introduction=("A sketch of orbits.",),
    equations=range(1, 4),
    sections=("orbits", "areas"),
    symbols={"e": (r"\varepsilon", "eccentricity of the orbit"), "beta": ("b", "small half axis")},
)
'''
ORBITS = r"""
from sympy import Symbol, sqrt

from verify.claims.claim import Claim
from verify.claims.equation import Equation

a, e = Symbol("a", positive=True), Symbol("e", positive=True)
CLAIMS = (
    Claim(
        id="nearest", loci=("Eq. 1",), says="the nearest point", printed=r"r=a(1-\varepsilon)",
        test=Equation("r", a * (1 - e), lambda: a - a * e),
    ),
)
"""
AREAS = r"""
from sympy import pi

from verify.claims.claim import Claim, Verdict
from verify.claims.equation import Equation
from verify.papers.kepler.orbits import a, e

CLAIMS = (
    Claim(
        id="area", loci=("Eq. 2",), says="the area of the orbit", printed=r"A=a^2(1-\varepsilon)",
        test=Equation("A", a**2 * (1 - e), lambda: a**2 * (1 - e) * (1 + e), corrected=a**2 * (1 - e**2)),
        expected=Verdict.FAILS, severity="typo", correction=r"A=a^2(1-\varepsilon^2)",
    ),
)
"""
MODULES = {"__init__": PAPER, "orbits": ORBITS, "areas": AREAS, "drawing": "LINES = 3"}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where another paper is."""
    folder = tmp_path / "kepler"
    folder.mkdir()
    for name, text in MODULES.items():
        (folder / f"{name}.py").write_text(text)
    monkeypatch.setattr(verify.papers, "__path__", [*verify.papers.__path__, str(tmp_path)])
    importlib.invalidate_caches()
    yield folder
    for name in [z for z in sys.modules if z.startswith("verify.papers.kepler")]:
        del sys.modules[name]
    vars(verify.papers).pop("kepler", None)


def run(capsys, *arguments):
    code = command.main(["--paper", "kepler", *arguments])
    return code, capsys.readouterr()


def test_it_is_found_beside_the_others(folder):
    before = [paper.name for paper in papers() if paper.name != "kepler"]
    assert "xu_ziyin" in before
    assert sorted([*before, "kepler"]) == [paper.name for paper in papers()]
    assert load("kepler").title == "A New Astronomy"
    assert load().name == "xu_ziyin" != papers()[0].name


def test_its_claims_are_in_the_order_of_its_sections(folder):
    assert [claim.id for claim in load("kepler").claims()] == ["nearest", "area"]


@pytest.mark.parametrize(
    ("module", "text", "amiss"),
    [("moons", ORBITS, "moons"), ("areas", "", "areas"), ("orbits", "a = e = 1", "orbits")],
)
def test_claims_whose_place_is_not_known_are_refused(folder, module, text, amiss):
    (folder / f"{module}.py").write_text(text)
    with pytest.raises(ValueError, match=f"verify.papers.kepler: {amiss}: sections and modules"):
        load("kepler").claims()


def test_what_is_no_paper_is_passed_over(folder):
    (folder / "__init__.py").write_text("")
    assert "kepler" not in [paper.name for paper in papers()]


def test_it_is_audited(folder, capsys):
    code, said = run(capsys, "--json")
    assert code == 0
    nearest, area = json.loads(said.out)
    assert (nearest["id"], nearest["verdict"], nearest["evidence"]) == (
        "nearest",
        "HOLDS",
        "proved",
    )
    assert nearest["transcription"] == r"r = a \left(1 - \varepsilon\right)"
    assert nearest["mutants"]["refuted"] == nearest["mutants"]["of"] > 3
    assert (area["id"], area["verdict"], area["severity"]) == ("area", "FAILS", "typo")
    assert set(area["witness"]) == {"a", "e"}


def test_its_report_is_its_own(folder, capsys, tmp_path):
    path = tmp_path / "report.md"
    assert run(capsys, "--report", str(path))[0] == 0
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# An audit of Kepler 1609, A New Astronomy\n\nA sketch of orbits.\n\n")
    assert "| HOLDS: holds as printed | 1 |" in text
    assert r"| $\varepsilon$ | eccentricity of the orbit |" in text
    assert r"* judged: $A = a^{2} \left(1 - \varepsilon\right)$" in text
    for words in ("Xu", "Ziyin", "2401", r"\rho"):
        assert words not in text


def test_its_committed_report_is_checked(folder, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr(command, "ROOT", tmp_path)
    code, said = run(capsys, "--check")
    assert code == 1
    place = "verify/reports/kepler.md"
    assert f"{place} is not what the audit finds; audit --paper kepler --report {place}" in said.err
    run(capsys, "--report", str(tmp_path / place))
    assert run(capsys, "--check")[0] == 0
    with (tmp_path / place).open("a") as file:
        file.write("One line more.\n")
    assert run(capsys, "--check")[0] == 1


@pytest.mark.parametrize(
    ("name", "words"), [("Kepler", "'kepler', perhaps; papers are "), ("Newton", "one of ")]
)
def test_a_paper_that_is_not_there(folder, name, words):
    with pytest.raises(InputError) as caught:
        command.main(["--paper", name, "--only", "Eq. 1"])
    known = ", ".join(paper.name for paper in papers())
    assert str(caught.value) == f"--paper: found {name!r}; expected {words}{known}"
