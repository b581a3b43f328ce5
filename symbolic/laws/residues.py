"""Integrands that have no elementary integral, seen from their residues before a search for one.

Let θ be the last of the functions of which an integrand A/B is made, exp, log or erf, its derivative in
the field of the others and θ, and B linear in θ. If A/B has an elementary integral, A/DB at the root of B
is a constant (Bronstein, Symbolic Integration I, Theorem 5.6.1). That the functions are independent is
taken for granted here: all that hangs on it is whether an integral is searched for.
"""

from __future__ import annotations

import sympy
from sympy import Expr, Poly, Symbol, diff

FUNCTIONS = (sympy.exp, sympy.log, sympy.erf)


def has_varying_residue(integrand: Expr, variable: Symbol) -> bool:
    """Whether a residue is not a constant; False says nothing.

    Args:
        integrand: in exp, log and erf of expressions in the variable.
        variable: of the integral.
    """
    exponentials, others = _functions(integrand, variable)
    names = {part: sympy.Dummy() for part in (*exponentials[:1], *others)}
    unit = exponentials[0].args[0] if exponentials else variable

    def named(expression: Expr) -> Expr:
        powers = expression.replace(
            lambda part: isinstance(part, sympy.exp) and (part.args[0] / unit).is_Integer,
            lambda part: names[exponentials[0]] ** (part.args[0] / unit),
        )
        return powers.xreplace(names)

    velocities = {name: named(diff(part, variable)) for part, name in names.items()}
    velocities[variable] = sympy.Integer(1)
    field = sympy.fraction(sympy.together(named(integrand)))
    if not all(z.is_rational_function(*velocities) for z in (*field, *velocities.values())):
        return False
    return any(
        _varies(field[0], field[1], name, velocities)
        for name in names.values()
        if not any(speed.has(name) for z, speed in velocities.items() if z != name)
    )


def _functions(integrand: Expr, variable: Symbol) -> tuple[list[Expr], list[Expr]]:
    """The exponentials of the variable, that of the smallest exponent first, and the other functions."""
    own = integrand.atoms(*FUNCTIONS)
    every = own.union(*(diff(part, variable).atoms(*FUNCTIONS) for part in own))
    found = [part for part in every if part.has(variable)]
    exponentials = [part for part in found if isinstance(part, sympy.exp)]
    others = sorted((part for part in found if part not in exponentials), key=str)
    return sorted(exponentials, key=lambda part: (part.args[0].count_ops(), str(part))), others


def _varies(top: Expr, bottom: Expr, last: Symbol, velocities: dict[Symbol, Expr]) -> bool:
    """Whether A/DB is no constant at the root of a denominator B that is linear in the last function."""
    if not bottom.is_polynomial(last) or not top.is_polynomial(last):
        return False
    below = Poly(bottom, last)
    if below.degree() != 1:
        return False
    root = -below.nth(0) / below.nth(1)
    change = sympy.Add(*(diff(bottom, z) * speed for z, speed in velocities.items()))
    there = sympy.cancel(sympy.together(change.subs(last, root)))
    if there == 0:  # exp itself, whose root is 0
        return False
    residue = sympy.cancel(sympy.together(top.subs(last, root) / there))
    return bool(residue.has(*velocities))
