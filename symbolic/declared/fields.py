"""Stage: the fields of a declared network (see `symbolic.architecture.fields`)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.fields import Field, Terms, fields, potentials, terms
from symbolic.architecture.instance import Generated, Instance
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.null_space import PRIME, modulo
from symbolic.proof.ranks import rank_modulo_prime
from symbolic.proof.verdict import Proved, Undecided, Verdict

POINTS = 3


@dataclass(frozen=True, kw_only=True)
class Fields(Record):
    """The directions in which weights may move, whatever the loss and the data are.

    Attributes:
        generating: fields with polynomial entries, rates absorbed; what they all annihilate is conserved.
        with_symbols: the same with symbols for untrained weights and lines of data, behind the weights;
            empty where there is neither.
    """

    instance: Need[Instance]
    generating: tuple[Field, ...]
    with_symbols: tuple[Field, ...] = ()

    def certify(self) -> Iterator[Certificate]:
        """Gradients of outputs are combinations of the fields."""
        claim = "gradients of all outputs are combinations of the fields"
        yield Certificate(claim, _spans(self.instance, self.generating))
        if self.with_symbols:
            verdict = _spans(self.instance.with_symbols, self.with_symbols)
            yield Certificate(f"{claim}, with symbols for what is not trained", verdict)

    def explain(self) -> Iterator[Step]:
        """How many there are."""
        yield Step(
            "Fields",
            (
                (r"\dot\theta", r"-\sum_k r_k\,\eta\circ\nabla c_k(\theta)"),
                (r"\#\{c_k\}", Integer(len(self.generating))),
            ),
            "The $c_k$ are the coefficients of the outputs by what the data may be: loss and data choose "
            "the signals $r_k$, and what every field conserves is conserved for all of them.",
        )


def derive(instance: Instance) -> Fields:
    """Expand the outputs, and take their gradients apart by monomials of the data."""
    symbols = tuple(fields(instance.with_symbols)) if instance.parameters else ()
    return Fields(instance=instance, generating=tuple(fields(instance)), with_symbols=symbols)


def _spans(instance: Instance, generating: tuple[Field, ...]) -> Verdict:
    """A gradient beside the fields does not raise their rank, at values modulo a prime.

    At several weights together, with the same data and functions: as fields, not only as vectors at a
    point. Where inverses and roots depend on the weights, point by point.
    """
    gradients = [
        {i: terms(p) for i, p in instance.gradient(one).items()} for one in potentials(instance)
    ]
    weights = instance.weights
    for points in _points(instance, len(generating)):
        rows = [_stacked(one, points, weights) for one in generating]
        more = [_stacked(one, points, weights) for one in gradients]
        columns = len(points) * weights
        if rank_modulo_prime([*rows, *more], columns) != rank_modulo_prime(rows, columns):
            return Undecided("a gradient is no combination of the fields")
    return Proved("ranks modulo 2^61 - 1")


def _points(instance: Instance, fields: int) -> Iterator[list[list[int]]]:
    """Groups of values of all generators: weights differ within a group, data and functions do not."""
    if any(one.kind in ("inverse", "root") for one in instance.generated):
        yield from ([_point(instance, seed)] for seed in range(POINTS))
        return
    first, D = _point(instance, 0), instance.weights
    number = POINTS + fields // D
    draws = (random.Random(f"weights {k}") for k in range(number))
    yield [[*(draw.randrange(1, PRIME) for _ in range(D)), *first[D:]] for draw in draws]


def _stacked(one: Mapping[int, Terms], points: Sequence[Sequence[int]], weights: int) -> list[int]:
    """A field at several points, one after the other."""
    row = []
    for point in points:
        row += _values(one, point)[:weights]
    return row


def _point(instance: Instance, seed: int) -> list[int]:
    """Values of all generators that keep their relations."""
    for attempt in itertools.count():
        draw = random.Random(f"{seed} {attempt}")
        point = [draw.randrange(1, PRIME) for _ in instance.ring.gens()]
        if all(_relation_holds(one, point, draw) for one in instance.generated):
            return point
    raise AssertionError  # pragma: no cover - half of all numbers have roots


def _relation_holds(one: Generated, point: list[int], draw: random.Random) -> bool:
    """Give a generator a value that keeps its relation; whether there is one."""
    if one.kind == "gate":
        point[one.index] = draw.randrange(2)
    elif one.kind == "inverse":
        point[one.index] = pow(value_at(terms(one.argument), point), -1, PRIME)
    elif one.square is not None:
        square = value_at(terms(one.square), point)
        root = pow(square, (PRIME + 1) // 4, PRIME)  # the prime is 3 modulo 4
        point[one.index] = root
        return root * root % PRIME == square
    return True


def value_at(polynomial: Terms, point: Sequence[int]) -> int:
    """A polynomial at a point modulo the prime."""
    total = 0
    for m, c in polynomial.items():
        term = modulo(c)
        for value, exponent in zip(point, m, strict=False):  # those of fields are of weights alone
            if exponent:
                term = term * pow(value, exponent, PRIME) % PRIME
        total += term
    return total % PRIME


def _values(one: Mapping[int, Terms], point: Sequence[int]) -> list[int]:
    row = [0] * len(point)
    for i, entry in one.items():
        row[i] = value_at(entry, point)
    return row
