"""A program to machine code for many networks at once: a loop over networks inside one over times.

The same lines as those of `compiled`, for a block of networks whose numbers stand together, so that
vector instructions take several networks instead of several times.
"""

from __future__ import annotations

from symbolic.codegen.compiled import Loop, curves_of, names_known, structures
from symbolic.codegen.module import digest
from symbolic.codegen.program import Function, Program

BOUNDS = ("factor", "low", "high")  # what an observable is multiplied by, and lies between
HEADER = '''"""{title} In machine code, for many networks at once.

Generated, do not edit. To change it, change the derivation and run

    python3 scripts/run.py derive

Digest of the source expressions: {digest}.

The formulas are those of `numeric.generated.{name}`, documented there. `known` holds blocks of LANES
networks: of each entry of KNOWN the numbers of all of them. A loop `over_…` writes an observable of
networks from `start` to `stop` at all times; `step` is the number of times where each network has its
own, else 0. NaN stands where it does not vouch for an answer, as in `numeric.generated.compiled.{name}`.
"""

# mypy: ignore-errors
from __future__ import annotations

from math import nan

import numpy as np

from numeric.compiled.cache import kernel
from numeric.compiled.scalars import exp, forced, held, mean_decay, pair, sqrt, where
from numeric.generated.compiled.{name} import KNOWN as OF_ONE
from numeric.generated.compiled.{name} import Constants

LANES = {lanes}  # networks side by side
KNOWN = (*OF_ONE, {bounds})
WIDE = len(KNOWN)
TOGETHER = 16  # times


@forced
def keep(c, known, place, rests, rest):
    """Write double-double constants of a network to its place."""
{kept}


@forced
def load(known, place, rests, rest):
    """Double-double constants of a network from its place."""
    return Constants(
{loaded}
    )
'''
LOOP = '''
@kernel
def over_{name}(times, step, known, start, stop, out):
    """{summary}"""
    moments, values, doubtful = np.empty(LANES), np.empty(TOGETHER * LANES), 0
    number = out.shape[1]
    for block in range(start, stop):
        at, row = (block - start) * WIDE * LANES, block * LANES
        for first in range(0, number, TOGETHER):
            size = min(TOGETHER, number - first)
            for i in range(size):
                for k in range(LANES):
                    moments[k] = times[min(row + k, out.shape[0] - 1) * step + first + i]
                for k in range(LANES):
                    time, late, least_ratio, least_output = {limits}
                    factor, low, high = {bounds}
{given}
                    t = moments[k] * time
{body}
{plain}
                    values[i * LANES + k] = where(plain, value * factor, nan)
                    doubtful += not plain
            for k in range(min(LANES, out.shape[0] - row)):
                for i in range(size):
                    out[row + k, first + i] = values[i * LANES + k]
    return doubtful
'''
LANES = 64


def render(program: Program) -> str:
    """The text of the module; empty where a program has no state."""
    if not program.observables:
        return ""
    constants, _ = structures(program)
    functions = {one.name: one for one in program.functions}
    known = names_known(program)
    header = HEADER.format(
        title=program.title,
        digest=digest(program),
        name=program.name,
        lanes=LANES,
        bounds=", ".join(f'"{name}"' for name in BOUNDS),
        loaded="\n".join(
            f"        pair(known[place + {k} * LANES], rests[rest + {k} * LANES]),"
            for k in range(len(constants.fields))
        ),
        kept="\n".join(
            f"    known[place + {k} * LANES], rests[rest + {k} * LANES] = c.{z.name}.hi, c.{z.name}.lo"
            for k, z in enumerate(constants.fields)
        ),
    )
    loop = _Lanes(functions["at"], known)
    parts = [header, *(loop.of(*curve) for curve in curves_of(program))]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


class _Lanes(Loop):
    """Loops over networks."""

    LIMIT = "known[at + {} * LANES + k]"
    GIVEN = " " * 20 + "of_{} = known[at + {} * LANES + k]"
    INDENT = 20

    def __init__(self, at: Function, known: list[str]) -> None:
        super().__init__(at, known)
        bounds = (self.LIMIT.format(len(known) + k) for k in range(len(BOUNDS)))
        self.TEMPLATE = LOOP.replace("{bounds}", ", ".join(bounds))
