"""Changes of signs of weights that leave outputs alone, by elimination over F₂.

A change of signs multiplies each monomial of a polynomial by 1 or −1. Outputs stay as they are where all
of their monomials do. A function of a preactivation stays if that does, an even one if that changes its
sign as well; an odd one, and one over a preactivation, then change theirs. All of these are linear
equations over F₂: unknowns are the signs of weights and of the arguments of functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Symbol

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Generated, Instance, Poly
from symbolic.laws.absorbed import weight
from symbolic.laws.ansatz import kernel_of_parities
from symbolic.laws.substitution import parity


def sign_flips(instance: Instance) -> tuple[tuple[Symbol, ...], ...]:
    """A basis: of each the weights that change their signs.

    Args:
        instance: of which.
    """
    D = instance.weights
    found = kernel_of_parities(sorted(set(_equations(instance))), D + len(instance.generated))
    flips = _few([flip & (1 << D) - 1 for flip in found])
    return tuple(
        tuple(weight(name) for i, name in enumerate(instance.names) if flip >> i & 1)
        for flip in flips
    )


def _few(basis: list[int]) -> list[int]:
    """Of the same span, with sums of two where these have fewer weights; without 0."""
    found = [flip for flip in basis if flip]
    moved = True
    while moved:
        moved = False
        for k, one in enumerate(found):
            best = min((one ^ other for other in found if other != one), key=_size, default=one)
            if _size(best) < _size(one):
                found[k], moved = best, True
    return found


def _size(flip: int) -> int:
    return flip.bit_count()


def _equations(instance: Instance) -> Iterator[int]:
    """Masks that meet a change of signs in an even number of places."""
    own = {one.index: 1 << instance.weights + k for k, one in enumerate(instance.generated)}
    follows = {one.index: own[one.index] for one in instance.generated if _changes(one)}
    for output in instance.outputs:
        for entry in output.entries:
            yield from _signs(entry, instance.weights, follows)
    for one in instance.generated:
        changes = own[one.index] if _changes(one) or _is_even(one) else 0
        for mask in _signs(one.argument, instance.weights, follows):
            yield mask ^ changes


def _signs(polynomial: Poly, weights: int, follows: dict[int, int]) -> Iterator[int]:
    """Which signs a monomial is multiplied by, for each."""
    for m in terms(polynomial):
        mask = sum(1 << i for i, e in enumerate(m[:weights]) if e % 2)
        for index, own in follows.items():
            if m[index] % 2:
                mask ^= own
        yield mask


def _changes(one: Generated) -> bool:
    """Whether its sign is that of its argument."""
    return one.kind == "inverse" or (one.function is not None and parity(one.function) < 0)


def _is_even(one: Generated) -> bool:
    return one.function is not None and parity(one.function) > 0
