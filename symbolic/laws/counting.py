"""How many laws are left when the data span more than a line: the rank of a Lie algebra.

On inputs x_1 … x_r the weights move along g_a = (rates) ∘ ∇f(x_a), with factors that the targets
and the loss choose. What is conserved for all of them is annihilated by every g_a, hence by every
bracket of them: near a generic point there are D − rank Lie(g_1 … g_r) independent laws.

* *At most* that many: the rank of brackets at one exact point bounds the generic rank from below.
* *At least* that many: all linear and quadratic forms that g_x conserves for *every* x of the span
  are found, and the rank of their Jacobian bounds the rank of the Lie algebra from above.

Where the two meet the count is proved for the inputs drawn, and for them with any more inputs of
their span. (For β ≥ 2 that is a question: ∇f(x) is not linear in x.) On a line the field of one
input is the only one, up to a factor: it brackets to zero with itself and leaves D − 1 laws, not
all of them forms.

Rates and scale are drawn, and no positive ones count otherwise: u → √η_u u and w → √η_w w turn them
into one common factor of all fields.
Source: Marcotte, Gribonval & Peyré 2023 (arXiv 2307.00144), for the method and for β = 1.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import combinations_with_replacement

from flint import fmpq, fmpq_mat, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr, Integer, Symbol

from symbolic.notation.symbols import d, d0
from symbolic.proof.certificate import Certificate, Need, Record, Step
from symbolic.proof.equality import Proved, Refuted, Undecided, Verdict, prove_equal
from symbolic.proof.ranks import rank_of_rows

Field = tuple[fmpq_mpoly, ...]
Size = tuple[int, int, int, int]

SIZES: tuple[Size, ...] = tuple(
    (beta, width, inputs, rank)
    for beta in (1, 2, 3)
    for width in (1, 2, 3, 4)
    for inputs in (1, 2, 3)
    for rank in range(1, inputs + 1)
)
DEPTH = 5
HEADER = ("β", "d", "d₀", "rank of the data", "weights", "rank of the Lie algebra", "laws")

r = Symbol("r", integer=True, positive=True)


@dataclass(frozen=True)
class Network:
    """The fields of one network, with exact rates and inputs.

    The polynomials are in the weights, neuron by neuron (u_i, w_i1 … w_id₀), and in the coordinates
    of a point of the data's span.

    Attributes:
        beta: the power β.
        rates: η_u and η_w.
        data: linearly independent inputs, one per row.
        weights: all D of them, the first generators of the ring.
        anywhere: the field of a point of the span, in its coordinates.
        fields: the field of each input.
        at: an exact point, a value per generator.
    """

    beta: int
    rates: tuple[fmpq, fmpq]
    data: tuple[tuple[fmpq, ...], ...]
    weights: tuple[fmpq_mpoly, ...]
    anywhere: Field
    fields: tuple[Field, ...]
    at: tuple[fmpq, ...]


@dataclass(frozen=True)
class Count:
    """The independent laws of one size.

    Attributes:
        beta: the power β.
        width: the number of neurons, d.
        inputs: the input dimension, d₀.
        data_rank: how many inputs are linearly independent, r.
        weights: D = d (d₀ + 1).
        rank: the generic rank of the Lie algebra.
        laws: how many independent functions of the weights are conserved, D − rank.
    """

    beta: int
    width: int
    inputs: int
    data_rank: int
    weights: int
    rank: int
    laws: int


@dataclass(frozen=True, kw_only=True)
class LawCounts(Record):
    """The number of conservation laws, size by size.

    Attributes:
        table: one row per size, each proved.
    """

    counted: Need[tuple[tuple[Count, Verdict], ...]]
    table: tuple[Count, ...]

    def certify(self) -> Iterator[Certificate]:
        """What was counted, and the formulas in r."""
        same = len(self.table) == len(self.counted)
        whole = Proved("length") if same else Undecided(f"{len(self.table)} rows")
        yield Certificate("no size is left out", whole)
        for row, (found, verdict) in zip(self.table, self.counted, strict=True):
            size = (found.beta, found.width, found.inputs, found.data_rank)
            name = "beta = {}, d = {}, d0 = {}, data of rank {}".format(*size)
            claim = f"{name}: rank {row.rank} of {row.weights}, {row.laws} laws"
            yield Certificate(claim, verdict if row == found else Undecided(f"{row}"))
            laws = Integer(row.laws)
            yield Certificate(f"{name}: the formula", prove_equal(laws, formula(*size)))
            if row.beta == 1 and row.inputs == row.data_rank:
                known = Integer(linear_network(1, row.inputs, row.width))
                yield Certificate(f"{name}: the known count", prove_equal(laws, known))

    def explain(self) -> Iterator[Step]:
        """The formulas."""
        yield _step(self.table)


def derive(sizes: Sequence[Size] = SIZES, seed: int = 0, depth: int = DEPTH) -> LawCounts:
    """Count the laws at every size and compare them with the formulas in r.

    Args:
        sizes: rows (β, d, d₀, r).
        seed: of the rates, inputs and weights drawn.
        depth: the most fields in a bracket.
    """
    networks = (prepare(*size, seed=seed) for size in sizes)
    counted = tuple(count(network, forms(network), depth) for network in networks)
    return LawCounts(counted=counted, table=tuple(row for row, _ in counted))


def prepare(beta: int, width: int, inputs: int, data_rank: int, seed: int = 0) -> Network:
    """Draw rates, inputs and weights, and differentiate f."""
    generator = random.Random(f"{beta} {width} {inputs} {data_rank} {seed}")

    def draw() -> fmpq:
        return fmpq(generator.randint(1, 30), generator.randint(1, 30))

    size = width * (inputs + 1)
    coordinates = [f"c{a}" for a in range(data_rank)]
    ring = fmpq_mpoly_ctx.get([*(f"z{n}" for n in range(size)), *coordinates], "degrevlex")
    gens = ring.gens()
    rows = [gens[n : n + inputs + 1] for n in range(0, size, inputs + 1)]
    data = tuple(tuple(draw() for _ in range(inputs)) for _ in range(data_rank))
    point = [_combine(gens[size:], column) for column in zip(*data, strict=True)]
    neurons = [row[0] * _combine(row[1:], point) ** beta for row in rows]
    output = _combine(neurons, [draw()] * width)
    rates = draw(), draw()
    by_weight = (rates[0], *[rates[1]] * inputs) * width
    anywhere = tuple(rate * output.derivative(n) for n, rate in enumerate(by_weight))
    units = [{name: int(name == one) for name in coordinates} for one in coordinates]
    return Network(
        beta=beta,
        rates=rates,
        data=data,
        weights=tuple(gens[:size]),
        anywhere=anywhere,
        fields=tuple(tuple(velocity.subs(unit) for velocity in anywhere) for unit in units),
        at=tuple(draw() for _ in gens),
    )


def forms(network: Network) -> tuple[fmpq_mpoly, ...]:
    """A basis of the linear and quadratic forms that the field of every point of the span conserves."""
    products = combinations_with_replacement(network.weights, 2)
    ansatz = [*network.weights, *(one * two for one, two in products)]
    equations: dict[tuple[int, ...], dict[int, fmpq]] = {}
    for column, term in enumerate(ansatz):
        for monomial, factor in lie_derivative(term, network.anywhere).to_dict().items():
            equations.setdefault(monomial, {})[column] = factor
    # Monomials outnumber the equations that differ by more than a factor hundreds of times.
    distinct = {_monic(equations[monomial]): None for monomial in sorted(equations)}
    system = [[fmpq(0)] * len(ansatz) for _ in distinct]
    for row, equation in zip(system, distinct, strict=True):
        for column, top, bottom in equation:
            row[column] = fmpq(top, bottom)
    return tuple(_combine(ansatz, vector) for vector in _null_space(system))


def _monic(equation: Mapping[int, fmpq]) -> tuple[tuple[int, int, int], ...]:
    """An equation divided by its first coefficient, in integers, which are hashed fast."""
    columns = sorted(equation)
    parts = ((column, equation[column] / equation[columns[0]]) for column in columns)
    return tuple((column, int(part.p), int(part.q)) for column, part in parts)


def count(
    network: Network, laws: Sequence[fmpq_mpoly], depth: int = DEPTH
) -> tuple[Count, Verdict]:
    """Count the laws between the rank of brackets and the rank of the laws known.

    Args:
        network: its fields and the exact point.
        laws: the laws known; each is checked along the field of every point of the span.
        depth: the most fields in a bracket.
    """
    size, inputs = len(network.weights), len(network.data[0])
    known = rank_of_rows([[law.derivative(n)(*network.at) for n in range(size)] for law in laws])
    rank, closed = _generate(network, size - known, depth)
    width = size // (inputs + 1)
    row = Count(network.beta, width, inputs, len(network.data), size, rank, size - rank)
    for law in laws:
        change = lie_derivative(law, network.anywhere)
        if change != 0:
            return row, _refuted(f"{law} is not conserved", change, network)
    if rank_of_rows(network.data) < len(network.data):
        return row, Undecided("the inputs drawn are dependent")
    if rank + known == size:
        return row, Proved("rank of brackets and rank of laws, over the rationals")
    if closed:
        return row, Proved("a Lie algebra whose rank at a point is its dimension")
    return row, Undecided(
        f"rank {rank} of brackets of at most {depth} fields, {known} laws of {size} weights"
    )


def lie_derivative(quantity: fmpq_mpoly, field: Field) -> fmpq_mpoly:
    """Σ g(z) ∂quantity/∂z over the weights z."""
    return _combine([quantity.derivative(n) for n in range(len(field))], field)


def bracket(left: Field, right: Field) -> Field:
    """The commutator of two fields."""
    return tuple(
        lie_derivative(to, left) - lie_derivative(by, right)
        for by, to in zip(left, right, strict=True)
    )


def formula(beta: int, width: int, inputs: int, data_rank: int) -> Expr:
    """How many laws the formulas of the step give."""
    laws = LINEAR[width > data_rank + 1] if beta == 1 else POWER[data_rank > 1]
    return laws.xreplace({d: Integer(width), d0: Integer(inputs), r: Integer(data_rank)})


# Across the span every row of W keeps its d₀ − r coordinates. Within, a neuron is a vector
# (u_i, h_i1 … h_ir). For β = 1 all of them turn alike, by pseudo-rotations, and keep their inner
# products, of which (d choose 2) + d are independent until there are more neurons than dimensions.
LINEAR = (
    d * (d0 - r) + d * (d + 1) / 2,
    d * (d0 - r) + d * (r + 1) - r * (r + 1) / 2,
)
# For β ≥ 2 one field leaves all but one; with two or more each neuron keeps its own norm alone.
POWER = (d * (d0 + 1) - 1, d * (d0 - r) + d)


def linear_network(outputs: int, inputs: int, width: int) -> int:
    """The count of Marcotte et al. for x → U Vᵀ x, U of outputs × width, V of inputs × width."""
    total = outputs + inputs
    if width <= total:
        return width * (width + 1) // 2
    return total * width - total * (total - 1) // 2


def rows(counts: LawCounts) -> tuple[tuple[int, ...], ...]:
    """The table for a report, in the columns of `HEADER`."""
    return tuple(astuple(row) for row in counts.table)


def _generate(network: Network, enough: int, depth: int) -> tuple[int, bool]:
    """Rank of brackets at the point, layer by layer until it is `enough`.

    Brackets [g, [g′, …]] with a generator on the left span the Lie algebra, by Jacobi's identity.

    Returns:
        The rank, and whether no rank is larger: when a layer is empty the Lie algebra is spanned by
        the fields before, so that its rank is nowhere larger than their number.
    """
    layer: Sequence[Field] = network.fields
    values: list[list[fmpq]] = []
    rank = 0
    for _ in range(depth):
        values += [[velocity(*network.at) for velocity in field] for field in layer]
        rank = rank_of_rows(values)
        if rank >= enough:
            break
        brackets = (bracket(one, two) for one in network.fields for two in layer)
        layer = [field for field in brackets if any(field)]
        if not layer:
            return rank, rank == len(values)
    return rank, False


def _refuted(claim: str, change: fmpq_mpoly, network: Network) -> Verdict:
    value = change(*network.at)
    if value == 0:
        return Undecided(f"{claim}, but its change vanishes at the point drawn")
    names = change.context().names()
    return Refuted(dict(zip(names, map(str, network.at), strict=True)), f"{claim}: {value}")


def _combine(terms: Iterable[fmpq_mpoly], factors: Iterable[fmpq | fmpq_mpoly]) -> fmpq_mpoly:
    """Σ factor · term."""
    first, *others = (factor * term for term, factor in zip(terms, factors, strict=True))
    return sum(others, first)


def _null_space(system: list[list[fmpq]]) -> list[list[fmpq]]:
    """A basis of the vectors that the system maps to zero, from its reduced row echelon form."""
    reduced, rank = fmpq_mat(system).rref()
    echelon = reduced.tolist()[:rank]
    pivots = [next(n for n, entry in enumerate(row) if entry != 0) for row in echelon]
    basis = []
    for free in sorted(set(range(len(system[0]))) - set(pivots)):
        vector = [fmpq(int(n == free)) for n in range(len(system[0]))]
        for pivot, row in zip(pivots, echelon, strict=True):
            vector[pivot] = -row[free]
        basis.append(vector)
    return basis


def _step(table: Sequence[Count]) -> Step:
    laws = r"\#\{\text{laws}\}"
    largest = [max(column) for column in zip(*map(astuple, table), strict=True)]
    return Step(
        "Laws left by data of rank $r$",
        (
            (rf"{laws}_{{\beta=1,\,d\le r+1}}", LINEAR[0]),
            (rf"{laws}_{{\beta=1,\,d>r+1}}", LINEAR[1]),
            (rf"{laws}_{{\beta\ge2,\,r=1}}", POWER[0]),
            (rf"{laws}_{{\beta\ge2,\,r\ge2}}", POWER[1]),
        ),
        "A law for every loss and all targets is annihilated by the Lie algebra that the fields of "
        "the inputs generate. The rank of their brackets at an exact point and the rank of the "
        "linear and quadratic forms that the fields of all points of the span conserve add up to "
        "the number of weights; one field alone generates an algebra of dimension one. Proved at "
        f"{len(table)} sizes, "
        rf"$\beta\le{largest[0]}$, $d\le{largest[1]}$, $d_0\le{largest[2]}$, not beyond.",
    )
