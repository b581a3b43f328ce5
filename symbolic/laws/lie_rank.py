"""The rank of the Lie algebra of all fields, from below: brackets at one point modulo a prime.

Independent vectors among the values of brackets at a point are independent at a generic point. So with
a number of independent laws, which bounds the rank from above, the count closes where both meet; where
they do not, nothing is decided, and the search says how far it went.

Brackets [f₁, [f₂, … [f_(k−1), f_k]]] of fields span all brackets of k fields (Jacobi), so what can be
short is the depth, the point, or the laws.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from flint import nmod_mat

from symbolic.architecture.gates import UnknownSignError
from symbolic.architecture.jets import Field, NoRootError, P, Values, Whole
from symbolic.architecture.model import Model, Sizes
from symbolic.architecture.regions import Seen
from symbolic.architecture.walk import in_order

Map = Callable[[Whole], Whole]
Tick = Callable[[int], None]
SEEDS, DEPTH, PROBES, DEAD, TRIES = 3, 6, 3, 64, 4000


class OutOfTimeError(RuntimeError):
    """For a callback to raise: the search ends, with what it has."""


class NoPointError(ArithmeticError):
    """No weights were found at which a network's roots and inverses exist, and its gates have signs."""


@dataclass(frozen=True)
class Rank:
    """A lower bound, and what was tried.

    Attributes:
        value: of the rank.
        by_depth: what fields, and brackets of so many, reached at the best point.
        points: how many were tried.
        evaluations: of fields, one at a jet of 2^k parts counted as its 3^k products of parts.
        stopped: "enough" where the bound from above is reached; else "exhausted" (depth and points),
            "budget", "time" or "no point" (at which all roots and inverses exist): undecided.
    """

    value: int
    by_depth: tuple[int, ...]
    points: int
    evaluations: int = 0
    stopped: str = "exhausted"

    @property
    def tried(self) -> str:
        """In words."""
        depth, points = len(self.by_depth), self.points
        return (
            f"brackets of up to {depth} field{'s' * (depth != 1)} at {points} "
            f"point{'s' * (points != 1)}, {self.evaluations} evaluations, stopped: {self.stopped}"
        )


def lie_rank(
    model: Model,
    sizes: Sizes,
    enough: int,
    depth: int = DEPTH,
    seeds: int = SEEDS,
    *,
    rates: Mapping[str, int] | None = None,
    budget: int | None = None,
    tick: Tick | None = None,
    seen: Sequence[Seen] = (),
) -> Rank:
    """Search until the rank is enough, or a depth and all points, a budget or the time are exhausted.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        enough: no rank is larger: weights less independent laws.
        depth: of brackets, at most.
        seeds: points that are tried.
        rates: whole numbers by name; without, all are 1.
        budget: evaluations, at most.
        tick: called with their number so far; may raise `OutOfTimeError`.
        seen: regions in which gates are taken; without, one is drawn for each point.
    """
    search = _Search(budget, tick)
    best = Rank(0, (), 0, stopped="enough" if enough <= 0 else "exhausted")
    for seed in range(seeds if enough > 0 else 0):
        found = _at_a_point(model, sizes, enough, depth, seed, rates, search, seen)
        if found.value > best.value or not best.by_depth:
            best = found
        stopped = found.stopped if best.value < enough else "enough"
        best = replace(best, points=seed + 1, evaluations=search.spent, stopped=stopped)
        if stopped != "exhausted":
            break
    return best


class _BudgetError(RuntimeError):
    """The budget is spent."""


ENDED: Mapping[type[Exception], str] = {
    _BudgetError: "budget", OutOfTimeError: "time", NoPointError: "no point",
}  # fmt: skip


