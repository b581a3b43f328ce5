"""The elapsed time of one neuron with a power as activation: a rational integral.

Along the orbit E = u² − κ h² of a neuron with σ(h) = h^β, β an integer, everything is rational in one
coordinate z: in u for even β, in u/h for odd β, on the lines E = 0 in h. With h² = H(z) or z²

    f = F(z) H^a,   z′ = V(z) H^b,   1/(z′ (y − f)) = 1/(y z′) + A/(y B),   A/B = f/(z′ (y − f)),

and A/B is a proper fraction whose poles are the roots r of f(r) = y, of residue −y/K(r). `at_number`
finds it for a given β. `at_every_integer` leaves the integer open: with β = 2n and β = 2n + 1 the
exponents a and b are linear in n, and all that is claimed is proved for symbolic n.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sympy
from sympy import Expr, Integer, Poly, Rational, Symbol, diff

from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import beta, h_i, u_i, y
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.remembered import remembered
from symbolic.warp import clock as clocks
from symbolic.warp.clock import Clock
from symbolic.warp.notation import E_i, half

z = clocks.z
PARITIES = {"even": 2 * half, "odd": 2 * half + 1}


@dataclass(frozen=True)
class Fraction:
    """y z′ (1/(y z′ (y − f)) − 1/(y² z′)) as a fraction: what is left after the clock.

    Attributes:
        coordinate: z in terms of the neuron or of s, in words.
        numerator, polynomial: A and B, polynomials in z; the roots of B are those of f = y.
    """

    coordinate: str
    numerator: Expr
    polynomial: Expr


@dataclass(frozen=True)
class _Place:
    """A neuron on a branch of its clock: everything in the coordinate z.

    Attributes:
        coordinate: z in u and h.
        output, kernel: f and K in z.
        speed: z′ in z.
    """

    coordinate: Expr
    output: Expr
    kernel: Expr
    speed: Expr


@remembered
def place(flow: Flow, clock: Clock, branch: str) -> _Place:
    """The output of a neuron with a power that is a number, in the clock's coordinate.

    Raises:
        DoesNotApply: when the output is not rational in it.
    """
    coordinate, speed = clock.coordinate[branch], clock.speed[branch]
    u_in_z = z if coordinate == u_i else z * h_i
    (h_2,) = sympy.solve(clock.energy.subs(u_i, u_in_z) - clocks.SIGNS[branch], h_i**2)

    def in_z(expression: Expr) -> Expr:
        terms = Poly(sympy.cancel(expression.subs(u_i, u_in_z)), h_i).terms()
        if any(degree % 2 for (degree,), _ in terms):
            raise DoesNotApply(f"{expression} is not rational in {coordinate}")
        return sympy.cancel(sympy.Add(*(c * h_2 ** (degree // 2) for (degree,), c in terms)))

    return _Place(coordinate, in_z(flow.output_i), in_z(flow.tangent_kernel_i), speed)


@remembered
def at_number(flow: Flow, clock: Clock, branch: str) -> Fraction:
    """The fraction for a power that is a number, in the clock's coordinate.

    Raises:
        DoesNotApply: when the output is not rational in it, or the fraction has further poles.
    """
    at = place(flow, clock, branch)
    rest = sympy.cancel(at.output / (at.speed * (y - at.output)))
    top, bottom = sympy.fraction(rest)
    if sympy.cancel(bottom / _target(at.output)).has(z):
        raise DoesNotApply(f"the fraction in {at.coordinate} has poles where f is not y")
    return Fraction(f"{at.coordinate}", top, sympy.factor(bottom))


def _target(output: Expr) -> Expr:
    """The numerator of y − f."""
    return sympy.fraction(sympy.together(y - output))[0]


@remembered
def prove_at_number(
    flow: Flow, clock: Clock, branch: str, fraction: Fraction
) -> tuple[Certificate, ...]:
    """What is claimed of a fraction: that it completes the clock, and what its poles are."""
    return tuple(_number_certificates(flow, clock, branch, fraction))


def _number_certificates(
    flow: Flow, clock: Clock, branch: str, fraction: Fraction
) -> Iterator[Certificate]:
    at, where = place(flow, clock, branch), f"width 1, {branch}"
    f, speed, top, bottom = at.output, at.speed, fraction.numerator, fraction.polynomial
    parts = 1 / (y * speed) + top / (bottom * y)
    whole = prove_equal(1 / (speed * (y - f)), parts)
    slope = prove_equal(diff(f, z) * speed, at.kernel)
    yield Certificate(f"{where}: 1/(z'(y - f)) = 1/(y z') + A/(y B)", whole)
    yield Certificate(f"{where}: df/ds is the tangent kernel", slope)
    yield Certificate(f"{where}: the fraction is proper", is_proper(top, bottom))
    divides = _divides(bottom, _target(f))
    yield Certificate(f"{where}: the roots of B are those of f = y", divides)
    simple = _squarefree(bottom)
    yield Certificate(f"{where}: the roots are simple but for exceptional values", simple)
    residue = _residue(top, bottom, f, speed)
    yield Certificate(f"{where}: the residue at a root is -y/K", residue)
    yield Certificate(f"{where}: its coordinate", _is_named(fraction, at.coordinate))


def _is_named(fraction: Fraction, coordinate: Expr) -> Verdict:
    if fraction.coordinate == str(coordinate):
        return Proved("name")
    return Undecided(f"{fraction.coordinate} for {coordinate}")


def is_proper(top: Expr, bottom: Expr, variable: Symbol = z) -> Verdict:
    """Whether a fraction of polynomials has the larger degree below."""
    degrees = Poly(top, variable).degree(), Poly(bottom, variable).degree()
    return Proved("degrees") if degrees[0] < degrees[1] else Undecided(f"degrees {degrees}")


def _divides(bottom: Expr, target: Expr) -> Verdict:
    """B and the numerator of y − f have the same roots."""
    quotient = sympy.cancel(bottom / target)
    return Undecided(f"quotient {quotient}") if quotient.has(z) else Proved("division")


def _squarefree(bottom: Expr) -> Verdict:
    """At some exact values the discriminant is not zero, so it is not the zero polynomial."""
    symbols = sorted(bottom.free_symbols - {z}, key=str)
    at = {symbol: Rational(2 + k, 3 + 2 * k) for k, symbol in enumerate(symbols)}
    value = sympy.discriminant(bottom.subs(at), z)
    return Proved("discriminant") if value != 0 else Undecided("the discriminant vanishes")


def _residue(top: Expr, bottom: Expr, f: Expr, speed: Expr) -> Verdict:
    """A/B′ + y/(z′ f_z) vanishes where f = y: its numerator is divisible by y − f."""
    residue = top / diff(bottom, z) + y / (speed * diff(f, z))
    numerator = sympy.fraction(sympy.together(residue))[0]
    root = sympy.fraction(sympy.together(y - f))[0]
    remainder = sympy.rem(Poly(numerator, z, domain="EX"), Poly(root, z, domain="EX"))
    return prove_zero(sympy.simplify(remainder.as_expr()))


# Every integer at once


@dataclass(frozen=True)
class _Orbit:
    """A coordinate on one kind of orbit.

    Attributes:
        place: u in z and h.
        square: h^step along the orbit, in z.
        step: 2, or 1 where h itself is the coordinate.
        velocity: z′ in u and h.
        coordinate: z in u and h.
    """

    coordinate: Expr
    place: Expr
    square: Expr
    step: int
    velocity: Expr


@remembered
def at_every_integer(flow: Flow, clock: Clock) -> dict[str, Fraction]:
    """Condition → fraction for β = 2n and β = 2n + 1, n ≥ 1, on every kind of orbit."""
    return {case.name: _open_parts(case).fraction for case in _cases(flow, clock)}


@remembered
def prove_at_every_integer(
    flow: Flow, clock: Clock, name: str, fraction: Fraction
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

    name: str
    orbit: _Orbit
    energy: Expr
    output: Expr
    kernel: Expr


@remembered
def _cases(flow: Flow, clock: Clock) -> tuple[_Case, ...]:
    return tuple(_every_case(flow, clock))


def _every_case(flow: Flow, clock: Clock) -> Iterator[_Case]:
    for parity, power in PARITIES.items():
        energy = clock.energy.subs(beta, power)
        parts = (flow.velocity_u, flow.velocity_h, flow.output_i, flow.tangent_kernel_i)
        velocity_u, velocity_h, output, kernel = (part.subs(beta, power) for part in parts)
        field = {u_i: velocity_u, h_i: velocity_h}
        for where, orbit in _orbits(field, energy, parity):
            yield _Case(f"{parity} beta, {where}", orbit, energy, output, kernel)


def _orbits(field: dict[Expr, Expr], energy: Expr, parity: str) -> Iterator[tuple[str, _Orbit]]:
    coordinate, place = (u_i, z) if parity == "even" else (u_i / h_i, z * h_i)
    velocity = sum(diff(coordinate, state) * field[state] for state in field)
    (square,) = sympy.solve(energy.subs(u_i, place) - E_i, h_i**2)
    yield "E != 0", _Orbit(coordinate, place, sympy.factor(square), 2, velocity)
    for root in sympy.solve(energy, u_i):
        where = "E = 0, " + ("u h > 0" if (root / h_i).is_positive else "u h < 0")
        yield where, _Orbit(h_i, root, z, 1, field[h_i])


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
    outer, a = _as_power(case.output, orbit)
    speed, b = _as_power(orbit.velocity, orbit)
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
    terms = (part * orbit.square**c for part, c in _terms(case.kernel, orbit))
    kernel_in_z = sympy.expand_power_base(sympy.Add(*terms))
    on_orbit = _is_on(orbit, along)
    yield Certificate(f"{name}: h^{orbit.step} is H(z) on the orbit", on_orbit)
    yield Certificate(f"{name}: f = F H^a", _is_power(case.output, orbit, outer, a))
    yield Certificate(f"{name}: z' = V H^b", _is_power(orbit.velocity, orbit, speed, b))
    yield Certificate(f"{name}: the fraction has no denominators", _has_none(parts.ratio))
    natural = _are_natural(a - b, b - parts.lowered)
    yield Certificate(f"{name}: its exponents are natural numbers", natural)
    rational = _is_rational(1 / speed, orbit.square)
    yield Certificate(f"{name}: 1/z' is rational: so is the clock's integral", rational)
    yield Certificate(f"{name}: B = (y - f) C", prove_equal(bottom, (y - f) * common))
    yield Certificate(f"{name}: A z' = f C", prove_equal(top * velocity, f * common))
    apart = _share_none(below, outer * above)
    yield Certificate(f"{name}: C and A share no root with B", apart)
    kernel = prove_equal(diff(f, z) * velocity, kernel_in_z)
    yield Certificate(f"{name}: df/ds is K", kernel)
    yield Certificate(f"{name}: the fraction is proper", _is_proper_openly(top, bottom))
    simple = _is_rational_slope(f)
    yield Certificate(f"{name}: the roots are simple but for finitely many targets", simple)
    yield Certificate(f"{name}: its coordinate", _is_named(fraction, orbit.coordinate))


def _terms(expression: Expr, orbit: _Orbit) -> list[tuple[Expr, Expr]]:
    """An expression on the orbit as a sum of c(z) h^(step k): pairs (c, k).

    Raises:
        DoesNotApply: for a power of h that is not a power of h^step.
    """
    here = sympy.expand(sympy.powsimp(sympy.expand(expression.subs(u_i, orbit.place))))
    found: dict[Expr, Expr] = {}
    for term in sympy.Add.make_args(here):
        coefficient, power = sympy.powsimp(term).as_independent(h_i, as_Add=False)
        exponent = sympy.expand(power.as_base_exp()[1]) / orbit.step
        if not sympy.expand(exponent).is_integer:
            raise DoesNotApply(f"{expression} is not rational in {orbit.coordinate}")
        exponent = sympy.expand(exponent)
        found[exponent] = found.get(exponent, Integer(0)) + coefficient
    return [(sympy.factor(c), k) for k, c in found.items()]


def _as_power(expression: Expr, orbit: _Orbit) -> tuple[Expr, Expr]:
    """The c and k of an expression that is c(z) h^(step k) on the orbit."""
    ((coefficient, exponent),) = _terms(expression, orbit)
    return coefficient, exponent


def _is_power(expression: Expr, orbit: _Orbit, coefficient: Expr, exponent: Expr) -> Verdict:
    here = expression.subs(u_i, orbit.place)
    return prove_equal(here, coefficient * h_i ** (orbit.step * exponent))


def _is_on(orbit: _Orbit, along: Expr) -> Verdict:
    """The law has its value where h^step = H(z), whatever the sign of h."""
    if orbit.step == 1:
        return prove_zero(along)
    return prove_equal(along.subs(h_i**2, orbit.square), E_i)


def _has_none(ratio: Expr) -> Verdict:
    return Undecided(f"{ratio} depends on z") if ratio.has(z) else Proved("cancellation")


def _are_natural(*exponents: Expr) -> Verdict:
    if all(sympy.expand(one).is_integer and sympy.expand(one).is_nonnegative for one in exponents):
        return Proved("signs of their terms")
    return Undecided(f"exponents {exponents}")


def _is_rational(*parts: Expr) -> Verdict:
    """Of factors: z′ is one of them times a natural power of the other."""
    if all(part.is_rational_function(z) for part in parts):
        return Proved("inspection")
    return Undecided(f"{parts} are not rational in z")


def _share_none(below: Expr, rest: Expr) -> Verdict:
    """Where the denominator of H vanishes B does not: their resultant is a nonzero monomial."""
    if not below.has(z):
        return Proved("no roots")
    resultant = sympy.factor(sympy.resultant(below, rest, z))
    monomial = len(sympy.Add.make_args(resultant)) == 1 and resultant != 0
    return Proved("resultant") if monomial else Undecided(f"resultant {resultant}")


def _degree(polynomial: Expr) -> Expr:
    """Degree in z of a polynomial with symbolic exponents, no two terms of which tie."""
    if polynomial.is_polynomial(z):
        return Integer(sympy.degree(polynomial, z))
    if polynomial.is_Mul:
        return sympy.expand(sympy.Add(*(_degree(part) for part in polynomial.args)))
    if polynomial.is_Pow:
        return sympy.expand(polynomial.exp * _degree(polynomial.base))
    largest, *others = (_degree(part) for part in polynomial.args)
    for degree in others:
        if (degree - largest).is_positive:
            largest = degree
        elif not (largest - degree).is_positive:
            raise DoesNotApply(f"the degree of {polynomial} is not plain")
    return largest


def _is_proper_openly(top: Expr, bottom: Expr) -> Verdict:
    degrees = _degree(top), _degree(bottom)
    gap = sympy.expand(degrees[1] - degrees[0])
    return Proved("degrees") if gap.is_positive else Undecided(f"degrees {degrees}")


def _is_rational_slope(f: Expr) -> Verdict:
    """f_z/f is a rational function, not zero: f_z has finitely many roots, at which y ≠ f."""
    slope = sympy.cancel(sympy.powsimp(sympy.expand(diff(f, z) / f)))
    if slope.is_rational_function(z) and slope != 0:
        return Proved("logarithmic derivative")
    return Undecided(f"slope {slope}")
