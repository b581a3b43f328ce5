"""Declarations where laws or ranks go wrong easily: equal things are one, and drawn once."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symbolic.architecture.instance import Instance
from symbolic.architecture.jets import Field, P, Values
from symbolic.architecture.model import DeclarationError, Layer
from symbolic.laws.lie_rank import NoPointError, lie_rank, point

ONE = {"x": ("n",)}
HIDDEN = {"u": (), "v": (), "w": ("n",)}


def twice(first, second):
    return lambda w, x, F: w.u * first(F, w.w @ x.x) + w.v * second(F, w.w @ x.x)


@pytest.mark.parametrize(
    ("output", "counted"),
    [
        # one gate, written twice: u − v is conserved, and the norms
        (twice(lambda F, h: F.relu(h), lambda F, h: F.relu(h)), (4, 2, 2)),
        # relu(2h) = 2 relu(h)
        (twice(lambda F, h: F.relu(h), lambda F, h: F.relu(2 * h)), (4, 2, 2)),
        # relu(−h) = relu(h) − h: the gates are one, the neurons are two
        (twice(lambda F, h: F.relu(h), lambda F, h: F.relu(-h)), (4, 1, 3)),
        (twice(lambda F, h: F.relu(h), lambda F, h: h), (4, 1, 3)),
        # one tanh, written twice
        (twice(lambda F, h: F.tanh(h), lambda F, h: F.tanh(h)), (4, 1, 3)),
        # the logistic function of sigmoid, swish and softplus is one: swish = h sigmoid
        (twice(lambda F, h: F.swish(h), lambda F, h: h * F.sigmoid(h)), (4, 1, 3)),
        (twice(lambda F, h: F.sin(h), lambda F, h: F.cos(h)), (4, 0, 4)),
        # sin² + cos² = 1: u − v and w are conserved
        (twice(lambda F, h: F.sin(h) ** 2 + F.cos(h) ** 2, lambda F, h: 1), (4, 3, 1)),
    ],
)
def test_equal_functions_are_one(declared, counts, output, counted):
    D, laws, rank = counts(declared(HIDDEN, ONE, output), {"n": 2})
    assert D - laws - rank >= 0
    assert (D, laws, rank) == counted


def test_gates_of_multiples_are_one_and_of_negative_multiples_the_other(declared):
    model = declared(
        {"w": ("n",)}, ONE,
        lambda w, x, F: F.relu(w.w @ x.x) + F.relu(3 * (w.w @ x.x) / 5) + F.relu(-2 * (w.w @ x.x)),
    )  # fmt: skip
    found = set()
    for seed in range(5):
        for k in range(8):
            (one,), (same,), (other,) = Values(seed).gates(model, {"n": 2}, k)
            assert (same, other) == (one, 1 - one)
            found.add(one)
    assert found == {0, 1}


def test_a_weight_that_the_output_does_not_see_is_conserved(declared, counts):
    model = declared({"u": (), "v": (), "w": ("n",)}, ONE, lambda w, x, F: w.u * (w.w @ x.x))
    assert counts(model, {"n": 2}) == (4, 2, 2)


def test_a_softmax_of_one_output_moves_nothing(declared, counts):
    model = declared(
        {"U": ("m", "n")}, ONE, lambda w, x, F: w.U @ x.x, loss="softmax", sizes=({"n": 2, "m": 1},)
    )
    assert counts(model, {"n": 2, "m": 1}) == (2, 2, 0)
    assert counts(model, {"n": 2, "m": 2}) == (4, 2, 2)


def test_a_network_of_size_1_everywhere(declared, counts):
    model = declared({"U": ("m", "h"), "V": ("h", "n")}, ONE, lambda w, x, F: w.U @ (w.V @ x.x))
    assert counts(model, {"n": 1, "h": 1, "m": 1}) == (2, 1, 1)


def test_tied_weights_are_one_variable(declared, counts):
    both = declared({"U": ("n", "r")}, ONE, lambda w, x, F: w.U @ (w.U.T @ x.x))
    assert counts(both, {"n": 2, "r": 1}) == (2, 0, 2)


def linear_at(points):
    return {
        "layers": {"U": ("m", "h"), "V": ("h", "n")},
        "inputs": ONE,
        "output": lambda w, x, F: w.U @ (w.V @ x.x),
        "data": "points",
        "points": points,
    }


@pytest.mark.parametrize(
    ("points", "counted"),
    [
        (({"x": [1, 0]}, {"x": [0, 1]}), (6, 3, 3)),
        (({"x": [1, 2]},), (6, 5, 1)),  # a line
        (({"x": [1, 2]}, {"x": [1, 2]}), (6, 5, 1)),  # a point twice
        (({"x": [1, 2]}, {"x": [Fraction(1, 3), Fraction(2, 3)]}), (6, 5, 1)),
        (({"x": [1, 2]}, {"x": [0, 0]}), (6, 5, 1)),
        (({"x": [0, 0]},), (6, 6, 0)),
        (({"x": [Fraction(1, 2), 3]}, {"x": [1, Fraction(-2, 7)]}), (6, 3, 3)),
    ],
)
def test_listed_points(declared, counts, points, counted):
    assert counts(declared(**linear_at(points)), {"n": 2, "h": 2, "m": 1}) == counted


def test_a_fraction_of_a_point_is_itself_modulo_the_prime(declared):
    model = declared(**linear_at(({"x": [Fraction(1, 2), Fraction(-3, 7)]},)))
    half, sevenths = Field(model, {"n": 2, "h": 1, "m": 1}, Values(0), 0).inputs["x"]
    assert (half * 2 % P, -sevenths * 7 % P) == (1, 3)


def test_every_listed_point_is_among_the_first_fields(declared):
    points = tuple({"x": [k, 1]} for k in range(7))
    model = declared(**linear_at(points))
    sizes = {"n": 2, "h": 1, "m": 1}
    first = [int(Field(model, sizes, Values(0), k).inputs["x"][0]) for k in range(7)]
    assert first == list(range(7))


@pytest.mark.parametrize("kind", ["line", "frozen"])
def test_what_is_arbitrary_has_no_equal_entries(declared, kind):
    """F = Σ a_i u_i v_i: with equal a's, u₁u₂ − v₁v₂ would be conserved."""
    layers = {"u": ("n",), "v": ("n",)}
    if kind == "line":
        model = declared(layers, ONE, lambda w, x, F: (w.u * w.v * x.x).sum(), data="line")
    else:
        model = declared(layers, {}, lambda w, x, F: (w.u * w.v * F.frozen("a", "n")).sum())
    for seed in range(5):
        (output,) = (Instance(model, {"n": 40}, seed).outputs[0].entries,)
        coefficients = list(output[0].to_dict().values())
        assert len(set(map(str, coefficients))) == 40


