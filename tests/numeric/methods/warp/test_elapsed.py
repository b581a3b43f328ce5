"""Elapsed time of the scalar equation against kernels whose integrals are closed."""

from __future__ import annotations

import math
from types import SimpleNamespace

import mpmath
import numpy as np
import pytest
from mpmath import mp, mpf
from scipy.integrate import solve_ivp

from numeric.methods.warp.approach import Approach
from numeric.methods.warp.course import UNDERFLOW, Noise, find_course
from numeric.methods.warp.elapsed import Elapsed
from numeric.methods.warp.endless import Endless
from numeric.methods.warp.pace import Slowness, SquarePace
from numeric.methods.warp.panels import Panel, Place, unit_nodes
from numeric.methods.warp.stack import Stack

RATE = 0.7


class Walk:
    """A path on which K, or the output, is a function of x; a pole may lie ahead, and a bend."""

    is_wide = False
    units, noise, finest = SimpleNamespace(x=0, f=0), Noise(0.0, UNDERFLOW), 1e-13
    approach = Approach()

    def __init__(self, function, escape=math.inf, bend=math.inf, exact=None):
        self.function, self.pole, self.bend, self.x = function, escape, bend, 0.0
        self.escapes, self.exact = math.isfinite(escape), exact

    def reach(self, width):
        ahead = self.bend - self.x
        return min(width, (self.pole - self.x) / 2, ahead if ahead > 0 else math.inf)

    def kernel(self, ahead):
        return self.function(self.x + np.asarray(ahead))

    def output(self, ahead):
        if self.exact is None:
            return self.function(self.x + np.asarray(ahead))
        return self.exact(self.x + np.asarray(ahead))

    def output_here(self):
        return float(self.output(np.zeros(1))[0])

    def spread(self):
        return math.inf if self.exact is None else abs(float(self.exact(self.x)))

    def advance(self, width):
        self.x += width


def course(kernel, distance, escape=math.inf, **more):
    return find_course(Walk(kernel, escape, **more), 0.0, distance)


def made(kernel, distance, escape=math.inf, rate=RATE, **more):
    return Elapsed(course(kernel, distance, escape, **more), SquarePace(rate))


def places(motion, fractions):
    """Places at fractions of the way to the equilibrium."""
    found = []
    for x in motion.equilibrium * np.asarray(fractions):
        k = min(int(np.searchsorted(motion.way.starts, x, side="right")) - 1, motion.way.last)
        found.append(Place(k, float(x - motion.way.starts[k])))
    return found


def place_of(endless, t):
    """Where a flow without equilibrium is at one time."""
    found = endless.places(np.array([t]))
    return Place(int(found.panel[0]), float(found.offset[0]))


def residual(motion, place):
    """R at a place, given by its distance to the end of its panel."""
    return float(motion.way.residual(place.panel, motion.way.ends[place.panel] - place.offset))


def exponential(distance):
    """K = exp(2x): a = exp(2x*) = 1 + 2 distance, and R = a / (2 + 2 exp(rate a t)/(a − 1))."""
    return made(lambda x: np.exp(2 * x), distance)


def exact_exponential(distance, t):
    """Place and residual at time t."""
    a = 1 + 2 * mpf(distance)
    grown = mpmath.exp(mpf(RATE) * a * mpf(t)) / (a - 1)
    return mpmath.log(a * grown / (1 + grown)) / 2, a / (2 * (1 + grown))


class RoundedPace(SquarePace):
    """A speed with roundings of its own, which no narrower panel is without."""

    def __init__(self, rate, rounding):
        super().__init__(rate)
        self.rounding, self.evaluations = rounding, 0

    def factor(self, distance):
        size = np.asarray(distance, dtype=float)
        self.evaluations += 1
        digits = np.modf(np.abs(np.log(np.maximum(size, 1e-300))) * 1e7)[0]
        return 1 + self.rounding * (2 * digits - 1)


@pytest.mark.parametrize("rounding", [1e-14, 1e-13, 1e-12, 1e-11])
def test_roundings_of_the_speed_do_not_make_panels_narrow(rounding):
    pace = RoundedPace(RATE, rounding)
    motion = Elapsed(course(lambda x: np.exp(2 * x), 0.9), pace)
    assert pace.evaluations < 100
    for t in (0.01, 0.3, 2.0, 9.0):
        place, R = motion.place(t)
        x, expected = exact_exponential(0.9, t)
        assert motion.x(place) == pytest.approx(float(x), rel=10 * rounding)
        assert pytest.approx(float(expected), rel=40 * rounding) == R


