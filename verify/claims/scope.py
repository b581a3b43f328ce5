"""What the names of a user's claims mean: scalars at any width, weights written out.

α(t) and α(∞) are inserted, or free symbols of which real arithmetic knows what decides inequalities:
α(∞) is the root of the Riccati equation, and α(t) lies between 1 and it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import sympy
from sympy import And, Basic, Eq, Expr, Ne, Or, Symbol, sqrt

from symbolic import vocabulary as n
from symbolic.explicit.movement import Movement
from symbolic.explicit.observables import Observables
from symbolic.in_hyperparameters import (
    alpha_of_time,
    limit_of_alpha,
    linear,
    output_of,
    rate,
    rates,
)
from verify.claims.language import Scope

ALPHA, ALPHA_END = Symbol("alpha", positive=True), Symbol("alpha_end", positive=True)
FREE = (ALPHA, ALPHA_END)
HALF_FREE = (ALPHA, None)
INSERTED = (None, None)
Alphas = tuple[Expr | None, Expr | None]  # α(t) and α(∞), or None where the solution is inserted
MakeScope = Callable[[Alphas], Scope]


def scalars(alphas: Alphas) -> Scope:
    """Everything that P, Q, the mean of pq and the hyperparameters decide, at symbolic width."""
    return Scope(_constants() | _derived(*alphas), {}, 0, 0, _facts() + _means())


def weights(d: int, d0: int) -> MakeScope:
    """Weights of a network of this size, written out; scalars in them."""
    u = [Symbol(f"u0_{i}", real=True) for i in range(1, d + 1)]
    w = [[Symbol(f"w0_{i}{j}", real=True) for j in range(1, d0 + 1)] for i in range(1, d + 1)]
    x = [Symbol(f"x_{j}", positive=d0 == 1, real=True) for j in range(1, d0 + 1)]
    rho = sqrt(sum(z**2 for z in x))
    omega = [sum(a * b for a, b in zip(row, x, strict=True)) / rho for row in w]
    p = [(sqrt(n.eta_u) * o + sqrt(n.eta_w) * a) / 2 for o, a in zip(omega, u, strict=True)]
    q = [(sqrt(n.eta_u) * o - sqrt(n.eta_w) * a) / 2 for o, a in zip(omega, u, strict=True)]
    sums = {
        n.P: sum(z**2 for z in p) / d, n.Q: sum(z**2 for z in q) / d,
        n.pq: sum(a * b for a, b in zip(p, q, strict=True)) / d, n.d: sympy.Integer(d), n.rho: rho,
    }  # fmt: skip

    def scope(alphas: Alphas) -> Scope:
        values = {
            name: value.subs(sums) for name, value in (_constants() | _derived(*alphas)).items()
        }
        g = sqrt(values["alpha"])
        found: dict[tuple[str, ...], Expr] = {("x", str(j)): z for j, z in enumerate(x, 1)}
        for i in range(d):
            key = str(i + 1)
            now_p, now_q = p[i] * g, q[i] / g
            now_u, now_omega = (now_p - now_q) / sqrt(n.eta_w), (now_p + now_q) / sqrt(n.eta_u)
            for name, start, now in (
                ("u", u[i], now_u), ("omega", omega[i], now_omega),
                ("p", p[i], now_p), ("q", q[i], now_q), ("h", rho * omega[i], rho * now_omega),
            ):  # fmt: skip
                found[name, key], found[f"{name}0", key] = now, start
            for j in range(d0):
                found["w0", key, str(j + 1)] = w[i][j]
                found["w", key, str(j + 1)] = w[i][j] + (now_omega - omega[i]) * x[j] / rho
        return Scope(values, found, d, d0, tuple(z.subs(sums) for z in _facts()))

    return scope


@cache
def _constants() -> dict[str, Expr]:
    names = ("gamma", "eta_u", "eta_w", "rho", "y", "d", "P", "Q", "pq", "t")
    return {name: getattr(n, name) for name in names}


def _derived(alpha: Expr | None, end: Expr | None) -> dict[str, Expr]:
    observables, change = linear()[Observables].in_alpha, linear()[Movement]
    alpha, end = alpha or alpha_of_time(), end or limit_of_alpha()
    found = {
        "t_c": 2 / rate(), "alpha": alpha, "alpha_end": end, "f": output_of(alpha),
        "f_0": output_of(sympy.Integer(1)), "f_end": output_of(end),
        "K": change.kernel.subs(rates()).subs(n.alpha, alpha),
        "K_0": change.kernel.subs(rates()).subs(n.alpha, 1),
        "K_end": change.kernel.subs(rates()).subs(n.alpha, end),
    }  # fmt: skip
    for name, key in (
        ("zeta", "alignment"), ("norm_u_2", "norm_u_2"), ("norm_omega_2", "norm_omega_2"),
        ("overlap", "overlap"),
    ):  # fmt: skip
        found[name] = observables[key].subs(n.alpha, alpha)
        found[f"{name}_0"] = observables[key].subs(n.alpha, 1)
        found[f"{name}_end"] = observables[key].subs(n.alpha, end)
    found["residual"] = found["f"] - n.y
    found["loss"] = found["residual"] ** 2
    return found


def _facts() -> tuple[Basic, ...]:
    """What holds of α and α(∞) at a start with P, Q > 0, γ ≠ 0."""
    a_p, a_q, b = (rates()[z] for z in (n.A_P, n.A_Q, n.B))
    return (
        n.P > 0,
        n.Q > 0,
        Eq(a_p * ALPHA_END**2 - b * ALPHA_END - a_q, 0),
        Ne(n.gamma, 0),
        Or(Eq(ALPHA, 1), (ALPHA - 1) * (ALPHA_END - ALPHA) > 0),
    )


def _means() -> tuple[Basic, ...]:
    """What means over neurons obey: Cauchy and Schwarz, an equation for one neuron."""
    product = n.P * n.Q
    return (n.pq**2 <= product, Or(n.d >= 2, And(Eq(n.d, 1), Eq(n.pq**2, product))))
