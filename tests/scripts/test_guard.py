"""Guarded programs: silent when they succeed, without traceback when they fail, and none outlives us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.guard import complaints, run_guarded

ROOT = Path(__file__).resolve().parents[2]
PIP = """\
Collecting tiny
  Downloading tiny-0.1.0.whl
WARNING: a warning of pip
ERROR: Exception:
Traceback (most recent call last):
  File "/x/pip/_internal/cli/base_command.py", line 180, in exc_logging_wrapper
    status = run_func(*args)
             ^^^^^^^^^^^^^^^

  File "/x/pip/_internal/operations/install/wheel.py", line 1, in save
    return wrapped()
OSError: [Errno 2] No such file or directory: 'RECORD'
  error: subprocess-exited-with-error
  |     Traceback (most recent call last):
  |       File "<string>", line 2, in <module>
  |     ModuleNotFoundError: No module named 'setuptools'
"""


def python(text):
    return [sys.executable, "-c", text]


def test_nothing_is_shown_of_a_program_that_succeeds(tmp_path, capfd):
    text = "import sys; print('WARNING: old'); print('ERROR: no', file=sys.stderr)"
    assert run_guarded(python(text), tmp_path, []) == []
    assert capfd.readouterr() == ("", "")


def test_a_program_that_fails_says_why_without_a_traceback(tmp_path, capfd):
    text = "print('begins'); print('WARNING: old', flush=True); raise OSError('full')"
    assert run_guarded(python(text), tmp_path, []) == ["WARNING: old", "OSError: full"]
    assert run_guarded(python("raise SystemExit(3)"), tmp_path, []) == [
        "it ended with code 3 and said nothing"
    ]
    assert capfd.readouterr() == ("", "")


def test_the_complaints_of_pip_are_kept_and_no_traceback():
    assert complaints(PIP.splitlines()) == [
        "WARNING: a warning of pip",
        "ERROR: Exception:",
        "OSError: [Errno 2] No such file or directory: 'RECORD'",
        "  error: subprocess-exited-with-error",
        "  |     ModuleNotFoundError: No module named 'setuptools'",
    ]
    assert complaints(["all", "of", "it"]) == ["all", "of", "it"]
    assert len(complaints(f"ERROR {i}" for i in range(1000))) == 20


def test_bytes_that_are_no_text_are_no_error(tmp_path):
    text = r"import os; os.write(1, b'ERROR \xff\xfe\n'); raise SystemExit(1)"
    (line,) = run_guarded(python(text), tmp_path, [])
    assert line.startswith("ERROR ")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_program_ends_with_all_it_started_when_its_starter_ends(tmp_path, number):
    deepest = "import time; print('here', flush=True); time.sleep(500)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {deepest!r}])"
    told = tmp_path / "told"
    read, write = os.pipe()
    # All of them hold the writing end, which nobody else has: it closes when the last has ended.
    starter = f"""
import os, pathlib, scripts.guard as guard
guard._show_progress = lambda words: pathlib.Path({str(told)!r}).write_text(words)
guard.run_guarded([{sys.executable!r}, "-c", {program!r}], pathlib.Path({str(tmp_path)!r}), [{write}])
"""
    with subprocess.Popen(
        python(starter), env=os.environ | {"PYTHONPATH": str(ROOT)}, pass_fds=[write],
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        os.close(write)
        while not (told.exists() and told.read_text()):
            assert process.poll() is None
        process.send_signal(number)
    assert os.read(read, 1) == b""
    os.close(read)
