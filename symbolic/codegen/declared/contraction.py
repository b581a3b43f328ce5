"""A contraction as text: products of matrices, products of entries, sums; einsum for what is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from symbolic.codegen.declared.arrays import Labels

SUM, PRODUCT, POWER, ATOM = range(4)
LETTERS = "ijklmnoqrstuvw"  # of einsum; p is the axis of points


class Text(NamedTuple):
    """An expression, and how tightly it binds."""

    text: str
    level: int

    def at(self, level: int) -> str:
        """In parentheses where it binds less tightly."""
        return self.text if self.level >= level else f"({self.text})"


class Operand(NamedTuple):
    """A text and the labels of its axes."""

    text: Text
    labels: Labels

    @property
    def atom(self) -> str:
        """To be indexed."""
        return self.text.at(ATOM)

    @property
    def transposed(self) -> str:
        """The last two axes exchanged."""
        return f"{self.atom}.{'T' if len(self.labels) == 2 else 'mT'}"


def one(a: Operand, labels: Labels, shape: Callable[[], str]) -> Text:
    """Sums, transposes and repetitions of one array.

    Args:
        a: the array.
        labels: of the result.
        shape: the text of the shape of the result.
    """
    a = without(a, labels)
    kept = tuple(k for k in labels if k in a.labels)
    if kept != a.labels:
        if kept == (*a.labels[:-2], a.labels[-1], a.labels[-2]):
            a = Operand(Text(a.transposed, ATOM), kept)
        else:
            a = Operand(Text(_einsum([a], kept), ATOM), kept)
    if kept == labels:
        return a.text
    return Text(f"xp.broadcast_to({aligned(a, labels)}, {shape()})", ATOM)


def two(a: Operand, b: Operand, labels: Labels) -> Text:
    """A product of two arrays."""
    a, b = without(a, (*labels, *b.labels)), without(b, (*labels, *a.labels))
    summed = [k for k in (*a.labels, *b.labels) if k not in labels]
    if not summed and all(_fits(z, labels) for z in (a, b)):
        return Text(f"{_factor(a, labels)} * {_factor(b, labels)}", PRODUCT)
    if len(set(summed)) == 1:
        ways = (*_matrices(a, b, summed[0]), *_matrices(b, a, summed[0]))
        fits = [text for text, found in ways if found == labels]
        if fits:
            return min(fits, key=lambda text: text.text.count("["))
    if a.labels == b.labels and _fits(Operand(a.text, labels), a.labels):
        product = Operand(Text(f"{a.text.at(POWER)} * {b.text.at(POWER)}", PRODUCT), a.labels)
        return without(product, labels).text
    return Text(_einsum([a, b], labels), ATOM)


def without(a: Operand, labels: Labels) -> Operand:
    """Summed over what is nowhere among labels."""
    alone = [place for place, k in enumerate(a.labels) if k not in labels]
    if not alone:
        return a
    if len(alone) == len(a.labels):
        over = ""
    elif len(alone) == 1:
        over = str(-1 if alone[0] == len(a.labels) - 1 else alone[0])
    else:
        over = str(tuple(alone))
    kept = tuple(k for k in a.labels if k in labels)
    return Operand(Text(f"{a.atom}.sum({over})", ATOM), kept)


def aligned(a: Operand, labels: Labels) -> str:
    """With axes of length 1 where it has none of the labels; those in front are understood."""
    if not a.labels:
        return a.text.text
    later = labels[labels.index(a.labels[0]) :]
    if later == a.labels:
        return a.text.text
    return f"{a.atom}[{', '.join(':' if k in a.labels else 'None' for k in later)}]"


def _fits(a: Operand, labels: Labels) -> bool:
    """Whether its axes are in the order of labels."""
    return tuple(k for k in labels if k in a.labels) == a.labels


def _factor(a: Operand, labels: Labels) -> str:
    text = aligned(a, labels)
    return a.text.at(POWER) if text == a.text.text else text


def _matrices(a: Operand, b: Operand, summed: int) -> Iterator[tuple[Text, Labels]]:
    """Products of matrices that sum over one label, with the labels of what they give."""
    for left, lead, row, before in _lefts(a, b, summed):
        for right, behind, column, after in _rights(b, a, summed):
            if (vector := right == b.atom and len(b.labels) == 1) and before:
                continue
            both = lead if vector else _joined(lead, behind)
            if both is None or (before and after):
                continue
            text = Text(f"{left} @ {right}", PRODUCT)
            if before or after:
                text = Text(f"({text.text})[..., {before or after}]", ATOM)
            yield text, (*both, *row, *column)


Matrix = tuple[str, Labels, Labels, str]


def _lefts(a: Operand, b: Operand, summed: int) -> Iterator[Matrix]:
    """A as a matrix from the left: text, leading labels, the row, and how to index the product."""
    if a.labels == (summed,):
        yield a.atom, (), (), ""
        return
    if a.labels[-1] == summed:
        if a.labels[-2] not in b.labels or len(b.labels) == 1:
            yield a.atom, a.labels[:-2], a.labels[-2:-1], ""
        yield f"{a.atom}[..., None, :]", a.labels[:-1], (), "0, :"
    elif a.labels[-2] == summed and a.labels[-1] not in b.labels:
        yield a.transposed, a.labels[:-2], a.labels[-1:], ""


def _rights(b: Operand, a: Operand, summed: int) -> Iterator[Matrix]:
    if b.labels == (summed,):
        yield b.atom, (), (), ""
        return
    if b.labels[-2] == summed and b.labels[-1] not in a.labels:
        yield b.atom, b.labels[:-2], b.labels[-1:], ""
    if b.labels[-1] == summed:
        if b.labels[-2] not in a.labels:
            yield b.transposed, b.labels[:-2], b.labels[-2:-1], ""
        yield f"{b.atom}[..., None]", b.labels[:-1], (), "0"


def _joined(one: Labels, other: Labels) -> Labels | None:
    """Leading axes of both, as they meet from behind; None where they do not."""
    long, short = (one, other) if len(one) >= len(other) else (other, one)
    return long if not short or long[-len(short) :] == short else None


def _einsum(operands: Sequence[Operand], labels: Labels) -> str:
    letters: dict[int, str] = {}
    for k in [*(k for a in operands for k in a.labels), *labels]:
        letters.setdefault(k, LETTERS[len(letters)])
    written = [",".join("".join(letters[k] for k in a.labels) for a in operands)]
    rule = f"{written[0]}->{''.join(letters[k] for k in labels)}"
    return f'xp.einsum("{rule}", {", ".join(a.text.text for a in operands)})'
