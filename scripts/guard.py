"""Programs that end when their starter does, and of which nothing is shown unless they fail."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

SHOWN = 20  # lines of a program that failed
COMPLAINT = re.compile(r"\s*(error|warning)\b", re.IGNORECASE)


def run_guarded(command: list[str], folder: Path, inherited: list[int]) -> list[str]:
    """Run a program to its end, its output as progress; returns what it complained of if it failed.

    However this process ends, the program and all it started end too.
    """
    guarded = [sys.executable, "-I", __file__, *command]
    lines = []
    with subprocess.Popen(
        guarded, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        pass_fds=() if os.name == "nt" else inherited,
    ) as child:  # fmt: skip
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            for line in child.stdout:
                lines.append(line.rstrip())
                _show_progress(lines[-1])
        except BaseException:
            child.stdin.close()
            child.stdout.read()  # until all have ended
            raise
        finally:
            _show_progress("")
    if child.returncode == 0:
        return []
    return complaints(lines) or [f"it ended with code {child.returncode} and said nothing"]


def _guard(command: list[str]) -> int:
    """Run a program; end it, and all it started, when standard input closes: who started us is gone."""
    # What we inherit it inherits: the builders' lock stays taken even if only this guard is killed.
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)

    def watch() -> None:
        os.read(0, 1)
        if sys.platform == "win32":
            child.kill()
        else:
            os.killpg(0, signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()
    return child.wait()


def complaints(lines: Iterable[str]) -> list[str]:
    """The end of a program's output, from its first error or warning on, without tracebacks."""
    kept: list[str] = []
    traceback = None  # the depth of the one we are in
    for line in lines:
        depth = len(line) - len(line.lstrip(" |"))
        if traceback is not None and (depth > traceback or not line.strip()):
            continue
        traceback = depth if "Traceback (most recent call last)" in line else None
        if traceback is None and line.strip():
            kept.append(line)
    first = next((i for i, line in enumerate(kept) if COMPLAINT.match(line)), 0)
    return kept[first:][-SHOWN:]


def _show_progress(words: str) -> None:
    """One changing line on a terminal; silent elsewhere."""
    if sys.stderr is not None and sys.stderr.isatty():
        width = shutil.get_terminal_size().columns - 1
        with suppress(OSError):
            print(f"\r{words.strip()[:width]}", end="\033[K", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(_guard(sys.argv[1:]))
