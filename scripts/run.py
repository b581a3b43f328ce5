#!/usr/bin/env python3
"""Make `.venv` once, then become one of the project's commands in it. Standard library only.

    python3 scripts/run.py derive      derive, write evaluators and LaTeX, verify a sample
    python3 scripts/run.py test        the test suite
    python3 scripts/run.py --help      all commands

The environment is made anew when pyproject.toml changes or its interpreter is gone (environment.py).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMPILED = "EXACTFLOW_COMPILED"  # whether machine code is loaded or made (numeric.compiled)
MANY_CALLS = ("bench",)  # commands that win by it what loading it takes
ALL_CORES = ["--numprocesses", "auto"]  # of the tests, where nothing is asked for
COMMANDS = {
    "derive": "derive every network, write evaluators and LaTeX, verify a sample (--check: compare only)",
    "solve": "evaluate one case: weights, output, loss, alignment at any times, to any precision",
    "verify": "property tests against simulated descent, and the mutants they must refute",
    "laws": "what a network of your own conserves, whether that is all, why, and what is left",
    "latex": "print or write the derivation or one formula as LaTeX (--pdf compiles it)",
    "bench": "measure how fast we are beside peers, cell by cell, and which goals are met",
    "compare": "how exact the Riccati family is in float64, beside public codes' numbers",
    "audit": "every numbered equation of the paper, proved or refuted",
    "phase": "which phase a scaling limit or a network is in, and what would change it",
    "figures": "draw the papers' figures anew, theory over descent",
    "test": "run the test suite (arguments go to pytest)",
}


def usage() -> str:
    """The list of commands, one line each."""
    width = max(map(len, COMMANDS))
    rows = "\n".join(f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return (
        f"usage: python3 scripts/run.py COMMAND [ARGUMENTS]\n\ncommands:\n{rows}\n\n"
        "COMMAND --help explains one command, with an example.\n"
    )


def main(arguments: list[str]) -> int:
    """Become the command; returns an exit code where there is none to become."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file also meets older interpreters
        sys.exit(f"exactflow needs Python 3.11 or newer; this is {sys.version.split()[0]}")
    if not arguments or arguments[0] in {"-h", "--help"}:
        print(usage(), end="")
        return 0 if arguments else 2
    command, rest = arguments[0], arguments[1:]
    if command not in COMMANDS:
        print(
            f"exactflow: no command {command!r}; there are {', '.join(COMMANDS)}", file=sys.stderr
        )
        return 2
    from scripts.environment import SetupError, interpreter, ready

    if sys.platform == "win32":
        end_together()
    try:
        python = str(interpreter(ready()))
    except SetupError as error:
        sys.exit(f"exactflow: {error}")
    except OSError as error:
        sys.exit(f"exactflow: cannot set up .venv in {ROOT}: {error.strerror or error}")
    if command == "test":
        os.chdir(ROOT)
        return become([python, "-m", "pytest", *(rest or ALL_CORES)], dict(os.environ))
    # Paths on the command line are the caller's: the import path is ours, without his folder (-P).
    module = [python, "-P", "-m", f"scripts.{command}", *rest]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    if command not in MANY_CALLS:
        variables.setdefault(COMPILED, "0")
    return become(module, variables)


def become(program: list[str], variables: dict[str, str]) -> int:
    """Become a program, so that what ends us ends it; on Windows run it, and return its exit code."""
    if sys.platform != "win32":
        os.execve(program[0], program, variables)
    return run_as_child(program, variables)


def run_as_child(program: list[str], variables: dict[str, str]) -> int:
    """Run a program that does not outlive us; returns its exit code."""
    import signal
    import subprocess

    with subprocess.Popen(program, env=variables) as child:
        # An interrupt reaches the child too, which knows how to end.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return child.wait()
        finally:
            child.kill()


if sys.platform == "win32":

    def end_together() -> None:
        """Put this process into a job that the system ends, with all in it, when this process ends."""
        import ctypes
        from ctypes import wintypes

        class Basic(ctypes.Structure):
            _fields_ = [
                ("PerProcessUserTimeLimit", ctypes.c_int64),
                ("PerJobUserTimeLimit", ctypes.c_int64),
                ("LimitFlags", wintypes.DWORD),
                ("MinimumWorkingSetSize", ctypes.c_size_t),
                ("MaximumWorkingSetSize", ctypes.c_size_t),
                ("ActiveProcessLimit", wintypes.DWORD),
                ("Affinity", ctypes.c_size_t),
                ("PriorityClass", wintypes.DWORD),
                ("SchedulingClass", wintypes.DWORD),
            ]

        class Extended(ctypes.Structure):
            _fields_ = [
                ("BasicLimitInformation", Basic),
                ("IoInfo", ctypes.c_uint64 * 6),
                ("Memory", ctypes.c_size_t * 4),
            ]

        kernel = ctypes.WinDLL("kernel32")
        kernel.CreateJobObjectW.restype = kernel.GetCurrentProcess.restype = wintypes.HANDLE
        kernel.SetInformationJobObject.argtypes = (
            wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD,
        )  # fmt: skip
        kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
        limits = Extended()
        limits.BasicLimitInformation.LimitFlags = 0x2000  # JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE
        job = kernel.CreateJobObjectW(None, None)  # closed when this process ends, and not before
        extended = 9  # JobObjectExtendedLimitInformation
        kernel.SetInformationJobObject(job, extended, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, kernel.GetCurrentProcess())


if __name__ == "__main__":
    # A script's import path begins at its own folder; the interpreter may also leave that out (-P).
    sys.path.insert(0, str(ROOT))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
