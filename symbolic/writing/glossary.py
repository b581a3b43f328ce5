r"""Which symbols a formula uses, and what they mean: no formula leaves a symbol undefined.

A formula is read as LaTeX, sign by sign: what is a symbol of the notation table, or of the list here, is
found; what is neither, and no sign, number, function or operator either, is undefined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from symbolic.vocabulary import TABLE
from symbolic.writing.prose import in_dollars

FUNCTIONS = (
    "ln", "log", "exp", "sinh", "cosh", "tanh", "sin", "cos", "arctan", "max", "min", "det",
)  # fmt: skip
OPERATORS = ("erf", "Li", "arsinh", "sign", "res")
SIGNS = (
    "frac", "tfrac", "sqrt", "sum", "prod", "int", "infty", "partial", "dot", "cdot", "le", "ge", "leq",
    "geq", "ne", "neq", "in", "to", "sim", "quad", "qquad", "binom", "begin", "end", "pm", "mathbb",
    "mathcal", "pi", "Rightarrow", "iff", "bigl", "bigr", "big", "left", "right", "phantom", "approx",
    "overline", "surd", "notag",
)  # fmt: skip
BIG = re.compile(r"\\(?:sum|prod|int)(?:_(?:\{[^{}]*\}|\w|\\\w+))?(?:\^(?:\{[^{}]*\}|\w|\\\w+))?")


def _plain(text: str) -> str:
    """A formula without what only moves its signs."""
    text = re.sub(r"_\{(\w)\}", r"_\1", text)
    text = re.sub(
        r"\\label\{[^}]*\}|\\(?:left|right|bigl|bigr|big|!|,|;|:|quad|qquad)(?![a-z])", "", text
    )
    return re.sub(r"\s+", " ", text)


@cache
def _known() -> list[tuple[str, str]]:
    """Signs of symbols with their meaning, long ones first."""
    found = {_plain(latex): latex for latex in TABLE.meanings()}
    return sorted(found.items(), key=lambda pair: -len(pair[0]))


NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
WORDS = re.compile(r"\\text\{((?:[^{}]|\{[^{}]*\})*)\}")
DIFFERENTIAL = re.compile(
    r"\{d(?:\^2)?(?=[}a-zA-Z\\])|(?<=\\,)\s*d(?=[a-zA-Z\\])|\\mathrm\{(?:const|res)\}"
)
PUNCTUATION = re.compile(
    r"[-+=()\[\]{}^&,.;:<>|/'*!~ ]|\\[\\{}|#, ]|_(?=\{?[\\$a-z0-9>=]*)(?<=[|)]_)"
)
COMMAND = re.compile(
    r"\\partial_(?:\w|\{\w+\}|\\theta)|\\mathsf T"
    rf"|\\(?:{'|'.join(sorted((*FUNCTIONS, *SIGNS), key=len, reverse=True))})(?![a-zA-Z])"
    rf"|\\operatorname\{{(?:{'|'.join(OPERATORS)})\}}(?:_\w|_\{{\w+\}})?"
)
NAMED = re.compile(
    r"\{(?:cases|matrix|align)\}(?:\{[a-z]*\})?|e(?=\^)|\\rm\s+[a-z]+|\\mathbb\s*\{?[A-Z]\}?|\\mathrm\{i\}"
)
UNKNOWN = re.compile(
    r"(?:\\[a-zA-Z]+|[a-zA-Z]+|.)(?:\{[^{}]*\})?(?:_(?:\{[^{}]*\}|\w))?", re.DOTALL
)


@cache
def _symbol() -> re.Pattern[str]:
    """Any symbol that is known, as a whole."""
    signs = []
    for sign, _ in _known():
        is_command = re.search(r"\\[a-zA-Z]+$", sign)
        end = "(?![a-zA-Z_])" if is_command else "(?!_)"
        signs.append(re.escape(sign).replace(r"\ ", r"\s*") + end)
    return re.compile("|".join(f"({sign})" for sign in signs))


@cache  # networks share most of their formulas
def scan(formula: str) -> tuple[Mapping[str, str], Sequence[str]]:
    """Symbols of a formula with their meanings, in order, and what is none."""
    found, undefined = dict[str, str](), list[str]()
    text, at = _plain(formula), 0
    known = _known()
    while at < len(text):
        words = WORDS.match(text, at)
        if words:
            for part in words[1].split("$")[1::2]:
                inner, unknown = scan(part)
                found |= inner
                undefined += unknown
            at = words.end()
            continue
        structure = next(
            (
                match
                for pattern in (DIFFERENTIAL, BIG, NAMED, COMMAND, NUMBER)
                if (match := pattern.match(text, at))
            ),
            None,
        )
        symbol = _symbol().match(text, at)
        if symbol and (structure is None or symbol.end() > structure.end()):
            latex = known[(symbol.lastindex or 1) - 1][1]
            found.setdefault(latex, TABLE.meaning(latex))
            at = symbol.end()
        elif structure := structure or PUNCTUATION.match(text, at):
            at = structure.end()
        else:
            unknown_sign = UNKNOWN.match(text, at)
            assert unknown_sign is not None
            undefined.append(unknown_sign[0])
            at = unknown_sign.end()
    return found, undefined


def symbols(formulas: Iterable[str]) -> dict[str, str]:
    """Every symbol of some formulas, and every symbol that their meanings use, with its meaning."""
    found = dict[str, str]()
    waiting = list(formulas)
    while waiting:
        for latex, words in scan(waiting.pop(0))[0].items():
            if latex not in found:
                found[latex] = words
                waiting += in_dollars(words).split("$")[1::2]
    return found


def undefined(formulas: Iterable[str]) -> list[str]:
    """What stands in formulas, or in the meanings of their symbols, and is defined nowhere."""
    texts = list(formulas)
    meanings = (in_dollars(words).split("$")[1::2] for words in symbols(texts).values())
    return [
        sign
        for text in (*texts, *(z for parts in meanings for z in parts))
        for sign in scan(text)[1]
    ]
