"""Exponents of scaling limits to the text of a module that needs nothing but the standard library.

Exponents are maxima of linear forms, so one text serves exact fractions and, with numpy's maximum,
whole grids of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import sympy
from sympy import Expr, Max, Symbol
from sympy.printing.str import StrPrinter

from symbolic.codegen.docstring import plain
from symbolic.codegen.program import ProgramError
from symbolic.limits.exponents import Scaling
from symbolic.limits.initial_moments import Start
from symbolic.limits.phases import SCALES, Phases
from symbolic.proof.max_plus import largest
from symbolic.vocabulary import TABLE

HEADER = '''"""Exponents of scaling limits of the {title}.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Network: {source}. SymPy {version}. Digest of the source expressions: {digest}.

Every hyperparameter is a power of κ → ∞, and so is everything else: X ~ κ^e(X). `maximum` takes the
larger of two: `max` for fractions, which stay exact, numpy's for arrays.
Section 4 of the paper. The input and the target are of order one, the target is positive, the input
dimension is fixed, and the width is at least 2.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

NEVER = -math.inf  # the exponent of what is exactly zero
'''
MEANINGS = {  # where the limit means something else than the table of symbols, or more
    "P_minus_Q": "P − Q",
    "output_0": "output at t = 0",
    "R": "rate of learning, 2 / t_c",
    "kernel": "tangent kernel K(x, x) at t = ∞",
    "kernel_change": "relative change of K(x, x) from t = 0 to t = ∞",
    "alpha": "α(∞)",
    "alpha_minus_1": "α(∞) − 1",
    "sinh_s": "sinh of warped time at t = ∞",
    "cosh_s": "cosh of warped time at t = ∞",
    "movement_u": "‖u(∞) − u(0)‖ / ‖u(0)‖",
    "movement_w": "‖W(∞) − W(0)‖ / ‖W(0)‖",
    "norm_u": "‖u(∞)‖",
    "norm_w": "‖W(∞)‖",
    "alignment_0": "alignment ζ at t = 0",
    "alignment": "alignment ζ at t = ∞",
}
STARTS = {
    Start.INDEPENDENT: "Independent Gaussian layers; the mean of u ω is a fluctuation, d^{-1/2}.",
    Start.CORRELATED: "Layers of a fixed correlation other than 0 and ±1.",
    Start.ZERO_OUTPUT: "Layers whose initial output is exactly zero.",
}


class _Printer(StrPrinter):
    """Linear forms as Python, maxima as nested calls of `maximum`."""

    def __init__(self, names: Mapping[Symbol, str], maximum: str) -> None:
        super().__init__()
        self._names, self._maximum = names, maximum

    def _print_Symbol(self, symbol: Symbol) -> str:
        return self._names[symbol]

    def _print_Max(self, maximum: Max) -> str:
        first, *rest = (self._print(part) for part in sorted(maximum.args, key=str))
        for other in rest:
            first = f"{self._maximum}({first}, {other})"
        return first


def render(title: str, source: str, scaling: Scaling, phases: Phases) -> str:
    """The text of the module."""
    functions = [_exponents(scaling, kind) for kind in Start]
    structures = (
        _structure(
            "Scales",
            "Exponents of the hyperparameters.",
            {z.name: TABLE[z.name].meaning for z in SCALES},
        ),
        _structure(
            "Exponents", "X ~ κ^e(X).", {link.name: _meaning(link.name) for link in scaling.chain}
        ),
    )
    text = "\n\n\n".join([*structures, *functions, *_choices(phases), *_constants(phases)])
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    header = HEADER.format(
        title=plain(title), source=plain(source), version=sympy.__version__, digest=digest
    )
    return f"{header}\n\n{text}\n"


def _meaning(name: str) -> str:
    return MEANINGS.get(name) or TABLE[name].meaning


C = {z: f"c.{z.name}" for z in SCALES}
PLAIN = {z: z.name for z in SCALES}


def _signature(name: str, result: str) -> str:
    return f"def {name}(c: Scales, maximum: Callable[[Any, Any], Any] = max) -> {result}:"


def _structure(name: str, words: str, fields: Mapping[str, str]) -> str:
    lines = [f"class {name}(NamedTuple):", f'    """{words}"""', ""]
    return "\n".join(
        [*lines, *(f"    {field}: Any  # {meaning}" for field, meaning in fields.items())]
    )


def _exponents(scaling: Scaling, kind: Start) -> str:
    names = C | {link.exponent: link.name for link in scaling.chain}
    lines = [_signature(kind.name.lower(), "Exponents"), f'    """{STARTS[kind]}"""']
    for link in scaling.chain:
        value = scaling.exponents[kind][link.name]
        lines.append(f"    {link.name} = {'NEVER' if value is None else _text(value, names)}")
    values = ", ".join(link.name for link in scaling.chain)
    return "\n".join([*lines, f"    return Exponents({values})"])


def _text(value: Expr, names: Mapping[Symbol, str], maximum: str = "maximum") -> str:
    if any(not z.is_Integer and z.is_Rational for z in sympy.Add.make_args(value)):
        raise ProgramError(f"a constant fraction in {value} would be a float")
    return str(_Printer(names, maximum).doprint(value))


def _choices(phases: Phases) -> Iterator[str]:
    for name, words in (
        ("by_target", "T₁: the exponent of the rate that the target gives, B."),
        ("by_weights", "T₂: the exponent of the rate that the initial weights give, A_P and A_Q."),
        ("stable_shift", "What both rates' exponents gain so that learning is stable: e(t_c)."),
        ("border", "The c_gamma at which T₁ = T₂: kernel phases lie above."),
        ("feature_shift", "What both rates' exponents gain to be stable, for c_gamma ≤ border."),
        ("kernel_shift", "What both rates' exponents gain to be stable, for c_gamma > border."),
    ):
        value = getattr(phases, name)
        yield "\n".join(
            [_signature(name, "Any"), f'    """{words}"""', f"    return {_text(value, C)}"]
        )


def _constants(phases: Phases) -> Iterator[str]:
    """Terms of the rate and symmetries as coefficients of the arguments."""

    def fraction(value: Expr) -> str:
        return f"Fraction({value.p}, {value.q})"

    def row(form: Mapping[Symbol, Expr]) -> str:
        inside = ", ".join(f'"{z.name}": {fraction(v)}' for z, v in form.items() if v != 0)
        return f"{{{inside}}}"

    def coefficients(form: Expr) -> str:
        return row({z: sympy.Rational(form.coeff(z)) for z in SCALES})

    target = [phases.by_target]
    weights: Sequence[Expr] = sorted(largest(phases.by_weights).args, key=str)
    rows = ",\n".join(f"    {coefficients(sympy.expand(z))}" for z in (*target, *weights))
    moves = ",\n".join(f"    {row(z)}" for z in phases.symmetries)
    formulas = ",\n".join(
        f'    "{name}": "{_text(getattr(phases, name), PLAIN, "max")}"'
        for name in ("by_target", "by_weights", "border")
    )
    yield (
        f"FORMULAS = {{\n{formulas},\n}}\n"
        "# e(R) is the largest of these: T₁, and both terms of T₂, by the first and the second layer.\n"
        f"RATE_TERMS: tuple[dict[str, Fraction], ...] = (\n{rows},\n)\n"
        "# Added to the exponents, any multiple of these changes nothing that can be observed.\n"
        f"SYMMETRIES: tuple[dict[str, Fraction], ...] = (\n{moves},\n)"
    )
