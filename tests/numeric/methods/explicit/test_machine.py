"""Machine code answers as numpy and balls do, or leaves the answer to them."""

from __future__ import annotations

import multiprocessing
import warnings

import numpy as np
import pytest

from numeric import GradientFlow, compiled
from numeric.errors import InputError
from numeric.generated import linear
from numeric.methods.explicit import machine
from numeric.methods.explicit.floats import unit_exponent

if not compiled.is_available():
    pytest.skip("nothing is compiled here; numpy computes", allow_module_level=True)

NAMES = (
    "alpha", "output", "residual", "loss", "overlap", "alignment", "alignment_slope", "norm_u",
    "norm_omega", "norm_W", "kernel", "kernel_change", "distance_u", "distance_W",
)  # fmt: skip
LINE = np.outer([1.0, -0.5, 2.0], [0.5, -1.2])


def drawn(seed):
    draw = np.random.default_rng(seed)
    width, inputs = int(draw.integers(2, 40)), int(draw.integers(1, 4))
    size = 10 ** draw.uniform(-6, 3)
    u, W = size * draw.standard_normal(width), size * draw.standard_normal((width, inputs))
    x, y = 10 ** draw.uniform(-3, 3) * draw.standard_normal(inputs), draw.standard_normal()
    rates = {name: 10 ** draw.uniform(-3, 3) for name in ("gamma", "eta_u", "eta_w")}
    return (u, W, x, y), rates


def both(arguments, rates, monkeypatch):
    """The flow in machine code and in numpy."""
    fast = GradientFlow(*arguments, **rates)
    monkeypatch.setattr(machine, "twin", lambda module: None)
    slow = GradientFlow(*arguments, **rates)
    assert slow.machine is None
    return fast, slow


@pytest.mark.parametrize("seed", range(40))
def test_curves_are_those_of_numpy(seed, monkeypatch):
    fast, slow = both(*drawn(seed), monkeypatch)
    assert fast.machine is not None
    times = np.concatenate([[0.0], slow.t_c * np.geomspace(1e-9, 30, 40)])
    for name in NAMES:
        found, expected = getattr(fast, name)(times), getattr(slow, name)(times)
        np.testing.assert_allclose(found, expected, rtol=2e-13, atol=1e-300, err_msg=name)


@pytest.mark.parametrize("seed", range(40))
def test_constants_are_those_of_balls_to_the_last_digit(seed, monkeypatch):
    fast, slow = both(*drawn(seed), monkeypatch)
    known = fast.machine._known[: len(slow.scaled)]
    if fast.machine.units != slow.units:  # numpy bounds ω by W, and may take larger units
        assert seed in (5, 7, 27, 31)
        return
    np.testing.assert_allclose(known, slow.scaled, rtol=1.2e-16)
    twin = machine.importlib.import_module("numeric.generated.compiled.linear")
    sums = fast.machine._known[len(twin.CONSTANTS) :][: len(twin.SUMS)]
    np.testing.assert_allclose(sums, [slow.sums[name] for name in twin.SUMS], rtol=4e-16)


def test_a_set_on_a_line_is_served_too(monkeypatch):
    draw = np.random.default_rng(0)
    arguments = draw.standard_normal(9), draw.standard_normal((9, 2)), LINE, [1.0, -0.4, 2.1]
    fast, slow = both(arguments, {}, monkeypatch)
    assert fast.machine is not None
    times = np.linspace(0, 3, 50)
    for name in NAMES:
        np.testing.assert_allclose(
            getattr(fast, name)(times), getattr(slow, name)(times), rtol=2e-13
        )


@pytest.mark.parametrize("name", ["output", "overlap", "alignment", "residual", "loss"])
def test_what_machine_code_does_not_vouch_for_is_computed_otherwise(name, monkeypatch):
    """An output that passes zero, late residuals, and infinity, between plain times."""
    arguments = np.array([0.5, -0.2, 0.3]), np.array([[0.4], [-0.3], [0.2]]), [1.0], -1.0
    fast, slow = both(arguments, {}, monkeypatch)
    low, high = 0.0, slow.t_c * 5
    for _ in range(60):  # where the output passes zero
        middle = (low + high) / 2
        low, high = (middle, high) if slow.output(middle) > 0 else (low, middle)
    times = np.array([0.1, low, 0.2, 1e3 * slow.t_c, np.inf, 0.3])
    values = getattr(fast, name)(times)
    np.testing.assert_allclose(values, getattr(slow, name)(times), rtol=2e-13)
    counted = fast.machine.curve(name, times, 0)[1]
    assert counted >= 1
    assert np.isfinite(values).all()


