"""Every printed digit against the raw equations, integrated by Taylor series in mpmath."""

from __future__ import annotations

import functools
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
from flint import ctx, fmpq
from mpmath import mp, mpf

from numeric.cases.case import parse
from numeric.cases.solution import solve
from numeric.data.exact import exact_set, rational, rational_rows
from verify.oracle.taylor import integrate

DIGITS = 25
FLOAT_ERROR = 1e-12  # relative; what float64 answers promise
OBSERVABLES = ("output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha")


@dataclass(frozen=True)
class Setting:
    """A case of decimal strings, the times to look at and the digits that the oracle needs."""

    name: str
    content: dict[str, Any]
    times: tuple[str, ...]
    oracle_digits: int = 30

    def __str__(self) -> str:
        return self.name


# --- the oracle: weights by Taylor series, observables from the weights -----------------------


def _numbers(value: Any) -> Any:
    return [_numbers(z) for z in value] if isinstance(value, list) else mpmath.mpmathify(value)


def _dot(a: Any, b: Any) -> Any:
    return mp.fdot(zip(a, b, strict=True))


def _root_of_squares(values: Any) -> Any:
    return mpmath.sqrt(mpmath.fsum(z * z for z in values))


def _unit(X: Any) -> Any:
    """The direction of the rows: the first nonzero component of a data set's is positive."""
    row = next((row for row in X if any(row)), X[0])
    length = _root_of_squares(row)
    return [z / length for z in row] if length else row


def _observe(content: dict[str, Any], start: Any, u: Any, W: Any) -> dict[str, Any]:
    """What `solve` prints, from raw weights and raw data."""
    gamma, eta_u, eta_w = (_numbers(content[key]) for key in ("gamma", "eta_u", "eta_w"))
    is_set = "X" in content
    X = _numbers(content["X"] if is_set else [content["x"]])
    goals = _numbers(content["targets"] if is_set else [content["y"]])
    e = _unit(X)
    if len(X) > 1 and next((z for z in e if z), 1) < 0:
        e = [-z for z in e]
    a = [_dot(x, e) for x in X]
    rho = _root_of_squares(a) / mpmath.sqrt(len(a))
    y = _dot(a, goals) / len(a) / rho if rho else mpf(0)
    if len(X) == 1:
        y = goals[0]
    omega = [_dot(row, e) for row in W]
    outputs = [gamma * _dot(u, [_dot(row, x) for row in W]) for x in X]
    norm_u, norm_omega = _root_of_squares(u), _root_of_squares(omega)
    along = gamma * rho * _dot(u, omega)

    def charts(u: Any, omega: Any) -> Any:
        first, second = mpmath.sqrt(eta_w), mpmath.sqrt(eta_u)
        pairs = [(second * w, first * v) for v, w in zip(u, omega, strict=True)]
        return [w + v for w, v in pairs], [w - v for w, v in pairs]

    u_0, W_0 = start
    (p_0, q_0), (p, q) = charts(u_0, [_dot(row, e) for row in W_0]), charts(u, omega)
    grown = max(range(len(u)), key=lambda i: abs(p_0[i]))
    fallen = max(range(len(u)), key=lambda i: abs(q_0[i]))
    if abs(p_0[grown]) > mpf(10) ** -20:
        alpha = (p[grown] / p_0[grown]) ** 2
    elif abs(q_0[fallen]) > mpf(10) ** -20:
        alpha = (q_0[fallen] / q[fallen]) ** 2
    else:
        alpha = None  # no neuron shows it
    return {
        "u": u,
        "W": W,
        "output": along,
        "residual": along - y,
        "loss": mpmath.fsum((f - goal) ** 2 for f, goal in zip(outputs, goals, strict=True))
        / len(goals),
        "alignment": _dot(u, omega) / norm_u / norm_omega if norm_u * norm_omega else None,
        "norm_u": norm_u,
        "norm_W": _root_of_squares([z for row in W for z in row]),
        "alpha": alpha,
    }


@functools.cache
def _oracle_of(index: int) -> list[dict[str, Any]]:
    setting = SETTINGS[index]
    content = setting.content
    is_set = "X" in content
    with mp.workdps(setting.oracle_digits + 12):
        weights = integrate(
            content["u0"],
            content["W0"],
            content["X"] if is_set else [content["x"]],
            content["targets"] if is_set else [content["y"]],
            **{key: content[key] for key in ("gamma", "eta_u", "eta_w")},
            times=setting.times,
            digits=setting.oracle_digits,
        )
        start = _numbers(content["u0"]), _numbers(content["W0"])
        return [_observe(content, start, u, W) for u, W in weights]


# --- the cases --------------------------------------------------------------------------------


def _decimal(value: float) -> str:
    return f"{value:.2e}"


