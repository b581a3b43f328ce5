"""The time to a loss of integrated networks is the time they were trained for."""

import mpmath
import pytest

from symbolic import vocabulary as z
from symbolic.explicit import time_to_loss
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.explicit.time_to_loss import TimeToLoss
from symbolic.proof.certificate import CertificateError


def target(network, solution):
    ratio = network.end.residual / network.start.residual
    return {**solution(network), z.f_target: network.end.f, z.residual_ratio: ratio}


def test_alpha_at_the_output_is_that_of_the_network(linear, network, solution, number, close):
    values = target(network, solution)
    branch = 0 if values[z.lam] * network.end.f >= 0 else 1
    assert close(number(linear[TimeToLoss].alpha[branch], values), network.alpha)


def test_the_time_is_that_of_the_training(linear, network, solution, number, close):
    values = {**target(network, solution), z.alpha: network.alpha}
    values[z.S] = number(linear[TimeToLoss].sine, values)
    assert close(values[z.S], mpmath.sinh(values[z.R] * network.t) / values[z.R])
    assert close(number(linear[TimeToLoss].time, values), network.t)


@pytest.mark.parametrize("output", ["0.7", "-0.7"])
def test_each_branch_keeps_its_digits_where_the_other_cancels(output, linear, number):
    """A_P α² − λf α − A_Q = 0 with A_P A_Q tiny: α is λf/A_P, or −A_Q/(λf)."""
    with mpmath.mp.workdps(30):
        f, tiny = mpmath.mpf(output), mpmath.mpf(10) ** -40
        values = {z.A_P: mpmath.mpf(1), z.A_Q: tiny, z.lam: mpmath.mpf(1), z.f_target: f}
        branch, expected = (0, f) if f > 0 else (1, -tiny / f)
        assert (
            abs(number(linear[TimeToLoss].alpha[branch], values) / expected - 1)
            < mpmath.mpf(10) ** -25
        )


def test_a_wrong_output_is_refused(linear, forge):
    wrong = forge(linear[Reduction], output=-linear[Reduction].output)
    with pytest.raises(CertificateError, match="TimeToLoss"):
        time_to_loss.derive(wrong, linear[RiccatiTime])


def test_a_wrong_integral_is_refused(linear, forge):
    wrong = forge(linear[RiccatiTime], hyperbolic_sine=2 * linear[RiccatiTime].hyperbolic_sine)
    with pytest.raises(CertificateError, match="S in the ratio"):
        time_to_loss.derive(linear[Reduction], wrong)
