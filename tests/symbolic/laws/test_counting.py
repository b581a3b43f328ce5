"""Laws left by data of rank r: counts known by hand, and every bound that must hold for them."""

import dataclasses

import pytest
import sympy
from flint import fmpq
from sympy import Rational

from symbolic.laws import counting
from symbolic.laws.counting import bracket, count, derive, forms, lie_derivative, prepare
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import Proved, Refuted, Undecided
from symbolic.writing.derivation import rows

# (β, d, d₀, r): laws, each counted on paper.
BY_HAND = {
    (1, 1, 1, 1): 1,  # η_u w² − η_w u²
    (1, 2, 1, 1): 3,  # the pairs (u_i, w_i) move on the orbits of one pseudo-rotation
    (1, 2, 2, 2): 3,  # the three inner products of two vectors in three dimensions
    (1, 3, 1, 1): 5,  # six weights and one direction of motion
    (1, 3, 2, 2): 6,  # the six inner products of three vectors in three dimensions
    (1, 4, 2, 2): 9,  # ten inner products, one relation: four vectors in three dimensions
    (1, 4, 3, 3): 10,  # the ten inner products of four vectors in four dimensions
    (1, 1, 3, 2): 2,  # one input that no datum sees, one norm
    (1, 2, 3, 2): 5,
    (2, 1, 1, 1): 1,
    (2, 2, 1, 1): 3,  # two norms, and the difference of the times along two curves
    (2, 2, 2, 2): 2,  # two norms
    (2, 3, 3, 3): 3,
    (2, 3, 3, 2): 6,  # three norms, three inputs that no datum sees
    (3, 2, 3, 1): 7,
    (3, 4, 3, 3): 4,
}


def neurons(network):
    """The weights, neuron by neuron."""
    size = len(network.data[0]) + 1
    return [network.weights[n : n + size] for n in range(0, len(network.weights), size)]


def norms(network, sign=-1):
    """η_u |w_i|² − β η_w u_i² of every neuron, written by hand."""
    eta_u, eta_w = network.rates
    return tuple(
        eta_u * sum(w * w for w in row[1:]) + sign * network.beta * eta_w * row[0] ** 2
        for row in neurons(network)
    )


def inner_products(network):
    """η_u <w_i, w_k> − η_w u_i u_k of every pair of neurons, for β = 1."""
    eta_u, eta_w = network.rates
    rows = neurons(network)
    return tuple(
        eta_u * sum(a * b for a, b in zip(one[1:], two[1:], strict=True)) - eta_w * one[0] * two[0]
        for place, one in enumerate(rows)
        for two in rows[: place + 1]
    )


def value(polynomial, at):
    """A polynomial at exact values, term by term."""
    total = fmpq(0)
    for exponents, coefficient in polynomial.to_dict().items():
        for number, exponent in zip(at, exponents, strict=True):
            coefficient *= number**exponent
        total += coefficient
    return total


@pytest.fixture(scope="module")
def counts():
    return derive()


@pytest.mark.parametrize("size", BY_HAND)
def test_counts_known_by_hand(counts, size):
    table = {row[:4]: row for row in counting.rows(counts)}
    weights = size[1] * (size[2] + 1)
    assert table[size] == (*size, weights, weights - BY_HAND[size], BY_HAND[size])


def test_every_size_once_and_a_line_leaves_one_direction(counts):
    assert [row[:4] for row in counting.rows(counts)] == list(counting.SIZES)
    assert len(counts.table) == 72
    assert len(counting.HEADER) == 7
    for row in counts.table:
        assert (row.rank == 1) == (row.data_rank == 1)
        assert row.laws == row.weights - row.rank


def test_linear_networks_agree_with_the_known_count(counts):
    known = {row[1:3]: row[-1] for row in counting.rows(counts) if row[0] == 1 and row[2] == row[3]}
    assert known[1, 1] == 1 * 2 // 2
    assert known[3, 2] == 3 * 4 // 2  # width = outputs + inputs: both formulas
    assert known[4, 2] == 3 * 4 - 3 * 2 // 2
    assert known[4, 1] == 2 * 4 - 2 * 1 // 2
    claims = [c.claim for c in counts.certificates if c.claim.endswith("the known count")]
    assert len(claims) == len(known) == 12