def _times(content: dict[str, Any], multiples: tuple[float, ...]) -> tuple[str, ...]:
    """Times in units of the time scale; which ones is a choice, not a result."""
    scale = parse(content).floating().t_c
    return ("0", *(_decimal(scale * k) for k in multiples))


def _random_setting(seed: int) -> Setting:
    generator = np.random.default_rng(seed)
    d, d0, n = 1 + seed % 5, 1 + seed % 4, 2 + seed % 3

    def scale(spread: float) -> float:
        return float(10 ** generator.uniform(-spread, spread))

    def normal(count: int, size: float) -> list[str]:
        return [_decimal(size * z) for z in generator.standard_normal(count)]

    content: dict[str, Any] = {
        "gamma": _decimal(scale(1) * float(generator.choice([-1, 1]))),
        "eta_u": _decimal(scale(1)),
        "eta_w": _decimal(scale(1)),
        "u0": normal(d, scale(0.5)),
    }
    size_W, size_x, size_y = scale(0.5), scale(0.5), scale(0.5)
    content["W0"] = [normal(d0, size_W) for _ in range(d)]
    if seed % 2:
        a, e = normal(n, size_x), normal(d0, 1.0)
        content["X"] = [[str(Decimal(r) * Decimal(z)) for z in e] for r in a]
        content["targets"] = normal(n, size_y)
    else:
        content["x"], (content["y"],) = normal(d0, size_x), normal(1, size_y)
    kind = f"{n} data points" if seed % 2 else "one data point"
    return Setting(f"seed {seed}: d={d}, d0={d0}, {kind}", content, _times(content, (0.2, 1.2)))


def _degenerate_settings() -> list[Setting]:
    u, noise = ["0.7", "-0.4", "0.9"], [["0.3", "-0.1"], ["0.2", "0.5"], ["-0.4", "0.2"]]
    parallel = [["0", z] for z in ("0.35", "-0.2", "0.45")]
    opposite = [["0", z] for z in ("-0.35", "0.2", "-0.45")]
    # sqrt(2) w = ± sqrt(1/2) u: one chart coordinate of every neuron is zero, and is irrational else.
    base = {"gamma": "0.8", "eta_u": "2", "eta_w": "0.5", "x": ["0", "1.5"], "y": "0.7", "u0": u}
    plain = {**base, "x": ["0.3", "-1.1"], "W0": noise}
    one = {"gamma": "1.2", "eta_u": "0.7", "eta_w": "1.1", "x": ["0.5"], "y": "1", "u0": ["0.6"]}
    one["W0"] = [["0.3"]]
    soon = ("0", "0.1", "0.7")
    return [
        Setting("parallel layers", {**base, "W0": parallel}, soon),
        Setting("antiparallel, reachable target", {**base, "W0": opposite, "y": "-0.7"}, soon),
        Setting("antiparallel, to the saddle", {**base, "W0": opposite}, (*soon, "3")),
        Setting("y = 0", {**plain, "y": "0"}, soon),
        Setting("y = 0, parallel: double root", {**base, "W0": parallel, "y": "0"}, (*soon, "20")),
        Setting("y = 0, antiparallel: double root", {**base, "W0": opposite, "y": "0"}, soon),
        Setting("a dead neuron", {**plain, "u0": ["0.7", "0", "0.9"],
            "W0": [noise[0], ["0", "0"], noise[2]]}, soon),
        Setting("x with a zero", {**plain, "x": ["0", "-1.3"]}, soon),
        Setting("data set with a zero column and a zero row", {
            **{key: plain[key] for key in ("gamma", "eta_u", "eta_w", "u0", "W0")},
            "X": [["0", "0"], ["0", "-1.3"], ["0", "0.4"]], "targets": ["0.5", "-1.1", "0.2"]}, soon),
        Setting("layers without overlap", {**base, "x": ["0.3", "0"],
            "u0": ["1.3", "1.3"], "W0": [["0.6", "0.1"], ["-0.6", "0.2"]]}, soon),
        Setting("first layer zero", {**plain, "W0": [["0", "0"]] * 3}, soon),
        Setting("second layer zero", {**plain, "u0": ["0"] * 3}, soon),
        Setting("first layer across the data", {**base, "W0": [["0.3", "0"], ["-0.2", "0"],
            ["0.1", "0"]]}, soon),
        Setting("all weights zero", {**plain, "u0": ["0"] * 3, "W0": [["0", "0"]] * 3}, soon),
        Setting("x = 0", {**plain, "x": ["0", "0"]}, soon),
        Setting("gamma = 0", {**plain, "gamma": "0"}, soon),
        # Powers of two: the initial residual is zero in floats too.
        Setting("start at the target", {**one, "gamma": "2", "u0": ["0.5"], "W0": [["0.25"]],
            "y": "0.125"}, soon),
        Setting("width 1", one, soon),
        Setting("width 1, negative target", {**one, "y": "-1"}, soon),
        Setting("small weights", {**plain, "u0": ["7e-7", "-4e-7", "9e-7"],
            "W0": [[z + "e-7" for z in row] for row in noise]}, (*soon, "4")),
    ]  # fmt: skip


