"""Stage: the two-layer network of one activation, where the parts of one field are its neurons.

f = γ Σᵢ uᵢ σ(Σⱼ xⱼ wᵢⱼ) at one effective point x, with a rate for each layer: the network of Xu & Ziyin
2025 (Eq. 1), of which `symbolic.network` and what stands on it derive everything at every width.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

import sympy
from sympy import Expr, Symbol

from symbolic import losses, models
from symbolic.architecture.closures import h
from symbolic.architecture.instance import Poly
from symbolic.declared.one_field import OneField
from symbolic.network.model import Model
from symbolic.notation.source import Source
from symbolic.proof.certificate import (
    Certificate,
    CertificateError,
    DoesNotApply,
    Need,
    Record,
    Step,
)
from symbolic.proof.equality import is_proved, prove_equal
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.neuron import Neuron, exact, gates_as_branches, in_symbols, neuron, symbols_of

PLACES = (sympy.Rational(-7, 3), sympy.Rational(5, 11), sympy.Rational(13, 4))


@dataclass(frozen=True, kw_only=True)
class TwoLayer(Record):
    """One activation at one effective point.

    Attributes:
        network: the network, by its name where σ has one.
        scale: γ.
        point: x.
        neurons: places of uᵢ, and of the wᵢⱼ in the order of x.
        rates: of u, and of w.
    """

    one: Need[OneField]
    network: Model
    scale: Fraction
    point: tuple[Fraction, ...]
    neurons: tuple[tuple[int, tuple[int, ...]], ...]
    rates: tuple[str, str]

    @property
    def has_name(self) -> bool:
        """Whether σ is that of a network with a name, which a declaration may be called by chance."""
        name = self.network.name
        return name in models.names() and models.load(name).activation is self.network.activation

    def preactivation(self, k: int) -> Expr:
        """What the weights of neuron k see, hₖ, in their symbols."""
        symbols, (_, row) = symbols_of(self.one.instance), self.neurons[k]
        return sympy.Add(*(exact(x) * symbols[j] for x, j in zip(self.point, row, strict=True)))

    def by_u(self, k: int) -> Expr:
        """∂f/∂uₖ = γ σ(hₖ)."""
        return exact(self.scale) * self.network.activation(self.preactivation(k))

    def certify(self) -> Iterator[Certificate]:
        """Each part, with σ in functions of SymPy; the rates of the layers."""
        for part, place in zip(self.one.parts, self.neurons, strict=True):
            name = self.one.instance.names[place[0]]
            yield Certificate(f"the part of {name} is gamma u sigma(h)", self._is(part, place))
        yield Certificate("each layer has one rate", self._have_rates())

    def _is(self, part: Poly, place: tuple[int, tuple[int, ...]]) -> Verdict:
        """On both sides of h = 0, with the first wᵢⱼ solved for h."""
        instance, symbols = self.one.instance, symbols_of(self.one.instance)
        (u, row), size = place, Symbol("size", positive=True)
        first, *others = (exact(x) for x in self.point)
        rest = sympy.Add(*(x * symbols[j] for x, j in zip(others, row[1:], strict=True)))
        for seen in (size, -size):
            weights = {**symbols, row[0]: (seen - rest) / first}
            here = gates_as_branches(in_symbols(instance, part, weights))
            claimed = exact(self.scale) * self.network.neuron(symbols[u], seen)
            if not is_proved(verdict := prove_equal(here, claimed)):
                break
        return verdict

    def _have_rates(self) -> Verdict:
        rates = self.one.instance.rates
        found = (
            {rates[u] for u, _ in self.neurons},
            {rates[j] for _, row in self.neurons for j in row},
        )
        if found == ({self.rates[0]}, {self.rates[1]}):
            return Proved("names")
        return Undecided(f"rates {found}")

    def explain(self) -> Iterator[Step]:
        """σ, x and γ."""
        yield Step(
            "Two-layer network",
            (
                ("f", r"\gamma\sum_i u_i\,\sigma\Big(\sum_j w_{ij}x_j\Big)"),
                (r"\sigma(h)", self.network.activation(h)),
                ("x", ", ".join(map(str, self.point))),
                (r"\gamma", exact(self.scale)),
            ),
            "The parts of the potential are alike: neurons of one activation, at one effective point.",
        )


def derive(one: OneField) -> TwoLayer:
    """Read every part as a neuron."""
    found = [neuron(one.instance, part) for part in one.parts]
    neurons = [each for each in found if each is not None]
    if len(neurons) < len(found):
        raise DoesNotApply("a part is no u sigma(h) of one weight u and a linear form h")
    shared = {(each.scale, tuple(each.point.values()), each.activation) for each in neurons}
    if len(shared) > 1:
        raise DoesNotApply("neurons differ in their activation, or in the point they see")
    rates = one.instance.rates
    outer = {rates[each.u] for each in neurons}
    inner = {rates[j] for each in neurons for j in each.point}
    if len(outer) > 1 or len(inner) > 1:
        raise DoesNotApply("rates differ within a layer of neurons")
    ((scale, point, activation),) = shared
    network, factor = _network(one, activation)
    try:
        return TwoLayer(
            one=one, network=network, scale=scale * factor, point=point,
            neurons=tuple(_place(each) for each in neurons), rates=(outer.pop(), inner.pop()),
        )  # fmt: skip
    except CertificateError as error:
        raise DoesNotApply("parts that look like neurons are not proved to be some") from error


def _place(each: Neuron) -> tuple[int, tuple[int, ...]]:
    return each.u, tuple(each.point)


def _network(one: OneField, activation: Expr) -> tuple[Model, Fraction]:
    """The network with a name of whose activation this is a multiple, and the factor; or one without."""
    declared = one.instance.model
    source = declared.source if isinstance(declared.source, Source) else Source(declared.source)
    found, factor = Model(
        name=declared.name, title=declared.title, source=source,
        activation=lambda place: activation.xreplace({h: place}),
    ), Fraction(1)  # fmt: skip
    here = found.activation(h)
    for name in models.names():
        known = models.load(name)
        there = known.activation(h)
        ratio = _ratio(there, here)
        if ratio is not None and is_proved(prove_equal(exact(ratio) * there, here)):
            found, factor = known, ratio
            break
    known_loss = declared.loss in losses.names()
    return (replace(found, loss=losses.load(declared.loss)) if known_loss else found), factor


def _ratio(known: Expr, activation: Expr) -> Fraction | None:
    """What a function is of another at a few places, a fraction of small numbers; None if it varies."""
    if known.free_symbols - {h}:
        return None
    found = set[Fraction]()
    for place in PLACES:
        top, below = (float(sympy.N(z.subs(h, place))) for z in (activation, known))
        if not math.isfinite(top) or not math.isfinite(below) or (below == 0) != (top == 0):
            return None
        if below:
            found.add(Fraction(top / below).limit_denominator(1000))
    return found.pop() if len(found) == 1 else None
