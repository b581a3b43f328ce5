"""A matrix Riccati flow from a start of any rank, by what only decays.

dZ/dt = F Z + Z F − b Z², Z(0) = Q Qᵀ, F symmetric, is solved by

    Z = W S⁻¹ Wᵀ,     W = e^{Ft} Q,     S = 1 + Qᵀ G Q,     dG/dt = b e^{2Ft},  G(0) = 0.

In the eigenvectors of F G is diagonal. Its entry at an eigenvalue f is taken over e^{2ft} where f > 0:
that of |f| is the same, with decaying exponentials alone.
"""

from __future__ import annotations

from functools import cache

import sympy
from sympy import Expr

from symbolic.notation.symbols import t
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import prove_zero
from symbolic.proof.verdict import is_proved

b, size = sympy.symbols("b size", positive=True)


@cache
def gathered() -> Expr:
    """An entry of G at −|f|, or over e^{2ft} at |f|, `size` being |f|.

    Raises:
        CertificateError: where a step of the derivation is not proved.
    """
    _require()
    return b * -sympy.codegen.cfunctions.expm1(-2 * size * t) / (2 * size)


def _require() -> None:
    F, W, T, V, b = sympy.symbols("F W T V b", commutative=False)  # T = S⁻¹, V = Wᵀ
    Z = W * T * V
    slope = F * W * T * V - W * T * (V * b * W) * T * V + W * T * V * F
    b_, f = sympy.symbols("b f", positive=True)
    G = b_ * (sympy.exp(2 * f * t) - 1) / (2 * f)
    H = b_ * (1 - sympy.exp(-2 * f * t)) / (2 * f)  # the same over exp(2ft), and at −f
    claims = {
        "Z solves it": sympy.expand(slope - (F * Z + Z * F - Z * b * Z)),
        "dG/dt = b exp(2ft)": sympy.diff(G, t) - b_ * sympy.exp(2 * f * t),
        "G over what has grown": G * sympy.exp(-2 * f * t) - H,
        "G of what decays": G.subs(f, -f) - H,
        "G starts at 0": G.subs(t, 0),
    }
    for claim, rest in claims.items():
        if rest != 0 and not is_proved(prove_zero(rest)):
            raise CertificateError(f"{claim}: {rest}")
