"""The search for the rank: towards the bound from above, to a budget, and what it says of itself."""

from __future__ import annotations

import numpy as np
import pytest
from flint import nmod_mat
from hypothesis import given, settings
from hypothesis import strategies as st

from symbolic.architecture.jets import P
from symbolic.laws.lie_rank import OutOfTimeError, _Basis, _product, lie_rank
from symbolic.models.shelf import load

SIZES = {"n": 2, "h": 2, "m": 2}


def test_it_ends_where_the_bound_is_reached():
    found = lie_rank(load("two_layer_linear"), SIZES, 5)
    assert (found.value, found.stopped, found.points) == (5, "enough", 1)
    assert found.by_depth[-1] == 5 > found.by_depth[0] == 4


def test_nothing_is_searched_where_nothing_can_move():
    found = lie_rank(load("two_layer_linear"), SIZES, 0)
    assert (found.value, found.stopped, found.evaluations) == (0, "enough", 0)


def test_a_stalled_search_says_what_it_tried():
    """The rank is 5: a bound of 6 is never reached, and the search is not decided by itself."""
    found = lie_rank(load("two_layer_linear"), SIZES, 6, depth=4, seeds=2)
    assert (found.value, found.stopped, found.points) == (5, "exhausted", 2)
    assert found.by_depth == (4, 5, 5, 5)
    assert found.tried.startswith("brackets of up to 4 fields at 2 points, ")
    assert found.tried.endswith("stopped: exhausted")


@pytest.mark.parametrize("budget", [0, 3, 20, 300])
def test_a_budget_is_a_number_of_evaluations(budget):
    found = lie_rank(load("two_layer_linear"), SIZES, 6, budget=budget)
    assert found.stopped == "budget"
    assert found.value <= 5
    assert budget < found.evaluations <= budget + 3**5


def test_out_of_time_keeps_what_was_found():
    seen = []

    def tick(spent):
        seen.append(spent)
        if spent > 100:
            raise OutOfTimeError

    found = lie_rank(load("two_layer_linear"), SIZES, 6, tick=tick)
    assert (found.value, found.stopped) == (5, "time")
    assert seen == sorted(seen)


def test_another_error_of_a_callback_is_not_taken_for_time():
    def tick(spent):
        raise KeyError(spent)

    with pytest.raises(KeyError):
        lie_rank(load("two_layer_linear"), SIZES, 6, tick=tick)


@pytest.mark.parametrize(
    ("sizes", "rank"),
    [
        ({"n": 4, "h": 4, "m": 2}, 14),
        ({"n": 3, "h": 5, "m": 2}, 10),
        ({"n": 5, "h": 3, "m": 5}, 24),
    ],
)
def test_ranks_at_which_a_shallow_search_stalls(sizes, rank):
    """so(n, m) on the stacked matrix."""
    found = lie_rank(load("two_layer_linear"), sizes, rank)
    assert (found.value, found.stopped) == (rank, "enough")
    assert lie_rank(load("two_layer_linear"), sizes, rank + 1, depth=4, seeds=1).value == rank


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 12))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_basis_has_the_rank_of_all_its_rows(seed, count, columns):
    """Row by row against one elimination of all, and products of floats against whole numbers."""
    generator = np.random.default_rng(seed)
    factors = generator.integers(0, P, (count, 3)), generator.integers(0, P, (3, columns))
    assert (_product(*factors) == (factors[0].astype(object) @ factors[1].astype(object)) % P).all()
    rows = np.asarray(_product(*factors))
    basis = _Basis(columns)
    for k in range(0, count, 2):
        basis.add(list(rows[k : k + 2]))
    assert basis.rank == nmod_mat(count, columns, rows.ravel().tolist(), P).rank()


def test_products_of_floats_are_exact_at_the_largest_numbers():
    a = np.full((1, 2**14), P - 1, np.int64)
    assert int(_product(a, a.T)[0, 0]) == 2**14 % P
    with pytest.raises(OverflowError, match="16385 rows"):
        _product(np.ones((1, 2**14 + 1), np.int64), np.ones((2**14 + 1, 1), np.int64))