# --- panels ----------------------------------------------------------------------------------------

KERNELS = {
    "exp(2x)": (lambda x: np.exp(2 * x), math.inf, lambda D: math.log1p(2 * D) / 2),
    "1/(1+x)^2": (lambda x: (1 + x) ** -2, math.inf, lambda D: D / (1 - D)),
    "a pole at 1": (lambda x: (1 - x) ** -2, 1.0, lambda D: D / (1 + D)),
    "constant": (lambda x: 3.0 + 0 * x, math.inf, lambda D: D / 3),
    "1/(1+x^2)": (lambda x: 1 / (1 + x**2), math.inf, math.tan),
}


@pytest.mark.parametrize("distance", [1e-9, 0.3, 0.9])
@pytest.mark.parametrize("name", KERNELS)
def test_the_integral_of_the_kernel_reaches_the_distance_at_the_equilibrium(name, distance):
    kernel, escape, crossing = KERNELS[name]
    motion = made(kernel, distance, escape)
    assert motion.equilibrium == pytest.approx(crossing(distance), rel=1e-14, abs=0)
    assert np.all(motion.way.ends > 0)
    found = [
        (float(motion.way.kernels(k, offset)), float(kernel(motion.way.starts[k] + offset)))
        for k, offset in places(motion, np.linspace(0, 1, 40))
    ]
    np.testing.assert_allclose(*np.transpose(found), rtol=2e-14)
    assert motion.decay_rate == pytest.approx(kernel(motion.equilibrium), rel=1e-15)


class Closing(Walk):
    """f = x/(1 − x). What is left to the pole is known to all digits where offsets are.

    With an estimate of the pole, some factor of the distance to it, panels lead towards it.
    """

    left = 1.0

    def __init__(self, estimate=None):
        super().__init__(None, 1.0)
        self.estimate = estimate

    @property
    def approach(self):
        return Approach(self.estimate * self.left) if self.estimate else Approach()

    def reach(self, width):
        return min(width, (1.5 if self.estimate else 0.5) * self.left)

    def kernel(self, ahead):
        rest = self.left - self.approach.x(ahead)
        return self.approach.slope(ahead) * rest**-2

    def output(self, ahead):
        return 1 / (self.left - self.approach.x(ahead)) - 1

    def spread(self):
        return 1 / self.left

    def advance(self, width):
        self.left -= float(self.approach.x(width))


@pytest.mark.parametrize("estimate", [None, 0.8, 1.0, 1.05])
@pytest.mark.parametrize("distance", [1e3, 1e6])
def test_an_equilibrium_close_to_a_pole(distance, estimate):
    walk = Closing(estimate)
    found = find_course(walk, distance, distance)
    rest = walk.left - float(found.approaches[-1].x(found.end))
    assert rest == pytest.approx(1 / (1 + distance), rel=1e-14)
    slope = float(found.approaches[-1].slope(found.end))
    assert found.kernel_at_end / slope == pytest.approx((1 + distance) ** 2, rel=2e-14)


@pytest.mark.parametrize("estimate", [None, 0.8, 1.0, 1.05])
@pytest.mark.parametrize("distance", [0.1, 1e3, 1e30, 1e100])
def test_the_time_towards_a_pole(distance, estimate):
    # With a = 1 + D and l = 1 − x: R = a − 1/l, t = (1 − l)/a + log((a − 1)/(a l − 1))/a².
    motion = Elapsed(find_course(Closing(estimate), distance, distance), SquarePace(RATE))
    a = 1 + mpf(distance)
    assert motion.decay_rate == pytest.approx(float(a**2), rel=1e-12)
    assert motion.equilibrium == pytest.approx(float(1 - 1 / a), rel=1e-13)
    for power in (-300, -12, -6, -3, -2, -1, 0, 1):  # of a l − 1 = R l
        with mp.workdps(400):
            gap = mpf(10) ** power * (a - 1) * mpf("0.99")
            rest = (1 + gap) / a
            if not 0 < rest < 1:
                continue
            t = ((1 - rest) / a + mpmath.log((a - 1) / gap) / a**2) / mpf(RATE)
            residual = float(gap / rest)
        place, size = motion.place(float(t))
        # Close to the end the residual has the digits that a float t leaves it.
        felt = 1e-16 * float(t) * RATE * float(a**2)
        if felt > 1e-3:
            continue
        assert size == pytest.approx(residual, rel=3e-13 + 20 * felt, abs=0)
        assert motion.x(place) == pytest.approx(float(1 - rest), rel=1e-12 + 20 * felt)


