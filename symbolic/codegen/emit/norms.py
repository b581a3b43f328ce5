"""Emitted functions of the norms of both layers."""

from __future__ import annotations

from sympy import Expr, Piecewise, sqrt

from symbolic.codegen.emit.observables import Assignments, hypotenuse, scalar
from symbolic.codegen.names import (
    ZERO,
    balance,
    gram,
    hypotenuse_of,
    named,
    overlap_0,
    perp_2,
    real,
    root_of_sum,
    safe,
    size_of,
)
from symbolic.codegen.program import Function
from symbolic.derivation import Derivation
from symbolic.explicit.stable_observables import StableObservables


def norms(derivation: Derivation) -> tuple[Function, ...]:
    """Norms of both layers: of each the conjugate root on one side of Δ = 0."""
    stable = derivation[StableObservables]
    plain = stable.observables
    norm, norm_omega = named("norm norm_omega")
    of_u, of_omega = _by_balance(stable.norm_u), _by_balance(stable.norm_omega)
    rising, up = real(plain.norm_u_2[0]), real(plain.norm_omega_2[0])
    whole_W = ((norm_omega, of_omega), *root_of_sum(norm, perp_2, norm_omega))
    return tuple(
        scalar(
            name,
            summary=words,
            arguments=(gram, balance, *extra, overlap_0),
            body=(*_root(stable), *body),
            equation=sqrt(equation + sum(extra)),
        )
        for name, words, body, equation, extra in (
            ("norm_u", "Norm ‖u‖ of the second layer.", ((norm, of_u),), rising, ()),
            ("norm_omega", "Norm ‖ω‖ of the first layer along the data.", ((norm, of_omega),), up, ()),
            ("norm_W", "Frobenius norm ‖W‖ of the first layer.", whole_W, up, (perp_2,)),
        )
    )  # fmt: skip


DIVISOR, LENGTH, ROOT = named("divisor length root")
KEPT_DIVISOR = safe(DIVISOR, DIVISOR > 0)


def _root(stable: StableObservables) -> Assignments:
    """|Δ| + √(Δ² + length²)."""
    size_balance, absolute = size_of(balance)
    return (
        *hypotenuse(stable),
        (size_balance, absolute),
        (LENGTH, real(stable.length)),
        *hypotenuse_of(ROOT, size_balance, LENGTH),
        (DIVISOR, real(stable.divisor)),
        KEPT_DIVISOR,
    )


def _by_balance(pair: tuple[Expr, Expr]) -> Piecewise:
    up, down = (real(z).xreplace({DIVISOR: KEPT_DIVISOR[0]}) for z in pair)
    return Piecewise((ZERO, DIVISOR <= 0), (up, balance >= 0), (down, True))
