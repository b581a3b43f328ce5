"""Phases of scaling limits: exponents of the hyperparameters in, exponents of everything out.

    verdict = classify(PRESETS["ntk"].scales, "independent")
    verdict.stability, verdict.phase, verdict.exponents.kernel_change

Exact in fractions. The exponents and the borders between phases are generated from the derivation
(`numeric.generated.scaling.linear`); here they are read. Source: Xu & Ziyin 2025, section 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from numeric import hints
from numeric.errors import InputError
from numeric.generated.scaling import linear
from numeric.generated.scaling.linear import Exponents, Scales

STARTS = {
    "independent": linear.independent,
    "correlated": linear.correlated,
    "zero-output": linear.zero_output,
}
STABLE, FROZEN, UNSTABLE = "stable", "frozen", "unstable"
KERNEL, FEATURE = "kernel", "feature learning"
HALF = Fraction(1, 2)


@dataclass(frozen=True)
class Preset:
    """A parametrisation of two-layer networks.

    Attributes:
        scales: its exponents; κ is the width, or, at fixed width, the output scale.
        start: how its layers start.
        meaning: what it is, and where it comes from.
    """

    scales: Scales
    start: str
    meaning: str


def scales(
    c_d: Fraction | int, c_gamma: Fraction | int, c_u: Fraction | int, c_w: Fraction | int,
    c_eta_u: Fraction | int = 0, c_eta_w: Fraction | int = 0,
) -> Scales:  # fmt: skip
    """Exponents as exact fractions."""
    return Scales(*map(Fraction, (c_d, c_gamma, c_u, c_w, c_eta_u, c_eta_w)))


PRESETS = {
    "ntk": Preset(
        scales(1, -HALF, 0, 0), "independent", "weights of order 1, output over √d (Jacot 2018)"
    ),
    "mean-field": Preset(
        scales(1, -1, 0, 0), "independent", "weights of order 1, output over d (Mei 2018)"
    ),
    "xavier": Preset(
        scales(1, 0, -1, -1), "independent", "variance 2/(fan in + fan out) (Glorot 2010)"
    ),
    "kaiming": Preset(scales(1, 0, -1, 0), "independent", "variance 2/fan in (He 2015)"),
    "lazy": Preset(
        scales(0, 1, 0, 0), "zero-output", "fixed width, output scale κ, output 0 (Chizat 2018)"
    ),
    "mup": Preset(
        scales(1, 0, -2, 0, -1, 1), "independent",
        "maximal update: u of variance 1/d², rates 1/d and d for u and W (Yang 2022, SGD)",
    ),
    "torch-default": Preset(
        scales(1, 0, -1, 0), "independent", "torch.nn.Linear: uniform, variance 1/(3 fan in)"
    ),
}  # fmt: skip


SYNONYMS = {
    "sp": "'kaiming' or 'torch-default' (the standard parametrisation)",
    "standard": "'kaiming' or 'torch-default' (the standard parametrisation)",
    "lecun": "'kaiming' (the same exponents)", "he": "'kaiming'", "glorot": "'xavier'",
    "ntp": "'ntk'", "neuraltangentkernel": "'ntk'", "jacot": "'ntk'", "mf": "'mean-field'",
    "mei": "'mean-field'", "μp": "'mup'", "maximalupdate": "'mup'", "yang": "'mup'",
    "chizat": "'lazy'", "pytorch": "'torch-default'", "torch": "'torch-default'",
    "default": "'torch-default'",
}  # fmt: skip


def preset(name: str) -> Preset:
    """A preset by its name.

    Raises:
        InputError: for a name that is none, with the nearest.
    """
    if name not in PRESETS:
        expected = hints.suggestion(name, PRESETS, "presets", SYNONYMS)
        raise InputError("--preset", repr(name[:40]), expected)
    return PRESETS[name]


@dataclass(frozen=True)
class Classification:
    """Which limit the exponents lead to.

    Attributes:
        scales: exponents of the hyperparameters.
        start: how the layers start.
        stability: "stable", "frozen" or "unstable": the sign of the exponent of t_c.
        phase: "kernel" or "feature learning": whether K(∞)/K(0) → 1. A common factor of both
            learning rates changes the stability alone.
        exponents: of everything.
        by_target, by_weights: T₁ and T₂, whose maximum is the exponent of the rate of learning.
        ratio: exponent of P/Q − 1; P/Q → 1 where it is negative.
    """

    scales: Scales
    start: str
    stability: str
    phase: str
    exponents: Exponents
    by_target: Fraction
    by_weights: Fraction
    ratio: Fraction | float

    @property
    def is_on_border(self) -> bool:
        """Whether target and initial weights set the rate together."""
        return self.by_target == self.by_weights


def classify(given: Scales, start: str = "independent") -> Classification:
    """Exponents, stability and phase.

    Args:
        given: exponents of the hyperparameters, fractions.
        start: "independent", "correlated" or "zero-output".

    Raises:
        InputError: for a width that shrinks, or an unknown start.
    """
    if given.c_d < 0:
        found = f"{given.c_d}; the inequality c_d >= 0 fails"
        raise InputError("c_d", found, f"a width that does not shrink: add {-given.c_d} or more")
    if start not in STARTS:
        raise InputError("start", repr(start), "one of " + ", ".join(STARTS))
    found_exponents = STARTS[start](given)
    rate = found_exponents.R
    return Classification(
        given,
        start,
        STABLE if rate == 0 else FROZEN if rate < 0 else UNSTABLE,
        KERNEL if found_exponents.kernel_change < 0 else FEATURE,
        found_exponents,
        linear.by_target(given),
        linear.by_weights(given),
        found_exponents.P_minus_Q - found_exponents.P,
    )


# Exponents that are moved together, and what is done to a network to move them.
MOVES: Mapping[str, tuple[str, ...]] = {
    "both learning rates": ("c_eta_u", "c_eta_w"),
    "the learning rate of u": ("c_eta_u",),
    "the learning rate of W": ("c_eta_w",),
    "the output scale": ("c_gamma",),
    "the variance of u": ("c_u",),
    "the variance of W": ("c_w",),
}


def moved(given: Scales, fields: tuple[str, ...], by: Fraction) -> Scales:
    """The exponents with some of them increased."""
    return given._replace(**{name: getattr(given, name) + by for name in fields})


def stabilising(given: Scales) -> dict[str, Fraction]:
    """What each move alone has to add to its exponents so that the rate of learning is of order 1.

    A move that cannot do it is left out. Each term of the rate grows with the move, so the first
    of them to reach 0 stops it.
    """
    if classify(given).stability == STABLE:
        return dict.fromkeys(MOVES, Fraction(0))
    found = {}
    for words, fields in MOVES.items():
        steps = []
        for term in linear.RATE_TERMS:
            value = sum(weight * getattr(given, name) for name, weight in term.items())
            slope = sum((term.get(name, Fraction(0)) for name in fields), Fraction(0))
            if slope > 0:
                steps.append(-value / slope)
        shift = min(steps)
        if classify(moved(given, fields, shift)).stability == STABLE:
            found[words] = shift
    return found


@dataclass(frozen=True)
class Choice:
    """Output scale and rates that lead to a phase.

    Attributes:
        gamma, eta: what is added to c_γ, and to both c_η.
        result: where that leads.
    """

    gamma: Fraction
    eta: Fraction
    result: Classification


def choose(given: Scales, start: str, phase: str) -> Choice | None:
    """The output scale and rates that make learning stable in a phase, or None where none do.

    γ is left alone where it can be: feature learning needs c_γ at or below the border, the kernel
    phase c_γ above it, and P/Q → 1, which neither γ nor a common factor of the rates can change. An
    output that diverges at the start is avoided where the phase allows.
    """
    border, found = linear.border(given), classify(given, start)
    if phase == FEATURE:
        target, shift = min(given.c_gamma, border), linear.feature_shift
    else:
        if not found.ratio < 0:
            return None
        quiet = given.c_gamma - found.exponents.output_0  # c_γ at which the output is of order 1
        target = given.c_gamma if given.c_gamma > border else border + HALF
        target, shift = (quiet if border < quiet < target else target), linear.kernel_shift
    there = given._replace(c_gamma=target)
    by = shift(there)
    there = moved(there, MOVES["both learning rates"], by)
    return Choice(target - given.c_gamma, by, classify(there, start))
