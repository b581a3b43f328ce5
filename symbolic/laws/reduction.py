"""The flow in the invariants of its isometries: closed for any loss, or for a square on white data.

The isometries of a network (`symbolic.laws.symmetries`) and its changes of signs leave quadratic
polynomials z alone. If every field acts on them linearly and the outputs are linear in them, then

    dz/ds_k = A_k z + a_k,     f = C z + c,

and the flow closes in z for any loss. Under a square, with data of unit second moments, what is left is a
quadratic system, which may be of a class that is solved (`symbolic.laws.recognition`).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from flint import fmpq, fmpq_mat

from symbolic.architecture.fields import terms
from symbolic.architecture.instance import Instance
from symbolic.laws.ring import Poly, PolynomialField, Ring
from symbolic.laws.symmetries import Symmetries
from symbolic.proof.null_space import null_space, pivots_of

WIDEST = 20_000  # polynomials that one elimination writes in others
Linear = dict[tuple[int, ...], fmpq]
"""A polynomial in invariants: coefficients by sorted places; () for the constant."""


@dataclass(frozen=True)
class Potential:
    """A coefficient of an output: what one entry of the data multiplies.

    Attributes:
        output: which output.
        data: exponents of the data.
        value: the coefficient, without its constant part.
        constant: that part, of what is not trained.
    """

    output: int
    data: tuple[int, ...]
    value: Poly
    constant: fmpq = field(default_factory=lambda: fmpq(0))


def potentials(instance: Instance, ring: Ring) -> list[Potential]:
    """Coefficients of the outputs by monomials of the data; for outputs that are polynomials.

    Raises:
        ValueError: for outputs with functions that are no polynomials.
    """
    if instance.generated:
        raise ValueError("outputs are no polynomials")
    D, found = instance.weights, []
    for n, entry in enumerate(entry for output in instance.outputs for entry in output.entries):
        parts: dict[tuple[int, ...], dict[tuple[int, ...], fmpq]] = defaultdict(dict)
        constants: dict[tuple[int, ...], fmpq] = defaultdict(fmpq)
        for m, c in terms(entry).items():
            if any(m[:D]):
                parts[m[D:]][m[:D]] = c
            else:
                constants[m[D:]] = c
        found += [
            Potential(n, data, ring.context.from_dict(part), constants[data])
            for data, part in parts.items()
        ]
    return found


@dataclass(frozen=True)
class Invariants:
    """Quadratic polynomials that isometries and changes of signs leave alone.

    Attributes:
        polynomials: a basis.
        rotations: dimension of the continuous isometries.
        signs: of the changes of signs.
    """

    polynomials: Sequence[Poly]
    rotations: int
    signs: int


def invariants(ring: Ring, symmetries: Symmetries, potentials: Sequence[Potential]) -> Invariants:
    """Of degree 1 and 2."""
    D = len(ring.generators)
    rotations = [field_of(ring, one) for one in symmetries.isometries]
    signs = _sign_flips([p.value for p in potentials], D)
    monomials = []
    for degree in (1, 2):
        for factors in itertools.combinations_with_replacement(range(D), degree):
            parity = [sum(sign >> i & 1 for i in factors) % 2 for sign in signs]
            if not any(parity):
                monomials.append(_monomial(ring, factors))
    if not rotations:
        return Invariants(monomials if signs else list(ring.generators), 0, len(signs))
    rows: dict[tuple[int, tuple[int, ...]], dict[int, fmpq]] = defaultdict(dict)
    for n, p in enumerate(monomials):
        for k, one in enumerate(rotations):
            for m, c in terms(ring.along(p, one)).items():
                rows[k, m][n] = c
    found = [
        _combined(ring, monomials, vector)
        for vector in null_space(list(rows.values()), len(monomials))
    ]
    return Invariants(found, len(rotations), len(signs))


def field_of(ring: Ring, symmetry: Mapping[tuple[int, int], fmpq]) -> PolynomialField:
    """A θ + b, of entries by row and column; column −1 for b."""
    found: PolynomialField = {}
    for (i, j), c in symmetry.items():
        moved = ring.generators[j] * c if j >= 0 else ring.context.constant(c)
        found[i] = found.get(i, ring.context.constant(0)) + moved
    return found


def _monomial(ring: Ring, factors: Sequence[int]) -> Poly:
    found = ring.context.constant(1)
    for i in factors:
        found = found * ring.generators[i]
    return found


def _combined(ring: Ring, polynomials: Sequence[Poly], vector: Sequence[fmpq]) -> Poly:
    found = ring.context.constant(0)
    for p, c in zip(polynomials, vector, strict=True):
        if c != 0:
            found = found + p * c
    return found


def _sign_flips(outputs: Sequence[Poly], weights: int) -> list[int]:
    """Changes of signs that leave every coefficient alone, bit i for weight i."""
    from symbolic.laws.ansatz import kernel_of_parities

    parities = {sum(1 << i for i, e in enumerate(m) if e % 2) for p in outputs for m in terms(p)}
    return kernel_of_parities(parities, weights)


class Coordinates:
    """Polynomials as polynomials in others, by one elimination.

    Args:
        ring: of all.
        others: in which they are written.
        degree: of what is allowed.
    """

    def __init__(self, ring: Ring, others: Sequence[Poly], degree: int) -> None:
        self._basis: list[Poly] = [ring.context.constant(1)]
        self._names: list[tuple[int, ...]] = [()]
        for size in range(1, degree + 1):
            for places in itertools.combinations_with_replacement(range(len(others)), size):
                product = ring.context.constant(1)
                for k in places:
                    product = product * others[k]
                self._basis.append(product)
                self._names.append(places)

    def of(self, polynomials: Sequence[Poly]) -> list[Linear | None]:
        """Each in the others; None where it is none."""
        n, columns = len(self._basis), [terms(p) for p in (*self._basis, *polynomials)]
        monomials = {m: i for i, m in enumerate(sorted({m for column in columns for m in column}))}
        matrix = fmpq_mat(max(1, len(monomials)), len(columns))
        for j, column in enumerate(columns):
            for m, c in column.items():
                matrix[monomials[m], j] = c
        reduced, rank = matrix.rref()
        pivots = pivots_of(reduced, rank)
        found: list[Linear | None] = []
        for j in range(n, len(columns)):
            if any(p >= n and reduced[i, j] != 0 for i, p in enumerate(pivots)):
                found.append(None)
            else:
                found.append(
                    {
                        self._names[p]: reduced[i, j]
                        for i, p in enumerate(pivots)
                        if p < n and reduced[i, j] != 0
                    }
                )
        return found


@dataclass(frozen=True)
class Closed:
    """The flow in invariants.

    Attributes:
        action: A_k and a_k: by potential and invariant, linear in invariants.
        outputs: each potential, linear in invariants.
    """

    action: Sequence[Sequence[Linear]]
    outputs: Sequence[Linear]


def closed(ring: Ring, found: Invariants, potentials: Sequence[Potential]) -> Closed | None:
    """The linear action on invariants; None where fields or outputs are not linear in them."""
    z, coordinates = found.polynomials, Coordinates(ring, found.polynomials, 1)
    n, K = len(z), len(potentials)
    outputs = coordinates.of([p.value for p in potentials])
    action: list[list[Linear]] = []
    # One field first, which tells most networks that do not close; then no matrix is too large.
    several = max(1, WIDEST // max(1, n))
    for first, last in ((0, 1), *((k, min(K, k + several)) for k in range(1, K, several))):
        gradients = [_gradient(ring, p.value) for p in potentials[first:last]]
        written = coordinates.of([ring.along(one, gradient) for gradient in gradients for one in z])
        linear = [one for one in (*outputs, *written) if one is not None]
        if len(linear) < len(outputs) + len(written):
            return None
        moved = linear[len(outputs) :]
        action += [moved[k * n : (k + 1) * n] for k in range(len(gradients))]
    return Closed(action, [one for one in outputs if one is not None])


def _gradient(ring: Ring, p: Poly) -> PolynomialField:
    slopes = ((i, p.derivative(i)) for i in range(len(ring.generators)))
    return {i: slope for i, slope in slopes if slope != 0}


def white_system(flow: Closed, targets: Sequence[fmpq]) -> list[Linear]:
    """dz/dt under half a square, where different monomials of the data are orthonormal.

    Args:
        flow: the closed flow.
        targets: of each potential.
    """
    return square_system(flow, targets, {(k, k): fmpq(1) for k in range(len(targets))})


def square_system(
    flow: Closed, targets: Sequence[fmpq], moments: Mapping[tuple[int, int], fmpq]
) -> list[Linear]:
    """dz/dt under half a square: signals r_k = Σ_l M_kl (y_l − c_l).

    Args:
        flow: the closed flow.
        targets: y_l, of each potential: where it would be without the others.
        moments: M_kl, the means of products of the monomials of potentials of one output.
    """
    n = len(flow.action[0]) if flow.action else 0
    system: list[Linear] = [defaultdict(fmpq) for _ in range(n)]
    for (k, l), M in moments.items():
        for equation, row in zip(system, flow.action[k], strict=True):
            for places, c in row.items():
                equation[places] += c * M * targets[l]
                for others, factor in flow.outputs[l].items():
                    equation[tuple(sorted(places + others))] -= c * M * factor
    return [{places: c for places, c in equation.items() if c != 0} for equation in system]


def blocks(system: Sequence[Linear]) -> Iterator[list[int]]:
    """Variables that do not meet those of another block."""
    root = list(range(len(system)))

    def find(k: int) -> int:
        while root[k] != k:
            k = root[k]
        return k

    for i, equation in enumerate(system):
        for places in equation:
            for k in places:
                root[find(k)] = find(i)
    found: dict[int, list[int]] = defaultdict(list)
    for k in range(len(system)):
        found[find(k)].append(k)
    yield from found.values()
