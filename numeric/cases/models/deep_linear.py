"""{"model": "deep_linear"}: f = W₂W₁x under ½ c‖W₂W₁ − B‖².

f = W2 W1 x, loss c/2 |W2 W1 - B|^2: W1 (h rows), W2 (h columns), eta_1, eta_2,
covariance (c), target_map (B). Solved where eta_1 W2ᵀW2 - eta_2 W1W1ᵀ is a
multiple lambda of the unit matrix, else marched. Products are given; --weights
adds W1 and W2, closed with one hidden unit, one input and output, or an aligned
start, else the turn of the hidden units is marched (to 1e-10, no digits, no
limit), and "weights" says which. singular_values are of
W2 W1, in floats to 1e-13 of the largest (--digits has all of small ones);
alignments are u.W2W1v/|W2W1v| of the target's singular vectors, none where its
value is 0 or repeated; kernel_distance S is 1 - <K, K'>/(|K||K'|), regime the
sign of lambda
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from numeric.cases.data import Matrix, matrix
from numeric.cases.keys import required
from numeric.cases.named import MARCHED, SOLVED, Answer, plain, short_times, until_fallen
from numeric.cases.wanted import NOTHING, Wanted, reached
from numeric.data.decimals import as_float, number, shown
from numeric.errors import InputError
from numeric.methods.lifted.layers import TwoLayers
from numeric.methods.lifted.marched_layers import MarchedLayers
from numeric.methods.lifted.observed_layers import alignments_of_arrays, distances
from numeric.methods.riccati.constants import MOST_BITS
from numeric.methods.riccati.exact import digits_of
from numeric.methods.riccati.spectrum import number as at_precision

KEYS = ("W1", "W2", "eta_1", "eta_2", "covariance", "target_map")
OBSERVABLES = ("product", "gram_in", "gram_out", "loss")
BESIDE = ("singular_values", "alignments", "kernel_distance")
WEIGHTS = ("W1", "W2")
TURNS = (
    "floats, in which they are marched; or one hidden unit, one input and output, an aligned start"
)
LIKELY = f"which modes the start has is seen in {MOST_BITS} bits and not proved"
LAW = "eta_1 W2ᵀW2 − eta_2 W1W1ᵀ"
ALIGNED = '"aligned_layers", for shared singular vectors'
ISOTROPIC = f"{LAW} a multiple of the unit matrix, exactly; or {ALIGNED}"


@dataclass(frozen=True)
class Layers:
    """A case, exact."""

    W1: Matrix
    W2: Matrix
    rates: tuple[Fraction, Fraction]
    scale: Fraction
    target: Matrix
    panels: tuple[str, ...] = ("loss", "largest_entry", "trace_in", "trace_out")
    weights: tuple[str, ...] = WEIGHTS

    def _flow(self) -> tuple[TwoLayers | MarchedLayers, str]:
        """What answers, and why nothing stronger does."""
        given = self.W1, self.W2, self.rates, self.scale, self.target
        try:
            return TwoLayers(*given), ""
        except InputError as error:
            return MarchedLayers(*given), f"{LAW} is not isotropic: {error.found}"

    def default_times(self) -> list[Fraction]:
        """Until a hundredth of the loss that can go is left."""
        flow, _ = self._flow()
        if isinstance(flow, TwoLayers):
            end, most = float(flow.limit()["loss"]), SOLVED
        else:
            end, most = 0.0, MARCHED
        size = max(abs(float(z)) for row in self.target for z in row)
        pace = float(self.rates[0] * self.rates[1]) ** 0.5 * size * float(self.scale)
        return short_times(
            until_fallen(lambda t: flow.observables(t)["loss"], end, 1 / (pace or 1), most)
        )

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""
        found = self._flow()[0].observables(np.array(times))
        return {
            "loss": found["loss"],
            "largest_entry": np.abs(found["product"]).max(axis=(-2, -1)),
            "trace_in": np.trace(found["gram_in"], axis1=-2, axis2=-1),
            "trace_out": np.trace(found["gram_out"], axis1=-2, axis2=-1),
        }

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """Every observable."""
        flow, why = self._flow()
        if digits is not None:
            return self._digits(flow, times, digits, why, wanted)
        t = np.array([float(z) for z in times])
        found = flow.observables(t)
        begun = flow.observables(float(wanted.begin))
        columns = plain({name: found[name] for name in OBSERVABLES} | self._beside(found, begun))
        turning = _layers(flow.weights(t)) if wanted.weights else {}
        columns |= plain(turning)
        goals = wanted.float_losses()
        asked = reached(goals, map(flow.time_to_loss, goals))
        if isinstance(flow, MarchedLayers):
            return Answer(
                t.tolist(), columns, {"lambda": None, "regime": None} | asked, {}, "march", why
            )
        end = flow.limit()
        limit = plain({name: end[name] for name in OBSERVABLES} | self._beside(end, begun))
        constants = {"lambda": float(flow.law), "regime": flow.regime} | asked
        if turning:
            constants["weights"] = "closed form" if flow.has_closed_weights else "march"
            ends = (
                _layers(flow.limit_weights()) if flow.has_closed_weights else dict.fromkeys(turning)
            )
            limit |= plain(ends)
        return Answer(t.tolist(), columns, constants, limit, "riccati")

    def _beside(self, found: dict[str, Any], begun: dict[str, Any]) -> dict[str, Any]:
        return {
            "singular_values": np.linalg.svd(found["product"], compute_uv=False),
            "alignments": alignments_of_arrays(found["product"], self.target),
            "kernel_distance": distances(begun, found, self.rates),
        }

    def _digits(
        self,
        flow: TwoLayers | MarchedLayers,
        times: Sequence[Fraction],
        digits: int,
        why: str,
        wanted: Wanted,
    ) -> Answer:
        if isinstance(flow, MarchedLayers):
            raise InputError("--digits", why, ISOTROPIC)
        if flow.flow.given.off:
            found = (
                f"a law that is isotropic only up to {float(flow.flow.given.off):.3g} of its terms"
            )
            raise InputError("--digits", found, f"{ISOTROPIC} (decimals as strings are exact)")

        if wanted.weights and not flow.has_closed_weights:
            raise InputError("--weights", "hidden units that turn, with --digits", TURNS)
        names = *OBSERVABLES, *BESIDE, *(WEIGHTS if wanted.weights else ())

        def at(t: Fraction | None, bits: int) -> dict[str, Any]:
            found = flow.all_exactly(t, wanted.begin, bits)
            return found | flow.weights_exactly(t, bits) if wanted.weights else found

        def evaluate(bits: int) -> dict[str, Any]:
            seen = [at(t, bits) for t in times]
            end = at(None, bits)
            context = flow.flow.exactly(Fraction(0), bits).context
            return {
                "t": [at_precision(t, context) for t in times],
                "columns": {name: [one[name] for one in seen] for name in names},
                "constants": {
                    "lambda": at_precision(flow.law, context),
                    "regime": flow.regime,
                    **reached(
                        [at_precision(z, context) for z in wanted.losses],
                        [flow.time_to(z, bits) for z in wanted.losses],
                    ),
                },
                "limit": {name: end[name] for name in names},
            }

        found = digits_of(evaluate, digits)
        if wanted.weights:
            found["constants"]["weights"] = "closed form"
        return Answer(**found, method="riccati", why="" if flow.flow.is_proved else LIKELY)


def _layers(weights: tuple[Any, Any]) -> dict[str, Any]:
    return dict(zip(WEIGHTS, weights, strict=True))


def read(fields: dict[str, Any]) -> Layers:
    """A case from its fields."""
    W1, W2, B = (matrix(name, required(fields, name)) for name in ("W1", "W2", "target_map"))
    if len(W2[0]) != len(W1):
        raise InputError("W2", f"{len(W2[0])} columns", f"{len(W1)}, one per row of W1")
    if len(B) != len(W2) or len(B[0]) != len(W1[0]):
        expected = f"{len(W2)} × {len(W1[0])}, as W2 W1 is"
        raise InputError("target_map", f"{len(B)} × {len(B[0])}", expected)
    names = "eta_1", "eta_2", "covariance"
    first, second, scale = (number(name, required(fields, name)) for name in names)
    for name, value in zip(names, (first, second, scale), strict=True):
        if value <= 0:
            raise InputError(name, shown(fields[name]), "a number above 0")
    for name, rows in (("W1", W1), ("W2", W2), ("target_map", B)):
        for row in rows:
            for value in row:
                as_float(name, value)
    return Layers(W1, W2, (first, second), scale, B)
