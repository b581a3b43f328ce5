"""{"model": "aligned_layers"}: f = W_L…W₁x under ½ c‖W_L…W₁ − B‖², of aligned layers.

f = W_L ... W1 x, loss c/2 |W_L ... W1 - B|^2: weights (the L matrices, the
first first), eta (L rates), covariance (c), target_map (B), for starts that
share singular vectors with one another and with B, as multiples of the unit
matrix with a symmetric B do. Each singular value is a chain: solved as "chain"
is, else marched. Prints weights, product, loss, and the singular values that
move (modes; target_modes and multiplicities are theirs in B). --digits where
the vectors are rational
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
from flint import arb

from numeric.cases.data import Matrix, matrix, vector
from numeric.cases.keys import required
from numeric.cases.named import Answer, plain, short_times, until_fallen
from numeric.cases.wanted import NOTHING, Wanted, reached
from numeric.data.decimals import as_float, number, shown
from numeric.data.exact import rational
from numeric.errors import InputError
from numeric.methods.aligned.flow import AlignedLayers, Layers, NotAlignedError
from numeric.methods.chains.balls import ball
from numeric.methods.digits import BITS_OF_A_DIGIT, GUARD_BITS
from numeric.namespaces import precision

KEYS = ("weights", "eta", "covariance", "target_map")
OBSERVABLES = ("weights", "product", "loss", "modes")
GROWS = 400
ALIGNED = 'weights and target_map with shared singular vectors; or a "deep_linear" of two layers'
RATIONAL = (
    "weights and target_map whose singular vectors are rational (decimals as strings are exact)"
)


@dataclass(frozen=True)
class Aligned:
    """A case, exact."""

    layers: list[Matrix]
    eta: list[Fraction]
    scale: Fraction
    target: Matrix
    panels: tuple[str, ...] = ("loss", "largest_mode", "largest_entry")
    weights: tuple[str, ...] = ("weights",)

    def _flow(self) -> AlignedLayers:
        try:
            return AlignedLayers(self.layers, self.eta, self.scale, self.target)
        except NotAlignedError as error:
            raise InputError("weights", str(error), ALIGNED) from None

    def default_times(self) -> list[Fraction]:
        """Until a hundredth of the loss that can go is left."""
        flow = self._flow()
        paces = [
            float(sum(z.chain.eta)) * max(map(abs, (z.at(inf).product, z.at(0).product)))
            for z in flow.flows
        ]
        end = float(flow.at(inf).loss)
        scale = 1 / (max(paces, default=0.0) or 1.0)
        return short_times(until_fallen(lambda t: flow.at(t).loss, end, scale, GROWS))

    def curves(self, times: Sequence[float]) -> dict[str, list[float]]:
        """The panels at float64 times."""
        flow = self._flow()
        found = [flow.at(t) for t in times]
        return {
            "loss": [float(one.loss) for one in found],
            "largest_mode": [max(map(abs, one.modes), default=0.0) for one in found],
            "largest_entry": [float(np.abs(one.product).max()) for one in found],
        }

    def solve(
        self, times: Sequence[Fraction], digits: int | None, wanted: Wanted = NOTHING
    ) -> Answer:
        """Every observable."""
        flow = self._flow()
        wanted.refuse_since("aligned_layers", "its modes have kernels of one number each")
        if digits is not None:
            return self._digits(flow, times, digits, wanted)
        columns, end = _columns([flow.at(t) for t in times], plain), _columns([flow.at(inf)], plain)
        goals = wanted.float_losses()
        asked = reached(goals, [flow.time_to_loss(Fraction(z)) for z in goals])
        return Answer(
            [float(t) for t in times], columns, self._constants(flow) | asked,
            {name: z[0] for name, z in end.items()}, flow.method, flow.why,
        )  # fmt: skip

    def _constants(self, flow: AlignedLayers) -> dict[str, Any]:
        return {"target_modes": plain(flow.targets), "multiplicities": flow.multiplicities}

    def _digits(
        self, flow: AlignedLayers, times: Sequence[Fraction], digits: int, wanted: Wanted
    ) -> Answer:
        if not flow.is_exact:
            found = "singular vectors that are not rational, or not shared exactly"
            raise InputError("--digits", found, RATIONAL)
        if wanted.losses:
            raise InputError(
                "--to-loss", "--digits with it", "floats, for a network of several modes"
            )

        def text(value: Any) -> Any:
            if isinstance(value, arb):
                return "0" if value == 0 else str(value.str(digits, radius=value.contains(0)))
            return [text(one) for one in value]

        columns = _columns([flow.balls(t, digits) for t in times], text)
        end = _columns([flow.balls(inf, digits)], text)
        targets = text(flow.target_modes(digits))
        return Answer(
            [_exactly(t, digits) for t in times], columns,
            {"target_modes": targets, "multiplicities": flow.multiplicities},
            {name: z[0] for name, z in end.items()}, flow.method,
        )  # fmt: skip


def _exactly(t: Fraction, digits: int) -> str:
    with precision(int(digits * BITS_OF_A_DIGIT) + GUARD_BITS):
        value = ball(rational(t))
    return "0" if t == 0 else str(value.str(digits, radius=False))


def _columns(states: Sequence[Layers], put: Any) -> dict[str, list[Any]]:
    return {name: [put(getattr(one, name)) for one in states] for name in OBSERVABLES}


def read(fields: dict[str, Any]) -> Aligned:
    """A case from its fields."""
    given = required(fields, "weights")
    if not isinstance(given, list) or not given:
        raise InputError("weights", shown(given), "a list of matrices, the first layer first")
    layers = [matrix(f"weights[{k}]", one) for k, one in enumerate(given)]
    for k, (before, after) in enumerate(pairwise(layers)):
        if len(after[0]) != len(before):
            expected = f"{len(before)}, one per row of weights[{k}]"
            raise InputError(f"weights[{k + 1}]", f"{len(after[0])} columns", expected)
    eta, scale = (
        vector("eta", required(fields, "eta")),
        number("covariance", required(fields, "covariance")),
    )
    if len(eta) != len(layers):
        raise InputError("eta", f"{len(eta)} rates", f"{len(layers)}, one per matrix of weights")
    given = [("eta", *one) for one in zip(eta, fields["eta"], strict=True)]
    for name, value, said in (*given, ("covariance", scale, fields["covariance"])):
        if value <= 0:
            raise InputError(name, shown(said), "numbers above 0")
    B = matrix("target_map", required(fields, "target_map"))
    if (len(B), len(B[0])) != (len(layers[-1]), len(layers[0][0])):
        expected = f"{len(layers[-1])} × {len(layers[0][0])}, as the product of weights is"
        raise InputError("target_map", f"{len(B)} × {len(B[0])}", expected)
    for name, rows in (*((f"weights[{k}]", W) for k, W in enumerate(layers)), ("target_map", B)):
        for row in rows:
            for value in row:
                as_float(name, value)
    return Aligned(layers, eta, scale, B)
