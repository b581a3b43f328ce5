"""Products, powers and functions of jets: parts whose ε's are different meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
import sympy

from symbolic.architecture.jets.prime import P, Whole, inverse, root

Product = Callable[[Whole, Whole], Whole]


def times(a: Whole, b: Whole, product: Product) -> Whole:
    """The product of jets: parts whose ε's are different."""
    found: Whole | None = None
    for i in range(len(a)):
        if not a[i].any():
            continue
        for j in range(len(b)):
            if i & j == 0 and b[j].any():
                part = product(a[i], b[j])
                if found is None:
                    found = np.zeros((len(a), *part.shape), np.int64)
                found[i | j] = (found[i | j] + part) % P
    if found is None:
        return np.zeros((len(a), *product(a[0], b[0]).shape), np.int64)
    return found


def entries(a: Whole, b: Whole) -> Whole:
    """The product entry by entry."""
    return a * b % P


def contracted(axes: int) -> Product:
    """Σ over the last axes of a and the first of b."""

    def product(a: Whole, b: Whole) -> Whole:
        return np.asarray(np.tensordot(a, b, axes) % P)

    return product


@cache
def _polynomial(
    written: sympy.Expr, symbols: tuple[sympy.Symbol, ...]
) -> list[tuple[tuple[int, ...], int]]:
    """Exponents and coefficients modulo the prime."""
    return [
        (exponents, int(c.p) * inverse(int(c.q)) % P)
        for exponents, c in sympy.Poly(written, *symbols).terms()
    ]


def written(polynomial: sympy.Expr, values: Mapping[sympy.Symbol, Whole]) -> Whole:
    """A polynomial at jets, by its symbols."""
    arrays = list(values.values())
    found = np.zeros_like(arrays[0])
    for exponents, c in _polynomial(polynomial, tuple(values)):
        term = np.zeros_like(found)
        term[0] = c
        for array, exponent in zip(arrays, exponents, strict=True):
            for _ in range(exponent):
                term = times(term, array, entries)
        found = (found + term) % P
    return found


def lifted(
    jet: Whole,
    at: Callable[[Whole], list[Whole]],
    slopes: Callable[[list[Whole], Whole], list[Whole]],
) -> list[Whole]:
    """Functions at a jet: f(a + ε b) = f(a) + ε b f′(a), one ε after the other."""
    if len(jet) == 1:
        return [value[None] for value in at(jet[0])]
    half = len(jet) // 2
    a, b = jet[:half], jet[half:]
    values = lifted(a, at, slopes)
    return [
        np.concatenate([value, times(b, slope, entries)])
        for value, slope in zip(values, slopes(values, a), strict=True)
    ]


def mapped(function: Callable[[int], int], array: Whole) -> Whole:
    """A function of each entry."""
    flat = [function(int(value)) for value in array.flat]
    return np.array(flat, np.int64).reshape(array.shape)


def reciprocal(jet: Whole) -> Whole:
    """1/a, entry by entry.

    Raises:
        NoRootError: where an entry is 0.
    """

    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        return [-times(known[0], known[0], entries) % P]

    return lifted(jet, lambda base: [mapped(inverse, base)], slopes)[0]


def square_root(jet: Whole) -> Whole:
    """√a, entry by entry, of squares."""

    def slopes(known: list[Whole], place: Whole) -> list[Whole]:
        return [reciprocal(known[0]) * inverse(2) % P]

    return lifted(jet, lambda base: [mapped(root, base)], slopes)[0]


def powered(jet: Whole, exponent: int) -> Whole:
    """A whole power, not negative, entry by entry."""
    found = np.zeros_like(jet)
    found[0] = 1
    for _ in range(exponent):
        found = times(found, jet, entries)
    return found


def aligned(a: Whole, b: Whole) -> tuple[Whole, Whole]:
    """A scalar beside an array: with as many axes."""
    most = max(a.ndim, b.ndim)
    return tuple(z.reshape(len(z), *(1,) * (most - 1)) if z.ndim == 1 else z for z in (a, b))  # type: ignore[return-value]


def folded(g: Whole, like: Whole) -> Whole:
    """A slope by an array, or summed up by a scalar."""
    return np.asarray(g.reshape(len(g), -1).sum(1) % P) if like.ndim == 1 and g.ndim > 1 else g
