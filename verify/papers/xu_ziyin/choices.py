"""Sections 4, 4.2 and appendices C.4, C.5: exponents to choose, Corollaries 1-3, Table 1."""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import sympy
from sympy import And, Eq, Equivalent, Expr, Integer, Max, Min, Rational, sqrt

from symbolic.limits.initial_moments import Start
from symbolic.notation import symbols as n
from verify.claims.claim import Claim, Evidence, Finding, Verdict
from verify.claims.equation import Decided, Equation
from verify.claims.implication import Implication
from verify.papers.xu_ziyin import table_one
from verify.papers.xu_ziyin.exponents import (
    CLOSE,
    EQ_18,
    EQUAL_RATES,
    FEATURE,
    KERNEL,
    STABLE,
    H,
    c_d,
    c_g,
    c_u,
    c_w,
    e_u,
    e_w,
    limit,
    symbol,
)

TOP = Max(c_u, c_w)
FIXED_WIDTH = (
    Eq(c_d, 0), Eq(e_u, 0), Eq(e_w, 0), Eq(c_u, Max(0, c_w)), Eq(c_g, Min(-c_w / 2, 0)),
)  # fmt: skip
LARGE = (Eq(c_d, 0), Eq(c_u, c_w), c_u > 0, EQUAL_RATES)


def _corollaries() -> list[Claim]:
    return [
        Claim(
            id="corollary-1",
            loci=("Cor. 1",),
            says="c_η = min{−c_γ, −2c_γ − c_d − max{c_u, c_w}} is stable",
            printed=r"c_{\eta_u}=c_{\eta_w}=\min\{-c_\gamma,-2c_\gamma-c_d-\max\{c_u,c_w\}\}",
            test=limit((EQUAL_RATES, Eq(e_u, Min(-c_g, -2 * c_g - c_d - TOP))), STABLE),
        ),
        Claim(
            id="corollary-2",
            loci=("Cor. 2",),
            says="c_γ = −c_η with c_η ≥ c_d + max{c_u, c_w} is stable and learns features",
            printed=r"c_\gamma=-c_\eta,\quad c_\eta\ge c_d+\max\{c_u,c_w\}",
            test=limit((EQUAL_RATES, Eq(c_g, -e_u), e_u >= c_d + TOP), And(STABLE, FEATURE)),
        ),
        Claim(
            id="corollary-3",
            loci=("Cor. 3",),
            says="c_γ = −(c_d + max{c_u, c_w} + c_η)/2 with c_η < c_d + max{c_u, c_w} and P/Q → 1: kernel",
            printed=r"c_\gamma=-\tfrac12(c_d+\max\{c_u,c_w\}+c_\eta),\quad c_\eta<c_d+\max\{c_u,c_w\}",
            test=limit(
                (EQUAL_RATES, Eq(c_g, -H * (c_d + TOP + e_u)), e_u < c_d + TOP, CLOSE), And(STABLE, KERNEL)
            ),
        ),
    ]  # fmt: skip


def _initializations() -> list[Claim]:
    return [
        Claim(
            id="fixed-width-18",
            loci=("Sec. 4.2",),
            says="c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} satisfies (18) at fixed width and rate",
            printed=r"c_u=\max\{0,c_w\},\quad c_\gamma=\min\{-c_w/2,0\}",
            test=limit(FIXED_WIDTH, EQ_18),
        ),
        Claim(
            id="fixed-width-kernel",
            loci=("Sec. 4.2",),
            says="with c_u = max{0, c_w}, c_γ = min{−c_w/2, 0} the network is in the kernel phase if and only if c_w > 0",
            test=limit(FIXED_WIDTH, Equivalent(KERNEL, c_w > 0), other_start=Start.ZERO_OUTPUT),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where P/Q → 1, as Theorem 2 asks: from a start with zero output",
            note="From independent layers it is never in the kernel phase: for c_w > 0 the choice has "
            "c_u = c_w, which the paper's third case excludes.",
            uses=("theorem-2-independent",),
        ),
        Claim(
            id="large-initialization",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with c_η = c, c_γ = −c learns features (Cor. 2)",
            test=limit((*LARGE, Eq(e_u, c_u), Eq(c_g, -c_u)), And(STABLE, FEATURE)),
        ),
        Claim(
            id="large-initialization-scale",
            loci=("Sec. 4.2",),
            says="there γ cancels the scale of the initialization: the initial output is of order 1",
            test=limit((*LARGE, Eq(e_u, c_u), Eq(c_g, -c_u)), Eq(symbol("output_0"), 0)),
        ),
        Claim(
            id="large-initialization-kernel",
            loci=("Sec. 4.2",),
            says="c_u = c_w = c > 0 with γ = 1 and c_η = −c is a kernel phase (Cor. 3)",
            test=limit(
                (*LARGE, Eq(e_u, -c_u), Eq(c_g, 0)), And(STABLE, KERNEL), other_start=Start.ZERO_OUTPUT
            ),
            expected=Verdict.HOLDS_IF,
            severity="substantive",
            correction="where P/Q → 1, as Cor. 3 assumes: from a start with zero output",
            uses=("corollary-3",),
        ),
        Claim(
            id="appendix-c5",
            loci=("App. C.5",),
            says="the experiment's γ = κ^{−min{0, −c/2}} is Sec. 4.2's c_γ = min{−c/2, 0}",
            printed=r"\gamma=\kappa^{-\min\{0,-c/2\}}",
            test=Implication((), Eq(-Min(0, -c_w / 2), Min(-c_w / 2, 0))),
            expected=Verdict.FAILS,
            severity="typo",
            correction=r"\gamma=\kappa^{\min\{0,-c/2\}}",
            note="u and W have also changed roles: App. C.5 has σ_u² = κ^c and σ_w² = κ^{max{c, 0}}.",
        ),
    ]  # fmt: skip


def _table() -> list[Claim]:
    claims = []
    for entry in table_one.entries():
        column, _, row = entry.locus.partition(", ")
        claims.append(
            Claim(
                id=f"table-1-{entry.locus.lower().replace(', ', '-').replace(' ', '-')}",
                loci=(f"Table 1: {column}, {row}",),
                says=f"{row}: {entry.printed}",
                test=Decided(
                    entry.locus, (entry.printed,), partial(_entry, entry.derived),
                    tuple((f"printed {z}", (z,)) for z in ("frozen", "unstable", "kernel", "learning", "7")
                          if z != entry.printed),
                ),
                note="" if entry.unique else "Not unique: it is one of the valid choices.",
            )
        )  # fmt: skip
    return claims


def _entry(derived: str, values: tuple[str, ...]) -> Finding:
    if values[0] == derived:
        return Finding(Verdict.HOLDS, Evidence.PROVED, "comes out of the derivation")
    return Finding(
        Verdict.FAILS, Evidence.PROVED, f"derived: {derived}", "", {"printed": values[0]}, derived
    )


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


def _experiments() -> list[Claim]:
    return [
        *(_experiment(name, block) for name, block in EXPERIMENTS),
        *(
            Claim(
                id=f"appendix-c4-equal-{one.lower()}",
                loci=("App. C.4",),
                says=f"at d = 100 {_shown(one, 'minus')} and {_shown(two, 'plus')} have the same rate and scale",
                test=Equation(
                    r"\eta,\gamma\big|_{d=100}", _at_100(one, "minus"), partial(_at_100, two, "plus")
                ),
            )
            for one, two in PAIRS
        ),
    ]  # fmt: skip


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


def claims() -> list[Claim]:
    """In printed order."""
    return [*_corollaries(), *_initializations(), *_table(), *_experiments()]
