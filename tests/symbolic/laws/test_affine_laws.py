"""Gains of 1 + g: laws with vectors and numbers in them, as text, as code, and against torch."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.codegen.declared import compiled
from symbolic.declared.written import matrix_law
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, Part, laws_at_all_sizes
from symbolic.laws.certificates import holds_at
from verify.properties.declared.check import verify_model

MODEL = Model(
    name="affine", title="gains of 1 + g", source="own",
    layers={"U": Layer("m", "h", rate="eta_U"), "g": Layer("h", rate="eta_g"),
            "W": Layer("h", "n", rate="eta_W"), "s": Layer(rate="eta_s")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: (2 + w.s) * (w.U @ ((1 + w.g) * (w.W @ x.x))),
    sizes=({"n": 2, "h": 2, "m": 1},),
)  # fmt: skip


def test_they_are_written_with_what_is_linear():
    assert [matrix_law(law, MODEL.layers, False) for law in laws_at_all_sizes(MODEL).all] == [
        "‖U‖²/eta_U − 4 s/eta_s − s²/eta_s",
        "diag(Uᵀ U/eta_U − g gᵀ/eta_g − 2 diag(g)/eta_g)",
        "diag(Uᵀ U/eta_U − W Wᵀ/eta_W)",
    ]
    latex = matrix_law(laws_at_all_sizes(MODEL).diagonals[0], MODEL.layers, True)
    assert r"\frac{2 \operatorname{diag}\left(g\right)}{\eta_{g}}" in latex


@pytest.mark.parametrize("sizes", [{"n": 2, "h": 2, "m": 1}, {"n": 1, "h": 3, "m": 2}])
def test_they_are_proved_at_sizes_and_altered_ones_are_not(sizes):
    instance = Instance(MODEL, sizes)
    for law in laws_at_all_sizes(MODEL).all:
        assert holds_at(law, MODEL, sizes, fields(instance))
        for k, part in enumerate(law.parts):
            parts = list(law.parts)
            parts[k] = Part(part.layer, part.kind, part.factor * Fraction(3, 2))
            kind = DiagonalLaw if isinstance(law, DiagonalLaw) else MatrixLaw
            assert not holds_at(kind(tuple(parts), law.size), MODEL, sizes, fields(instance))


def test_torch_finds_no_drift_and_refutes_what_is_altered():
    report = verify_model(MODEL, MODEL.sizes[0])
    assert report.passed
    assert "all sizes" in "\n".join(report.lines())


def test_code_computes_them():
    module, draw = compiled(MODEL), np.random.default_rng(3)
    shapes = {"U": (2, 3), "g": (3,), "W": (3, 4), "s": ()}
    w = {name: draw.normal(size=shape) for name, shape in shapes.items()}
    rates = {"eta_U": 0.5, "eta_g": 1.5, "eta_W": 2.0, "eta_s": 3.0}
    found = [module.law_1(w, rates)[0], module.law_2(w, rates)[0]]
    expected = [
        (w["s"] ** 2 + 4 * w["s"]) / 3 - 2 * (w["U"] ** 2).sum(),
        (w["g"] ** 2 + 2 * w["g"]) / 1.5 - 2 * (w["U"] ** 2).sum(0),
    ]
    for one, other in zip(found, expected, strict=True):
        sign = np.sign(np.ravel(one)[0] * np.ravel(other)[0])
        np.testing.assert_allclose(one, sign * other, rtol=1e-12)
