"""A run of some cells: the record it makes."""

from __future__ import annotations

from collections.abc import Sequence

from verify.measurements.bench import machine
from verify.measurements.bench.cells.registry import CELLS
from verify.measurements.bench.peers import missing
from verify.measurements.bench.record import Point, Record, Row
from verify.measurements.bench.setting import Setting


def gather(letters: Sequence[str], setting: Setting) -> Record:
    """Measure.

    Args:
        letters: of the cells.
        setting: how.
    """
    setting.say("the machine's own speed")
    copy, read = machine.speeds()
    found = [one for letter in letters for one in CELLS[letter].measure(setting)]
    return Record(
        machine.about(),
        {
            "cells": "".join(letters),
            "quick": setting.quick,
            "peers": setting.peers,
            "seed": setting.seed,
        },
        copy,
        read,
        tuple(one for one in found if isinstance(one, Row)),
        tuple(one for one in found if isinstance(one, Point)),
        tuple(missing()) if setting.peers else (),
    )
