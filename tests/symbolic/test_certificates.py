"""Certificates bind what is handed on: one changed line in a stage and no record can be built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symbolic

SOURCE = Path(symbolic.__file__).parent
CHANGES = [
    ("network/gradient_flow.py", "output_i = gamma *", "output_i = 2 * gamma *"),
    ("explicit/reduction.py", "(i, 1, d)): d * P", "(i, 1, d)): P"),
    ("explicit/closed_form.py", '"ratio": 4 * E', '"ratio": 5 * E'),
    ("explicit/closed_form.py", '"growth": -4', '"growth": -3'),
    ("explicit/closed_form.py", "larger = R + 2 * Abs", "larger = R + 3 * Abs"),
    ("explicit/closed_form.py", "return 2 * E + tau *", "return E + tau *"),
    ("explicit/riccati_time.py", "sine = sympy.Abs", "sine = -sympy.Abs"),
    (
        "explicit/time_to_loss.py",
        "time = sympy.asinh(R * S) / R",
        "time = 2 * sympy.asinh(R * S) / R",
    ),
    ("explicit/time_to_loss.py", "sine = (1 -", "sine = -(1 -"),
    ("explicit/tangent_kernel.py", "across + cross", "across + 2 * cross"),
    ("explicit/observables.py", '"alignment": alignment', '"alignment": -alignment'),
    ("explicit/observables.py", '"balance": total', '"balance": 2 * total'),
    ("explicit/weights.py", '"w_change": change', '"w_change": 2 * change'),
    ("explicit/weights.py", "grown = growth * decay /", "grown = 2 * growth * decay /"),
    (
        "explicit/weights.py",
        "(2 * grown).xreplace(in_initial) - sign",
        "(2 * grown).xreplace(in_initial) + sign",
    ),
    (
        "explicit/observables.py",
        "decayed * (1 + decay) * quotient",
        "decayed * (1 - decay) * quotient",
    ),
    ("explicit/movement.py", "gap * (2 * self.cross + gap", "gap * (self.cross + gap"),
    (
        "explicit/movement.py",
        "changes.append(decayed * (1 + decay)",
        "changes.append(decay * (1 + decay)",
    ),
    (
        "explicit/movement.py",
        "form[initial] = even * cosh_s + odd * sinh_s",
        "form[initial] = even * cosh_s",
    ),
    ("explicit/movement.py", "2 * by_u * by_omega * overlap_0", "by_u * by_omega * overlap_0"),
    ("explicit/movement.py", "change = ratio * (f - f_0)", "change = 2 * ratio * (f - f_0)"),
    (
        "explicit/movement.py",
        "in_output = sympy.sqrt(ratio * f**2",
        "in_output = sympy.sqrt(ratio * f**4",
    ),
    ("limits/exponents.py", "return (R / 2 + B) / (2 * A_P)", "return (R / 2 + B) / (3 * A_P)"),
    ("limits/exponents.py", "(A_P * (R / 2 + B + 2 * A_Q))", "(A_P * (R / 2 + B + A_Q))"),
    ("limits/exponents.py", "gamma * rho * d * m_uo, f_0", "gamma * rho * m_uo, f_0"),
    ("limits/exponents.py", "return squares + 2 * by_u", "return squares + 3 * by_u"),
    ("limits/initial_moments.py", "sqrt(its.variance) / sqrt(d)", "sqrt(its.variance) / d"),
    (
        "limits/phases.py",
        '"kernel_shift": sympy.expand(-by_weights)',
        '"kernel_shift": sympy.expand(-by_target)',
    ),
    ("limits/phases.py", '"border": border,', '"border": border - 1,'),
    ("limits/phases.py", '"stable_shift": -Max(', '"stable_shift": -sympy.Min('),
    (
        "limits/phases.py",
        "target < weights, *close], change < 0",
        "target <= weights, *close], change < 0",
    ),
]


# In the stages of every network, and of every power; the network that shows it stands first.
FURTHER = [
    (
        "tanh",
        "network/model.py",
        "slope = diff(self.activation(z), z)",
        "slope = 2 * diff(self.activation(z), z)",
    ),
    (
        "tanh",
        "network/gradient_flow.py",
        "open_h.xreplace({squares: rho**2})",
        "open_h.xreplace({squares: rho})",
    ),
    ("tanh", "laws/separation.py", "u_i**2 - 2 * whole", "u_i**2 - whole"),
    (
        "relu",
        "laws/separation.py",
        "_ratio(u_i * flow.velocity_u,",
        "_ratio(2 * u_i * flow.velocity_u,",
    ),
    (
        "sine",
        "laws/separation.py",
        "sympy.log(part.args[0] ** 2) / 2",
        "sympy.log(part.args[0] ** 2)",
    ),
    ("softplus", "laws/separation.py", "sympy.simplify(inner) / z", "sympy.simplify(inner)"),
    ("tanh", "laws/completeness.py", "len(laws.own) + 1)", "len(laws.own) + 2)"),
    ("quadratic", "network/datasets.py", "second ** (1 / (2 * degree))", "second ** (1 / degree)"),
    (
        "cubic",
        "network/datasets.py",
        "first / (2 * sympy.sqrt(second))",
        "first / sympy.sqrt(second)",
    ),
    (
        "quadratic",
        "warp/clock.py",
        "_tidy(antiderivative(1 / branch.speed, z))",
        "_tidy(antiderivative(2 / branch.speed, z))",
    ),
    ("cubic", "warp/clock.py", "z * h_i) - E_i, h_i**2)", "z * h_i) - 2 * E_i, h_i**2)"),
    (
        "quadratic",
        "warp/clock.py",
        "ratio = sympy.cancel(root / h_i)",
        "ratio = root = -2 * sympy.cancel(root / h_i) * h_i",
    ),
    ("tanh", "warp/equation.py", "(eta_w * rho**2, by_h)", "(eta_w * rho, by_h)"),
    ("relu", "warp/equation.py", "(eta_u, by_u)", "(eta_u, -2 * by_u)"),
    (
        "linear",
        "warp/flow_map.py",
        "return diff(expression, S_mu) * (1 + value * T_mu)",
        "return diff(expression, S_mu) * (1 - value * T_mu)",
    ),
    ("quadratic", "warp/flow_map.py", "2 * T_mu + value * T_mu**2", "2 * T_mu - value * T_mu**2"),
    (
        "cubic",
        "warp/flow_map.py",
        '"first": sympy.cancel(_along(flow, power) / power)',
        '"first": 2 * sympy.cancel(_along(flow, power) / power)',
    ),
    (
        "cubic",
        "warp/flow_map.py",
        '"second": sympy.factor(value + over_y)',
        '"second": sympy.factor(value - over_y)',
    ),
    (
        "quadratic",
        "warp/flow_map.py",
        "(sympy.cosh(sympy.sqrt(mu) * s) - 1) / mu",
        "(sympy.cosh(sympy.sqrt(mu) * s) + 1) / mu",
    ),
    (
        "quadratic",
        "warp/flow_map.py",
        "slope += warped_derivative(h_s, value)",
        "slope -= 2 * warped_derivative(denominator, value)",
    ),
    (
        "quadratic",
        "warp/flow_map.py",
        "start * (denominator - 1) * series",
        "start * (denominator + 1) * series",
    ),
    # The right value, but as a difference that loses its digits near the start:
    (
        "cubic",
        "warp/flow_map.py",
        "(sympy.factor(grown) - start * (denominator - 1) * series) / bottom",
        "top / bottom - start",
    ),
    (
        "quadratic",
        "warp/flow_map.py",
        "-warp_first + sympy.sqrt(discriminant)",
        "warp_first + sympy.sqrt(discriminant)",
    ),
    (
        "cubic",
        "warp/flow_map.py",
        "warp_first**2 - 2 * warp_second + value",
        "warp_first**2 - warp_second + value",
    ),
    (
        "quadratic",
        "warp/width_one.py",
        "sympy.cancel(f / (speed * (y - f)))",
        "sympy.cancel(2 * f / (speed * (y - f)))",
    ),
    ("cubic", "warp/width_one.py", "c * h_2 ** (degree // 2)", "c * h_2 ** (degree // 2 + 1)"),
    ("quadratic", "warp/elapsed.py", "return 2 * (up - down) /", "return (up - down) /"),
    ("quadratic", "warp/flow_map.py", "place**2 / 2 / half", "place**2 / half"),
    ("power", "warp/width_one.py", "outer * ratio * above", "2 * outer * ratio * above"),
    ("power", "warp/width_one.py", "y * below**a - outer", "y * below**a + outer"),
    ("cubic", "warp/elapsed.py", "T_mu: s**2 / 2", "T_mu: s**2"),
    (
        "quadratic",
        "warp/elapsed.py",
        "(z + 1 / z - 2) / (2 * OMEGA**2)",
        "(z + 1 / z + 2) / (2 * OMEGA**2)",
    ),
    (
        "quadratic",
        "warp/elapsed.py",
        "_in_exponential(part, warp), z, OMEGA * z)",
        "_in_exponential(part, warp), z, OMEGA)",
    ),
    ("quadratic", "warp/transcendence.py", "S_mu: sine / frequency", "S_mu: sine * frequency"),
    ("quadratic", "warp/transcendence.py", "T_mu: (1 - cosine)", "T_mu: (1 + cosine)"),
    (
        "quadratic",
        "warp/transcendence.py",
        "top, bottom = sympy.fraction(sympy.together(1 / (TARGET - first",
        "top, bottom = sympy.fraction(sympy.together(1 / (TARGET + first",
    ),
    ("quadratic", "warp/transcendence.py", "ratio * z_2 * diff", "z_2 * diff"),
    (
        "power",
        "warp/linear_powers.py",
        "return [*factors, exponent, exponent + m]",
        "return [*factors, exponent]",
    ),
    (
        "power",
        "warp/linear_powers.py",
        "for e, c in terms.items()), ratio)",
        "for e, c in terms.items()), 2 * ratio)",
    ),
]


@pytest.mark.parametrize(
    ("network", "module", "line", "changed"),
    [*(("linear", *change) for change in CHANGES), *FURTHER],
    ids=lambda text: text,
)
def test_a_changed_line_is_not_certified(tmp_path, network, module, line, changed):
    shutil.copytree(SOURCE, tmp_path / "symbolic", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "symbolic" / module
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1
    path.write_text(text.replace(line, changed), encoding="utf-8")
    command = f"from symbolic.derivation import derivation; derivation({network!r})"
    if module == "warp/linear_powers.py":
        command = "from symbolic.warp.linear_powers import derive; derive()"
    done = subprocess.run(
        [sys.executable, "-c", command],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "CertificateError" in done.stderr.splitlines()[-1]