class _Search:
    """Counts evaluations."""

    def __init__(self, budget: int | None, tick: Tick | None) -> None:
        self.budget, self.tick, self.spent = budget, tick, 0

    def counted(self, one: Field) -> Map:
        """A field whose evaluations are counted."""

        def evaluated(theta: Whole) -> Whole:
            self.spent += 3 ** (len(theta).bit_length() - 1)
            if self.budget is not None and self.spent > self.budget:
                raise _BudgetError
            if self.tick is not None:
                self.tick(self.spent)
            return one(theta)

        return evaluated


def point(
    model: Model,
    sizes: Sizes,
    seed: int,
    rates: Mapping[str, int] | None = None,
    seen: Sequence[Seen] = (),
    start: int = 0,
) -> tuple[Whole, Iterator[Field]]:
    """Weights at which roots exist, and fields there, each at another input and other signals.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        seed: of the point.
        rates: whole numbers by name.
        seen: regions in which gates are taken; without, one is drawn.
        start: number of the first field, which says at which data and gates it is.

    Raises:
        NoPointError: where no such weights were found.
    """
    values, generator = Values(seed, seen), np.random.default_rng(seed)
    theta = generator.integers(1, P, (1, model.number_of_weights(sizes)))
    every = (_field(model, sizes, values, k, rates) for k in itertools.count(start))
    first = [_field(model, sizes, values, 0, rates)]
    if first[0].is_partial:
        first += [_field(model, sizes, values, k, rates) for k in range(1, len(model.points))]
        theta = _climbed(first, theta, generator, model.name)
        every = (one for one in every if _has_roots(one, theta, generator))
    return theta, _alive(every, theta) if first[0].is_gated else every


def has_roots(model: Model) -> bool:
    """Whether there are roots, which half of all numbers do not have; inverses all have but 0."""
    return any(t.operation == "apply" and t.detail == "sqrt" for t in in_order(model.graph.output))


def has_several_fields(model: Model, sizes: Sizes, tried: int = 4) -> bool:
    """Whether two fields are independent at a point; False says nothing.

    Args:
        model: the declaration.
        sizes: a number for each size symbol.
        tried: fields.
    """
    try:
        theta, fields = point(model, sizes, 0)
        rows = [one(theta)[0] for one in itertools.islice(fields, tried)]
    except NoPointError:
        return False
    return _Basis(model.number_of_weights(sizes)).add(rows) > 1


def _field(
    model: Model, sizes: Sizes, values: Values, k: int, rates: Mapping[str, int] | None
) -> Field:
    try:
        return Field(model, sizes, values, k, rates)
    except UnknownSignError as error:
        raise NoPointError(str(error)) from None


def _alive(fields: Iterator[Field], theta: Whole) -> Iterator[Field]:
    """Those of which not all paths are closed, unless most are."""
    closed = 0
    for one in fields:
        closed = 0 if closed >= DEAD or one(theta).any() else closed + 1
        if not closed:
            yield one


def _roots(fields: list[Field], theta: Whole) -> int | None:
    """How many roots there are in all; None for all of them."""
    missing, found = False, 0
    for one in fields:
        try:
            one(theta)
        except NoRootError as error:
            missing, found = True, found + error.found
        else:
            found += one.roots
    return found if missing else None


def _climbed(fields: list[Field], theta: Whole, generator: np.random.Generator, name: str) -> Whole:
    """Move one entry at a time, of weights or data, never to fewer roots, until all are there."""
    now = _roots(fields, theta)
    for step in range(TRIES):
        if now is None:
            return theta
        there, back = theta.copy(), [one.inputs for one in fields]
        if step % 2:
            there[0, int(generator.integers(theta.shape[1]))] = generator.integers(1, P)
        else:
            for one in fields:
                one.inputs = one.moved(generator)
        new = _roots(fields, there)
        if new is None or new >= now:
            theta, now = there, new
        else:
            for one, inputs in zip(fields, back, strict=True):
                one.inputs = inputs
    raise NoPointError(f"{name}: no weights at which its roots and inverses exist in {TRIES} tries")


