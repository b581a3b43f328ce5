"""The elapsed time of one neuron for every integer power at once: β = 2n and β = 2n + 1, n left open.

With h² = H(z) on the orbit, f = F(z) H^a and z′ = V(z) H^b with exponents a and b that are linear in n;
all that is claimed of the fraction of `width_one` is proved for symbolic n.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import sympy
from sympy import Expr, diff

from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import beta, h_i, u_i, y
from symbolic.proof.certificate import Certificate
from symbolic.proof.equality import Undecided, prove_equal
from symbolic.proof.linear import root_of_linear
from symbolic.proof.remembered import remembered
from symbolic.warp import clock as clocks
from symbolic.warp.clock import Clock
from symbolic.warp.notation import E_i, half
from symbolic.warp.open_exponents import (
    Along,
    are_natural,
    are_rational,
    as_power,
    has_none,
    is_on,
    is_power,
    is_proper,
    is_rational_slope,
    share_none,
    terms,
)
from symbolic.warp.orbits import OpenOrbit, Orbit
from symbolic.warp.width_one import Fraction, is_named

z = clocks.z


class Parity(Enum):
    """Of an integer power."""

    EVEN = "even"
    ODD = "odd"

    @property
    def power(self) -> Expr:
        """β by an integer."""
        return 2 * half if self is Parity.EVEN else 2 * half + 1


NAMES: Mapping[tuple[Parity, Orbit | None], OpenOrbit] = {
    (Parity.EVEN, None): OpenOrbit.EVEN,
    (Parity.EVEN, Orbit.GROWING): OpenOrbit.EVEN_GROWING,
    (Parity.EVEN, Orbit.DYING): OpenOrbit.EVEN_DYING,
    (Parity.ODD, None): OpenOrbit.ODD,
    (Parity.ODD, Orbit.GROWING): OpenOrbit.ODD_GROWING,
    (Parity.ODD, Orbit.DYING): OpenOrbit.ODD_DYING,
}  # None: off the lines E = 0


@remembered
def at_every_integer(flow: Flow, clock: Clock) -> Mapping[OpenOrbit, Fraction]:
    """Condition → fraction for β = 2n and β = 2n + 1, n ≥ 1, on every kind of orbit."""
    return {case.name: _open_parts(case).fraction for case in _cases(flow, clock)}


@remembered
def prove_at_every_integer(
    flow: Flow, clock: Clock, name: OpenOrbit, fraction: Fraction
) -> tuple[Certificate, ...]:
    """What is claimed of a fraction with an open integer."""
    case = next((case for case in _cases(flow, clock) if case.name == name), None)
    if case is None:
        return (Certificate(f"{name} is a kind of orbit", Undecided("no such orbit")),)
    return tuple(_open_certificates(case, fraction))


@dataclass(frozen=True)
class _Case:
    """A neuron on one kind of orbit, for one parity of β.

    Attributes:
        name: parity and orbit.
        orbit: its coordinate.
        energy, output, kernel: E, f and K in u and h.
    """

    name: OpenOrbit
    orbit: Along
    energy: Expr
    output: Expr
    kernel: Expr


@remembered
def _cases(flow: Flow, clock: Clock) -> tuple[_Case, ...]:
    found = []
    for parity in Parity:
        power = parity.power
        energy = clock.energy.subs(beta, power)
        parts = (flow.velocity_u, flow.velocity_h, flow.output_i, flow.tangent_kernel_i)
        velocity_u, velocity_h, output, kernel = (part.subs(beta, power) for part in parts)
        field = {u_i: velocity_u, h_i: velocity_h}
        for where, orbit in _orbits(field, energy, parity):
            found.append(_Case(NAMES[parity, where], orbit, energy, output, kernel))
    return tuple(found)


def _orbits(
    field: dict[Expr, Expr], energy: Expr, parity: Parity
) -> Iterator[tuple[Orbit | None, Along]]:
    coordinate, place = (u_i, z) if parity is Parity.EVEN else (u_i / h_i, z * h_i)
    velocity = sum(diff(coordinate, state) * field[state] for state in field)
    square = root_of_linear(energy.subs(u_i, place) - E_i, h_i**2)
    yield None, Along(coordinate, place, sympy.factor(square), 2, velocity)
    for root in clocks.lines(energy):
        yield Orbit.on_line(root), Along(h_i, root, z, 1, field[h_i])


@dataclass(frozen=True)
class _OpenParts:
    """Of a fraction with an open integer: powers of H, and factors."""

    outer: Expr
    a: Expr
    b: Expr
    lowered: int
    ratio: Expr
    speed: Expr
    fraction: Fraction


@remembered
def _open_parts(case: _Case) -> _OpenParts:
    orbit = case.orbit
    outer, a = as_power(case.output, orbit)
    speed, b = as_power(orbit.velocity, orbit)
    above, below = sympy.fraction(orbit.square)
    # One power of the denominator of H is a multiple of V, or V does not depend on z.
    lowered = 0 if not speed.has(z) else 1
    ratio = sympy.cancel(below**lowered / speed)
    # Every factor gets its own power: only so does the normal form see them cancel.
    top = sympy.expand_power_base(outer * ratio * above ** (a - b) * below ** (b - lowered))
    bottom = sympy.expand_power_base(y * below**a - outer * above**a)
    fraction = Fraction(f"{orbit.coordinate}", top, bottom)
    return _OpenParts(outer, a, b, lowered, ratio, speed, fraction)


def _open_certificates(case: _Case, fraction: Fraction) -> Iterator[Certificate]:
    orbit, name, parts = case.orbit, case.name, _open_parts(case)
    outer, a, b, speed = parts.outer, parts.a, parts.b, parts.speed
    top, bottom = fraction.numerator, fraction.polynomial
    above, below = sympy.fraction(orbit.square)
    f, velocity, common = map(
        sympy.expand_power_base, (outer * orbit.square**a, speed * orbit.square**b, below**a)
    )
    along = case.energy.subs(u_i, orbit.place)
    summands = (part * orbit.square**c for part, c in terms(case.kernel, orbit))
    kernel_in_z = sympy.expand_power_base(sympy.Add(*summands))
    on_orbit = is_on(orbit, along)
    yield Certificate(f"{name}: h^{orbit.step} is H(z) on the orbit", on_orbit)
    yield Certificate(f"{name}: f = F H^a", is_power(case.output, orbit, outer, a))
    yield Certificate(f"{name}: z' = V H^b", is_power(orbit.velocity, orbit, speed, b))
    yield Certificate(f"{name}: the fraction has no denominators", has_none(parts.ratio))
    natural = are_natural(a - b, b - parts.lowered)
    yield Certificate(f"{name}: its exponents are natural numbers", natural)
    rational = are_rational(1 / speed, orbit.square)
    yield Certificate(f"{name}: 1/z' is rational: so is the clock's integral", rational)
    yield Certificate(f"{name}: B = (y - f) C", prove_equal(bottom, (y - f) * common))
    yield Certificate(f"{name}: A z' = f C", prove_equal(top * velocity, f * common))
    apart = share_none(below, outer * above)
    yield Certificate(f"{name}: C and A share no root with B", apart)
    kernel = prove_equal(diff(f, z) * velocity, kernel_in_z)
    yield Certificate(f"{name}: df/ds is K", kernel)
    yield Certificate(f"{name}: the fraction is proper", is_proper(top, bottom))
    simple = is_rational_slope(f)
    yield Certificate(f"{name}: the roots are simple but for finitely many targets", simple)
    yield Certificate(f"{name}: its coordinate", is_named(fraction, orbit.coordinate))
