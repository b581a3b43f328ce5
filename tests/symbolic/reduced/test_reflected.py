"""Aligned modes of data that are symmetric under reflections, against raw weights moved by torch."""

import numpy as np
import pytest
import sympy
import torch

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.verdict import is_proved
from symbolic.reduced import reflected as module
from symbolic.reduced.reflected import reflected

RATES = {"eta_Q": 0.8, "eta_K": 1.3, "eta_V": 0.6, "eta_O": 1.1}
SIZES = {"d": 2, "k": 1, "v": 1}
START = {"Q": [[0.7, 0.0]], "K": [[-0.9, 0.0]], "V": [[0.6, 0.0]], "O": [[1.1], [0.0]]}


def symmetric_data(symmetric=True):
    """Tokens a, b and a query, with all reflections of each; targets that are reflected with them."""
    draw = np.random.default_rng(2)
    points = draw.normal(size=(6, 3, 2))
    signs = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])[: 4 if symmetric else 1]
    x = (points[:, None] * signs[None, :, None]).reshape(-1, 3, 2)
    a, b, q = x[:, 0], x[:, 1], x[:, 2]
    return a, b, q, q * np.cos((a * b).sum(-1))[:, None] - 0.5 * q * a**2


def forward(w, a, b, q):
    def token(t):
        scores = ((q @ w["Q"].T) * (t @ w["K"].T)).sum(-1)
        return scores[:, None] * (t @ w["V"].T @ w["O"].T)

    return token(a) + token(b)


def raw(flow_times, data):
    from scipy.integrate import solve_ivp

    a, b, q, Y = map(torch.tensor, data)
    shapes = {name: np.shape(value) for name, value in START.items()}

    def split(flat):
        found, k = {}, 0
        for name, shape in shapes.items():
            size = int(np.prod(shape))
            found[name] = torch.tensor(flat[k : k + size].reshape(shape), requires_grad=True)
            k += size
        return found

    def velocity(_, flat):
        w = split(flat)
        (((forward(w, a, b, q) - Y) ** 2).sum(-1).mean() / 2).backward()
        return np.concatenate([-RATES[f"eta_{n}"] * v.grad.numpy().ravel() for n, v in w.items()])

    start = np.concatenate([np.ravel(value) for value in START.values()])
    return solve_ivp(
        velocity, (0, flow_times[-1]), start, t_eval=flow_times, method="DOP853", rtol=1e-12,
        atol=1e-13,
    ).y.T  # fmt: skip


def values(found, flat, names):
    known = {sympy.Symbol(n, positive=True): r for n, r in RATES.items()}
    known |= dict(zip((sympy.Symbol(n, real=True) for n in names), flat, strict=True))
    (block,) = found.recognition.blocks
    return {z: float(d.subs(known)) for z, d in block.variables.items()}


def test_attention_is_a_chain_on_aligned_modes(flow):
    """Layers of attention stay aligned on any symmetric data; (w, p) follows, with one moment."""
    instance = Instance(load("linear_attention"), SIZES)
    found = reflected(instance)
    assert found.recognition.kind == "separable, elliptic (genus 1)"
    data, times = symmetric_data(), np.array([0.0, 0.2, 0.6])
    weights = raw(times, data)
    names = [str(w) for w in found.zero]
    assert names == ["Q_12", "K_12", "V_12", "O_21"]
    for name in names:
        assert np.abs(weights[:, instance.names.index(name)]).max() < 1e-13
    a, b, q, Y = data
    feature = q[:, 0] * (a[:, 0] ** 2 + b[:, 0] ** 2)
    moment = np.mean(feature**2)
    (block,) = found.recognition.blocks
    known = {sympy.Symbol(n, positive=True): r for n, r in RATES.items()}
    known |= {
        found.moment: moment,
        found.recognition.targets[0]: np.mean(feature * Y[:, 0]) / moment,
    }
    at = [values(found, one, instance.names) for one in weights]
    known |= {E: at[0][E] for E in block.curve.laws}
    w, p = block.equations
    moved = flow(block.equations, [at[0][w], at[0][p]], known, times)
    assert np.allclose(moved, [[one[w], one[p]] for one in at], rtol=1e-9, atol=1e-9)
    assert not np.allclose(moved[-1], moved[0], rtol=1e-2)
    assert block.in_warp is not None


def test_on_other_data_they_do_not_stay_aligned():
    """The condition is needed."""
    weights = raw(np.array([0.0, 0.6]), symmetric_data(symmetric=False))
    names = Instance(load("linear_attention"), SIZES).names
    assert abs(weights[-1, names.index("Q_12")]) > 1e-3


def test_velocities_of_weights_have_the_moment():
    """Of a form: what is not written in a curve."""
    model = Model(
        name="one", title="squared entries", source="own", sizes=({"n": 2},),
        layers={"U": Layer("n", "n", rate="eta")}, inputs={"x": ("n",), "z": ("n",)},
        output=lambda w, x, F: ((w.U @ x.x) * (w.U @ x.x)).sum(),
    )  # fmt: skip
    with pytest.raises(DoesNotApply, match="several coefficients"):
        reflected(Instance(model, {"n": 2}))
    found = reflected(Instance(load("bilinear"), {"n": 2, "h": 1, "m": 1}))
    (block,) = found.recognition.blocks
    assert all(found.moment in one.free_symbols for one in block.equations.values())


@pytest.mark.parametrize(
    ("name", "sizes", "reason"),
    [
        ("quadratic_any_data", {"n": 2, "h": 2, "m": 1}, "reflection 1 is no symmetry of output 1"),
        ("linear_attention", {"d": 3, "k": 2, "v": 2}, "several coefficients"),
        ("relu", {"n": 2, "h": 2, "m": 1}, "no polynomials"),
        ("two_layer_linear_on_a_line", {"n": 2, "h": 1, "m": 1}, "no data"),
        ("lora", {"n": 2, "r": 2, "m": 2}, "in the way"),
    ],
)
def test_what_has_no_such_modes_is_refused(name, sizes, reason):
    with pytest.raises(DoesNotApply, match=reason):
        reflected(Instance(load(name), sizes))


def test_an_output_that_is_turned_in_part_is_seen():
    """A parity of one entry of the data that is wrong."""
    instance = Instance(load("linear_attention"), SIZES)
    ring = module.Ring(instance.names, module.fields(instance))
    found = module.potentials(instance, ring)
    turns = list(module._reflections(instance))
    assert is_proved(module._only_signs(found, turns))
    for k in range(len(turns[0][1])):
        weights, data = turns[0]
        altered = [*data[:k], 1 - data[k], *data[k + 1 :]]
        assert not is_proved(module._only_signs(found, [(weights, altered)]))
