"""Options of `run.py laws`: none is ignored, what is wrong is said once, with its place and what fits."""

from __future__ import annotations

import json

import pytest

from numeric.errors import InputError
from scripts import laws as command
from scripts import laws_given, laws_tables
from verify.measurements.notebook import counts, networks

OWN = """\
from symbolic import Layer, Model

MODEL = Model(
    name="gated", title="a gate on a linear layer", source="own",
    layers={"g": Layer("h", rate="eta_g"), "U": Layer("m", "h", rate="eta_U")},
    inputs={"x": ("h",)},
    output=lambda w, x, F: w.U @ (w.g * x.x),
    sizes=({"h": 2, "m": 1},),
)
"""
OUTPUT = "lambda w, x, F: w.U @ (w.g * x.x)"


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["lora", "--json", "--latex"], "--latex: found --json with it"),
        (["lora", "--check"], "--check: found it alone; expected --shelf or --benchmark beside it"),
        (["lora", "--quick"], "expected --benchmark beside it"),
        (["lora", "--seed", "0"], "--verify or --quick beside it"),
        (["--benchmark", "--seed", "0"], "--verify or --quick beside it"),
        (["--list", "--json"], "--json: found it alone; expected --benchmark or a network beside"),
        (["--shelf", "--verify"], "--verify: found it alone; expected a network beside it"),
        (["--shelf", "--sizes", "n=1"], "--sizes: found it alone"),
        (["--list", "--seconds", "3"], "--seconds: found it alone"),
        (["--benchmark", "--report", "a.md"], "--report: found it alone"),
        (["--benchmark", "--latex"], "--latex: found it alone"),
        (["--shelf", "lora"], "found --shelf and a network; expected one of them"),
        (["--list", "--benchmark"], "found --list and --benchmark"),
        (["lora", "--json", "a.txt"], "a file ending in .json"),
        (["--check"], "a declaration, or --list"),
        (["lora", "--sizes", "n=0,r=2,m=3"], "found n=0; expected a size from 1 to 10000"),
        (["lora", "--sizes", "n=3,r=-2,m=3"], "found r=-2; expected a size from 1 to 10000"),
        (["lora", "--sizes", "n=10001,r=2,m=3"], "found n=10001; expected a size from 1 to 10000"),
        (["lora", "--sizes", f"n={10**30}"], "expected a size from 1 to 10000"),
        (["lora", "--sizes", "n=3,n=3"], "expected n once"),
        (["lora", "--sizes", "n=x"], "expected a number for each size, as in d=2,k=1"),
        (["lora", "--sizes", "n=٣"], "expected a number for each size"),
    ],
)
def test_what_nothing_would_look_at_is_refused(laws, arguments, words):
    with pytest.raises(InputError) as caught:
        laws(*arguments)
    assert words in str(caught.value)


def test_the_largest_size_is_one():
    assert laws_given.read("n=10000, k=1") == {"n": 10000, "k": 1}


def test_json_is_printed_or_written(laws, own, tmp_path):
    path = tmp_path / "new folder" / "a.json"
    _, printed = laws(own(), "--json")
    _, first = laws("--json", own())
    code, said = laws(own(), "--json", path)
    assert code == 0
    assert printed.out == first.out
    assert json.loads(path.read_text()) == json.loads(printed.out)
    assert f"wrote {path}" in said.err
    assert said.out.startswith("a gate on a linear layer (own)\n")
    code, said = laws(own(), "--json", path, "--latex")  # a file beside what is printed
    assert code == 0
    assert said.out.startswith(r"\documentclass")


