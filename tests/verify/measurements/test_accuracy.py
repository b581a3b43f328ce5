"""The accuracy that docstrings of the generated module state is what is measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import numeric.generated
from verify.measurements.accuracy import measure, rounded_up

STATED = Path(numeric.generated.__file__).parent / "accuracy.json"


@pytest.fixture(scope="module")
def measured():
    return measure()


@pytest.mark.slow
def test_stated_bounds_hold(measured):
    stated = json.loads(STATED.read_text())["linear"]
    assert set(stated) == set(measured)
    for name, (median, worst) in stated.items():
        # Last digits differ between processors; the order of magnitude may not.
        assert measured[name].worst <= 2 * worst, name
        assert measured[name].median <= 2 * median, name


def test_scalars_keep_twelve_digits_in_plain_float64(measured):
    # Single weights may cross zero, where no float64 formula keeps relative digits.
    for name, found in measured.items():
        if not name.startswith("weight_"):
            assert found.worst <= 1e-12, (name, found)


@pytest.mark.parametrize(
    ("value", "bound"), [(1.2e-15, 2e-15), (9.5e-14, 1e-13), (3e-16, 3e-16), (0, 0)]
)
def test_rounding_up_keeps_one_digit(value, bound):
    assert rounded_up(value) == pytest.approx(bound, rel=1e-12)
