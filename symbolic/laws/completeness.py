"""Stage: the conservation laws are independent, and none is missing.

*At most* D − 1 functions of D = d (d₀ + 1) weights can be conserved and independent, because their
differentials all vanish on v and v is not zero: the Lie algebra that one field generates has rank
1.

*At least* D − 1 are found, at every width, by induction over neurons. Of each row the linear laws
fix the d₀ − 1 directions across x. The first neuron adds its own law. Every further neuron k adds
two: for a linear network the bilinear laws between it and the first, whose Jacobian in (u_k, h_k)
is not zero; else its own law E_k and the difference of clocks F_k − F_1. These are independent
wherever v moves the neurons and dE ≠ 0: were Σ a_i dE_i + Σ b_k (dF_k − dF_1) = 0, then on neuron k
alone a_k dE_k + b_k dF_k = 0, and v, with v(E) = 0 and v(F) = 1, gives b_k = 0 and so a_k = 0.

Ranks at exact rational points of small networks repeat the count without the induction. There a
clock's differential stands for itself modulo dE as du/v(u), which is rational. For a linear network
the null space of *all* quadratic forms in *all* weights is no larger than the laws found span.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import sympy
from flint import fmpq
from sympy import Expr, Matrix, Symbol, diff

from symbolic.laws.conservation import Conservation
from symbolic.network.gradient_flow import Flow
from symbolic.notation import symbols as n
from symbolic.notation.typesetting import typeset
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Refuted, Undecided, Verdict, prove_equal, prove_zero
from symbolic.proof.ranks import rank_of_rows

COLUMNS = ("d", "d0", "weights", "rank", "quadratic laws")
SIZES = ((1, 1), (1, 3), (2, 1), (2, 2), (3, 2), (2, 3), (4, 1))


@dataclass(frozen=True, kw_only=True)
class Completeness(Record):
    """How many independent laws there are.

    Attributes:
        weights: D, the number of weights.
        laws: the number of independent laws found.
        table: rows (d, d₀, D, rank of the laws found, dimension of all quadratic laws where the
            field is linear); empty for an activation without rational values.
    """

    flow: Need[Flow]
    conserved: Need[Conservation]
    weights: Expr
    laws: Expr
    table: tuple[tuple[int, int, int, int, int | None], ...]

    def certify(self) -> Iterator[Certificate]:
        """The count at every width by induction, and ranks at exact points."""
        flow, laws = self.flow, self.conserved
        yield Certificate("no size is left out", _is_the_table(self))
        number = prove_equal(self.laws, self.weights - 1)
        yield Certificate("laws found = weights - 1 at every width", number)
        blind = sympy.Add(*(law.xreplace({n.w_ij: n.x_j, n.w_il: n.x_l}) for law in laws.linear))
        yield Certificate("linear laws do not see the direction of x", prove_zero(blind))
        new = _not_zero(diff(laws.linear[0], n.w_il))
        yield Certificate("one new input per linear law", new)
        own = _not_zero(diff(laws.own[0], n.u_i))
        yield Certificate("the first neuron's law is not constant", own)
        yield _independence(flow, laws)[0]
        yield Certificate("v is not zero", _not_zero(flow.velocity_u))
        for width, inputs, total, rank, quadratic in self.table:
            yield Certificate(
                f"d = {width}, d0 = {inputs}: rank {rank} = {total} - 1"
                + ("" if quadratic is None else f", quadratic laws {quadratic}"),
                _counts_agree(width, inputs, total, rank, quadratic),
            )
        found = prove_equal(self.laws, sympy.Add(*_found(laws)))
        yield Certificate("laws across inputs, of the first neuron, of every further one", found)

    def explain(self) -> Iterator[Step]:
        """The count, and what is not zero."""
        across, first, further = _found(self.conserved)
        yield Step(
            "Completeness",
            (
                (r"\#\{\text{weights}\}", self.weights),
                (r"\#\{\text{laws}\}", f"{typeset(across)} + {first} + {typeset(further)}"),
                (
                    r"\#\{\text{weights}\}-\#\{\text{laws}\}",
                    sympy.expand(self.weights - self.laws),
                ),
                _independence(self.flow, self.conserved)[1],
            ),
            "One field conserves at most (weights - 1) independent functions; the laws found are that "
            "many, by induction over neurons: the last line is not zero.",
        )


def derive(flow: Flow, laws: Conservation) -> Completeness:
    """Count the laws by induction, and ranks at exact points."""
    return Completeness(
        flow=flow,
        conserved=laws,
        weights=n.d * (n.d0 + 1),
        laws=sympy.Add(*_found(laws)),
        table=_table(flow, laws),
    )


def _found(laws: Conservation) -> tuple[Expr, Expr, Expr]:
    """How many laws: across inputs, of the first neuron, of all further ones."""
    further = len(laws.between) or len(laws.own) + 1
    return n.d * (n.d0 - 1), sympy.Integer(len(laws.own)), (n.d - 1) * further


def _table(flow: Flow, laws: Conservation) -> tuple[tuple[int, int, int, int, int | None], ...]:
    rational = _has_rational_values(flow, laws)
    return tuple(_count(flow, laws, width, inputs) for width, inputs in SIZES if rational)


def _has_rational_values(flow: Flow, laws: Conservation) -> bool:
    """Whether field and laws can be differentiated at exact points in rational numbers."""
    closed = not any(law.has(sympy.Integral) for law in laws.own)
    return bool(flow.velocity_u.is_polynomial(n.h_i) and closed)


def _is_the_table(record: Completeness) -> Verdict:
    sizes = tuple(row[:2] for row in record.table if len(row) == len(COLUMNS))
    expected = SIZES if _has_rational_values(record.flow, record.conserved) else ()
    return Proved("sizes") if sizes == expected else Undecided(f"sizes {sizes}")


def _independence(flow: Flow, laws: Conservation) -> tuple[Certificate, tuple[str, Expr]]:
    """What is not zero when a further neuron's two laws are independent."""
    if laws.between:
        jacobian = Matrix([[diff(law, z) for z in (n.u_k, n.h_k)] for law in laws.between]).det()
        shown = r"\det\frac{\partial(\text{laws between }i,k)}{\partial(u_k,h_k)}"
        certificate = Certificate("Jacobian of the laws between neurons", _not_zero(jacobian))
        return certificate, (shown, sympy.factor(jacobian))
    # dE ∧ dF evaluated on (∂u, v): ∂E/∂u · v(F) − v(E) · ∂F/∂u = ∂E/∂u.
    change = diff(laws.own[0], n.u_i) * flow.velocity_u + diff(laws.own[0], n.h_i) * flow.velocity_h
    certificate = Certificate("v(E) = 0, so that dE and dF are independent", prove_zero(change))
    return certificate, (r"\frac{\partial E_i}{\partial u_i}", diff(laws.own[0], n.u_i))