def test_what_is_no_time_is_refused():
    arguments, rates = drawn(3)
    flow = GradientFlow(*arguments, **rates)
    for bad in ([-1.0], np.array([0.0, np.nan]), "soon"):
        with pytest.raises(InputError, match="t:"):
            flow.loss(bad)


@pytest.mark.parametrize(
    "arguments",
    [
        ([1.0, 1.0], [[1.0], [1.0]], [1.0], 3.0),  # parallel: P or Q is zero
        ([1.0, 0.0], [[1.0], [0.0]], [1.0], 3.0),  # alone
        ([0.0, 0.0], [[1.0], [2.0]], [1.0], 3.0),  # a layer of zeros
        ([1e-200, 2e-200], [[1e-200], [3e-200]], [1.0], 3.0),
        ([1.0, 2.0], [[1.0], [-3.0]], [0.0], 3.0),
    ],
)
def test_starts_that_are_not_plain_are_left_to_numpy(arguments):
    flow = GradientFlow(*arguments)
    assert flow.machine is None
    assert np.isfinite(flow.loss([0.0, 1.0])).all()


def test_mutants_and_foreign_modules_have_no_twin():
    import types

    mutant = types.ModuleType("numeric.generated.linear")
    mutant.__dict__.update(linear.__dict__)
    assert machine.twin(linear) is not None
    assert machine.twin(mutant) is None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("sign", [-1, 1])
def test_layers_are_those_of_numpy(seed, sign, monkeypatch):
    draw = np.random.default_rng(seed)
    width = int(draw.integers(2, 1500))
    arguments = draw.standard_normal(width), draw.standard_normal((width, 1)), [1.4 * sign], 0.3
    fast, slow = both(arguments, {"gamma": 1 / width, "eta_u": 0.3, "eta_w": 2.0}, monkeypatch)
    times = np.array([[0.0, 1e-9, 0.1], [1.0, 20.0, np.inf]]) * slow.t_c
    for name in ("u", "W"):
        found, expected = getattr(fast, name)(times), getattr(slow, name)(times)
        np.testing.assert_allclose(found, expected, rtol=1e-13)
        out = np.full(found.shape, np.nan)
        assert getattr(fast, name)(times, out=out) is out
        np.testing.assert_array_equal(out, found)


def test_layers_are_written_on_both_cores_as_on_one(monkeypatch):
    draw = np.random.default_rng(0)
    flow = GradientFlow(draw.standard_normal(5000), draw.standard_normal((5000, 1)), [1.0], 2.0)
    times = np.linspace(0, flow.t_c, 300)
    monkeypatch.setattr(machine.halves, "cores", lambda: 1)
    one = flow.W(times)
    monkeypatch.setattr(machine.halves, "cores", lambda: 3)
    np.testing.assert_array_equal(flow.W(times), one)


def test_a_wrong_layer_is_no_answer(monkeypatch):
    from numeric.errors import InternalCheckError
    from numeric.methods.explicit import moving

    write = moving.write

    def wrong(*arguments):
        write(*arguments)
        arguments[-1][:] *= 1.001

    draw = np.random.default_rng(0)
    flow = GradientFlow(draw.standard_normal(50), draw.standard_normal((50, 1)), [1.0], 2.0)
    flow.u([0.0, 0.5])
    monkeypatch.setattr(moving, "write", wrong)
    with pytest.raises(InternalCheckError, match=r"‖u‖"):
        flow.u([0.0, 0.5])


@pytest.mark.parametrize("out", [np.empty((2, 3)), np.empty((1, 3), np.float32)])
def test_a_place_of_another_shape_or_type_is_refused(out):
    flow = GradientFlow([1.0, 2.0, 0.5], [[1.0], [0.3], [-1.0]], [1.0], 2.0)
    with pytest.raises(InputError, match="out: found"):
        flow.u([1.0], out=out)


def test_a_fork_writes_layers_too():
    """Threads of the parent are not there in a child, which would wait for them."""
    draw = np.random.default_rng(0)
    flow = GradientFlow(draw.standard_normal(30000), draw.standard_normal((30000, 1)), [1.0], 2.0)
    times = np.linspace(0, flow.t_c, 50)
    expected = flow.u(times)[-1, :3]
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forks where there are threads
        child = context.Process(target=lambda: theirs.send(flow.u(times)[-1, :3]))
        child.start()
    try:
        assert ours.poll(60)
        np.testing.assert_array_equal(ours.recv(), expected)
    finally:
        child.kill()
        child.join()


