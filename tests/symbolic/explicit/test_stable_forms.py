"""What is computed of a trajectory, against networks that were trained without the derivation."""

import dataclasses

import mpmath
import pytest
from mpmath import mpf

from symbolic import vocabulary as z
from symbolic.explicit import stable_movement as movement
from symbolic.explicit import stable_observables as observables
from symbolic.explicit import stable_start as starting
from symbolic.explicit import stable_state as state
from symbolic.explicit import time_to_loss as inverse
from symbolic.explicit.stable_movement import StableMovement
from symbolic.explicit.stable_observables import StableObservables
from symbolic.explicit.stable_start import StableStart
from symbolic.explicit.stable_state import StableState
from symbolic.explicit.time_to_loss import TimeToLoss
from symbolic.proof.certificate import CertificateError
from symbolic.proof.same_function import elementary


def dot(left, right):
    return mpmath.fsum(a * b for a, b in zip(left, right, strict=True))


def distance(left, right):
    change = [a - b for a, b in zip(left, right, strict=True)]
    return mpmath.sqrt(dot(change, change))


@pytest.fixture
def values(network, solution):
    """Everything that the trained network fixes, by its symbol."""
    start, end = network.start, network.end
    root = mpmath.sqrt(network.alpha)
    small = min(root, 1 / root)
    return {
        **solution(network),
        z.f: end.f,
        z.f_0: start.f,
        z.residual_ratio: end.residual / start.residual,
        z.overlap: dot(end.u, end.omega),
        z.overlap_0: dot(start.u, start.omega),
        z.decay: small,
        z.decayed: 1 - small,
        z.floor: mpf(1) / 7,
    }


def side(network):
    return 0 if network.alpha >= 1 else 1


def test_the_start_is_that_of_the_weights(linear, network, values, number, close):
    record, at = linear[StableStart], network.start
    for form, expected in ((record.p, at.p), (record.q, at.q)):
        for u, omega, coordinate in zip(at.u, at.omega, expected, strict=True):
            here = {**values, z.u_i0: u, z.omega_i0: omega}
            assert close(number(form, here), coordinate)
    assert close(number(record.output, values), at.f)
    assert close(number(record.linear, values), values[z.B])


def test_the_roots_are_those_of_their_definition(linear, values, number, close):
    record, B, R = linear[StableStart], values[z.B], values[z.R]
    here = {**values, starting.size_B: abs(B)}
    here[starting.root] = mpmath.sqrt(number(record.square, here) + B**2)
    assert close(number(record.rate, here), R)
    here[starting.larger] = number(record.larger, here)
    here[starting.smaller] = number(record.smaller, here)
    branch = 0 if B >= 0 else 1
    assert close(number(record.r_plus[branch], here), R + 2 * B)
    assert close(number(record.r_minus[branch], here), R - 2 * B)


def test_the_state_is_that_of_the_trained_network(linear, network, values, number, close):
    record = linear[StableState]
    assert close(mpmath.exp(-number(record.exponent, values)), values[z.E])
    assert close(number(elementary(record.elapsed), values), values[z.tau])
    here = {**values, state.progress: 1 - values[z.residual_ratio]}
    here[state.by_target] = number(record.by_target, here)
    here[state.by_alpha] = number(record.by_alpha, here)
    assert close(here[state.by_target], network.end.f)
    assert close(here[state.by_alpha], network.end.f)
    sizes = {state.size_by_target: mpf(2), state.size_by_alpha: mpf(3), state.total_size: mpf(5)}
    assert close(number(record.output, here | sizes), network.end.f)
    pair = sorted((values[z.numerator], values[z.denominator]))
    order = {state.lesser: pair[0], state.greater: pair[1]}
    assert close(number(record.decay, order), values[z.decay])


def test_the_mean_leans_to_what_does_not_cancel(linear, number):
    """Of 1 with terms of size 1, and of 2 with terms of size 1e20."""
    sizes = {state.size_by_target: mpf(1), state.size_by_alpha: mpf(10) ** 20}
    total = {state.total_size: sum(sizes.values())}
    here = {state.by_target: mpf(1), state.by_alpha: mpf(2), **sizes, **total}
    assert abs(number(linear[StableState].output, here) - 1) < mpf(10) ** -19


def test_observables_are_those_of_the_trained_network(linear, network, values, number, close):
    record, end = linear[StableObservables], network.end
    of_u, of_omega = dot(end.u, end.u), dot(end.omega, end.omega)
    residual = number(record.residual, values)
    assert close(residual, end.residual)
    here = {**values, observables.residual: residual}
    assert close(number(record.loss, here), end.residual**2 + mpf(1) / 7)
    here[observables.scale] = number(record.scale, here)
    assert close(number(record.by_output, here), values[z.overlap])
    long, balance = (
        mpmath.sqrt(of_u * of_omega),
        values[z.eta_u] * of_omega - values[z.eta_w] * of_u,
    )
    here[observables.hypotenuse] = long
    assert close(number(record.alignment, here), values[z.overlap] / long)
    length = record.length.xreplace({of: rate for rate, of in observables.RATES.items()})
    root = mpmath.sqrt(balance**2 + number(length, here) ** 2)
    here[observables.divisor] = abs(balance) + root
    branch = 0 if balance >= 0 else 1
    assert close(number(record.norm_u[branch], here), mpmath.sqrt(of_u))
    assert close(number(record.norm_omega[branch], here), mpmath.sqrt(of_omega))


def test_changes_are_those_of_the_trained_network(linear, network, values, number, close):
    record, start, end = linear[StableMovement], network.start, network.end
    rise = number(record.rise[side(network)], values)
    assert close(rise, end.f - start.f)

    def kernel(at):
        sums = values[z.eta_u] * dot(at.omega, at.omega) + values[z.eta_w] * dot(at.u, at.u)
        return (values[z.gamma] * network.rho) ** 2 * sums

    along, square = number(record.along, values), number(record.square, values)
    here = {**values, movement.radical: mpmath.sqrt(square + along**2), movement.rise: rise}
    assert close(number(record.kernel, here), kernel(end))
    assert close(number(record.kernel_start, here), kernel(start))
    here |= {z.kernel_x: kernel(end), z.kernel_0: kernel(start)}
    assert close(number(record.kernel_change, here), kernel(end) / kernel(start) - 1)
    moved = linear[StableMovement].movement.spread_u[side(network)]
    sums = {
        z.norm_u_0_2: dot(start.u, start.u), z.norm_omega_0_2: dot(start.omega, start.omega),
        movement.gap: number(record.gap, values),
    }  # fmt: skip
    here[movement.square] = number(moved.within(movement.gap), {**values, **sums})
    assert close(number(record.distance, here), distance(end.u, start.u))


def test_the_target_of_a_loss_is_the_output(linear, network, values, number, close):
    record, branch = linear[TimeToLoss], 0 if network.start.residual >= 0 else 1
    here = {**values, z.loss: network.end.residual**2 + values[z.floor]}
    here[inverse.distance] = number(record.distance, here)
    here[inverse.signed] = number(record.signed[branch], here)
    here[inverse.size] = number(record.size[branch], here)
    assert close(number(record.target, here), network.end.f)
    assert close(number(record.ratio, here), values[z.residual_ratio])


def test_the_saddle_of_another_target_is_refused(linear):
    record = linear[StableState]
    with pytest.raises(CertificateError, match="at the saddle"):
        dataclasses.replace(record, ratio_at_saddle=-record.ratio_at_saddle)
