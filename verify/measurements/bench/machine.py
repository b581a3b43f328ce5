"""The machine in the same run: its own speed of copying, and the versions of what ran."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np

from verify.measurements.bench.timing import Call, Spread, Turns, interleaved

PACKAGES = (
    "numpy", "scipy", "python-flint", "torch", "numba", "heyoka", "jax", "diffrax", "torchdiffeq",
)  # fmt: skip
SIZE, TURNS = 10**7, Turns(7, 2.0)  # numbers, more than any cache holds


def about() -> dict[str, str]:
    """System, processor, cores, and versions."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "python": platform.python_version(),
    } | {name: _installed(name) for name in PACKAGES}


def speeds() -> tuple[Spread, Spread]:
    """Gigabytes a second that an array is copied at (read and written bytes), and summed."""
    source, target = np.ones(SIZE), np.empty(SIZE)
    calls: dict[str, Call] = {"copy": lambda: np.copyto(target, source), "read": source.sum}
    seconds = interleaved(calls, TURNS)
    copied, read = 2 * source.nbytes / 1e9, source.nbytes / 1e9
    return (
        Spread.of([copied / t for t in seconds["copy"]]),
        Spread.of([read / t for t in seconds["read"]]),
    )


def _processor() -> str:
    """Its name where the system tells it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            names = [
                line.partition(":")[2].strip() for line in file if line.startswith("model name")
            ]
    except OSError:
        names = []
    return names[0] if names else platform.processor()


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
