"""Stage: what gradient flow conserves, found as the null space of an ansatz.

The field v of `symbolic.network.gradient_flow` acts on one neuron at a time, so an ansatz over two
representative neurons i, k and inputs j, l finds the laws of every width and input dimension:

* linear in the weights, across inputs;
* quadratic, per neuron;
* quadratic, between two neurons.

An activation that no quadratic law fits has its law by separation (`separation`); networks
without a bilinear law between neurons have the differences of the clocks (`symbolic.warp.clock`) in its
place. That none is missing is shown in `completeness`.
Source: Xu & Ziyin 2025, Eq. 23-26 and 29 (their Eq. 29 at β = 1 gives the laws between neurons).
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq, fmpq_mat
from sympy import Expr, Piecewise, Poly, Symbol, diff
from sympy.polys.matrices import DomainMatrix

from symbolic.laws.separation import has_no_jumps, separate
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import g_ii, g_ik, h_i, h_k, u_i, u_k, w_ij, w_il, x_j, x_l
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Undecided, Verdict, prove_zero

Field = Mapping[Expr, Expr]
LINEAR = (u_i, w_ij, w_il)
OWN = (u_i**2, u_i * h_i, h_i**2)
BETWEEN = (u_i * u_k, u_i * h_k, h_i * u_k, h_i * h_k)
WEIGHTS = (u_i, u_k, h_i, h_k, w_ij, w_il, g_ii, g_ik)


@dataclass(frozen=True, kw_only=True)
class Conservation(Record):
    """The conserved quantities, in the representatives of `symbolic.notation.symbols`.

    Attributes:
        linear: across inputs j and l of neuron i.
        own: of neuron i in (u_i, h_i), quadratic or by separation.
        own_rows: quadratic, of neuron i with Σ_j w_ij²; follows from `linear`.
        between: quadratic, between neurons i and k in (u, h).
    """

    flow: Need[Flow]
    linear: tuple[Expr, ...]
    own: tuple[Expr, ...]
    own_rows: tuple[Expr, ...]
    between: tuple[Expr, ...]

    def certify(self) -> Iterator[Certificate]:
        """Lie derivatives, jumps, and for each ansatz the number of its laws."""
        field = field_of(self.flow)
        for kind in ("linear", "own", "own_rows", "between"):
            for law in getattr(self, kind):
                proof = prove_zero(lie_derivative(law, field))
                yield Certificate(f"{kind}: v({law}) = 0", proof)
        for law in self.own:
            if law.has(Piecewise):
                yield Certificate(f"{law} has no jumps", has_no_jumps(law))
        for law in (*self.linear, *self.own, *self.own_rows, *self.between):
            yield Certificate(f"{law} is in lowest terms", _in_lowest_terms(law))
        yield Certificate("a neuron of two coordinates that moves has one law", _is_one(self.own))
        rows = _dimension((*OWN, g_ii), field) - _dimension(OWN, field)
        for kind, number, most in (
            ("linear", len(self.linear), _dimension(LINEAR, field)),
            ("own_rows", len(self.own_rows), rows),
            ("between", len(self.between), _dimension(BETWEEN, field)),
        ):
            whole = Proved("rank") if number == most else Undecided(f"{number} of {most}")
            yield Certificate(f"{kind}: no law of the ansatz is missing", whole)

    def explain(self) -> Iterator[Step]:
        """The laws, by where they hold."""
        yield Step(
            "Conservation across inputs",
            tuple((law, r"\mathrm{const}") for law in self.linear),
            r"Null space of the linear ansatz $c_1u_i+c_2w_{ij}+c_3w_{il}$ under $v$.",
        )
        yield Step(
            "Conservation per neuron",
            tuple((law, r"\mathrm{const}") for law in (*self.own, *self.own_rows)),
            r"Null space of the quadratic ansatz in $u_i$, $h_i$ and $\sum_j w_{ij}^2$."
            if self.own_rows
            else r"Along $v$ the ratio $u_i\,dh_i/du_i$ depends on $h_i$ alone, and is integrated.",
        )
        if self.between:
            yield Step(
                "Conservation between neurons",
                tuple((law, r"\mathrm{const}") for law in self.between),
                r"Null space of the bilinear ansatz in $(u_i,h_i)$ and $(u_k,h_k)$, $i\neq k$.",
            )


def _cleared(law: Expr) -> Expr:
    """A quadratic form without denominators, which are rates and norms; any other law as it is."""
    whole = sympy.fraction(sympy.together(law))[0]
    return whole if is_quadratic_form(whole) else law


def is_quadratic_form(law: Expr) -> bool:
    """Whether a law is a quadratic form in u_i and h_i, as it is for every power."""
    if not law.is_polynomial(u_i, h_i):
        return False
    return bool(Poly(law, u_i, h_i).homogeneous_order() == 2)


def unit_law(laws: Conservation) -> Expr:
    """E, the law of a neuron, with unit coefficient of u_i²."""
    (law,) = laws.own
    return sympy.expand(law / sympy.expand(law).coeff(u_i, 2))


def lie_derivative(quantity: Expr, field: Field) -> Expr:
    """Σ v(z) ∂quantity/∂z over the coordinates of the field."""
    return sympy.Add(*(diff(quantity, z) * velocity for z, velocity in field.items()))


def field_of(flow: Flow) -> dict[Expr, Expr]:
    """V on the representatives: two neurons, two inputs, inner products of rows."""
    other = {u_i: u_k, h_i: h_k}
    row = flow.velocity_w / x_j
    return {
        u_i: flow.velocity_u,
        h_i: flow.velocity_h,
        w_ij: flow.velocity_w,
        w_il: flow.velocity_w.xreplace({x_j: x_l}),
        u_k: flow.velocity_u.xreplace(other),
        h_k: flow.velocity_h.xreplace(other),
        # v moves the row w_i along x, so that <w_i, w_k> changes by its factor times h_k.
        g_ii: 2 * row * h_i,
        g_ik: row * h_k + row.xreplace(other) * h_i,
    }


def null_space(ansatz: Sequence[Expr], field: Field) -> tuple[Expr, ...]:
    """All combinations of the ansatz, with coefficients constant in the weights, that v conserves."""
    weights = [z for z in field if z not in (g_ii, g_ik)]
    changes = [sympy.expand(lie_derivative(term, field)) for term in ansatz]
    opaque = {part: sympy.Dummy() for change in changes for part in _functions(change, weights)}
    derivatives = [Poly(change.xreplace(opaque), *weights, *opaque.values()) for change in changes]
    monomials = sorted({monomial for poly in derivatives for monomial in poly.monoms()})
    system = sympy.Matrix(
        [[poly.coeff_monomial(monomial) for poly in derivatives] for monomial in monomials]
    )
    laws = []
    for vector in _basis(system):
        law = sympy.together(sympy.Add(*(c * term for c, term in zip(vector, ansatz, strict=True))))
        laws.append(sympy.factor_terms(sympy.fraction(law)[0]))
    return tuple(laws)


def _basis(system: sympy.Matrix) -> list[list[Expr]]:
    """The null space, one free coefficient at a time set to 1, by elimination in a field of fractions."""
    reduced, pivots = DomainMatrix.from_Matrix(system, extension=True).to_field().rref()
    rows = reduced.to_Matrix()
    basis = []
    for free in sorted(set(range(system.cols)) - set(pivots)):
        vector = [sympy.Integer(int(column == free)) for column in range(system.cols)]
        for row, pivot in enumerate(pivots):
            vector[pivot] = -rows[row, free]
        basis.append(vector)
    return basis


def _functions(expression: Expr, weights: Sequence[Expr]) -> set[Expr]:
    """The factors of the terms that are no polynomials in the weights; they stand for themselves."""
    return {
        factor
        for term in sympy.Add.make_args(expression)
        for factor in sympy.Mul.make_args(term)
        if factor.has(*weights) and not factor.is_polynomial(*weights)
    }


def derive(flow: Flow) -> Conservation:
    """Solve the ansatz spaces; a neuron without a quadratic law has one by separation.

    Raises:
        DoesNotApply: when the orbit of a neuron does not separate.
    """
    field = field_of(flow)
    with_rows = null_space((*OWN, g_ii), field)
    return Conservation(
        flow=flow,
        linear=null_space(LINEAR, field),
        own=null_space(OWN, field) or (_cleared(separate(flow).law),),
        own_rows=tuple(law for law in with_rows if law.has(g_ii)),
        between=null_space(BETWEEN, field),
    )


def _in_lowest_terms(law: Expr) -> Verdict:
    """Coefficients share no factor and no constant is added, or it is u² and a function of h."""
    whole = sympy.expand(law)
    weights = [z for z in WEIGHTS if whole.has(z)]
    if not whole.is_polynomial(*weights):
        unit = whole.coeff(u_i, 2)
        return Proved("coefficient of u^2") if unit == 1 else Undecided(f"{unit} u^2")
    form = Poly(whole, *weights)
    shared = sympy.gcd_list(form.coeffs())
    if shared == 1 and form.nth(*(0 for _ in weights)) == 0:
        return Proved("greatest common divisor")
    return Undecided(f"a factor {shared} is shared, or a constant is added")


def _is_one(laws: Sequence[Expr]) -> Verdict:
    if len(laws) == 1 and diff(laws[0], u_i) != 0:
        return Proved("number")
    return Undecided(f"laws {laws}")


def _dimension(ansatz: Sequence[Expr], field: Field) -> int:
    """How many laws an ansatz has at most: its terms less the rank of their changes at exact points.

    Functions of weights stand for themselves, as in `null_space`.
    """
    generator = random.Random("conservation")
    changes = [sympy.expand(lie_derivative(term, field)) for term in ansatz]
    weights = [z for z in field if z not in (g_ii, g_ik)]
    opaque = {part: sympy.Dummy() for change in changes for part in _functions(change, weights)}
    changes = [_without_roots(change.xreplace(opaque)) for change in changes]
    varying = {*weights, *opaque.values()}
    constants = sorted({z for c in changes for z in c.free_symbols} - varying, key=str)
    fixed = {z: sympy.Rational(generator.randint(1, 30), 7) for z in constants}
    rows = []
    for _ in range(len(ansatz) + 2):
        at = {z: sympy.Rational(generator.randint(-30, 30), 7) for z in sorted(varying, key=str)}
        values = [sympy.expand(change.xreplace({**fixed, **at})) for change in changes]
        rows.append([fmpq(int(value.p), int(value.q)) for value in values])
    return len(ansatz) - int(fmpq_mat(rows).rank())


def _without_roots(change: Expr) -> Expr:
    """Factors that are irrational numbers as symbols: √π is in no relation that matters here."""
    terms = [sympy.Mul.make_args(term) for term in sympy.Add.make_args(change)]
    return sympy.Add(*(sympy.Mul(*map(_named, factors)) for factors in terms))


def _named(factor: Expr) -> Expr:
    irrational = factor.is_number and not factor.is_Rational
    return Symbol(str(factor)) if irrational else factor
