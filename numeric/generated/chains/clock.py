"""Clocks of scalar chains, L = (prod a_l - y)^2/2: the time as a function of the state.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

SymPy 1.14.0. Digest of the source expressions: 664bdb9506f2a01f.

Every function gives a time up to a constant, in the unit its docstring says: the time between two states
is a difference. Functions are elementwise. `xp` is the namespace that computes: numpy (the default),
torch, mpmath, arb, or any with the same names; `hyp2f1`, `elliprf` and `elliprj`, where it has none, are
those of SciPy. Depths are numbers of the namespace, since they are divided.

With H = prod eta_l, Y = y/sqrt(H), z = a_l^2/eta_l of the least factor, c_l = a_l^2/eta_l - z,
P = prod (z + c_l), x the signed root of z, R^2 = P/z; and where all c_l are 0, k^L = |Y|,
r = H |Y| k^(L-2).
"""

from __future__ import annotations

from typing import Any

import numpy as np


def _root(number: Any, xp: Any) -> Any:
    """Square root of a plain number; a float where the namespace computes in floats."""
    return float(np.sqrt(number)) if hasattr(xp, "finfo") else xp.sqrt(number)


def _special(name: str, arguments: tuple[Any, ...], xp: Any) -> Any:
    """A function that numpy has not: that of the namespace, or of SciPy."""
    if hasattr(xp, name):
        return getattr(xp, name)(*arguments)
    import scipy.special

    return getattr(scipy.special, name)(*arguments)


