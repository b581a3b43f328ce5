"""Laws of a declared network as they are read: LaTeX and plain text.

Rates stand in them as symbols. Where they are absorbed, φ = θ/√η, a product φ_i φ_j is
θ_i θ_j/√(η_i η_j), which is θ_i θ_j/η within one layer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from sympy import Symbol, latex

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, Part
from symbolic.laws.ansatz import Combination, Law
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.rates import Powers, RatedLaw, absorbed
from symbolic.laws.ring import Poly


class Spelling(NamedTuple):
    """How a formula is spelled.

    Attributes:
        weight: a weight or a rate, by its name.
        over: a fraction.
        power: a base in brackets, to a power.
        root: of rates.
        brackets: around a sum.
    """

    weight: Callable[[str], str]
    over: Callable[[str, str], str]
    power: Callable[[str, int], str]
    root: Callable[[str], str]
    brackets: Callable[[str], str]


def letter(name: str) -> str:
    """LaTeX of a name; one with a superscript of its own, as W__1, in braces, so that it has powers."""
    found = str(latex(Symbol(name)))
    return f"{{{found}}}" if "^" in found else found


DIGITS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
PLAIN = Spelling(
    lambda name: name, lambda top, below: f"{top}/{below}",
    lambda base, n: base + (str(n).translate(DIGITS) if n != 1 else ""), lambda rates: f"√({rates})",
    lambda text: f"({text})",
)  # fmt: skip
LATEX = Spelling(
    letter, lambda top, below: rf"\frac{{{top}}}{{{below}}}",
    lambda base, n: f"{base}^{{{n}}}" if n != 1 else base, lambda rates: rf"\sqrt{{{rates}}}",
    lambda text: rf"\left({text}\right)",
)  # fmt: skip


class Written:
    """Laws of an instance as text.

    Args:
        instance: of which.
        spelling: `PLAIN` or `LATEX`.
    """

    def __init__(self, instance: Instance, spelling: Spelling) -> None:
        self._names = (*instance.names, *instance.parameters)
        self._rates, self._spelling = instance.rates, spelling

    def law(self, law: RatedLaw) -> str:
        """A polynomial law, without a common factor of its coefficients."""
        whole = without_common_factor(law)
        is_common = len({powers for _, powers in whole}) == 1  # a law over a constant is a law
        groups: dict[tuple[bool, Powers], list[str]] = {}
        for (factors, powers), c in whole.items():
            key = c < 0, () if is_common else powers
            groups.setdefault(key, []).append(self._term(factors, abs(c)))
        minus, text = " − " if self._spelling is PLAIN else " - ", ""
        for (negative, powers), terms in sorted(groups.items(), key=lambda one: one[0][0]):
            text += minus if negative else " + " if text else ""
            text += self._group(terms, powers, alone=len(groups) == 1 or not negative)
        return text.removeprefix(" ")

    def _group(self, terms: Sequence[str], powers: Powers, alone: bool) -> str:
        top = " + ".join(terms)
        above = self._product([(n, p) for n, p in powers if p > 0])
        below = self._product([(n, -p) for n, p in powers if p < 0])
        if above:
            top = f"{above} {self._spelling.brackets(top) if len(terms) > 1 else top}"
        if not below:
            return top if alone or len(terms) == 1 else self._spelling.brackets(top)
        if self._spelling is PLAIN:
            top = f"({top})" if len(terms) > 1 and not above else top
            below = f"({below})" if " " in below and not below.startswith("√") else below
        return self._spelling.over(top, below)

    def _term(self, factors: Sequence[int], size: Fraction) -> str:
        spelled = [] if size == 1 else [str(size)]
        for i in dict.fromkeys(factors):
            spelled.append(
                self._spelling.power(self._spelling.weight(self._names[i]), factors.count(i))
            )
        return " ".join(spelled)

    def _product(self, powers: Sequence[tuple[str, Fraction]]) -> str:
        """Of rates to positive powers: whole ones out of the root."""
        spelled, rooted = [], []
        for name, power in powers:
            written = self._spelling.weight(name)
            if power >= 1:
                spelled.append(self._spelling.power(written, int(power)))
            if power % 1:
                rooted.append(written)
        if rooted:
            spelled.append(self._spelling.root(" ".join(rooted)))
        return " ".join(spelled)

    def product(self, product: ProductLaw) -> str:
        """A law that is a product, or a ratio, of powers of polynomials in absorbed weights."""
        above, below = (
            " ".join(
                self._spelling.power(self._spelling.brackets(self._base(base)), sign * n)
                for base, n in product.factors
                if sign * n > 0
            )
            for sign in (1, -1)
        )
        if not below:
            return above
        several = sum(n < 0 for _, n in product.factors) > 1 and self._spelling is PLAIN
        return self._spelling.over(above or "1", f"({below})" if several else below)

    def _base(self, polynomial: Poly) -> str:
        law: Law = {}
        for m, c in polynomial.to_dict().items():
            law[tuple(i for i, e in enumerate(m) for _ in range(int(e)))] = c
        return self.law(absorbed(law, self._rates))


def without_common_factor(law: RatedLaw) -> dict[tuple[Combination, Powers], Fraction]:
    """Whole coefficients without a common divisor, the first of them positive; in order."""
    exact = {
        (factors, powers): Fraction(int(c.p), int(c.q))
        for factors, coefficient in sorted(law.items())
        for powers, c in coefficient.items()
    }
    below = lcm(*(c.denominator for c in exact.values()))
    above = gcd(*(int(c * below) for c in exact.values())) or 1
    factor = Fraction(below, above) * (-1 if next(iter(exact.values())) < 0 else 1)
    return {key: c * factor for key, c in exact.items()}


MARKS: Mapping[str, tuple[str, str]] = {
    "outer": (r"{0} {0}^{{\top}}", "{0} {0}ᵀ"),
    "inner": (r"{0}^{{\top}} {0}", "{0}ᵀ {0}"),
    "norm": (r"\lVert {0} \rVert^{{2}}", "‖{0}‖²"),
    "square": (r"{0}^{{2}}", "{0}²"),
    "sum": (r"\left({0} + {0}^{{\top}}\right)", "({0} + {0}ᵀ)"),
    "entries": (r"\operatorname{{diag}}\left({0}\right)", "diag({0})"),
    "number": ("{0}", "{0}"),
    "rows": (r"{0} \mathbf{{1}}", "{0} 1"),
    "columns": (r"\mathbf{{1}}^{{\top}} {0}", "1ᵀ {0}"),
    "total": (r"\mathbf{{1}}^{{\top}} {0}", "1ᵀ {0}"),
    "whole": (r"\mathbf{{1}}^{{\top}} {0} \mathbf{{1}}", "1ᵀ {0} 1"),
}


def matrix_law(law: MatrixLaw | DiagonalLaw, layers: Mapping[str, Layer], is_latex: bool) -> str:
    """A law at all sizes as LaTeX or plain text; one whose layers have one rate, without it.

    Args:
        law: the law.
        layers: by name.
        is_latex: whether it is to be LaTeX.
    """
    alone = len({layers[part.layer].rate for part in law.parts}) == 1
    is_linear = isinstance(law, DiagonalLaw) and law.is_linear
    text = ""
    for part in _leading(law.parts):
        sign, size = ("-" if part.factor < 0 else "+"), abs(part.factor)
        layer = layers[part.layer]
        body = _body(part, len(layer.shape), is_linear, is_latex)
        spelled = _part(body, size, None if alone else layer.rate, is_latex)
        text += f" {sign} {spelled}" if text else spelled if sign == "+" else f"-{spelled}"
    text = text if is_latex else text.replace(" - ", " − ")
    if isinstance(law, DiagonalLaw) and not is_linear:
        return _diag(text, is_latex)
    return text


NEEDS = {"loss": "losses of the differences of outputs", "data": "the inputs that are listed"}


def shape(law: MatrixLaw | DiagonalLaw) -> str:
    """How many numbers it says are conserved, in words, and for what if not for any loss and data."""
    found = f"{law.size} × {law.size}, symmetric"
    if law.size is None:
        found = "a number"
    elif isinstance(law, DiagonalLaw):
        found = f"{law.size} numbers"
    needs = " and ".join(NEEDS[one] for one in law.needs)
    return f"{found}; for {needs}" if needs else found


def _body(part: Part, axes: int, is_linear: bool, is_latex: bool) -> str:
    """P Pᵀ and the like; a vector is a diagonal matrix but in a law of vectors alone."""
    kind = part.kind
    if axes == 0:
        kind = "number" if kind == "entries" else "square"
    elif kind == "total" and axes == 2:
        kind = "whole"
    elif kind == "total" and axes == 3:
        name = letter(part.layer) if is_latex else part.layer
        return rf"\sum_{{i, j, k}} {{{name}}}_{{i j k}}" if is_latex else f"Σ {name}"
    elif kind == "entries" and is_linear:
        kind = "number"
    found = MARKS[kind][0 if is_latex else 1].format(letter(part.layer) if is_latex else part.layer)
    return _diag(found, is_latex) if kind in ("rows", "columns") and not is_linear else found


def _diag(text: str, is_latex: bool) -> str:
    return rf"\operatorname{{diag}}\left({text}\right)" if is_latex else f"diag({text})"


def _leading(parts: Sequence[Part]) -> list[Part]:
    """Coefficients of which the first is positive, and whole."""
    below = lcm(*(part.factor.denominator for part in parts))
    above = gcd(*(int(part.factor * below) for part in parts)) or 1
    factor = Fraction(below, above) * (-1 if parts[0].factor < 0 else 1)
    return [Part(part.layer, part.kind, part.factor * factor) for part in parts]


def _part(body: str, size: Fraction, rate: str | None, is_latex: bool) -> str:
    if size != 1:
        body = f"{size} ({body})" if body.startswith("1ᵀ") else f"{size} {body}"
    if rate is None:
        return body
    if body.endswith(" 1"):  # W 1/η would be W over η
        body = f"({body})"
    return rf"\frac{{{body}}}{{{letter(rate)}}}" if is_latex else f"{body}/{rate}"
