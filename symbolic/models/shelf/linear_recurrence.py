"""Diagonal linear recurrence over three steps: Orvieto et al. 2023 (arXiv 2303.06349)."""

from symbolic.architecture.model import Layer, Model

MODEL = Model(
    name="linear_recurrence",
    title="diagonal linear recurrence over three steps",
    source="Orvieto et al. 2023 (arXiv 2303.06349)",
    layers={
        "a": Layer("h", rate="eta_a"),
        "B": Layer("h", "n", rate="eta_B"),
        "C": Layer("m", "h", rate="eta_C"),
    },
    inputs={"x": ("n",), "y": ("n",), "z": ("n",)},
    output=lambda w, x, F: w.C @ (w.B @ x.z + w.a * (w.B @ x.y) + w.a**2 * (w.B @ x.x)),
    sizes=({"n": 2, "h": 2, "m": 1}, {"n": 2, "h": 3, "m": 2}),
)