def balanced_2_toward(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 2, on the way to the target.

        -log(gap)/2 + log(v) - log(v + 1)/2

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return -xp.log(gap) / 2 + xp.log(v) - xp.log(v + 1) / 2


def balanced_2_away(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 2, on the way to 0.

        -log(v) + log(v**2 + 1)/2

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return -xp.log(v) + xp.log(v**2 + 1) / 2


def balanced_3_toward(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 3, on the way to the target.

        -log(gap)/3 + log(v**2 + v + 1)/6 - sqrt(3)*atan(2*sqrt(3)*v/3 + sqrt(3)/3)/3 - 1/v

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return (
        -xp.log(gap) / 3
        + xp.log(v**2 + v + 1) / 6
        - _root(3, xp) * xp.atan(2 * _root(3, xp) * v / 3 + _root(3, xp) / 3) / 3
        - 1 / v
    )


def balanced_3_away(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 3, on the way to 0.

        -log(v + 1)/3 + log(v**2 - v + 1)/6 + sqrt(3)*atan(2*sqrt(3)*v/3 - sqrt(3)/3)/3 + 1/v

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return (
        -xp.log(v + 1) / 3
        + xp.log(v**2 - v + 1) / 6
        + _root(3, xp) * xp.atan(2 * _root(3, xp) * v / 3 - _root(3, xp) / 3) / 3
        + 1 / v
    )


def balanced_4_toward(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 4, on the way to the target.

        -log(gap)/4 - log(v + 1)/4 + log(v**2 + 1)/4 - 1/(2*v**2)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return -xp.log(gap) / 4 - xp.log(v + 1) / 4 + xp.log(v**2 + 1) / 4 - 1 / (2 * v**2)


def balanced_4_away(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 4, on the way to 0.

        atan(v**2)/2 + 1/(2*v**2)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return xp.atan(v**2) / 2 + 1 / (2 * v**2)


def balanced_6_toward(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 6, on the way to the target.

        -log(gap)/6 - log(v + 1)/6 + log(v**2 - v + 1)/12 + log(v**2 + v + 1)/12 +
            sqrt(3)*atan(2*sqrt(3)*v/3 - sqrt(3)/3)/6 - sqrt(3)*atan(2*sqrt(3)*v/3 +
            sqrt(3)/3)/6 - 1/(4*v**4)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return (
        -xp.log(gap) / 6
        - xp.log(v + 1) / 6
        + xp.log(v**2 - v + 1) / 12
        + xp.log(v**2 + v + 1) / 12
        + _root(3, xp) * xp.atan(2 * _root(3, xp) * v / 3 - _root(3, xp) / 3) / 6
        - _root(3, xp) * xp.atan(2 * _root(3, xp) * v / 3 + _root(3, xp) / 3) / 6
        - 1 / (4 * (v**2) ** 2)
    )


def balanced_6_away(v: Any, gap: Any, xp: Any = np) -> Any:
    """The time r t at depth 6, on the way to 0.

        log(v**2 + 1)/6 - log(v**4 - v**2 + 1)/12 + sqrt(3)*atan(2*sqrt(3)*v**2/3 - sqrt(3)/3)/6
            + 1/(4*v**4)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        gap: |1 - v|.
        xp: the namespace that computes.
    """
    return (
        xp.log(v**2 + 1) / 6
        - xp.log((v**2) ** 2 - v**2 + 1) / 12
        + _root(3, xp) * xp.atan(2 * _root(3, xp) * v**2 / 3 - _root(3, xp) / 3) / 6
        + 1 / (4 * (v**2) ** 2)
    )


def balanced_head(v: Any, L: Any, s: Any, xp: Any = np) -> Any:
    """The time r t at any depth above 2: what is added to the terms of all roots.

        s*v**(2 - L)/(2 - L)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        L: depth.
        s: 1 on the way to the target, -1 on the way to 0.
        xp: the namespace that computes.
    """
    return s * (v) ** (2 - L) / (2 - L)


def balanced_term(root: Any, logarithm: Any, L: Any, xp: Any = np) -> Any:
    """The time r t at any depth: the term of a root of unity.

        -logarithm*root**2/L

    Args:
        root: root^L = 1, or -1.
        logarithm: log(v - root).
        L: depth.
        xp: the namespace that computes.
    """
    return -logarithm * root**2 / L


def balanced_below(v: Any, L: Any, xp: Any = np) -> Any:
    """The time r t at any depth above 2, below the target.

        v**(2 - L)*hyper((1, (2 - L)/L), (2/L,), v**L)/(2 - L)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        L: depth.
        xp: the namespace that computes.
    """
    return (v) ** (2 - L) * _special("hyp2f1", (1, (2 - L) / L, 2 / L, (v) ** (L)), xp) / (2 - L)


def balanced_beyond(v: Any, L: Any, xp: Any = np) -> Any:
    """The time r t at any depth above 2, beyond the target.

        -v**(2 - 2*L)*hyper((1, 2 - 2/L), (3 - 2/L,), v**(-L))/(2 - 2*L)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        L: depth.
        xp: the namespace that computes.
    """
    return (
        -((v) ** (2 - 2 * L))
        * _special("hyp2f1", (1, 2 - 2 / L, 3 - 2 / L, (v) ** (-L)), xp)
        / (2 - 2 * L)
    )


def balanced_away(v: Any, L: Any, xp: Any = np) -> Any:
    """The time r t at any depth above 2, on the way to 0.

        -v**(2 - L)*hyper((1, (2 - L)/L), (2/L,), -v**L)/(2 - L)

    Args:
        v: (prod |a_l| / |y|)^(1/L).
        L: depth.
        xp: the namespace that computes.
    """
    return (
        -((v) ** (2 - L)) * _special("hyp2f1", (1, (2 - L) / L, 2 / L, -((v) ** (L))), xp) / (2 - L)
    )


def balanced_at_zero(v: Any, L: Any, xp: Any = np) -> Any:
    """The time H t where y = 0.

        v**(2 - 2*L)/(2*L - 2)

    Args:
        v: |a_l|/sqrt(eta_l).
        L: depth.
        xp: the namespace that computes.
    """
    return (v) ** (2 - 2 * L) / (2 * L - 2)


def two(above: Any, gap: Any, D: Any, xp: Any = np) -> Any:
    """The time H t at depth 2.

        -(-log(above) + log(gap))/D

    Args:
        above: q - 2Y + D with q = (x + R)^2.
        gap: |2Y + D - q|.
        D: sqrt(4 Y^2 + c^2).
        xp: the namespace that computes.
    """
    return -(-xp.log(above) + xp.log(gap)) / D


def simple(factor: Any, xp: Any = np) -> Any:
    """The integral of dz/(z + c); H t is -1/2 of a sum of such where y = 0.

        log(factor)

    Args:
        factor: z + c.
        xp: the namespace that computes.
    """
    return xp.log(factor)


def power(factor: Any, j: Any, xp: Any = np) -> Any:
    """The integral of dz/(z + c)^j; H t is -1/2 of a sum of such where y = 0.

        -factor**(1 - j)/(j - 1)

    Args:
        factor: z + c.
        j: a whole number above 1.
        xp: the namespace that computes.
    """
    return -((factor) ** (1 - j)) / (j - 1)


def three(
    x_1: Any,
    x_2: Any,
    x_3: Any,
    p: Any,
    logarithm: Any,
    others: Any,
    Y: Any,
    sigma: Any,
    xp: Any = np,
) -> Any:
    """The time H t at depth 3: the term of a root r of P = Y^2.

        -(-2*Y*sigma*carlson_rj(x_1, x_2, x_3, p)/3 + logarithm)/(2*others)

    Args:
        x_1: z + c_1.
        x_2: z + c_2.
        x_3: z + c_3.
        p: z - r.
        logarithm: log(z - r).
        others: P'(r).
        Y: y/sqrt(H).
        sigma: sign of the product.
        xp: the namespace that computes.
    """
    return -(-2 * Y * sigma * _special("elliprj", (x_1, x_2, x_3, p), xp) / 3 + logarithm) / (
        2 * others
    )


def four(
    x_1: Any,
    x_2: Any,
    x_3: Any,
    p: Any,
    logarithm: Any,
    others: Any,
    Y: Any,
    sigma: Any,
    r: Any,
    e: Any,
    d_1: Any,
    d_2: Any,
    d_3: Any,
    side: Any,
    xp: Any = np,
) -> Any:
    """The time H t at depth 4: the term of a root r of P = Y^2.

        -(Y*sigma*(2*side*carlson_rf(x_1, x_2, x_3)/(sqrt(d_1)*sqrt(d_2)*sqrt(d_3)) -
            2*carlson_rj(x_1, x_2, x_3, p)/(3*sqrt(d_1)*sqrt(d_2)*sqrt(d_3)*(e + r)))/(e + r) +
            logarithm)/(2*others)

    Args:
        x_1: 1/d_1 - side w, w = 1/(z + e).
        x_2: 1/d_2 - side w, w = 1/(z + e).
        x_3: 1/d_3 - side w, w = 1/(z + e).
        p: side/(r + e) - side w.
        logarithm: log(z - r).
        others: P'(r).
        Y: y/sqrt(H).
        sigma: sign of the product.
        r: the root.
        e: the greatest c_l (side = 1), or the least (side = -1).
        d_1: |e - c_1|.
        d_2: |e - c_2|.
        d_3: |e - c_3|.
        side: 1 or -1.
        xp: the namespace that computes.
    """
    return -(
        Y
        * sigma
        * (
            2
            * side
            * _special("elliprf", (x_1, x_2, x_3), xp)
            / (xp.sqrt(d_1) * xp.sqrt(d_2) * xp.sqrt(d_3))
            - 2
            * _special("elliprj", (x_1, x_2, x_3, p), xp)
            / (3 * xp.sqrt(d_1) * xp.sqrt(d_2) * xp.sqrt(d_3) * (e + r))
        )
        / (e + r)
        + logarithm
    ) / (2 * others)
