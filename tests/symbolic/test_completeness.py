"""The laws are as many as there can be, and a missing or repeated law is noticed."""

import dataclasses
from itertools import combinations_with_replacement

import pytest
import sympy
from sympy import Matrix, Rational

from symbolic import completeness
from symbolic.notation import d, d0, gamma, rho, u_i
from symbolic.record import CertificateError

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
    rows = {(row[0], row[1]): row for row in linear.completeness.table}
    assert rows[width, inputs][4] == quadratic_laws(linear_field(width, inputs))


def test_the_laws_leave_one_direction_at_every_size(linear):
    record = linear.completeness
    assert len(record.table) >= 5
    for width, inputs, weights, rank, _ in record.table:
        assert weights == width * (inputs + 1) == record.weights.subs({d: width, d0: inputs})
        assert rank == weights - 1 == record.laws.subs({d: width, d0: inputs})


def test_a_missing_law_is_noticed(linear):
    laws = dataclasses.replace(linear.conservation, between=linear.conservation.between[:1])
    with pytest.raises((CertificateError, ValueError)):
        completeness.derive(linear.flow, laws)


def test_dependent_laws_are_noticed(linear):
    law = linear.conservation.between[0]
    laws = dataclasses.replace(linear.conservation, between=(law, 2 * law))
    with pytest.raises(CertificateError, match=r"rank|Jacobian"):
        completeness.derive(linear.flow, laws)


def test_a_law_that_is_not_conserved_is_noticed_by_the_rank(linear):
    """With u_i in its place the laws of two neurons fix all four weights."""
    laws = dataclasses.replace(linear.conservation, own=(u_i,))
    with pytest.raises(CertificateError, match="rank 4 = 4 - 1"):
        completeness.derive(linear.flow, laws)


def test_a_missing_law_of_the_first_neuron_is_noticed(linear):
    laws = dataclasses.replace(linear.conservation, own=(sympy.Integer(1),))
    with pytest.raises(CertificateError, match="first neuron"):
        completeness.derive(linear.flow, laws)


def test_a_field_that_vanishes_is_noticed(linear):
    still = dataclasses.replace(linear.flow, velocity_u=sympy.Integer(0) * gamma * rho)
    with pytest.raises(CertificateError, match=r"v is not zero|quadratic laws"):
        completeness.derive(still, linear.conservation)
