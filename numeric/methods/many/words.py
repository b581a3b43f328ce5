"""What is said of many networks: a line for the prompt, a table for a notebook, and errors by network."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import numpy as np

from numeric.errors import InputError, Refused, RefusedAnswer, RefusedInput

if TYPE_CHECKING:
    from numeric.methods.many.flows import GradientFlows


def line(flows: GradientFlows) -> str:
    """How many networks of which kind."""
    problems = flows.problems
    about = f"{problems.network.name}, {problems.loss_name} loss, {_widths(flows)}"
    return f"<GradientFlow: {len(flows)} networks: {about}>"


def table(flows: GradientFlows) -> str:
    """What was given, in HTML; nothing is solved for it."""
    problems = flows.problems
    points = problems.X.shape[1]
    over = f", {problems.reduction} over {points} data points" if points > 1 else ""
    rows = [
        ("networks", f"{len(flows)}, {problems.network.name}"),
        ("each", f"{_widths(flows)}, input components: {problems.W0.shape[2]}"),
        ("loss", problems.loss_name + over),
        *(
            (name, _range(values))
            for name, values in (
                ("γ", problems.gamma), ("η_u", problems.eta_u), ("η_w", problems.eta_w)
            )
        ),
    ]  # fmt: skip
    cells = "\n".join(
        f"<tr><th>{html.escape(name)}</th><td>{html.escape(value)}</td></tr>"
        for name, value in rows
    )
    return f"<div><table>{cells}</table></div>"


def of_network(error: Exception, place: int) -> Refused:
    """The same refusal, naming the network."""
    refused: Refused
    if isinstance(error, InputError):
        refused = RefusedInput(f"network {place}: {error.field}", error.found, error.expected)
    else:
        said = str(error).removeprefix("internal check failed: ")
        refused = RefusedAnswer(f"network {place}: {said}")
    refused.networks = (place,)
    return refused


def _widths(flows: GradientFlows) -> str:
    return f"{_range(flows.widths)} neurons"


def _range(values: Any) -> str:
    least, most = np.min(values), np.max(values)
    return f"{least:.6g}" if least == most else f"{least:.6g} to {most:.6g}"
