"""The record as a picture: which points are where, and what joins them."""

from __future__ import annotations

import pytest

from verify.measurements.bench import picture


def test_each_panel_has_its_points(record, monkeypatch):
    seen = []
    monkeypatch.setattr(picture, "_plot", lambda axis, curves, line: seen.append((curves, line)))
    assert picture.draw(record, ".svg").lstrip().startswith(b"<?xml")
    (linear, tanh), (errors, points) = (seen[k : k + 2] for k in (0, 2))
    assert [line for _, line in seen] == ["-", "-", "", ""]  # seconds by width are joined
    assert linear[0] == {
        "ours": {10: 3e-3}, "formula in numpy": {10: 1e-3}, "formula in numba": {10: 4e-3},
    }  # fmt: skip
    assert tanh[0] == {"ours": {10: 2.0}, "DOP853": {10: 1.0}}  # LSODA was cut off
    assert errors[0] == {"ours": {3e-3: 1e-16}, "formula in numpy": {1e-3: 1e-13}}
    assert points[0] == {"ours": {1e-3: 1e-15}, "DOP853": {2e-3: 0.0}}


@pytest.mark.parametrize(
    ("values", "ends"),
    [([3e-3, 0.2], (-3, 0)), ([1.0], (0, 1)), ([], (0, 1)), ([1e-3, 1e-3], (-3, -2))],
)
def test_axes_end_at_decades(values, ends):
    low, high = picture.decades(values)
    margin = 0.05 * (ends[1] - ends[0])
    assert (low, high) == pytest.approx((10 ** (ends[0] - margin), 10 ** (ends[1] + margin)))
