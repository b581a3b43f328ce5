"""Which formula answers a problem of a declared network, if any does."""

from __future__ import annotations

import math

from numeric.methods.declared.affine import Affine
from numeric.methods.declared.closed import closed
from numeric.methods.declared.form import Form
from numeric.methods.declared.lifted import MOST_ROWS, LackingError, Lifted
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
    reasons = (f"no closed form: {why}" if why else "", f"no neurons: {lacks}" if lacks else "")
    found = neurons or own
    if found is not None or method is not None:
        return found, "; ".join(filter(None, reasons))
    lifted, without = _lifted(problem, MOST_ROWS)
    return lifted, "; ".join(filter(None, (*reasons, f"no Riccati flow: {without}")))


def _lifted(problem: DeclaredProblem, most_rows: float) -> tuple[Lifted | None, str]:
    try:
        return Lifted(problem, most_rows), ""
    except LackingError as lacks:
        return None, str(lacks)
