"""The notation of claims: text to a statement, by a grammar, never evaluated as Python.

    zeta >= zeta_0 if y > f_0 and gamma > 0

What names mean is said by `language`. Sums and products are read as lists, so that long ones are no
deeper than short ones; what is nested deeper than anybody writes, and numbers longer than anybody needs,
are refused.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import lark

GRAMMAR = r"""
    start: relation ("if" relation ("and" relation)*)?
    relation: sum_ RELATION sum_
    ?sum_: product ((PLUS | MINUS) product)*
    ?product: factor ((STAR | SLASH) factor)*
    ?factor: power
        | MINUS+ power -> negate
    ?power: atom
        | atom "^" factor -> raise_
    ?atom: NUMBER -> number
        | "sum" "(" NAME "," sum_ ")" -> total
        | NAME "(" sum_ ")" -> call
        | NAME "[" index ("," index)? "]" -> indexed
        | NAME -> name
        | "(" sum_ ")"
    index: NAME | NUMBER
    RELATION: "<=" | ">=" | "!=" | "=" | "<" | ">"
    PLUS: "+"
    MINUS: "-"
    STAR: "*"
    SLASH: "/"
    NAME: /(?!(if|and|sum)\b)[A-Za-z][A-Za-z_0-9]*/
    NUMBER: /[0-9]+(\.[0-9]+)?/
    %ignore /[ \t\r\n]+/
    %ignore /#[^\n]*/
"""
KINDS = {"sum_": "add", "product": "multiply", "raise_": "power"}
LONGEST = 200_000  # characters of a statement
DEEPEST = 100  # brackets within brackets
DIGITS = 1000  # of a number
SHOWN = 40  # characters of what was found, in an error

TERMINALS = {
    "RELATION": "=, !=, <, <=, > or >=", "NAME": "a name", "NUMBER": "a number", "LPAR": "(", "RPAR": ")",
    "PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/", "CIRCUMFLEX": "^", "LSQB": "[", "RSQB": "]",
    "COMMA": ",", "IF": "if", "AND": "and", "SUM": "sum", "$END": "the end",
}  # fmt: skip
# What people write, and how it is written here.
HINTS = {
    "**": "^ for a power, as in P^2", "==": "= for an equation", "=>": ">=", "=<": "<=", "<>": "!=",
    "&&": "and", "&": "and", "||": "one claim each", "|": "abs(...)", "≤": "<=", "≥": ">=",
    "≠": "!=", "−": "-", "·": "*", "×": "*", "÷": "/", "²": "^2", "³": "^3", "√": "sqrt(...)",
    "∑": "sum(i, ...)", "Σ": "sum(i, ...)", "∞": "a name ending in _end", ":": "if", "{": "(", "}": ")",
    "'": "a name", "‖": "a name as norm_u_2", "[[": "[",
}  # fmt: skip
WORDS = {
    "when": "if", "where": "if", "for": "if", "given": "if", "whenever": "if", "or": "one claim each",
    "implies": "if, behind the conclusion", "IF": "if", "AND": "and", "If": "if", "equals": "=",
}  # fmt: skip


class ClaimError(ValueError):
    """A malformed claim: what was found, where, and what was expected.

    Attributes:
        line, column: from 1, in the text of the statement.
    """

    def __init__(self, found: str, expected: str, line: int, column: int) -> None:
        super().__init__(f"line {line}, column {column}: found {found}; expected {expected}")
        self.line, self.column = line, column


@dataclass(frozen=True)
class Node:
    """A parsed expression: an operation and its operands, with its place in the text.

    Sums and products hold the signs between their operands too.
    """

    kind: str
    parts: tuple[Any, ...]
    line: int
    column: int


@dataclass(frozen=True)
class Relation:
    """left ○ right."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True)
class Statement:
    """A relation, and what is assumed."""

    claim: Relation
    given: tuple[Relation, ...]


_PARSER = lark.Lark(GRAMMAR, parser="lalr", propagate_positions=True)


def parse(text: str) -> Statement:
    """The statement that a text spells.

    Raises:
        ClaimError: with line, column and what was expected there.
    """
    if len(text) > LONGEST:
        raise ClaimError(f"{len(text)} characters", f"at most {LONGEST}", 1, 1)
    try:
        tree = _PARSER.parse(text)
    except lark.exceptions.UnexpectedCharacters as error:
        at = error.pos_in_stream or 0
        expected = _hint(text, at) or _expected(error.allowed)
        raise ClaimError(repr(text[at]), expected, error.line, error.column) from None
    except lark.exceptions.UnexpectedToken as error:
        raise _unexpected(text, error) from None
    relations = [_relation(child) for child in tree.children]
    return Statement(relations[0], tuple(relations[1:]))


def _unexpected(text: str, error: Any) -> ClaimError:
    token = error.token
    if token.type == "$END":
        lines = text.rstrip().split("\n")
        return ClaimError("the end", _expected(error.expected), len(lines), len(lines[-1]) + 1)
    expected = _hint(text, token.start_pos) or _expected(error.expected)
    return ClaimError(repr(shortened(str(token))), expected, error.line, error.column)


def _hint(text: str, at: int) -> str | None:
    """How what stands there is written here, where people write it otherwise."""
    for begins in (at - 1, at):
        if (pair := text[max(begins, 0) : begins + 2]) in HINTS:
            return HINTS[pair]
    for word, meant in WORDS.items():
        if text[at:].startswith(word) and not text[at + len(word) :][:1].isalnum():
            return meant
    if text[at] in HINTS:
        return HINTS[text[at]]
    name = unicodedata.name(text[at], "").split()
    return f"the name {name[-1].lower()}" if name[:1] == ["GREEK"] else None


def _expected(names: Any) -> str:
    return ", ".join(sorted({TERMINALS.get(str(name), str(name).lower()) for name in names or ()}))


def shortened(text: str) -> str:
    """The beginning of a long text."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _relation(tree: Any) -> Relation:
    left, sign, right = tree.children
    return Relation(str(sign), _node(left), _node(right))


def _node(tree: Any, depth: int = 0) -> Node:
    place = tree.meta.line, tree.meta.column
    if depth > DEEPEST:
        raise ClaimError("what is nested deeper", f"at most {DEEPEST} levels", *place)
    parts = tuple(
        _token(child) if isinstance(child, lark.Token)
        else _token(child.children[0]) if child.data == "index"
        else _node(child, depth + 1)
        for child in tree.children
    )  # fmt: skip
    kind = str(tree.data)
    return Node(KINDS.get(kind, kind), parts, *place)


def _token(token: Any) -> str:
    if token.type == "NUMBER" and len(token) > DIGITS:
        found = f"a number of {len(token)} digits"
        raise ClaimError(found, f"at most {DIGITS}", token.line, token.column)
    return str(token)