def test_folders_of_a_report_are_made_as_those_of_other_commands_are(laws, own, tmp_path):
    path = tmp_path / "a" / "b" / "gated.md"
    code, said = laws(own(), "--report", path)
    assert (code, said.err) == (0, f"exactflow: wrote {path}\n")
    assert path.read_text().startswith("# What gradient flow conserves")
    assert "folders that are not there are made" in " ".join(
        command.arguments().format_help().split()
    )


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("w.g * x.x", "w.U @ x.x", 7, "(m, h) @ (m) do not fit: h is not m"),
        ("w.g * x.x", "w.g[0] * x.x", 7, "no entries of tensors"),
        ("w.g * x.x", "F.softmax(3) * x.x", 7, "softmax is of tensors, not of int"),
        ("w.g * x.x", "F.tanh(3) * x.x", 7, "tanh is of tensors, not of int"),
        ("w.g * x.x", "F.weight_norm(x.x, 3)", 7, "weight_norm is of tensors, not of int"),
        ("w.g * x.x", "F.conv1d([1], x.x)", 7, "conv1d is of tensors, not of list"),
        (OUTPUT, "lambda w, x, F: [w.U, w.g]", 7, "a tensor, and this is of type list"),
        (OUTPUT, "lambda w, x, F: None", 7, "a tensor, and this is of type NoneType"),
        (OUTPUT, "lambda w, x, F: True", 7, "a tensor, and this is of type bool"),
        (OUTPUT, 'Layer("h")', 3, "an output is a function of weights, inputs and functions"),
        (OUTPUT, "lambda w, x: w.U", 3, "an output is a function of weights, inputs and functions"),
        (OUTPUT, 'lambda w, x, F: F.frozen("T", "h", "h", "h")', 7, "and this has shape (h, h, h)"),
        ('{"x": ("h",)}', '{"x": "h"}', 3, "a shape such as (\"n\",), and x has 'h'"),
        ('{"x": ("h",)}', '{"x": 2}', 3, 'a shape such as ("n",), and x has 2'),
        ('{"x": ("h",)}', '["x"]', 3, "inputs are shapes by name"),
        ('{"h": 2, "m": 1},', '{"h": 2.0, "m": 1},', 3, "a whole number, not h = 2.0"),
        ('{"h": 2, "m": 1},', '{"h": True, "m": 1},', 3, "a whole number, not h = True"),
        ('({"h": 2, "m": 1},)', '{"h": 2, "m": 1}', 3, "sizes are a list of instances"),
        ('({"h": 2, "m": 1},)', "7", 3, "sizes are a list of instances"),
        ('title="a gate on a linear layer"', "title=3", 3, "a title is a text, not 3"),
        ('name="gated"', 'name=""', 3, "a name is a text, not ''"),
        ('source="own"', "source=None", 3, 'a source is a text such as "own", not None'),
        ('source="own"', 'source="own", data=3', 3, "a data is a text, not 3"),
        ('source="own"', 'source="own", data="points"', 3, "and points are missing: points=[{"),
        ('source="own"', 'source="own", points=[{"x": [1, 2]}]', 3, 'and data is "any"'),
        ('source="own"', 'source="own", data="points", points=7', 3, "points are a list of inputs"),
        ('source="own"', 'source="own", data="points", points=[7]', 3, "a point is entries by"),
        (
            'source="own"', 'source="own", data="points", points=[{"y": [1, 2]}]', 3,
            "a point has no x: it has y",
        ),
        (
            'source="own"', 'source="own", data="points", points=[{"x": [1]}]', 3,
            "a point has 1 entries of x, not 2",
        ),
        (
            'source="own"', 'source="own", data="points", points=[{"x": [1, "a"]}]', 3,
            "an entry of a point is a number, not 'a'",
        ),
        (
            'source="own"', 'source="own", data="points", points=[{"x": [1, float("nan")]}]', 3,
            "an entry of a point is a number, not nan",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_said_once_with_its_line(laws, own, old, new, line, words):
    assert old in OWN
    path = own(OWN.replace(old, new))
    code, said = laws(path)
    assert (code, said.out) == (2, "")
    assert said.err.startswith(f"exactflow: {path}, line {line}: ")
    assert words in said.err
    assert said.err.count("gated.py") == 1
    assert said.err.count("\n") == 1
    assert "model.py" not in said.err
    assert "functools" not in said.err


def test_points_that_do_not_fit_other_sizes_are_refused(laws, own):
    points = 'source="own", data="points", points=[{"x": [1, "0.5"]}]'.replace('"0.5"', "0.5")
    path = own(OWN.replace('source="own"', points))
    assert laws(path)[0] == 0
    code, said = laws(path, "--sizes", "h=3,m=1")
    assert (code, said.err) == (2, "exactflow: gated: a point has 2 entries of x, not 3\n")


def test_an_unknown_function_is_answered_with_all_there_are(laws, own):
    _, said = laws(own(OWN.replace("w.g * x.x", "F.layernorm(w.g)")))
    assert "F has no 'layernorm': activations are cos, erf, exp, gelu, relu, sigmoid, " in said.err
    others = "abs, conv1d, frozen, identity, layer_norm, leaky_relu, maximum, softmax, weight_norm"
    assert f"other functions are {others}" in said.err


def test_a_file_may_import_what_lies_beside_it_and_have_dataclasses(laws, own, tmp_path):
    (tmp_path / "width_of_gates.py").write_text("WIDTH = 3\n")
    kept = """\
from __future__ import annotations
from dataclasses import dataclass
from width_of_gates import WIDTH

@dataclass
class Kept:
    width: int = WIDTH

"""
    code, said = laws(own(kept + OWN.replace('"h": 2', '"h": Kept().width')), "--json")
    assert (code, said.err) == (0, "")
    assert json.loads(said.out)["instances"][0]["sizes"] == {"h": 3, "m": 1}


def test_sizes_that_are_not_reached_are_not_verified(laws, own, monkeypatch):
    from symbolic.declared.summary import Unreached

    monkeypatch.setattr(command, "at", lambda model, sizes, s: Unreached(model, sizes, "late"))
    code, said = laws(own(), "--verify", "--json")
    found = json.loads(said.out)
    assert (code, found["verified"], found["all_sizes"]) == (1, [], [])
    assert found["instances"][0]["not_decided"] == {"Instance": "late"}
    assert laws(own())[0] == 0


def test_a_network_without_inputs_is_held_against_descent_at_one_point(laws, own):
    text = OWN.replace('{"x": ("h",)}', "{}").replace(OUTPUT, "lambda w, x, F: w.U @ w.g")
    code, said = laws(own(text), "--verify", "--json")
    (one,) = json.loads(said.out)["verified"]
    assert (code, one["passed"]) == (0, True)
    assert one["altered"]["refuted"] == one["altered"]["of"] > 0
    (ring,) = (z for z in one["properties"] if z["name"] == "agrees with ring")
    assert ring["cases"] == 8  # problems, of one point each


@pytest.mark.parametrize("output", ["x.x", "0 * (w.U @ (w.g * x.x))", "1"])
def test_what_descent_does_not_move_is_not_verified(laws, own, output):
    path = own(OWN.replace(OUTPUT, f"lambda w, x, F: {output}"))
    with pytest.raises(InputError, match="--verify: found gated: nothing moves from 24 random"):
        laws(path, "--verify")
    assert laws(path)[0] == 0


@pytest.mark.parametrize("is_expanded", [False, True])
def test_laws_at_all_sizes_need_no_sizes(laws, own, monkeypatch, is_expanded):
    from symbolic.architecture.instance import Instance
    from symbolic.declared.matrix_laws import MatrixLaws
    from symbolic.declared.summary import Summary, Unreached
    from symbolic.laws import all_sizes
    from symbolic.proof.certificate import OutOfTime

    def late(model, sizes, seconds):
        if is_expanded:
            return Summary(Instance(model, sizes), {}, {MatrixLaws: "late"}, {MatrixLaws: "late"})
        return Unreached(model, sizes, "late")

    def slow(model):
        raise OutOfTime("not decided in 2 s")

    monkeypatch.setattr(laws_given, "_in_time", late)
    path = own()
    said = laws(path)[1].out
    assert "Conserved at all sizes, for all rates:\n  diag(g gᵀ/eta_g − Uᵀ U/eta_U)" in said
    assert json.loads(laws(path, "--json")[1].out)["all_sizes"] != []
    monkeypatch.setattr(all_sizes, "laws_at_all_sizes", slow)
    assert "Not decided: what is conserved at all sizes." in laws(path)[1].out
    monkeypatch.undo()
    assert "Not decided" not in laws(path)[1].out


def test_the_help_says_which_laws_are_searched():
    said = " ".join(command.arguments().format_help().split())
    assert "polynomial laws of degree 2 at most, rational and product laws and" in said
    assert "separable ones, which are integrals" in said


@pytest.fixture
def few(monkeypatch, tmp_path):
    """Three networks of the notebook, and a page elsewhere."""
    models = [one for one in networks.notebook_networks() if one.name[-2:] in ("_1", "_2")]
    monkeypatch.setattr(networks, "notebook_networks", lambda: models)
    monkeypatch.setattr(laws_tables, "ROOT", tmp_path)
    monkeypatch.setattr(laws_tables, "NOTEBOOK", tmp_path / "notebook.md")
    monkeypatch.setattr(laws_tables, "FEW", 1)
    return tmp_path


def test_the_benchmark_writes_a_page_and_compares_it(laws, few):
    page = few / "notebook.md"
    assert laws("--benchmark", "--check")[0] == 1
    code, said = laws("--benchmark")
    assert (code, said.err) == (0, "exactflow: wrote notebook.md\n")
    first, linear, relu, *_ = said.out.splitlines()
    assert first == "all 6 complete"
    assert linear.startswith("linear: 2 of 2 complete in ")
    assert linear.endswith(" s of processor time on one core; of all 50 the notebook prints 34:23")
    assert relu.startswith("relu: 4 of 4 complete in ")
    assert laws("--benchmark", "--check")[0] == 0
    page.write_text(page.read_text().replace("| yes |", "| no |", 1))
    code, said = laws("--benchmark", "--check")
    assert code == 1
    assert "notebook.md is not what is derived; laws --benchmark mends it" in said.err


def test_a_quick_benchmark_draws_by_the_seed_and_writes_nothing(laws, few):
    drawn = []
    for seed in range(6):
        code, said = laws("--benchmark", "--quick", "--seed", seed, "--json")
        found = json.loads(said.out)
        names = tuple(one["name"] for one in found["networks"])
        assert (code, len(names), said.err) == (0, 2, "")
        assert {name[:4] for name in names} == {"line", "relu"}
        assert all(one["complete"] and one["gap"] == 0 for one in found["networks"])
        drawn.append(names)
    assert len(set(drawn)) > 1
    again = json.loads(laws("--benchmark", "--quick", "--json")[1].out)["networks"]
    assert tuple(one["name"] for one in again) == drawn[0]
    assert not (few / "notebook.md").exists()


def test_what_is_not_complete_is_named_and_no_page(laws, few, monkeypatch):
    monkeypatch.setattr(counts, "lie_rank", lambda *given, seen: counts_of_nothing())
    code, said = laws("--benchmark", "--json", few / "b.json")
    assert code == 1
    assert said.out.startswith("6 of 6 undecided:\n  5-3-4-2 linear network of the notebook")
    assert "undecided: gap 19" in said.out
    assert not (few / "notebook.md").exists()
    found = json.loads((few / "b.json").read_text())
    assert {one["complete"] for one in found["networks"]} == {False}


def counts_of_nothing():
    from symbolic.laws.lie_rank import Rank

    return Rank(0, (), 0)


def test_a_network_of_the_notebook_that_takes_too_long_is_undecided(laws, few, monkeypatch):
    from symbolic.proof.certificate import OutOfTime

    def slow(*given, seen):
        raise OutOfTime("not decided in 60 s")

    monkeypatch.setattr(counts, "lie_rank", slow)
    code, said = laws("--benchmark", "--seconds", "7")
    assert code == 1
    assert said.out.count("? rank  undecided: gap ?") == 6
