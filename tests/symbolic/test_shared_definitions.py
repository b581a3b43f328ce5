"""What finding and certifying share is bound too: one changed definition, and no record can be built.

`test_every_field` changes what was found. Some definitions stand on both sides (what a moment is, how S
and T differentiate, σ′ of an open activation); here each is changed in the source, in its own process.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import symbolic

SOURCE = Path(symbolic.__file__).parent
CHANGES = [  # the network that shows it, where, what, and what it becomes
    ("tanh", "network/model.py", "slope = diff(self", "slope = 2 * diff(self"),
    ("linear", "explicit/reduction.py", "(i, 1, d)): d * P", "(i, 1, d)): P"),
    ("linear", "explicit/movement.py", "gap * (2 * self.cross + gap", "gap * (self.cross + gap"),
    ("linear", "limits/initial_moments.py", "sqrt(its.variance) / sqrt(d)", "sqrt(its.variance) / d"),
    ("linear", "limits/phases.py", "target < weights, *close], change < 0",
     "target <= weights, *close], change < 0"),
    ("linear", "warp/flow_map.py", "diff(expression, S_mu) * (1 + value * T_mu)",
     "diff(expression, S_mu) * (1 - value * T_mu)"),
    ("quadratic", "warp/flow_map.py", "2 * T_mu + value * T_mu**2", "2 * T_mu - value * T_mu**2"),
    ("quadratic", "warp/flow_map.py", "(sympy.cosh(sympy.sqrt(mu) * s) - 1) / mu",
     "(sympy.cosh(sympy.sqrt(mu) * s) + 1) / mu"),
    ("quadratic", "warp/flow_map.py", "place**2 / 2 / half", "place**2 / half"),
    ("quadratic", "warp/elapsed.py", "return 2 * (up - down) /", "return (up - down) /"),
    ("cubic", "warp/elapsed.py", "T_mu: s**2 / 2", "T_mu: s**2"),
    ("quadratic", "warp/transcendence.py", "T_mu: (1 - cosine)", "T_mu: (1 + cosine)"),
    ("quadratic", "warp/transcendence.py", "ratio * z_2 * diff", "z_2 * diff"),
    ("power", "warp/linear_powers.py", "return [*factors, exponent, exponent + m]",
     "return [*factors, exponent]"),
]  # fmt: skip
COMMAND = """
from symbolic.derivation import derivation
from symbolic.warp import linear_powers
derivation({network!r})
linear_powers.derive()
"""


def each():
    """Every change; those that are not of the quickest network are slow."""
    for change in CHANGES:
        marks = () if change[0] in ("tanh", "cubic", "power") else pytest.mark.slow
        yield pytest.param(*change, id=f"{change[1]}: {change[3]}", marks=marks)


@pytest.mark.parametrize(("network", "module", "line", "changed"), list(each()))
@pytest.mark.slow
def test_a_changed_definition_is_not_certified(tmp_path, network, module, line, changed):
    shutil.copytree(SOURCE, tmp_path / "symbolic", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "symbolic" / module
    text = path.read_text(encoding="utf-8")
    assert text.count(line) == 1
    path.write_text(text.replace(line, changed), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", COMMAND.format(network=network)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "CertificateError" in done.stderr.splitlines()[-1]
