"""Conserved quantities of one neuron by separating its equations: u du = g(h) dh.

Along the field v of a neuron u du/dh = u v(u)/v(h). Where that is a function g of h alone the
quantity u² − 2∫g is conserved, for any activation: u² − 2 (η_u/η_w ρ²) ∫σ/σ′. The integral is
closed where SymPy finds it, and stays an integral, which evaluators compute, where it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import sympy
from sympy import Expr, Integral, Piecewise, Symbol, diff

from symbolic.laws.residues import has_varying_residue
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import h_i, u_i
from symbolic.proof.certificate import DoesNotApply
from symbolic.proof.equality import Proved, Undecided, Verdict, is_proved, prove_equal


@dataclass(frozen=True)
class Separated:
    """A conserved quantity u² − 2∫g.

    Attributes:
        law: u² − 2∫g, in u_i and h_i.
        integrand: g, a function of h_i.
        is_closed: whether the integral was found.
    """

    law: Expr
    integrand: Expr
    is_closed: bool


def separate(flow: Flow) -> Separated:
    """Integrate u du = g(h) dh.

    Raises:
        DoesNotApply: when u v(u)/v(h) still depends on u.
    """
    integrand = _ratio(u_i * flow.velocity_u, flow.velocity_h)
    if integrand.has(u_i):
        raise DoesNotApply(f"u du/dh = {integrand} depends on u")
    closed = antiderivative(integrand, h_i)
    if closed is not None and not is_proved(prove_equal(diff(closed, h_i), integrand)):
        closed = None  # one that cannot be proved is none
    whole = Integral(integrand, h_i) if closed is None else _real_logarithms(closed)
    return Separated(u_i**2 - 2 * whole, integrand, closed is not None)


def has_no_jumps(law: Expr) -> Verdict:
    """Proved when the branches of a law meet with equal values, which its derivative does not see."""
    for piece in law.atoms(Piecewise):
        for (one, condition), (two, _) in pairwise(piece.args):
            edge = _edge(condition, h_i)
            if edge is None:
                return Undecided(f"where {condition} ends is not one point")
            verdict = prove_equal(one.subs(h_i, edge), two.subs(h_i, edge))
            if not isinstance(verdict, Proved):
                return verdict
    return Proved("values where the branches meet")


def _edge(condition: sympy.Basic, variable: Symbol) -> Expr | None:
    """The one place where a condition on a variable changes, or None."""
    if not isinstance(condition, sympy.core.relational.Relational):
        return None
    places = sympy.solve(condition.lhs - condition.rhs, variable)
    return places[0] if len(places) == 1 else None


def _real_logarithms(found: Expr) -> Expr:
    """Write log z as log(z²)/2, which is real on both sides of a zero of z."""
    return found.replace(
        lambda part: isinstance(part, sympy.log) and not part.args[0].is_positive,
        lambda part: sympy.log(part.args[0] ** 2) / 2,
    )


def _ratio(top: Expr, bottom: Expr) -> Expr:
    """Top / bottom, branch by branch; where the neuron does not move the ratio is 0."""
    branches = [piece for piece in bottom.atoms(Piecewise) if piece.has(h_i)]
    if not branches:
        return sympy.simplify(sympy.cancel(top / bottom))
    parts = []
    for _, condition in branches[0].args:
        one, two = (_on_branch(side, condition) for side in (top, bottom))
        parts.append((sympy.Integer(0) if two == 0 else _ratio(one, two), condition))
    return Piecewise(*parts)


def _on_branch(expression: Expr, condition: sympy.Basic) -> Expr:
    """Every Piecewise replaced by its value under a condition that it names."""

    def value_there(part: Piecewise) -> Expr:
        for value, given in part.args:
            if given == condition:
                return value
        raise DoesNotApply(f"{part} has no branch {condition}: its conditions differ from sigma's")

    return expression.replace(lambda part: isinstance(part, Piecewise), value_there)


def antiderivative(integrand: Expr, variable: Symbol) -> Expr | None:
    """An antiderivative in closed form, or None; what it claims is for the caller to certify.

    Integrands that are rational in exp(h) are integrated in z = exp(h), others as they stand; the
    heuristic searches of SymPy, which may take minutes, are left out, and so is any search where a
    residue shows that there is no elementary integral.
    """
    if isinstance(integrand, Piecewise):
        return _joined(
            [(antiderivative(value, variable), c) for value, c in integrand.args], variable
        )
    if integrand.is_rational_function(variable):
        return sympy.integrate(sympy.apart(integrand, variable), variable)
    if has_varying_residue(integrand, variable):
        return None
    z = Symbol("z", positive=True)
    inner = integrand.subs(variable, sympy.log(z))
    if integrand.has(sympy.exp) and not sympy.simplify(inner).has(sympy.log(z)):
        found = sympy.integrate(
            sympy.expand(sympy.simplify(inner) / z), z, heurisch=False, meijerg=False
        )
        found = found.subs(sympy.exp_polar(sympy.I * sympy.pi), -1).subs(z, sympy.exp(variable))
    else:
        found = sympy.integrate(integrand, variable, heurisch=False, meijerg=False, risch=False)
    if found.has(Integral, sympy.nan, sympy.zoo, sympy.hyper):
        return None
    return _generic(sympy.simplify(found), variable)


def _joined(parts: list[tuple[Expr | None, sympy.Basic]], variable: Symbol) -> Expr | None:
    """Antiderivatives of branches, with the constants that make them meet; None if one is open."""
    (value, condition), *others = parts
    joined = [(value, condition)]
    for further, after in others:
        edge = _edge(condition, variable)
        if value is None or further is None or edge is None:
            return None
        shift = value.subs(variable, edge) - further.subs(variable, edge)
        value, condition = further + sympy.simplify(shift), after
        joined.append((value, condition))
    return Piecewise(*joined)


def _generic(found: Expr, variable: Symbol) -> Expr:
    """Of cases that parameters decide (β = 1 or not) the first, which is the generic one."""
    return found.replace(
        lambda part: isinstance(part, Piecewise) and not part.args[0][1].has(variable),
        lambda part: part.args[0][0],
    )
