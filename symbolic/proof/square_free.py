"""Polynomials without a factor that is there twice."""

from __future__ import annotations

import random

from flint import fmpq_mpoly, fmpq_mpoly_ctx

LINES = 2  # on which a polynomial is looked at before it is factored


def is_square_free(argument: fmpq_mpoly) -> bool:
    """Whether no factor is there twice, and it is no number but 1."""
    if any(_is_square_free_on_a_line(argument, seed) for seed in range(LINES)):
        return True
    constant, factors = argument.factor()
    plain = constant.p == constant.q or len(factors) > 0
    return plain and all(power == 1 for _, power in factors)


def _is_square_free_on_a_line(argument: fmpq_mpoly, seed: int) -> bool:
    """Whether it is where generators are a + b t, and of the same degree there: False says nothing.

    A factor that is there twice is there twice on a line, and has its degree where the product has.
    """
    draw = random.Random(seed)
    line = fmpq_mpoly_ctx.get(["t"], "degrevlex")
    (t,) = line.gens()
    values = [t * draw.randint(-9, 9) + draw.randint(-9, 9) for _ in argument.context().gens()]
    there = argument.compose(*values, ctx=line)
    degree = argument.total_degree()
    if degree <= 0 or there.total_degree() < degree:
        return False
    return int(there.gcd(there.derivative(0)).total_degree()) == 0
