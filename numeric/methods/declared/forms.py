"""Which formula answers a problem of a declared network, if any does."""

from __future__ import annotations

from numeric.methods.declared.affine import Affine
from numeric.methods.declared.closed import closed
from numeric.methods.declared.form import Form
from numeric.methods.declared.problem import DeclaredProblem
from numeric.methods.declared.two_layer import two_layer


def form(problem: DeclaredProblem, method: str | None) -> tuple[Form | None, str]:
    """The first that gives weights, else one that gives outputs; and if there is none, why.

    Args:
        problem: what is trained.
        method: "explicit" or "warp", if it shall not be chosen.
    """
    linear = Affine(problem)
    if not linear.lacks and method != "warp":
        return linear, ""
    own, why = closed(problem) if method != "warp" else (None, "")
    if own is not None and own.gives_weights:
        return own, ""
    neurons, lacks = two_layer(problem, method)
    reasons = (f"no closed form: {why}" if why else "", f"no neurons: {lacks}" if lacks else "")
    return neurons or own, "; ".join(filter(None, reasons))
