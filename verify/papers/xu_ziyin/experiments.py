"""Table 1, and appendix C.4: the exponents of experiments are those of the table."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from itertools import starmap

import sympy
from sympy import Expr, Integer, Rational, sqrt

from symbolic import vocabulary as n
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Decided, Equation
from verify.papers.xu_ziyin import table_one

# App. C.4 as printed: η and γ in the width d.
d = n.d
BASE = Rational(1, 20)
EXPERIMENTS: dict[tuple[str, str], tuple[Expr, Expr]] = {
    ("NTK", "minus"): (BASE, 1 / sqrt(d)),
    ("MF", "plus"): (BASE * d / 100, 10 / d),
    ("Kaiming", "minus"): (BASE * d / 100, Integer(1)),
    ("Kaiming", "plus"): (BASE * d / 100, 100 / d),
    ("Xavier", "plus"): (BASE, Integer(1)),
    ("Xavier", "minus"): (BASE * (100 / d) ** 2, d / 100),
}
PAIRS = (("NTK", "MF"), ("Kaiming", "Kaiming"), ("Xavier", "Xavier"))


def _table_entry(entry: table_one.Entry) -> Claim:
    column, _, row = entry.locus.partition(", ")
    others = (z for z in ("frozen", "unstable", "kernel", "learning", "7") if z != entry.printed)
    return Claim(
        id=f"table-1-{entry.locus.lower().replace(', ', '-').replace(' ', '-')}",
        loci=(f"Table 1: {column}, {row}",),
        says=f"{row}: {entry.printed}",
        test=Decided(
            entry.locus,
            (entry.printed,),
            partial(_entry, entry.derived),
            tuple((f"printed {z}", (z,)) for z in others),
        ),
        note="" if entry.unique else "Not unique: it is one of the valid choices.",
    )


def _entry(derived: str, values: tuple[str, ...]) -> Finding:
    if values[0] == derived:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "comes out of the derivation")
    return Finding(
        Verdict.FAILS, Evidence.PROVED, f"derived: {derived}", "", {"printed": values[0]}, derived
    )


def _shown(name: str, block: str) -> str:
    return name if name in ("NTK", "MF") else name + ("⁺" if block == "plus" else "⁻")


def _at_100(name: str, block: str) -> Expr:
    """η a + γ b, so that one equation compares both."""
    eta, gamma = (z.subs(d, 100) for z in EXPERIMENTS[name, block])
    a, b = sympy.symbols("a b", real=True)
    return eta * a + gamma * b


def _experiment(name: str, block: str) -> Claim:
    eta, gamma = EXPERIMENTS[name, block]
    wrong = (name, block) == ("Kaiming", "minus")
    printed = (_exponent(eta), _exponent(gamma))
    return Claim(
        id=f"appendix-c4-{name.lower()}-{block}",
        loci=("App. C.4",),
        says=f"the experiment's rate and scale have Table 1's exponents for {_shown(name, block)}",
        printed=rf"\eta={sympy.latex(eta)},\ \gamma={sympy.latex(gamma)}",
        test=Decided(
            f"exponents {printed[0]} and {printed[1]}", printed, partial(_is_in_table, name, block),
            (("c_eta one more", (printed[0] + 1, printed[1])),
             ("c_gamma one more", (printed[0], printed[1] + 1))),
        ),
        expected=Verdict.FAILS if wrong else Verdict.HOLDS,
        severity="typo" if wrong else "",
        correction=r"\eta=0.05\cdot100/d" if wrong else "",
        note="Printed is the rate of Kaiming⁺; with γ = 1 it is unstable." if wrong else "",
        uses=(f"table-1-{name.lower()}-c_eta^{'+' if block == 'plus' else '-'}-c_gamma^"
              f"{'+' if block == 'plus' else '-'}",),
    )  # fmt: skip


def _pair(one: str, two: str) -> Claim:
    return Claim(
        id=f"appendix-c4-equal-{one.lower()}",
        loci=("App. C.4",),
        says=f"at d = 100 {_shown(one, 'minus')} and {_shown(two, 'plus')} have the same rate and scale",
        test=Equation(
            r"\eta,\gamma\big|_{d=100}", _at_100(one, "minus"), partial(_at_100, two, "plus")
        ),
    )


def _exponent(expression: Expr) -> Fraction:
    """The power c in expression ~ d^c."""
    degree = sympy.simplify(d * sympy.diff(expression, d) / expression)
    return Fraction(str(degree))


def _is_in_table(name: str, block: str, values: tuple[Fraction, ...]) -> Finding:
    (column,) = (z for z in table_one.TABLE if z.name == name)
    wanted = tuple(Fraction(z) for z in getattr(column, block))
    if values == wanted:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "both exponents are Table 1's")
    why = f"Table 1 has c_η = {wanted[0]}, c_γ = {wanted[1]}"
    witness = {"c_eta": str(values[0]), "c_gamma": str(values[1])}
    return Finding(Verdict.FAILS, Evidence.PROVED, why, "", witness, why)


CLAIMS: tuple[Claim, ...] = (
    *map(_table_entry, table_one.entries()),
    *starmap(_experiment, EXPERIMENTS),
    *starmap(_pair, PAIRS),
)
