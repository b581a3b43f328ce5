"""Weights taken over: copied, or held, never changed by others unless that was asked for."""

from __future__ import annotations

import numpy as np
import pytest

from numeric import GradientFlow, compiled
from numeric.data import pages, weights
from numeric.errors import InputError


def drawn(width=40, inputs=1):
    draw = np.random.default_rng(0)
    return draw.standard_normal(width), draw.standard_normal((width, inputs))


@pytest.fixture(params=["r", "r+", "c"])
def mapped(request, tmp_path):
    """Both layers, mapped from files."""
    found = []
    for name, values in zip("uW", drawn(), strict=True):
        values.tofile(tmp_path / name)
        found.append(np.memmap(tmp_path / name, np.float64, request.param, shape=values.shape))
    return found


@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("width", [1, 40, 1000, 70_000])
@pytest.mark.parametrize("kind", ["plain", "read-only", "strided"])
def test_a_copy_does_not_change_with_what_was_given(width, inputs, kind):
    u, W = drawn(width, inputs)
    if kind == "strided":
        u, W = np.repeat(u, 2)[::2], np.repeat(W, 2, axis=1)[:, ::2]
    given = [z.view() for z in (u, W)]
    for z in given:
        z.setflags(write=kind != "read-only")
    taken = weights.take(*given)
    assert taken.u.shape == (width,)
    assert taken.W.shape == (width, inputs)
    u[:], W[:] = 7, 7
    np.testing.assert_array_equal(taken.u, drawn(width, inputs)[0])
    np.testing.assert_array_equal(taken.W, drawn(width, inputs)[1])
    for layer in (taken.u, taken.W):
        assert layer.flags.c_contiguous
        assert not layer.flags.writeable


@pytest.mark.skipif(not compiled.is_available(), reason="sums are made on the way by machine code")
@pytest.mark.parametrize("width", [1, 48, 49, 1000, 70_000, 600_000])
def test_a_copy_has_the_sums_of_what_is_held(width):
    """Of one chunk or more, on one core or both, of weights that grow on the way."""
    u, W = drawn(width)
    u *= np.geomspace(1, 1e30, width)
    copied, held = weights.take(u, W), weights.take(u, W, copy=False)
    np.testing.assert_array_equal(copied.sums, held.sums)
    np.testing.assert_array_equal(copied.u, held.u)
    np.testing.assert_array_equal(copied.W, held.W)
    assert np.shares_memory(held.u, u)
    assert not np.shares_memory(copied.u, u)


def test_what_is_held_is_the_array_itself_read_only():
    u, W = drawn()
    flow = GradientFlow(u, W, [1.0], 2.0, copy=False)
    assert np.shares_memory(flow.u0, u)
    assert np.shares_memory(flow.W0, W)
    assert not flow.u0.flags.writeable
    assert u.flags.writeable  # theirs as before
    copied = GradientFlow(u, W, [1.0], 2.0)
    assert not np.shares_memory(copied.u0, u)
    times = np.linspace(0, 3, 20)
    for name in ("loss", "norm_W", "u", "W"):
        np.testing.assert_array_equal(getattr(flow, name)(times), getattr(copied, name)(times))


@pytest.mark.parametrize(
    "change", [lambda z: z[::-1], lambda z: z.astype(np.float32), lambda z: z.astype(">f8")]
)
def test_what_must_be_converted_is_copied_even_so(change):
    u, W = drawn()
    u, W = change(u), change(W)
    taken = weights.take(u, W, copy=False)
    np.testing.assert_array_equal(taken.u, u)
    np.testing.assert_array_equal(taken.W, W)
    assert taken.u.flags.c_contiguous
    assert not np.shares_memory(taken.u, u)


@pytest.mark.parametrize("shape", [(1, 40), (40, 1)])
def test_a_row_or_a_column_is_held_too(shape):
    u, W = drawn()
    flow = GradientFlow(u.reshape(shape), W, [1.0], 2.0, copy=False)
    assert flow.u0.shape == (40,)
    assert np.shares_memory(flow.u0, u)


def test_a_map_that_cannot_be_written_to_is_held(mapped):
    u, W = mapped
    flow = GradientFlow(u, W, [1.0], 2.0)
    assert np.shares_memory(flow.u0, u) == (u.mode == "r")
    assert np.shares_memory(flow.W0, W) == (u.mode == "r")
    expected = GradientFlow(*drawn(), [1.0], 2.0)
    np.testing.assert_array_equal(flow.loss([0.1, 1.0]), expected.loss([0.1, 1.0]))
    assert np.shares_memory(GradientFlow(u, W, [1.0], 2.0, copy=False).u0, u)


def test_pages_that_are_let_go_are_read_again(tmp_path):
    values = np.arange(1 << 16, dtype=np.float64)
    values.tofile(tmp_path / "z")
    for mode in ("r", "r+", "c"):
        found = np.memmap(tmp_path / "z", np.float64, mode)
        if mode != "r":
            found[5] = -1.0  # also of what was written, in the file or in a copy of its page
        pages.release(found[3:].view(np.ndarray), 0, found.size)
        assert found[5] == (5.0 if mode == "r" else -1.0)
        np.testing.assert_array_equal(found[6:], values[6:])
        assert pages.is_mapped(found[1:]) == (mode != "c")
    pages.release(values, 0, values.size)
    assert not pages.is_mapped(values)


@pytest.mark.parametrize("copy", [True, False])
@pytest.mark.parametrize("inputs", [1, 2])
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_named(copy, inputs, bad):
    u, W = drawn(inputs=inputs)
    W[7, inputs - 1] = bad
    with pytest.raises(InputError, match=rf"W0\[7\]\[{inputs - 1}\]: found {bad}"):
        weights.take(u, W, copy)
    W[7, inputs - 1], u[3] = 0, bad
    with pytest.raises(InputError, match=rf"u0\[3\]: found {bad}"):
        weights.take(u, W, copy)


def test_numbers_whose_squares_leave_the_range_are_finite():
    u, W = drawn()
    taken = weights.take(1e200 * u, 1e200 * W)
    np.testing.assert_array_equal(taken.u, 1e200 * u)


@pytest.mark.parametrize(
    ("u", "W"),
    [
        (np.ones(3), np.ones((2, 1))), (np.ones(0), np.ones((0, 1))), (np.ones(2), np.ones((2, 0))),
        (np.ones(2), np.ones(2)), (np.ones((2, 2)), np.ones((2, 1))), (np.ones(1), 1.0),
        (1.0, np.ones((1, 1))),
    ],
)  # fmt: skip
@pytest.mark.parametrize("copy", [True, False])
def test_shapes_that_disagree_are_refused(u, W, copy):
    with pytest.raises(InputError, match=r"(W0|u0): found"):
        weights.take(u, W, copy)