@pytest.mark.parametrize(
    ("layers", "output", "sizes"),
    [
        ({"v": ("n",)}, lambda w, x, F: F.layer_norm(w.v * x.x).sum(), {"n": 1}),
        ({"v": ("n",)}, lambda w, x, F: (w.v @ x.x) / (w.v @ w.v - w.v @ w.v), {"n": 2}),
    ],
)
def test_a_division_by_0_is_refused(declared, layers, output, sizes):
    model = declared(layers, ONE, output)
    with pytest.raises(DeclarationError, match="a division by 0 at n = "):
        Instance(model, sizes)
    with pytest.raises(NoPointError, match="no weights at which its roots and inverses exist"):
        point(model, sizes, 0)
    found = lie_rank(model, sizes, 1)
    assert (found.value, found.stopped) == (0, "no point")


def test_a_root_of_a_number_that_the_prime_has_none_of_is_undecided(declared, counts):
    model = declared(
        {"v": ("n",)}, ONE, lambda w, x, F: (w.v @ x.x) / F.sqrt(x.x @ x.x),
        data="points", points=({"x": [1, 1]},),
    )  # fmt: skip
    assert pow(2, (P - 1) // 2, P) == P - 1
    assert lie_rank(model, {"n": 2}, 1).stopped == "no point"
    assert counts(model, {"n": 2}) == (2, 1, 0)


def test_roots_of_many_rows_are_found(declared, counts):
    """Of weights alone, 12 of them; half of all numbers have roots modulo the prime."""
    model = declared(
        {"V": ("h", "n"), "g": ("h",)}, ONE, lambda w, x, F: F.weight_norm(w.V, w.g) @ x.x
    )
    sizes = {"n": 2, "h": 12}
    theta, fields = point(model, sizes, 0)
    assert all(next(fields)(theta).any() for _ in range(3))
    assert counts(model, {"n": 2, "h": 3}) == (9, 3, 6)


def test_roots_of_data_are_found(declared):
    """Layer normalisation of eight tokens, one after the other."""
    model = declared(
        {"W": ("t", "h"), "u": ("h",)}, {"X": ("t", "h")},
        lambda w, x, F: F.layer_norm(w.W * x.X) @ w.u,
    )  # fmt: skip
    theta, fields = point(model, {"t": 8, "h": 3}, 1)
    assert all(next(fields)(theta).any() for _ in range(5))


def test_gates_without_data_are_alike_at_all_inputs(declared):
    """In the region b > 0 the flow of (relu(b) + c) x keeps b − c: more laws than in all regions."""
    model = declared({"b": (), "c": ()}, {"x": ()}, lambda w, x, F: (F.relu(w.b) + w.c) * x.x)
    assert lie_rank(model, {}, 2).value == 1


def test_an_input_of_a_line_stays_on_it(declared):
    model = declared({"v": ("n",)}, ONE, lambda w, x, F: w.v @ x.x, data="line")
    fields = [Field(model, {"n": 3}, Values(4), k) for k in range(3)]
    moved = fields[0].moved(np.random.default_rng(0))["x"]
    a = fields[0].inputs["x"]
    for b in (fields[1].inputs["x"], fields[2].inputs["x"], moved):
        assert (a * int(b[0]) % P == b * int(a[0]) % P).all()
        assert (a != b).any()


def test_rates_that_layers_share_are_one(declared):
    model = declared(
        {"u": Layer("n", rate="eta"), "v": Layer("n", rate="eta")},
        {"x": ("n",)},
        lambda w, x, F: (w.u * w.v * x.x).sum(),
    )
    plain, rated = (Field(model, {"n": 2}, Values(1), 0, r) for r in (None, {"eta": 5}))
    theta = np.arange(1, 5, dtype=np.int64)[None]
    assert (rated(theta) == 5 * plain(theta) % P).all()
