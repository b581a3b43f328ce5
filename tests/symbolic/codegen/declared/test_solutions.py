"""Closed forms as text: which instances have one, what is proved of it, and names of a user."""

from __future__ import annotations

import numpy as np
import pytest

from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError
from symbolic.reduced import clock, gram_flow


def solutions(name):
    return {
        tuple(sizes.values()): (kind, gives, bool(leaf))
        for kind, sizes, gives, leaf, _ in compiled(shelf.load(name)).SOLUTIONS.values()
    }


@pytest.mark.parametrize(
    ("name", "kind", "gives", "leaf"),
    [
        ("chain_2", "Riccati", "weights", False),
        ("diagonal", "Riccati", "weights", False),
        ("squared_diagonal", "logistic", "weights", False),
        ("symmetric_factorisation", "matrix Riccati", "outputs", False),
        ("lora", "matrix Riccati on a leaf of a law", "outputs", True),
    ],
)
def test_every_declared_size_of_a_solved_network_has_its_form(name, kind, gives, leaf):
    found = solutions(name)
    assert set(found) == {tuple(sizes.values()) for sizes in shelf.load(name).sizes}
    assert set(found.values()) == {(kind, gives, leaf)}


def test_of_one_hidden_unit_every_start_is_on_a_leaf():
    found = solutions("two_layer_linear")
    sizes = shelf.load("two_layer_linear").sizes
    one, *more = (tuple(each.values()) for each in sizes)
    assert set(found) == {one, *more}
    assert found[one] == ("matrix Riccati", "outputs", True)
    assert {found[each] for each in more} == {
        ("matrix Riccati on a leaf of a law", "outputs", True)
    }
    assert set(solutions("single_neuron").values()) == {("matrix Riccati", "outputs", True)}


@pytest.mark.parametrize(
    "name", ["chain_3", "three_layer_linear", "relu", "lora_trained", "two_layer_linear_on_a_line"]
)
def test_others_have_none(name):
    """Open ones, and those that were recognised on a line that was drawn."""
    assert not compiled(shelf.load(name)).SOLUTIONS


def test_names_of_a_user_are_none_of_the_functions_own():
    model = Model(
        name="own", title="own", source="own",
        layers={"start": Layer("m", "r", rate="eta_1"), "gram": Layer("r", "n", rate="eta_2")},
        inputs={"times": ("n",)}, output=lambda w, x, F: w.start @ (w.gram @ x.times),
        data="white", sizes=({"m": 2, "r": 2, "n": 2},),
    )  # fmt: skip
    own, plain = compiled(model), compiled(shelf.load("two_layer_linear"))
    draw = np.random.default_rng(0)
    turn = np.linalg.qr(draw.normal(size=(2, 2)))[0]
    U, V, y = 0.5 * turn, 0.7 * turn.T, draw.normal(size=4)
    name = next(z for z, one in plain.SOLUTIONS.items() if one[1] == {"n": 2, "h": 2, "m": 2})
    one = own.solution_1({"start": U, "gram": V}, {"eta_1": 0.3, "eta_2": 0.6}, y, np.full(4, 0.8))
    other = getattr(plain, name)({"U": U, "V": V}, {"eta_U": 0.3, "eta_V": 0.6}, y, np.full(4, 0.8))
    assert np.abs(np.array(one) - np.array(other)).max() <= 1e-14
    assert np.abs(np.array(one) - (U @ V).ravel()).max() > 1e-3


@pytest.mark.parametrize("letter", ["GAIN", "BRAKE"])
def test_a_clock_that_is_not_the_solution_is_not_written(monkeypatch, letter):
    plain = clock._back
    wrong = getattr(clock, letter)
    monkeypatch.setattr(clock, "_back", lambda form: plain(form.xreplace({wrong: 2 * wrong})))
    clock.positive_forms.cache_clear()
    with pytest.raises(CertificateError, match="the clock is the solution"):
        clock.positive_forms()
    clock.positive_forms.cache_clear()


def test_a_gram_flow_whose_derivation_fails_is_not_written(monkeypatch):
    monkeypatch.setattr(gram_flow, "t", 2 * gram_flow.t)
    gram_flow.gathered.cache_clear()
    with pytest.raises(Exception, match=r"dG/dt|derivative"):
        gram_flow.gathered()
    gram_flow.gathered.cache_clear()


def by_steps(gain, pull, brake, time):
    """Runge-Kutta, of a clock."""
    a, steps = 1.0, 4000
    h = time / steps

    def v(z):
        return gain + pull * z - brake * z * z

    for _ in range(steps):
        k1 = v(a)
        k2 = v(a + h * k1 / 2)
        k3 = v(a + h * k2 / 2)
        a += h * (k1 + 2 * k2 + 2 * k3 + v(a + h * k3)) / 6
    return a


@pytest.mark.parametrize(
    "given",
    [(1.0, 0.5, 2.0), (0.0, -1.0, 0.5), (1e-16, 1.0, 1e-16), (1.0, 0.0, 0.0), (0.0, 0.0, 3.0),
     (0.0, 0.0, 0.0), (2.0, -3.0, 0.0), (1e-3, 1e-9, 1e-3)],
)  # fmt: skip
def test_the_clock_is_that_of_its_equation(given):
    clock_of = compiled(shelf.load("diagonal"))._clock
    for time in (0.0, 0.3, 2.0):
        found = clock_of(*map(np.float64, given), time, np)
        assert found == pytest.approx(by_steps(*given, time), rel=1e-11)
