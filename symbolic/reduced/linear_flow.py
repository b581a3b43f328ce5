"""Linear flows: dz/dt = A z + b has (z; 1)(t) = exp(t M) (z(0); 1) with M = [[A, b], [0, 0]]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, ImmutableMatrix, Matrix, Symbol

from symbolic.proof.certificate import Certificate
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced.solution import all_proved


@dataclass(frozen=True)
class LinearFlow:
    """A linear flow and what solves it.

    Attributes:
        variables: z.
        A, b: of the velocities.
        M: of the linear flow of (z; 1).
        certificates: what was proved. Where all eigenvalues of A are negative z tends to −A⁻¹ b.
    """

    variables: tuple[Symbol, ...]
    A: ImmutableMatrix
    b: ImmutableMatrix
    M: ImmutableMatrix
    certificates: tuple[Certificate, ...]


def solved(variables: Sequence[Symbol], velocities: Sequence[Expr]) -> LinearFlow:
    """Write the velocities, which are linear, as A z + b."""
    z, zero = list(variables), dict.fromkeys(variables, sympy.Integer(0))
    A = Matrix([[sympy.diff(v, one) for one in z] for v in velocities])
    b = Matrix([v.xreplace(zero) for v in velocities])
    n = len(z)
    M = Matrix(sympy.BlockMatrix([[A, b], [sympy.zeros(1, n), sympy.zeros(1, 1)]]).as_explicit())
    return LinearFlow(
        tuple(z),
        ImmutableMatrix(A),
        ImmutableMatrix(b),
        ImmutableMatrix(M),
        all_proved(_proofs(Matrix(z), A, b, M, Matrix(list(velocities)))),
    )


def _proofs(
    z: Matrix, A: Matrix, b: Matrix, M: Matrix, velocities: Matrix
) -> Iterator[Certificate]:
    pair = Matrix([*z, 1])
    yield Certificate("dz/dt = A z + b", _vanishes(A * z + b - velocities))
    yield Certificate("M (z; 1) is (dz/dt; 0)", _vanishes(M * pair - Matrix([*velocities, 0])))
    yield Certificate("A and b do not depend on z", _free(z, A, b))


def _vanishes(rest: Matrix) -> Verdict:
    left = rest.applyfunc(sympy.expand)
    return Proved("expansion") if left.is_zero_matrix else Undecided(str(left))


def _free(z: Matrix, *matrices: Matrix) -> Verdict:
    if any(one.free_symbols & z.free_symbols for one in matrices):
        return Undecided("velocities are not linear")
    return Proved("no variable occurs")
