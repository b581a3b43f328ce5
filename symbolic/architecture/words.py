"""An output without sizes: sums of products of layers, frozen weights and inputs with linked indices.

Every operation of a declaration links axes or leaves them alone (`symbolic.architecture.contractions`):
a matrix product links two and sums, a product of entries links them and keeps them, a sum of entries
leaves an index that stands once, a convolution is a product with the tensor that shifts.

A power zᵖ is z L with a tensor L = zᵖ⁻¹, and d(zᵖ) = p L dz: so L stands as if it did not move, and
what z is made of counts p times. That is a ReLU with p = 1 and gates L, a root with p = 1/2, and one
over z with p = −1; whole powers are written out. What is no power (another activation φ) is cut: its
value v is a tensor of its own, with dv = s dz for a slope s that is another one, or v itself for exp. So
the gradient by v, times s, is the signal of z (`symbolic.architecture.slopes`). Where that has too many
terms, or a node has, what it is a function of gets a signal of its own. What holds for any L, v and s,
and for arbitrary signals, holds for the network.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from symbolic.architecture.contractions import Contraction, Letter
from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Shape
from symbolic.architecture.slopes import Terms, slope, summed
from symbolic.architecture.tensor import Tensor
from symbolic.architecture.walk import in_order

MANY, LONG = 32, 40  # terms of a node, factors of one
LESS_MEAN = "?mean"  # a letter that is 1, in what a loss of differences takes off its signals
POWERS = {"relu": Fraction(1), "sqrt": Fraction(1, 2)}


class NoWordsError(ValueError):
    """A node that words cannot say; the message is the reason."""


class _Cut(NamedTuple):
    """A function v of z, entry by entry.

    Attributes:
        value, slope: names of the letters v and s, dv = s dz.
        of: z.
        axes: of both.
    """

    value: str
    slope: str
    of: Terms
    axes: int


class Words:
    """Σ r·f over the output and all cuts: what gradients are derivatives of.

    Args:
        model: the declaration.

    Attributes:
        closed: coefficients of contractions without free indices.
        cut: whether something was cut, so that laws are found but perhaps not all.
    """

    def __init__(self, model: Model) -> None:
        self._moving, self.cut, self._new_names = set(model.layers), False, 0
        self._closed, self._cuts = list[tuple[Contraction, Fraction]](), list[_Cut]()
        values = dict[int, Terms]()
        root = model.graph.output
        for tensor in in_order(root):
            values[id(tensor)] = self._node(tensor, [values[id(part)] for part in tensor.of])
        signal = self._signal(values[id(root)], len(root.shape))
        if model.loss == "softmax":
            self._without_mean(values[id(root)], signal, root.shape)
        for one in reversed(self._cuts):
            self._signal_of(one)
        self.closed = summed(self._closed)

    def _node(self, tensor: Tensor, of: list[Terms]) -> Terms:
        try:
            found: Terms = getattr(self, f"_{tensor.operation}")(tensor, *of)
            if len(found) > MANY or any(len(one.factors) > LONG for one in found):
                raise NoWordsError("too many terms")
        except NoWordsError:
            return self._cut(tensor, of)
        return found

    def _cut(self, tensor: Tensor, of: list[Terms]) -> Terms:
        """A value that is opaque; what it is a function of has a signal if it has a layer in it."""
        value, axes = self._new(), len(tensor.shape)
        trained = [k for k, one in enumerate(of) if self._is_trained(one)]
        self.cut = self.cut or bool(trained)
        if trained and tensor.operation == "apply":
            name = value if tensor.detail == "exp" else self._new()
            self._cuts.append(_Cut(value, name, of[0], axes))
            self._moving.add(value)
            return _letter(value, axes)
        for k in trained:
            self._signal(of[k], len(tensor.of[k].shape))
        return _letter(value, axes)

    def _signal_of(self, one: _Cut) -> None:
        """Add Σ (∂/∂v) s z, where z alone moves."""
        above = slope(self._closed, one.value)
        longest = max((len(term.factors) for term in above), default=0)
        if len(above) * len(one.of) > MANY or longest > LONG:
            self._signal(one.of, one.axes)
            return
        still = {_counting(term, Fraction(0)): c for term, c in above.items()}
        still = self._by_entries(still, _still(one.slope, one.axes), one.axes)
        for term, c in self._by_entries(still, one.of, one.axes).items():
            self._closed.append((term._replace(free=()), c))

    def _is_trained(self, value: Terms) -> bool:
        return any(letter.name in self._moving for one in value for letter, _ in one.factors)

    def _new(self) -> str:
        self._new_names += 1
        return f"?{self._new_names}"

    def _signal(self, value: Terms, axes: int) -> str:
        """Add Σ r_(i…) value_(i…); the name of r."""
        name = self._new()
        for one, c in value.items():
            factors = (*one.factors, (Letter(name), one.free))
            self._closed.append((Contraction((), factors, one.scales), c))
        return name

    def _without_mean(self, value: Terms, signal: str, shape: Shape) -> None:
        """Less the mean of r along the last axis: a loss of differences has no other signals."""
        tag: tuple[Letter, tuple[int, ...]] = (Letter(LESS_MEAN), ())
        for one, c in value.items():
            found = one.times(Contraction((0,))) if shape else one
            own = (*found.free[: len(shape) - 1], *found.free[-1:]) if shape else ()
            scales = ((shape[-1], -1),) if shape else ()
            factors = (*found.factors, (Letter(signal), own), tag)
            closed = found._replace(free=found.free[: len(shape)], factors=factors)
            for axis in reversed(range(len(shape))):
                closed = closed.summed(axis, shape[axis])
            self._closed.append((closed.times(Contraction((), (), scales)), -c))

    # ------------------------------------------------------------ operations

    def _leaf(self, tensor: Tensor) -> Terms:
        kind, name = tensor.detail
        return _letter(name if kind == "weight" else f"{kind} {name}", len(tensor.shape))

    def _number(self, tensor: Tensor) -> Terms:
        value, powers = tensor.detail
        found = Contraction(())
        for scale in powers:
            found = found.times(Contraction((), (), (scale,)))
        return summed([(found, value)])

    def _eye(self, tensor: Tensor) -> Terms:
        return {Contraction((0, 0)): Fraction(1)}

    def _matmul(self, tensor: Tensor, a: Terms, b: Terms) -> Terms:
        met = len(tensor.of[0].shape)
        size = tensor.of[1].shape[0]

        def linked(one: Contraction) -> Contraction:
            return one.linked([(met - 1, met)]).summed(met, size).summed(met - 1, size)

        return _products(a, b, linked)

    def _transpose(self, tensor: Tensor, a: Terms) -> Terms:
        return summed((_exchanged(one), c) for one, c in a.items())

    def _add(self, tensor: Tensor, a: Terms, b: Terms) -> Terms:
        both = [
            self._repeated(one, len(tensor.shape) - len(part.shape))
            for part, one in zip(tensor.of, (a, b), strict=True)
        ]
        return summed(item for one in both for item in one.items())

    def _multiply(self, tensor: Tensor, a: Terms, b: Terms) -> Terms:
        axes = len(tensor.shape)
        if any(len(part.shape) < axes for part in tensor.of):
            return _products(a, b, lambda one: one)
        return self._by_entries(a, b, axes)

    def _by_entries(self, a: Terms, b: Terms, axes: int) -> Terms:
        pairs = [(k, axes + k) for k in range(axes)]
        return _products(
            a, b, lambda one: (found := one.linked(pairs))._replace(free=found.free[:axes])
        )

    def _power(self, tensor: Tensor, a: Terms) -> Terms:
        n, axes = tensor.detail, len(tensor.shape)
        if n < 0 or n > LONG or len(a) ** n > MANY:
            return self._as_power(tensor, a, Fraction(n))
        found: Terms = {Contraction(tuple(range(axes))): Fraction(1)}
        for _ in range(n):
            found = self._by_entries(found, a, axes)
        return found

    def _as_power(self, tensor: Tensor, a: Terms, power: Fraction) -> Terms:
        """Entries times a tensor that does not move; they count as often as the power says."""
        if not self._is_trained(a):
            return _letter(self._new(), len(tensor.shape))
        counted = {_counting(one, power): c for one, c in a.items()}
        axes = len(tensor.shape)
        return self._by_entries(_letter(self._new(), axes), counted, axes)

    def _sum(self, tensor: Tensor, a: Terms) -> Terms:
        last, size = len(tensor.shape), tensor.of[0].shape[-1]
        return summed((one.summed(last, size), c) for one, c in a.items())

    def _repeat(self, tensor: Tensor, a: Terms) -> Terms:
        return self._repeated(a, 1)

    def _repeated(self, a: Terms, axes: int) -> Terms:
        """Along new last axes."""
        ones = Contraction(tuple(range(axes)))
        return {one.times(ones).canonical(): c for one, c in a.items()} if axes else a

    def _correlate(self, tensor: Tensor, w: Terms, x: Terms) -> Terms:
        """Σ w_(… j) x_(… l) S_(i j l), where S is 1 for l = i + j."""
        filters, signal = (part.shape for part in tensor.of)
        shift = f"shift {filters[-1]} in {signal[-1]}"
        shifts = Contraction((0, 1, 2), ((Letter(shift), (0, 1, 2)),))
        f, s = len(filters), len(signal)
        pairs = [(f - 1, f + s + 1), (f + s - 1, f + s + 2)] + [(1, f)] * (s == 2)
        sizes = (*filters, *signal, tensor.shape[-1], filters[-1], signal[-1])
        kept = (*range(min(f - 1, 1)), f + s)

        def linked(one: Contraction) -> Contraction:
            found = one.linked(pairs)
            for axis in reversed(range(len(sizes))):
                found = found if axis in kept else found.summed(axis, sizes[axis])
            return found

        every = {one.times(shifts): c for one, c in _products(w, x, lambda one: one).items()}
        return summed((linked(one), c) for one, c in every.items())

    def _apply(self, tensor: Tensor, a: Terms) -> Terms:
        if tensor.detail not in POWERS:
            raise NoWordsError(tensor.detail)
        return self._as_power(tensor, a, POWERS[tensor.detail])


def _letter(name: str, axes: int) -> Terms:
    own = tuple(range(axes))
    return {Contraction(own, ((Letter(name), own),)): Fraction(1)}


def _still(name: str, axes: int) -> Terms:
    """A letter that does not move."""
    return {_counting(one, Fraction(0)): c for one, c in _letter(name, axes).items()}


def _counting(one: Contraction, times: Fraction) -> Contraction:
    factors = ((letter.counting(times), own) for letter, own in one.factors)
    return one._replace(factors=tuple(factors))


def _exchanged(one: Contraction) -> Contraction:
    *first, a, b = one.free
    return one._replace(free=(*first, b, a))


def _products(a: Terms, b: Terms, then: Callable[[Contraction], Contraction]) -> Terms:
    if len(a) * len(b) > MANY * MANY:
        raise NoWordsError("too many terms")
    return summed((then(v.times(w)), c * k) for v, c in a.items() for w, k in b.items())