def _not_zero(expression: Expr) -> Verdict:
    """Proved when an exact point shows that the expression is not identically zero."""
    verdict = prove_zero(expression)
    if isinstance(verdict, Refuted):
        return Proved(f"nonzero at {dict(verdict.witness)}")
    return Undecided(f"{expression} may vanish identically")


def _counts_agree(width: int, inputs: int, total: int, rank: int, quadratic: int | None) -> Verdict:
    across = width * (inputs - 1)
    expected = None if quadratic is None else width**2 + across * (across + 1) // 2
    if total == width * (inputs + 1) == rank + 1 and quadratic == expected:
        return Proved("rank over the rationals")
    return Undecided(f"rank {rank} of {total - 1}, quadratic laws {quadratic} of {expected}")


def _count(
    flow: Flow, laws: Conservation, width: int, inputs: int
) -> tuple[int, int, int, int, int | None]:
    """Rank of the found laws and dimension of all quadratic laws at a random exact point."""
    generator = random.Random(f"{width} {inputs}")

    def draw() -> sympy.Rational:
        return sympy.Rational(generator.randint(1, 30), generator.randint(1, 30))

    point = [draw() for _ in range(inputs)]
    rates = {n.eta_u: draw(), n.eta_w: draw(), n.gamma: draw()}
    weights = [
        [Symbol(f"U{neuron}"), *(Symbol(f"W{neuron}_{entry}") for entry in range(inputs))]
        for neuron in range(width)
    ]
    flat = [weight for row in weights for weight in row]
    constants = {**rates, n.rho: sympy.sqrt(sum(value**2 for value in point))}
    quantities = _instances(laws, weights, point, constants)
    at = {weight: draw() for weight in flat}
    jacobian = [[diff(law, weight).xreplace(at) for weight in flat] for law in quantities]
    field = _field(flow, weights, point, constants)
    if not laws.between:
        speeds = [velocity.xreplace(at) for velocity in field[:: inputs + 1]]
        jacobian += _clock_differences(speeds, inputs)
        return width, inputs, len(flat), _rank(jacobian), None
    system = Matrix([[diff(velocity, weight) for weight in flat] for velocity in field])
    return width, inputs, len(flat), _rank(jacobian), _quadratic_laws(system)


