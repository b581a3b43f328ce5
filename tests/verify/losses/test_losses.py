"""The oracle's losses: values and derivatives by definition, and what targets they have a meaning for."""

from __future__ import annotations

import mpmath
import numpy as np
import pytest
import torch

from numeric import catalogue
from verify import losses

OUTPUTS = (-6.3, -1.7, -1.0001, -0.4, 0.0, 0.3, 0.9, 2.2, 5.1)
TARGETS = {
    losses.REAL: (-0.8, 0.0, 1.25),
    losses.SIGNS: (-1.0, 1.0),
    losses.PROBABILITIES: (0.0, 0.3, 1.0),
}
WORDS = {losses.REAL: "any number", losses.SIGNS: "-1 or 1", losses.PROBABILITIES: "from 0 to 1"}
ALL = catalogue.losses()


def test_every_shipped_loss_has_an_oracle_with_the_same_targets():
    for name in ALL:
        assert WORDS[losses.targets(name)] == catalogue.load_loss(name).TARGETS
        assert callable(losses.loss(name))
        assert (losses.bend(name) is not None) == bool(catalogue.load_loss(name).BENDS)
    assert {name for name in ALL if losses.is_square(name)} == {"square", "half_square"}


@pytest.mark.parametrize("name", ALL)
def test_values_and_derivatives_are_those_of_the_definition(name, losses_by_hand):
    for y in TARGETS[losses.targets(name)]:
        f = torch.tensor(OUTPUTS, dtype=torch.float64)
        targets = torch.full_like(f, y)
        found = losses.loss(name)(f, targets), *losses.derivatives(name, f, targets)
        for order, values in enumerate(found):
            with mpmath.workdps(40):
                expected = [
                    float(mpmath.diff(lambda z, y=y: losses_by_hand[name](z, y), z, order, h=1e-12))
                    for z in OUTPUTS
                ]
            assert values.numpy() == pytest.approx(expected, rel=1e-9, abs=1e-9), (y, order)


def test_the_cross_entropy_is_torch_s_with_more_digits():
    f = torch.linspace(-30, 30, 61, dtype=torch.float64)
    for y in (0.0, 0.3, 1.0):
        y_s, own = torch.full_like(f, y), losses.loss("binary_cross_entropy")
        theirs = torch.nn.functional.binary_cross_entropy_with_logits(f, y_s, reduction="none")
        assert own(f, y_s).numpy() == pytest.approx(theirs.numpy(), rel=1e-13, abs=1e-13)
    far = own(torch.tensor(-31.0, dtype=torch.float64), torch.tensor(0.0, dtype=torch.float64))
    assert float(far) == pytest.approx(float(mpmath.log1p(mpmath.exp(-31))), rel=1e-14)


@pytest.mark.parametrize("name", [name for name in ALL if losses.bend(name)])
def test_bends_are_where_the_second_derivative_jumps(name):
    bend, module = losses.bend(name), catalogue.load_loss(name)
    for y in (-1.0, 1.0):
        places = [y + b if module.SHIFTS else b / y for b in module.BENDS]
        f = torch.tensor(places, dtype=torch.float64)
        assert bend(f, torch.full_like(f, y)).numpy() == pytest.approx(0, abs=1e-15)
        for place in places:
            sides = torch.tensor([place - 1e-6, place + 1e-6], dtype=torch.float64)
            signs = bend(sides, torch.full_like(sides, y)).sign()
            assert float(signs.prod()) == -1
            derivatives = losses.derivatives(name, sides, torch.full_like(sides, y))
            assert max(float(np.ptp(z.numpy())) for z in derivatives) > 0.9


def test_an_unknown_loss_is_refused_with_what_would_be_used():
    with pytest.raises(ValueError, match=r"no loss 'mse': one of square, .*verify/losses/mse\.py"):
        losses.loss("mse")


@pytest.mark.parametrize("name", ["__init__", "../square", "Square", "a.b", ""])
def test_no_name_leads_out_of_the_folder(name):
    with pytest.raises(ValueError, match="no loss"):
        losses.loss(name)
