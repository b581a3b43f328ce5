"""What is known of one actual network as one report: its phase, the numbers, why, and what to change."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from numeric.limits import extent as extents
from numeric.limits import steps
from numeric.limits.exponents import FEATURE, KERNEL, STABLE
from numeric.limits.extent import Extent
from numeric.limits.report import finite
from numeric.limits.steps import Descent
from numeric.methods.explicit.floats import ExplicitFlow


def as_json(extent: Extent, found: Descent, threshold: float) -> dict[str, Any]:
    """The numbers of one network, and what they are called."""
    numbers = {n: z for n, z in finite(asdict(extent)).items() if n != "is_frozen"}
    phase = extent.phase(threshold)
    side = "at most" if phase == KERNEL else "more than"
    return {
        "stability": steps.stability(extent, found),
        "phase": phase,
        "numbers": numbers,
        "descent": finite(asdict(found)),
        "largest_rate_factor": 1 / extent.largest_kernel if extent.largest_kernel > 0 else None,
        "threshold": threshold,
        "because": f"{_rate_words(extent, found)} Along gradient flow K changes by "
        f"{extent.largest_change:.4g} of itself, {side} the threshold {threshold:g}.",
        "warnings": _case_warnings(extent),
    }


def _rate_words(extent: Extent, found: Descent) -> str:
    """What a step does, and descent with it."""
    if extent.is_frozen:
        why = "K = 0" if extent.kernel_0 == 0 else "f = y"
        return f"No gradient at the start, {why}: nothing moves."
    kernel = extent.largest_kernel
    rule = "a step of descent multiplies a small residual by 1 - 2K"
    word = steps.stability(extent, found)
    if word == STABLE:
        close = "close to the flow" if kernel <= 0.1 else "stable for K < 1"
        return f"K(x, x) is at most {kernel:.4g}: {rule}, {close}."
    leaves = f"K(x, x) is up to {kernel:.4g} (2K = {2 * kernel:.4g} is step times curvature): {rule}, and"
    then = f"The numbers are the flow's, which both rates times {0.1 / kernel:.3g} would follow."
    if word == steps.CATAPULT:
        return (
            f"{leaves} leaves the flow for K >= 1, but converges by the catapult: in {found.steps} steps "
            f"the kernel goes to {found.kernel:.4g}, where steps are stable. {then}"
        )
    if found.least_kernel >= 1:
        why = f"no minimum has K < 1 (the flattest has {found.least_kernel:.4g})"
    elif extent.kernel_0 > 2:
        why = f"K = {extent.kernel_0:.4g} > 2 at the start (step times curvature > 4): the kernel grows"
    else:
        why = "this start is beyond what the catapult brings back"
    end = f"diverges in {found.steps} steps" if word == steps.DIVERGENT else "does not settle"
    return f"{leaves} descent {end}: {why}. {then}"


def _case_warnings(extent: Extent) -> list[str]:
    lines = []
    if not extent.is_frozen and abs(extent.output - extent.target) > 1e-9 * abs(extent.target):
        lines.append(
            f"the flow ends at the saddle, with output {extent.output:.4g} instead of "
            f"{extent.target:.4g}: the layers are (anti)parallel and shrink; another start escapes it."
        )
    if not extent.is_frozen and 0.1 < extent.largest_kernel < 1:
        lines.append("steps are long (K > 0.1): descent will end elsewhere than the flow.")
    return lines


def wanted(flow: ExplicitFlow, extent: Extent, phase: str, threshold: float) -> dict[str, Any]:
    """Factors of γ and of both rates that lead to a phase, stably."""
    goal = threshold if phase == KERNEL else max(1.0, 2 * threshold)
    there = extent.largest_change <= threshold
    factor = 1.0 if there == (phase == KERNEL) else extents.reach(flow, goal)
    report: dict[str, Any] = {
        "phase": phase,
        "possible": factor is not None and not extent.is_frozen,
    }
    if factor is None or extent.is_frozen:
        return report | {"advice": _impossible(extent, phase, goal)}
    largest, change = extents.largest_kernel(flow, factor), extents.largest_change(flow, factor)
    wanted_kernel = min(extent.largest_kernel, extents.STABLE_KERNEL)
    is_slow = factor == 1 and extent.largest_kernel < 1
    eta = 1.0 if is_slow or largest == 0 else wanted_kernel / largest
    moves = [
        f"{words} by {z:.4g}"
        for words, z in (("γ", factor), ("both learning rates", eta))
        if z != 1
    ]
    words = f"multiply {' and '.join(moves)}" if moves else "nothing"
    return report | {
        "gamma_factor": factor,
        "eta_factor": eta,
        "change": change,
        "advice": f"{words}: along the flow K then changes by {change:.4g} of itself, and is at most "
        f"{eta * largest:.4g}.",
    }


def _impossible(extent: Extent, phase: str, goal: float) -> str:
    if extent.is_frozen:
        return "nothing moves (no gradient at the start): take other weights or data."
    if phase == FEATURE:
        return (
            f"no output scale within a factor of 1e12 changes K by {goal:g}: the target is 0, or too "
            "small beside the output."
        )
    return (
        f"no output scale that leaves something to learn changes K by as little as {goal:g}: the "
        "initial output is not zero. Double the network, every neuron once more with -u, and divide γ by "
        "√2 (then ask again); or train f(x) - f_0(x)."
    )
