"""Where machine code is kept, and when it is made anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip(
    "numba", exc_type=ImportError, reason="nothing is compiled here; numpy computes"
)

from numeric.compiled import cache

ASK = """
import numpy as np, sys
from numeric import GradientFlow
flow = GradientFlow([1.0, 2.0, -0.5], [[0.3], [-0.4], [0.7]], [1.3], 0.8)
print(flow.machine is not None, float(flow.loss(0.4)), "numba" in sys.modules)
"""


def asked(**variables: str) -> list[str]:
    """What a new process says."""
    import os

    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True,
        env=os.environ | variables, cwd=Path(__file__).parents[3],
    )  # fmt: skip
    return done.stdout.split()


@pytest.mark.slow
def test_a_process_leaves_machine_code_to_the_next_and_may_do_without():
    with_it, without = asked(EXACTFLOW_COMPILED="1"), asked(EXACTFLOW_COMPILED="0")
    assert (with_it[0], without[0]) == ("True", "False")
    assert without[2] == "False"
    assert float(with_it[1]) == pytest.approx(float(without[1]), rel=1e-14)
    kept = list(Path(str(cache.folder())).rglob("*.nbi"))
    assert any("over_loss" in file.name for file in kept)


def test_a_changed_source_has_another_folder(monkeypatch, tmp_path):
    before = cache.stamp()
    (tmp_path / "one.py").write_text("x = 1")
    monkeypatch.setattr(cache, "SOURCES", (*cache.SOURCES, tmp_path))
    cache.stamp.cache_clear()
    first = cache.stamp()
    (tmp_path / "one.py").write_text("x = 2")
    cache.stamp.cache_clear()
    second = cache.stamp()
    monkeypatch.undo()
    cache.stamp.cache_clear()
    assert len({before, first, second}) == 3
    assert cache.stamp() == before


def test_where_nothing_can_be_written_each_process_compiles(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setattr(cache, "FOLDER", blocked)
    monkeypatch.setattr(cache.Path, "home", lambda: blocked)
    cache.folder.cache_clear()
    try:
        assert cache.folder() is None
        assert cache.kernel(lambda x: x + 1.0)(2.0) == 3.0
        monkeypatch.setattr(cache.Path, "home", lambda: tmp_path)
        cache.folder.cache_clear()
        assert cache.folder() == str(tmp_path / ".cache" / "exactflow" / cache.stamp())
    finally:
        cache.folder.cache_clear()
