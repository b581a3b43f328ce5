"""All cells, by their letters."""

from __future__ import annotations

from verify.measurements.bench.cells import (
    batches,
    closed_form,
    digits,
    gradients,
    process,
    small,
    states,
    warped,
)  # fmt: skip
from verify.measurements.bench.setting import Cell

CELLS: dict[str, Cell] = {
    module.CELL.letter: module.CELL
    for module in (closed_form, states, batches, gradients, warped, small, process, digits)
}
