"""Observables against what is measured on the weights of integrated networks."""

import mpmath
import pytest

from symbolic import vocabulary as z
from symbolic.explicit import observables
from symbolic.explicit.observables import Observables
from symbolic.explicit.reduction import Reduction
from symbolic.explicit.weights import Weights, g
from symbolic.laws.conservation import Conservation
from symbolic.network.effective_point import EffectivePoint
from symbolic.proof.certificate import CertificateError


def dot(left, right):
    return mpmath.fsum(a * b for a, b in zip(left, right, strict=True))


def measured(at):
    """Overlap, squared norms and conserved combinations, from the weights."""
    network = at.network.values
    overlap, of_u, of_omega = dot(at.u, at.omega), dot(at.u, at.u), dot(at.omega, at.omega)
    return {
        **network,
        z.f: at.f,
        z.overlap: overlap,
        z.norm_u_2: of_u,
        z.norm_omega_2: of_omega,
        z.gram: of_u * of_omega - overlap**2,
        z.balance: network[z.eta_u] * of_omega - network[z.eta_w] * of_u,
    }


def alignment(at):
    return dot(at.u, at.omega) / mpmath.sqrt(dot(at.u, at.u) * dot(at.omega, at.omega))


def test_gram_and_balance_are_conserved(linear, network, number, close):
    before, after = measured(network.start), measured(network.end)
    for symbol in (z.gram, z.balance):
        value = number(linear[Observables].constants[symbol], network.values)
        assert close(value, before[symbol])
        assert close(value, after[symbol])


def test_the_balance_is_defined_in_squared_norms(linear, network, number, close):
    after = measured(network.end)
    assert close(number(linear[Observables].balance, after), after[z.balance])


def test_overlap_and_alignment_are_those_of_the_weights(linear, network, number, close):
    record, after = linear[Observables], measured(network.end)
    assert close(number(record.overlap, after), after[z.overlap])
    assert close(number(record.alignment, after), alignment(network.end))


def test_the_alignment_is_monotone_with_its_slope(linear, network, number, close):
    """dζ/dα by differences, with p multiplied and q divided by √α."""
    start, (root_u, root_w) = network.start, network.roots

    def at(alpha):
        root = mpmath.sqrt(alpha)
        p, q = [v * root for v in start.p], [v / root for v in start.q]
        u = [(a - b) / root_w for a, b in zip(p, q, strict=True)]
        omega = [(a + b) / root_u for a, b in zip(p, q, strict=True)]
        return dot(u, omega) / mpmath.sqrt(dot(u, u) * dot(omega, omega))

    with mpmath.mp.workdps(60):
        slope = mpmath.diff(at, network.alpha)
    values = {**measured(network.end), z.alpha: network.alpha}
    assert close(number(linear[Observables].alignment_slope, values), slope)
    assert slope > -(mpmath.mpf(10) ** -20)


def test_norms_are_those_of_the_weights_on_both_branches(linear, network, number, close):
    record, after = linear[Observables], measured(network.end)
    for branch in (0, 1):
        assert close(number(record.norm_u_2[branch], after), after[z.norm_u_2])
        assert close(number(record.norm_omega_2[branch], after), after[z.norm_omega_2])


def test_the_plain_substitution_is_that_of_the_weights(linear, network, number, close):
    record, after = linear[Observables].in_alpha, measured(network.end)
    values = {**network.values, z.alpha: network.alpha}
    for symbol in (z.overlap, z.norm_u_2, z.norm_omega_2):
        assert close(number(record[symbol.name], values), after[symbol])
    assert close(number(record["alignment"], values), alignment(network.end))


@pytest.mark.parametrize("sign", [1, -1])
def test_each_branch_of_a_norm_keeps_its_digits_where_the_other_cancels(sign, linear, number):
    """With |Δ| = 1 and a tiny product, the smaller of η_w‖u‖² and η_u‖ω‖² is that product."""
    branch = 0 if sign > 0 else 1
    tiny = mpmath.mpf(10) ** -40
    values = {z.balance: mpmath.mpf(sign), z.overlap: mpmath.mpf(0), z.gram: tiny}
    values |= {z.eta_u: mpmath.mpf(2), z.eta_w: mpmath.mpf(3)}
    small = linear[Observables].norm_u_2 if sign > 0 else linear[Observables].norm_omega_2
    other_rate = 2 if sign > 0 else 3
    with mpmath.mp.workdps(30):
        assert abs(number(small[branch], values) / (other_rate * tiny) - 1) < mpmath.mpf(10) ** -25


def test_the_population_loss_is_the_mean_over_the_population(linear, network, number, close):
    population = [(mpmath.mpf(a), mpmath.mpf(b)) for a, b in ((1, 2), (-3, 1), (2, -5))]
    slope = network.end.f / network.rho
    expected = mpmath.fsum((a * slope - target) ** 2 for a, target in population) / 3
    values = {
        **measured(network.end),
        z.M_aa: mpmath.fsum(a * a for a, _ in population) / 3,
        z.M_ay: mpmath.fsum(a * target for a, target in population) / 3,
        z.M_yy: mpmath.fsum(target**2 for _, target in population) / 3,
    }
    assert close(number(linear[Observables].population_loss, values), expected)


@pytest.mark.parametrize("change", ["factor", "sign", "exponent"])
def test_wrong_weights_are_refused(change, linear, forge):
    record = linear[Weights]
    wrong = {
        "factor": {"u": 2 * record.u},
        "sign": {"omega": -record.omega},
        "exponent": {"u": record.u.subs(g, g**2)},
    }[change]
    with pytest.raises(CertificateError, match="Observables"):
        observables.derive(
            linear[EffectivePoint],
            linear[Conservation],
            linear[Reduction],
            forge(record, **wrong),
        )
