"""Matrix Riccati: dZ/dt = F Z + Z Fᵀ − Z B Z, solved by a linear flow.

With Z = N D⁻¹ the pair follows (N; D)′ = M (N; D), M = [[F, 0], [B, −Fᵀ]], so

    (N; D)(t) = e^{tM} (Z(0); 1).

Of a network it is the flow of Z = Q Qᵀ (`symbolic.laws.gram`), Q the weights over the roots of their
rates, under half a square on white data; where a law is needed, on its leaf Qᵀ J Q = λ 1.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy
from sympy import Expr, ImmutableMatrix, Matrix, Symbol
from sympy.polys.domains import QQ
from sympy.polys.rings import PolyElement, PolyRing

from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import Absorbed, number
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.gram import Gram, RiccatiForm
from symbolic.laws.reduction import Potential
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict
from symbolic.reduced import riccati_limit
from symbolic.reduced.solution import all_proved

LEAF = Symbol("lambda", real=True)


@dataclass(frozen=True)
class MatrixRiccati:
    """The flow of Z = Q Qᵀ, and what solves it.

    Attributes:
        Q: weights over the roots of their rates.
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
    rates: Absorbed,
    found: Gram,
    form: RiccatiForm,
    targets: Sequence[Symbol],
    others: Sequence[Potential] = (),
) -> MatrixRiccati:
    """Write and prove the matrix Riccati flow of a network, or of a block of it.

    Args:
        instance: whose outputs these are.
        potentials: those that Z moves.
        rates: how they are absorbed; with the scales of these potentials.
        found: the Gram matrix and the forms.
        form: the quadratic part.
        targets: y_k.
        others: potentials of other blocks.

    Raises:
        DoesNotApply: where the rates weigh the forms differently.
        CertificateError: where it cannot be proved.
    """
    if len(set(rates.scales)) > 1:
        raise DoesNotApply("rates weigh the quadratic forms differently")
    rho, speed, n = rates.scales[0], rates.speed, found.size
    forms = found.matrices()
    pull = sum(
        ((y - number(p.constant)) * H for y, p, H in zip(targets, potentials, forms, strict=True)),
        sympy.zeros(n, n),
    )
    lifted = LEAF * form.G if form.J is not None else sympy.zeros(n, n)
    F = ImmutableMatrix(speed * (rho * pull + rho**2 * lifted))
    B = ImmutableMatrix(speed * rho**2 * form.B)
    M = ImmutableMatrix(sympy.BlockMatrix([[F, sympy.zeros(n, n)], [B, -F.T]]).as_explicit())
    Q = ImmutableMatrix(n, len(found.columns), lambda a, k: rates.absorbed[found.columns[k][a]])
    b = B[0, 0]
    symmetric = F == F.T and b * sympy.eye(n) == B and bool(form.B[0, 0] > 0)
    return MatrixRiccati(
        Q,
        forms,
        F,
        B,
        form.J,
        M,
        tuple((rho, number(p.constant)) for p in potentials),
        ImmutableMatrix(2 * F / b) if symmetric else None,
        all_proved(_proofs(instance, (potentials, others), found, form, symmetric)),
    )


def _proofs(
    instance: Instance,
    potentials: tuple[Sequence[Potential], Sequence[Potential]],
    found: Gram,
    form: RiccatiForm,
    symmetric: bool,
) -> Iterator[Certificate]:
    yield Certificate("outputs are linear in Q Q^T", _outputs(instance, potentials, found))
    where = "" if form.J is None else " where Z J Z = lambda Z"
    yield Certificate(f"dZ/dt = F Z + Z F^T - Z B Z{where}", _is_riccati(found, form))
    if form.J is not None:
        rest = [H * form.J + form.J * H for H in found.matrices()]
        yield Certificate("Q^T J Q is conserved", _vanish(rest))
    yield from _linear_flow()
    if symmetric:
        yield from riccati_limit.certified()


