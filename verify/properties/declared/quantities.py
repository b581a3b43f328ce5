"""Laws as numbers in torch: Σ coefficient · part of the weights, each over the root of its rate.

| kind | parts | coefficients |
|---|---|---|
| polynomial | products of weights | of the polynomial |
| product | logarithms of its bases | exponents |
| matrix | P Pᵀ, Pᵀ P, ‖P‖² of layers | factors |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from symbolic.architecture.fields import terms
from symbolic.laws.all_sizes import MatrixLaw, Part
from symbolic.laws.ansatz import Combination, Law
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.ring import Poly, Ring
from verify.networks.graph import Named
from verify.properties.declared.rates import flat

Parts = Callable[[Named], Tensor]


@dataclass(frozen=True)
class Quantity:
    """What is said to be conserved, or an altered one.

    Attributes:
        name: for reports.
        kind: "polynomial", "product" or "matrix".
        coefficients: one for each part.
        parts: of the weights by layer, (problems, parts, entries).
        degrees: of each part, 1 or 2; None where one is neither.
        without_rates: whether the weights are taken as they are: a mistake.
    """

    name: str
    kind: str
    coefficients: Tensor
    parts: Parts
    degrees: Tensor | None
    without_rates: bool = False

    def altered(self, words: str, place: int, value: float) -> Quantity:
        """The same with another coefficient."""
        changed = self.coefficients.clone()
        changed[place] = value
        return replace(self, name=f"{self.name}, {words}", coefficients=changed)


def of_polynomial(law: Law, names: Sequence[str]) -> Quantity:
    """A polynomial law."""
    products = list(law)
    degrees = [len(factors) for factors in products]
    coefficients = torch.tensor([int(c.p) / int(c.q) for c in law.values()], dtype=torch.float64)

    def parts(weights: Named) -> Tensor:
        values = flat(weights)
        return torch.stack([values[:, list(f)].prod(1) for f in products], 1)[..., None]

    low = torch.tensor(degrees) if max(degrees) <= 2 else None
    return Quantity(_written(law, names), "polynomial", coefficients, parts, low)


def of_product(law: ProductLaw, names: Sequence[str]) -> Quantity:
    """A product of powers, by its logarithm."""
    bases = [_evaluator(base) for base, _ in law.factors]
    exponents = torch.tensor([float(n) for _, n in law.factors], dtype=torch.float64)

    def parts(weights: Named) -> Tensor:
        values = flat(weights)
        return torch.stack([base(values).abs().log() for base in bases], 1)[..., None]

    name = " ".join(f"({base})^{n}" for base, n in law.factors)
    return Quantity(name, "product", exponents, parts, None)


def of_matrices(law: MatrixLaw) -> Quantity:
    """A matrix law, all entries at once."""
    factors = torch.tensor([float(part.factor) for part in law.parts], dtype=torch.float64)

    def parts(weights: Named) -> Tensor:
        return torch.stack([_matrix(part, weights[part.layer]) for part in law.parts], 1)

    marks = {"outer": "{0} {0}ᵀ", "inner": "{0}ᵀ {0}", "norm": "‖{0}‖²"}
    shown = [f"{part.factor} {marks[part.kind].format(part.layer)}" for part in law.parts]
    return Quantity(" + ".join(shown), "matrix", factors, parts, torch.full(factors.shape, 2))


def _matrix(part: Part, P: Tensor) -> Tensor:
    if part.kind == "norm":
        return (P**2).reshape(len(P), -1).sum(1, keepdim=True)
    if P.dim() == 2:
        P = P[..., None]
    found = torch.einsum("bij,bkj->bik" if part.kind == "outer" else "bji,bjk->bik", P, P)
    return found.reshape(len(P), -1)


def _evaluator(p: Poly) -> Callable[[Tensor], Tensor]:
    monomials = terms(p)
    exponents = torch.tensor(list(monomials), dtype=torch.float64)
    coefficients = torch.tensor(
        [int(c.p) / int(c.q) for c in monomials.values()], dtype=torch.float64
    )
    return lambda values: (values[:, None, :] ** exponents).prod(2) @ coefficients


def _written(law: Law, names: Sequence[str]) -> str:
    shown = [f"{c} {' '.join(names[i] for i in factors)}" for factors, c in law.items()]
    return " + ".join(shown)


# ------------------------------------------------------------ alterations


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


def without_rates(quantity: Quantity) -> Quantity:
    """The same of the weights as they are."""
    return replace(quantity, name=f"{quantity.name}, without rates", without_rates=True)


def is_conserved(ring: Ring, p: Poly) -> bool:
    """Whether all fields annihilate a polynomial: an alteration that is a law is none."""
    return all(ring.along(p, one) == 0 for one in ring.fields)


def monomial(ring: Ring, factors: Combination) -> Poly:
    """A product of weights."""
    found = ring.context.constant(1)
    for i in factors:
        found = found * ring.generators[i]
    return found
