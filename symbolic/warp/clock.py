"""Stage: the clock of a neuron, a function F of its state with v(F) = 1, so that F = s + const.

The differences Fᵢ − Fₖ are the conservation laws *between* neurons (Xu & Ziyin 2025, Eq. 28-30).
Along an orbit one coordinate z of the neuron obeys z′ = g(z; E) with g rational, where E is the
neuron's conserved quantity; then F = ∫dz/g(z; E), one rational integral for each sign of E. The
coordinate is found among u and u/h: for even β it is u, and F has an arctan or artanh; for odd
β ≥ 3 it is u/h, and F is a polynomial in it. On the two lines E = 0 it is h. Where no coordinate
is rational F stays an integral.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sympy
from sympy import Expr, Integral, Symbol, diff

from symbolic.laws.conservation import Conservation, is_quadratic_form, lie_derivative, unit_law
from symbolic.laws.separation import antiderivative
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import h_i, u_i
from symbolic.proof.cases import cases
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.linear import root_of_linear
from symbolic.proof.remembered import remembered
from symbolic.warp.notation import E_i
from symbolic.warp.orbits import LATEX, Orbit

z = Symbol("z", real=True)
ENERGY = Symbol("epsilon", positive=True)
SIGNS: Mapping[Orbit, Expr] = {Orbit.POSITIVE: ENERGY**2, Orbit.NEGATIVE: -(ENERGY**2)}


@dataclass(frozen=True, kw_only=True)
class Clock(Record):
    """F of a neuron.

    Attributes:
        energy: E, conserved, in u_i and h_i, with unit coefficient of u_i².
        coordinate: the coordinate z along the orbit for each sign of E, in u_i and h_i.
        speed: z′ in z and E, for each sign.
        values: F in z and epsilon = √|E|, for each sign of E; an integral where it is not closed.
    """

    flow: Need[Flow]
    laws: Need[Conservation]
    energy: Expr
    coordinate: dict[Orbit, Expr]
    speed: dict[Orbit, Expr]
    values: dict[Orbit, Expr]

    @property
    def is_closed(self) -> bool:
        """Whether every branch was integrated."""
        return not any(value.has(Integral) for value in self.values.values())

    def certify(self) -> Iterator[Certificate]:
        """E, and branch by branch the speed of z and the derivative of F."""
        field = {u_i: self.flow.velocity_u, h_i: self.flow.velocity_h}
        yield Certificate("every kind of orbit has its branch", _are_all(self))
        energy = prove_zero(lie_derivative(self.energy, field))
        yield Certificate("E is conserved", energy)
        for name, value in self.values.items():
            if not value.has(Integral):
                slope = diff(value, z)
                yield Certificate(f"{name}: dF/dz z' = 1", prove_equal(slope * self.speed[name], 1))
                reduces = _reduces(self, name, field)
                yield Certificate(f"{name}: z' is a function of z and E", reduces)
        whole = prove_equal(self.energy, unit_law(self.laws))
        yield Certificate("E is the law of a neuron, in units of u^2", whole)
        for name, value in self.values.items():
            if value.has(Integral):
                coordinate, speed = self.coordinate[name], self.speed[name]
                along = _moves(coordinate, speed, field)
                yield Certificate(f"{name}: z' is the velocity of z", along)
                same = prove_equal(diff(value, h_i) * speed, 1)
                yield Certificate(f"{name}: F is the integral of dz/z'", same)

    def explain(self) -> Iterator[Step]:
        """F on every kind of orbit."""
        yield Step(
            "Clock of a neuron",
            (
                (E_i, self.energy),
                *(
                    (
                        rf"F_i\big|_{{{LATEX[name]}}}",
                        _shown(value.subs(z, self.coordinate[name])),
                    )
                    for name, value in self.values.items()
                ),
                ("F_i-F_k", r"\mathrm{const}"),
            ),
            r"$F_i$ is the integral of $dz/\dot z$ along the orbit of neuron $i$: $v(F_i)=1$, the same "
            r"for all neurons, so the differences are conserved.",
        )


def derive(flow: Flow, laws: Conservation) -> Clock:
    """Find the coordinate and integrate, sign by sign of E."""
    energy = unit_law(laws)
    branches = _branches({u_i: flow.velocity_u, h_i: flow.velocity_h}, energy)
    return Clock(
        flow=flow,
        laws=laws,
        energy=energy,
        coordinate={name: branch.coordinate for name, branch in branches.items()},
        speed={name: branch.speed for name, branch in branches.items()},
        values={name: branch.integral for name, branch in branches.items()},
    )


def _reduces(clock: Clock, name: Orbit, field: dict[Expr, Expr]) -> Verdict:
    """The velocity of z is its speed; on a line E = 0 it is, and the flow does not leave the line."""
    coordinate, speed = clock.coordinate[name], clock.speed[name]
    velocity = lie_derivative(coordinate, field)
    if name in SIGNS:
        root = sympy.sqrt(clock.energy * sympy.sign(SIGNS[name]))
        return prove_equal(velocity, speed.subs(z, coordinate).subs(ENERGY, root))
    roots = {Orbit.on_line(root): root for root in lines(clock.energy)}
    if name not in roots:
        return Undecided(f"no line {name}")
    root = roots[name]
    along = prove_zero(lie_derivative(u_i - root, field).subs(u_i, root))
    if not isinstance(along, Proved):
        return along
    return prove_equal(velocity.subs(u_i, root), speed.subs(z, coordinate))


def _moves(coordinate: Expr, speed: Expr, field: dict[Expr, Expr]) -> Verdict:
    """The speed is the velocity of h, or its one branch that is not zero."""
    if coordinate != h_i:
        return Undecided(f"coordinate {coordinate}")
    velocity = field[h_i]
    if velocity.has(sympy.Piecewise) and not speed.has(sympy.Piecewise):
        return prove_equal(_where_it_moves(velocity), speed)
    return prove_equal(velocity, speed)


def _are_all(clock: Clock) -> Verdict:
    """Both signs of E and its lines, or one branch for all orbits on which the neuron moves."""
    names, on_lines = set(clock.values), {Orbit.on_line(root) for root in lines(clock.energy)}
    whole = names in ({*SIGNS, *on_lines}, {Orbit.MOVING}) and names == set(clock.speed)
    if whole and names == set(clock.coordinate):
        return Proved("names")
    return Undecided(f"branches {sorted(names)}")


@remembered
def lines(energy: Expr) -> tuple[Expr, ...]:
    """The lines E = 0 of a quadratic law, u in h; none of another law."""
    return tuple(sympy.solve(energy, u_i)) if is_quadratic_form(energy) else ()


def _shown(value: Expr) -> Expr:
    """Logarithms of absolute values, real on both sides of a pole."""
    real = value.subs(ENERGY, sympy.sqrt(sympy.Abs(E_i)))
    return real.replace(sympy.log, lambda z: sympy.log(sympy.Abs(z)))


def _candidates(energy: Expr) -> list[tuple[Expr, dict[Expr, Expr]]]:
    """Coordinates z with what u, or h², are in z and E."""
    square = root_of_linear(energy - E_i, h_i**2).subs(u_i, z)
    over = root_of_linear(energy.subs(u_i, z * h_i) - E_i, h_i**2)
    return [(u_i, {u_i: z, h_i**2: square}), (u_i / h_i, {u_i: z * h_i, h_i**2: over})]


@dataclass(frozen=True)
class _Branch:
    coordinate: Expr
    speed: Expr
    integral: Expr


def _integrated(coordinate: Expr, speed: Expr) -> _Branch:
    return _Branch(coordinate, speed, _tidy(antiderivative(1 / speed, z)))


def _open(speed: Expr) -> _Branch:
    return _Branch(h_i, speed, Integral(1 / speed, h_i))


def _branches(field: dict[Expr, Expr], energy: Expr) -> dict[Orbit, _Branch]:
    """The coordinate for each sign of E; on a line E = 0 it is h, u being a multiple of it."""
    if not is_quadratic_form(energy) or field[h_i].has(sympy.Piecewise):
        return {Orbit.MOVING: _open(_where_it_moves(field[h_i]))}
    branches = {name: _off_the_lines(field, energy, value) for name, value in SIGNS.items()}
    for root in lines(energy):
        speed = sympy.factor(field[h_i].subs(u_i, root).subs(h_i, z))
        branches[Orbit.on_line(root)] = _integrated(h_i, speed)
    return branches


def _off_the_lines(field: dict[Expr, Expr], energy: Expr, value: Expr) -> _Branch:
    """The first coordinate whose velocity is a rational function of itself and E."""
    for coordinate, places in _candidates(energy):
        velocity = lie_derivative(coordinate, field)
        speed = sympy.factor(_eliminate(velocity, places).subs(E_i, value))
        if not speed.has(u_i, h_i) and speed.is_rational_function(z):
            return _integrated(coordinate, speed)
    return _open(field[h_i])


def _where_it_moves(speed: Expr) -> Expr:
    """Of a speed with branches the one that is not zero; all of them where none is."""
    moving = [part for part in cases(speed) if part != 0]
    return moving[0] if len(moving) < len(cases(speed)) else speed


def _tidy(expression: Expr) -> Expr:
    return sympy.factor_terms(sympy.expand(expression))


def _eliminate(velocity: Expr, places: dict[Expr, Expr]) -> Expr:
    """Write a velocity in z and E: u by z, then even powers of h by the law."""
    u_in_z, square = places[u_i], places[h_i**2]
    inner = sympy.cancel(sympy.together(velocity.subs(u_i, u_in_z)))
    hidden = Symbol("hidden")
    if not inner.is_rational_function(h_i):
        return inner
    top, bottom = (sympy.Poly(part, h_i) for part in sympy.fraction(inner))
    parts = []
    for poly in (top, bottom):
        parts.append(
            sympy.Add(
                *(c * (hidden ** (k // 2)) * h_i ** (k % 2) for (k,), c in poly.terms())
            ).subs(hidden, square)
        )
    return sympy.cancel(parts[0] / parts[1])
