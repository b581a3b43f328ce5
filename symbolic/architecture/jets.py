"""A network's field at nilpotent jets modulo a prime: brackets of fields without expanding anything.

A jet has a coefficient for each set of ε's, ε_b² = 0: index bit b set is the coefficient with ε_b. The
field v = ∇ Σ_k r_k f_k is computed by reverse mode over the graph. If a jet θ + ε w goes in, v(θ) + ε
v′(θ) w comes out: so a bracket is a difference of two parts, and a bracket of brackets has more ε's.

Values of functions that are no polynomials (closures, gates) are drawn: at generic weights they are
algebraically independent of all else, if preactivations are linearly independent over ℚ up to constants
(Ax 1971; `symbolic.architecture.independence` decides that). One value belongs to one argument, and a
gate to all multiples of one: of positive multiples it is the same, of negative ones the other.

What is drawn can only make a rank smaller than it is: at any values of functions that their squares and
equalities allow, a field is a combination of the fields of the exact ring.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from hashlib import blake2b
from math import prod
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

from symbolic.architecture.arbitrary import Arbitrary, arbitrary
from symbolic.architecture.closures import Closed, closed, h
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.sizes import Shape
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import in_order

P = 67108859  # the largest prime below 2²⁶: sums of 2¹¹ products fit 63 bits
Whole = NDArray[np.int64]
Product = Callable[[Whole, Whole], Whole]


class NoRootError(ArithmeticError):
    """A number has no square root, or no inverse, modulo the prime: another point is drawn.

    Args:
        found: how many roots there were before.
    """

    def __init__(self, found: int = 0) -> None:
        super().__init__(f"no root or inverse after {found} roots")
        self.found = found


def times(a: Whole, b: Whole, product: Product) -> Whole:
    """The product of jets: parts whose ε's are different."""
    found: Whole | None = None
    for i in range(len(a)):
        if not a[i].any():
            continue
        for j in range(len(b)):
            if i & j == 0 and b[j].any():
                part = product(a[i], b[j])
                if found is None:
                    found = np.zeros((len(a), *part.shape), np.int64)
                found[i | j] = (found[i | j] + part) % P
    if found is None:
        return np.zeros((len(a), *product(a[0], b[0]).shape), np.int64)
    return found


def _entries(a: Whole, b: Whole) -> Whole:
    return a * b % P


def _contracted(axes: int) -> Product:
    """Σ over the last axes of a and the first of b."""

    def product(a: Whole, b: Whole) -> Whole:
        return np.asarray(np.tensordot(a, b, axes) % P)

    return product


def _inverse(value: int) -> int:
    if value % P == 0:
        raise NoRootError
    return pow(int(value), P - 2, P)


def _whole(value: Any) -> int:
    """A number of a declaration modulo the prime."""
    exact = Fraction(value)
    return exact.numerator % P * _inverse(exact.denominator) % P


