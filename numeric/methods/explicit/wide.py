"""The generated formulas in balls, rounded to float64: for what float64 itself would lose.

What is computed once (constants from the sums over weights), what cancels, and what leaves the range of
float64 on the way. Balls tell how sure they are: precision is doubled until a number has the digits of
float64 and some, or is zero as far as float64 can tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from flint import arb

from numeric.double_double import DoubleDouble
from numeric.namespaces import Balls, UndecidedError, precision

FIRST, LAST = 128, 1 << 16  # bits
ENOUGH = 2.0**-100  # relative radius: a number and its rest
LEAST = 2.0**-1200  # in size: zero, whatever units it is in
xp = Balls()


class Wide:
    """Constants, states and observables of one flow in balls.

    Args:
        module: the generated module.
        rates: hyperparameters in units, exact balls.
        sums: over the initial weights in units, exact balls.
        width: number of neurons.
    """

    def __init__(self, module: ModuleType, rates: Any, sums: Any, width: int) -> None:
        self._module, self.rates, self.given, self._width = module, rates, sums, width
        self._known: dict[int, Any] = {}

    def constants(self) -> Any:
        """Constants rounded to float64, a record of the module."""
        parts = self.parts(lambda c, _: tuple(c))
        return self._module.Constants(*(np.float64(part.hi) for part in parts))

    def parts(
        self, formula: Callable[[Any, dict[str, arb]], tuple[arb, ...]]
    ) -> list[DoubleDouble]:
        """What a formula makes of the constants and the sums, to twice the digits of float64."""
        bits = FIRST
        while True:
            with precision(bits):
                try:
                    balls = [arb(z) for z in formula(*self._at_precision(bits))]
                    if bits >= LAST or all(map(_is_sharp, balls)):
                        return [_rounded(ball) for ball in balls]
                except UndecidedError:
                    if bits >= LAST:
                        raise
            bits *= 2

    def state(self, t: float) -> Callable[[Any], Any]:
        """The state at a time, in units, from constants; infinity is the limit."""
        if math.isinf(t):
            return lambda c: self._module.limit(c, xp)
        return lambda c: self._module.at(arb(t), c, xp)

    def observe(self, name: str, t: float, more: dict[str, DoubleDouble] | None = None) -> float:
        """An observable at a time, in units.

        Args:
            name: of the generated function, or "f" or another entry of the state.
            t: time, in units.
            more: sums that are not those over weights.
        """
        state = self.state(t)

        def formula(c: Any, sums: dict[str, arb]) -> tuple[arb, ...]:
            now = state(c)
            if name in now._fields:
                return (getattr(now, name),)
            given = sums | {key: ball(value) for key, value in (more or {}).items()}
            needs = (given[z] for z in self._module.OBSERVABLES[name])
            return (getattr(self._module, name)(*needs, now, c, xp),)

        return float(self.parts(formula)[0].hi)

    def rescaled(self, gamma: float, target: float | None = None) -> Wide:
        """The same weights with another output scale.

        Args:
            gamma: factor of the output scale.
            target: another target, in units.
        """
        with precision(LAST):
            y = self.rates.y if target is None else arb(target)
            rates = self.rates._replace(gamma=self.rates.gamma * arb(gamma), y=y)
        return Wide(self._module, rates, self.given, self._width)

    @cached_property
    def is_frozen(self) -> bool:
        """Whether there is no gradient at the start: no kernel, or nothing to learn."""
        c, _ = self._at_precision(LAST)
        return not c.A_P + c.A_Q > 0 or bool(c.residual_0 == 0)

    @cached_property
    def sums(self) -> dict[str, float]:
        """The sums that observables need, rounded."""
        names = list(self._at_precision(FIRST)[1])
        found = self.parts(lambda _, sums: tuple(sums[name] for name in names))
        return {name: float(part.hi) for name, part in zip(names, found, strict=True)}

    def _at_precision(self, bits: int) -> tuple[Any, dict[str, arb]]:
        if bits not in self._known:
            with precision(bits):
                self._known[bits] = self._evaluate()
        return self._known[bits]

    def _evaluate(self) -> tuple[Any, dict[str, arb]]:
        module, s = self._module, self.given
        gamma, eta_u, eta_w, rho, y = self.rates
        d = arb(self._width)
        f_0 = module.initial_output(gamma, rho, s.overlap, xp)
        c = module.constants(gamma, eta_u, eta_w, rho, y, d, s.p_2 / d, s.q_2 / d, f_0, f_0 - y, xp)
        sums = {
            "norm_u_0_2": s.u_2, "norm_omega_0_2": s.omega_2, "overlap_0": s.overlap, "gram": s.gram,
            "balance": module.balance(eta_u, eta_w, s.u_2, s.omega_2, xp), "perp_2": s.across_2,
        }  # fmt: skip
        return c, sums


def ball(value: DoubleDouble) -> arb:
    """The exact number."""
    return arb(float(value.hi)) + arb(float(value.lo))


def _is_sharp(value: arb) -> bool:
    """Whether float64 and its rest are known, or that it is nothing in float64."""
    if not value.is_finite():
        return bool(value.is_nan() or not value.rad().is_finite() or value.rad() == 0)
    return bool(value.rad() <= ENOUGH * abs(value.mid()) or abs(value).upper() < LEAST)


def _rounded(value: arb) -> DoubleDouble:
    middle = value.mid()
    high = float(middle)
    if not math.isfinite(high):
        return DoubleDouble(high)
    return DoubleDouble(high, float(middle - high))
