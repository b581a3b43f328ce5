"""Our solution and integrators of the raw weights side by side: time at equal error.

A network with Gaussian weights, γ = 1/√d, learns one point, up to `SPAN` time scales. Ours is timed
with everything: the preparation, loss and output at all times, the weights at the last. The peer
gets the tolerance whose error is next above a third of ours, or its tightest if it never
comes that close: no row compares it at digits that ours does not have.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import mpmath
import numpy as np
from numpy.typing import NDArray

from numeric import GradientFlow
from numeric.methods.ending import REACHED
from verify.measurements import peers
from verify.measurements.peers import Trajectory
from verify.networks import power
from verify.oracle import taylor
from verify.oracle.problem import Problem

Floats = NDArray[np.float64]
INPUTS, TIMES, SPAN = 3, 50, 5
TOLERANCES = tuple(10.0 ** (-k / 2) for k in range(32, 5, -1))  # 1e-16 … 1e-3
TIGHTEST = 3e-14  # what DOP853 still accepts, for the reference of the widest
SERIES, DIGITS = 5, 30  # neurons up to which Taylor series are the reference, and their digits
EXTENDED = 20_000  # neurons up to which extended precision is quick enough
SLOW = 5.0  # seconds beyond which one run says enough


@dataclass(frozen=True)
class Row:
    """One comparison.

    Attributes:
        network, width: of the problem; `weights` is d(d0 + 1), `time` where it ends.
        peer, tolerance: the integrator, and its relative tolerance.
        seconds, peer_seconds: medians of `runs` and `peer_runs` (odd numbers).
        error, peer_error: largest errors of outputs and last weights, in units of the largest.
        ratio: peer_seconds / seconds.
        reached: whether the peer came within three times our error.
        reference: what errors are measured against.
    """

    network: str
    width: int
    weights: int
    time: float
    peer: str
    tolerance: float
    seconds: float
    peer_seconds: float
    ratio: float
    error: float
    peer_error: float
    reached: bool
    runs: int
    peer_runs: int
    reference: str


@dataclass(frozen=True)
class Skipped:
    """What was left out, and why."""

    network: str
    width: int
    peer: str
    reason: str


def problem(network: str, width: int, seed: int) -> Problem:
    """A network of order one that reaches its target: the first drawn that does."""
    generator = np.random.default_rng([seed, width])
    while True:
        u0, W0 = generator.standard_normal(width), generator.standard_normal((width, INPUTS))
        X = generator.standard_normal((1, INPUTS))
        X /= np.linalg.norm(X)
        gamma = float(width**-0.5)
        drawn = Problem("gaussian", u0, W0, X, np.ones(1), gamma, 1.0, 1.0, network)
        if _flow(drawn).limit_kind == REACHED:
            return drawn


def _flow(given: Problem) -> GradientFlow:
    return GradientFlow(
        given.u0,
        given.W0,
        given.X[0],
        given.targets[0],
        gamma=given.gamma,
        eta_u=given.eta_u,
        eta_w=given.eta_w,
        network=given.network,
    )


def times_of(given: Problem) -> Floats:
    """Equally spaced times from 0 to `SPAN` time scales."""
    return np.linspace(0, SPAN * _flow(given).t_c, TIMES)


def ours(given: Problem, times: Floats) -> Trajectory:
    """All that is timed of ours."""
    flow = _flow(given)
    flow.loss(times)
    return Trajectory(np.asarray(flow.output(times)), flow.u(times[-1]), flow.W(times[-1]))


def reference(given: Problem, times: Floats) -> tuple[Trajectory, str]:
    """A trajectory to measure errors against, and what it is."""
    if given.u0.size > EXTENDED:
        return peers.dop853(given, times, TIGHTEST), f"DOP853 at {TIGHTEST:.0e}"
    beta = power(given.network)
    if beta is None or given.u0.size > SERIES:
        return peers.extrapolated(given, times), "extrapolation in extended precision"
    weights = taylor.integrate(
        given.u0.tolist(), given.W0.tolist(), given.X.tolist(), given.targets.tolist(),
        gamma=given.gamma, eta_u=given.eta_u, eta_w=given.eta_w,
        times=times.tolist(), digits=DIGITS, beta=beta,
    )  # fmt: skip
    with mpmath.workdps(DIGITS):
        outputs = [
            given.gamma * sum(a * mpmath.fdot(row, given.X[0].tolist()) ** beta
                              for a, row in zip(u, W, strict=True)) for u, W in weights
        ]  # fmt: skip
    u, W = (np.array(z, dtype=float) for z in weights[-1])
    return Trajectory(np.array(outputs, dtype=float), u, W), f"Taylor series, {DIGITS} digits"


def error(found: Trajectory, exact: Trajectory) -> float:
    """The largest error of outputs and of weights, each in units of the largest of its kind."""
    pairs = [(found.outputs, exact.outputs)]
    a, b = (np.concatenate([z.u, z.W.ravel()]) for z in (found, exact))
    pairs.append((a, b))
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in pairs)


def timed(function: Callable[[], Trajectory], repeats: int) -> tuple[Trajectory, float, int]:
    """Result, median of the seconds, number of runs; a slow function runs once."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < repeats and seconds[0] < SLOW):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return result, statistics.median(seconds), len(seconds)


