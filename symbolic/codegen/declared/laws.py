"""Laws of a generated module: those at all sizes, and those of an instance that they do not imply.

Laws of an instance stand with symbolic rates; products of powers only where all rates are absorbed.
Those of large instances are not looked for: a module is to be made while one waits.
Where frozen weights were drawn, and for data on a line, whose direction was, none is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from flint import fmpq

from symbolic.architecture.fields import fields, terms
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Model, Sizes
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, diagonal_laws, matrix_laws
from symbolic.laws.ansatz import Law
from symbolic.laws.darboux import ProductLaw, product_laws
from symbolic.laws.entries import entries
from symbolic.laws.rank import independent
from symbolic.laws.rates import Powers, RatedLaw, absorbed, at, laws_with_rates
from symbolic.laws.ring import Poly, Ring

FEW, MANY = 12, 40  # weights of an instance, up to which products, and polynomials, are looked for
WORDS = {"outer": "{0} {0}ᵀ", "inner": "{0}ᵀ {0}", "norm": "‖{0}‖²", "sum": "({0} + {0}ᵀ)",
         "entries": "diagonal({0})", "rows": "({0} 1)", "columns": "1ᵀ {0}",
         "total": "Σ {0}"}  # fmt: skip
MATRICES = {
    "outer": "{0} @ {0}.T", "inner": "{0}.T @ {0}", "norm": "({0}**2).sum()", "sum": "({0} + {0}.T)",
    "total": "{0}.sum()",
}  # fmt: skip
DIAGONALS = {
    "outer": "({0}**2).sum(1)", "inner": "({0}**2).sum(0)", "sum": "2 * xp.diagonal({0})",
    "rows": "{0}.sum(1)", "columns": "{0}.sum(0)",
}  # fmt: skip
Factors = Sequence[tuple[RatedLaw, int]]


@dataclass(frozen=True)
class Emitted:
    """Laws as a function of a module, which returns one array for each.

    Attributes:
        name: of the function.
        formulas: in words of the field.
        scope: what they are conserved for.
        shape: of the arrays, as text.
        layers: weights that it reads.
        sizes: of the instance that they are of, with the declared loss and data; None for all of these.
        texts: their code, from variables of weights by name.
    """

    name: str
    formulas: tuple[str, ...]
    scope: str
    shape: str
    layers: tuple[str, ...]
    sizes: Sizes | None
    texts: Callable[[Mapping[str, str]], list[str]]


def found(model: Model) -> list[Emitted]:
    """All laws of a module."""
    general: list[MatrixLaw | DiagonalLaw] = [*matrix_laws(model), *diagonal_laws(model)]
    emitted = [_general(model, law, number) for number, law in enumerate(general, 1)]
    if model.data == "line" or model.graph.frozen:
        return emitted
    for number, sizes in enumerate(model.sizes, 1):
        if model.number_of_weights(sizes) > MANY:
            continue
        if laws := list(_of_instance(model, sizes, general)):
            emitted.append(_instance(Instance(model, sizes), laws, number))
    return emitted


def tables(emitted: Sequence[Emitted]) -> list[str]:
    """What a module says of its laws."""
    lines = [
        "# formulas of laws, and their sizes (None for all), by the function that computes them"
    ]
    lines.append("LAWS: dict[str, tuple[tuple[str, ...], dict[str, int] | None]] = {")
    for law in emitted:
        sizes = None if law.sizes is None else dict(law.sizes)
        lines.append(f"    {law.name!r}: ({law.formulas!r}, {sizes!r}),")
    return [*lines, "}"]


# ------------------------------------------------------------ all sizes


def _general(model: Model, law: MatrixLaw | DiagonalLaw, number: int) -> Emitted:
    layers, is_diagonal = model.layers, isinstance(law, DiagonalLaw)
    is_linear = isinstance(law, DiagonalLaw) and law.is_linear

    def texts(names: Mapping[str, str]) -> list[str]:
        parts = []
        for part in law.parts:
            square = _square(
                names[part.layer], part.kind, len(layers[part.layer].shape), is_diagonal
            )
            parts.append((part.factor, square, f'rates["{layers[part.layer].rate}"]'))
        return [_total(parts)]

    words = [(p.factor, WORDS[p.kind].format(p.layer), layers[p.layer].rate) for p in law.parts]
    formula = _total(words, "")
    size = "" if law.size is None else str(law.size)
    return Emitted(
        name=f"law_{number}",
        formulas=(f"diagonal({formula})" if is_diagonal and not is_linear else formula,),
        scope=f"{_scope(law.needs)}, at all sizes",
        shape=f"({size},)" if is_diagonal else (f"({size}, {size})" if size else "()"),
        layers=tuple(dict.fromkeys(part.layer for part in law.parts)),
        sizes={} if law.needs else None,
        texts=texts,
    )


def _square(name: str, kind: str, axes: int, is_diagonal: bool) -> str:
    if kind == "entries":  # of a law of diagonals, or a number
        return name
    if axes == 0:
        return f"{name}**2"
    if axes == 1 and kind not in ("norm", "total"):
        return f"{name}**2" if is_diagonal else f"{name}[:, None] * {name}"
    return (DIAGONALS if is_diagonal else MATRICES)[kind].format(name)


def _total(parts: Sequence[tuple[Fraction, str, str]], times: str = " * ") -> str:
    """Σ factor · term/rate, positive ones first."""
    found = ""
    for factor, term, rate in sorted(parts, key=lambda part: part[0] < 0):
        value = abs(factor)
        coefficient = "" if value == 1 else f"{value.numerator}{times or ' '}"
        below = "" if value.denominator == 1 else f" / {value.denominator}"
        sign = "-" if factor < 0 else "+"
        body = f"({term})" if coefficient and times else term
        found += f" {sign} {coefficient}{body}{below}" + (f" / {rate}" if times else f"/{rate}")
    found = found.strip()
    return found.removeprefix("+ ") if found.startswith("+") else "-" + found[2:]


# ------------------------------------------------------------ an instance


def _of_instance(
    model: Model, sizes: Sizes, general: Sequence[MatrixLaw | DiagonalLaw]
) -> Iterator[Factors]:
    """Laws that neither those at all sizes nor earlier ones imply, as products of powers."""
    instance = Instance(model, sizes)
    along, D = fields(instance), instance.weights
    given = laws_with_rates(along, instance.rates, D)
    rates = dict.fromkeys(instance.rates, 1) if given.absorbed else dict(given.draws[0])
    known = [at(one, rates) for law in general for one in entries(law, model, sizes)]
    rank = independent(known, (), D)
    plain = [at(law, rates) for law in given.laws]
    for rated, law in zip(given.laws, plain, strict=True):
        if independent([*known, law], (), D) > rank:
            known, rank = [*known, law], rank + 1
            yield [(rated, 1)]
    if D > FEW or not given.absorbed or given.reference:
        return
    kept: list[ProductLaw] = []
    for one in product_laws(Ring(instance.names, along), plain):
        if independent(known, [*kept, one], D) > rank:
            kept, rank = [*kept, one], rank + 1
            yield [(absorbed(_as_law(base), instance.rates), n) for base, n in one.factors]


def _as_law(polynomial: Poly) -> Law:
    return {
        tuple(i for i, e in enumerate(m) for _ in range(e)): c for m, c in terms(polynomial).items()
    }


def _instance(instance: Instance, laws: Sequence[Factors], number: int) -> Emitted:
    model, sizes = instance.model, instance.sizes
    weights = [
        (name, index)
        for name, layer in model.layers.items()
        for index in product(*(range(size.at(sizes)) for size in layer.shape))
    ]
    used = sorted({i for law in laws for base, _ in law for monomial in base for i in monomial})

    def texts(names: Mapping[str, str]) -> list[str]:
        entry = [f"{names[n]}[{', '.join(map(str, k))}]" if k else names[n] for n, k in weights]
        return [_powers(law, entry, 'rates["{}"]') for law in laws]

    needs = ("loss",) * (model.loss == "softmax") + ("data",) * (model.data == "points")
    place = ", ".join(f"{symbol} = {value}" for symbol, value in sizes.items())
    return Emitted(
        name=f"laws_{number}",
        formulas=tuple(_powers(law, list(instance.names), "{}") for law in laws),
        scope=_scope(needs) + (f", at {place}" if place else ""),
        shape="()",
        layers=tuple(dict.fromkeys(weights[i][0] for i in used)),
        sizes=sizes,
        texts=texts,
    )


def _scope(needs: Sequence[str]) -> str:
    """For what laws hold that need a loss of differences, or the listed points, or neither."""
    loss = "losses of differences of outputs" if "loss" in needs else "any loss"
    return f"for {loss} and {'the listed points' if 'data' in needs else 'any data'}"


def _powers(factors: Factors, entry: Sequence[str], rate: str) -> str:
    """A product of powers of polynomials; `rate` is how a rate is written, by its name."""
    if len(factors) == 1 and factors[0][1] == 1:
        return _polynomial(factors[0][0], entry, rate)
    above: list[str] = []
    below: list[str] = []
    for base, n in sorted(factors, key=lambda factor: factor[1] < 0):
        power = f"({_polynomial(base, entry, rate)})" + (f"**{abs(n)}" if abs(n) > 1 else "")
        (above if n > 0 else below).append(power)
    return " * ".join(above or ["1"]) + "".join(f" / {power}" for power in below)


def _polynomial(base: RatedLaw, entry: Sequence[str], rate: str) -> str:
    """Monomials, gathered by the powers of rates that they are multiplied by."""
    groups: dict[Powers, list[tuple[fmpq, str]]] = {}
    for monomial, coefficients in base.items():
        counts = {i: monomial.count(i) for i in monomial}
        text = " * ".join(entry[i] + (f"**{n}" if n > 1 else "") for i, n in counts.items())
        for powers, c in coefficients.items():
            groups.setdefault(powers, []).append((c, text))
    found = ""
    for powers, group in sorted(groups.items(), key=lambda one: all(c < 0 for c, _ in one[1])):
        total, times = _sum(group), "".join(_rated(rate.format(n), p) for n, p in powers)
        text = f"({total})" if len(group) > 1 and times else total
        text += times
        found += text if not found else (f" - {text[1:]}" if text[0] == "-" else f" + {text}")
    return found


def _rated(rate: str, power: Fraction) -> str:
    size = "" if abs(power) == 1 else f"**{float(abs(power)):g}"
    return f" {'*' if power > 0 else '/'} {rate}{size}"


def _sum(group: Sequence[tuple[fmpq, str]]) -> str:
    found = ""
    for c, term in group:
        value = abs(c)
        above = f"{value.p} * " if value.p != 1 and term else (str(value.p) if not term else "")
        below = f" / {value.q}" if value.q != 1 else ""
        found += f" {'-' if c < 0 else '+'} {above}{term}{below}"
    found = found.strip()
    return found.removeprefix("+ ") if found.startswith("+") else "-" + found[2:]
