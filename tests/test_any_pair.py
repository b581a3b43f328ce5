"""Any activation with any convex loss: derived, emitted and solved without an edit elsewhere.

Pairs nobody has thought of are drawn; each goes through all stages, its two modules are written, loaded
and solved, and DOP853 integrates the raw weights with σ and ℓ as SymPy writes them.
"""

from __future__ import annotations

import random
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp

from numeric import GradientFlow
from numeric.catalogue import Network
from symbolic.codegen import loss_module
from symbolic.codegen.evaluators import program
from symbolic.codegen.module import render
from symbolic.derivation import derive
from symbolic.network.losses import Loss
from symbolic.network.model import Model
from symbolic.network.stable_loss import StableLoss

ACTIVATIONS = {
    "h + h²/4": lambda h: h + h**2 / 4,
    "arctan": sympy.atan,
    "tanh + h/3": lambda h: sympy.tanh(h) + h / 3,
    "h exp(−h²)": lambda h: h * sympy.exp(-(h**2)),
    "ELU": lambda h: sympy.Piecewise((h, h > 0), (sympy.exp(h) - 1, True)),
    "sinh": sympy.sinh,
    "|h|": sympy.Abs,
    "cos": sympy.cos,
    "h⁴ + h": lambda h: h**4 + h,
}
LOSSES = {
    "3 (f − y)²": lambda f, y: 3 * (f - y) ** 2,
    "square and fourth power": lambda f, y: (f - y) ** 2 + (f - y) ** 4 / 2,
    "cosh": lambda f, y: sympy.cosh(f - y),
    "linex": lambda f, y: sympy.exp(f - y) - (f - y),
    "half cosh, half square": lambda f, y: sympy.cosh(f - y) / 2 + (f - y) ** 2 / 2,
    "to the left steeper": lambda f, y: sympy.Piecewise(
        (2 * (f - y) ** 2, f < y), ((f - y) ** 2, True)
    ),
}
PAIRS = random.Random(12).sample([(s, l) for s in ACTIVATIONS for l in LOSSES], 12)
TIMES = np.array([0.05, 0.4, 2.0])


def loaded(text):
    module = ModuleType("own")
    exec(compile(text, "own", "exec"), module.__dict__)
    return module


QUICK = 4  # pairs that are not left to the slow run


def pairs():
    """Every pair, all but the first few slow."""
    for number, pair in enumerate(PAIRS):
        marks = () if number < QUICK else pytest.mark.slow
        yield pytest.param(*pair, id="-".join(pair), marks=marks)


@pytest.mark.parametrize(("sigma", "loss"), list(pairs()))
def test_a_pair_is_derived_emitted_and_solved(sigma, loss):
    model = Model(
        name="own", title="own network", source="own", activation=ACTIVATIONS[sigma],
        loss=Loss(name="own", title="own loss", value=LOSSES[loss]),
    )  # fmt: skip
    derived = derive(model)
    made = Network("own", loaded(render(program(derived), {})), None)
    own_loss = loaded(loss_module.render(derived[StableLoss]))
    assert (3 if loss == "3 (f − y)²" else None) == own_loss.FACTOR

    generator = np.random.default_rng([*f"{sigma} {loss}".encode()])
    u0, W0 = generator.normal(size=2) * 0.6, generator.normal(size=(2, 2)) * 0.6
    x, y = generator.normal(size=2), float(generator.normal())
    flow = GradientFlow(u0, W0, x, y, loss=own_loss, gamma=0.9, eta_u=0.7, eta_w=1.2, network=made)
    u, W = integrated(model, u0, W0, x, y)
    assert np.abs(flow.u(TIMES) - u).max() < 1e-7
    assert np.abs(flow.W(TIMES) - W).max() < 1e-7
    value = sympy.lambdify([(f := sympy.Symbol("f", real=True))], model.loss(f, sympy.Float(y)))
    assert flow.loss(TIMES) == pytest.approx(
        [float(value(z)) for z in flow.output(TIMES)], rel=1e-9
    )


def integrated(model, u0, W0, x, y):
    h, f = sympy.symbols("h f", real=True)
    target = sympy.Symbol("y", real=True)
    sigma = sympy.lambdify(h, model.activation(h))
    slope = sympy.lambdify(h, sympy.diff(model.activation(h), h))
    pull = sympy.lambdify([f, target], sympy.diff(model.loss(f, target), f))

    def velocity(t, z):
        u, W = z[:2], z[2:].reshape(2, 2)
        at = W @ x
        each = np.array([float(sigma(v)) for v in at])
        steep = np.array([float(slope(v)) for v in at])
        force = float(pull(0.9 * u @ each, y)) * 0.9
        return np.concatenate(
            [-0.7 * force * each, (-1.2 * force * np.outer(u * steep, x)).ravel()]
        )

    start = np.concatenate([u0, W0.ravel()])
    found = solve_ivp(velocity, (0, 2), start, "DOP853", TIMES, rtol=1e-10, atol=1e-12)
    return found.y[:2].T, found.y[2:].T.reshape(-1, 2, 2)


def test_a_loss_can_be_replaced_in_any_model():
    model = Model(name="own", title="own", source="own", activation=sympy.atan)
    derived = derive(replace(model, loss=Loss(name="c", title="c", value=LOSSES["cosh"])))
    assert derived[StableLoss].loss.factor is None
    assert derived[StableLoss].minimum