@pytest.mark.parametrize(
    "size", [(1, 2, 2, 2), (1, 4, 2, 2), (2, 2, 3, 2), (2, 2, 1, 1), (3, 3, 2, 2)]
)
def test_the_count_does_not_depend_on_what_is_drawn(size):
    networks = [prepare(*size, seed=seed) for seed in range(3)]
    assert len({network.at for network in networks}) == len({n.data for n in networks}) == 3
    drawn = [count(network, forms(network)) for network in networks]
    assert all(isinstance(verdict, Proved) for _, verdict in drawn)
    assert len({row for row, _ in drawn}) == 1


def exact(number):
    return Rational(int(number.p), int(number.q))


@pytest.mark.parametrize("size", [(1, 2, 2, 1), (2, 2, 2, 2), (3, 1, 3, 2)])
def test_fields_are_gradients_of_the_network(size):
    """Each input's, and that of a point of the span, against SymPy: all by one factor, γ."""
    beta, width, inputs, rank = size
    network = prepare(*size)
    names = sympy.symbols(f"z0:{width * (inputs + 1)}")
    at = dict(zip(names, map(exact, network.at), strict=False))
    coordinates = network.at[len(names) :]
    spanned = [
        sum(c * x for c, x in zip(coordinates, column, strict=True))
        for column in zip(*network.data, strict=True)
    ]
    ratios = set()
    for datum, field in zip(
        [*network.data, spanned], [*network.fields, network.anywhere], strict=True
    ):
        rows = [names[n : n + inputs + 1] for n in range(0, len(names), inputs + 1)]
        output = sum(
            row[0] * sum(w * exact(x) for w, x in zip(row[1:], datum, strict=True)) ** beta
            for row in rows
        )
        for n, name in enumerate(names):
            rate = exact(network.rates[0 if name in [row[0] for row in rows] else 1])
            slope = rate * sympy.diff(output, name).xreplace(at)
            ratios.add(exact(value(field[n], network.at)) / slope)
    assert len(network.fields) == rank
    assert len(ratios) == 1
    assert 0 not in ratios


def test_brackets_are_commutators():
    """Of linear fields z ↦ A z and z ↦ B z it is z ↦ (B A − A B) z."""
    network = prepare(1, 2, 2, 2)
    one, two = network.fields

    def matrix(field):
        ring = [velocity.derivative(n) for velocity in field for n in range(6)]
        return sympy.Matrix(6, 6, [sympy.Rational(str(entry)) for entry in ring])

    left, right = matrix(one), matrix(two)
    assert matrix(bracket(one, two)) == right * left - left * right != sympy.zeros(6)
    assert not any(bracket(one, one))


@pytest.mark.parametrize("beta", [1, 2, 3])
def test_all_linear_and_quadratic_forms_are_found(beta):
    """d₀ − r = 1 linear form, its square, and the norm of the only neuron."""
    network = prepare(beta, 1, 2, 1)
    found = forms(network)
    assert sorted(law.total_degree() for law in found) == [1, 2, 2]
    (linear,) = (law for law in found if law.total_degree() == 1)
    across = [value(linear.derivative(n), network.at) for n in range(3)]
    assert across[0] == 0
    assert sum(c * x for c, x in zip(across[1:], network.data[0], strict=True)) == 0


@pytest.mark.parametrize("size", [(2, 2, 2, 2), (3, 3, 3, 3), (1, 1, 3, 3)])
def test_the_norms_alone_prove_the_count(size):
    network = prepare(*size)
    row, verdict = count(network, norms(network))
    assert isinstance(verdict, Proved)
    assert row.laws == size[1]


@pytest.mark.parametrize("size", [(1, 2, 2, 2), (1, 4, 2, 2), (1, 3, 3, 3)])
def test_inner_products_alone_prove_the_count(size):
    network = prepare(*size)
    row, verdict = count(network, inner_products(network))
    assert isinstance(verdict, Proved)
    assert row.laws == BY_HAND.get(size, 6)


def test_a_law_holds_at_points_of_the_span_that_are_not_data():
    """A form that the fields of the inputs conserve, and no other field of the span, is refused."""
    network = prepare(2, 1, 2, 2)
    at_one_input = dataclasses.replace(network, anywhere=network.fields[0])
    extra = [law for law in forms(at_one_input) if lie_derivative(law, network.anywhere) != 0]
    assert extra
    assert isinstance(count(network, extra)[1], Refuted)


