"""Finding the solution in decaying exponentials: sums of terms of one sign.

What is found here is proved where it is handed on, in `symbolic.explicit.closed_form`.
"""

from __future__ import annotations

import sympy
from sympy import Abs, Expr

from symbolic.explicit.notation import (
    B,
    C,
    E,
    R,
    S,
    alpha,
    denominator,
    numerator,
    r_minus,
    r_plus,
    tau,
)
from symbolic.explicit.riccati_time import RiccatiTime

PLUS, MINUS = R + 2 * B, R - 2 * B  # r_plus and r_minus, as they are defined


def by_decaying_exponentials(solution: Expr) -> Expr:
    """2e^{−Rt} times a projective coordinate: 1 + E = 2E + Rτ, and R ± 2B are r_plus and r_minus."""
    scaled = sympy.expand(2 * solution.xreplace({C: (1 + E) / 2, S: tau / 2}))
    linear = scaled.coeff(B)
    root = r_plus if linear.subs(tau, 1) > 0 else r_minus
    rest = sympy.expand(scaled - B * linear - (1 + E))
    return 2 * E + tau * (root + sympy.cancel(rest / tau))


def conjugate_root(rate_squared: Expr) -> tuple[Expr, Expr]:
    """R − 2|B| as the product (R + 2B)(R − 2B) over R + 2|B|, and that."""
    product = sympy.expand(PLUS * MINUS).subs(R**2, rate_squared)
    larger = R + 2 * Abs(B)
    return sympy.cancel(sympy.expand(product) / larger), larger


def progress(integral: RiccatiTime) -> Expr:
    """(f(t) − f(0)) / (y − f(0)), by the difference quotient of f in α and α − 1 = τ W / D.

    The speed is 4λα(y − f), so that speed(1) − speed(α)/α = 4λ (f(α) − f(1)), and W = 4λ(y − f(0)).
    """
    speed = integral.speed
    quotient = sympy.cancel((speed.subs(alpha, 1) - speed / alpha) / (alpha - 1))
    return sympy.expand(tau * quotient.subs(alpha, numerator / denominator) / denominator)