def test_a_numba_that_cannot_be_loaded_is_none(monkeypatch, caplog):
    def broken(name):
        raise ImportError(f"{name} needs another numpy")

    compiled.is_available.cache_clear()
    monkeypatch.setattr(compiled.importlib, "import_module", broken)
    try:
        assert not compiled.is_available()
        assert "numba cannot be loaded: numba needs another numpy" in caplog.text
    finally:
        compiled.is_available.cache_clear()


def test_rates_below_normal_numbers_are_left_to_numpy():
    u, W = [0.5, 0.7, -0.1], [[0.2], [0.3], [0.9]]
    flow = GradientFlow(u, W, [1.0], 2.0, eta_u=1e-310, eta_w=1e-310)
    assert flow.machine is None
    assert flow.norm_u(0.0) == pytest.approx(np.linalg.norm(u), rel=1e-14)


@pytest.mark.parametrize("seed", range(8))
def test_curves_together_are_those_of_one(seed):
    arguments, rates = drawn(seed)
    flow = GradientFlow(*arguments, **rates)
    for times in (0.3, np.array(0.4), flow.t_c * np.geomspace(1e-9, 1e3, 150).reshape(3, 50)):
        found = flow.curves(NAMES, times)
        assert list(found) == list(NAMES)
        for name, values in found.items():
            alone = getattr(flow, name)(times)
            np.testing.assert_allclose(values, alone, rtol=1e-14, err_msg=name)
            assert np.shape(values) == np.shape(times)


def test_curves_together_of_more_times_than_fit_the_cache_and_of_lost_ones(monkeypatch):
    arguments = np.array([0.5, -0.2, 0.3]), np.array([[0.4], [-0.3], [0.2]]), [1.0], -1.0
    flow = GradientFlow(*arguments)
    monkeypatch.setattr(machine, "PART", 128)
    times = flow.t_c * np.linspace(0, 4, 1000)
    times[[3, 500]] = np.inf, 1e3 * flow.t_c
    found = flow.curves(("output", "loss", "alignment"), times)
    for name, values in found.items():
        np.testing.assert_allclose(values, getattr(flow, name)(times), rtol=1e-14)
    with pytest.raises(InputError, match="t:"):
        flow.curves(("loss",), [0.0, -1.0])
    with pytest.raises(InputError, match="names: found 'laws'"):
        flow.curves(("loss", "laws"), times)


def test_curves_together_are_checked(monkeypatch):
    """A state that violates what is proved of its observables is no answer: numpy is asked."""
    arguments, rates = drawn(3)
    flow = GradientFlow(*arguments, **rates)
    times, write = np.array([0.1, 0.2]), flow.machine._module.over_state

    def wrong(times, known, state):
        state[:] = 0.0  # there is room for more times than were asked for
        write(times, known, state)
        state *= 40.0

    monkeypatch.setattr(flow.machine._module, "over_state", wrong)
    found = flow.curves(("loss", "alignment"), times)
    np.testing.assert_allclose(found["loss"], flow.loss(times), rtol=1e-13)


@pytest.mark.parametrize("seed", range(6))
def test_a_curve_asks_for_what_is_proved_of_it(seed):
    """Between which its values are, and which limits of float64 it feels."""
    arguments, rates = drawn(seed)
    flow = GradientFlow(*arguments, **rates)
    f_0, r_0, y = float(flow.output(0.0)), float(flow.residual(0.0)), flow.target
    whole, largest = (-np.inf, np.inf), (0, np.inf)
    between = {
        "output": sorted((f_0, y)), "residual": sorted((r_0, 0.0)), "loss": (0.0, r_0**2),
        "alignment": (-1, 1), "overlap": whole, "kernel_change": whole,
    }  # fmt: skip
    place = machine._places(flow.machine._module)
    for name in NAMES:
        entry = {"kernel": "kernel_x"}.get(name, name)
        _, known, *found = flow.machine._bounded(entry)
        unit = 2.0 ** unit_exponent(entry, flow.machine.units)
        size = max(abs(f_0), abs(y), abs(r_0)) / unit if name in ("output", "residual") else 0
        expected = np.array(between.get(name, largest)) / unit
        np.testing.assert_allclose(found, expected, rtol=1.1e-9, atol=1.1e-9 * size, err_msg=name)
        low, high = found
        values = getattr(flow, name)(np.linspace(0, 3 * flow.t_c, 50)) / unit
        assert np.all((low <= values) & (values <= high)), name
        is_falling, may_pass = (
            name in ("residual", "loss"),
            name in ("output", "overlap", "alignment"),
        )
        assert (known[place["least_ratio"]] > 0) == is_falling, name
        assert np.isfinite(known[place["late"]]) == is_falling, name
        assert (known[place["least_output"]] > 0) == (may_pass and f_0 * y < 0), name


