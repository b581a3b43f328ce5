"""Processes side by side: the order of results, errors, interrupts, and nothing that is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from symbolic.artefacts.pool import Pool, cores

ROOT = Path(__file__).resolve().parents[3]
LONG_RUN = """
import os, sys, time
from symbolic.artefacts.pool import Pool

def work(name):
    print(os.getpid(), flush=True)
    time.sleep(60)

if __name__ == "__main__":
    try:
        with Pool(2) as pool:
            list(pool.map(work, ["a", "b", "c"]))
    except KeyboardInterrupt:
        sys.exit(130)
"""


def slow_first(argument):
    """Whatever is begun first ends last."""
    time.sleep(0.3 if argument == "a" else 0)
    return f"{argument} {os.getpid()}"


def fails(argument):
    """The later one fails at once, the earlier one after a while."""
    time.sleep(0.3 if argument == "a" else 0)
    raise ValueError(argument)


def test_results_come_in_order_and_processes_are_used_again():
    done = []
    with Pool(2) as pool:
        found = list(pool.map(slow_first, ["a", "b", "c"], done=done.append))
        again = list(pool.map(slow_first, ["d", "e"]))
    assert [one[0] for one in found + again] == ["a", "b", "c", "d", "e"]
    assert done == ["a", "b", "c"]
    processes = {one.split()[1] for one in found + again}
    assert len(processes) <= 2
    assert str(os.getpid()) not in processes


@pytest.mark.parametrize(("processes", "arguments"), [(1, ["a", "b"]), (2, ["a"])])
def test_one_process_is_this_one(processes, arguments):
    with Pool(processes) as pool:
        assert list(pool.map(slow_first, arguments)) == [
            f"{one} {os.getpid()}" for one in arguments
        ]


@pytest.mark.parametrize("processes", [1, 2])
def test_the_first_error_in_order_is_raised(processes):
    with pytest.raises(ValueError, match="a"), Pool(processes) as pool:
        list(pool.map(fails, ["a", "b"], first=["b"]))


def test_there_is_a_core():
    assert cores() >= 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_an_interrupted_one(tmp_path, how):
    (tmp_path / "long_run.py").write_text(LONG_RUN)
    with subprocess.Popen(
        [sys.executable, "long_run.py"],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": f"{ROOT}"}, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as parent:  # fmt: skip
        children = [int(parent.stdout.readline()) for _ in range(2)]
        # An interrupt from the keyboard reaches the whole group, a kill one process.
        os.killpg(parent.pid, how) if how == signal.SIGINT else parent.send_signal(how)
        assert parent.wait(timeout=20) == (130 if how == signal.SIGINT else -how)
        deadline = time.monotonic() + 10
        while any(map(is_alive, children)):
            assert time.monotonic() < deadline, "a process is left"
            time.sleep(0.05)
        if how == signal.SIGINT:
            assert parent.stderr.read() == ""


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