def _vanish(matrices: Sequence[Matrix]) -> Verdict:
    wrong = [one for one in matrices if not one.is_zero_matrix]
    return Undecided(str(wrong[0])) if wrong else Proved("matrices of numbers")


def _outputs(
    instance: Instance, potentials: tuple[Sequence[Potential], Sequence[Potential]], found: Gram
) -> Verdict:
    """Outputs at all rates are Σ_k (ρ_k tr(H_k Q Qᵀ)/2 + constant) m_k, in the ring of the proofs."""
    ring, (own, others) = AbsorbedRing(instance), potentials
    written = [(p, ring.scale(p) * ring.at_weights(p.value)) for p in others]
    for p, H in zip(own, found.forms, strict=True):
        total = ring.zero
        for column in found.columns:
            for (a, b), c in H.items():
                total += ring.number(c / 2) * ring.weights[column[a]] * ring.weights[column[b]]
        written.append((p, ring.scale(p) * total + ring.number(p.constant)))
    return ring.outputs_are(written)


def _is_riccati(found: Gram, form: RiccatiForm) -> Verdict:
    """Entry by entry, in the entries of Z, the targets and λ; at scale and speed 1, which are factors."""
    n, K = found.size, len(found.forms)
    pairs = [(a, b) for a in range(n) for b in range(a, n)]
    ring = PolyRing([*(f"z{a}_{b}" for a, b in pairs), *(f"y{k}" for k in range(K)), "l"], QQ)
    gens = list(ring.gens)
    entry = dict(zip(pairs, gens, strict=False))
    Z = [[entry[min(a, b), max(a, b)] for b in range(n)] for a in range(n)]
    y, leaf = gens[len(pairs) : -1], gens[-1]
    R = [[ring.zero] * n for _ in range(n)]
    pull = [[ring.zero] * n for _ in range(n)]
    for target, H in zip(y, found.forms, strict=True):
        trace = sum((Z[a][b] * _qq(c) for (a, b), c in H.items()), ring.zero)
        for (a, b), c in H.items():
            R[a][b] += (target - trace * QQ(1, 2)) * _qq(c)
            pull[a][b] += target * _qq(c)
    B, G = (_lifted(one, ring) for one in (form.B, form.G))
    F = [
        [p + leaf * g for p, g in zip(row, other, strict=True)]
        for row, other in zip(pull, G, strict=True)
    ]
    claim = _plus(_twice(F, Z), _times(_times(Z, B), Z), -1)
    if form.J is not None:
        law = _plus(
            _times(_times(Z, _lifted(form.J, ring)), Z), [[leaf * z for z in row] for row in Z], -1
        )
        claim = _plus(claim, _twice(G, law), 1)
    rest = _plus(_twice(R, Z), claim, -1)
    if all(one == 0 for row in rest for one in row):
        return Proved("polynomials in the entries of Z")
    return Undecided("the entries differ")


Entries = list[list[PolyElement]]


def _qq(value: Any) -> Any:
    return QQ(int(value.p), int(value.q))


def _lifted(matrix: Matrix, ring: PolyRing) -> Entries:
    return [[ring.one * _qq(one) for one in matrix.row(a)] for a in range(matrix.rows)]


def _times(one: Entries, other: Entries) -> Entries:
    columns = list(zip(*other, strict=True))
    return [
        [
            sum((a * b for a, b in zip(row, column, strict=True) if a != 0 and b != 0), 0 * row[0])
            for column in columns
        ]
        for row in one
    ]


def _plus(one: Entries, other: Entries, sign: int) -> Entries:
    return [
        [a + sign * b for a, b in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)
    ]


def _twice(F: Entries, Z: Entries) -> Entries:
    """F Z + Z Fᵀ, of a symmetric Z."""
    product = _times(F, Z)
    return [[product[a][b] + product[b][a] for b in range(len(Z))] for a in range(len(Z))]


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
