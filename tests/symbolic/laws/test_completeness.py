"""The laws are as many as there can be, and a missing or repeated law is noticed."""

from itertools import combinations_with_replacement

import mpmath
import pytest
import sympy
from mpmath import mp
from sympy import Matrix, Rational

from symbolic.derivation import derivation
from symbolic.laws import completeness
from symbolic.laws.completeness import Completeness
from symbolic.laws.conservation import Conservation
from symbolic.models import names
from symbolic.network.gradient_flow import Flow
from symbolic.notation.symbols import d, d0, gamma, h_i, rho, u_i
from symbolic.proof.certificate import CertificateError
from symbolic.warp import clock
from symbolic.warp.clock import Clock

SIZES = [(1, 1), (1, 3), (2, 1), (2, 2)]


def linear_field(width, inputs):
    """The matrix of v on all weights of a small network with γ = 1, η_u = 2, η_w = 3."""
    point = [Rational(k + 1, k + 2) for k in range(inputs)]
    size = width * (inputs + 1)
    matrix = sympy.zeros(size)
    for neuron in range(width):
        first = neuron * (inputs + 1)
        for entry, value in enumerate(point):
            matrix[first, first + 1 + entry] = 2 * value
            matrix[first + 1 + entry, first] = 3 * value
    return matrix


def quadratic_laws(matrix):
    """How many quadratic forms the linear field conserves: the null space of its Lie derivative."""
    weights = sympy.symbols(f"z0:{matrix.rows}")
    velocity = matrix * Matrix(weights)
    forms = [a * b for a, b in combinations_with_replacement(weights, 2)]
    changes = [
        sympy.Poly(
            sum(sympy.diff(form, z) * v for z, v in zip(weights, velocity, strict=True)), *weights
        )
        for form in forms
    ]
    system = Matrix([[change.coeff_monomial(form) for change in changes] for form in forms])
    return len(forms) - system.rank()


@pytest.mark.parametrize(("width", "inputs"), SIZES)
def test_all_quadratic_laws_are_counted(width, inputs, linear):
    rows = {(row[0], row[1]): row for row in linear[Completeness].table}
    assert rows[width, inputs][4] == quadratic_laws(linear_field(width, inputs))


def test_the_laws_leave_one_direction_at_every_size(linear):
    record = linear[Completeness]
    assert len(record.table) >= 5
    for width, inputs, weights, rank, _ in record.table:
        assert weights == width * (inputs + 1) == record.weights.subs({d: width, d0: inputs})
        assert rank == weights - 1 == record.laws.subs({d: width, d0: inputs})


@pytest.mark.parametrize("name", names())
def test_the_laws_are_one_fewer_than_the_weights_for_every_activation(name):
    record = derivation(name)[Completeness]
    for width, inputs in ((1, 1), (2, 3), (7, 4)):
        sizes = {d: width, d0: inputs}
        assert record.laws.subs(sizes) == record.weights.subs(sizes) - 1 == width * (inputs + 1) - 1
    for width, inputs, weights, rank, quadratic in record.table:
        assert weights == width * (inputs + 1)
        assert rank == weights - 1
        assert (quadratic is None) == (name != "linear")
    rational = {"linear", "quadratic", "cubic"}
    assert bool(record.table) == (name in rational)


RATES = {"gamma": "3/4", "eta_u": "8/3", "eta_w": "3/2", "rho_2": "4/9"}
STARTS = (("5/2", "2/3"), ("1/4", "3/4"), ("-1/3", "-1/2"))


