"""`run.py laws`: the report, JSON, LaTeX, a file of somebody's own, bad input, out of time."""

import json
import re
import shutil
import subprocess

import pytest

from numeric.errors import InputError
from scripts import laws as command
from scripts import laws_tables
from symbolic.derivation import stages

OWN = """\
from symbolic import Layer, Model

MODEL = Model(
    name="gated", title="a gate on a linear layer", source="own",
    layers={"g": Layer("h", rate="eta_g"), "U": Layer("m", "h", rate="eta_U"),
            "V": Layer("h", "n", rate="eta_V")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.U @ (w.g * (w.V @ x.x)),
    sizes=({"n": 2, "h": 2, "m": 1},),
)
"""


@pytest.fixture
def laws(capsys):
    def run(*arguments):
        code = command.main(list(map(str, arguments)))
        return code, capsys.readouterr()

    return run


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        path = tmp_path / "gated.py"
        path.write_text(text)
        return path

    return write


def test_the_documented_json(laws):
    code, said = laws("linear_attention", "--sizes", "d=2,k=1,v=1", "--json")
    report = json.loads(said.out)
    assert code == 0
    assert report["model"] == "linear_attention"
    assert report["all_sizes"][0] == (r"\frac{Q Q^{\top}}{\eta_{Q}} - \frac{K K^{\top}}{\eta_{K}}")
    (one,) = report["instances"]
    assert {k: one[k] for k in ("weights", "independent", "lie_rank", "complete", "left")} == {
        "weights": 8, "independent": 3, "lie_rank": 5, "complete": True, "left": 5,
    }  # fmt: skip
    assert one["kinds"]["quadratic"] == len(one["laws"]) == 3


def test_the_report_is_lines_that_say_what_holds(laws):
    _, said = laws("lora")
    assert "Bᵀ B/eta_B − A Aᵀ/eta_A   r × r, symmetric" in said.out
    assert re.search(r"^n=3 r=2 m=3 +12 +3 +9 +yes +9$", said.out, re.MULTILINE)
    assert "(B_11² + B_21² + B_31²)/eta_B − (A_11² + A_12² + A_13²)/eta_A" in said.out


def test_rational_and_product_laws_are_told_apart(laws):
    _, said = laws("symmetric_factorisation", "--sizes", "n=2,r=3", "--json")
    assert json.loads(said.out)["instances"][0]["kinds"]["rational"] == 2
    _, said = laws("diagonal_classes", "--sizes", "n=3", "--json")
    kinds = json.loads(said.out)["instances"][0]["kinds"]
    assert (kinds["quadratic"], kinds["product"]) == (3, 1)


def test_a_network_of_ones_own(laws, own):
    """By hand: u_i², g_i², |v_i|² of a neuron differ by constants."""
    code, said = laws(own(), "--json")
    (one,) = json.loads(said.out)["instances"]
    assert code == 0
    assert (one["weights"], one["independent"], one["lie_rank"]) == (8, 4, 4)


def test_loss_and_data_can_be_others(laws):
    _, said = laws("two_layer_linear", "--sizes", "n=3,h=2,m=2", "--data", "line", "--json")
    line = json.loads(said.out)
    _, said = laws("two_layer_linear", "--sizes", "n=3,h=2,m=2", "--loss", "softmax", "--json")
    softmax = json.loads(said.out)
    assert (line["data"], softmax["loss"]) == ("line", "softmax")
    assert softmax["instances"][0]["kinds"]["linear"] == 2  # column sums of the last layer
    assert line["instances"][0]["kinds"]["linear"] == 4  # across the direction of the data


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lorra"], "'lora', perhaps"),
        ([], "a declaration, or --list"),
        (["lora", "--sizes", "n=3;r=2"], "as in d=2,k=1"),
        (["lora", "--sizes", "n=3,n=2"], "as in d=2,k=1"),
        (["lora", "--sizes", "n=0,r=2,m=3"], "as in d=2,k=1"),
        (["lora", "--report", "x.txt"], "a file ending in"),
        (["lora", "--data", "points"], "points are listed in the file"),
    ],
)
def test_bad_arguments_are_one_line(laws, arguments, words):
    with pytest.raises(InputError) as caught:
        laws(*arguments)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("MODEL = 3", "MODEL is a symbolic.Model, and it is of type int"),
        ("", "MODEL is a symbolic.Model, and there is none"),
        ("def f(:", "line 1: invalid syntax"),
        ("import nothing_of_that_name", "line 1: ModuleNotFoundError"),
        (OWN.replace("w.V @ x.x", "x.x @ w.V"), "line 8: (n) @ (h, n) do not fit: n is not h"),
        (OWN.replace("w.g", "w.q"), "line 8: AttributeError: no weight 'q': there are g, U, V"),
        (OWN.replace('"h": 2', '"k": 2'), "gated: no size 'k': sizes are"),
        (OWN.replace("w.U @", "F.tan(w.g) @"), "F has no 'tan': activations are"),
    ],
)
def test_a_mistake_in_a_file_is_one_line_with_its_place(laws, own, text, words):
    code, said = laws(own(text))
    assert code == 2
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_file_that_prints_does_not_spoil_the_report(laws, own):
    code, said = laws(own("print('hi there')\n" + OWN), "--json")
    assert code == 0
    assert json.loads(said.out)["model"] == "gated"
    assert "hi there" in said.err


@pytest.mark.parametrize("ends", ["0", "7", ""])
def test_a_file_that_ends_the_program_is_said_to(laws, own, ends):
    code, said = laws(own(f"import sys\nsys.exit({ends})\n"))
    assert code == 2
    assert "the file ends the program" in said.err