def test_a_noisy_kernel_ends_in_reasonable_time():
    noise = np.random.default_rng(1)
    found = course(lambda x: 1 + 1e-6 * noise.random(np.shape(x)), 1.0)
    assert len(found.panels) < 200
    assert found.end > 0


def test_residuals_are_taken_from_the_path_where_they_do_not_cancel():
    # The sum along the path is off by what K is off: one in a thousand.
    def kernel(x):
        return 1.001 * np.exp(2 * x)

    def output(x):
        return (np.exp(2 * x) - 1) / 2

    class Short(Walk):
        def reach(self, width):
            return min(width, 0.3)

    found = find_course(Short(kernel, exact=output), 1000.0, 1000.0)
    lefts = np.cumsum([0.0, *(panel.width for panel in found.panels[:-1])])
    exact = 1000.0 - output(lefts)
    far = exact > 1000.0 / 7  # y − f loses no more than a digit there
    np.testing.assert_allclose(np.array(found.residuals)[far], exact[far], rtol=1e-15)
    assert far.sum() > 3


@pytest.mark.parametrize("total", [0.5, 1.0])
def test_a_kernel_that_fades_too_early_has_no_equilibrium(total):
    walk = Walk(lambda x: total * np.exp(-x))
    assert find_course(walk, 0.0, 1.01) is None
    assert walk.x > 600  # it was not given up before K had no digit left


def test_a_kernel_that_is_zero_at_the_start():
    assert course(lambda x: 0 * x, 1.0) is None


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("kink", [1 / 3, 0.1, 0.7071])
def test_a_kink_is_found(kink, told):
    # K = 1 left of the kink and 3 right of it; and K with a corner.
    known = {"bend": kink} if told else {}
    jumped = made(lambda x: np.where(x < kink, 1.0, 3.0), kink + 1.5, **known)
    assert jumped.equilibrium == pytest.approx(kink + 0.5, abs=1e-12)
    corner = made(lambda x: 1 + np.abs(x - kink), 2.0, **known)

    def gained(x):
        return x + (kink**2 + (x - kink) * abs(x - kink)) / 2

    assert gained(corner.equilibrium) == pytest.approx(2.0, rel=1e-12)
    for place in places(corner, np.linspace(0, 0.999, 30)):
        expected = 2.0 - gained(corner.x(place))
        assert residual(corner, place) == pytest.approx(expected, rel=1e-9)
    if told:
        assert corner.way.last < 19


@pytest.mark.parametrize("beyond", [1e-18, 1e-80, 5e-303])
def test_a_bend_that_is_almost_the_equilibrium(beyond):
    # K = 1 up to 1/3, and 1e-5 beyond it, where `beyond` is left of R. The walk's own residual
    # does not cancel, as for y = 0: it is the truth however small, or a rounding. Either way R = e^{-t}
    # until it is no more than a rounding of the start, and later not above that.
    class Stopping(Walk):
        def output(self, ahead):
            return beyond + np.maximum(1 / 3 - self.x - ahead, 0.0)

        def spread(self):
            return 0.0

    walk = Stopping(lambda x: np.where(x < 1 / 3, 1.0, 1e-5), bend=1 / 3)
    motion = Elapsed(find_course(walk, 0.0, 1 / 3 + beyond), SquarePace(1.0))
    assert len(motion._index) < 200
    for t in (0.1, 3.0, 20.0, 34.0):
        place, found = motion.place(t)
        assert found == pytest.approx(math.exp(-t) / 3, rel=1e-2 if t > 30 else 1e-6)
        assert motion.x(place) == pytest.approx(1 / 3 - found, rel=1e-15)
    assert motion.place(60.0)[1] < 2e-17


@pytest.mark.parametrize("beyond", [1e-9, 1e-13])
def test_an_equilibrium_close_behind_a_bend(beyond):
    # As above; where what is left is far above rounding, R = (1/3) e^{-t} + beyond up to the bend.
    walk = Walk(lambda x: np.where(x < 1 / 3, 1.0, 1e-5), bend=1 / 3)
    motion = Elapsed(find_course(walk, 0.0, 1 / 3 + beyond), SquarePace(1.0))
    assert len(motion._index) < 200
    at_bend = math.log((1 / 3 + beyond) / beyond)
    for t in (0.3 * at_bend, 0.9 * at_bend):
        found = motion.place(t)[1]
        assert found == pytest.approx((1 / 3 + beyond) * math.exp(-t), rel=1e-3)
    late = at_bend + 3e5
    assert motion.place(late)[1] == pytest.approx(beyond * math.exp(-3), rel=1e-2)


