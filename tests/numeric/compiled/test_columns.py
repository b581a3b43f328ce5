"""Sums over columns at the speed of memory: their digits, and that threads do not change them."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

from numeric import compiled

if not compiled.is_available():
    pytest.skip("nothing is compiled here; numpy computes", allow_module_level=True)

from numeric.compiled import columns, halves

WIDTHS = (1, 2, columns.FEW, columns.FEW + 1, 511, 512, 513, 1500)


@pytest.mark.parametrize("decades", [0, 3, 12])
@pytest.mark.parametrize("width", WIDTHS)
def test_sums_have_the_digits_that_are_said(width, decades):
    for seed in range(10):
        _are_right(width, decades, np.random.default_rng([width, decades, seed]))


def _are_right(width, decades, draw):
    u, w = draw.standard_normal((2, width)) * 10.0 ** draw.uniform(-decades, decades, (2, width))
    found = columns.of(u, w)
    a, b = (list(map(Fraction, z.tolist())) for z in (u, w))
    size = {name: sum(x * x for x in z) for name, z in (("a", a), ("b", b))}
    sizes = size["a"], size["b"], Fraction(math.sqrt(size["a"] * size["b"]))
    bits = 100 if width <= columns.FEW else 73
    for k, (one, two) in enumerate(((a, a), (b, b), (a, b))):
        exact = sum(x * y for x, y in zip(one, two, strict=True))
        is_found = sum(map(Fraction, found[2 * k : 2 * k + 2].tolist()))
        assert abs(is_found - exact) <= sizes[k] / 2**bits
    assert found[6:].tolist() == [np.abs(u).max(), np.abs(w).max()]


@pytest.mark.parametrize("growing", [False, True])
def test_weights_that_grow_along_the_column_are_cut_anew(growing):
    """The largest so far says where numbers are cut; it must not be too small for a block."""
    sizes = np.geomspace(1e-30, 1e30, 4096)
    u = sizes if growing else sizes[::-1]
    u, w = u.copy(), np.ones(4096)
    found = columns.of(u, w)
    exact = sum(Fraction(x) ** 2 for x in u.tolist())
    assert abs(sum(map(Fraction, found[:2].tolist())) - exact) <= exact / 2**73


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("width", [3, 1000, columns.CHUNK + 5])
@pytest.mark.parametrize("of_u", [True, False])
def test_what_is_no_number_is_largest(bad, width, of_u):
    for place in (0, width // 2, width - 1):
        one, two = np.ones(width), np.ones(width)
        one[place] = bad
        found = columns.of(one, two) if of_u else columns.of(two, one)
        assert np.isfinite(found[6:]).tolist() == [not of_u, of_u]


def test_threads_do_not_change_a_bit(monkeypatch):
    draw = np.random.default_rng(0)
    u, w = draw.standard_normal((2, 5 * columns.CHUNK + 17))
    monkeypatch.setattr(halves, "ENOUGH", 1)
    found = []
    for cores in (1, 2, 3, 6):
        monkeypatch.setattr(halves, "cores", lambda cores=cores: cores)
        found.append(columns.of(u, w).tobytes())
    assert len(set(found)) == 1


def test_columns_are_told_when_they_have_been_read():
    told = []
    u, w = np.ones((2, 2 * columns.CHUNK))
    columns.of(u, w, lambda column, start, stop: told.append((column is u, start, stop)))
    assert told == [(True, 0, 2 * columns.CHUNK), (False, 0, 2 * columns.CHUNK)]