def test_an_unknown_loss_is_refused(laws, own):
    with pytest.raises(InputError, match="found sqaure; expected one of any, softmax"):
        laws("lora", "--loss", "sqaure")
    with pytest.raises(InputError, match="found sqaure"):
        laws(own(OWN.replace("inputs=", 'loss="sqaure", inputs=')))


def test_what_is_not_proved_is_not_shown(laws, monkeypatch):
    from symbolic.declared import reach
    from symbolic.laws.lie_rank import Rank

    monkeypatch.setattr(reach, "lie_rank", lambda *given, **more: Rank(100, (100,), 1))
    code, said = laws("lora")
    assert (code, said.out) == (3, "")
    assert said.err.startswith("exactflow: not proved: Reach:")


def test_no_stage_takes_the_end_of_time_for_an_answer(laws, monkeypatch):
    """A search that refuses on its own account lets it through."""
    from symbolic.proof.certificate import DoesNotApply, OutOfTime
    from symbolic.reduced import recognise

    def slow(instance):
        raise OutOfTime("not decided in 60 s")

    assert not issubclass(OutOfTime, DoesNotApply)
    monkeypatch.setattr(recognise, "reduced_flow", slow)
    _, said = laws("two_layer_linear", "--sizes", "n=2,h=2,m=2", "--json")
    (one,) = json.loads(said.out)["instances"]
    assert one["not_decided"].get("Solvable", "not decided in 60 s") == "not decided in 60 s"


def test_missing_sizes_are_asked_for(laws, own):
    bare = OWN.replace('    sizes=({"n": 2, "h": 2, "m": 1},),\n', "")
    with pytest.raises(InputError, match="numbers for h, m, n"):
        laws(own(bare))
    code, said = laws("lora", "--sizes", "n=3,r=2")
    assert code == 2
    assert "no value for the size m" in said.err


def test_what_time_did_not_allow_is_said_to_be_undecided(laws, monkeypatch):
    from scripts import alarm
    from symbolic.proof.certificate import OutOfTime

    class Over(alarm.Alarm):
        """The time is over after two stages."""

        asked = 0

        def check(self):
            Over.asked += 1
            if Over.asked > 2:
                raise OutOfTime("not reached in 60 s")

    monkeypatch.setattr(alarm, "Alarm", Over)
    _, said = laws("lora", "--json")
    (one,) = json.loads(said.out)["instances"]
    assert (one["complete"], one["independent"], one["lie_rank"]) == (False, None, None)
    assert "not reached in 60 s" in one["not_decided"].values()


def test_an_alarm_interrupts_what_is_under_way():
    from scripts.alarm import alarm
    from symbolic.proof.certificate import OutOfTime

    def endless():
        with alarm(0.05):
            while True:
                pass

    with pytest.raises(OutOfTime, match=r"not decided in 0\.05 s"):
        endless()


def test_the_document_names_every_stage_and_compiles(laws, tmp_path):
    path = tmp_path / "report.tex"
    code, _ = laws("diagonal_classes", "--sizes", "n=3", "--report", path)
    text = path.read_text()
    assert code == 0
    assert "Rational and product laws" in text
    assert r"\frac{u_{1}^{2}}{\eta_{u}} - \frac{v_{1}^{2}}{\eta_{v}}" in text
    if shutil.which("pdflatex"):
        made = subprocess.run(
            ["pdflatex", "-interaction=nonstopmode", path.name], cwd=tmp_path, capture_output=True
        )
        assert made.returncode == 0, made.stdout[-2000:]


def test_stages_are_those_of_what_is_given():
    from symbolic.architecture.instance import Instance
    from symbolic.network.model import Model

    of_instances, of_models = ({s.makes for s in stages(kind)} for kind in (Instance, Model))
    assert of_instances
    assert of_models < of_instances  # of a declared network with one variable left


@pytest.mark.slow
def test_the_page_of_the_shelf_is_what_is_derived(laws):
    code, said = laws("--shelf", "--check")
    assert code == 0, said.err


def test_a_page_that_is_another_one_is_said(laws, monkeypatch, tmp_path):
    from symbolic.models import shelf

    monkeypatch.setattr(shelf, "names", lambda: ["chain_2"])
    monkeypatch.setattr(laws_tables, "ROOT", tmp_path)
    monkeypatch.setattr(laws_tables, "SHELF", tmp_path / "shelf.md")
    assert laws("--shelf", "--check")[0] == 1
    assert "wrote shelf.md\n" in laws("--shelf")[1].err
    assert laws("--shelf", "--check")[0] == 0
    page = tmp_path / "shelf.md"
    page.write_text(page.read_text().replace("1 quadratic", "2 quadratic"))
    code, said = laws("--shelf", "--check")
    assert code == 1
    assert "laws --shelf mends it" in said.err


def test_laws_are_held_against_descent(laws):
    code, said = laws("two_layer_linear", "--sizes", "n=2,h=2,m=1", "--verify", "--json")
    (one,) = json.loads(said.out)["verified"]
    assert (code, one["passed"]) == (0, True)
    assert one["altered"]["refuted"] == one["altered"]["of"] > 0
    assert one["altered"]["survivors"] == []


def test_what_does_not_hold_is_exit_code_1(laws, monkeypatch):
    """A network whose torch is another one."""
    from verify.networks import shelf

    found = shelf.load("two_layer_linear")
    monkeypatch.setattr(shelf, "load", lambda name: lambda *given: 2 * found(*given))
    code, said = laws("two_layer_linear", "--sizes", "n=2,h=2,m=1", "--verify")
    assert code == 1
    assert "FAILS" in said.out
