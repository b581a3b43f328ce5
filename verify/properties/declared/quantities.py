"""Laws as numbers in torch: Σ coefficient · part, parts of weights and rates.

| kind | parts | coefficients |
|---|---|---|
| polynomial | products of weights, times powers of rates | of the polynomial |
| product | logarithms of its bases, of weights over the roots of rates | exponents |
| matrix | P Pᵀ, Pᵀ P, P + Pᵀ, ‖P‖², Σ P of layers over their rates | factors |
| diagonal | the diagonals of these, and vectors P 1, 1ᵀ P | factors |
| separable | summands, functions of weights and rates | ones |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import sympy
import torch
from sympy import Expr
from torch import Tensor

from symbolic.architecture.fields import terms
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, Part
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.rates import Powers, RatedLaw
from symbolic.laws.ring import Poly
from verify.properties.declared.rates import State, flat

Parts = Callable[[State], Tensor]
LINEAR = frozenset(("sum", "entries", "rows", "columns", "total"))


@dataclass(frozen=True)
class Quantity:
    """What is said to be conserved, or an altered one.

    Attributes:
        name: for reports.
        kind: "polynomial", "product", "matrix", "diagonal" or "separable".
        coefficients: one for each part.
        parts: of the weights and the rates, (problems, parts, entries).
        degrees: of each part in the weights, 1 or 2; None where one is neither.
    """

    name: str
    kind: str
    coefficients: Tensor
    parts: Parts
    degrees: Tensor | None

    def altered(self, words: str, place: int, value: float) -> Quantity:
        """The same with another coefficient."""
        changed = self.coefficients.clone()
        changed[place] = value
        return replace(self, name=f"{self.name}, {words}", coefficients=changed)

    def without_rates(self) -> Quantity:
        """The same as if all rates were 1."""
        parts = self.parts
        return replace(
            self, name=f"{self.name}, without rates", parts=lambda at: parts(at.at_rate_one())
        )


class Monomial(NamedTuple):
    """A summand of a polynomial law.

    Attributes:
        factors: places of weights.
        powers: of rates.
        coefficient: a number.
    """

    factors: tuple[int, ...]
    powers: Powers
    coefficient: float


def monomials(law: RatedLaw) -> list[Monomial]:
    """The summands of a law."""
    return [
        Monomial(factors, powers, int(c.p) / int(c.q))
        for factors, coefficient in law.items()
        for powers, c in coefficient.items()
    ]


def of_polynomial(law: RatedLaw, names: Sequence[str]) -> Quantity:
    """A polynomial law."""
    every = monomials(law)
    degrees = [len(one.factors) for one in every]
    coefficients = torch.tensor([one.coefficient for one in every], dtype=torch.float64)

    def part(values: Tensor, at: State, one: Monomial) -> Tensor:
        found = values[:, list(one.factors)].prod(1)
        for rate, power in one.powers:
            found = found * at.by_name[rate] ** float(power)
        return found

    def parts(at: State) -> Tensor:
        values = flat(at.weights)
        return torch.stack([part(values, at, one) for one in every], 1)[..., None]

    shown = (
        " ".join([f"{one.coefficient:g}", *(names[i] for i in one.factors),
                  *(f"{rate}^{power}" for rate, power in one.powers)])
        for one in every
    )  # fmt: skip
    low = torch.tensor(degrees) if max(degrees) <= 2 else None
    return Quantity(" + ".join(shown), "polynomial", coefficients, parts, low)


def of_product(law: ProductLaw) -> Quantity:
    """A product of powers, by its logarithm, of θ/√η."""
    bases = [_evaluator(base) for base, _ in law.factors]
    exponents = torch.tensor([float(n) for _, n in law.factors], dtype=torch.float64)

    def parts(at: State) -> Tensor:
        values = flat(at.absorbed)
        return torch.stack([base(values).abs().log() for base in bases], 1)[..., None]

    name = " ".join(f"({base})^{n}" for base, n in law.factors)
    return Quantity(name, "product", exponents, parts, None)


def of_separable(law: Expr, names: Sequence[str]) -> Quantity:
    """A law by separation, in SymPy's functions of weights and rates.

    Raises:
        NotImplementedError: where torch has no such function.
    """
    summands, symbols = sympy.Add.make_args(law), sorted(law.free_symbols, key=str)
    if law.has(sympy.Integral, sympy.polylog):
        raise NotImplementedError("an integral has no function of torch")
    functions = [sympy.lambdify(symbols, one, modules="torch") for one in summands]

    def parts(at: State) -> Tensor:
        weights = dict(zip(names, flat(at.weights).unbind(1), strict=True))
        values = [weights.get(z.name, at.by_name.get(z.name)) for z in symbols]
        return torch.stack([one(*values) for one in functions], 1)[..., None]

    ones = torch.ones(len(summands), dtype=torch.float64)
    return Quantity(str(law), "separable", ones, parts, None)


def of_matrices(law: MatrixLaw | DiagonalLaw) -> Quantity:
    """A law at all sizes, all entries at once."""
    factors = torch.tensor([float(part.factor) for part in law.parts], dtype=torch.float64)
    is_diagonal = isinstance(law, DiagonalLaw)

    def parts(at: State) -> Tensor:
        found = []
        for part in law.parts:
            value = _matrix(part, at.weights[part.layer])
            if is_diagonal:
                value = value.diagonal(dim1=1, dim2=2)
            found.append(value.reshape(len(value), -1) / at.by_layer[part.layer][:, None])
        return torch.stack(found, 1)

    marks = {"outer": "{0} {0}ᵀ", "inner": "{0}ᵀ {0}", "norm": "‖{0}‖²", "sum": "({0} + {0}ᵀ)",
             "entries": "diag({0})", "rows": "{0} 1", "columns": "1ᵀ {0}", "total": "Σ {0}"}  # fmt: skip
    shown = " + ".join(f"{part.factor} {marks[part.kind].format(part.layer)}" for part in law.parts)
    degrees = torch.tensor([1 if part.kind in LINEAR else 2 for part in law.parts])
    name, kind = (f"diag({shown})", "diagonal") if is_diagonal else (shown, "matrix")
    return Quantity(name, kind, factors, parts, degrees)


def _matrix(part: Part, P: Tensor) -> Tensor:
    if part.kind == "norm":
        return (P**2).reshape(len(P), -1).sum(1)[:, None, None]
    if part.kind == "entries":
        return torch.diag_embed(P) if P.dim() == 2 else P[:, None, None]
    if part.kind == "total":
        return P.reshape(len(P), -1).sum(1)[:, None, None]
    if part.kind in ("rows", "columns"):
        return torch.diag_embed(P.sum(2 if part.kind == "rows" else 1))
    if P.dim() == 2:
        P = P[..., None]
    if part.kind == "sum":
        return P + P.transpose(1, 2)
    return torch.einsum("bij,bkj->bik" if part.kind == "outer" else "bji,bjk->bik", P, P)


def _evaluator(p: Poly) -> Callable[[Tensor], Tensor]:
    every = terms(p)
    exponents = torch.tensor(list(every), dtype=torch.float64)
    coefficients = torch.tensor([int(c.p) / int(c.q) for c in every.values()], dtype=torch.float64)
    return lambda values: (values[:, None, :] ** exponents).prod(2) @ coefficients


def alterations(quantity: Quantity) -> Iterator[Quantity]:
    """Each coefficient changed, one after another: doubled and negated, of exponents by one.

    Of one part alone, a multiple is a law again: there is nothing to alter.
    """
    coefficients = quantity.coefficients.tolist()
    if len(coefficients) < 2:
        return
    for k, c in enumerate(coefficients):
        if quantity.kind == "product":
            yield quantity.altered(f"exponent {k + 1} one more", k, c + 1)
            yield quantity.altered(f"exponent {k + 1} one less", k, c - 1)
        else:
            yield quantity.altered(f"coefficient {k + 1} doubled", k, 2 * c)
            yield quantity.altered(f"coefficient {k + 1} negated", k, -c)