def _instances(
    laws: Conservation, weights: list[list[Symbol]], point: list[Expr], constants: dict[Expr, Expr]
) -> list[Expr]:
    """Every law at explicit size: all pairs of inputs and of neurons."""
    values = [_neuron(row, point) for row in weights]
    instances = [
        law.xreplace({n.w_ij: row[1 + a], n.w_il: row[1 + b], n.x_j: point[a], n.x_l: point[b]})
        for law in laws.linear
        for row in weights
        for a, b in combinations(range(len(point)), 2)
    ]
    instances += [law.xreplace({n.u_i: u, n.h_i: h}) for law in laws.own for u, h in values]
    instances += [
        law.xreplace({n.u_i: one[0], n.h_i: one[1], n.u_k: two[0], n.h_k: two[1]})
        for law in laws.between
        for one, two in combinations(values, 2)
    ]
    return [law.xreplace(constants) for law in instances]


def _neuron(row: list[Symbol], point: list[Expr]) -> tuple[Expr, Expr]:
    return row[0], sympy.Add(*(w * x for w, x in zip(row[1:], point, strict=True)))


def _field(
    flow: Flow, weights: list[list[Symbol]], point: list[Expr], constants: dict[Expr, Expr]
) -> list[Expr]:
    """V at explicit size, weight by weight."""
    field = []
    for row in weights:
        u, h = _neuron(row, point)
        here = {n.u_i: u, n.h_i: h, **constants}
        field.append(flow.velocity_u.xreplace(here))
        field += [flow.velocity_w.xreplace({**here, n.x_j: value}) for value in point]
    return field


def _clock_differences(speeds: list[Expr], inputs: int) -> list[list[Expr]]:
    """Rows of du_k/v(u_k) − du_1/v(u_1)."""
    rows = []
    for neuron in range(1, len(speeds)):
        row = [sympy.Integer(0)] * (len(speeds) * (inputs + 1))
        row[0] = -1 / speeds[0]
        row[neuron * (inputs + 1)] = 1 / speeds[neuron]
        rows.append(row)
    return rows


def _rank(rows: list[list[Expr]]) -> int:
    return rank_of_rows([[fmpq(int(v.p), int(v.q)) for v in row] for row in rows])


def _quadratic_laws(system: Matrix) -> int:
    """Dimension of {S symmetric: S M + Mᵀ S = 0}: all quadratic laws of a linear field M."""
    size = system.rows
    unknowns = [(a, b) for a in range(size) for b in range(a, size)]
    columns = []
    for a, b in unknowns:
        form = sympy.zeros(size)
        form[a, b] = form[b, a] = 1
        change = form * system + system.T * form
        columns.append([change[c, e] for c, e in unknowns])
    return len(unknowns) - _rank([list(row) for row in zip(*columns, strict=True)])
