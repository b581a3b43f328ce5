"""The flow of one linear neuron's map, against its raw equations, and the potential's end."""

from dataclasses import fields, replace

import mpmath
import numpy as np
import pytest
import sympy
from scipy.integrate import solve_ivp
from scipy.optimize import minimize

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared import mirror as stage
from symbolic.lift.at_all_sizes import lift_at_all_sizes
from symbolic.lift.mirror import DELTA, k, mirror, r
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.verdict import Proved

TRIPLED = Model(
    name="tripled",
    title="one linear neuron, three times",
    source="own",
    layers={"w": Layer("n", rate="eta_w"), "a": Layer(rate="eta_a")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: 3 * (w.a * (w.w @ x.x)),
    sizes=({"n": 2},),
)
MODELS = {"neuron": (shelf.load("single_neuron"), 1), "tripled": (TRIPLED, 3)}


def functions(model):
    """M across and along, Ψ and κ as functions of ‖β‖, δ and rates."""
    one = mirror(lift_at_all_sizes(model))
    rates = [sympy.Symbol(name, positive=True) for name in ("eta_a", "eta_w")]
    at = {k: sympy.sqrt(one.k_squared)}
    made = [
        sympy.lambdify([r, DELTA, *rates], value.subs(at))
        for value in (one.across, one.along, one.potential)
    ]
    return one, *made, sympy.lambdify(rates, one.factor)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("seed", range(4))
def test_the_map_moves_by_its_own_equation(name, seed):
    """dβ/dt of raw weights, on any data, is −M Xᵀ(Xβ − y)."""
    model, c = MODELS[name]
    _, across, along, _, _ = functions(model)
    draw = np.random.default_rng(seed)
    n, (eta_a, eta_w) = 3, draw.uniform(0.2, 3, size=2)
    a, w, X, y = draw.normal(), draw.normal(size=n), draw.normal(size=(4, n)), draw.normal(size=4)
    delta = eta_w * a**2 - eta_a * w @ w
    beta = c * a * w
    force = X.T @ (X @ beta - y)
    moved = c * (-eta_a * c * (w @ force) * w - a * eta_w * c * a * force)
    size = np.linalg.norm(beta)
    hat = beta / size
    M = across(size, delta, eta_a, eta_w) * (np.eye(n) - np.outer(hat, hat))
    M += along(size, delta, eta_a, eta_w) * np.outer(hat, hat)
    assert np.allclose(-M @ force, moved, rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize(("seed", "a"), [(0, 1.3), (1, 0.2), (2, -0.3), (3, -1.1), (4, 0.0)])
def test_the_flow_ends_where_the_potential_is_least(name, seed, a):
    """Underdetermined data: raw weights integrated to the end, and the least point found by itself."""
    model, c = MODELS[name]
    _, _, _, potential, factor = functions(model)
    draw = np.random.default_rng(seed)
    n, (eta_a, eta_w) = 4, draw.uniform(0.4, 2, size=2)
    w, X, y = draw.normal(size=n) / 2, draw.normal(size=(2, n)), draw.normal(size=2)

    def velocity(_, z):
        force = X.T @ (c * X @ (z[0] * z[1:]) - y)
        return np.concatenate([[-eta_a * c * z[1:] @ force], -eta_w * c * z[0] * force])

    end = solve_ivp(velocity, (0, 400), [a, *w], rtol=1e-12, atol=1e-13, method="DOP853").y[:, -1]
    beta, sign = c * end[0] * end[1:], np.sign(end[0])
    assert np.linalg.norm(X @ beta - y) < 1e-9
    delta = eta_w * a**2 - eta_a * w @ w
    kappa = factor(eta_a, eta_w)
    null = np.linalg.svd(X)[2][2:].T
    base = np.linalg.lstsq(X, y, rcond=None)[0]

    def value(z):
        at = base + null @ z
        return potential(np.linalg.norm(at), delta, eta_a, eta_w) - kappa * sign * w @ at

    found = minimize(value, null.T @ (beta - base) + 0.3, method="Nelder-Mead",
                     options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 4000})  # fmt: skip
    assert np.allclose(base + null @ found.x, beta, atol=1e-5)


def test_the_potential_is_that_of_its_slope():
    """Ψ′ by mpmath's derivative, at leaves of both signs."""
    one, _, _, potential, _ = functions(shelf.load("single_neuron"))
    rates = (mpmath.mpf("0.7"), mpmath.mpf("1.9"))
    names = [sympy.Symbol(name, positive=True) for name in ("eta_a", "eta_w")]
    for delta in (-2, 0, 3):
        exact = one.slope.subs(k, sympy.sqrt(one.k_squared)).subs(DELTA, delta)
        exact = exact.subs(dict(zip(names, map(sympy.Float, rates), strict=True)))
        for size in ("0.1", "1", "7"):
            slope = mpmath.diff(lambda z, d=delta: potential(z, d, *rates), mpmath.mpf(size))
            assert mpmath.almosteq(slope, mpmath.mpf(str(exact.subs(r, sympy.Float(size)))), 1e-8)


@pytest.mark.parametrize("name", MODELS)
def test_altered_formulas_are_refuted(name):
    one = mirror(lift_at_all_sizes(MODELS[name][0]))
    assert all(isinstance(each.verdict, Proved) for each in one.certificates())
    for field in fields(one):
        value = getattr(one, field.name)
        if isinstance(value, sympy.Expr):
            wrong = replace(one, **{field.name: 2 * value})
            if field.name == "leaf":
                wrong = replace(one, leaf=value + 1)
            assert not all(isinstance(each.verdict, Proved) for each in wrong.certificates()), (
                field.name
            )
    for place in (0, 1):
        squares = tuple(3 * z if k_ == place else z for k_, z in enumerate(one.squares))
        assert not all(
            isinstance(each.verdict, Proved)
            for each in replace(one, squares=squares).certificates()
        )


def test_the_record_holds_the_tangent_kernel():
    record = stage.derive(Instance(shelf.load("single_neuron"), {"n": 2}))
    lift = record.mirror.lift
    with pytest.raises(CertificateError):
        replace(record, mirror=replace(record.mirror, lift=replace(lift, J=lift.J[::-1])))
    assert [step.law for step in record.steps] == ["The linear map alone", "Its potential"]


@pytest.mark.parametrize("name", ["two_layer_linear", "chain_2", "symmetric_factorisation"])
def test_other_networks_have_none(name):
    with pytest.raises(DoesNotApply, match="one hidden unit between a number and a vector"):
        mirror(lift_at_all_sizes(shelf.load(name)))
