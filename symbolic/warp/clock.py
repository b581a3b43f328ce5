"""Stage 4, the clock of a neuron: a function F of its state with v(F) = 1, so that F = s + const.

The differences Fᵢ − Fₖ are the conservation laws *between* neurons (Xu & Ziyin 2025, Eq. 28-30).
Along an orbit one coordinate z of the neuron obeys z′ = g(z; E) with g rational, where E is the
neuron's conserved quantity; then F = ∫dz/g(z; E), one rational integral for each sign of E. The
coordinate is found among u and u/h: for even β it is u, and F has an arctan or artanh; for odd
β ≥ 3 it is u/h, and F is a polynomial in it. On the two lines E = 0 it is h. Where no coordinate
is rational F stays an integral.
"""

from __future__ import annotations

from dataclasses import dataclass

import sympy
from sympy import Expr, Integral, Symbol, diff

from symbolic.laws.conservation import Conservation, is_quadratic_form, lie_derivative, unit_law
from symbolic.laws.separation import antiderivative
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import E_i, h_i, u_i
from symbolic.proof.certificate import Certificate, Record, Step
from symbolic.proof.equality import Undecided, Verdict, cases, prove_equal, prove_zero

z = Symbol("z", real=True)
ENERGY = Symbol("epsilon", positive=True)
SIGNS = {"E > 0": ENERGY**2, "E < 0": -(ENERGY**2)}


@dataclass(frozen=True, kw_only=True)
class Clock(Record):
    """F of a neuron.

    Attributes:
        energy: E, conserved, in u_i and h_i, with unit coefficient of u_i².
        coordinate: the coordinate z along the orbit for each sign of E, in u_i and h_i.
        speed: z′ in z and E, for each sign.
        values: F in z and epsilon = √|E|, for each sign of E; an integral where it is not closed.
    """

    energy: Expr
    coordinate: dict[str, Expr]
    speed: dict[str, Expr]
    values: dict[str, Expr]

    @property
    def is_closed(self) -> bool:
        """Whether every branch was integrated."""
        return not any(value.has(Integral) for value in self.values.values())


def derive(flow: Flow, laws: Conservation) -> Clock:
    """Find the coordinate and integrate, sign by sign of E."""
    energy = unit_law(laws)
    field = {u_i: flow.velocity_u, h_i: flow.velocity_h}
    coordinates, speeds, values = {}, {}, {}
    certificates = [Certificate("E is conserved", prove_zero(lie_derivative(energy, field)))]
    for name, branch in _branches(field, energy).items():
        coordinates[name], speeds[name] = branch.coordinate, branch.speed
        if branch.is_open:
            values[name] = Integral(1 / branch.speed, h_i)
            continue
        values[name] = _tidy(antiderivative(1 / branch.speed, z))
        slope = diff(values[name], z)
        certificates += [
            Certificate(f"{name}: dF/dz z' = 1", prove_equal(slope * branch.speed, 1)),
            Certificate(f"{name}: z' is a function of z and E", branch.reduces),
        ]
    step = Step(
        "Clock of a neuron",
        (
            (E_i, energy),
            *(
                (
                    rf"F_i\big|_{{{_condition(name)}}}",
                    _shown(value.subs(z, coordinates[name])),
                )
                for name, value in values.items()
            ),
            ("F_i-F_k", r"\mathrm{const}"),
        ),
        r"$F_i$ is the integral of $dz/\dot z$ along the orbit of neuron $i$: $v(F_i)=1$, the same "
        r"for all neurons, so the differences are conserved.",
    )
    return Clock(
        energy=energy,
        coordinate=coordinates,
        speed=speeds,
        values=values,
        certificates=tuple(certificates),
        steps=(step,),
    )


def _condition(name: str) -> str:
    """A condition as LaTeX."""
    signs = {"E": "E_i", "u h'": "u_i h_i'", "u h ": "u_i h_i ", "!=": r"\ne", ", ": r",\ "}
    for plain, latex in signs.items():
        name = name.replace(plain, latex)
    return name


def _shown(value: Expr) -> Expr:
    """Logarithms of absolute values, real on both sides of a pole."""
    real = value.subs(ENERGY, sympy.sqrt(sympy.Abs(E_i)))
    return real.replace(sympy.log, lambda z: sympy.log(sympy.Abs(z)))


def _candidates(energy: Expr) -> list[tuple[Expr, dict[Expr, Expr]]]:
    """Coordinates z with what u, or h², are in z and E."""
    square = sympy.solve(energy - E_i, h_i**2)[0].subs(u_i, z)
    over = sympy.solve(energy.subs(u_i, z * h_i) - E_i, h_i**2)[0]
    return [(u_i, {u_i: z, h_i**2: square}), (u_i / h_i, {u_i: z * h_i, h_i**2: over})]


@dataclass(frozen=True)
class _Branch:
    coordinate: Expr
    speed: Expr
    reduces: Verdict
    is_open: bool = False


def _branches(field: dict[Expr, Expr], energy: Expr) -> dict[str, _Branch]:
    """The coordinate for each sign of E; on a line E = 0 it is h, u being a multiple of it."""
    if not is_quadratic_form(energy) or field[h_i].has(sympy.Piecewise):
        speed = _where_it_moves(field[h_i])
        return {"u h' != 0": _Branch(h_i, speed, Undecided("not needed"), is_open=True)}
    branches = {name: _off_the_lines(field, energy, value) for name, value in SIGNS.items()}
    for root in sympy.solve(energy, u_i):
        ratio = sympy.cancel(root / h_i)
        speed = field[h_i].subs(u_i, root)
        where = "u h > 0" if ratio.is_positive else "u h < 0"
        along = lie_derivative(u_i - root, field).subs(u_i, root)
        branches[f"E = 0, {where}"] = _Branch(
            h_i, sympy.factor(speed.subs(h_i, z)), prove_zero(along)
        )
    return branches


def _off_the_lines(field: dict[Expr, Expr], energy: Expr, value: Expr) -> _Branch:
    """The first coordinate whose velocity is a rational function of itself and E."""
    for coordinate, places in _candidates(energy):
        velocity = lie_derivative(coordinate, field)
        speed = sympy.factor(_eliminate(velocity, places).subs(E_i, value))
        if not speed.has(u_i, h_i) and speed.is_rational_function(z):
            at = speed.subs(z, coordinate).subs(ENERGY, sympy.sqrt(energy * sympy.sign(value)))
            return _Branch(coordinate, speed, prove_equal(velocity, at))
    return _Branch(h_i, field[h_i], Undecided("no coordinate has a rational speed"), is_open=True)


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