def _has_roots(field: Field, theta: Whole, generator: np.random.Generator) -> bool:
    """Whether it has, perhaps at other data."""
    now = _roots([field], theta)
    for _ in range(TRIES):
        if now is None:
            return True
        back, field.inputs = field.inputs, field.moved(generator)
        new = _roots([field], theta)
        if new is not None and new < now:
            field.inputs = back
        else:
            now = new
    raise NoPointError("no data at which roots and inverses exist")


class _Basis:
    """Independent rows modulo the prime: blocks, each reduced, and by those before it."""

    def __init__(self, columns: int) -> None:
        self.columns, self.rank = columns, 0
        self.blocks: list[tuple[Whole, Whole]] = []

    def add(self, rows: list[Whole]) -> int:
        """Take rows in; returns the rank."""
        new = np.array(rows, np.int64)
        for block, pivots in self.blocks:
            new = (new - _product(new[:, pivots], block)) % P
        new = new[new.any(axis=1)]
        if len(new):
            reduced, rank = nmod_mat(len(new), self.columns, new.ravel().tolist(), P).rref()
            entries = itertools.islice(reduced.entries(), rank * self.columns)
            block = np.fromiter(map(int, entries), np.int64).reshape(rank, self.columns)
            self.blocks.append((block, (block != 0).argmax(axis=1)))
            self.rank += rank
        return self.rank


def _product(a: Whole, b: Whole) -> Whole:
    """Modulo the prime, by floats that are whole: below 2¹³ · 2²⁶ · 2¹⁴ rows = 2⁵³."""
    if len(b) > 2**14:
        raise OverflowError(f"{len(b)} rows are more than floats add up exactly")
    whole = b.astype(np.float64)
    high, low = (
        np.asarray(part.astype(np.float64) @ whole, np.int64) for part in (a >> 13, a & 8191)
    )
    return np.asarray((high % P * 8192 + low) % P)


def _at_a_point(
    model: Model,
    sizes: Sizes,
    enough: int,
    depth: int,
    seed: int,
    rates: Mapping[str, int] | None,
    search: _Search,
    seen: Sequence[Seen],
) -> Rank:
    basis, reached = _Basis(model.number_of_weights(sizes)), list[int]()
    stopped = "exhausted"
    try:
        theta, fields = point(model, sizes, seed, rates, seen)
        for level in range(1, depth + 1):
            reached.append(basis.rank)
            for _ in _grown(basis, fields, theta, level, enough, search, len(model.points)):
                reached[-1] = basis.rank
            if basis.rank >= enough:
                stopped = "enough"
                break
    except (_BudgetError, OutOfTimeError, NoPointError) as ended:
        stopped = next(said for kind, said in ENDED.items() if isinstance(ended, kind))
    return Rank(basis.rank, tuple(reached), 1, search.spent, stopped)


def _grown(
    basis: _Basis,
    fields: Iterator[Field],
    theta: Whole,
    level: int,
    enough: int,
    search: _Search,
    points: int,
) -> Iterator[int]:
    """Add brackets of a depth, a few first and more while they are new."""
    wanted = max(4, enough // 2 + 2, points) if level == 1 else PROBES
    while basis.rank < enough:
        before, rows = basis.rank, list[Whole]()
        for _ in range(min(wanted, max(PROBES, points, enough - before + 2))):
            one: Map = search.counted(next(fields))
            for _ in range(level - 1):
                one = bracket(search.counted(next(fields)), one)
            rows.append(one(theta)[0])
        basis.add(rows)
        yield basis.rank
        if basis.rank == before:
            return
        wanted = max(8 * wanted, enough - basis.rank if level == 1 else 0)


def bracket(f: Map, g: Map) -> Map:
    """[f, g] = g′ f − f′ g."""

    def found(theta: Whole) -> Whole:
        parts = len(theta)
        both = g(np.concatenate([theta, f(theta)]))
        b, along_a = both[:parts], both[parts:]
        along_b = f(np.concatenate([theta, b]))[parts:]
        return np.asarray((along_a - along_b) % P)

    return found
