"""The elapsed time as a sum of logarithms against ∫ds / (2 (y − f)) along integrated neurons."""

from functools import cache

import mpmath
import pytest
import sympy
from mpmath import mp, mpf
from sympy import Rational

from symbolic import vocabulary as z
from symbolic.derivation import derivation
from symbolic.laws import conservation
from symbolic.network import convexity, gradient_flow
from symbolic.network.convexity import ConvexLoss
from symbolic.network.gradient_flow import Flow
from symbolic.network.model import Model
from symbolic.proof.certificate import CertificateError
from symbolic.proof.equality import Proved, Undecided
from symbolic.warp import clock, elapsed, every_integer, width_one
from symbolic.warp.clock import Clock
from symbolic.warp.elapsed import (
    DoesNotApply,
    ElapsedTime,
)
from symbolic.warp.flow_map import FlowMap
from symbolic.warp.orbits import Condition

RATES = {"gamma": "3/4", "eta_u": "8/3", "eta_w": "3/2", "rho_2": "4/9"}
DIGITS = 22


def exact(text):
    return Rational(text)


def number(value):
    return mpf(Rational(value).p) / Rational(value).q


def integrated(neurons, y, s):
    """Elapsed time and neurons at warped time s, by Taylor series of dt/ds = 1/(2 (y − f))."""
    sign = 1 if s > 0 else -1

    def field(time, state):
        pairs = list(zip(state[1::2], state[2::2], strict=True))
        f = mpmath.fsum(n.output(*place) for n, place in zip(neurons, pairs, strict=True))
        moves = [v for n, (u, h) in zip(neurons, pairs, strict=True) for v in n.velocity(u, h, h)]
        return [sign * v for v in (1 / (2 * (y - f)), *moves)]

    start = [mpf(0), *(v for n in neurons for v in (number(n.u), number(n.h)))]
    end = mpmath.odefun(field, 0, start)(abs(s))
    return end[0], list(zip(end[1::2], end[2::2], strict=True))


def roots_of(polynomial, variable):
    """All complex roots of a polynomial with exact coefficients."""
    coefficients = [
        mpmath.mpmathify(sympy.N(c, 60)) for c in sympy.Poly(polynomial, variable).all_coeffs()
    ]
    return mpmath.polyroots(coefficients, maxsteps=500, extraprec=400)


def logarithm(place, start, root):
    """log|z − r| − log|z(0) − r| for real roots; for complex ones along the way from z(0) to z."""
    if abs(mpmath.im(root)) < mpf(10) ** -25 and mpmath.im(place) == 0:
        return mpmath.log(abs((place - root) / (start - root)))
    return mpmath.log((place - root) / (start - root))


def by_formula(s, y, place, start, roots, kernel, factor=1):
    """S/(2y) − Σ log|z − r| / (2 K(r)), real."""
    total = mpmath.fsum(
        logarithm(place, start, root) / (2 * factor * kernel(root)) for root in roots
    )
    assert abs(mpmath.im(total)) < mpf(10) ** -15
    return s / (2 * y) - mpmath.re(total)


# Width 1


@cache
def record(beta):
    model = Model("test", "test", "here", lambda h: h**beta)
    field = gradient_flow.derive(model)
    ticking = clock.derive(field, conservation.derive(field))
    return ticking, elapsed.derive(convexity.derive(model), field, ticking, None)


def kernel_at(beta, neuron, energy):
    """K at a complex place of the coordinate, by hand: u² and h² by E = u² − (η_u/β η_w ρ²) h²."""
    values = neuron.values
    ratio = values[z.eta_u] / (beta * values[z.eta_w] * values[z.rho] ** 2)

    def kernel(place):
        if beta % 2:  # z = u/h
            h_2 = energy / (place**2 - ratio)
            u_2 = place**2 * h_2
        else:
            u_2 = place**2
            h_2 = (u_2 - energy) / ratio
        own = values[z.eta_u] * h_2**beta
        own += values[z.eta_w] * values[z.rho] ** 2 * beta**2 * u_2 * h_2 ** (beta - 1)
        return values[z.gamma] ** 2 * own

    return kernel


