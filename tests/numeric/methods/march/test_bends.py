"""Weights that slide along a bend of σ or of the loss, against what gradient descent of small steps does.

Descent chatters about the bend by a step; its limit is the flow. What is known by hand is tested, too.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from numeric import GradientFlow
from numeric.data import training
from numeric.errors import InputError
from numeric.methods.march.equations import Equations
from numeric.methods.march.pieces import Pieces

ACTIVATIONS = {
    "relu": (lambda h: np.maximum(h, 0), lambda h: (h > 0).astype(float)),
    "leaky_relu": (lambda h: np.where(h > 0, h, h / 100), lambda h: np.where(h > 0, 1.0, 0.01)),
    "tanh": (np.tanh, lambda h: 1 - np.tanh(h) ** 2),
}
SLOPES = {
    "square": lambda f, y: 2 * (f - y),
    "half_square": lambda f, y: f - y,
    "huber": lambda f, y: np.clip(f - y, -1, 1),
    "hinge": lambda f, y: np.where(y * f < 1, -y, 0.0),
}


def drawn(seed, loss):
    random = np.random.default_rng(seed)
    d = int(random.integers(2, 8))
    u, W, X = (random.normal(size=size) for size in (d, (d, 3), (4, 3)))
    y = random.normal(size=4)
    return u, W, X, np.sign(y) if loss == "hinge" else y


def descent(network, loss, u, W, X, y, t, steps):
    """Outputs at the inputs after so many steps of gradient descent."""
    (sigma, bent), slope = ACTIVATIONS[network], SLOPES[loss]
    step = t / steps
    for _ in range(steps):
        H = X @ W.T
        pulls = -slope(sigma(H) @ u, y) / len(y)
        u, W = u + step * (pulls @ sigma(H)), W + step * ((pulls[:, None] * bent(H) * u).T @ X)
    return sigma(X @ W.T) @ u


CASES = [("relu", "square", seed) for seed in (1, 2, 5, 8, 10, 11)] + [
    ("leaky_relu", "square", 1), ("leaky_relu", "square", 11), ("relu", "huber", 7),
    ("relu", "hinge", 0), ("relu", "hinge", 3), ("tanh", "hinge", 2), ("tanh", "hinge", 3),
]  # fmt: skip
# Where it was stuck before: each of these slides along a bend, or meets several.


@pytest.mark.parametrize(("network", "loss", "seed"), CASES)
@pytest.mark.slow
def test_descent_of_smaller_steps_comes_nearer(network, loss, seed):
    given = drawn(seed, loss)
    flow = GradientFlow(*given, network=network, loss=loss)
    outputs = flow.output(5.0)
    off = [
        np.abs(descent(network, loss, *given, 5.0, steps) - outputs).max() for steps in (500, 8000)
    ]
    # Chatter about a bend of the hinge is as large as a step, and not of one sign.
    assert off[1] < max(off[0] / (4 if loss == "hinge" else 8), 1e-6)
    assert off[1] < 0.02
    assert flow.error(5.0) < 1e-6
    assert np.all(np.diff(flow.loss([0.0, 0.5, 1.0, 5.0, 50.0])) <= 1e-12)


def test_a_neuron_slides_along_the_bend_of_an_input_and_leaves_it():
    """One relu neuron, two inputs at a right angle: what pulls it over the bend keeps it there."""
    u, W, X = [1.0], [[1.0, 0.2]], [[1.0, 0.0], [0.0, 1.0]]
    flow = GradientFlow(u, W, X, [1.0, -1.0], network="relu", loss="half_square")
    # f₂ = u max(w₂, 0) is pulled below 0: w₂ falls to 0, and goes on to no negative value: relu is flat.
    assert flow.W(200.0)[0, 1] == pytest.approx(0.0, abs=1e-9)
    assert flow.output(200.0) == pytest.approx([1.0, 0.0], abs=1e-9)
    # Inputs at an acute angle: the first pulls w·x₂ up, the second down as soon as it is positive.
    X = [[1.0, 0.0], [0.6, 0.8]]
    slides = GradientFlow(
        [1.0], [[0.5, -0.375]], X, [2.0, -1.5], network="relu", loss="half_square"
    )
    h = np.array([slides.W(t)[0] @ X[1] for t in (0.05, 0.1, 0.2)])
    assert np.abs(h).max() < 1e-11
    # Along the bend w moves in the direction across x₂ alone: ẇ = u p₁ (x₁ − (x₁·x₂) x₂), u̇ = p₁ h₁.
    u_t, w_t = slides.u(0.1)[0], slides.W(0.1)[0]
    step = 1e-4
    moved = (slides.W(0.1 + step)[0] - slides.W(0.1 - step)[0]) / (2 * step)
    pull = (2.0 - u_t * w_t[0]) / 2
    assert moved == pytest.approx(u_t * pull * np.array([1 - 0.36, -0.48]), rel=1e-6)


def test_a_hinge_keeps_outputs_at_their_margin_until_all_are_there():
    """Two inputs at an obtuse angle: one is learned at the cost of the other, until both are at 1."""
    X = [[1.0, 0.0], [-0.6, 0.8]]
    flow = GradientFlow(
        [1.0, 0.5], [[0.3, 0.1], [0.2, 0.4]], X, [1.0, 1.0], network="tanh", loss="hinge"
    )
    assert flow.limit_kind == "target"
    assert np.all(flow.output(math.inf) >= 1 - 1e-10)
    assert float(flow.loss(math.inf)) == pytest.approx(0.0, abs=1e-10)
    # The one that arrives first stays at 1 while the other comes.
    first, second = flow.output(np.linspace(1.0, 2.5, 1501)).T
    kept = np.abs(first - 1) < 1e-9
    arrives = int(np.argmax(kept))
    assert 0 < np.count_nonzero(kept & (second < 1 - 1e-6)) < len(kept) - arrives
    assert np.all(kept[arrives:])
    assert np.all(np.diff(second[arrives:]) >= -1e-12)


def test_velocities_on_a_piece_are_those_of_autograd_and_go_on_smoothly_beyond_its_end():
    import torch

    u, W, X, y = drawn(3, "square")
    problem = training.read(
        u, W, X, y, network="relu", loss="huber", gamma=0.7, eta_u=1.3, eta_w=0.6
    )
    equations = Equations(problem)
    theta = np.concatenate([u, W.ravel()])
    a, B = torch.tensor(u, requires_grad=True), torch.tensor(W, requires_grad=True)
    f = 0.7 * torch.relu(torch.tensor(X) @ B.T) @ a
    loss = torch.nn.functional.huber_loss(f, torch.tensor(y), delta=1.0)
    by_u, by_W = torch.autograd.grad(loss, (a, B))
    expected = -np.concatenate([1.3 * by_u.numpy(), 0.6 * by_W.numpy().ravel()])
    assert equations.velocity(theta, equations.start(theta)) == pytest.approx(expected, rel=1e-12)


def test_pieces_go_on_along_their_tangent():
    pieces = Pieces(np.abs, np.sign, np.zeros((3, 1)))
    z = np.array([-2.0, 0.5, 3.0])
    assert pieces.regimes(z).tolist() == [0, 2, 2]
    before, after = np.zeros(3, dtype=int), np.full(3, 2)
    assert pieces.on(before, z)[0] == pytest.approx(-z, abs=1e-12)
    assert pieces.on(after, z)[0] == pytest.approx(z, abs=1e-12)
    assert pieces.room(before, z).tolist() == [2.0, -0.5, -3.0]
    assert pieces.met(before, z).tolist() == [1, 1, 1]
    assert pieces.met(after, z).tolist() == [1, 1, 1]
    two = Pieces(lambda z: np.clip(z, -1, 1), lambda z: (np.abs(z) < 1) * 1.0,
                 np.broadcast_to([-1.0, 1.0], (3, 2)))  # fmt: skip
    assert two.regimes(z).tolist() == [0, 2, 4]
    assert two.met(np.array([0, 2, 4]), z).tolist() == [1, 3, 3]
    assert two.on(np.array([2, 2, 2]), z)[0] == pytest.approx(z, abs=1e-12)


@pytest.mark.parametrize(
    ("given", "loss"),
    [
        (
            ([-2.0], [[0.0, 0.5]], [[1.0, 2.0], [-0.5, -0.5], [-2.0, -1.0]], [2.0, 1.0, 1.0]),
            "huber",
        ),
        (
            ([-1.1], [[0.0, 0.0]], [[1.0, -1.0], [-2.0, 1.0], [1.0, 0.0]], [2.9, 1.5, 0.0]),
            "half_square",
        ),
    ],
)
def test_what_meets_bends_of_several_directions_at_once_goes_on_as_descent_does(given, loss):
    """A row of W that is 0, or becomes 0: pieces were guessed, and the loss grew without a word."""
    u, W, X, y = map(np.array, given)
    flow = GradientFlow(*given, network="leaky_relu", loss=loss)
    outputs = flow.output(2.0)
    off = [
        np.abs(descent("leaky_relu", loss, u, W, X, y, 2.0, steps) - outputs).max()
        for steps in (500, 4000)
    ]
    assert off[1] < max(off[0] / 4, 1e-6)
    assert off[1] < 5e-3
    assert np.all(np.diff(flow.loss([0.0, 0.1, 0.5, 1.0, 2.0])) <= 0)


def degenerate(seed):
    """Integer inputs, equal, opposite and zero ones, rows of W that are 0 or along an input."""
    random = np.random.default_rng([7, seed])
    d, d0, n = (int(random.integers(1, top)) for top in (4, 4, 7))
    u, y = random.normal(size=d), random.normal(size=n)
    X = random.integers(-2, 3, size=(n, d0)).astype(float)
    if seed % 3 == 1:
        X[n // 2 :] = -X[: n - n // 2]
    W = random.normal(size=(d, d0))
    if seed % 3 == 2:
        W = X[random.integers(n, size=d)] * random.normal(size=(d, 1))
    W *= random.choice([0, 0.3, 1], size=(d, 1), p=[0.4, 0.3, 0.3])
    network, loss = (
        ["relu", "leaky_relu"][seed // 3 % 2],
        ["square", "huber", "hinge"][seed // 6 % 3],
    )
    return network, loss, u, W, X, np.sign(y) if loss == "hinge" else y


@pytest.mark.slow
def test_degenerate_draws_follow_descent_or_are_refused():
    """An answer is never a guess, and hardly any is refused."""
    refused = []
    for seed in range(54):
        network, loss, *given = degenerate(seed)
        flow = GradientFlow(*given, network=network, loss=loss, method="march")
        try:
            outputs, losses = flow.output(1.0), flow.loss([0.0, 0.1, 0.5, 1.0])
        except InputError:
            refused.append(seed)
            continue
        off = [np.abs(descent(network, loss, *given, 1.0, k) - outputs).max() for k in (250, 2000)]
        assert off[1] < max(off[0] / 2, 0.005), seed
        assert np.all(np.diff(losses) <= 1e-9 * (1 + losses[0])), seed
    assert len(refused) <= 1, refused


@pytest.mark.slow
def test_a_neuron_that_starts_at_all_bends_goes_where_descent_goes():
    """Of several ways between the bends descent goes one, whatever its step."""
    ways = set()
    for seed in range(12):
        random = np.random.default_rng(seed)
        n, d0 = (int(random.integers(2, top)) for top in (7, 4))
        u, X, y = random.normal(size=1), random.normal(size=(n, d0)), random.normal(size=n)
        given = u, np.zeros((1, d0)), X, y
        outputs = GradientFlow(*given, network="leaky_relu", loss="square", method="march").output(
            0.5
        )
        off = [
            np.abs(descent("leaky_relu", "square", *given, 0.5, k) - outputs).max()
            for k in (500, 8000)
        ]
        assert off[1] < max(off[0] / 4, 1e-6), seed
        ways.add(tuple(np.sign(outputs)))
    assert len(ways) > 4


def test_a_neuron_whose_row_is_0_rests_under_relu_whatever_others_meet():
    """As in torch, whose slope at the bend is 0; with opposite inputs the other's bends moved it off."""
    X = np.array([[0.0, -1.0], [0.0, 1.0], [2.0, -2.0]])
    flow = GradientFlow([-1.2, 0.7], [[1.5, -0.1], [0.0, 0.0]], X, [0.2, 0.8, -1.3], network="relu")
    assert abs(flow.W(1.0)[0, 1]) < 1e-12  # it has come to two bends
    assert not np.any(flow.W([0.5, 3.0])[:, 1])