def test_a_panel_is_its_polynomial():
    # z = 2 x/3 − 1, value 1 + 3 z².
    nodes = unit_nodes(5)
    panel = Panel(3.0, 1 + 3 * (2 * nodes - 1) ** 2)
    assert float(panel(1.5)) == pytest.approx(1.0, rel=1e-15, abs=0)
    assert float(panel(3.0)) == pytest.approx(4.0, rel=1e-15, abs=0)
    assert float(panel(3.0 * nodes[1])) == panel.values[1]
    assert panel.end == pytest.approx(4.0, rel=1e-15, abs=0)
    assert panel.total == pytest.approx(6.0, rel=1e-15, abs=0)
    stack, which = Stack.of([panel]), np.zeros(4, int)
    assert float(stack.means(0, 1.5)) == pytest.approx(2.0, rel=1e-15, abs=0)
    found = stack.crossing(which, np.array([0.0, 3.0, 6.0, 1e-200]))
    np.testing.assert_allclose(found, [0.0, 1.5, 3.0, 2.5e-201], rtol=1e-15, atol=0)


@pytest.mark.parametrize("steep", [0.1, 2.0, 5.0])
def test_offsets_up_to_which_exponentials_integrate_to_an_amount(steep):
    # ∫_0^x e^{cz} = (e^{cx} − 1)/c, growing on one panel and falling on the other.
    slopes = np.array([steep, -steep])
    stack = Stack.of([Panel(1.0, np.exp(c * unit_nodes(24))) for c in slopes])
    x = np.concatenate([10.0 ** np.arange(-300, -2, 20), np.linspace(0.01, 1, 50)])
    for k, c in enumerate(slopes):
        amount = np.expm1(c * x) / c
        found = stack.crossing(np.full(x.size, k), amount)
        # A falling integrand tells x no better than its last digits do.
        felt = 4 * np.spacing(amount) / np.exp(c * x)
        np.testing.assert_array_less(np.abs(found - x), 3e-15 * x + felt)


def test_the_inverse_is_guessed_so_well_that_two_steps_do(monkeypatch):
    stack, steps, step = Stack.of([Panel(1.0, np.exp(2 * unit_nodes(24)))]), [], Stack._nearer

    def counted(self, panel, x, amount):
        steps.append(x.size)
        return step(self, panel, x, amount)

    monkeypatch.setattr(Stack, "_nearer", counted)
    amount = np.expm1(2 * np.linspace(0.001, 0.999, 400)) / 2
    stack.crossing(np.zeros(400, int), amount)
    assert sum(steps) <= 2 * 400


# --- time and place --------------------------------------------------------------------------------


@pytest.mark.parametrize("distance", [1e-6, 0.3, 4.0, 100.0])
def test_places_and_residuals_against_the_closed_form(distance):
    motion = exponential(distance)
    a = 1 + 2 * distance
    for scaled in (1e-6, 0.01, 0.5, 2.0, 10.0, 60.0):
        t = scaled / (RATE * a)
        with mp.workdps(60):
            x, size = map(float, exact_exponential(distance, t))
        place, found = motion.place(t)
        assert motion.x(place) == pytest.approx(x, rel=2e-14, abs=0)
        assert found == pytest.approx(size, rel=3e-13, abs=0)
        with mp.workdps(60):
            whole = mpmath.log(1 + 2 * mpf(distance)) / 2
            remaining = float(mpmath.log(1 - exact_exponential(distance, t)[0] / whole))
        assert motion.log_distance(t) == pytest.approx(remaining, rel=1e-13, abs=1e-15)


@pytest.mark.parametrize("size", [1e-20, 1e-100, 1e-300])
def test_the_residual_keeps_its_digits_however_small_it_is(size):
    motion = exponential(0.3)
    t = math.log(0.3 / size) / (RATE * 1.6)
    with mp.workdps(40):
        expected = exact_exponential(mpf(0.3), t)[1]
        place, found = motion.place(t)
        assert abs(found / expected - 1) < mpf("5e-13")  # e^{rate a t}: t has 53 bits
    assert 0.1 < found / size < 10
    assert motion.x(place) == pytest.approx(motion.equilibrium, rel=1e-15)


