"""`run.py phase`: JSON, words, pictures, bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import phase as command

ROOT = Path(__file__).resolve().parents[2]
CASE = {
    "gamma": 1, "eta_u": 0.1, "eta_w": "0.1", "x": [1.0], "y": 2,
    "init": {"kind": "gaussian", "width": 400, "sigma_u": 1, "sigma_w": 1, "seed": 0},
}  # fmt: skip


@pytest.fixture
def phase(capsys):
    def run(*arguments):
        code = command.main(list(map(str, arguments)))
        return code, capsys.readouterr()

    return run


@pytest.fixture
def case(tmp_path):
    def write(**changes):
        path = tmp_path / "case.json"
        path.write_text(json.dumps(CASE | changes))
        return path

    return write


def refused(phase, *arguments):
    from numeric.errors import InputError

    with pytest.raises(InputError) as caught:
        phase(*arguments)
    return str(caught.value)


def test_the_documented_json(phase):
    code, said = phase("--c-d", 1, "--c-gamma", "-1/2", "--c-u", 0, "--c-w", 0, "--c-eta-u", 0,
                       "--c-eta-w", 0, "--json")  # fmt: skip
    report = json.loads(said.out)
    assert code == 0
    assert (report["stability"], report["phase"]) == ("stable", "kernel")
    expected = {
        "t_c": "0", "alpha_minus_1": "-1/2", "kernel_change": "-1", "movement_u": "-1/2",
        "movement_w": "-1/2", "alignment": "-1/2", "output_0": "0",
    }  # fmt: skip
    assert report["exponents"].items() >= expected.items()
    assert "T2 wins" in report["because"]
    assert report["warnings"] == []
    assert report["scales"]["c_gamma"] == "-1/2"


def test_presets_can_be_changed(phase):
    _, said = phase("--preset", "mean-field", "--c-eta", "1", "--json")
    report = json.loads(said.out)
    assert (report["stability"], report["phase"]) == ("stable", "feature learning")
    assert report["scales"]["c_eta_u"] == report["scales"]["c_eta_w"] == "1"
    _, said = phase("--preset", "mean-field", "--c-eta", "1", "--c-eta-u", "-.25", "--json")
    assert json.loads(said.out)["scales"]["c_eta_u"] == "-1/4"
    _, said = phase("--preset", "lazy", "--json")
    report = json.loads(said.out)
    assert report["start"] == "zero-output"
    assert report["exponents"]["output_0"] == "-inf"


def test_want(phase):
    _, said = phase("--preset", "kaiming", "--want", "feature", "--json")
    want = json.loads(said.out)["want"]
    assert (want["multiply_gamma"], want["multiply_eta"]) == ("-1", "1")
    options = [f"--{name.replace('_', '-')}={value}" for name, value in want["scales"].items()]
    _, said = phase(*options, "--json")
    report = json.loads(said.out)
    assert (report["stability"], report["phase"]) == ("stable", "feature learning")
    _, said = phase("--c-gamma", 1, "--want", "kernel", "--json")
    want = json.loads(said.out)["want"]
    assert not want["possible"]
    assert "zero output" in want["advice"]
    _, said = phase("--preset", "xavier", "--want", "kernel")
    assert "multiply the output scale by κ^(1/2) and both learning rates by κ^(-1)" in said.out


def test_the_table(phase):
    _, said = phase("--preset", "mean-field")
    assert "FROZEN, FEATURE LEARNING PHASE" in said.out
    assert "! no valid limit" in said.out
    assert "kernel_change" in said.out


@pytest.mark.slow
def test_measure(phase, tmp_path):
    path = tmp_path / "measured.pdf"
    _, said = phase(
        "--preset", "mup", "--measure", "--seeds", 3, "--decades", 2, "--plot", path, "--json"
    )
    measured = json.loads(said.out)["measured"]
    assert set(measured) == {
        "t_c",
        "output_0",
        "kernel_change",
        "movement_u",
        "movement_w",
        "alignment",
    }
    for name in ("t_c", "alignment"):
        for kind in ("closed_form", "descent"):
            assert abs(measured[name][kind]["slope"]) < 0.2
            assert 0 < measured[name][kind]["half_width"] < 1
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("suffix", ["png", "pdf", "svg"])
@pytest.mark.slow
def test_pictures(phase, tmp_path, suffix):
    start = {"png": b"\x89PNG", "pdf": b"%PDF", "svg": b"<?xml"}[suffix]
    for k, arguments in enumerate((
        ("--diagram", "c_gamma,c_eta", "--c-d", 1), ("--diagram", "c_d,c_u", "--span", "-2,2"),
        ("--preset", "lazy"),
    )):  # fmt: skip
        path = tmp_path / f"{k}.{suffix}"
        assert phase(*arguments, "--plot", path)[0] == 0
        assert path.read_bytes().startswith(start)
    if suffix == "svg":
        text = (tmp_path / "0.svg").read_text()
        for word in ("kernel,", "feature", "unstable", "frozen", "NTK", "Xavier, µP", "Eq. 18"):
            assert word in text, word


def test_an_actual_network(phase, case):
    _, said = phase(case(), "--json")
    report = json.loads(said.out)
    numbers = report["numbers"]
    # 400 neurons with γ = 1: K ≈ 0.1 · 800, far too large for these rates, and hardly changing.
    assert report["stability"] == "divergent"
    assert numbers["largest_kernel"] == pytest.approx(80, rel=0.2)
    assert report["largest_rate_factor"] == pytest.approx(1 / numbers["largest_kernel"])
    assert "descent diverges in" in report["because"]
    assert "step times curvature > 4" in report["because"]
    for threshold, name in ((numbers["largest_change"] * 1.01, "kernel"),
                            (numbers["largest_change"] * 0.99, "feature learning")):  # fmt: skip
        _, said = phase(case(), "--threshold", threshold, "--json")
        assert json.loads(said.out)["phase"] == name


@pytest.mark.parametrize(
    ("curvature", "word", "said_so"),
    [
        (0.1, "stable", "close to the flow"), (1.9, "stable", "stable for K < 1"),
        (2.1, "catapult", "converges by the catapult"), (3.9, "catapult", "by the catapult"),
        (4.1, "divergent", "the kernel grows"), (40, "divergent", "the kernel grows"),
    ],
)  # fmt: skip
def test_three_words_for_three_things(phase, case, curvature, word, said_so):
    # η λ = 2K for the loss f²; one neuron of u = w = 1 has K = 2η.
    path = case(eta_u=curvature / 4, eta_w=curvature / 4, y=0)
    content = {k: v for k, v in json.loads(path.read_text()).items() if k != "init"}
    path.write_text(json.dumps(content | {"u0": [1, -0.9], "W0": [[1e-3], [1e-3]]}))
    _, said = phase(path, "--json")
    scale = json.loads(said.out)["numbers"]["kernel_0"]
    rates = {"eta_u": curvature / 4 * (curvature / 2 / scale)}
    rates["eta_w"] = rates["eta_u"]
    path.write_text(json.dumps(json.loads(path.read_text()) | rates))
    _, said = phase(path, "--json")
    report = json.loads(said.out)
    assert 2 * report["numbers"]["kernel_0"] == pytest.approx(curvature, rel=1e-12)
    assert report["stability"] == word
    assert said_so in report["because"]
    assert report["descent"]["outcome"] == ("diverged" if word == "divergent" else "converged")
    _, said = phase(path)
    assert said.out.startswith(word.upper())


def test_no_step_settles_where_every_minimum_is_too_steep(phase, case):
    path = case(eta_u=1, eta_w=1, y=0.51)
    content = {k: v for k, v in json.loads(path.read_text()).items() if k != "init"}
    path.write_text(json.dumps(content | {"u0": [0.6], "W0": [[0.5]]}))
    _, said = phase(path, "--json")
    report = json.loads(said.out)
    assert report["stability"] == "unsettled"
    assert report["descent"]["least_kernel"] == pytest.approx(1.02)
    assert "no minimum has K < 1" in report["because"]


def test_what_an_actual_network_should_do(phase, case):
    _, said = phase(case(), "--want", "feature", "--json")
    want = json.loads(said.out)["want"]
    rates = {"eta_u": 0.1 * want["eta_factor"], "eta_w": 0.1 * want["eta_factor"]}
    _, said = phase(case(gamma=want["gamma_factor"], **rates), "--json")
    report = json.loads(said.out)
    assert (report["stability"], report["phase"]) == ("stable", "feature learning")
    assert report["numbers"]["largest_change"] == pytest.approx(1.0, rel=1e-6)
    assert report["numbers"]["largest_kernel"] == pytest.approx(0.1, rel=1e-6)
    assert "close to the flow" in report["because"]
    _, said = phase(case(), "--want", "kernel", "--threshold", "1e-9")
    assert "the initial output is not zero" in said.out
    _, said = phase(case(), "--want", "feature", "--threshold", 5, "--json")
    assert json.loads(said.out)["want"]["change"] == pytest.approx(10, rel=1e-6)


@pytest.mark.slow
def test_networks_that_do_not_move_or_end_at_the_saddle(phase, case, tmp_path):
    zeros = {"init": None, "u0": [0.0, 0.0], "W0": [[0.0], [0.0]]}
    for changes in ({"gamma": 0}, {"x": [0.0]}, zeros):
        path = case(**changes)
        if changes is zeros:
            path.write_text(json.dumps({k: v for k, v in (CASE | zeros).items() if v is not None}))
        _, said = phase(path, "--want", "feature", "--json")
        report = json.loads(said.out)
        assert report["stability"] == "frozen"
        assert not report["want"]["possible"]
        assert "nothing moves" in report["want"]["advice"]
        assert "does not move" in refused(phase, path, "--plot", tmp_path / "a.png")
    path.write_text(json.dumps(
        {k: v for k, v in CASE.items() if k != "init"}
        | {"u0": [0.5, -0.5], "W0": [[0.5], [-0.5]], "y": -1}
    ))  # fmt: skip
    _, said = phase(path)
    assert "! the flow ends at the saddle, with output 0 instead of -1" in said.out
    _, said = phase(case(y=0), "--want", "feature")
    assert "the target is 0" in said.out


def test_a_picture_of_an_actual_network(phase, case, tmp_path):
    assert phase(case(), "--plot", tmp_path / "flow.png")[0] == 0
    assert (tmp_path / "flow.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--preset", "kaimin"], "'kaiming', perhaps"),
        (["--c-u", "x"], "an exact number such as 1, -1/2 or 0.25"),
        (["--c-u", "1/0"], "--c-u"),
        (["--c-u", "__import__('os')"], "an exact number"),
        (["--c-d", "-1/3"], "c_d >= 0 fails"),
        ([], "nothing to classify"),
        (["--diagram", "c_d,c_d", "--plot", "a.png"], "two different ones of"),
        (["--diagram", "c_eta,c_eta_u", "--plot", "a.png"], "two different ones of"),
        (["--diagram", "c_d,c_u"], "a file to draw it to"),
        (["--diagram", "c_d,c_u", "--span", "2,1", "--plot", "a.png"], "two increasing numbers"),
        (["--preset", "ntk", "--plot", "a.gif"], "ending in .png"),
        (["--preset", ""], "one of ntk"),
        (["--c-gamma", "60", "--measure"], "to sample networks"),
        (["--c-gamma", "200", "--plot", "a.png"], "to sample networks"),
        (["--c-d", "-1", "--diagram", "c_gamma,c_eta", "--plot", "a.png"], "c_d >= 0 fails"),
        (["--diagram", "c_d,c_u", "--span", "-3,-1", "--plot", "a.png"], "widths that grow"),
        (["--diagram", "c_d,c_u", "--want", "kernel", "--plot", "a.png"], "one of them"),
    ],
)
def test_bad_input(phase, arguments, words):
    assert words in refused(phase, *arguments)


def test_bad_input_beside_a_case(phase, case):
    assert "one of the two" in refused(phase, case(), "--preset", "ntk")
    assert "one of the two" in refused(phase, case(), "--preset", "")
    assert "one of the two" in refused(phase, case(), "--measure")
    assert "a positive number" in refused(phase, case(), "--threshold", "inf")
    assert "power 1" in refused(phase, case(activation="tanh"))
    assert "a positive number" in refused(phase, case(), "--threshold", 0)


def test_from_the_shell():
    done = subprocess.run(
        [sys.executable, "-m", "scripts.phase", "--preset", "nkt"], cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "'ntk', perhaps" in done.stderr


@pytest.mark.parametrize("start", ["independent", "correlated", "zero-output"])
@pytest.mark.parametrize("axes", [("c_gamma", "c_eta"), ("c_u", "c_w"), ("c_gamma", "c_init")])
@pytest.mark.parametrize("c_d", [0, 1])
def test_regions_of_a_diagram_are_the_exact_ones(start, axes, c_d):
    # On float grids what is exactly 0 is noise of either sign.
    import numpy as np

    from numeric.limits import diagram
    from numeric.limits.exponents import STARTS, classify, scales

    line = np.linspace(-3, 3, 25)
    grid = np.meshgrid(line, line)
    values = {
        n: np.full(grid[0].shape, float(v)) for n, v in scales(c_d, 0, 0, 0)._asdict().items()
    }
    for axis, coordinate in zip(axes, grid, strict=True):
        values |= dict.fromkeys(diagram.AXES[axis], coordinate)
    found = STARTS[start](command.Scales(**values), np.maximum)
    regions = dict(diagram._regions(
        np.broadcast_to(found.kernel_change, grid[0].shape), np.broadcast_to(found.R, grid[0].shape)
    ))  # fmt: skip
    for row, column in np.ndindex(grid[0].shape):
        exact = scales(c_d, 0, 0, 0)
        for axis, coordinate in zip(axes, (column, row), strict=True):
            for name in diagram.AXES[axis]:
                exact = exact._replace(**{name: command.Fraction(coordinate - 12, 4)})
        one = classify(exact, start)
        name = f"{one.phase.replace(' ', chr(10))},\n{one.stability}"
        assert regions[name][row, column], (exact, name)
