"""Why a limit has its phase, in words: which term of which equation wins."""

from __future__ import annotations

from fractions import Fraction

from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import NEVER
from numeric.limits.exponents import (
    FEATURE,
    FROZEN,
    KERNEL,
    MOVES,
    STABLE,
    Choice,
    Classification,
    classify,
    moved,
    stabilising,
)


def power(exponent: Fraction | float) -> str:
    """κ to an exponent."""
    if exponent == NEVER:
        return "0"
    return "1" if exponent == 0 else "κ" if exponent == 1 else f"κ^({exponent})"


def because(found: Classification) -> str:
    """Stability and phase, each by the terms that decide it."""
    return f"{_rate(found)} {_phase(found)}"


def _rate(found: Classification) -> str:
    target, weights = found.by_target, found.by_weights
    if found.is_on_border:
        winner = "both tie: target and initial weights set the rate together"
    elif weights > target:
        winner = "T2 wins: the initial weights set the rate"
    else:
        winner = "T1 wins: the target sets the rate"
    c = found.scales
    first, second = c.c_eta_u + c.c_w, c.c_eta_w + c.c_u
    layer = (
        "both layers tie in T2"
        if first == second
        else f"the {'first' if first > second else 'second'} layer wins in T2"
    )
    winner = f"{winner} ({layer})"
    what = {STABLE: "", FROZEN: " diverges"}.get(found.stability, " vanishes")
    of_target, of_weights = (linear.FORMULAS[name] for name in ("by_target", "by_weights"))
    return (
        f"t_c ~ {power(found.exponents.t_c)}{what}, since 1/t_c ~ κ^max(T1, T2) (Eq. 18 has 2 T1) with "
        f"T1 = {of_target} = {target} and T2 = {of_weights} = {weights}; {winner}."
    )


def _phase(found: Classification) -> str:
    change = power(found.exponents.kernel_change)
    ratio = "P = Q" if found.ratio == NEVER else f"P/Q - 1 ~ {power(found.ratio)}"
    if found.exponents.output_0 == 0:
        ratio += " (f_0 is of the order of y)"
    if found.phase == KERNEL:
        return f"K changes by {change} -> 0 (Theorem 2): T1 < T2, and {ratio}, so P/Q -> 1."
    if found.by_target >= found.by_weights:
        return f"K changes by {change}, not less than itself: T1 >= T2 (Theorem 2)."
    return f"K changes by {change}, not less than itself: {ratio}, so P/Q does not tend to 1 (Theorem 2)."


def warnings(found: Classification) -> list[str]:
    """What is not as a limit should be, and the smallest change that mends it."""
    lines = []
    if found.stability != STABLE:
        sign = "< 0" if found.stability == FROZEN else "> 0"
        lines.append(f"no valid limit: max(T1, T2) = 0 fails, it is {found.exponents.R} {sign}.")
    excess = found.exponents.output_0
    if excess > 0:
        lines.append(f"the output at the start diverges like {power(excess)}: e(f_0) <= 0 fails.")
    if lines:
        lines[-1] += " " + _mend(found)
    return lines


def _mend(found: Classification) -> str:
    """The smallest single change, where there is one, and the change of rates, which keeps the phase."""
    both, excess = "both learning rates", max(found.exponents.output_0, Fraction(0))
    if excess > 0:
        quiet = moved(found.scales, MOVES["the output scale"], -excess)
        shift = linear.stable_shift(quiet)
        then = classify(moved(quiet, MOVES[both], shift), found.start)
        rates = f" and {both} by {power(shift)}" if shift != 0 else ""
        return f"Multiply the output scale by {power(-excess)}{rates}: {then.phase} phase."
    shifts = stabilising(found.scales)
    best = min(shifts, key=lambda words: abs(shifts[words]))
    then = classify(moved(found.scales, MOVES[best], shifts[best]), found.start)
    diverges = ", where the output diverges" if then.exponents.output_0 > 0 else ""
    smallest = (
        f"Smallest change: multiply {best} by {power(shifts[best])} ({then.phase} phase{diverges})"
    )
    if best == both:
        return smallest + "."
    rate = power(linear.stable_shift(found.scales))
    return f"{smallest}; multiply {both} by {rate} to keep the phase ({found.phase})."


def advice(choice: Choice | None, found: Classification, phase: str) -> str:
    """What to multiply, to be in a phase."""
    if choice is None:
        return (
            f"no output scale and common factor of the rates gives the kernel phase: "
            f"P/Q - 1 ~ {power(found.ratio)} does not vanish. Start with zero output (every neuron "
            f"twice, once with -u), or let c_u + c_eta_w and c_w + c_eta_u differ."
        )
    if choice.gamma == choice.eta == 0:
        return f"nothing: it is stable and in the {phase} phase as it is."
    steps = []
    if choice.gamma != 0:
        steps.append(f"the output scale by {power(choice.gamma)}")
    if choice.eta != 0:
        steps.append(f"both learning rates by {power(choice.eta)}")
    edge = " (on the border, where target and initial weights balance)" if (
        phase == FEATURE and choice.result.is_on_border
    ) else ""  # fmt: skip
    diverges = choice.result.exponents.output_0
    loud = (
        f", though the output at the start diverges like {power(diverges)}" if diverges > 0 else ""
    )
    return f"multiply {' and '.join(steps)}: stable, in the {phase} phase{edge}{loud}."