@pytest.mark.parametrize("size", [(1, 2, 2, 2), (2, 2, 2, 2), (3, 1, 2, 1)])
def test_a_wrong_law_is_refused(size, monkeypatch):
    network = prepare(*size)
    wrong = norms(network, sign=+1)
    verdict = count(network, wrong)[1]
    assert isinstance(verdict, Refuted)
    assert "is not conserved" in verdict.ball
    # The witness is an exact point at which the claimed law does change.
    at = [fmpq(*map(int, ([*text.split("/"), "1"])[:2])) for text in verdict.witness.values()]
    assert value(lie_derivative(wrong[0], network.anywhere), at) != 0
    monkeypatch.setattr(counting, "forms", lambda network: norms(network, sign=+1))
    with pytest.raises(CertificateError, match="is not conserved"):
        derive([size])


def test_a_law_of_a_wrong_power_is_refused():
    network = prepare(2, 1, 2, 2)
    assert isinstance(count(network, norms(dataclasses.replace(network, beta=3)))[1], Refuted)


@pytest.mark.parametrize(
    ("size", "depth"), [((1, 2, 2, 2), 1), ((2, 2, 2, 2), 2), ((3, 3, 2, 2), 3)]
)
def test_too_few_brackets_are_undecided(size, depth):
    network = prepare(*size)
    verdict = count(network, forms(network), depth)[1]
    assert isinstance(verdict, Undecided)
    assert isinstance(count(network, forms(network), depth + 1)[1], Proved)
    with pytest.raises(CertificateError, match=f"of at most {depth} fields"):
        derive([size], depth=depth)


def test_a_missing_law_is_undecided(monkeypatch):
    network = prepare(1, 2, 2, 2)
    assert isinstance(count(network, norms(network))[1], Undecided)
    assert isinstance(count(network, ())[1], Undecided)
    # The same law twice is one law.
    assert isinstance(count(network, (*norms(network), 2 * norms(network)[0]))[1], Undecided)
    monkeypatch.setattr(counting, "forms", norms)
    with pytest.raises(CertificateError, match=r"rank 3 of brackets .* 2 laws of 6 weights"):
        derive([(1, 2, 2, 2)])


def test_dependent_inputs_are_undecided():
    network = prepare(2, 2, 2, 2)
    datum, field = network.data[0], network.fields[0]
    parallel = dataclasses.replace(network, data=(datum, datum), fields=(field, field))
    assert count(parallel, forms(network))[1] == Undecided("the inputs drawn are dependent")


def test_fields_that_commute_prove_a_rank_only_if_they_are_independent():
    """Two equal fields span one dimension at every point, and the two of them do not show it."""
    network = prepare(2, 2, 2, 2)
    field = network.fields[0]
    twice = dataclasses.replace(network, fields=(field, field))
    assert isinstance(count(twice, ())[1], Undecided)
    once = dataclasses.replace(network, fields=(field,))
    row, verdict = count(once, ())
    assert row.rank == 1
    assert isinstance(verdict, Proved)


def test_a_wrong_formula_is_noticed(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(counting, "POWER", counting.POWER[::-1])
        with pytest.raises(CertificateError, match="the formula"):
            derive([(2, 2, 2, 2)])
    with monkeypatch.context() as patch:
        patch.setattr(counting, "linear_network", lambda outputs, inputs, width: width)
        with pytest.raises(CertificateError, match="the known count"):
            derive([(1, 2, 2, 2)])


def test_the_step_says_what_is_proved(counts):
    (item,) = counts.steps
    assert "72 sizes" in item.proof
    assert r"$\beta\le3$, $d\le4$, $d_0\le3$" in item.proof
    for beta, width, inputs, rank in BY_HAND:
        place = (width > rank + 1) if beta == 1 else 2 + (rank > 1)
        sizes = {"d": width, "d0": inputs, "r": rank}
        right = item.statement[place][1]
        right = right.xreplace({z: sympy.Integer(sizes[z.name]) for z in right.free_symbols})
        assert right == BY_HAND[beta, width, inputs, rank]
    assert any(r"\beta\ge2,\,r=1" in cell for row in rows(item.statement) for cell in row)