WIDTH_1 = [
    # u, h, y, s: both directions, targets of both signs, above and below the output
    ("E > 0", "5/2", "1/2", "3", "1/12"),
    ("E > 0", "-5/2", "1/2", "2", "1/12"),
    ("E > 0", "2", "1/2", "-1", "-1/10"),
    ("E < 0", "1/2", "2/3", "3", "1/10"),
    ("E < 0", "-1/3", "3/4", "2", "1/10"),
    ("E < 0", "1/4", "-2/3", "-5/2", "-1/10"),
]


@pytest.mark.parametrize("case", WIDTH_1, ids=lambda case: ", ".join(case))
@pytest.mark.parametrize(
    "beta", [2, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in (4, 5, 6))]
)
def test_the_time_of_one_neuron_is_a_sum_of_logarithms(beta, case, orbit):
    branch, u, h, y, s = case
    neuron = orbit(beta, u, h, **RATES)
    ticking, found = record(beta)
    fraction = found.closes[Condition(f"width 1, {branch}")]
    with mp.workdps(DIGITS):
        time, ((u_s, h_s),) = integrated([neuron], number(y), number(s))
        exact_rates = {z.gamma: exact("3/4"), z.eta_u: exact("8/3"), z.eta_w: exact("3/2"),
                       z.rho: exact("2/3"), z.y: exact(y)}  # fmt: skip
        energy = exact(u) ** 2 - exact("8/3") / (beta * exact("2/3")) * exact(h) ** 2
        assert energy * (1 if branch == "E > 0" else -1) > 0
        at = {**exact_rates, clock.ENERGY: sympy.sqrt(abs(energy))}
        roots = roots_of(sympy.fraction(sympy.together(fraction.polynomial.subs(at)))[0], clock.z)
        coordinate = sympy.lambdify([z.u_i, z.h_i], ticking.coordinate[branch], "mpmath")
        place, start = coordinate(u_s, h_s), coordinate(number(u), number(h))
        kernel = kernel_at(beta, neuron, number(energy))
        given = (number(s), number(y), place, start, roots, kernel)
        assert abs(by_formula(*given) - time) < mpf(10) ** -16
        assert abs(by_formula(*given, factor=-1) - time) > mpf("1e-4")