def test_a_bend_repels_what_slid_along_it_as_u_passes_0():
    """Then the side is decided by where descent's last step fell: it parts, and the flow is refused."""
    given = (
        np.array([0.3]),
        np.array([[1, 0.755]]),
        np.array([[1, 0], [-0.6, 0.8]]),
        np.array([-2.0, -3]),
    )
    flow = GradientFlow(*given, network="relu", loss="half_square")
    assert np.abs(flow.W([0.05, 0.2]) @ given[2][1]).max() < 1e-12
    with pytest.raises(InputError, match="may go on in several ways"):
        flow.output(2.0)
    ends = [descent("relu", "half_square", *given, 2.0, steps) for steps in range(1000, 1006)]
    assert np.ptp(ends, axis=0).max() > 0.2


def test_a_neuron_that_comes_to_0_and_may_die_or_go_on_is_refused():
    """By a hair of its start descent ends with f₂ = 0, or learns it."""
    u, W = np.array([1.0]), np.array([[0.5, 0.0]])
    X, y = np.array([[1, 0], [-0.6, 0.8]]), np.array([-1.0, 1.0])
    flow = GradientFlow(u, W, X, y, network="relu", loss="half_square")
    with pytest.raises(InputError, match="bends are met at once"):
        flow.output(5.0)
    ends = [
        descent("relu", "half_square", u, W + np.array([0, off]), X, y, 5.0, 2000)
        for off in (-1e-3, 1e-3)
    ]
    assert ends[0][1] == 0
    assert ends[1][1] > 0.5