def near(angle, seed=0):
    """A start whose layers are parallel up to an angle, of a few more neurons than few."""
    draw = np.random.default_rng(seed)
    u, w = draw.standard_normal((2, 60))
    return u, (u + angle * w)[:, None]


@pytest.mark.parametrize("angle", [1e-1, 1e-2, 1e-3, 5e-4])
@pytest.mark.parametrize("seed", range(6))
def test_sums_of_which_much_cancels_are_made_with_all_digits(angle, seed, monkeypatch):
    u, W = near(angle, seed)
    fast, slow = both((u, W, [1.0], 2.0), {"gamma": 1 / 60}, monkeypatch)
    assert fast.machine is not None
    # Units of numpy may be larger ones, which changes no digit.
    mine = fast.machine._of
    assert mine["gram"] == np.ldexp(
        slow.sums["gram"], 2 * sum(slow.units[:2]) - 2 * sum(fast.machine.units[:2])
    )
    np.testing.assert_allclose(fast.residual(0.0), slow.residual(0.0), rtol=3e-16)


def test_a_residual_of_which_much_cancels_has_its_digits(monkeypatch):
    draw = np.random.default_rng(1)
    u, W = draw.standard_normal(3000), draw.standard_normal((3000, 1))
    y = float(u @ W[:, 0]) / 3000 * (1 + 1e-9)
    fast, slow = both((u, W, [1.0], y), {"gamma": 1 / 3000}, monkeypatch)
    assert fast.machine is not None
    assert fast.residual(0.0) == pytest.approx(slow.residual(0.0), rel=2e-16, abs=0)


@pytest.mark.parametrize("width", [500, 70000])
def test_constants_of_wide_layers_are_those_of_balls(width, monkeypatch):
    for seed in range(4):
        draw = np.random.default_rng([seed, width])
        arguments = draw.standard_normal(width), draw.standard_normal((width, 1)), [-1.3], 0.7
        fast, slow = both(arguments, {"gamma": width**-0.5, "eta_u": 0.3}, monkeypatch)
        np.testing.assert_allclose(
            fast.machine._known[: len(slow.scaled)], slow.scaled, rtol=1.2e-16
        )
        monkeypatch.undo()


@pytest.mark.parametrize("seed", range(30))
def test_an_output_that_passes_zero_has_its_digits_of_pairs(seed, monkeypatch):
    """Near the zero two numbers are asked instead of balls, and balls on it."""
    draw = np.random.default_rng(seed)
    width, size = int(draw.integers(2, 70)), 10 ** draw.uniform(-2, 2)
    u, W = size * draw.standard_normal(width), size * draw.standard_normal((width, 1))
    rates = {name: 10 ** draw.uniform(-2, 2) for name in ("gamma", "eta_u", "eta_w")}
    y = -float(u @ W[:, 0]) * rates["gamma"] * 10 ** draw.uniform(-1, 1)
    fast, slow = both((u, W, [1.0], y), rates, monkeypatch)
    assert fast.machine is not None
    low, high = 0.0, 50 * slow.t_c
    sign = np.sign(slow.output(0.0))
    for _ in range(70):
        middle = (low + high) / 2
        low, high = (middle, high) if sign * slow.output(middle) > 0 else (low, middle)
    times = low + (high - low + low * 10.0 ** -np.arange(2.0, 17)) * draw.choice([-1, 1], 15)
    times = np.concatenate([times, [low, high]])
    asked, formula = [], fast._by_formula
    monkeypatch.setattr(
        fast, "_by_formula", lambda name, t: asked.append(len(t)) or formula(name, t)
    )
    for name in ("output", "overlap", "alignment"):
        found, expected = getattr(fast, name)(times), getattr(slow, name)(times)
        np.testing.assert_allclose(found, expected, rtol=3e-13, err_msg=name)
        assert fast.machine.curve(name, times, 0)[1] >= 12
    assert max(asked, default=0) <= 8
