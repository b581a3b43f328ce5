"""Which formula answers a problem of a declared network, if any does."""

from __future__ import annotations

import math

from numeric.methods.declared.affine import Affine
from numeric.methods.declared.chained import Chained
from numeric.methods.declared.closed import closed
from numeric.methods.declared.form import Form, LackingError
from numeric.methods.declared.lifted import MOST_ROWS, Lifted
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.declared.two_layer import two_layer


def form(problem: DeclaredProblem, method: str | None) -> tuple[Form | None, str]:
    """The first that gives weights, else one that gives outputs; and if there is none, why.

    Args:
        problem: what is trained.
        method: "explicit", "warp" or "riccati", if it shall not be chosen.
    """
    if method == Lifted.method:
        return _lifted(problem, math.inf)
    linear = Affine(problem)
    if not linear.lacks and method != "warp":
        return linear, ""
    own, why = closed(problem) if method != "warp" else (None, "")
    if own is not None and own.gives_weights:
        return own, ""
    neurons, lacks = two_layer(problem, method)
    found = neurons or own
    if found is not None:
        return found, ""
    reasons = [f"no closed form: {why}" if why else "", f"no neurons: {lacks}" if lacks else ""]
    if method is None:
        lifted, without = _lifted(problem, MOST_ROWS)
        if lifted is not None:
            return lifted, ""
        reasons.append(f"no Riccati flow: {without}")
    if method != "warp":
        try:
            return Chained(problem), ""
        except LackingError as without:
            reasons.append(f"no scalar chain: {without}")
    return None, "; ".join(filter(None, reasons))


def _lifted(problem: DeclaredProblem, most_rows: float) -> tuple[Lifted | None, str]:
    try:
        return Lifted(problem, most_rows), ""
    except LackingError as lacks:
        return None, str(lacks)
