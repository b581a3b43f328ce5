"""Taylor coefficients of neurons in machine code: against balls, and what they sum to against flows."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

import numpy as np
import pytest
from flint import arb, arb_series

pytest.importorskip("numba", reason="nothing is compiled here; numpy computes")
from numeric import compiled

if not compiled.is_available():
    pytest.skip("nothing is compiled here; numpy computes", allow_module_level=True)

import numba
from numba import types
from scipy.integrate import solve_ivp

from numeric.catalogue import names
from numeric.compiled.series import BITS, NUMBER, POINTWISE, SERIES
from verify.oracle.picard import BENT, POWER, SIGMA, activation, picard

ORDER = 20
ROUNDING = 2.0**-53
TINY = 1e-280  # coefficients below it have no digits to lose
GAUSSIAN = ("erf", "gelu")
EVERY = sorted({*SIGMA, *BENT})
ENDS = [(1.0, 0.0), (0.0, 1.0), (0.0, 0.0), (2.0, 30.0), (-2.0, -30.0), (1e6, 1e-8), (1e-6, -1e-8)]


def twin(name):
    return importlib.import_module(f"numeric.generated.compiled.{name}")


def expanded(module, u, h, side, given, pace=1.0, order=ORDER):
    """Coefficients of u, h and f."""
    u, h, side = (np.array(z, np.float64).reshape(-1) for z in (u, h, side))
    shape = order + 1, u.size
    U, H, F = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(order + 1)
    work = np.full((module.SLOTS, *shape), np.nan)
    module.series(u, h, side, np.array(given), pace, order, U, H, F, work)
    return U, H, F


def draws(count, seed=0):
    """Neurons and hyperparameters: u over 1e±6, h from 1e-8 to 30, both signs; rates over 10^±1."""
    draw = np.random.default_rng(seed)
    for _ in range(count):
        u, h = 10 ** draw.uniform(-6, 6), 10 ** draw.uniform(-8, np.log10(30))
        signs = draw.choice([-1.0, 1.0], 2)
        yield u * signs[0], h * signs[1], [*(10 ** draw.uniform(-1, 1, 4)), float(POWER)]


def natural_pace(exact):
    """The z in which coefficients are of one size."""
    sizes = [
        abs(float(one[k] / one[0])) ** (1 / k)
        for one in (exact.u, exact.h)
        for k in range(1, ORDER + 1)
        if one[0] != 0 and one[k] != 0
    ]
    return 1 / max(sizes, default=1.0)


def errors(name, module, u, h, side, given):
    """Of each coefficient: relative to itself or a neighbour, in units of what rounding may do.

    A coefficient is a sum of at most k products, one after the other: 8 roundings each is far more than
    they are. A function like exp(−h²) has h² roundings of its argument at the start, and its error moves
    the place of the singularity: k times as much in coefficient k.
    """
    sigma = activation(name, side)
    pace = natural_pace(picard(sigma, u, h, given, 1.0, ORDER))
    exact = picard(sigma, u, h, given, pace, ORDER)
    U, H, F = expanded(module, u, h, side, given, pace)
    for found, expected in ((U[:, 0], exact.u), (H[:, 0], exact.h), (F, exact.f)):
        sizes = np.abs([float(z) for z in expected])
        for k in range(ORDER + 1):
            size = max(*sizes[max(0, k - 2) : k + 3], TINY)
            allowed = 16 + 8 * k + (2 * h * h * (k + 1) if name in GAUSSIAN else 0)
            yield abs(float((arb(float(found[k])) - expected[k]) / size)) / ROUNDING / allowed


def worst(name, module, cases):
    return max(
        max(errors(name, module, u, h, side, given))
        for u, h, given in cases
        for side in ((1.0, -1.0) if h == 0 else (np.sign(h),))
    )


def test_every_network_without_an_explicit_flow_has_series():
    assert {*EVERY, "linear"} == {*names(), "power"}


@pytest.mark.parametrize("name", EVERY)
def test_coefficients_are_those_of_power_series_of_balls(name):
    module, given = twin(name), [1.5, 0.75, 1.25, 0.5, float(POWER)]
    assert worst(name, module, draws(40)) < 1
    assert worst(name, module, [(u, h, given) for u, h in ENDS]) < 1


@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_coefficients_of_many_neurons_are_those_of_power_series_of_balls(name):
    assert worst(name, twin(name), draws(400, seed=1)) < 1


@pytest.mark.parametrize("name", sorted(BENT))
def test_a_neuron_next_to_a_bend_has_the_series_of_the_side_that_it_is_told(name):
    module, given = twin(name), [1.5, 0.75, 1.25, 0.5]
    for side in (1.0, -1.0):
        for h in (1e-300, -1e-300, 0.0, 0.3, -0.3):
            assert max(errors(name, module, 0.7, h, side, given)) < 1


@pytest.mark.parametrize("name", EVERY)
def test_blocks_of_neurons_are_neurons_and_their_sum_is_added(name):
    module, given = twin(name), [1.5, 0.75, 1.25, 0.5, float(POWER)]
    draw = np.random.default_rng(2)
    for count in (1, 2, 7, 8, 9, 16, 31, 32):
        u, h = draw.normal(size=(2, count))
        U, H, F = expanded(module, u, h, np.sign(h), given, 0.25)
        one_by_one = [expanded(module, *z, given, 0.25) for z in zip(u, h, np.sign(h), strict=True)]
        assert np.array_equal(U, np.hstack([z[0] for z in one_by_one]))
        assert np.array_equal(H, np.hstack([z[1] for z in one_by_one]))
        sums = np.array([z[2] for z in one_by_one])
        assert np.all(np.abs(F - sums.sum(0)) <= count * 2 * ROUNDING * np.abs(sums).sum(0))


@pytest.mark.parametrize("name", EVERY)
def test_nothing_is_written_but_what_is_given(name):
    """Rows of scratch are reached by their number alone."""
    module, given, beyond = twin(name), np.array([1.5, 0.75, 1.25, 0.5, float(POWER)]), 12345.0
    for count, order in ((1, 30), (3, 1), (9, 20)):
        u, h = np.random.default_rng(4).normal(size=(2, count))
        shape = order + 1, count
        sizes = [np.prod(shape), np.prod(shape), order + 1, module.SLOTS * np.prod(shape)]
        spaces = [np.full(2048 + size, beyond) for size in sizes]
        U, H, F, work = (one[1024:-1024] for one in spaces)
        module.series(
            u, h, np.sign(h), given, 0.1, order, U.reshape(shape), H.reshape(shape), F,
            work.reshape(module.SLOTS, *shape),
        )  # fmt: skip
        for one in spaces:
            assert np.all(one[:1024] == beyond)
            assert np.all(one[-1024:] == beyond)


def test_the_sum_is_added_to_what_is_there():
    module = twin("tanh")
    u, h, given = np.array([0.5]), np.array([0.25]), np.array([1.0, 1.0, 1.0, 1.0])
    U, H, F = np.empty((4, 1)), np.empty((4, 1)), np.full(4, 2.0)
    module.series(u, h, h, given, 1.0, 3, U, H, F, np.empty((module.SLOTS, 4, 1)))
    assert np.array_equal(F, 2 + expanded(module, u, h, h, given, order=3)[2])


@pytest.mark.parametrize("name", EVERY)
def test_pace_is_the_unit_of_z(name):
    module, given = twin(name), [1.5, 0.75, 1.25, 0.5, float(POWER)]
    plain = expanded(module, 0.7, 0.6, 1.0, given)
    for pace in (-2.0, 0.125):  # powers of two round nothing
        scaled = expanded(module, 0.7, 0.6, 1.0, given, pace)
        for one, other in zip(plain, scaled, strict=True):
            factor = pace ** np.arange(ORDER + 1).reshape(-1, *[1] * (one.ndim - 1))
            assert np.array_equal(other, one * factor)


def field(name, given, side):
    """The raw equations of a neuron, in numpy and SciPy, written by hand."""
    gamma, eta_u, eta_w, rho_2 = given[:4]
    sigma, slope = activation(name, side)

    def velocity(_, state):
        u, h = state
        at_h = arb_series([arb(float(h))], prec=1)
        return [
            eta_u * gamma * float(sigma(at_h)[0]),
            eta_w * gamma * rho_2 * u * float(slope(at_h)[0]),
        ]

    return velocity


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("h", [0.8, -0.8])
def test_a_step_is_the_flow_and_keeps_what_is_conserved(name, h):
    module, given = twin(name), [1.5, 0.75, 1.25, 0.5, float(POWER)]
    u, step, side = 0.7, 2.0**-6, np.sign(h)
    U, H, F = expanded(module, u, h, side, given)
    z = step ** np.arange(ORDER + 1)
    at_u, at_h, at_f = U[:, 0] @ z, H[:, 0] @ z, F @ z
    exact = solve_ivp(
        field(name, given, side), (0, step), [u, h], "DOP853", rtol=3e-14, atol=1e-15
    ).y[:, -1]
    assert np.allclose([at_u, at_h], exact, rtol=1e-14, atol=0)
    output = module.output(at_u, at_h, np.array(given))
    assert abs(at_f - output) <= 1e-14 * abs(output)
    if hasattr(module, "conserved"):
        start, end = (module.conserved(*at, np.array(given)) for at in ((u, h), (at_u, at_h)))
        assert abs(end - start) < 1e-14 * (at_u**2 + abs(start - u**2) + at_h**2)


@pytest.mark.parametrize("name", EVERY)
def test_functions_of_one_neuron_are_those_of_the_plain_module(name):
    module = twin(name)
    plain = importlib.import_module(f"numeric.generated.{name}")
    for u, h, given in draws(200, seed=3):
        hyper = plain.Network(*given[: len(plain.Network._fields)])
        for one in ("output", "kernel", "conserved", "orbit_slope"):
            assert hasattr(module, one) == hasattr(plain, one)
            if hasattr(plain, one):
                asked = (u, h) if one != "orbit_slope" else (h,)
                with np.errstate(all="ignore"):
                    expected = float(getattr(plain, one)(*map(np.float64, asked), hyper))
                found = getattr(module, one)(u, h, np.array(given))
                assert found == pytest.approx(expected, rel=1e-13, abs=1e-300, nan_ok=True)


@pytest.mark.parametrize("beta", [2, 3, 4, 8, 11, 2**BITS])
def test_any_whole_power_is_a_product_of_squares(beta):
    module, given = twin("power"), [1.5, 0.75, 1.25, 0.5, float(beta)]
    sigma = (lambda h: _power(h, beta)), (lambda h: beta * _power(h, beta - 1))
    for u, h in ((0.7, 0.9), (0.7, -0.9), (1.0, 0.0)):
        exact = picard(sigma, u, h, given, 0.01, ORDER)
        U, H, F = expanded(module, u, h, 1.0, given, 0.01)
        for found, expected in ((U[:, 0], exact.u), (H[:, 0], exact.h), (F, exact.f)):
            expected = np.array([float(z) for z in expected])
            assert np.allclose(found, expected, rtol=1e-13, atol=1e-280)


def _power(h, exponent):
    found = 0 * h + 1
    for _ in range(exponent):
        found = found * h
    return found


@pytest.mark.parametrize("beta", [2.0**BITS + 1, 2.5, 0.0, np.nan, np.inf])
def test_a_power_that_is_not_whole_or_too_large_says_so(beta):
    _, H, F = expanded(twin("power"), 0.7, 0.9, 1.0, [1.0, 1.0, 1.0, 1.0, beta])
    assert np.isnan(F).all()
    assert np.isnan(H[1:]).all()


def test_one_caller_takes_the_series_of_any_network():
    """It is compiled once, for functions of a type, and not for each network."""

    @numba.njit(types.void(types.FunctionType(SERIES), *SERIES.args))
    def through(function, u, h, side, given, pace, order, U, H, F, work):
        function(u, h, side, given, pace, order, U, H, F, work)

    @numba.njit(NUMBER(types.FunctionType(POINTWISE), *POINTWISE.args))
    def at(function, u, h, given):
        return function(u, h, given)

    class Through:
        def __init__(self, module):
            self.SLOTS, self.module = module.SLOTS, module

        def series(self, *given):
            through(self.module.series, *given)

    given = [1.5, 0.75, 1.25, 0.5, float(POWER)]
    for name in ("tanh", "cubic", "relu"):
        module = twin(name)
        direct, indirect = (
            expanded(one, [0.7, 0.2], [0.6, 0.3], [1, 1], given)
            for one in (module, Through(module))
        )
        assert all(map(np.array_equal, direct, indirect))
        arguments = 0.7, 0.6, np.array(given)
        assert at(module.kernel, *arguments) == module.kernel(*arguments)


MUTANTS = {
    "tanh": [("(-2 / k)", "(2 / k)"), ("at_tanh_sech2 + k - j", "at_sech2 + k - j")],
    "cubic": [("way / (k + 1)", "way / (k + 2)"), ("3 * eta_w", "2 * eta_w")],
    "swish": [("load(work, at_falling + k - j)", "load(work, at_rising + k - j)")],
    "relu": [("chosen(load(work, at_side)", "chosen(load(work, at_u)")],
}


@pytest.mark.parametrize(
    ("name", "old", "new"), [(name, *mutant) for name, all_ in MUTANTS.items() for mutant in all_]
)
def test_a_recurrence_that_is_changed_is_noticed(name, old, new, tmp_path):
    text = Path(twin(name).__file__).read_text("utf-8")
    text = text[: text.index("@typed(POINTWISE)")]
    changed = text.replace(old, new)
    path = tmp_path / f"mutant_{abs(hash((name, old)))}.py"
    path.write_text(changed, encoding="utf-8")
    assert changed != text
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert worst(name, module, draws(5)) > 1e3