def tolerance(
    run: Callable[[float], Trajectory], tightest: float, exact: Trajectory, goal: float
) -> tuple[float, float]:
    """The tightest tolerance whose error is not below a third of ours, and that error."""
    rtol, found = tightest, 0.0
    for rtol in (value for value in TOLERANCES if value >= 0.99 * tightest):
        found = error(run(rtol), exact)
        if found >= goal / 3:
            break
    return rtol, found


def compare(given: Problem, peer_names: Sequence[str], repeats: int) -> Iterator[Row | Skipped]:
    """One problem against every peer."""
    times = times_of(given)
    exact, name = reference(given, times)
    mine, seconds, runs = timed(lambda: ours(given, times), repeats)
    goal = error(mine, exact)
    for peer in peer_names:

        def run(rtol: float, peer: str = peer) -> Trajectory:
            return peers.PEERS[peer](given, times, rtol)

        try:
            rtol, peer_error = tolerance(run, peers.TIGHTEST[peer], exact, goal)
            _, peer_seconds, peer_runs = timed(lambda: run(rtol), repeats)  # noqa: B023
        except ArithmeticError as failure:
            yield Skipped(given.network, given.u0.size, peer, str(failure))
            continue
        yield Row(
            given.network, given.u0.size, given.u0.size + given.W0.size, float(times[-1]),
            peer, rtol, seconds, peer_seconds, peer_seconds / seconds, goal, peer_error,
            peer_error <= 3 * goal, runs, peer_runs, name,
        )  # fmt: skip


def comparisons(
    networks: Sequence[str],
    widths: Sequence[int],
    peer_names: Sequence[str],
    *,
    seed: int,
    repeats: int,
    limit: float,
) -> Iterator[Row | Skipped]:
    """Every network at every width, narrow ones first, as far as `limit` seconds allow.

    What a width will cost is judged by the last one of its network, in proportion to the width.
    """
    start = time.perf_counter()
    costs: dict[str, tuple[int, float]] = {}
    for width in sorted(set(widths)):
        for network in networks:
            begun = time.perf_counter()
            last, cost = costs.get(network, (width, 0.0))
            expected = cost * max(1.0, width / last) if width > 1000 else cost
            if begun - start + expected > limit:
                reason = f"about {expected:.0f} s more than the limit of {limit:.0f} s leaves"
                yield from (Skipped(network, width, peer, reason) for peer in peer_names)
                continue
            yield from compare(problem(network, width, seed), peer_names, repeats)
            costs[network] = width, time.perf_counter() - begun