def _tiny_residual() -> Setting:
    content = {
        "gamma": "1.3", "eta_u": "0.9", "eta_w": "0.4",
        "x": ["0.9"], "y": "1.1", "u0": ["0.8"], "W0": [["0.7"]],
    }  # fmt: skip
    # The residual falls like exp(−4 t / t_c).
    return Setting("residual below 1e-100", content, _times(content, (37.0, 59.0)), 126)


RANDOM = [_random_setting(seed) for seed in range(12)]
SETTINGS = [*RANDOM, *_degenerate_settings(), _tiny_residual()]
every_setting = pytest.mark.parametrize(
    "index", range(len(SETTINGS)), ids=[str(setting) for setting in SETTINGS]
)


# --- comparison -------------------------------------------------------------------------------


def _pairs(values: Any, exact: Any, where: str) -> Any:
    """Entries of nested lists beside each other."""
    if isinstance(exact, list):
        assert len(values) == len(exact), where
        for k, (value, one) in enumerate(zip(values, exact, strict=True)):
            yield from _pairs(value, one, f"{where}[{k}]")
    else:
        yield where, values, exact


def _all_pairs(solution: Any, setting: Setting, oracle: list[dict[str, Any]]) -> Any:
    for name in ("u", "W", *OBSERVABLES):
        column = getattr(solution, name)
        assert len(column) == len(setting.times)
        for time, value, exact in zip(setting.times, column, oracle, strict=True):
            if name == "alpha" and exact["alpha"] is None:
                continue  # all weights are zero: nothing in them shows α
            yield from _pairs(value, exact[name], f"{name} at t={time}")


def _significant(text: str) -> str:
    return text.lower().partition("e")[0].replace(".", "").lstrip("-+0")


def _unit_in_the_last_place(text: str, digits: int) -> Any:
    exponent = Decimal(text).adjusted()
    return mpf(10) ** (exponent - digits + 1)


@every_setting
def test_every_printed_digit_is_right(index: int):
    setting, oracle = SETTINGS[index], _oracle_of(index)
    case = parse(setting.content)
    solution = solve(case, [Fraction(Decimal(t)) for t in setting.times], DIGITS)
    compared = 0
    with mp.workdps(setting.oracle_digits + 12):
        for where, printed, exact in _all_pairs(solution, setting, oracle):
            compared += 1
            if exact is None or exact == 0:
                assert printed == (None if exact is None else "0"), where
                continue
            assert len(_significant(printed)) == DIGITS, (where, printed)
            difference = abs(mpmath.mpmathify(printed) - exact)
            assert difference <= _unit_in_the_last_place(printed, DIGITS), (where, printed, exact)
            assert difference <= mpf(10) ** (1 - DIGITS) * abs(exact), (where, printed, exact)
    entries = len(case.u0) * (1 + len(case.X[0])) + len(OBSERVABLES) - 1
    assert compared >= entries * len(setting.times)


def _close(value: float | None, exact: Any, where: str) -> None:
    if exact is None:
        assert value is None or np.isnan(value), where
        return
    assert value is not None, where
    assert abs(mpf(float(value)) - exact) <= FLOAT_ERROR * abs(exact), (where, value, exact)


@every_setting
def test_printed_floats_are_right(index: int):
    setting, oracle = SETTINGS[index], _oracle_of(index)
    solution = solve(parse(setting.content), [Fraction(Decimal(t)) for t in setting.times])
    with mp.workdps(setting.oracle_digits + 12):
        for where, value, exact in _all_pairs(solution, setting, oracle):
            _close(value, exact, where)


@every_setting
def test_floats_computed_in_floats_are_right(index: int):
    setting, oracle = SETTINGS[index], _oracle_of(index)
    flow = parse(setting.content).floating()
    times = np.array([float(t) for t in setting.times])
    with mp.workdps(setting.oracle_digits + 12):
        for name in ("u", "W", *OBSERVABLES):
            values = getattr(flow, name)(times)
            for k, exact in enumerate(oracle):
                if exact[name] is None and name == "alpha":
                    continue
                for where, value, one in _pairs(values[k], exact[name], f"{name}, time {k}"):
                    _close(value, one, where)


