"""Laws of a declared network as they are read: LaTeX and plain text.

Laws are found with the rates absorbed, φ = θ/√η. So a product of weights φ_i φ_j is θ_i θ_j/√(η_i η_j),
which is θ_i θ_j/η within one layer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import NamedTuple

from sympy import Symbol, latex

from symbolic.architecture.instance import Instance
from symbolic.laws.all_sizes import MatrixLaw, Part
from symbolic.laws.ansatz import Combination, Law
from symbolic.laws.darboux import ProductLaw
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


DIGITS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
PLAIN = Spelling(
    lambda name: name, lambda top, below: f"{top}/{below}",
    lambda base, n: base + (str(n).translate(DIGITS) if n != 1 else ""), lambda rates: f"√({rates})",
    lambda text: f"({text})",
)  # fmt: skip
LATEX = Spelling(
    lambda name: latex(Symbol(name)), lambda top, below: rf"\frac{{{top}}}{{{below}}}",
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
        self._names, self._rates, self._spelling = instance.names, instance.rates, spelling

    def law(self, law: Law) -> str:
        """A polynomial law, without a common factor of its coefficients."""
        groups: dict[tuple[bool, str], list[str]] = {}
        below = {factors: self._below(factors) for factors in law}
        is_common = len(set(below.values())) == 1  # a law over a constant is a law
        for factors, c in without_common_factor(law).items():
            key = c < 0, "" if is_common else below[factors]
            groups.setdefault(key, []).append(self._term(factors, abs(c)))
        text = ""
        for (negative, under), terms in sorted(groups.items(), key=lambda one: one[0][0]):
            text += (
                (" − " if self._spelling is PLAIN else " - ") if negative else " + " if text else ""
            )
            text += self._group(terms, under, alone=len(groups) == 1 or not negative)
        return text.removeprefix(" ")

    def _group(self, terms: Sequence[str], below: str, alone: bool) -> str:
        top = " + ".join(terms)
        if not below:
            return top if alone or len(terms) == 1 else self._spelling.brackets(top)
        if len(terms) > 1 and self._spelling is PLAIN:
            top = f"({top})"
        return self._spelling.over(top, below)

    def _term(self, factors: Sequence[int], size: Fraction) -> str:
        spelled = [] if size == 1 else [str(size)]
        for i in dict.fromkeys(factors):
            spelled.append(
                self._spelling.power(self._spelling.weight(self._names[i]), factors.count(i))
            )
        return " ".join(spelled)

    def _below(self, factors: Sequence[int]) -> str:
        """√ of the product of rates, whole powers out of the root."""
        count = Counter(self._rates[i] for i in factors)
        whole = [self._power(rate, n // 2) for rate, n in sorted(count.items()) if n > 1]
        rest = [self._spelling.weight(rate) for rate, n in sorted(count.items()) if n % 2]
        if rest:
            whole.append(self._spelling.root(" ".join(rest)))
        text = " ".join(whole)
        return f"({text})" if len(whole) > 1 and self._spelling is PLAIN else text

    def _power(self, rate: str, n: int) -> str:
        return self._spelling.power(self._spelling.weight(rate), n)

    def polynomial(self, polynomial: Poly) -> str:
        """A polynomial in absorbed weights, without a common factor of its coefficients."""
        found: Law = {}
        for m, c in polynomial.to_dict().items():
            found[tuple(i for i, e in enumerate(m) for _ in range(int(e)))] = c
        return self.law(found)

    def product(self, product: ProductLaw) -> str:
        """A law that is a product of powers."""
        return " ".join(
            self._spelling.power(self._spelling.brackets(self.polynomial(base)), n)
            for base, n in product.factors
        )


def without_common_factor(law: Law) -> dict[Combination, Fraction]:
    """Whole coefficients without a common divisor, the first of them positive; in order."""
    exact = {m: Fraction(int(c.p), int(c.q)) for m, c in sorted(law.items())}
    below = lcm(*(c.denominator for c in exact.values()))
    above = gcd(*(int(c * below) for c in exact.values())) or 1
    factor = Fraction(below, above) * (-1 if next(iter(exact.values())) < 0 else 1)
    return {m: c * factor for m, c in exact.items()}


MARKS: Mapping[str, tuple[str, str]] = {
    "outer": (r"{0} {0}^{{\top}}", "{0} {0}ᵀ"),
    "inner": (r"{0}^{{\top}} {0}", "{0}ᵀ {0}"),
    "norm": (r"\lVert {0} \rVert^{{2}}", "‖{0}‖²"),
}


def matrix_law(law: MatrixLaw, rates: Mapping[str, str], is_latex: bool) -> str:
    """A matrix law as LaTeX or plain text; one whose layers have one rate, without it.

    Args:
        law: the law.
        rates: of the layers, by name.
        is_latex: whether it is to be LaTeX.
    """
    alone = len({rates[part.layer] for part in law.parts}) == 1
    text = ""
    for part in _leading(law.parts):
        sign, size = ("-" if part.factor < 0 else "+"), abs(part.factor)
        spelled = _part(part, size, None if alone else rates[part.layer], is_latex)
        text += f" {sign} {spelled}" if text else spelled if sign == "+" else f"-{spelled}"
    return text if is_latex else text.replace(" - ", " − ")


def _leading(parts: Sequence[Part]) -> list[Part]:
    """Coefficients of which the first is positive, and whole."""
    below = lcm(*(part.factor.denominator for part in parts))
    above = gcd(*(int(part.factor * below) for part in parts)) or 1
    factor = Fraction(below, above) * (-1 if parts[0].factor < 0 else 1)
    return [Part(part.layer, part.kind, part.factor * factor) for part in parts]


def _part(part: Part, size: Fraction, rate: str | None, is_latex: bool) -> str:
    name = latex(Symbol(part.layer)) if is_latex else part.layer
    body = MARKS[part.kind][0 if is_latex else 1].format(name)
    if size != 1:
        body = f"{size} {body}"
    if rate is None:
        return body
    return rf"\frac{{{body}}}{{{latex(Symbol(rate))}}}" if is_latex else f"{body}/{rate}"
