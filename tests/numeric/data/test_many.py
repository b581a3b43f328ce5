"""What many networks are given, and how it is refused: naming the network, guessing nothing."""

from __future__ import annotations

import numpy as np
import pytest

from numeric import GradientFlow
from numeric.data import many
from numeric.errors import InputError

U, W = np.ones((4, 3)), np.ones((4, 3, 2))
POINT, POINTS, SET = np.array([1.0, 2.0]), np.ones((4, 2)), np.ones((5, 2))


def read(x=POINT, y=1.0, u0=U, W0=W, **given):
    return many.read(u0, W0, x, y, **given)


@pytest.mark.parametrize(
    ("x", "y", "shared", "inputs", "targets", "is_set"),
    [
        (POINT, 1.0, None, (1, 1, 2), (1, 1), False),
        (POINT, np.ones(4), None, (1, 1, 2), (4, 1), False),
        (POINT, [1.0], None, (1, 1, 2), (1, 1), False),
        (SET, np.ones(5), None, (1, 5, 2), (1, 5), True),
        (SET, np.ones((5, 1)), None, (1, 5, 2), (1, 5), True),
        (SET, np.ones((4, 5)), None, (1, 5, 2), (4, 5), True),
        (POINTS, 1.0, None, (4, 1, 2), (1, 1), False),
        (POINTS, np.ones((4, 4)), None, (1, 4, 2), (4, 4), True),
        (POINTS, np.ones(4), True, (1, 4, 2), (1, 4), True),
        (POINTS, np.ones(4), False, (4, 1, 2), (4, 1), False),
        (np.ones((4, 5, 2)), np.ones(5), None, (4, 5, 2), (1, 5), True),
        (np.ones((4, 5, 2)), np.ones((4, 5)), None, (4, 5, 2), (4, 5), True),
        (np.ones((1, 4, 2)), np.ones(4), None, (1, 4, 2), (1, 4), True),
    ],
)
def test_data_are_for_all_or_for_each(x, y, shared, inputs, targets, is_set):
    found = read(x, y, shared=shared)
    assert (found.X.shape, found.targets.shape, found.is_set) == (inputs, targets, is_set)
    one = found[3]
    assert one.data.X.shape == inputs[1:]
    assert one.data.targets.shape == targets[1:]


def test_what_could_be_both_is_not_guessed():
    with pytest.raises(InputError, match="x: found 4 rows for 4 networks; expected shared=True"):
        read(POINTS, np.ones(4))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"u0": np.where(np.eye(4, 3) > 0, np.nan, 1.0)}, r"u0\[0\]\[0\]: found nan"),
        ({"W0": np.full((4, 3, 2), np.inf)}, r"W0\[0\]\[0\]\[0\]: found inf"),
        ({"W0": np.ones((5, 3, 2))}, r"W0: found shape \(5, 3, 2\); expected \(4, 3, d0\)"),
        ({"u0": np.ones(3)}, "u0: found an array of shape"),
        ({"gamma": np.array([1.0, 1.0, np.nan, 1.0])}, r"gamma\[2\]: found nan"),
        ({"gamma": np.ones(3)}, r"gamma: found shape \(3,\)"),
        (
            {"eta_u": np.array([1.0, -1.0, 1.0, 1.0])},
            r"eta_u\[1\]: found -1.0; expected a positive",
        ),
        ({"eta_w": 0.0}, "eta_w: found 0.0"),
        ({"widths": [1, 2, 3]}, "widths: found"),
        ({"widths": [1, 2, 3, 4]}, r"widths\[3\]: found 4; expected from 1 to 3"),
        ({"widths": [1, 0, 3, 2]}, r"widths\[1\]: found 0"),
        ({"widths": [1.0, 2.0, 3.0, 1.0]}, "widths: found float64"),
        ({"x": np.ones((3, 2)), "shared": False}, "x: found 3 inputs; expected 4"),
        ({"x": np.ones(3)}, r"x: found shape \(3,\)"),
        ({"x": np.ones((3, 5, 2)), "y": np.ones(5)}, "x: found 3 data sets"),
        (
            {"y": np.ones(3)},
            r"y: found shape \(3,\); expected a number for all networks, or \(4,\)",
        ),
        ({"x": SET, "y": np.ones(4)}, r"y: found shape \(4,\); expected \(5,\)"),
        ({"y": np.nan}, "y: found nan"),
        ({"shared": False}, "shared: found False; expected None"),
        ({"reduction": "max"}, "reduction: found"),
        ({"loss": "logistic"}, None),
        ({"loss": "logistic", "y": 0.5}, "y: found 0.5"),
    ],
)
def test_refusals_say_where(given, said):
    if said is None:
        assert read(**given).loss_name == "logistic"
        return
    with pytest.raises(InputError, match=said):
        read(**given)


def test_padding_is_zero_whatever_stands_there():
    found = read(widths=[1, 2, 3, 3])
    assert found.u0.tolist()[0] == [1.0, 0.0, 0.0]
    assert found.W0[1].tolist() == [[1.0, 1.0], [1.0, 1.0], [0.0, 0.0]]
    assert found[0].u0.shape == (1,)
    assert found[0].W0.shape == (1, 2)
    assert not found.u0.flags.writeable


def test_weights_are_copies():
    weights = U.copy()
    found = read(u0=weights)
    weights[:] = 7.0
    assert found.u0.max() == 1.0


def test_a_row_or_a_column_is_a_second_layer():
    assert read(u0=U[:, None]).u0.shape == (4, 3)
    assert read(u0=U[..., None]).u0.shape == (4, 3)


def test_rates_keep_the_digits_that_they_came_in():
    wide = np.longdouble(1) / 3
    assert read(gamma=wide)[0].gamma == wide
    assert read(gamma=np.full(4, np.float32(0.1)))[2].gamma == np.float64(np.float32(0.1))


def test_what_is_for_many_is_refused_of_one():
    for name, value in (("widths", [2]), ("shared", True)):
        with pytest.raises(InputError, match=f"{name}: found a value; expected none"):
            GradientFlow(U[0], W[0], POINT, 1.0, **{name: value})


def test_tensors_are_for_vmap():
    torch = pytest.importorskip("torch")
    with pytest.raises(InputError, match="vmap"):
        GradientFlow(torch.ones(4, 3), torch.ones(4, 3, 2), POINT, 1.0, xp=torch)
    flows = GradientFlow(torch.ones(4, 3), torch.ones(4, 3, 2), POINT, 1.0)  # into numpy
    assert flows.loss(0.1).shape == (4,)


def test_an_unknown_method_is_refused_at_once():
    with pytest.raises(InputError, match="method: found 'exact'"):
        GradientFlow(U, W, POINT, 1.0, method="exact")
