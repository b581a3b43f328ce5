"""The flow in invariants: for any loss, on any data, at all widths."""

import numpy as np
import pytest
import sympy
import torch
from flint import fmpq

from symbolic.architecture.instance import Instance
from symbolic.laws import reduced_flow as module
from symbolic.laws.reduced_flow import reduced_flow
from symbolic.laws.reduction import Closed
from symbolic.models.shelf import load
from symbolic.proof.verdict import is_proved

CLOSE = 1e-9


def softened(f, y):
    """A loss that is no square: log cosh of what is missing, weighed by outputs."""
    return torch.log(torch.cosh(f - y)).sum(-1).mean()


CASES = [
    ("convolution", {"n": 4, "k": 2, "c": 2}),
    ("symmetric_factorisation", {"n": 2, "r": 3}),
    ("two_layer_linear", {"n": 2, "h": 3, "m": 2}),
    ("diagonal", {"n": 2}),
]


@pytest.mark.parametrize(("name", "sizes"), CASES)
def test_invariants_follow_the_raw_weights_under_a_loss_that_is_no_square(run, flow, name, sizes):
    """Signals of the loss at correlated data, from the invariants alone."""
    found = run(name, sizes, loss=softened, is_white=False)
    reduced = reduced_flow(found.instance)
    symbols = {sympy.Symbol(n, positive=True): v for n, v in found.rates.items()}
    outputs = sympy.lambdify([*reduced.variables, *symbols], list(reduced.outputs), "numpy")
    fields = sympy.lambdify([*reduced.variables, *symbols], reduced.fields, "numpy")
    define = sympy.lambdify(
        [*reduced.absorbed.weights, *symbols], list(reduced.definitions), "numpy"
    )
    monomials = np.array([found.monomial(one) for one in reduced.potentials])
    places = np.array([one.output for one in reduced.potentials])

    def velocity(_, z):
        c = np.array(outputs(*z, *symbols.values()))
        f = np.zeros_like(found.Y)
        np.add.at(f.T, places, c[:, None] * monomials)
        slope = np.tanh(f - found.Y) / len(found.Y)
        signals = -(slope.T[places] * monomials).sum(-1)
        return signals @ np.array(fields(*z, *symbols.values()), float)

    raw = [np.array(define(*weights, *symbols.values())) for weights in found.flat]
    from scipy.integrate import solve_ivp

    moved = solve_ivp(
        velocity, (0, found.times[-1]), raw[0], t_eval=found.times,
        method="DOP853", rtol=1e-13, atol=1e-14,
    ).y.T  # fmt: skip
    assert np.allclose(moved, raw, rtol=CLOSE, atol=CLOSE)


@pytest.mark.parametrize(("name", "sizes"), CASES)
def test_white_velocities_follow_the_raw_weights(run, number, flow, name, sizes):
    found = run(name, sizes)
    reduced = reduced_flow(found.instance)
    velocities = dict(zip(reduced.variables, reduced.white(found.recognition.targets), strict=True))
    raw = [
        [number(z, {**found.known, **found.at(k)}) for z in reduced.definitions]
        for k in range(len(found.times))
    ]
    assert np.allclose(flow(velocities, raw[0], found.known), raw, rtol=CLOSE, atol=CLOSE)


def in_letters(sizes):
    """Invariants of a two-layer network in words of its width, and the flow in them."""
    reduced = reduced_flow(Instance(load("two_layer_linear"), sizes))
    targets = sympy.symbols(f"y_1:{len(reduced.outputs) + 1}", real=True)
    return reduced, reduced.white(targets)


@pytest.mark.parametrize(("n", "m"), [(2, 1), (2, 2), (3, 2)])
def test_the_flow_does_not_depend_on_the_width(n, m):
    """(n + m)(n + m + 1)/2 invariants, and the same equations, at any width."""
    N = n + m
    first = in_letters({"n": n, "h": 2, "m": m})
    for h in (3, 5, 8):
        reduced, velocities = in_letters({"n": n, "h": h, "m": m})
        assert len(reduced.variables) == N * (N + 1) // 2
        assert reduced.rotations == h * (h - 1) // 2
        assert velocities == first[1]
        assert reduced.outputs == first[0].outputs


@pytest.mark.parametrize("what", ["action", "outputs"])
def test_an_altered_flow_is_not_proved(what):
    """Every coefficient of the action and of the outputs, one after the other."""
    instance = Instance(load("two_layer_linear"), {"n": 2, "h": 2, "m": 1})
    reduced = reduced_flow(instance)
    assert all(is_proved(one.verdict) for one in reduced.certificates)
    from symbolic.architecture.fields import fields
    from symbolic.laws.reduction import invariants, potentials
    from symbolic.laws.ring import Ring
    from symbolic.laws.symmetries import symmetries

    ring = Ring(instance.names, fields(instance))
    found = potentials(instance, ring)
    of = invariants(ring, symmetries(fields(instance), instance.weights), found)
    for k in range(len(found)):
        rows = reduced.action.action[k] if what == "action" else [reduced.action.outputs[k]]
        for i, row in enumerate(rows):
            for place in row:
                action = [list(one) for one in reduced.action.action]
                outputs = list(reduced.action.outputs)
                altered = row | {place: row[place] * fmpq(2)}
                if what == "action":
                    action[k][i] = altered
                else:
                    outputs[k] = altered
                verdicts = module._certified(instance, of, Closed(action, outputs), found)
                assert not all(is_proved(one.verdict) for one in verdicts)


def test_constants_of_what_is_frozen_are_part_of_the_outputs():
    reduced = reduced_flow(Instance(load("lora"), {"n": 2, "r": 1, "m": 2}))
    zero = dict.fromkeys(reduced.variables, sympy.Integer(0))
    assert all(output.xreplace(zero) != 0 for output in reduced.outputs)
    assert [output.xreplace(zero) for output in reduced.outputs] == [
        sympy.Rational(int(p.constant.p), int(p.constant.q)) for p in reduced.potentials
    ]
