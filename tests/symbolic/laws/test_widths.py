"""From which width on counts are complete: the claims, and counts at widths beyond that they speak of."""

from __future__ import annotations

import pytest

from symbolic.architecture.neurons import NoNeuronsError, neurons
from symbolic.laws.lie_algebra import lie_algebra
from symbolic.laws.ring import Ring
from symbolic.laws.widths import Widths, counted, proved_widths
from symbolic.models.shelf import load

# symbol, start, dimension; None where fields are separate
PROVED = {
    "convolution": ("c", 4, 10),
    "lora": ("r", 5, 15),
    "lora_trained": ("r", 5, 24),
    "relu": ("h", 1, None),
    "relu_classifier": ("h", 1, None),
    "relu_with_bias": ("h", 1, None),
    "swiglu": ("h", 1, None),
    "symmetric_factorisation": ("r", 2, 4),
    "tanh_any_data": ("h", 1, None),
    "two_layer_linear": ("h", 2, 3),
    "two_layer_linear_on_a_line": ("h", 1, 1),
}
REFUSED = {
    ("cubic_any_data", "h"): "the Lie algebra of one neuron has more than 60 dimensions",
    ("quadratic_any_data", "h"): "more than 60 dimensions",
    ("deep_relu", "h"): "h does not count neurons: apply",
    ("residual", "h"): "does not count neurons: matmul",
    ("residual_full", "n"): "W1 has the axes n, n",
    ("diagonal", "n"): "x is not trained, and has the axis n",
    ("layer_normalisation", "h"): "number of what is no sum over h",
    ("softmax_attention", "k"): "apply of what is no sum",
    ("linear_attention", "k"): "multiply of what is no sum",
}


@pytest.mark.parametrize("name", sorted(PROVED))
def test_a_width_from_which_on_counts_are_complete(name):
    model = load(name)
    symbol, start, dimension = PROVED[name]
    found = proved_widths(model, symbol, model.sizes[0])
    assert isinstance(found, Widths)
    assert (found.start, found.dimension) == (start, dimension)
    assert found.any_rates == (name != "lora_trained")
    assert all(check.complete for check in found.checks)
    assert str(found.checks[0].rank) in found.proof
    # Beyond what it rests on.
    for width in (start + 2, start + 3):
        count = counted(model, {**found.sizes, symbol: width}, width)
        assert count.complete
        one, two = (counted(model, {**found.sizes, symbol: k}, k).rank for k in (1, 2))
        assert count.rank == (dimension or one + (width - 1) * (two - one))


@pytest.mark.parametrize(("name", "symbol"), sorted(REFUSED))
def test_nothing_is_claimed_where_there_is_no_proof(name, symbol):
    model = load(name)
    found = proved_widths(model, symbol, model.sizes[0])
    assert isinstance(found, str)
    assert REFUSED[name, symbol] in found


@pytest.mark.parametrize(("n", "m"), [(1, 1), (2, 1), (2, 2), (3, 2), (4, 3)])
def test_two_linear_layers_have_the_rank_of_so_n_m_on_the_stacked_matrix(n, m):
    """Of N × h: dim so(N) less that of what leaves h of N directions alone."""
    model = load("two_layer_linear")
    N = n + m

    def so(k):
        return k * (k - 1) // 2 if k > 0 else 0

    found = proved_widths(model, "h", {"n": n, "m": m})
    assert isinstance(found, Widths)
    assert found.dimension == so(N)
    for h in range(1, N + 2):
        count = counted(model, {"n": n, "m": m, "h": h}, h)
        assert count.complete
        assert count.rank == so(N) - so(N - h)


def test_one_complete_width_is_not_enough(declared):
    """A width at which the rank is not that of the algebra proves nothing of the next."""
    model = load("two_layer_linear")
    one = counted(model, {"n": 2, "m": 2, "h": 1}, 1)
    assert one.complete
    found = proved_widths(model, "h", {"n": 2, "m": 2}, widest=2)
    assert found == "no two widths up to 2 are complete with the rank 6 of the Lie algebra"


def test_a_lie_algebra_of_numbers_that_are_known():
    from symbolic.architecture.fields import fields
    from symbolic.architecture.instance import Instance

    model = load("two_layer_linear")
    for n, m in ((1, 1), (2, 1), (2, 2), (3, 2)):
        one = Instance(model, {"n": n, "m": m, "h": 1})
        ring = Ring(one.names, fields(one))
        assert len(lie_algebra(ring, 30) or []) == (n + m) * (n + m - 1) // 2
        assert lie_algebra(ring, (n + m) * (n + m - 1) // 2 - 1) is None


HIDDEN = {"U": ("m", "h"), "W": ("h", "n"), "b": ("h",), "c": ("m",)}


@pytest.mark.parametrize(
    ("output", "rest"),
    [
        (lambda w, x, F: w.U @ F.relu(w.W @ x.x + w.b) + w.c, ("c",)),
        (lambda w, x, F: (F.tanh(w.W @ x.x).T * w.b).sum() * F.frozen("z", "m") + w.c, ("c",)),
        (lambda w, x, F: (w.U * 2) @ (w.W @ x.x) ** 2 + F.relu(w.c), ("c",)),
        (lambda w, x, F: (x.x @ w.W.T) @ w.U.T, ("c",)),
        (lambda w, x, F: F.weight_norm(w.W, w.b).T @ w.b, ("c",)),
        (lambda w, x, F: x.x @ (w.W.T @ w.b) * w.c, None),
        (lambda w, x, F: F.relu(w.U @ (w.W @ x.x)), None),
        (lambda w, x, F: w.U @ ((w.W @ x.x) * w.W.sum()), None),
        (lambda w, x, F: w.U @ (w.W @ (w.W.T @ w.b)), None),
        (lambda w, x, F: w.U @ F.softmax(w.W @ x.x), None),
        (lambda w, x, F: w.U @ (w.W @ x.x + F.frozen("q", "h")), None),
        (lambda w, x, F: w.W @ x.x, None),
        (lambda w, x, F: (w.W @ w.W.T).sum() * x.x, None),
        (lambda w, x, F: w.U @ w.b * (w.b @ w.b), None),
    ],
)
def test_which_outputs_are_sums_over_neurons(declared, output, rest):
    model = declared(HIDDEN, {"x": ("n",)}, output)
    if rest is None:
        with pytest.raises(NoNeuronsError):
            neurons(model, "h")
    else:
        found = neurons(model, "h")
        assert (found.layers, found.rest) == ({"U": 1, "W": 0, "b": 0}, rest)
