"""The comparison with integrators as a document."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from symbolic.writing.document import Block, Heading, Items, Paragraph, Table, plain
from verify.measurements.compare import Row, Skipped

HEAD = (
    "network", "width", "ours s", "peer s", "peer", "rtol", "peer/ours", "our error", "peer error",
    "equal", "reference",
)  # fmt: skip
WIDTHS = (0.1, 0.07, 0.07, 0.07, 0.09, 0.07, 0.09, 0.08, 0.08, 0.06, 0.14)
PACKAGES = ("numpy", "scipy", "heyoka", "diffrax")


def report(rows: Sequence[Row], skipped: Sequence[Skipped], how: str) -> list[Block]:
    """The document.

    Args:
        rows: the comparisons.
        skipped: what would have taken too long.
        how: what was timed, in words.
    """
    machine = (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, {', '.join(map(_installed, PACKAGES))}."
    )
    blocks: list[Block] = [
        Heading(1, "Our solution and integrators of the raw weights, one run"),
        Paragraph(
            "Written by `compare --report`; not compared with anything, since times are a machine's. "
            + plain(" ".join(how.split()))
        ),
        Paragraph(plain(machine)),
        Table(HEAD, WIDTHS, tuple(map(_cells, rows))),
    ]
    left_out = tuple(
        f"skipped: {z.network}, width {z.width}, {z.peer}: {plain(z.reason)}" for z in skipped
    )
    return [*blocks, Items(left_out)] if left_out else blocks


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.network, str(row.width), f"{row.seconds:.2g}", f"{row.peer_seconds:.2g}", row.peer,
        f"{row.tolerance:.0e}", f"{row.ratio:.2g}", f"{row.error:.1e}", f"{row.peer_error:.1e}",
        "yes" if row.reached else "no", row.reference,
    )  # fmt: skip


def _installed(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} not installed"
