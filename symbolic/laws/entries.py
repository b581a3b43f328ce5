"""Laws at all sizes, entry by entry: polynomials in the weights of an instance, with symbolic rates."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import prod

from flint import fmpq

from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, Part
from symbolic.laws.ansatz import Combination
from symbolic.laws.rates import RatedLaw


def entries(law: MatrixLaw | DiagonalLaw, model: Model, sizes: Sizes) -> Iterator[RatedLaw]:
    """The entries on and above the diagonal, or on it; a norm law is one polynomial.

    Args:
        law: at all sizes.
        model: that it is of.
        sizes: a number for each size symbol.
    """
    if law.size is None:
        yield _summed(model, sizes, law, 0, 0)
        return
    n = law.size.at(sizes)
    for a in range(n):
        for b in range(a, a + 1 if isinstance(law, DiagonalLaw) else n):
            yield _summed(model, sizes, law, a, b)


def _summed(model: Model, sizes: Sizes, law: MatrixLaw | DiagonalLaw, a: int, b: int) -> RatedLaw:
    found: RatedLaw = {}
    for part in law.parts:
        rate = ((model.layers[part.layer].rate, Fraction(-1)),)
        for factors in _products(model, sizes, part, a, b):
            into = found.setdefault(factors, {})
            c = fmpq(part.factor.numerator, part.factor.denominator)
            into[rate] = into.get(rate, fmpq(0)) + c
    kept = {f: {p: c for p, c in into.items() if c != 0} for f, into in found.items()}
    return {factors: into for factors, into in kept.items() if into}


def _products(model: Model, sizes: Sizes, part: Part, a: int, b: int) -> Iterator[Combination]:
    """The products of weights that an entry of P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖², P 1 or a vector sums up."""
    start = 0
    for name, layer in model.layers.items():
        shape = [size.at(sizes) for size in layer.shape]
        if name == part.layer:
            break
        start += prod(shape)
    rows, columns = (*shape, 1, 1)[:2]
    if part.kind == "norm":
        yield from ((start + k, start + k) for k in range(prod(shape)))
    elif part.kind == "total":
        yield from ((start + k,) for k in range(prod(shape)))
    elif part.kind == "rows":
        yield from ((start + a * columns + k,) for k in range(columns))
    elif part.kind == "columns":
        yield from ((start + k * columns + a,) for k in range(rows))
    elif part.kind == "entries":
        yield (start + a,)
    elif part.kind == "sum":
        yield from ((start + i * columns + j,) for i, j in ((a, b), (b, a)))
    elif part.kind == "outer":
        for k in range(columns):
            yield _sorted(start + a * columns + k, start + b * columns + k)
    else:
        for k in range(rows):
            yield _sorted(start + k * columns + a, start + k * columns + b)


def _sorted(i: int, j: int) -> Combination:
    return (i, j) if i <= j else (j, i)
