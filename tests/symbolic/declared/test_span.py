"""Spans of sparse vectors modulo a prime: against ranks of matrices that are written out."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic.architecture.instance import Instance
from symbolic.declared.fields import derive
from symbolic.declared.span import Span, Values
from symbolic.models.shelf import load
from symbolic.proof.null_space import PRIME
from symbolic.proof.ranks import rank_modulo_prime

ENTRY = st.sampled_from((0, 0, 1, 2, PRIME - 1))


def sparse(row):
    return {(n, ()): value for n, value in enumerate(row) if value}


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(1, 5), st.data())
def test_a_vector_is_in_the_span_if_it_does_not_raise_the_rank(columns, data):
    row = st.lists(ENTRY, min_size=columns, max_size=columns)
    rows, one = data.draw(st.lists(row, max_size=4)), data.draw(row)
    is_in = rank_modulo_prime([*rows, one], columns) == rank_modulo_prime(rows, columns)
    assert Span(map(sparse, rows)).has(sparse(one)) == is_in


def test_powers_of_a_gate_are_the_gate():
    model = load("relu")
    instance = Instance(model, model.sizes[0])
    (gate, *_) = instance.generated
    values = Values(instance, [3] * len(instance.ring.gens()))
    zero = (0,) * instance.weights
    for power in (1, 2, 5):
        m = [0] * len(instance.ring.gens())
        m[gate.index] = power
        one = derive(instance).generating[0]
        c = next(iter(next(iter(one.values())).values()))
        assert values.coefficients({0: {tuple(m): c / c}}) == {(0, zero): 3}
