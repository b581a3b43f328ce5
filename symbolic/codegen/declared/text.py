"""Parts of the text of a generated module: functions with docstrings, tables, numbers and sizes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from symbolic.architecture.model import Model
from symbolic.architecture.sizes import Shape, Size
from symbolic.codegen.declared.arrays import POINTS

WIDTH = 96


class NoSizeError(ValueError):
    """A size symbol that no array tells."""


def sizes_read(
    used: Iterable[str],
    shapes: Mapping[tuple[str, str], Shape],
    leaves: Mapping[tuple[str, str], str],
    sizes: Mapping[str, str],
) -> list[tuple[tuple[str, str], str]]:
    """Lines that read sizes from arrays, each with the array that tells it."""
    known: list[tuple[tuple[str, str], str]] = []
    for symbol in sorted(used):
        for key, shape in shapes.items():
            if symbol == POINTS:
                if key[0] == "input":
                    known.append((key, f"{sizes[symbol]} = {leaves[key]}.shape[0]"))
                    break
                continue
            place = next((k for k, size in enumerate(shape) if size.symbols == {symbol}), None)
            if place is not None:
                axis = place + (key[0] == "input")
                read = f"{leaves[key]}.shape[{axis}]"
                known.append((key, f"{sizes[symbol]} = {_solved(shape[place], read)}"))
                break
        else:
            raise NoSizeError(f"no array has the size {symbol} for an axis")
    return known


def _solved(size: Size, text: str) -> str:
    """The symbol of a size, from the value of the size."""
    ((_, factor),) = size.terms
    if size.constant:
        text = (
            f"({text} - {size.constant})" if size.constant > 0 else f"({text} + {-size.constant})"
        )
    if factor == 1:
        return text.removeprefix("(").removesuffix(")") if size.constant else text
    return f"{text} // {factor}" if factor > 0 else f"{text} // ({factor})"


def quoted(name: str) -> str:
    """A key as text."""
    return '"' + name + '"' if name.isidentifier() else repr(name)


def shape_text(shape: Shape) -> str:
    """A shape as a tuple of texts."""
    return repr(tuple(str(size) for size in shape))


def axes_text(axes: Sequence[Size | str]) -> str:
    """A shape as it is read."""
    written = ", ".join(str(axis) for axis in axes)
    return f"({written}{',' if len(axes) == 1 else ''})"


def table(name: str, shapes: Mapping[str, Shape], meaning: str) -> str:
    """Shapes by name."""
    entries = ", ".join(f"{z!r}: {shape_text(shape)}" for z, shape in shapes.items())
    return f"{name}: dict[str, tuple[str, ...]] = {{{entries}}}  # {meaning}"


def points(model: Model) -> str:
    """The listed data, as numbers."""
    rows = [
        ", ".join(f"{name!r}: {_number(point[name])}" for name in model.inputs)
        for point in model.points
    ]
    entries = "".join(f"    {{{row}}},\n" for row in rows)
    return f"LISTED: tuple[dict[str, Any], ...] = (\n{entries})  # the data it is declared for"


def _number(value: Any) -> str:
    """A number, or numbers in lists, as Python text."""
    if isinstance(value, Sequence):
        return f"[{', '.join(map(_number, value))}]"
    exact = Fraction(value)
    return (
        str(exact.numerator)
        if exact.denominator == 1
        else f"{exact.numerator} / {exact.denominator}"
    )


def function(
    name: str,
    arguments: str,
    summary: str,
    about: Sequence[str],
    given: Sequence[str],
    body: Sequence[str],
    returns: str,
) -> str:
    """The text of a function."""
    lines = [f"def {name}({arguments}) -> {returns}:", f'    """{summary}', ""]
    for line in about:
        lines += textwrap.wrap(
            line,
            WIDTH,
            initial_indent="        ",
            subsequent_indent="            ",
            break_long_words=False,
        ) or [""]
    lines += ["", "    Args:", *(f"        {line}" for line in given), '    """']
    return "\n".join([*lines, *(f"    {line}" for line in body)])
