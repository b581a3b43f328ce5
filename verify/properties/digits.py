"""The digits that descent cannot give: float64 against balls of Arb.

What is relative to what: residual, loss − floor and norms to themselves, because they are sums of
positive terms or kept as factors at any size; the output to the larger of itself and the target, of
which it is a difference; of the linear network every scalar to itself.
"""

from __future__ import annotations

import numpy as np

from verify.oracle.reference import Case, Reference
from verify.properties.flows import Maker
from verify.properties.outcome import LeftOut, Results

ALLOWED = 1e-12
# A path of many panels adds up their roundings, and lateness multiplies them: e^(−2Kt) is off by 2Kt
# times the relative error of K t. Warped flows are compared at T and 10 T.
WARPED = ("output", "residual", "loss", "norm_u", "norm_W")


def keeps_its_digits(case: Case, reference: Reference, make: Maker) -> Results:
    """Float64 scalars agree with the balls to 1e-12 relative."""
    if case.digits is None:
        yield LeftOut("not tried with balls")
        return
    if isinstance(case.digits, Exception):
        raise case.digits
    flow = make(case.problem)
    for t, values in case.digits.items():
        for name, value in values.items():
            if flow.method != "explicit" and name not in WARPED:
                continue
            size = abs(value)
            if name == "output" and flow.method != "explicit":
                size = max(size, abs(flow.target))
            error = abs(float(getattr(flow, name)(t)) - value) / (size + 1e-300)
            yield f"{case.problem.name}: {name} at {t:.3g}", float(np.float64(error) / ALLOWED)
