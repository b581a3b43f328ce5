"""Networks are discovered, and each has all its files."""

from pathlib import Path

import pytest
import sympy

import symbolic
from symbolic import model
from symbolic.notation import d, d0, gamma, u, w, x
from symbolic.sums import instantiate

ROOT = Path(symbolic.__file__).resolve().parent.parent


def test_the_linear_network_is_found():
    assert "linear" in model.names()
    assert model.names() == sorted(
        {path.stem for path in (ROOT / "symbolic/models").glob("*.py")} - {"__init__"}
    )


@pytest.mark.parametrize("name", model.names())
@pytest.mark.parametrize("place", ["numeric/generated", "verify/networks"])
def test_every_network_has_evaluators_and_a_network_written_by_hand(name, place):
    assert (ROOT / place / f"{name}.py").is_file()


@pytest.mark.parametrize("place", ["numeric/generated", "verify/networks"])
def test_no_file_is_left_of_a_network_that_is_gone(place):
    stems = {path.stem for path in (ROOT / place).glob("*.py")} - {"__init__"}
    assert stems == set(model.names())


@pytest.mark.parametrize("name", model.names())
def test_a_network_is_loaded_by_its_name(name):
    loaded = model.load(name)
    assert loaded.name == name
    assert loaded.title
    assert loaded.source


def test_an_unknown_network_is_not_found():
    with pytest.raises(ModuleNotFoundError):
        model.load("no_such_network")


def test_the_linear_output_is_the_sum_over_neurons_and_inputs():
    output = instantiate(model.load("linear").output(x), {d: 2, d0: 3})
    rows = [sum(w[i, j] * x[j] for j in (1, 2, 3)) for i in (1, 2)]
    assert sympy.expand(output - gamma * (u[1] * rows[0] + u[2] * rows[1])) == 0


def test_the_loss_is_the_square_without_a_half():
    assert model.load("linear").loss(sympy.Integer(5), sympy.Integer(2)) == 9
