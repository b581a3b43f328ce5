"""Data of any second moments: the flow in invariants against raw weights."""

import numpy as np
import pytest

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced.correlated import correlated

CLOSE = 1e-9
ONE_LAYER = Model(
    name="one_layer",
    title="one layer",
    source="own",
    layers={"W": Layer("m", "n", rate="eta")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.W @ x.x,
    sizes=({"m": 1, "n": 3},),
)


def values(found, run):
    """Moments and targets of the data: where each coefficient would rest alone."""
    potentials = found.flow.potentials
    monomials = [run.monomial(one) for one in potentials]
    known = dict(run.with_rates)
    for (k, l), symbol in found.moments.items():
        known[symbol] = np.mean(monomials[k] * monomials[l])
    for n in {one.output for one in potentials}:
        places = [k for k, one in enumerate(potentials) if one.output == n]
        X = np.array([monomials[k] for k in places])
        rest = np.linalg.solve(X @ X.T, X @ run.Y[:, n])
        known |= {found.targets[k]: y for k, y in zip(places, rest, strict=True)}
    return known


@pytest.mark.parametrize(
    ("model", "sizes", "kind"),
    [
        ("squared_diagonal", {"n": 3}, "Lotka-Volterra"),
        ("two_layer_linear", {"n": 2, "h": 2, "m": 2}, "none of the solvable classes searched"),
        (ONE_LAYER, {"m": 1, "n": 3}, "linear"),
    ],
)
def test_invariants_follow_the_raw_weights(run, number, flow, model, sizes, kind):
    one = run(model, sizes, is_white=False)
    found = correlated(one.instance)
    assert found.kind == kind
    known = values(found, one)
    raw = [
        [number(z, {**known, **one.at(k)}) for z in found.flow.definitions]
        for k in range(len(one.times))
    ]
    assert np.allclose(flow(found.equations, raw[0], known), raw, rtol=CLOSE, atol=CLOSE)


def test_a_linear_flow_has_its_matrix_exponential(run, array):
    from scipy.linalg import expm

    one = run(ONE_LAYER, {"m": 1, "n": 3}, is_white=False)
    found = correlated(one.instance)
    M = array(found.solution.M, values(found, one))
    for k, time in enumerate(one.times):
        moved = expm(time * M) @ [*one.flat[0], 1.0]
        assert np.allclose(moved[:-1], one.flat[k], rtol=CLOSE, atol=CLOSE)


def test_every_pair_of_monomials_has_one_moment():
    model = load("two_layer_linear")
    found = correlated(Instance(model, {"n": 2, "h": 2, "m": 2}))
    assert {str(M) for M in found.moments.values()} == {"M_1_1", "M_1_2", "M_2_2"}


def test_a_softmax_is_no_square():
    model = load("diagonal_classes")
    with pytest.raises(DoesNotApply, match="softmax"):
        correlated(Instance(model, model.sizes[0]))
