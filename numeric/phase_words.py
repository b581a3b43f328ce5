"""Why a limit has its phase, in words: which term of which equation wins."""

from __future__ import annotations

from fractions import Fraction

from numeric.generated.scaling import linear
from numeric.phases import (
    FEATURE,
    FROZEN,
    KERNEL,
    NEVER,
    STABLE,
    Choice,
    Classification,
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
    what = {STABLE: "", FROZEN: " diverges"}.get(found.stability, " vanishes")
    first, second = (linear.FORMULAS[name] for name in ("by_target", "by_weights"))
    return (
        f"t_c ~ {power(found.exponents.t_c)}{what}, since 1/t_c ~ κ^max(T1, T2) (Eq. 18) with "
        f"T1 = {first} = {target} and T2 = {second} = {weights}; {winner}."
    )


def _phase(found: Classification) -> str:
    change = power(found.exponents.kernel_change)
    ratio = "P = Q" if found.ratio == NEVER else f"P/Q - 1 ~ {power(found.ratio)}"
    if found.phase == KERNEL:
        return f"K changes by {change} -> 0 (Theorem 2): T1 < T2, and {ratio}, so P/Q -> 1."
    if found.by_target >= found.by_weights:
        return f"K changes by {change}, not less than itself: T1 >= T2 (Theorem 2)."
    return f"K changes by {change}, not less than itself: {ratio}, so P/Q does not tend to 1 (Theorem 2)."


def warnings(found: Classification) -> list[str]:
    """What is not as a limit should be, and the smallest change that mends it."""
    lines = []
    if found.stability != STABLE:
        shifts = stabilising(found.scales)
        best = min(shifts, key=lambda words: abs(shifts[words]))
        both = "both learning rates"
        rest = "" if best == both else f"; or multiply {both} by {power(shifts[both])}"
        sign = "< 0" if found.stability == FROZEN else "> 0"
        lines.append(
            f"no valid limit: max(T1, T2) = 0 fails, it is {found.exponents.R} {sign}. "
            f"Smallest change: multiply {best} by {power(shifts[best])}{rest}."
        )
    if found.exponents.output_0 > 0:
        excess = found.exponents.output_0
        lines.append(
            f"the output at the start diverges like {power(excess)}: e(f_0) <= 0 fails. Multiply the "
            f"output scale by {power(-excess)}, or start with zero output."
        )
    return lines


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
    return f"multiply {' and '.join(steps)}: stable, in the {phase} phase{edge}."