@pytest.mark.parametrize("case", WIDTH_1, ids=lambda case: ", ".join(case))
@pytest.mark.parametrize("beta", [2, 3, 4, 7])
def test_the_formula_for_every_integer_gives_the_time_at_each(beta, case, orbit):
    """One fraction with n left open, β = 2n or 2n + 1, against an integrated neuron."""
    _, u, h, y, s = case
    neuron = orbit(beta, u, h, **RATES)
    parity = "odd" if beta % 2 else "even"
    fraction = derivation("power")[ElapsedTime].closes[Condition(f"width 1, {parity} beta, E != 0")]
    with mp.workdps(DIGITS):
        time, ((u_s, h_s),) = integrated([neuron], number(y), number(s))
        energy = exact(u) ** 2 - exact("8/3") / (beta * exact("2/3")) * exact(h) ** 2
        at = {z.gamma: exact("3/4"), z.eta_u: exact("8/3"), z.eta_w: exact("3/2"),
              z.rho: exact("2/3"), z.y: exact(y), z.E_i: energy, z.half: beta // 2}  # fmt: skip
        bottom = sympy.fraction(sympy.together(fraction.polynomial.subs(at)))[0]
        place, start = (u_s, number(u)) if parity == "even" else (u_s / h_s, number(u) / number(h))
        kernel = kernel_at(beta, neuron, number(energy))
        given = (number(s), number(y), place, start, roots_of(bottom, clock.z), kernel)
        assert abs(by_formula(*given) - time) < mpf(10) ** -16
        assert abs(by_formula(*given, factor=-1) - time) > mpf("1e-4")


@pytest.mark.parametrize("parity", ["even", "odd"])
def test_an_open_power_that_does_not_fit_is_refused(parity, forge):
    """Half the law's coefficient of h², a flow with another power: no fraction is certified."""
    derived = derivation("power")
    law = derived[Clock].energy
    changed = forge(derived[Clock], energy=(law + z.u_i**2) / 2)
    fractions = every_integer.at_every_integer(derived[Flow], changed)
    for orbit in ("E != 0", "E = 0, u h > 0"):
        name = f"{parity} beta, {orbit}"
        proofs = every_integer.prove_at_every_integer(derived[Flow], changed, name, fractions[name])
        assert not all(isinstance(one.verdict, Proved) for one in proofs)


@pytest.mark.parametrize(
    "beta", [2, 3, *(pytest.param(n, marks=pytest.mark.slow) for n in (4, 5, 6))]
)
@pytest.mark.parametrize("branch", ["E > 0", "E < 0"])
def test_the_fraction_has_the_residues_of_the_kernel(beta, branch, orbit):
    """A(r)/B′(r) = −y/K(r) at every complex root r."""
    u, h = ("5/2", "1/2") if branch == "E > 0" else ("1/2", "2/3")
    neuron, fraction = (
        orbit(beta, u, h, **RATES),
        record(beta)[1].closes[Condition(f"width 1, {branch}")],
    )
    with mp.workdps(DIGITS):
        energy = exact(u) ** 2 - exact("8/3") / (beta * exact("2/3")) * exact(h) ** 2
        at = {z.gamma: exact("3/4"), z.eta_u: exact("8/3"), z.eta_w: exact("3/2"),
              z.rho: exact("2/3"), z.y: exact("7/5"), clock.ENERGY: sympy.sqrt(abs(energy))}  # fmt: skip
        bottom, top = fraction.polynomial.subs(at), fraction.numerator.subs(at)
        roots = roots_of(bottom, clock.z)
        kernel = kernel_at(beta, neuron, number(energy))
        value = sympy.lambdify(clock.z, top / sympy.diff(bottom, clock.z), "mpmath")
        assert len(roots) == sympy.degree(bottom, clock.z) > sympy.degree(top, clock.z)
        for root in roots:
            expected = -number("7/5") / kernel(root)
            assert abs(value(root) - expected) < mpf(10) ** -15 * (1 + abs(expected))


def test_roots_meet_for_exceptional_values():
    """At E = 3, y = −4 the cubic of β = 2 is −2 (z − 1)² (z + 2): no neuron reaches z = 1."""
    fraction = derivation("quadratic")[ElapsedTime].closes[Condition.ONE_POSITIVE]
    units = {z.gamma: 1, z.eta_u: 1, z.eta_w: 1, z.rho: 1, clock.ENERGY: sympy.sqrt(3)}
    bottom = fraction.polynomial.subs(units)
    assert sympy.expand(bottom.subs(z.y, -4) + 2 * (clock.z - 1) ** 2 * (clock.z + 2)) == 0
    assert sympy.discriminant(bottom.subs(z.y, -5), clock.z) != 0
    claims = [
        c.claim for c in derivation("quadratic")[ElapsedTime].certificates if "simple" in c.claim
    ]
    assert claims
    assert all("exceptional" in claim for claim in claims)


# Any width: β = 3 is rational in s, β = 2 in exp(ω s) for commensurable frequencies


def output_in(name, neuron, places):
    """γφ of a neuron with exact values, S and T replaced; and its warp at the start."""
    found, field = derivation(name)[FlowMap], derivation(name)[Flow]
    at = {
        z.gamma: exact(neuron.gamma),
        z.eta_u: exact(neuron.eta_u),
        z.eta_w: exact(neuron.eta_w),
        z.rho: sympy.sqrt(exact(neuron.rho_2)),
        z.u_i: exact(neuron.u),
        z.h_i: exact(neuron.h),
    }
    grown = found.gain.xreplace({z.D_i: found.denominator}) + field.output_i
    return sympy.together(grown.subs(at).subs(places(found.mu.subs(at))))


def sum_of_logarithms(f, variable, s, y, place, start, speed):
    """The formula for an output that is rational in a variable, whose warped velocity is given."""
    bottom, slope = sympy.fraction(sympy.cancel(sympy.together(y - f)))[0], sympy.diff(f, variable)
    roots = roots_of(bottom, variable)
    kernel = sympy.lambdify(variable, slope * speed, "mpmath")
    return by_formula(s, number(y), place, start, roots, kernel), len(roots)


CUBIC = {
    "two, both signs of E": ([("3", "1/2"), ("1/3", "2/3")], "4", "1/20"),
    "two, falling": ([("2", "1/2"), ("1/2", "-1/2")], "-1", "-1/20"),
    "two, E = 0 among them": ([("1", "1/2"), ("-1/3", "3/4")], "2", "1/10"),
    "three": ([("2", "1/2"), ("1/3", "2/3"), ("-1", "1/3")], "3", "1/20"),
    "three, one still": ([("2", "1/2"), ("1/2", "0"), ("-1", "-1/3")], "5/2", "1/20"),
}


@pytest.mark.parametrize("name", CUBIC)
def test_the_time_of_cubic_networks_is_a_sum_over_roots_in_s(name, orbit):
    starts, y, s = CUBIC[name]
    neurons = [orbit(3, *start, **RATES | {"eta_u": "8"}) for start in starts]
    with mp.workdps(DIGITS):
        time, _ = integrated(neurons, number(y), number(s))
        f = sympy.Add(*(output_in("cubic", n, lambda mu: {z.S_mu: z.s, z.T_mu: z.s**2 / 2})
                        for n in neurons))  # fmt: skip
        assert f.is_rational_function(z.s)
        span = number(s)
        found, count = sum_of_logarithms(f, z.s, span, exact(y), span, mpf(0), 1)
        assert abs(found - time) < mpf(10) ** -15
        moving = sum(n.h != "0" for n in neurons)
        assert count == 4 * moving - 2 * (name == "two, E = 0 among them")


# E = 2.25 · a square, so that ω is rational; μ = 4 (η_w γ ρ²)² E = E · (3/2 · 3/4 · 4/9 · 2)² = E
QUADRATIC = {
    "equal frequencies": ([("5/2", "1"), ("-5/2", "1")], 1, "4", "1/20"),
    "equal frequencies, E < 0": ([("3/2", "5/2"), ("-3/2", "5/2")], 1, "20", "1/20"),
    "frequencies of ratio 2": ([("5/2", "1"), ("5", "2")], 2, "60", "1/40"),
    "frequencies of ratio 2, E < 0": ([("3/2", "5/2"), ("3", "-5")], 2, "150", "1/80"),
}


@pytest.mark.parametrize("name", QUADRATIC)
def test_the_time_of_commensurable_quadratic_networks_is_a_sum_over_roots(name, orbit):
    """With η_u = 3, E = u² − 9/4 h² is −(square) or a square; z = exp(ω s)."""
    starts, ratio, y, s = QUADRATIC[name]
    neurons = [orbit(2, *start, **RATES | {"eta_u": "4/3"}) for start in starts]
    with mp.workdps(DIGITS):
        time, _ = integrated(neurons, number(y), number(s))
        found_mu = []

        def places(mu):
            found_mu.append(mu)
            omega = sympy.sqrt(found_mu[0])
            power = sympy.sqrt(mu / found_mu[0])
            assert power.is_Integer
            up, down = clock.z**power, clock.z**-power
            return {z.S_mu: (up - down) / (2 * omega * power),
                    z.T_mu: (up + down - 2) / (2 * mu)}  # fmt: skip

        f = sympy.Add(*(output_in("quadratic", n, places) for n in neurons))
        f = sympy.cancel(sympy.together(sympy.expand(f)), extension=sympy.I)
        assert sympy.sqrt(found_mu[1] / found_mu[0]) == ratio
        omega = sympy.sqrt(found_mu[0])
        end = mpmath.exp(mpmath.mpmathify(sympy.N(omega, 40)) * number(s))
        found, count = sum_of_logarithms(
            f, clock.z, number(s), exact(y), end, mpf(1), omega * clock.z
        )
        assert count >= 6
        assert abs(found - time) < mpf(10) ** -15


# The pieces


def test_where_the_time_is_closed():
    assert set(derivation("cubic")[ElapsedTime].closes) == {
        Condition.ONE_POSITIVE, Condition.ONE_NEGATIVE, Condition.ANY_WIDTH,
    }  # fmt: skip
    assert set(derivation("quadratic")[ElapsedTime].closes) == {
        Condition.ONE_POSITIVE, Condition.ONE_NEGATIVE, Condition.COMMENSURABLE,
        Condition.ZERO_GROWING, Condition.ZERO_DYING,
    }  # fmt: skip
    assert set(derivation("power")[ElapsedTime].closes) == {
        Condition(f"width 1, {parity} beta, {orbit}")
        for parity in ("even", "odd")
        for orbit in ("E != 0", "E = 0, u h > 0", "E = 0, u h < 0")
    }
    for name in ("tanh", "relu"):
        assert ElapsedTime not in derivation(name)


def test_without_a_rational_coordinate_there_is_no_formula():
    derived = derivation("tanh")
    with pytest.raises(DoesNotApply, match="a proper fraction in no coordinate"):
        elapsed.derive(derived[ConvexLoss], derived[Flow], derived[Clock], None)


Z = clock.z


def test_the_checks_of_a_fraction_notice():
    assert isinstance(width_one.is_proper(Z, Z**2 + 1), Proved)
    assert isinstance(width_one.is_proper(Z**2, Z**2 + 1), Undecided)
    assert isinstance(width_one._divides(2 * Z**2 - 2 * z.y, Z**2 - z.y), Proved)
    assert isinstance(width_one._divides(Z**3 - Z * z.y, Z**2 - z.y), Undecided)
    assert isinstance(width_one._squarefree(Z**2 - z.y), Proved)
    assert isinstance(width_one._squarefree((Z - z.y) ** 2), Undecided)
    assert isinstance(elapsed.is_rational(1 / (1 + Z**2), Z), Proved)
    assert isinstance(elapsed.is_rational(sympy.exp(Z), Z), Undecided)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speed": {"E > 0": Z**2 - 1, "E < 0": Z**2 + 1}}, "no coordinate"),
        ({"energy": z.u_i**2 - z.h_i**2}, "tangent kernel"),
    ],
)
def test_a_clock_that_does_not_fit_is_refused(change, message, forge):
    derived = derivation("quadratic")
    wrong = forge(derived[Clock], **change)
    with pytest.raises((CertificateError, DoesNotApply), match=message):
        elapsed.derive(derived[ConvexLoss], derived[Flow], wrong, None)


@pytest.mark.parametrize("name", [pytest.param("quadratic", marks=pytest.mark.slow), "cubic"])
def test_a_warp_that_does_not_fit_is_refused(name, forge):
    derived = derivation(name)
    for field in ("u", "h", "denominator"):
        wrong = forge(derived[FlowMap], **{field: 2 * getattr(derived[FlowMap], field)})
        with pytest.raises(CertificateError, match="tangent kernel"):
            elapsed.derive(derived[ConvexLoss], derived[Flow], derived[Clock], wrong)
