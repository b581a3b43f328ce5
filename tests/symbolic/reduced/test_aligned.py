"""Aligned modes: diagonal layers stay diagonal, and each mode is a chain."""

import numpy as np
import pytest
from sympy import Symbol

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.aligned import aligned

CLOSE = 1e-9
TARGETS = np.array([[1.3, 0.0, 0.0], [0.0, 0.8, 0.0]])


def diagonal(rows, columns, *entries):
    found = np.zeros((rows, columns))
    found[range(len(entries)), range(len(entries))] = entries
    return found


def two_layers(run):
    start = {"U": diagonal(2, 3, 0.4, 0.9), "V": diagonal(3, 3, 0.7, -0.5, 0.6)}
    return run("two_layer_linear", {"n": 3, "h": 3, "m": 2}, start=start, targets=TARGETS)


def three_layers(run):
    start = {
        "A": diagonal(2, 2, 0.4, 0.9),
        "B": diagonal(2, 2, 0.8, 0.5),
        "C": diagonal(2, 3, 0.7, 0.6),
    }
    sizes = {"n": 3, "h": 2, "k": 2, "m": 2}
    return run("three_layer_linear", sizes, start=start, targets=TARGETS)


@pytest.mark.parametrize("layers", [two_layers, three_layers])
def test_raw_weights_stay_on_the_diagonals(run, layers):
    one = layers(run)
    found = aligned(one.instance)
    assert found.zero
    for k in range(len(one.times)):
        at = one.at(k)
        assert max(abs(at[w]) for w in found.zero) < 1e-13


def test_two_layers_have_a_closed_form(run, number):
    one = two_layers(run)
    found = aligned(one.instance).recognition
    assert found.kind == "Riccati"
    assert len(found.blocks) == 2
    known = {**one.with_rates}
    for y, potential in zip(found.targets, found.potentials, strict=True):
        known[y] = np.mean(one.Y[:, potential.output] * one.monomial(potential))
    for block in found.blocks:
        solution = block.solution
        for k, time in enumerate(one.times):
            values = {**known, **{s: one.at(0)[w] for w, s in solution.start.items()}}
            values[Symbol("t", nonnegative=True)] = time
            for symbol, value in solution.constants.items():
                values[symbol] = number(value, values)
            for of, value in solution.values.items():
                raw = number(block.variables.get(of, of), {**known, **one.at(k)})
                assert number(value, values) == pytest.approx(raw, rel=CLOSE, abs=CLOSE)


def test_three_layers_are_elliptic(run, number, flow):
    one = three_layers(run)
    found = aligned(one.instance).recognition
    assert found.kind == "separable, elliptic (genus 1)"
    known = {**one.with_rates}
    for y, potential in zip(found.targets, found.potentials, strict=True):
        known[y] = np.mean(one.Y[:, potential.output] * one.monomial(potential))
    for block in found.blocks:
        at = [
            {z: number(d, {**known, **one.at(k)}) for z, d in block.variables.items()}
            for k in range(len(one.times))
        ]
        w, p = block.equations
        laws = {E: at[0][E] for E in block.curve.laws}
        moved = flow(block.equations, [at[0][w], at[0][p]], {**known, **laws})
        raw = [[values[w], values[p]] for values in at]
        assert np.allclose(moved, raw, rtol=CLOSE, atol=CLOSE)


def test_a_tensor_is_aligned_too():
    model = load("cp_tensor")
    found = aligned(Instance(model, model.sizes[0]))
    assert found.recognition.kind == "separable, elliptic (genus 1)"
    assert len(found.recognition.blocks) == 2


def test_what_does_not_stay_is_refused():
    """A shared direction of the data moves what is off the diagonal."""
    model = load("two_layer_linear_on_a_line")
    with pytest.raises(DoesNotApply, match="does not stay 0"):
        aligned(Instance(model, model.sizes[1]))
    with pytest.raises(DoesNotApply, match="not trained is off"):
        aligned(Instance(load("lora"), {"n": 2, "r": 2, "m": 2}))
    with pytest.raises(DoesNotApply, match="no layers"):
        aligned(Instance(load("diagonal"), {"n": 2}))


def test_modes_that_meet_are_refused():
    model = Model(
        name="both",
        title="an output twice",
        source="own",
        layers={"U": Layer("n", "n", rate="eta")},
        inputs={"x": ("n",), "z": ("n",)},
        output=lambda w, x, F: w.U @ x.x + w.U @ (w.U @ x.z),
        sizes=({"n": 2},),
    )
    with pytest.raises(DoesNotApply, match="meet"):
        aligned(Instance(model, model.sizes[0]))
