"""One hidden unit on any data: the flow of the linear map alone, and the potential that it descends.

A network with one hidden unit, f = β·x with β = c p q, p a number and q a vector, moves under any loss by

    dp/dt = −η_p c q·g,     dq/dt = −η_q c p g,     g = ∂L/∂β,

so that dβ/dt = −M g with M = c² (η_q p² 1 + η_p q qᵀ), and u − v = δ is conserved with u = j_p p²,
v = −j_q ‖q‖² (`symbolic.lift.at_all_sizes`). On this leaf u + v = k is a function of r = ‖β‖ alone, and
so are the eigenvalues of M: m₀ across β, and m₁ along it. A function Ψ of r has the Hessian Ψ′/r across β
and Ψ″ along it; it is a multiple of M⁻¹ where

    Ψ″ m₁ = (Ψ′/r) m₀ = s:     d∇Ψ(β)/dt = −s g.

So ∇Ψ(β) moves by combinations of the inputs alone, as a mirror flow does in the time ∫ s dt; it is q but
for its sign and a constant factor, Ψ′ = κ ‖q‖. Where the flow interpolates, β(∞) is therefore a
stationary point of

    Ψ(β) − κ sgn(p(∞)) ⟨q(0), β⟩     subject to     X β = y,

and the least one, as Ψ is convex: only the sign of p at the end is needed, whatever it was before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol

from symbolic.lift.at_all_sizes import LiftAtAllSizes
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.equality import prove_zero
from symbolic.proof.verdict import Proved, Undecided, Verdict

DELTA = Symbol("delta", real=True)
r, k = sympy.symbols("r k", positive=True)  # ‖β‖, and u + v > |δ|
p_squared, q_squared = sympy.symbols("p_2 q_2", positive=True)


@dataclass(frozen=True)
class Mirror:
    """The flow of β, and its potential, in k and δ.

    Attributes:
        lift: of the network: two blocks, of which one is a number and one a vector.
        number, vector: their places.
        leaf: δ in p² (`p_squared`) and ‖q‖² (`q_squared`).
        k_squared: k² in r and δ.
        squares: p² and ‖q‖² in k and δ.
        across, along: m₀ and m₁, in k and δ.
        slope: Ψ′ in k and δ.
        potential: Ψ in k and δ.
        factor: κ.
    """

    lift: LiftAtAllSizes
    number: int
    vector: int
    leaf: Expr
    k_squared: Expr
    squares: tuple[Expr, Expr]
    across: Expr
    along: Expr
    slope: Expr
    potential: Expr
    factor: Expr

    def certificates(self) -> Iterator[Certificate]:
        """Identities in k, δ and the rates."""
        yield Certificate("p^2 and |q|^2 are on the leaf, and k is what it is", self._on_the_leaf())
        yield Certificate("M is across and along beta what moves it", self._moves())
        yield Certificate("the Hessian of Psi is a multiple of M^-1", self._is_potential())
        norm = sympy.sqrt(self.squares[1])
        yield Certificate("Psi' is kappa |q|", _all(self.slope - self.factor * norm))
        yield Certificate("Psi is convex", self._is_convex())

    @property
    def coefficient(self) -> Expr:
        """C."""
        words = self.lift.words.product
        return sympy.Rational(
            str(words.get((self.number, self.vector)) or words[self.vector, self.number])
        )

    def rates(self) -> tuple[Expr, Expr]:
        """η_p and η_q."""
        blocks = self.lift.words.blocks
        names = (blocks[self.number].rate, blocks[self.vector].rate)
        first, second = (Symbol(name, positive=True) for name in names)
        return first, second

    def _on_the_leaf(self) -> Verdict:
        at = {p_squared: self.squares[0], q_squared: self.squares[1]}
        product = self.coefficient**2 * self.squares[0] * self.squares[1]
        return _all(
            self.leaf.subs(at) - DELTA,
            self.k_squared.subs(r**2, product).subs(r, sympy.sqrt(product)) - k**2,
        )

    def _moves(self) -> Verdict:
        """dβ/dt = c (p′ q + p q′): −c² η_p (q·g) q − c² η_q p² g; q·g q = ‖q‖² g along β."""
        first, second = self.rates()
        across = self.coefficient**2 * second * self.squares[0]
        along = across + self.coefficient**2 * first * self.squares[1]
        return _all(self.across - across, self.along - along)

    def _is_potential(self) -> Verdict:
        return _all(
            self._by_r(self.slope) * self.along - self.slope / self._r() * self.across,
            self._by_r(self.potential) - self.slope,
        )

    def _is_convex(self) -> Verdict:
        """Ψ′ and Ψ″ are positive."""
        for value in (self.slope, self._by_r(self.slope)):
            if not (at := _on_leaves(value)).is_positive:
                return Undecided(f"the sign of {at}")
        return Proved("signs of factors")

    def _r(self) -> Expr:
        return abs(self.coefficient) * sympy.sqrt(self.squares[0] * self.squares[1])

    def _by_r(self, value: Expr) -> Expr:
        """The derivative by r."""
        return sympy.diff(value, k) / sympy.diff(self._r(), k)


def mirror(lift: LiftAtAllSizes) -> Mirror:
    """Derive the flow of β and its potential.

    Args:
        lift: at all sizes.

    Raises:
        DoesNotApply: where the network has not one hidden unit between a vector and a number.
    """
    number, vector = _roles(lift)
    blocks, J = lift.words.blocks, lift.J
    first, second = (Symbol(blocks[one].rate, positive=True) for one in (number, vector))
    c = _coefficient(lift, number, vector)
    leaf = J[number] * p_squared + J[vector] * q_squared
    sum_ = J[number] * p_squared - J[vector] * q_squared
    (found,) = sympy.linsolve([leaf - DELTA, sum_ - k], [p_squared, q_squared])
    squares = tuple(map(sympy.factor, found))
    k_squared = (
        sympy.expand(sum_**2 - leaf**2).subs(q_squared, r**2 / (c**2 * p_squared)) + DELTA**2
    )
    across = sympy.factor(c**2 * second * squares[0])
    along = sympy.factor(across + c**2 * first * squares[1])
    slope, potential, factor = _potential(abs(c), squares, across, along)
    k_squared = sympy.expand(k_squared)
    of = (leaf, k_squared, squares, across, along, slope, potential, factor)
    return Mirror(lift, number, vector, *of)


def _roles(lift: LiftAtAllSizes) -> tuple[int, int]:
    axes = [block.axes for block in lift.words.blocks]
    if sorted(axes) != ["", "r"] or not lift.J:
        raise DoesNotApply("it has not one hidden unit between a number and a vector")
    return axes.index(""), axes.index("r")


def _coefficient(lift: LiftAtAllSizes, number: int, vector: int) -> Expr:
    c = lift.words.product.get((number, vector)) or lift.words.product[vector, number]
    return sympy.Rational(c.numerator, c.denominator)


def _potential(
    c: Expr, squares: tuple[Expr, ...], across: Expr, along: Expr
) -> tuple[Expr, Expr, Expr]:
    """Ψ′ = exp ∫ m₀/(m₁ r) dr and Ψ, in k; κ = Ψ′/‖q‖."""
    size = c * sympy.sqrt(squares[0] * squares[1])
    by_k = sympy.simplify(across / (along * size) * sympy.diff(size, k))
    slope = sympy.exp(sympy.integrate(sympy.factor(by_k), k))
    slope = sympy.powdenest(sympy.simplify(slope), force=True)
    factor = sympy.simplify(slope / sympy.sqrt(squares[1]))
    x = Symbol("x", positive=True)  # k = δ + x²: roots of k − δ are x
    density = sympy.simplify((slope * sympy.diff(size, k)).subs(k, DELTA + x**2) * 2 * x)
    integral = sympy.integrate(density, x).subs(x, sympy.sqrt(k - DELTA))
    return slope, sympy.factor(sympy.simplify(integral)), factor


def _on_leaves(value: Expr) -> Expr:
    """At k = u + v and δ = u − v, which are positive u and v: all leaves, and all roots are real."""
    u, v = sympy.symbols("u v", positive=True)
    return sympy.factor(sympy.simplify(value.subs({k: u + v, DELTA: u - v}, simultaneous=True)))


def _all(*differences: Expr) -> Verdict:
    for one in differences:
        if not isinstance(verdict := prove_zero(_on_leaves(one)), Proved):
            return verdict
    return Proved("equal forms")


__all__ = ["DELTA", "Mirror", "k", "mirror", "p_squared", "q_squared", "r"]
