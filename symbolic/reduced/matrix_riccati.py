"""Matrix Riccati: dZ/dt = F Z + Z Fᵀ − Z B Z, solved by a linear flow.

With Z = N D⁻¹ the pair follows (N; D)′ = M (N; D), M = [[F, 0], [B, −Fᵀ]], so

    (N; D)(t) = e^{tM} (Z(0); 1).

Of a network it is the flow of Z = Q Qᵀ where Q has a projective lift (`symbolic.lift`), Q the rows that
move, of weights over the roots of their rates, under half a square on white data; where a law is needed,
on its leaf Qᵀ J Q = λ 1.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy
from sympy import Expr, ImmutableMatrix, Matrix, Symbol

from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import number
from symbolic.laws.reduction import Potential
from symbolic.lift.frame import Frame, written
from symbolic.lift.lifted import Lifted, certificates
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import riccati_limit
from symbolic.reduced.solution import all_proved

LEAF = Symbol("lambda", real=True)


@dataclass(frozen=True)
class MatrixRiccati:
    """The flow of Z = Q Qᵀ, and what solves it.

    Attributes:
        Q: combinations of weights over the roots of their rates.
        forms: H_k.
        F: with targets y_k, and λ where a law is needed.
        B: the same at all targets.
        law: J with Qᵀ J Q = λ 1 on the leaf; None where none is needed.
        M: of the linear flow of (N; D).
        outputs: c_k = factor · tr(H_k Z)/2 + constant: factor and constant of each potential.
        limit: 2 F/b with B = b 1. Z tends to its positive part, 2 F P/b, P the projector on the
            eigenspaces of positive eigenvalues of F, where P Z(0) P has full rank on these; to 2 F/b
            itself where F has none that is negative. None if B is no positive multiple of the identity,
            or F is not symmetric.
        certificates: what was proved.
    """

    Q: ImmutableMatrix
    forms: tuple[ImmutableMatrix, ...]
    F: ImmutableMatrix
    B: ImmutableMatrix
    law: ImmutableMatrix | None
    M: ImmutableMatrix
    outputs: tuple[tuple[Expr, Expr], ...]
    limit: ImmutableMatrix | None
    certificates: tuple[Certificate, ...]

    @property
    def size(self) -> int:
        """N, of Z."""
        return int(self.F.rows)

    def velocity(self, Z: Matrix) -> Matrix:
        """dZ/dt, of a symmetric Z."""
        moved: dict[tuple[int, int], list[Expr]] = defaultdict(list)
        for (a, k), c in self.F.todok().items():
            for b in range(self.size):
                moved[a, b].append(c * Z[k, b])
                moved[b, a].append(c * Z[b, k])
        for (k, l), c in self.B.todok().items():
            for a, b in itertools.combinations_with_replacement(range(self.size), 2):
                moved[a, b].append(-c * Z[a, k] * Z[l, b])
        above = {p: sympy.expand(sympy.Add(*terms)) for p, terms in moved.items() if p[0] <= p[1]}
        return Matrix(self.size, self.size, lambda a, b: above.get((min(a, b), max(a, b)), 0))

    def output(self, Z: Matrix) -> tuple[Expr, ...]:
        """c_k at a Gram matrix."""
        return tuple(
            factor * sympy.Add(*(c * Z[b, a] for (a, b), c in H.todok().items())) / 2 + constant
            for H, (factor, constant) in zip(self.forms, self.outputs, strict=True)
        )


def entries(instance: Instance, size: int) -> dict[tuple[int, int], Symbol]:
    """Symbols of the entries of Z, a ≤ b, that the network has no others of."""
    letter = "Z"
    while any(name.startswith(f"{letter}_") for name in instance.names):
        letter += "Z"
    comma = "_" if size > 9 else ""
    return {
        (a, b): Symbol(f"{letter}_{a + 1}{comma}{b + 1}", real=True)
        for a in range(size)
        for b in range(a, size)
    }


def solved(
    instance: Instance,
    potentials: Sequence[Potential],
    found: Lifted,
    targets: Sequence[Symbol],
) -> MatrixRiccati:
    """Write and prove the matrix Riccati flow of a network, or of a block of it.

    Args:
        instance: whose outputs these are.
        potentials: coefficients of all outputs.
        found: the lift of the block, on white data.
        targets: y_k, of all potentials.

    Raises:
        DoesNotApply: where there is no lift on white data, or it needs more than one law.
        CertificateError: where it cannot be proved.
    """
    white = found.projective.white if found.projective is not None else None
    if white is None or len(found.laws) > 1:
        raise DoesNotApply("no lift on white data on the leaf of one law")
    assert found.frame is not None
    rows, n, rho, speed = found.frame, found.frame.rows, found.rho, found.rates.speed
    own = [(targets[k], potentials[k]) for k in found.block.potentials]
    pull = sum(
        (
            (y - number(p.constant)) * written(A)
            for (y, p), A in zip(own, rows.actions, strict=True)
        ),
        sympy.zeros(n, n),
    )
    law = written(rows.laws[found.laws[0]]) if found.laws else None
    lift = LEAF * written(white.G[found.laws[0]]) if found.laws else sympy.zeros(n, n)
    F = ImmutableMatrix(speed * (rho * pull + rho**2 * lift))
    B = ImmutableMatrix(2 * speed * rho**2 * written(white.S))
    M = ImmutableMatrix(sympy.BlockMatrix([[F, sympy.zeros(n, n)], [B, -F.T]]).as_explicit())
    b = B[0, 0]
    symmetric = F == F.T and b * sympy.eye(n) == B and bool(white.S[0, 0] > 0)
    return MatrixRiccati(
        _moving_rows(found),
        tuple(map(written, rows.traces)),
        F,
        B,
        law,
        M,
        tuple((rho, number(p.constant)) for _, p in own),
        ImmutableMatrix(2 * F / b) if symmetric else None,
        all_proved(_proofs(instance, potentials, found, symmetric)),
    )


def _moving_rows(found: Lifted) -> ImmutableMatrix:
    """R = N⁻¹ Kᵀ Q, of absorbed weights."""
    rows, absorbed = found.frame, found.rates.absorbed
    assert rows is not None
    return ImmutableMatrix(
        [
            [
                sympy.Add(
                    *(
                        number(c / n) * absorbed[i]
                        for c, i in zip(one, column, strict=True)
                        if c != 0
                    )
                )
                for column in rows.gram.columns
            ]
            for one, n in zip(rows.moving, rows.norms, strict=True)
        ]
    )


def _proofs(
    instance: Instance, potentials: Sequence[Potential], found: Lifted, symmetric: bool
) -> Iterator[Certificate]:
    yield from certificates(instance, potentials, [found])
    if found.laws:
        assert found.frame is not None
        yield Certificate("Q^T J Q is conserved", _conserved(found.frame, found.laws[0]))
    yield Certificate("Z = Q Q^T moves as F Z + Z F^T - Z B Z", _moves())
    yield from _linear_flow()
    if symmetric:
        yield from riccati_limit.certified()


def _conserved(frame: Frame, law: int) -> Verdict:
    J = frame.laws[law]
    wrong = [A for A in frame.actions if A.transpose() * J + J * A != 0 * J]
    return Undecided(str(wrong[0])) if wrong else Proved("matrices of numbers")


def _moves() -> Verdict:
    """Identities of symbols that do not commute: T = Qᵀ, H = Gᵀ, K = Fᵀ, and the law a number."""
    F, K, G, H, S, Q, T = sympy.symbols("F K G H S Q T", commutative=False)
    leaf = Symbol("lambda")
    velocity = F * Q - Q * T * S * Q + leaf * G * Q
    turned = T * K - T * S * Q * T + leaf * T * H
    Z, lifted, other = Q * T, F + leaf * G, K + leaf * H
    return riccati_limit.is_zero(
        velocity * T + Q * turned - (lifted * Z + Z * other - Z * (2 * S) * Z)
    )


def _linear_flow() -> Iterator[Certificate]:
    """Identities of symbols that do not commute: F, Fᵀ, B, N, D."""
    F, T, B, N, D, start = sympy.symbols("F T B N D Z_0", commutative=False)
    Z = N / D
    slope = F * N / D - N / D * (B * N - T * D) / D  # (N D⁻¹)′ = N′ D⁻¹ − N D⁻¹ D′ D⁻¹
    yield Certificate(
        "N D^-1 solves it",
        riccati_limit.is_zero(slope - (F * Z + Z * T - Z * B * Z)),
    )
    yield Certificate(
        "it starts at Z(0)", riccati_limit.is_zero(Z.subs({N: start, D: sympy.Integer(1)}) - start)
    )
