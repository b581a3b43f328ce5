"""Events of a ReLU neuron: against many small steps of descent, against themselves with more digits."""

import pytest
import torch
from mpmath import mp, mpf

from verify.oracle.raw_flow import Layered
from verify.oracle.relu_events import integrate_relu, preactivations

INPUTS, TARGETS = [[1, 0, 0], [0, 1, 0], [0, 0, 1]], [[1], [-1], [mpf(1) / 2]]
A, W = mpf(1) / 2, [mpf(3) / 10, mpf(2) / 5, -mpf(1) / 5]


def found(digits, time=3):
    return integrate_relu(Layered([[W], [[A]]], [1, 1], INPUTS, TARGETS), INPUTS, time, digits)


def test_an_event_is_where_descent_sees_it():
    (first, last), events = found(15)
    assert [(z.unit, z.point, z.rising) for z in events] == [(0, 1, False)]
    a = torch.tensor(float(A), dtype=torch.float64, requires_grad=True)
    w = torch.tensor([float(z) for z in W], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([float(z[0]) for z in TARGETS], dtype=torch.float64)
    step, crossed = 1e-3, None
    for k in range(3000):
        by_a, by_w = torch.autograd.grad(((a * torch.relu(w) - y) ** 2).sum() / 2, (a, w))
        with torch.no_grad():
            a -= step * by_a
            w -= step * by_w
        if crossed is None and w[1] < 0:
            crossed = step * (k + 1)
    assert crossed == pytest.approx(float(events[0].time), abs=5 * step)
    assert float(last[0][0]) == pytest.approx(float(a.detach()), abs=5 * step)
    assert [float(z) for z in first[0]] == pytest.approx(w.detach().tolist(), abs=5 * step)


def test_an_event_has_its_digits():
    (few, many) = (found(digits, 1)[1][0].time for digits in (12, 24))
    with mp.workdps(30):
        assert 0 < abs(few - many) < mpf(10) ** -12


def test_what_is_inactive_rests_and_the_law_stays():
    (first, last), events = found(15)
    assert first[0][2] == W[2]
    with mp.workdps(25):
        assert abs(preactivations(first, [INPUTS[1]])[0][0]) < mpf(10) ** -15
        law = last[0][0] ** 2 - mp.fdot(first[0], first[0])
        assert abs(law - (A**2 - mp.fdot(W, W))) < mpf(10) ** -14
    assert len(events) == 1


def test_a_start_on_a_kink_is_refused():
    with pytest.raises(ValueError, match="preactivation of 0"):
        integrate_relu(Layered([[[0, 1, 1]], [[A]]], [1, 1], INPUTS, TARGETS), INPUTS, 1, 15)
