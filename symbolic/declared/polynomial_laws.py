"""Stage: all polynomial laws up to degree 2, at any rates (see `symbolic.laws.ansatz`, `rates`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sympy import Integer

from symbolic.architecture.extent import is_long
from symbolic.architecture.fields import Field
from symbolic.architecture.model import Model
from symbolic.declared.fields import Fields
from symbolic.declared.written import LATEX, Written
from symbolic.laws.ansatz import Law
from symbolic.laws.by_words import ByWords, at_most, products_beside, written_entries
from symbolic.laws.certificates import RatedRing
from symbolic.laws.degrees import absorption_by_degrees
from symbolic.laws.gradings import scales
from symbolic.laws.parameters import (
    DEGREE,
    Parameters,
    are_multiples,
    free_of_parameters,
    of_degree,
)
from symbolic.laws.rank import independent, simplest
from symbolic.laws.rates import (
    LawsWithRates,
    RatedLaw,
    at,
    basis,
    drawn,
    laws_with_rates,
    with_rates,
)
from symbolic.laws.sampled import guessed
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.verdict import Proved, Undecided, Verdict

MANY = 1000  # laws, beyond which those are kept of which the others are functions


@dataclass(frozen=True, kw_only=True)
class PolynomialLaws(Record):
    """Polynomials that every field annihilates, whatever the rates are.

    Attributes:
        laws: a basis of those up to degree 2, with symbolic rates; of very many, as many of them as are
            independent, of which the others are functions; of those of words, all but products.
        independent: how many are functionally independent.
        is_absorbed: whether θ/√η moves at unit rates as θ does at any.
        reference: the rate that others are measured in there; None where all are absorbed.
        rates: numbers at which ranks are found: ones where rates are absorbed, else drawn.
        missed: laws at those rates that have no symbolic form here.
        free: how many of the laws, the first ones, do not depend on untrained weights or on the line of
            data; None for all, where there is neither.
        with_symbols: the simplest laws with symbols for the entries of these, `Instance.parameters`, in
            places behind those of the weights; None for a law that is known at drawn entries only.
        perhaps: how many more there may be, where fields are not written out and words have to do; None
            where no number is known.
    """

    fields: Need[Fields]
    laws: tuple[RatedLaw, ...]
    independent: int
    is_absorbed: bool
    reference: str | None
    rates: Mapping[str, int]
    missed: int
    free: int | None = None
    with_symbols: tuple[RatedLaw | None, ...] = field(default=())
    perhaps: int | None = 0

    @property
    def plain(self) -> tuple[Law, ...]:
        """The laws at the rates at which ranks are found."""
        return tuple(at(law, self.rates) for law in self.laws)

    @property
    def generating(self) -> tuple[Field, ...]:
        """The fields at those rates."""
        found = self.fields.generating
        if self.is_absorbed:
            return found
        return tuple(with_rates(found, self.fields.instance.rates, self.rates))

    @property
    def simplest(self) -> tuple[RatedLaw, ...]:
        """As many of the laws as are independent, of which the others are functions."""
        chosen = simplest(self.plain, self.fields.instance.weights, self.free or 0)
        return tuple(self.laws[n] for n in chosen)

    @property
    def shown(self) -> tuple[RatedLaw, ...]:
        """The same, with symbols for what is not trained, where they are known so."""
        if self.free is None:
            return self.simplest
        both = zip(self.simplest, self.with_symbols, strict=True)
        return tuple(drawn if symbolic is None else symbolic for drawn, symbolic in both)

    @property
    def only_drawn(self) -> int:
        """How many of those are known at the drawn entries of what is not trained, and there only."""
        return sum(law is None for law in self.with_symbols)

    @property
    def said(self) -> tuple[str, ...]:
        """What is not decided, or holds for the numbers drawn, in sentences."""
        found = []
        if self.missed:
            found.append(
                f"at rates that are drawn there are {self.missed} more polynomial laws than with "
                "symbolic rates: they are not found here"
            )
        if self.perhaps is None:
            found.append("whether there are more polynomial laws than words find is not decided")
        elif self.perhaps:
            found.append(
                f"there may be {self.perhaps} more polynomial laws than words find: they are not found "
                "here"
            )
        if self.only_drawn:
            found.append(
                f"{self.only_drawn} of the laws are known for the drawn entries of what is not trained, "
                "and not with symbols for them"
            )
        return tuple(found)

    def certify(self) -> Iterator[Certificate]:
        """Every law along every field, rates and weights being symbols; the rank of differentials."""
        yield Certificate("every field annihilates every law, at all rates", self._are_laws())
        yield Certificate(f"{self.independent} are independent", self._are_independent())
        if self.fields.by_words is not None and self.perhaps is not None:
            number = self._with_products + self.perhaps
            yield Certificate(
                f"no more than {number} polynomials of degree 1 and 2 are laws", self._are_all()
            )
        if self.free is not None:
            claim = "laws with symbols for what is not trained"
            yield Certificate(f"{claim}: every field annihilates them", self._hold_with_symbols())
            yield Certificate(f"{claim} are multiples of those drawn", self._are_the_same())

    @property
    def _with_products(self) -> int:
        """The laws, and products of two linear ones."""
        return len(self.laws) + products_beside(self.laws, self.fields.instance.rates)

    def _are_all(self) -> Verdict:
        instance, number = self.fields.instance, self._with_products + (self.perhaps or 0)
        most = at_most(instance.model, instance.sizes, seed=1)
        if most is not None and most <= number:
            return Proved("rank of fields at points modulo a prime, from below")
        return Undecided(f"{most} at other points and rates")

    def _are_entries(self, laws: Sequence[RatedLaw]) -> Verdict:
        """Of laws at all sizes, which are found again."""
        instance = self.fields.instance
        known = written_entries(instance.model, instance.sizes)
        if all(law in known for law in laws):
            return Proved("entries of laws at all sizes, whose proof by words looks at no sizes")
        return Undecided("a law is no entry of a law at all sizes")

    def _are_laws(self) -> Verdict:
        if self.fields.by_words is not None:
            return self._are_entries(self.laws)
        instance = self.fields.instance
        ring = RatedRing(instance.names, instance.rates, self.fields.generating)
        for number, law in enumerate(self.laws):
            if not ring.is_annihilated(law):
                return Undecided(f"law {number} changes along a field")
        return Proved("derivatives in the exact ring of weights and roots of rates")

    def _are_independent(self) -> Verdict:
        rank = independent(self.plain, (), self.fields.instance.weights, seed=2)
        if rank >= self.independent:
            return Proved("rank of differentials modulo 2^61 - 1")
        return Undecided(f"rank {rank} at another point")

    def _hold_with_symbols(self) -> Verdict:
        if self.fields.by_words is not None:
            return self._are_entries([law for law in self.with_symbols if law])
        ring = _parameters(self.fields).ring
        free = self.laws[: self.free]
        if all(map(ring.is_annihilated, (law for law in (*free, *self.with_symbols) if law))):
            return Proved(
                "derivatives in the exact ring of weights, roots of rates, and these symbols"
            )
        return Undecided("a law changes along a field")

    def _are_the_same(self) -> Verdict:
        if self.fields.by_words is not None:
            is_same = self.with_symbols == self.simplest
            return Proved("equal") if is_same else Undecided("one is another law")
        given, both = _parameters(self.fields), zip(self.simplest, self.with_symbols, strict=False)
        if len(self.simplest) != len(self.with_symbols):
            return Undecided("there are other numbers of laws with symbols and without")
        if all(law is None or are_multiples(given.at_drawn(law), drawn) for drawn, law in both):
            return Proved("coefficients")
        return Undecided("one is another law at the numbers drawn")

    def explain(self) -> Iterator[Step]:
        """The laws."""
        instance = self.fields.instance
        written = Written(instance, LATEX)
        rows = tuple((f"C_{{{n}}}", written.law(law)) for n, law in enumerate(self.shown, 1))
        says = "".join(f" Not decided: {words}." for words in self.said)
        if self.with_symbols and not self.only_drawn:
            says += (
                " Untrained weights and lines of data are symbols: the laws hold for all of them."
            )
        how = (
            "solved over the rational numbers"
            if self.fields.by_words is None
            else "of which words, at all sizes, give solutions, and values modulo a prime how many there "
            "are at most"
        )
        yield Step(
            "Polynomial laws",
            (*rows, (r"\#\{\text{independent}\}", Integer(self.independent))),
            f"A polynomial is conserved for {_whatever(instance.model)} if every field "
            f"annihilates it: a linear system for its coefficients, {how}.{says}",
        )


def _whatever(model: Model) -> str:
    """What a law is not asked to know: a named loss and white data leave all fields."""
    loss = "every loss of differences of outputs" if model.loss == "softmax" else "every loss"
    of_data = {
        "line": "all data on the line",
        "points": "all targets at the inputs that are listed",
    }
    return f"{loss} and {of_data.get(model.data, 'all data')}"


def _parameters(fields: Fields) -> Parameters:
    instance = fields.instance
    names = (*instance.names, *instance.parameters)
    return Parameters(names, instance.rates, fields.with_symbols, instance.drawn)


def derive(fields: Fields) -> PolynomialLaws:
    """All of degree 1 and 2, by an exact null space; where fields are not written out, those of words."""
    if fields.by_words is not None:
        return _of_words(fields, fields.by_words)
    instance, long = fields.instance, is_long(fields.instance.model, fields.instance.sizes)
    guess = guessed(instance.model, instance.sizes) if long else None
    found = laws_with_rates(
        fields.generating, instance.rates, instance.weights, guess=guess,
        scales=scales(instance.model, instance.sizes),
    )  # fmt: skip
    rates = dict.fromkeys(instance.rates, 1) if found.absorbed else dict(found.draws[0])
    laws, free, known = list(found.laws), None, list[RatedLaw]()
    if len(laws) > MANY:  # products of linear ones: of so many no matrix of all is made
        chosen = simplest([at(law, rates) for law in laws], instance.weights)
        laws = [laws[n] for n in chosen]
    if instance.parameters:
        constant = _constant(fields, rates, long=long)
        free = len(constant)
        if found.absorbed and not long:
            known = _known(fields, found, constant, rates)
        given = _parameters(fields)
        laws = basis([*constant, *map(given.at_drawn, known), *laws], rates)
    plain = [at(law, rates) for law in laws]
    return PolynomialLaws(
        fields=fields, laws=tuple(laws), independent=independent(plain, (), instance.weights),
        is_absorbed=found.absorbed, reference=found.reference, rates=rates,
        missed=found.number - len(found.laws), free=free,
        with_symbols=() if free is None else tuple(_with_symbols(fields, laws, plain, free, known)),
    )  # fmt: skip


def _constant(fields: Fields, rates: Mapping[str, int], *, long: bool) -> list[RatedLaw]:
    """Laws that do not depend on what is not trained; where an ansatz is long, those of words."""
    instance = fields.instance
    found = (
        written_entries(instance.model, instance.sizes)
        if long
        else list(free_of_parameters(fields.with_symbols, instance.rates, rates))
    )
    return basis(found, rates) if found else []


def _of_words(fields: Fields, given: ByWords) -> PolynomialLaws:
    """Words know neither what is not trained nor lines of data: their laws hold for all of them."""
    instance, found = fields.instance, absorption_by_degrees(fields.instance.model)
    rates = dict.fromkeys(instance.rates, 1) if found.holds else drawn(instance.rates, 0)
    plain = [at(law, rates) for law in given.laws]
    free = len(plain) if instance.parameters else None
    chosen = () if free is None else simplest(plain, instance.weights, free)
    return PolynomialLaws(
        fields=fields, laws=given.laws, independent=independent(plain, (), instance.weights),
        is_absorbed=found.holds, reference=found.reference, rates=rates, missed=0, free=free,
        with_symbols=tuple(given.laws[n] for n in chosen),
        perhaps=given.perhaps,
    )  # fmt: skip


def _known(
    fields: Fields, found: LawsWithRates, constant: Sequence[RatedLaw], rates: Mapping[str, int]
) -> list[RatedLaw]:
    """Laws of low degree in the parameters, as many as are independent at those drawn."""
    given, known = _parameters(fields), list[RatedLaw]()
    drawn = list(constant)
    for degree in range(1, DEGREE + 1):
        if len(drawn) >= len(found.laws):
            break
        parameters, instance = len(fields.instance.parameters), fields.instance
        several = list(
            of_degree(degree, fields.with_symbols, instance.rates, parameters, found.reference)
        )
        there = [given.at_drawn(law) for law in several]
        chosen = basis([*drawn, *there], rates)[len(drawn) :]
        known += [
            law for law, one in zip(several, there, strict=True) if any(one is c for c in chosen)
        ]
        drawn += chosen
    return known


def _with_symbols(
    fields: Fields,
    laws: Sequence[RatedLaw],
    plain: Sequence[Law],
    free: int,
    known: Sequence[RatedLaw],
) -> Iterator[RatedLaw | None]:
    given = _parameters(fields)
    for n in simplest(plain, fields.instance.weights, free):
        if n < free:
            yield laws[n]
        elif n < free + len(known):
            yield known[n - free]
        else:
            yield given.with_symbols(laws[n])
