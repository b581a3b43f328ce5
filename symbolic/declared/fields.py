"""Stage: the fields of a declared network (see `symbolic.architecture.fields`)."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Integer

from symbolic.architecture.extent import gradient_terms, is_long
from symbolic.architecture.fields import MOST, Field, Terms, fields, potentials, terms
from symbolic.architecture.instance import Generated, Instance
from symbolic.declared.span import Span, Values
from symbolic.laws.by_words import ByWords, by_words
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
        by_words: laws that need no fields, where these have so many terms that they are not written out;
            there are no generating ones then.
    """

    instance: Need[Instance]
    generating: tuple[Field, ...]
    with_symbols: tuple[Field, ...] = ()
    by_words: ByWords | None = None

    def certify(self) -> Iterator[Certificate]:
        """Gradients of outputs are combinations of the fields; or they have too many terms."""
        if self.by_words is not None:
            claim = f"gradients are not written out: with up to {self._terms} terms"
            yield Certificate(claim, self._are_many())
            return
        claim = "gradients of all outputs are combinations of the fields"
        yield Certificate(claim, _spans(self.instance, self.generating))
        if self.with_symbols:
            verdict = _spans(self.instance.with_symbols, self.with_symbols)
            yield Certificate(f"{claim}, with symbols for what is not trained", verdict)

    @property
    def _terms(self) -> int:
        return gradient_terms(self.instance.model, self.instance.sizes)

    def _are_many(self) -> Verdict:
        if self.generating or self.with_symbols:
            return Undecided("some are written out")
        long = is_long(self.instance.model, self.instance.sizes)
        return Proved("counted over the graph") if long else Undecided("too few")

    def explain(self) -> Iterator[Step]:
        """How many there are."""
        if self.by_words is not None:
            yield Step(
                "Fields", ((r"\dot\theta", r"-\sum_k r_k\,\eta\circ\nabla c_k(\theta)"),),
                "The $c_k$ are the coefficients of the outputs by what the data, and functions of "
                f"preactivations, may be: they are not written out, with up to {self._terms} terms.",
            )  # fmt: skip
            return
        yield Step(
            "Fields",
            (
                (r"\dot\theta", r"-\sum_k r_k\,\eta\circ\nabla c_k(\theta)"),
                (r"\#\{\text{generating}\}", Integer(len(self.generating))),
            ),
            "The $c_k$ are the coefficients of the outputs by what the data, and functions of "
            "preactivations, may be: loss and data choose the signals $r_k$, and what every field "
            "conserves is conserved for all of them.",
        )


def derive(instance: Instance) -> Fields:
    """Take gradients of the outputs apart by monomials of the data.

    Where they are long, and words find all laws of degree 2 there are, or where they are too long to be
    written out in any case, words have to do.
    """
    model, sizes = instance.model, instance.sizes
    if is_long(model, sizes):
        words = by_words(model, sizes)
        if words.are_all or gradient_terms(model, sizes) > MOST:
            return Fields(instance=instance, generating=(), by_words=words)
    symbols = tuple(fields(instance.with_symbols)) if instance.parameters else ()
    return Fields(instance=instance, generating=tuple(fields(instance)), with_symbols=symbols)


def _spans(instance: Instance, generating: tuple[Field, ...]) -> Verdict:
    """Gradients are combinations of the fields, at values modulo a prime.

    Fields are vectors of coefficients of monomials in the weights, and so are gradients at data and
    values of functions that are drawn. Where inverses and roots depend on the weights, values are
    compared, point by point.
    """
    gradients = [
        {i: terms(p) for i, p in instance.gradient(one).items()} for one in potentials(instance)
    ]
    if any(one.kind in ("inverse", "root") for one in instance.generated):
        return _spans_at_points(instance, generating, gradients)
    for seed in range(POINTS):
        point = _point(instance, seed, gates=False)
        values = Values(instance, point)
        span = Span(map(values.coefficients, generating))
        if not all(span.has(values.coefficients(one)) for one in gradients):
            return Undecided("a gradient is no combination of the fields")
    return Proved("coefficients modulo 2^61 - 1")


def _spans_at_points(
    instance: Instance, generating: tuple[Field, ...], gradients: Sequence[Mapping[int, Terms]]
) -> Verdict:
    """A gradient beside the fields does not raise their rank."""
    weights = instance.weights
    for seed in range(POINTS):
        point = _point(instance, seed)
        rows = [_values(one, point, weights) for one in generating]
        more = [_values(one, point, weights) for one in gradients]
        if rank_modulo_prime([*rows, *more], weights) != rank_modulo_prime(rows, weights):
            return Undecided("a gradient is no combination of the fields")
    return Proved("ranks modulo 2^61 - 1")


def _point(instance: Instance, seed: int, gates: bool = True) -> list[int]:
    """Values of all generators that keep their relations; without `gates`, gates have any."""
    for attempt in itertools.count():
        draw = random.Random(f"{seed} {attempt}")
        point = [draw.randrange(1, PRIME) for _ in instance.ring.gens()]
        made = (one for one in instance.generated if gates or one.kind != "gate")
        if all(_relation_holds(one, point, draw) for one in made):
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


def _values(one: Mapping[int, Terms], point: Sequence[int], weights: int) -> list[int]:
    row = [0] * weights
    for i, entry in one.items():
        row[i] = value_at(entry, point)
    return row
