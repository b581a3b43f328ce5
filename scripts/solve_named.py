"""`run.py solve` for a case that names its model: print it, or draw it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from numeric.cases.named import Answer, NamedCase, parse, plain
from numeric.cases.wanted import Wanted, losses, moment
from numeric.data.decimals import as_float, number
from numeric.errors import InputError
from numeric.picture import BLUE, picture, steady
from scripts import table
from scripts.command import write_whole

PLACES = 400  # of a curve
EXTREME = Fraction(10) ** 70  # the fourth power is near the end of float64
LIMIT = {"color": "0.45", "linestyle": ":", "linewidth": 1.3}


def answer(
    content: dict[str, Any], options: argparse.Namespace, times: list[Fraction] | None
) -> int:
    """Evaluate, draw and print; exit code 0.

    Raises:
        InputError: where products of extreme numbers leave float64 on the way.
    """
    if not any(map(_is_extreme, _numbers(content))):
        return _answer(content, options, times)
    try:
        with np.errstate(divide="raise", over="raise", invalid="raise"):
            return _answer(content, options, times)
    except (ArithmeticError, np.linalg.LinAlgError):
        found = "numbers whose products leave float64"
        raise InputError("the case", found, "less extreme ones, or --digits") from None


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _numbers(one)
    else:
        yield value


def _is_extreme(value: Any) -> bool:
    try:
        size = abs(number("", value))
    except InputError:  # a name
        return False
    return size > EXTREME or 0 < size < 1 / EXTREME


def _answer(
    content: dict[str, Any], options: argparse.Namespace, times: list[Fraction] | None
) -> int:
    case = parse(content, options.case.parent)
    times = case.default_times() if times is None else times
    if options.digits is None or options.plot:
        for place, t in enumerate(times, 1):
            if t > 1:  # a tiny one may be 0
                as_float(f"--times, entry {place}", t)
    wanted = Wanted(
        () if options.to_loss is None else losses(options.to_loss),
        None if options.since is None else moment("--since", options.since),
        bool(options.weights),
    )
    if options.digits is None and wanted.begin > 1:
        as_float("--since", wanted.begin)
    found = case.solve(times, options.digits, wanted)
    if options.weights is False:
        found = found.without(case.weights)
    if options.plot:
        drawn = draw(case, found, times, str(content["model"]), options.plot.suffix.lower())
        write_whole(options.plot, drawn)
        print(f"exactflow: wrote {options.plot}", file=sys.stderr)
    if options.json:
        json.dump(found.as_json(), sys.stdout, allow_nan=False)
        print()
    else:
        show(found)
    return 0


def show(found: Answer) -> None:
    """A table of what is one number a time; below it vectors and matrices, a line a time."""
    scalars = [name for name, column in found.columns.items()
               if not _is_nested([*column, found.limit.get(name)])]  # fmt: skip
    rows = zip(found.t, *(found.columns[name] for name in scalars), strict=True)
    last = ["∞", *(_text(found.limit.get(name)) for name in scalars)] if found.limit else None
    table.show(("t", *scalars), ([_text(z) for z in row] for row in rows), last=last)
    for name in (name for name in found.columns if name not in scalars):
        print(name)
        for t, value in zip(found.t, found.columns[name], strict=True):
            print(f"  t = {_text(t)}: {_text(value)}")
        if found.limit:
            print(f"  t = ∞: {_text(found.limit[name])}")
    for name, value in found.constants.items():
        print(f"{name} = {_text(value)}")
    print(f"method: {found.method}{f' ({found.why})' if found.why else ''}")


def _is_nested(column: list[Any]) -> bool:
    return any(isinstance(value, list) for value in column)


def _text(value: Any) -> str:
    if isinstance(value, list):
        divided = "; " if value and isinstance(value[0], dict) else ", "
        return f"[{divided.join(map(_text, value))}]"
    if isinstance(value, dict):
        return ", ".join(f"{name} {_text(entry)}" for name, entry in value.items())
    return "-" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def draw(
    case: NamedCase, found: Answer, times: Sequence[Fraction], model: str, suffix: str
) -> bytes:
    """The case's panels over time, with the limits that are known."""
    last = max([float(t) for t in times], default=0.0) or 1.0
    t = np.linspace(0, last, PLACES)
    curves, asked = case.curves(t.tolist()), [float(z) for z in times]
    points = case.curves(asked)
    with picture(suffix, nrows=len(case.panels), figsize=(6.4, 1.7 * len(case.panels)), sharex=True) as (
        figure, axes, buffer,
    ):  # fmt: skip
        for axis, name in zip(axes, case.panels, strict=True):
            axis.plot(t, curves[name], color=BLUE, linewidth=1.5)
            axis.plot(asked, points[name], "o", color=BLUE, markersize=3)
            if isinstance(end := plain_or_none(found.limit.get(name)), float):
                axis.axhline(end, **LIMIT)
            axis.set_ylabel(name.replace("_", " "))
            axis.grid(alpha=0.3)
            steady(axis)
        axes[-1].set_xlabel("time $t$")
        axes[0].set_xlim(0, 1.03 * last)
        how = "integrated" if found.method == "march" else "exact"
        figure.suptitle(f"{model.replace('_', ' ')}, {how}", fontsize=10)
    return buffer.getvalue()


def plain_or_none(value: Any) -> float | None:
    """A number or its text as a float; None for what is neither."""
    try:
        return None if value is None or isinstance(value, list) else plain(float(value))
    except ValueError:
        return None