@pytest.mark.parametrize("width", [1, 2, 3])
@pytest.mark.parametrize("name", ["quadratic", "cubic"])
def test_the_differentials_of_laws_and_clocks_are_independent(name, width, orbit):
    """Rank of the Jacobian of E_k and F_k − F_1 in all (u, h), by differences of their values."""
    derived = derivation(name)
    with mp.workdps(40):
        neurons = [orbit(name, *start, **RATES) for start in STARTS[:width]]
        fixed = {s: v for s, v in neurons[0].values.items() if s not in (u_i, h_i)}
        energy = sympy.lambdify([u_i, h_i, *fixed], derived[Clock].energy, "mpmath")

        def branch(u, h):
            return "E > 0" if energy(u, h, *fixed.values()) > 0 else "E < 0"

        def ticks(u, h):
            here = branch(u, h)
            coordinate = sympy.lambdify([u_i, h_i], derived[Clock].coordinate[here], "mpmath")
            value = (
                derived[Clock].values[here].replace(sympy.log, lambda w: sympy.log(sympy.Abs(w)))
            )
            counted = sympy.lambdify([clock.z, clock.ENERGY, *fixed], value, "mpmath")
            size = mpmath.sqrt(abs(energy(u, h, *fixed.values())))
            return counted(coordinate(u, h), size, *fixed.values())

        def laws(*flat):
            pairs = list(zip(flat[::2], flat[1::2], strict=True))
            first = ticks(*pairs[0])
            own = [energy(u, h, *fixed.values()) for u, h in pairs]
            return [*own, *(ticks(u, h) - first for u, h in pairs[1:])]

        at = [v for n in neurons for v in (n.values[u_i], n.values[h_i])]
        step = mpmath.mpf(10) ** -15
        columns = []
        for k in range(len(at)):
            up, down = ([v + (e if j == k else 0) for j, v in enumerate(at)] for e in (step, -step))
            columns.append(
                [(a - b) / (2 * step) for a, b in zip(laws(*up), laws(*down), strict=True)]
            )
        singular = mpmath.svd_r(mpmath.matrix(columns), compute_uv=False)
        assert len(singular) == 2 * width - 1
        assert min(singular) > mpmath.mpf("1e-3") * max(singular)
        # The field is in their null space: the one direction that is left.
        moved = [v for n in neurons for v in n.velocity(n.values[u_i], n.values[h_i], 1)]
        for law in zip(*columns, strict=True):
            size = mpmath.fsum(abs(a * b) for a, b in zip(law, moved, strict=True))
            assert abs(mpmath.fdot(law, moved)) < mpmath.mpf(10) ** -20 * size


def test_a_law_that_is_not_conserved_is_noticed_without_ranks(forge):
    derived = derivation("tanh")
    wrong = forge(derived[Conservation], own=(u_i**2 + h_i**2,))
    with pytest.raises(CertificateError, match="independent"):
        completeness.derive(derived[Flow], wrong)


def test_a_missing_law_is_noticed(linear, forge):
    laws = forge(linear[Conservation], between=linear[Conservation].between[:1])
    with pytest.raises((CertificateError, ValueError)):
        completeness.derive(linear[Flow], laws)


def test_dependent_laws_are_noticed(linear, forge):
    law = linear[Conservation].between[0]
    laws = forge(linear[Conservation], between=(law, 2 * law))
    with pytest.raises(CertificateError, match=r"rank|Jacobian"):
        completeness.derive(linear[Flow], laws)


def test_a_law_that_is_not_conserved_is_noticed_by_the_rank(linear, forge):
    """With u_i in its place the laws of two neurons fix all four weights."""
    laws = forge(linear[Conservation], own=(u_i,))
    with pytest.raises(CertificateError, match="rank 4 = 4 - 1"):
        completeness.derive(linear[Flow], laws)


def test_a_missing_law_of_the_first_neuron_is_noticed(linear, forge):
    laws = forge(linear[Conservation], own=(sympy.Integer(1),))
    with pytest.raises(CertificateError, match="first neuron"):
        completeness.derive(linear[Flow], laws)


def test_a_field_that_vanishes_is_noticed(linear, forge):
    still = forge(linear[Flow], velocity_u=sympy.Integer(0) * gamma * rho)
    with pytest.raises(CertificateError, match=r"v is not zero|quadratic laws"):
        completeness.derive(still, linear[Conservation])
