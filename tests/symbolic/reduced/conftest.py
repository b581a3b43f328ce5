"""The oracle: raw weights of networks written by hand, gradients by torch, an integrator of order 8."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pytest
import sympy
import torch
from scipy.integrate import solve_ivp

from symbolic.architecture.instance import Instance
from symbolic.models.shelf import load
from symbolic.reduced.recognise import recognise

TIMES = np.array([0.0, 0.05, 0.3, 1.0, 2.5])
EXACT = {"method": "DOP853", "rtol": 1e-13, "atol": 1e-14}
RATES = (0.8, 1.3, 0.6, 1.1)

# Forward passes by hand: weights by name, inputs by rows; one row of outputs for each.
FORWARD = {
    "chain_2": lambda w, x: w["a"] * w["b"] * x,
    "chain_3": lambda w, x: w["a"] * w["b"] * w["c"] * x,
    "chain_4": lambda w, x: w["a"] * w["b"] * w["c"] * w["d"] * x,
    "convolution": lambda w, x: (
        torch.nn.functional.conv1d(x[:, None], w["w"][:, None])
        .flatten(1)
        .matmul(w["u"].reshape(-1))[:, None]
    ),
    "diagonal": lambda w, x: (w["u"] * w["v"] * x).sum(-1)[:, None],
    "diagonal_depth_3": lambda w, x: (w["u"] * w["v"] * w["z"] * x).sum(-1)[:, None],
    "one_layer": lambda w, x: x @ w["W"].T,
    "squared_diagonal": lambda w, x: (w["u"] ** 2 * x).sum(-1)[:, None],
    "symmetric_factorisation": lambda w, x: x @ (w["U"] @ w["U"].T).T,
    "three_layer_linear": lambda w, x: x @ (w["A"] @ w["B"] @ w["C"]).T,
    "two_layer_linear": lambda w, x: x @ (w["U"] @ w["V"]).T,
    "two_layer_linear_on_a_line": lambda w, x: x @ (w["U"] @ w["V"]).T,
}


def half_square(f, y):
    return ((f - y) ** 2).sum(-1).mean() / 2


def white(dimensions, points, draw):
    """Inputs of exact unit second moments, one a row."""
    Q, _ = np.linalg.qr(draw.normal(size=(points, dimensions)))
    return Q * np.sqrt(points)


def at_times(velocity, start, times=TIMES):
    """A flow of the oracle's integrator."""
    found = solve_ivp(velocity, (0, times[-1]), start, t_eval=times, **EXACT)
    assert found.success
    return found.y.T


@dataclass
class Run:
    """A declared network on data: its raw weights at `TIMES`, and its symbols at their values."""

    model: object
    sizes: dict
    start: dict | None = None
    loss: object = half_square
    is_white: bool = True
    times: object = None
    targets: object = None

    def __post_init__(self):
        self.instance = Instance(self.model, self.sizes)
        draw = np.random.default_rng(3)
        layers = self.model.layers
        shapes = {n: tuple(s.at(self.sizes) for s in layer.shape) for n, layer in layers.items()}
        if self.start is None:
            self.start = {name: 0.7 * draw.normal(size=shape) for name, shape in shapes.items()}
        self.times = TIMES if self.times is None else self.times
        self.rates = dict(zip(dict.fromkeys(self.instance.rates), RATES, strict=False))
        self.X = self.inputs(draw)
        forward = FORWARD[self.model.name]
        outputs = forward(self.tensors(self.start), torch.tensor(self.X)).shape[1]
        self.Y = draw.normal(size=(len(self.X), outputs)) + 1.5 * self.X[:, :1]
        if self.targets is not None:
            self.Y = self.X @ np.transpose(self.targets)
        self.flat = np.array(self.integrated(forward))

    def inputs(self, draw):
        (shape,) = self.model.graph.inputs.values()
        n = shape[0].at(self.sizes) if shape else 1
        if self.model.data == "line":
            return white(1, 5, draw) * self.direction
        X = white(n, n + 3, draw)
        return X if self.is_white else X @ draw.normal(size=(n, n))

    @cached_property
    def direction(self):
        """Of data on a line: what the exact ring has drawn, read off its outputs."""
        found = {}
        for m, c in self.instance.outputs[0].entries[0].to_dict().items():
            names = [n for n, e in zip(self.instance.names, m, strict=False) if e]
            if names[0] == "U_11":
                found[names[1]] = float(c.p) / float(c.q)
        return np.array([found[name] for name in sorted(found)])

    def tensors(self, weights):
        return {name: torch.tensor(value, requires_grad=True) for name, value in weights.items()}

    def split(self, flat):
        found, k = {}, 0
        for name, value in self.start.items():
            found[name] = flat[k : k + np.size(value)].reshape(np.shape(value))
            k += np.size(value)
        return found

    def integrated(self, forward):
        inputs, targets = torch.tensor(self.X), torch.tensor(self.Y)
        layers = self.model.layers

        def velocity(_, flat):
            weights = self.tensors(self.split(flat))
            self.loss(forward(weights, inputs), targets).backward()
            slopes = (
                -self.rates[layers[n].rate] * w.grad.numpy().ravel() for n, w in weights.items()
            )
            return np.concatenate(list(slopes))

        start = np.concatenate([np.ravel(np.asarray(v, float)) for v in self.start.values()])
        return at_times(velocity, start, self.times)

    @cached_property
    def recognition(self):
        return recognise(self.instance)

    def monomial(self, potential):
        """Of the data, that a potential multiplies, at each input."""
        if self.model.data == "line":
            return self.X[:, 0] / self.direction[0]
        return np.prod(self.X ** np.array(potential.data), axis=1)

    @cached_property
    def known(self):
        """Rates, and targets as means over the data."""
        found = self.with_rates
        pairs = zip(self.recognition.targets, self.recognition.potentials, strict=True)
        return found | {y: np.mean(self.Y[:, one.output] * self.monomial(one)) for y, one in pairs}

    @property
    def with_rates(self):
        """Values of the rates, by symbol."""
        return {sympy.Symbol(name, positive=True): value for name, value in self.rates.items()}

    def at(self, k):
        """Weights at a time, by symbol."""
        names = (sympy.Symbol(name, real=True) for name in self.instance.names)
        return dict(zip(names, self.flat[k], strict=True))


@pytest.fixture(scope="session")
def run():
    """A network by name or declaration, at sizes, with what else is to be as it is given."""

    def found(model, sizes, **others):
        return Run(load(model) if isinstance(model, str) else model, sizes, **others)

    return found


@pytest.fixture(scope="session")
def number():
    """An expression at values of its symbols, by 30 digits."""

    def found(expression, values):
        exact = {symbol: sympy.Float(float(value), 30) for symbol, value in values.items()}
        return float(sympy.sympify(expression).xreplace(exact).evalf(30))

    return found


@pytest.fixture(scope="session")
def array():
    """A matrix of expressions at values of their symbols."""

    def found(matrix, values):
        symbols = list(values)
        made = sympy.lambdify(symbols, sympy.Matrix(matrix), "numpy")
        return np.asarray(made(*values.values()), float)

    return found


@pytest.fixture(scope="session")
def flow():
    """A flow of expressions, integrated: velocities by variable, start, values of the symbols."""

    def found(velocities, start, values, times=TIMES):
        variables, symbols = list(velocities), list(values)
        made = sympy.lambdify([*variables, *symbols], list(velocities.values()), "numpy")
        constants = tuple(values.values())
        return at_times(lambda _, z: np.array(made(*z, *constants), float), start, times)

    return found