def _root(value: int) -> int:
    return pow(int(value), (P + 1) // 4, P)


def _is_square(value: int) -> bool:
    return _root(value) ** 2 % P == value


assert P % 4 == 3  # roots are powers


def _drawn(*key: Any) -> int:
    """A number that belongs to a key."""
    return int.from_bytes(blake2b(repr(key).encode(), digest_size=8).digest(), "big") % (P - 1) + 1


@dataclass
class Values:
    """Values of functions at arguments, drawn once, for one network.

    Attributes:
        seed: of all of them.
    """

    seed: int
    _fixed: Arbitrary | None = None

    def fixed(self, model: Model, sizes: Sizes) -> Arbitrary:
        """What is arbitrary but fixed: that of an expanded instance."""
        if self._fixed is None:
            self._fixed = arbitrary(model, sizes)
        return self._fixed

    def closed(self, name: str, argument: int) -> list[int]:
        """Of the functions of a closure."""
        way = closed(name)
        kinds = tuple(map(sympy.srepr, way.functions.values()))
        if way.squares:  # on the circle
            t = _drawn(self.seed, kinds, argument)
            below = _inverse(1 + t * t)
            return [2 * t * below % P, (1 - t * t) * below % P]
        return [_drawn(self.seed, kind, argument) for kind in kinds]


MULTIPLES = 256  # of preactivations, numerator and denominator, that are told from unrelated ones


@cache
def _multiples() -> tuple[Whole, NDArray[np.bool_]]:
    """Small rational numbers modulo the prime, sorted, and which of them are positive."""
    whole = range(1, MULTIPLES + 1)
    positive = {a * pow(b, -1, P) % P: True for a in whole for b in whole}
    both = positive | {P - value: False for value in positive}
    values = sorted(both)
    return np.array(values, np.int64), np.array([both[value] for value in values])


class Gates:
    """Which preactivations are positive: drawn, but for small multiples of one that is known.

    Two that are taken for multiples by chance only have one pattern fewer between them.

    Args:
        key: of the numbers that are drawn.
    """

    def __init__(self, *key: Any) -> None:
        self._key, self._inverses, self._open = key, np.zeros(0, np.int64), np.zeros(0, np.int64)

    def at(self, preactivation: int) -> int:
        """0 or 1."""
        if preactivation == 0:
            return 0
        known, positive = _multiples()
        ratios = preactivation * self._inverses % P
        places = np.minimum(np.searchsorted(known, ratios), len(known) - 1)
        met = np.flatnonzero(known[places] == ratios)
        if len(met):
            one = int(self._open[met[0]])
            return one if positive[places[met[0]]] else 1 - one
        found = int(_drawn(*self._key, preactivation) % 4 > 0)  # more paths are open than not
        self._inverses = np.append(self._inverses, _inverse(preactivation))
        self._open = np.append(self._open, found)
        return found


@cache
def _polynomial(
    written: sympy.Expr, symbols: tuple[sympy.Symbol, ...]
) -> list[tuple[tuple[int, ...], int]]:
    """Exponents and coefficients modulo the prime."""
    return [
        (exponents, int(c.p) * _inverse(int(c.q)) % P)
        for exponents, c in sympy.Poly(written, *symbols).terms()
    ]


def _written(polynomial: sympy.Expr, values: Mapping[sympy.Symbol, Whole]) -> Whole:
    arrays = list(values.values())
    found = np.zeros_like(arrays[0])
    for exponents, c in _polynomial(polynomial, tuple(values)):
        term = np.zeros_like(found)
        term[0] = c
        for array, exponent in zip(arrays, exponents, strict=True):
            for _ in range(exponent):
                term = times(term, array, _entries)
        found = (found + term) % P
    return found


def _lifted(
    jet: Whole,
    at: Callable[[Whole], list[Whole]],
    slopes: Callable[[list[Whole], Whole], list[Whole]],
) -> list[Whole]:
    """Functions at a jet: f(a + ε b) = f(a) + ε b f′(a), one ε after the other."""
    if len(jet) == 1:
        return [value[None] for value in at(jet[0])]
    half = len(jet) // 2
    a, b = jet[:half], jet[half:]
    values = _lifted(a, at, slopes)
    return [
        np.concatenate([value, times(b, slope, _entries)])
        for value, slope in zip(values, slopes(values, a), strict=True)
    ]


def _mapped(function: Callable[[int], int], array: Whole) -> Whole:
    flat = [function(int(value)) for value in array.flat]
    return np.array(flat, np.int64).reshape(array.shape)


class Field:
    """(rates) ∘ ∇_θ Σ_k r_k f_k(θ; x) at an input and signals that are drawn.

    Args:
        model, sizes: the network.
        values: of functions.
        seed: of the input and the signals; where points are listed, the first seeds take them in order.
        rates: whole numbers by name; all are 1 if there are none.

    Attributes:
        inputs: by name.
        signals: of the shape of the output.
        roots: how many were taken, of the last evaluation.
    """

    def __init__(
        self,
        model: Model,
        sizes: Sizes,
        values: Values,
        seed: int,
        rates: Mapping[str, int] | None = None,
    ) -> None:
        self._graph, self._sizes, self._values, self._seed = model.graph, sizes, values, seed
        self._order = list(in_order(model.graph.output))
        self._shapes = {id(t): tuple(s.at(sizes) for s in t.shape) for t in self._order}
        self._weights = {name: self._at(layer.shape) for name, layer in model.layers.items()}
        self._model, self._rates = model, rates
        self._places = {id(t): k for k, t in enumerate(self._order)}
        self._moving = _with_data(self._order)
        self._fixed = values.fixed(model, sizes)
        self._gates: dict[Any, Whole] = {}
        self.roots = 0
        self._made: dict[bool, Gates] = {}
        generator = np.random.default_rng([values.seed, seed])
        self.inputs = self._drawn_inputs(generator)
        shape = self._shapes[id(model.graph.output)]
        signals = generator.integers(1, P, shape)
        if model.loss == "softmax":  # differences in each row: its signals add up to 0
            signals = np.atleast_1d(np.asarray(signals))
            signals[..., -1] = (signals[..., -1] - signals.sum(-1)) % P
            signals = signals.reshape(shape)
        self.signals = np.asarray(signals, np.int64)

    def _at(self, shape: Shape) -> tuple[int, ...]:
        return tuple(size.at(self._sizes) for size in shape)

    def _drawn_inputs(self, generator: np.random.Generator) -> dict[str, Whole]:
        shapes = {name: self._at(shape) for name, shape in self._graph.inputs.items()}
        if self._model.data == "points":
            count = len(self._model.points)
            chosen = int(generator.integers(count)) if self._seed >= count else self._seed
            point = self._model.points[chosen]
            return {
                n: np.array([_whole(v) for v in np.ravel(point[n])], np.int64).reshape(s)
                for n, s in shapes.items()
            }
        if self._model.data == "line":
            return {
                n: _reshaped(self._fixed.directions[n], s) * int(generator.integers(1, P)) % P
                for n, s in shapes.items()
            }
        return {n: generator.integers(1, P, s) for n, s in shapes.items()}

    @property
    def is_gated(self) -> bool:
        """Whether there are gates, which may close all paths."""
        return any(t.operation == "apply" and t.detail == "relu" for t in self._order)

    @property
    def is_partial(self) -> bool:
        """Whether there are roots or inverses, which some points do not have."""
        return any(
            (t.operation == "apply" and t.detail == "sqrt")
            or (t.operation == "power" and t.detail < 0)
            for t in self._order
        )

    def moved(self, generator: np.random.Generator) -> dict[str, Whole]:
        """Its inputs, one entry drawn anew; on a line, one scale; listed points stay."""
        inputs = {name: array.copy() for name, array in self.inputs.items()}
        name = list(inputs)[int(generator.integers(len(inputs)))] if inputs else ""
        new = int(generator.integers(1, P))
        if self._model.data == "line" and inputs:
            inputs[name] = inputs[name] * new % P
        elif self._model.data != "points" and inputs:
            inputs[name].flat[int(generator.integers(inputs[name].size))] = new
        return inputs

    def __call__(self, theta: Whole) -> Whole:
        """The field at a jet of weights, shapes (2^k, D)."""
        values, self.roots = dict[int, Whole](), 0
        self._leaves = self._split(theta)
        self._slopes = dict[int, Whole]()
        for tensor in self._order:
            of = [values[id(part)] for part in tensor.of]
            values[id(tensor)] = getattr(self, f"_{tensor.operation}")(tensor, *of)
        root = self._order[-1]
        slopes = {id(root): self._jet(self.signals, len(theta))}
        for tensor in reversed(self._order):
            if id(tensor) in slopes and tensor.of:
                of = [values[id(part)] for part in tensor.of]
                back = getattr(self, f"_{tensor.operation}_back")(tensor, slopes[id(tensor)], *of)
                for part, slope in zip(tensor.of, back, strict=True):
                    known = slopes.get(id(part))
                    slopes[id(part)] = slope if known is None else (known + slope) % P
        return self._joined(slopes, theta)

    def _split(self, theta: Whole) -> dict[str, Whole]:
        place, found = 0, {}
        for name, shape in self._weights.items():
            size = prod(shape)
            found[name] = theta[:, place : place + size].reshape(len(theta), *shape)
            place += size
        return found

    def _joined(self, slopes: Mapping[int, Whole], theta: Whole) -> Whole:
        nodes = {
            t.detail[1]: t for t in self._order if t.operation == "leaf" and t.detail[0] == "weight"
        }
        parts = []
        for name, shape in self._weights.items():
            slope = slopes.get(id(nodes[name])) if name in nodes else None
            if slope is None:
                slope = np.zeros((len(theta), *shape), np.int64)
            if self._rates is not None:
                slope = slope * (self._rates[self._model.layers[name].rate] % P) % P
            parts.append(slope.reshape(len(theta), -1))
        return np.concatenate(parts, axis=1)

    def _jet(self, array: Any, parts: int) -> Whole:
        whole = np.asarray(array, np.int64) % P
        found = np.zeros((parts, *whole.shape), np.int64)
        found[0] = whole
        return found

    @property
    def _parts(self) -> int:
        return len(next(iter(self._leaves.values())))

    # ------------------------------------------------------------ operations, and their slopes

    def _leaf(self, tensor: Tensor) -> Whole:
        kind, name = tensor.detail
        if kind == "weight":
            return self._leaves[name]
        if kind == "input":
            return self._jet(self.inputs[name], self._parts)
        fixed = _reshaped(self._fixed.frozen[name], self._shapes[id(tensor)])
        return self._jet(fixed, self._parts)

    def _number(self, tensor: Tensor) -> Whole:
        value, powers = tensor.detail
        found = value.numerator * _inverse(value.denominator)
        for size, exponent in powers:
            n = size.at(self._sizes)
            found = found * pow(n if exponent > 0 else _inverse(n), abs(exponent), P) % P
        return self._jet(found % P, self._parts)

    def _eye(self, tensor: Tensor) -> Whole:
        return self._jet(np.eye(self._shapes[id(tensor)][0], dtype=np.int64), self._parts)

    def _matmul(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        return times(a, b, _contracted(1))

    def _matmul_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        outer = b.ndim - 2  # axes of b that are not contracted
        by_a = times(g, np.moveaxis(b, 1, -1), _contracted(outer))
        by_b = times(np.moveaxis(a, -1, 1), g, _contracted(a.ndim - 2))
        return by_a, by_b

    def _transpose(self, tensor: Tensor, a: Whole) -> Whole:
        return np.swapaxes(a, -1, -2)

    def _transpose_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.swapaxes(g, -1, -2),)

    def _add(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        one, other = _aligned(a, b)
        return (one + other) % P

    def _add_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        return _folded(g, a), _folded(g, b)

    def _multiply(self, tensor: Tensor, a: Whole, b: Whole) -> Whole:
        return times(*_aligned(a, b), _entries)

    def _multiply_back(self, tensor: Tensor, g: Whole, a: Whole, b: Whole) -> tuple[Whole, Whole]:
        one, other = _aligned(a, b)
        return _folded(times(g, other, _entries), a), _folded(times(g, one, _entries), b)

    def _power(self, tensor: Tensor, a: Whole) -> Whole:
        n = tensor.detail
        base = a if n >= 0 else _reciprocal(a)
        found = _powered(base, abs(n))
        self._slopes[id(tensor)] = (
            _powered(base, abs(n) - 1 if n >= 0 else abs(n) + 1) * (n % P) % P
        )
        return found

    def _power_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (times(g, self._slopes[id(tensor)], _entries),)

    def _sum(self, tensor: Tensor, a: Whole) -> Whole:
        return np.asarray(a.sum(-1) % P)

    def _sum_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.broadcast_to(g[..., None], a.shape),)

    def _repeat(self, tensor: Tensor, a: Whole) -> Whole:
        size = self._shapes[id(tensor)][-1]
        return np.broadcast_to(a[..., None], (*a.shape, size))

    def _repeat_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (np.asarray(g.sum(-1) % P),)

    def _correlate(self, tensor: Tensor, w: Whole, x: Whole) -> Whole:
        filters, seen = _as_matrices(w, x)
        found = times(filters, seen, _contracted(1))
        return found.reshape(len(w), *self._shapes[id(tensor)])

    def _correlate_back(self, tensor: Tensor, g: Whole, w: Whole, x: Whole) -> tuple[Whole, Whole]:
        filters, seen = _as_matrices(w, x)
        slopes = g.reshape(len(g), filters.shape[1], -1)
        by_w = times(slopes, np.swapaxes(seen, 1, 2), _contracted(1)).reshape(w.shape)
        by_seen = times(np.swapaxes(filters, 1, 2), slopes, _contracted(1))
        k, n = w.shape[-1], x.shape[-1]
        by_seen = by_seen.reshape(len(g), -1, k, n - k + 1)
        by_x = np.zeros((len(g), by_seen.shape[1], n), np.int64)
        for j in range(k):
            by_x[:, :, j : j + n - k + 1] += by_seen[:, :, j]
        return by_w, (by_x % P).reshape(x.shape)

    def _apply(self, tensor: Tensor, a: Whole) -> Whole:
        name = tensor.detail
        if name == "relu":
            gates = self._jet(self._open(tensor, a[0]), len(a))
            self._slopes[id(tensor)] = gates
            return times(gates, a, _entries)
        if name == "sqrt":
            root = self._root_of(a)
            self._slopes[id(tensor)] = _reciprocal(root) * _inverse(2) % P
            return root
        value, slope = _closed(closed(name), name, a, self._values)
        self._slopes[id(tensor)] = slope
        return value

    def _root_of(self, a: Whole) -> Whole:
        missing = sum(not _is_square(int(value)) for value in a[0].flat)
        self.roots += a[0].size - missing
        if missing:
            raise NoRootError(self.roots)
        return _square_root(a)

    def _open(self, tensor: Tensor, preactivations: Whole) -> Whole:
        """Gates of an input; those that see no data are the same for all inputs."""
        key = self._places[id(tensor)], preactivations.tobytes()
        if key not in self._gates:
            moves = id(tensor) in self._moving
            made = self._made.setdefault(
                moves, Gates(self._values.seed, self._seed) if moves else Gates(self._values.seed)
            )
            open_ = [made.at(int(value)) for value in preactivations.flat]
            self._gates[key] = np.array(open_, np.int64).reshape(preactivations.shape)
        return self._gates[key]

    def _apply_back(self, tensor: Tensor, g: Whole, a: Whole) -> tuple[Whole]:
        return (times(g, self._slopes[id(tensor)], _entries),)


def _reshaped(entries: Sequence[int], shape: tuple[int, ...]) -> Whole:
    return np.array(entries, np.int64).reshape(shape)


def _with_data(order: Sequence[Tensor]) -> set[int]:
    """The nodes that depend on an input."""
    found = set[int]()
    for tensor in order:
        own = tensor.operation == "leaf" and tensor.detail[0] == "input"
        if own or any(id(part) in found for part in tensor.of):
            found.add(id(tensor))
    return found


def _as_matrices(w: Whole, x: Whole) -> tuple[Whole, Whole]:
    """Filters, one a row, and what each place of the signal sees, one a column."""
    k, channels = w.shape[-1], x.shape[1] if x.ndim == 3 else 1
    seen = np.lib.stride_tricks.sliding_window_view(x.reshape(len(x), channels, -1), k, axis=-1)
    return w.reshape(len(w), -1, channels * k), np.swapaxes(seen, 2, 3).reshape(
        len(x), channels * k, -1
    )


def _closed(way: Closed, name: str, jet: Whole, values: Values) -> tuple[Whole, Whole]:
    """An activation and its slope."""
    symbols = tuple(way.functions)

    def at(base: Whole) -> list[Whole]:
        drawn = [values.closed(name, int(value)) for value in base.flat]
        return [
            np.array([one[k] for one in drawn], np.int64).reshape(base.shape)
            for k in range(len(symbols))
        ]

    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        all_ = {h: place} | dict(zip(symbols, known, strict=True))
        return [_written(way.slopes[s], all_) for s in symbols]

    known = _lifted(jet, at, slopes)
    all_ = {h: jet} | dict(zip(symbols, known, strict=True))
    slope = sympy.diff(way.value, h) + sum(
        sympy.diff(way.value, s) * way.slopes[s] for s in symbols
    )
    return _written(way.value, all_), _written(sympy.expand(slope), all_)


def _reciprocal(jet: Whole) -> Whole:
    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        return [-times(known[0], known[0], _entries) % P]

    return _lifted(jet, lambda base: [_mapped(_inverse, base)], slopes)[0]


def _square_root(jet: Whole) -> Whole:
    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        return [_reciprocal(known[0]) * _inverse(2) % P]

    return _lifted(jet, lambda base: [_mapped(_root, base)], slopes)[0]


def _powered(jet: Whole, exponent: int) -> Whole:
    found = np.zeros_like(jet)
    found[0] = 1
    for _ in range(exponent):
        found = times(found, jet, _entries)
    return found


def _aligned(a: Whole, b: Whole) -> tuple[Whole, Whole]:
    """A scalar beside an array: with as many axes."""
    most = max(a.ndim, b.ndim)
    return tuple(z.reshape(len(z), *(1,) * (most - 1)) if z.ndim == 1 else z for z in (a, b))  # type: ignore[return-value]


def _folded(g: Whole, like: Whole) -> Whole:
    """A slope by an array, or summed up by a scalar."""
    return np.asarray(g.reshape(len(g), -1).sum(1) % P) if like.ndim == 1 and g.ndim > 1 else g
