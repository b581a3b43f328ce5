"""One field: outputs that are functions of one potential c(θ), so that weights move along η∘∇c alone.

So it is where data lie on a line and the network is homogeneous, and at a single point. Whatever the loss
and the target are, they decide how fast the curve θ′ = η∘∇c is run through, not the curve. Where c is a
sum of parts that share no weights, each part moves as if it were alone.
"""

from __future__ import annotations

from flint import fmpq

from symbolic.architecture.fields import Exponents, Terms, potentials, terms
from symbolic.architecture.independence import have_independent_exponents
from symbolic.architecture.instance import Generated, Instance, Poly

KINDS = ("function", "gate")


def first_potentials(instance: Instance) -> list[Poly]:
    """Coefficients c that outputs are sums of, up to constants, no two of them multiples: two at most.

    Polynomials in the weights and in functions of them; gates are numbers away from the bends. One alone
    is one field; where there is none, the outputs never change.

    Args:
        instance: expanded.
    """
    found: list[Poly] = []
    for potential in potentials(instance):
        for one in _by_data(instance, potential):
            lead = one.leading_coefficient()
            if not any(one == z * (lead / z.leading_coefficient()) for z in found):
                found.append(one)
            if len(found) > 1:
                return found
    return found


def reason_against(instance: Instance) -> str | None:
    """Why functions cannot be taken for independent functions of the weights; None where they can.

    Gates of linear forms are all open somewhere; functions of linear forms are independent of weights and
    each other where their exponents are (`symbolic.architecture.independence`).
    """
    weights = set(range(instance.weights))
    data = set(range(instance.weights, first_function(instance)))
    for one in instance.generated:
        seen = _generators(instance, one.argument)
        if data & seen:
            return "functions of preactivations depend on the data"
        if one.kind not in KINDS or not seen <= weights:
            return "inverses, roots, and functions of functions are not searched"
        if one.kind == "gate" and one.argument.total_degree() > 1:
            return "the gate of a preactivation that is not linear in the weights is not searched"
    functions = {one.index for one in instance.generated if _generators(instance, one.argument)}
    if len([one for one in instance.generated if one.index not in functions]) > 1:
        return "several functions of numbers may be algebraically dependent"
    if not have_independent_exponents(instance, weights | functions):
        return "exponents of functions of preactivations are linearly dependent"
    return None


def first_function(instance: Instance) -> int:
    """The first generator that is neither weight nor data."""
    return min((one.index for one in instance.generated), default=len(instance.ring.gens()))


def _by_data(instance: Instance, polynomial: Poly) -> list[Poly]:
    """Coefficients by monomials of the data, without what is constant in the weights."""
    D, end = instance.weights, first_function(instance)
    gates = {one.index for one in instance.generated if one.kind == "gate"}
    split: dict[Exponents, Terms] = {}
    for m, c in terms(polynomial).items():
        kept = (*m[:D], *(0 for _ in m[D:end]), *m[end:])
        kept = tuple(min(e, 1) if g in gates else e for g, e in enumerate(kept))
        if any(kept):
            part = split.setdefault(m[D:end], {})
            part[kept] = part.get(kept, fmpq(0)) + c
    found = (polynomial.context().from_dict(part) for part in split.values())
    return [one for one in found if one != 0 and instance.gradient(one)]


def _generators(instance: Instance, polynomial: Poly) -> set[int]:
    """Weights, data and functions that a polynomial is of, and those that these are of."""
    own = {g for g, degree in enumerate(polynomial.degrees()) if degree > 0}
    by_index = {one.index: one for one in instance.generated}
    for g in sorted(own):
        if g in by_index:
            own |= _generators(instance, by_index[g].argument)
    return own


def weights_of(instance: Instance, polynomial: Poly) -> frozenset[int]:
    """Places of the weights that a polynomial is of, directly or through functions."""
    return frozenset(g for g in _generators(instance, polynomial) if g < instance.weights)


def parts(instance: Instance, potential: Poly) -> list[Poly]:
    """The finest sum of polynomials that share no weights, in the order of their first weight.

    Args:
        instance: expanded.
        potential: a polynomial of weights and their functions.
    """
    found: list[tuple[frozenset[int], Poly]] = []
    context = potential.context()
    for m, c in terms(potential).items():
        if not any(m):
            continue
        term = context.from_dict({m: c})
        weights = weights_of(instance, term)
        apart = []
        for other, sum_of_them in found:
            if weights & other:
                weights, term = weights | other, term + sum_of_them
            else:
                apart.append((other, sum_of_them))
        found = [*apart, (weights, term)]
    return [one for _, one in sorted(found, key=lambda pair: min(pair[0]))]


def functions_in(instance: Instance, polynomial: Poly) -> list[Generated]:
    """The functions that a polynomial is of, those in their arguments first."""
    own = _generators(instance, polynomial)
    return [one for one in instance.generated if one.index in own]