@pytest.mark.parametrize("network", ["tanh", "erf", "sine"])
def test_what_moves_by_roundings_alone_is_followed(network):
    """An odd f whose targets are both 1: the pulls cancel, and the first step was longer than any."""
    for seed in range(6):
        random = np.random.default_rng(seed)
        x, u = random.normal(size=int(random.integers(1, 4))), random.normal(size=2)
        W = random.normal(size=(2, x.size))
        u /= 2 * np.abs(u).sum()  # both outputs are below the margin
        flow = GradientFlow(
            u, W, [x, -x], [1.0, 1.0], network=network, loss="hinge", method="march"
        )
        assert np.abs(flow.W([1.0, 100.0]) - W).max() < 1e-13
        assert flow.limit_kind in {"at rest", "stationary"}


@pytest.mark.parametrize("seed", [1001, 1005, 1006, 1018])
@pytest.mark.slow
def test_scalar_inputs_of_both_signs_are_passed_at_once(seed):
    random = np.random.default_rng(seed)
    u, W, X = random.normal(size=4), 0.3 * random.normal(size=(4, 1)), random.normal(size=(6, 1))
    y = np.sin(2 * X[:, 0])
    outputs = GradientFlow(u, W, X, y, network="leaky_relu").output(3.0)
    off = [np.abs(descent("leaky_relu", "square", u, W, X, y, 3.0, steps) - outputs).max()
           for steps in (1000, 64_000)]  # fmt: skip
    # What is left of a step as the neuron passes 0 depends on where it fell, not on its size alone.
    assert off[1] < max(off[0] / 8, 1e-8)
    assert off[1] < 1e-4


@pytest.mark.slow
def test_where_all_targets_are_reached_nothing_moves_any_more():
    """Roundings of the pulls took all steps there are, and the end was not reached."""
    u, W, X, y = drawn(5, "square")
    flow = GradientFlow(u, W, X, y, network="leaky_relu", loss="square")
    assert flow.limit_kind == "target"
    assert flow.output(math.inf) == pytest.approx(y, abs=1e-12)
