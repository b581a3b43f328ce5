"""What does not close: losses of exponentials, where the output is a rational function of a coordinate.

Let θ = e^f and 1/ℓ′ a rational function of θ: so it is for the exponential, logistic and log-cosh losses
and binary cross-entropy. Let f be a rational function of z, not constant, and z′ = ω z, or z′ = 1 and f a
proper fraction. Then θ is transcendental over C(z), and t = ∫ ds/(−ℓ′) is not elementary:

* Where 1/ℓ′ has poles θ* ≠ 0, all simple, their residues are 1/K times constants; by the residue
  criterion of the Risch algorithm (Bronstein, Symbolic Integration I, Theorem 5.6.1) they would have to
  be constants. But K = f′ is none: f = K s + const is no such function of z.
* Else 1/ℓ′ is a sum of powers of θ, and of each power c ≠ 0 the integral would be elementary only with a
  rational h of h′ + c f′ h = 1 (Liouville; ′ is d/ds), so dh/dz + c (df/dz) h = R, R = 1 or 1/(ω z).
  Where df/dz has a pole it is of order ≥ 2, so that h has no pole except, perhaps, at z = 0.
  For R = 1 h is a polynomial, of degree 1 or 0 as df/dz = O(z⁻²), and vanishes twice at a pole of f, of
  which there is one: h = 0. For R = 1/(ω z), if f is regular at 0 so is h, and the pole of R is not met;
  if f has a pole of order q there, h vanishes to order q, is a polynomial of degree n ≥ 1, and the left
  side grows at ∞ at least like zⁿ⁻¹, which R does not. Both contradict.

With s adjoined to C(z) it is the same: h would be a polynomial in s, of degree 0, since the leading
coefficient of another would solve the equation without R. A network that moves has K > 0, so f is not
constant.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Symbol, diff

from symbolic.network.convexity import ConvexLoss, shifts
from symbolic.network.gradient_flow import Flow
from symbolic.network.losses import Targets
from symbolic.notation.symbols import f, s, y
from symbolic.proof.certificate import Certificate, DoesNotApply, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal
from symbolic.proof.remembered import remembered
from symbolic.warp.elapsed import OMEGA, Place, is_rational, rational_places
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.orbits import Condition
from symbolic.warp.width_one import is_proper

theta = Symbol("theta", positive=True)
share = Symbol("y", positive=True)  # a target within (0, 1)


@dataclass(frozen=True, kw_only=True)
class NotElementaryLoss(Record):
    """Where no elementary t exists for a loss of exponentials.

    Attributes:
        speeds: target → 1/ℓ′ in θ = e^f, or e^(f − y) for losses of f − y.
        places: conditions under which the output is a rational function of a coordinate.
    """

    loss: Need[ConvexLoss]
    flow: Need[Flow]
    warp: Need[FlowMap]
    speeds: dict[Expr, Expr]
    places: tuple[Condition, ...]

    def certify(self) -> Iterator[Certificate]:
        """What the theorem above asks for."""
        found = set(self.places) == set(rational_places(self.warp))
        yield Certificate("no condition is left out", _yes(found, f"{self.places}"))
        same = set(self.speeds) == set(_targets(self.loss))
        yield Certificate("no target is left out", _yes(same, f"{list(self.speeds)}"))
        for target, speed in self.speeds.items():
            slope = self.loss.slope.subs(y, target)
            back = speed.subs(theta, sympy.exp(_exponent(self.loss, target)))
            yield Certificate(
                f"1/slope in theta, y = {target}", prove_equal(back * slope, sympy.S.One)
            )
            yield Certificate(f"it is rational in theta, y = {target}", is_rational(speed, theta))
            yield Certificate(f"it is no constant, y = {target}", _varies(speed))
            yield Certificate(f"its poles but 0 are simple, y = {target}", _has_simple_poles(speed))
        for name in self.places:
            yield from self._at(name, rational_places(self.warp)[name])

    def _at(self, name: Condition, place: Place) -> Iterator[Certificate]:
        here, kernel = (place.inside(z) for z in (self.flow.output_i, self.flow.tangent_kernel_i))
        z, velocity = place.variable, place.velocity
        yield Certificate(f"{name}: the output of a neuron is rational", is_rational(here, z))
        slope = prove_equal(diff(here, z) * velocity, kernel, squares=place.squares)
        yield Certificate(f"{name}: df/ds is the tangent kernel", slope)
        if z == s:
            yield Certificate(f"{name}: z' = 1", prove_equal(velocity, sympy.S.One))
            top, bottom = sympy.fraction(sympy.together(here))
            yield Certificate(f"{name}: its fraction is proper", is_proper(top, bottom, z))
        else:
            yield Certificate(f"{name}: z' = w z", prove_equal(velocity, OMEGA * z))

    def explain(self) -> Iterator[Step]:
        """What 1/ℓ′ is, and the conclusion."""
        rows = tuple(
            (
                rf"\frac{{1}}{{\partial\ell/\partial f}}\Big|_{{y={sympy.latex(target)}}}",
                speed.subs(theta, sympy.exp(_exponent(self.loss, target))),
            )
            for target, speed in self.speeds.items()
        )
        unit = r"e^{f-y}" if shifts(self.loss) else "e^f"
        yield Step(
            "No elementary time for a loss of exponentials",
            rows,
            rf"A rational function of ${unit}$, with $f$ a rational function of $e^{{\omega_fs}}$, or a "
            r"proper fraction in $s$: residues at its poles other than $0$ are no constants (residue "
            rf"criterion of Risch), and a power of ${unit}$ has no elementary integral (Liouville).",
        )


def derive(loss: ConvexLoss, flow: Flow, warp: FlowMap | None) -> NotElementaryLoss:
    """Write the slope in e^f, and look for coordinates.

    Raises:
        DoesNotApply: for other losses, and where the output is rational in no coordinate.
    """
    places = tuple(rational_places(warp))
    if warp is None or not places:
        raise DoesNotApply("the output is a rational function of no coordinate")
    speeds = {target: _speed(loss, target) for target in _targets(loss)}
    if not all(isinstance(is_rational(one, theta), Proved) for one in speeds.values()) or not all(
        one.has(theta) for one in speeds.values()
    ):
        raise DoesNotApply("1/slope of the loss is no rational function of the exponential of f")
    return NotElementaryLoss(loss=loss, flow=flow, warp=warp, speeds=speeds, places=places)


def _targets(loss: ConvexLoss) -> tuple[Expr, ...]:
    """Every kind of target: both signs; certain ones and any other; zero, for losses of f − y."""
    kind = loss.model.loss.targets
    if kind is Targets.SIGNS:
        return sympy.Integer(-1), sympy.Integer(1)
    if kind is Targets.PROBABILITIES:
        return sympy.Integer(0), share, sympy.Integer(1)
    return (y,)


def _exponent(loss: ConvexLoss, target: Expr) -> Expr:
    return f - target if shifts(loss) else f


@remembered
def _speed(loss: ConvexLoss, target: Expr) -> Expr:
    """1/ℓ′ in θ."""
    place = sympy.log(theta) + (target if shifts(loss) else 0)
    slope = loss.slope.subs(y, target).subs(f, place).rewrite(sympy.exp)
    return sympy.factor(sympy.simplify(1 / slope))


def _varies(speed: Expr) -> Verdict:
    """A rational function of θ that depends on θ; its derivative is not 0."""
    top = sympy.fraction(sympy.together(diff(speed, theta)))[0]
    return _yes(sympy.expand(top) != 0, f"{speed}")


def _has_simple_poles(speed: Expr) -> Verdict:
    """Without powers of θ the denominator and its derivative share no root: their resultant is not 0."""
    bottom = sympy.Poly(sympy.fraction(sympy.together(speed))[1], theta)
    while bottom.degree() > 0 and bottom.coeff_monomial(1) == 0:
        bottom = bottom.quo(sympy.Poly(theta, theta))
    if bottom.degree() == 0:
        return Proved("none")
    shared = sympy.factor(sympy.resultant(bottom.as_expr(), diff(bottom.as_expr(), theta), theta))
    return _yes(shared != 0, f"resultant {shared}")


def _yes(holds: bool, otherwise: str) -> Verdict:
    return Proved("inspection") if holds else Undecided(otherwise)
