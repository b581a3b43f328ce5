"""What was measured, as JSON and back, and how far another measurement may be off it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

from verify.measurements.bench.timing import Spread
from verify.measurements.riccati.errors import PRINTED, Error, Row

TIMES = 4.0  # how often an error may be the recorded one
FLOOR = 2e-15  # and what is a rounding at any time


@dataclass(frozen=True)
class Record:
    """One run.

    Attributes:
        starts: drawn for each law and each of the sizes.
        seed: of the first.
        rows: errors.
        seconds: by what is done.
        machine: system, processor and versions.
    """

    starts: int
    seed: int
    rows: tuple[Row, ...]
    seconds: Mapping[str, Spread]
    machine: Mapping[str, str]

    def dumps(self) -> str:
        """As JSON; what is no number is null."""
        return json.dumps(_plain(asdict(self)), ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> Record:
    """A record from its JSON.

    Raises:
        ValueError: for what is no record.
    """
    try:
        found = json.loads(text)
        rows = tuple(Row(**row | {"errors": _errors(row["errors"])}) for row in found.pop("rows"))
        seconds = {name: Spread(**spread) for name, spread in found.pop("seconds").items()}
        return Record(rows=rows, seconds=seconds, **found)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no record of the Riccati family: {error}") from None


def worse(fresh: Record, kept: Record) -> Iterator[str]:
    """Where fresh errors are beyond the recorded ones, or rows differ, in words.

    The printed formula's errors are no promise of ours: they are not compared.
    """
    before = {(row.network, row.law, row.time): row for row in kept.rows}
    if set(before) != {(row.network, row.law, row.time) for row in fresh.rows}:
        yield "the rows are not those of the record"
        return
    for row in fresh.rows:
        old = before[row.network, row.law, row.time].errors
        for name in (old.keys() | row.errors.keys()) - {PRINTED}:
            now, then = (z.get(name, Error(math.nan, math.nan, 0, 0)) for z in (row.errors, old))
            if not now.worst <= max(TIMES * then.worst, FLOOR) or now.missing > then.missing:
                place = f"{row.network}, {row.law}, {row.time}"
                yield f"{place}: {name} {now.worst:.1e}, recorded {then.worst:.1e}"


def _errors(found: Mapping[str, Mapping[str, float | None]]) -> dict[str, Error]:
    return {
        name: Error(**{key: math.nan if z is None else z for key, z in one.items()})  # type: ignore[arg-type]
        for name, one in found.items()
    }


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value
