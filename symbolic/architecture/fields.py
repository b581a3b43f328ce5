"""The fields of an instance: what its weights may move along, whatever the loss and the data are.

At an input, the weights move along (rates) ∘ Σ_k r_k ∇f_k, with signals r_k that the loss and the
target choose. A function of the weights is conserved for all of them if and only if every coefficient
of a monomial in r, data and functions of preactivations annihilates it: those coefficients are the
fields, with polynomial entries in the weights, and in the symbols of what is arbitrary but fixed where an
instance has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flint import fmpq

from symbolic.architecture.extent import gradient_terms
from symbolic.architecture.instance import Generated, Instance, Poly
from symbolic.proof.certificate import DoesNotApply

Exponents = tuple[int, ...]
Terms = dict[Exponents, fmpq]
Field = dict[int, Terms]
MOST = 150_000  # terms of gradients that are written out
UNWRITTEN = "gradients of the outputs have more terms than are written out"


def terms(polynomial: Poly) -> Terms:
    """Coefficients by exponents."""
    return {tuple(map(int, m)): c for m, c in polynomial.to_dict().items()}


def potentials(instance: Instance) -> list[Poly]:
    """What is free for the loss to weigh: outputs, or under a softmax their differences in each row."""
    found: list[Poly] = []
    for output in instance.outputs:
        if instance.model.loss != "softmax":
            found += output.entries
            continue
        for row in output.rows() if output.shape else [output.entries]:
            found += [entry - row[-1] for entry in row[:-1]]
    return found


def fields(instance: Instance) -> list[Field]:
    """All fields, without the rates: gradients by the weights, of which no two are multiples.

    Raises:
        DoesNotApply: where they have more terms than are written out.
    """
    return different(one for _, _, one in by_monomial(instance))


def by_monomial(instance: Instance) -> Iterator[tuple[int, Exponents, Field]]:
    """The number of an output, a monomial in data and functions, and the field that it is with.

    Raises:
        DoesNotApply: where they have more terms than are written out.
    """
    if gradient_terms(instance.model, instance.sizes) > MOST:
        raise DoesNotApply(UNWRITTEN)
    for number, potential in enumerate(potentials(instance)):
        gradient = _cleared(instance, instance.gradient(potential))
        for outer, one in _separated(instance, gradient):
            yield number, outer, one


def different(given: Iterable[Field]) -> list[Field]:
    """Without those that are multiples of one before."""
    found: dict[Any, Field] = {}
    for one in given:
        found.setdefault(_direction(one), one)
    return list(found.values())


def _cleared(instance: Instance, gradient: Mapping[int, Poly]) -> dict[int, Poly]:
    """Without inverses and squares of roots: times what makes it polynomial, which conserves the same."""
    found = dict(gradient)
    for one in reversed(instance.generated):
        if one.kind == "inverse":
            found = _without_inverse(found, one)
        else:
            reduced = ((i, _without_squares(p, one)) for i, p in found.items())
            found = {i: p for i, p in reduced if p != 0}
    return found


def _by_power(polynomial: Poly, index: int) -> dict[int, Poly]:
    """Σ_k g^k P_k as P_k by k."""
    split: dict[int, Terms] = {}
    for m, c in terms(polynomial).items():
        split.setdefault(m[index], {})[(*m[:index], 0, *m[index + 1 :])] = c
    context = polynomial.context()
    return {k: context.from_dict(part) for k, part in split.items()}


def _without_inverse(gradient: Mapping[int, Poly], one: Generated) -> dict[int, Poly]:
    split = {i: _by_power(p, one.index) for i, p in gradient.items()}
    most = max((k for parts in split.values() for k in parts), default=0)
    if not most:
        return dict(gradient)
    powers = [one.argument**k for k in range(most + 1)]
    return {
        i: _sum(part * powers[most - k] for k, part in parts.items())
        for i, parts in split.items()
        if parts
    }


def _without_squares(polynomial: Poly, one: Generated) -> Poly:
    parts = _by_power(polynomial, one.index)
    if one.square is None or max(parts, default=0) < 2:
        return polynomial
    generator, square = polynomial.context().gens()[one.index], one.square
    return _sum(part * square ** (k // 2) * generator ** (k % 2) for k, part in parts.items())


def _sum(polynomials: Iterator[Poly]) -> Poly:
    found = next(polynomials)
    for one in polynomials:
        found = found + one
    return found


def _separated(
    instance: Instance, gradient: Mapping[int, Poly]
) -> Iterator[tuple[Exponents, Field]]:
    """One field for each monomial in data and functions; gates are 0 or 1, so powers of them are one."""
    D = instance.weights + instance.symbols
    gates = {one.index for one in instance.generated if one.kind == "gate"}
    found: dict[Exponents, Field] = {}
    for i, polynomial in gradient.items():
        for m, c in terms(polynomial).items():
            outer = tuple(min(e, 1) if k in gates else e for k, e in enumerate(m[D:], D))
            entry = found.setdefault(outer, {}).setdefault(i, {})
            entry[m[:D]] = entry.get(m[:D], fmpq(0)) + c
    for outer, one in found.items():
        if kept := nonzero(one):
            yield outer, kept


def nonzero(one: Field) -> Field:
    """Without terms and entries that are 0."""
    kept = {i: {m: c for m, c in entry.items() if c != 0} for i, entry in one.items()}
    return {i: entry for i, entry in kept.items() if entry}


def _direction(one: Field) -> Any:
    """The same for multiples of a field."""
    flat = sorted((i, m, c) for i, entry in one.items() for m, c in entry.items())
    first = flat[0][2]
    return tuple((i, m, (int((c / first).p), int((c / first).q))) for i, m, c in flat)
