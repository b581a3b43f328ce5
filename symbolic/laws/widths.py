"""From which width on a count is complete: for every number of neurons, with a proof.

Where a size h counts neurons (`symbolic.architecture.neurons`), a coefficient of the output is
Σ_j c(θ_j) + c′(ζ), and there are two ways in which finitely many counts prove all.

*Separate*: every field moves one neuron, or ζ, alone. So it is where each c belongs to one neuron, as
with gates and other functions of preactivations. Laws and rank at width h are those of one neuron h
times, and those of ζ: a complete count at h = 1 is complete at every h.

*Diagonal*: fields are polynomials and act on all neurons alike. They generate one Lie algebra, whatever
h is, of a dimension d that is read off one neuron; ranks do not fall with h and are at most d. Let A be
h₀ neurons with rank d, and let laws and rank add up to the weights at h₀ and at h₀ + 1. Laws of some
neurons are laws of the network. Combinations of differentials of laws of A and one neuron j that do not
see θ_j are covectors on A that annihilate d directions, so at least p of those laws, the weights of j,
are independent in θ_j. So h neurons have p h₀ − d + p (h − h₀) independent laws (and ζ), and a rank d:
the count is complete at every h ≥ h₀.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from symbolic.architecture.fields import Exponents, Field, fields
from symbolic.architecture.independence import assumptions, reasons_against_all_patterns
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.neurons import Neurons, NoNeuronsError, neurons
from symbolic.laws.ansatz import polynomial_laws
from symbolic.laws.darboux import product_laws
from symbolic.laws.lie_algebra import lie_algebra, rank_of_fields
from symbolic.laws.lie_rank import lie_rank
from symbolic.laws.rank import independent
from symbolic.laws.rates import not_absorbed
from symbolic.laws.ring import Ring

WIDEST, LARGEST, DEPTH = 10, 60, 4


@dataclass(frozen=True)
class Count:
    """Of an instance.

    Attributes:
        width, weights, laws, rank: the numbers.
    """

    width: int
    weights: int
    laws: int
    rank: int

    @property
    def complete(self) -> bool:
        """Whether laws and rank add up to the weights."""
        return self.laws + self.rank == self.weights

    def __str__(self) -> str:
        return f"width {self.width}: {self.laws} laws + rank {self.rank} of {self.weights} weights"


@dataclass(frozen=True)
class Widths:
    """The count is complete at every width from some on.

    Attributes:
        symbol: the size that counts neurons.
        start: the least width of which it is proved.
        sizes: the other sizes.
        dimension: of the Lie algebra that acts on all neurons; None where fields are separate.
        any_rates: whether it holds at any rates; else at equal ones.
        checks: the counts that it rests on.
    """

    symbol: str
    start: int
    sizes: Sizes
    dimension: int | None
    any_rates: bool
    checks: tuple[Count, ...]

    @property
    def proof(self) -> str:
        """In words, with the numbers."""
        given = "; ".join(map(str, self.checks))
        rates = "" if self.any_rates else " At equal rates."
        if self.dimension is None:
            return (
                f"Every field moves one neuron or the other weights alone, so laws and rank at any "
                f"{self.symbol} are those of one neuron, {self.symbol} times, and theirs. {given}. "
                f"Functions of preactivations are independent (gates: all patterns occur).{rates}"
            )
        return (
            f"The fields generate a Lie algebra of dimension {self.dimension}, the same at every "
            f"{self.symbol}; its rank does not fall with {self.symbol} and is "
            f"{self.dimension} from {self.symbol} = {self.start} on. {given}. One more neuron brings as "
            f"many independent laws as it has weights.{rates}"
        )


def proved_widths(
    model: Model,
    symbol: str,
    sizes: Sizes,
    widest: int = WIDEST,
    largest: int = LARGEST,
    tick: Callable[[], None] | None = None,
) -> Widths | str:
    """From which width on the count is complete, or why nothing is claimed.

    Args:
        model: the declaration.
        symbol: a size.
        sizes: numbers for the other sizes; that of the symbol is not looked at.
        widest: width that is tried.
        largest: dimension of a Lie algebra that is tried.
        tick: called now and then; may raise.
    """
    try:
        found = neurons(model, symbol)
    except NoNeuronsError as refused:
        return f"{symbol} does not count neurons: {refused}"
    others = {name: n for name, n in sizes.items() if name != symbol}
    one = Instance(model, {**others, symbol: 1})
    moving = fields(one)
    any_rates = len(not_absorbed(moving, one.rates)) <= 1
    # Of more neurons each has weights of its own: what is independent of two is of all.
    for width in (1, 2):
        there = Instance(model, {**others, symbol: width})
        for wrong in (*assumptions(there).wrong, *reasons_against_all_patterns(there)):
            return f"at {symbol} = {width} {wrong}"
    if _is_separate(model, found, others, moving):
        count = counted(model, {**others, symbol: 1}, 1, tick)
        if not count.complete:
            return f"undecided for one neuron: {count}"
        return Widths(symbol, 1, others, None, any_rates, (count,))
    if one.generated:
        return "fields with functions of preactivations move several neurons at once"
    algebra = lie_algebra(Ring(one.names, moving), largest, tick)
    if algebra is None:
        return f"the Lie algebra of one neuron has more than {largest} dimensions"
    return _diagonal(model, symbol, others, len(algebra), any_rates, widest, tick)


def _diagonal(
    model: Model,
    symbol: str,
    others: Sizes,
    dimension: int,
    any_rates: bool,
    widest: int,
    tick: Callable[[], None] | None,
) -> Widths | str:
    before: Count | None = None
    for width in range(1, widest + 1):
        now = counted(model, {**others, symbol: width}, width, tick)
        full = [c for c in (before, now) if c and c.complete and c.rank == dimension]
        if before and len(full) == 2:
            return Widths(symbol, before.width, others, dimension, any_rates, (before, now))
        before = now
    return f"no two widths up to {widest} are complete with the rank {dimension} of the Lie algebra"


def counted(
    model: Model, sizes: Sizes, width: int, tick: Callable[[], None] | None = None
) -> Count:
    """Polynomial laws, and products where a gap remains, and the rank, at unit rates.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        width: that the count is of.
        tick: called now and then; may raise.
    """
    instance = Instance(model, sizes)
    moving, D = fields(instance), instance.weights
    laws = polynomial_laws(moving, D)
    number = independent(laws, (), D)
    step = None if tick is None else lambda _: tick()
    rank = lie_rank(model, sizes, D - number, DEPTH, tick=step).value
    if number + rank < D:
        number = independent(laws, product_laws(Ring(instance.names, moving), laws), D)
    return Count(width, D, number, rank)


def _is_separate(model: Model, found: Neurons, others: Sizes, moving: Sequence[Field]) -> bool:
    """Whether the fields of two neurons span those of each, and of ζ, alone; then so at every width."""
    two = Instance(model, {**others, found.symbol: 2})
    ring = Ring(two.names, fields(two))
    places = [_places(model, found, others, neuron) for neuron in (0, 1)]
    parts = Ring(two.names, list(_parts(moving, places, two.weights))).fields
    return rank_of_fields(ring.fields) == rank_of_fields([*ring.fields, *parts])


def _places(model: Model, found: Neurons, others: Sizes, neuron: int) -> list[tuple[int, bool]]:
    """Of each weight at width 1: where it is at width 2, as that neuron's, and whether it is one's."""
    start, here = 0, list[tuple[int, bool]]()
    for name, layer in model.layers.items():
        axis = found.layers.get(name)
        shape = [s.at({**others, found.symbol: 2}) for s in layer.shape]
        ranges = [[neuron] if k == axis else range(n) for k, n in enumerate(shape)]
        for index in itertools.product(*ranges):
            place = 0
            for k, n in zip(index, shape, strict=True):
                place = place * n + k
            here.append((start + place, axis is not None))
        size = 1
        for n in shape:
            size *= n
        start += size
    return here


def _parts(
    moving: Sequence[Field], places: Sequence[Sequence[tuple[int, bool]]], weights: int
) -> Iterator[Field]:
    """Each field at width 1 for each neuron alone, and for ζ alone."""

    def put(m: Exponents, places: Sequence[tuple[int, bool]]) -> Exponents:
        found = [0] * weights
        for (place, _), e in zip(places, m, strict=True):
            found[place] = e
        return tuple(found)

    for one, there in itertools.product(moving, places):
        for own in (True, False):
            part = {
                there[i][0]: {put(m, there): c for m, c in entry.items()}
                for i, entry in one.items()
                if there[i][1] is own
            }
            if part:
                yield part