def test_the_residual_is_summed_backward():
    motion = exponential(0.3)
    last, end = motion.way.last, motion.way.ends[-1]
    for e in (1e-1 * end, 1e-5, 1e-9):
        with mp.workdps(40):
            actual = mpf(end) - mpf(end - e)
            a = mpmath.exp(2 * mpf(motion.equilibrium))
            expected = a * (1 - mpmath.exp(-2 * actual)) / 2
            average = expected / actual
        found = residual(motion, Place(last, end - e))
        assert found == pytest.approx(float(expected), rel=1e-14)
        assert float(motion.way.average(float(actual))) == pytest.approx(float(average), rel=1e-14)


def test_residual_and_gain_add_up_to_the_distance():
    motion = exponential(4.0)
    for place in places(motion, np.linspace(0, 1, 50)):
        assert motion.gained(place) + residual(motion, place) == pytest.approx(4.0)
        gained = math.expm1(2 * motion.x(place)) / 2
        assert motion.gained(place) == pytest.approx(gained, rel=1e-13, abs=1e-300)


@pytest.mark.parametrize("name", KERNELS)
def test_the_place_moves_as_fast_as_the_equation_says(name):
    # dx/dt = rate R(x), R = distance − ∫K: by an integrator, with both as unknowns.
    kernel, escape, _ = KERNELS[name]
    motion = made(kernel, 0.8, escape)
    times = np.array([0.1, 1.0, 5.0])

    def field(_, z):
        return [RATE * z[1], -RATE * z[1] * float(kernel(z[0]))]

    found = solve_ivp(field, (0, 5), [0, 0.8], "DOP853", times, rtol=1e-13, atol=1e-16)
    for t, x, size in zip(times, *found.y, strict=True):
        place, residual = motion.place(t)
        assert motion.x(place) == pytest.approx(x, rel=1e-12)
        assert residual == pytest.approx(size, rel=1e-11)


def test_the_ends_of_time():
    motion = exponential(0.3)
    assert motion.place(0.0) == (Place(0, 0.0), pytest.approx(0.3, rel=1e-15))
    place, size = motion.place(math.inf)
    assert (motion.x(place), size) == (motion.equilibrium, 0.0)
    assert motion.decay_rate == pytest.approx(1.6, rel=1e-14)
    assert motion.place(1e6) == motion.place(math.inf)  # exp(−1e6) is zero in float64


# --- without an equilibrium ------------------------------------------------------------------------


def unending(residual):
    """The motion where |y − f| is this function of x, y = 0."""
    return Endless(Walk(residual), Slowness(None, 0.0, RATE), 0.1)


TIMES = [1e-9, 0.3, 7.0, 1e5, 1e20, 1e100, 1e300]


@pytest.mark.parametrize("t", TIMES)
def test_exponential_decay_of_the_residual(t):
    endless = unending(lambda x: np.exp(-x))
    assert endless.x(place_of(endless, t)) == pytest.approx(math.log1p(RATE * t), rel=1e-13, abs=0)


@pytest.mark.parametrize("power", [1.5, 2.0, 3.0])
@pytest.mark.parametrize("t", TIMES)
def test_algebraic_decay_of_the_residual(t, power):
    endless = unending(lambda x: (1 + x) ** -power)
    expected = math.expm1(math.log1p((power + 1) * RATE * t) / (power + 1))
    assert endless.x(place_of(endless, t)) == pytest.approx(expected, rel=2e-13, abs=0)


@pytest.mark.parametrize("t", TIMES)
def test_a_residual_with_a_limit(t):
    # R = 1 + e^{−x}: rate t = log((1 + e^x)/2).
    endless = unending(lambda x: 1 + np.exp(-x))
    scaled = RATE * t
    expected = scaled + math.log(2 - math.exp(-scaled)) if scaled > 1e-3 else 2 * scaled
    assert endless.x(place_of(endless, t)) == pytest.approx(
        expected, rel=2e-9 if scaled < 1e-3 else 1e-13
    )


def test_times_may_come_in_any_order_and_infinity_too():
    endless = unending(lambda x: np.exp(-x))
    late = endless.x(place_of(endless, 1e10))
    early = endless.x(place_of(endless, 1.0))
    assert (late, early) == (
        pytest.approx(math.log1p(RATE * 1e10), rel=1e-13), pytest.approx(math.log1p(RATE), rel=1e-13),
    )  # fmt: skip
    # The latest time that is told from others: e^x = 1 + RATE t.
    latest = endless.x(place_of(endless, math.inf))
    assert latest == pytest.approx(math.log(1e305), rel=1e-12)
    assert endless.x(place_of(endless, 0.0)) == 0.0
