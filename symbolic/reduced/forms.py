"""Classes of coefficients of degree 1 and 2: linear flows, one form alone, and forms in Q Qᵀ."""

from __future__ import annotations

import sympy
from sympy import Matrix

from symbolic.laws.absorbed import number
from symbolic.laws.blocks import Block
from symbolic.laws.gram import hessian, matrix
from symbolic.laws.reduced_flow import letter, names
from symbolic.lift.lifted import lifted
from symbolic.proof.certificate import DoesNotApply
from symbolic.reduced import linear_field, linear_flow, matrix_riccati
from symbolic.reduced.given import Given
from symbolic.reduced.recognised import Recognised


def linear(whole: Given, block: Block) -> Recognised:
    """Coefficients of degree 1."""
    weights, velocities = whole.weights(block), whole.velocities(block)
    solution = linear_flow.solved(weights, list(map(sympy.expand, velocities.values())))
    outputs = {k: whole.output(k) for k in block.potentials}
    return Recognised(
        "linear", weights, {w: w for w in weights}, velocities, outputs, solution, None,
        solution.certificates,
    )  # fmt: skip


def one_form(whole: Given, block: Block) -> Recognised | None:
    """One quadratic form of the weights."""
    (k,) = block.potentials
    potential, rho = whole.potentials[k], whole.rates.scales[k]
    form = hessian(potential)
    if form is None:
        return None
    H = Matrix(matrix(form, block.weights))
    if linear_field.rate_squared(H) is None:
        return None
    f = names("f", len(whole.potentials), whole.instance)[k]
    letters = linear_field.Letters(
        P=letter("P", whole.instance, real=True),
        Q=letter("Q", whole.instance, real=True),
        R=letter("R", whole.instance, real=True),
        a=letter("a", whole.instance, positive=True),
    )
    solution = linear_field.solved(
        H,
        [whole.rates.absorbed[i] for i in block.weights],
        (rho, whole.rates.speed * rho, whole.targets[k], number(potential.constant)),
        f,
        letters,
    )
    kind = "logistic" if solution.constants[letters.Q] == 0 else "Riccati"
    return Recognised(
        kind, whole.weights(block), {f: whole.output(k)}, whole.velocities(block), {k: f},
        solution, None, solution.certificates,
    )  # fmt: skip


def in_gram_matrix(whole: Given, block: Block) -> Recognised | None:
    """Quadratic forms of Z = Q Qᵀ, everywhere or on a leaf of a law."""
    found = lifted(whole.potentials, whole.rates, block)
    try:
        solution = matrix_riccati.solved(whole.instance, whole.potentials, found, whole.targets)
    except DoesNotApply:
        return None
    # Of one hidden unit Qᵀ J Q is a number: every start is on a leaf.
    from_anywhere = solution.law is None or solution.Q.cols == 1
    kind = "matrix Riccati" if from_anywhere else "matrix Riccati on a leaf of a law"
    entries = matrix_riccati.entries(whole.instance, solution.size)
    Z = Matrix(solution.size, solution.size, lambda a, b: entries[min(a, b), max(a, b)])
    moved = solution.velocity(Z)
    product = solution.Q * solution.Q.T
    return Recognised(
        kind,
        whole.weights(block),
        {z: product[place] for place, z in entries.items()},
        {z: moved[place] for place, z in entries.items()},
        dict(zip(block.potentials, solution.output(Z), strict=True)),
        solution,
        None,
        solution.certificates,
    )