def test_a_residual_below_1e_100_gives_rate_and_limit():
    setting, oracle = SETTINGS[-1], _oracle_of(len(SETTINGS) - 1)
    solution = solve(parse(setting.content), [Fraction(0)], DIGITS)
    with mp.workdps(setting.oracle_digits + 12):
        middle, late = oracle[1:]
        assert 0 < abs(late["residual"]) < mpf(10) ** -100
        span = mpmath.mpmathify(setting.times[2]) - mpmath.mpmathify(setting.times[1])
        # Where the residual is 1e-60 its decay is exponential to sixty digits.
        rate = mpmath.log(middle["residual"] / late["residual"]) / span
        assert abs(mpmath.mpmathify(solution.t_c) * rate / 4 - 1) <= mpf(10) ** (1 - DIGITS)
        for name in ("u", "W", "alignment"):
            for where, printed, exact in _pairs(solution.limit[name], late[name], name):
                unit = _unit_in_the_last_place(printed, DIGITS)
                assert abs(mpmath.mpmathify(printed) - exact) <= unit, where
        assert solution.limit["loss"] == "0"


def test_the_saddle_is_the_limit_of_antiparallel_layers():
    setting = next(s for s in SETTINGS if s.name == "antiparallel, to the saddle")
    solution = solve(parse(setting.content), [Fraction(0)], DIGITS)
    assert solution.limit["u"] == ["0"] * 3
    assert solution.limit["W"] == [["0", "0"]] * 3
    assert solution.limit["alignment"] is None
    assert Decimal(solution.limit["loss"]) == Decimal("0.49")


def test_the_floor_of_a_data_set_is_the_limit_of_its_loss():
    content = {
        "gamma": "1", "eta_u": "1", "eta_w": "1", "u0": ["0.5"], "W0": [["0.4"]],
        "X": [["1"], ["2"]], "targets": ["1", "3"],
    }  # fmt: skip
    solution = solve(parse(content), [Fraction(0)], DIGITS)
    # Least squares: slope 7/5, errors 2/5 and -1/5, mean square 1/10.
    assert Decimal(solution.limit["loss"]) == Decimal("0.1")
    # gamma rho times the overlap 0.2, with rho^2 = 5/2, less y = 7/2 / rho.
    with mp.workdps(40):
        root = mpmath.sqrt(mpf(5) / 2)
        residual = mpf("0.2") * root - mpf("3.5") / root
        assert abs(mpmath.mpmathify(solution.residual[0]) - residual) < mpf(10) ** -23 * 2


def test_exact_set_finds_moments_direction_and_floor():
    point = exact_set(rational_rows([[-1, 3], [2, -6]]), (rational(5), rational(7)))
    # Along (1, -3): coordinates -1, 2; a·y: -5, 14.
    assert [Fraction(str(z)) for z in point.direction] == [1, -3]
    assert Fraction(str(point.second_moment)) == Fraction(5, 2)
    assert Fraction(str(point.cross_moment)) == Fraction(9, 2)
    assert Fraction(str(point.floor)) == Fraction(74, 2) - Fraction(81, 4) / Fraction(5, 2)


@pytest.mark.parametrize("digits", [5, 60, 400])
@pytest.mark.parametrize("index", range(len(SETTINGS)), ids=[str(z) for z in SETTINGS])
def test_an_entry_that_is_given_as_zero_starts_at_zero(index: int, digits: int):
    content = json.loads(json.dumps(SETTINGS[index].content))
    for k, row in enumerate(content["W0"]):
        row[k % len(row)] = "0"
    content["u0"][0] = "0"
    solution = solve(parse(content), [Fraction(0), Fraction(1, 10**300)], digits)
    for k, row in enumerate(content["W0"]):
        assert solution.W[0][k][k % len(row)] == "0"
    assert solution.u[0][0] == "0"
    for number in (z for z in _leaves((solution.u, solution.W)) if z != "0"):
        assert "+/-" not in number
        assert Decimal(number) != 0


def _leaves(values: Any) -> Any:
    if isinstance(values, (list, tuple)):
        for value in values:
            yield from _leaves(value)
    else:
        yield values


def test_threads_of_several_precisions():
    # flint's precision is one for the whole process.
    settings, wanted = RANDOM[:4], (20, 400, 60, 900)
    flows = [parse(setting.content).exact() for setting in settings]
    times = [fmpq(1, 3), None]

    def run(index):
        snapshots, _ = flows[index % 4].solve(times, wanted[index % 4])
        return [snapshot.residual for snapshot in snapshots[:1]]

    before = ctx.prec
    alone = [run(index) for index in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for index, found in enumerate(pool.map(run, range(40))):
            for one, other in zip(found, alone[index % 4], strict=True):
                assert one.mid() == other.mid()
                assert one.rad() == other.rad()
                assert one.rel_accuracy_bits() >= 3.32 * wanted[index % 4]
    assert ctx.prec == before
