"""A small notation for claims about the linear network, parsed by a grammar, never evaluated as Python.

    t_c = 1/sqrt(eta_u*eta_w*gamma^2*rho^2*y^2 + 4*rho^4*gamma^4*d^2*P*Q)
    f = gamma*rho*d/sqrt(eta_u*eta_w) * (P*alpha - Q/alpha)
    sum(i, u[i]^2) = norm_u_2
    w[1,2]/x[2] - w[1,1]/x[1] = w0[1,2]/x[2] - w0[1,1]/x[1]
    zeta >= zeta_0 if y > f_0

Names are those of `NAMES`; `u[i]`, `w[i,j]`, `h[i]`, `p[i]`, `q[i]` are at time t, `u0[i]`, … at t = 0,
`x[j]` is the data point; `sum(i, …)` runs over neurons where i indexes weights of neurons first, and
`sum(j, …)` over inputs where it indexes x or the second place of w. Numbers are exact; roots are of
numbers ≥ 0.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import Any

import lark
import sympy
from sympy import Basic, Expr, Integer, Rational

GRAMMAR = r"""
    start: relation ("if" relation ("and" relation)*)?
    relation: sum_ RELATION sum_
    ?sum_: term
        | sum_ "+" term -> add
        | sum_ "-" term -> subtract
    ?term: factor
        | term "*" factor -> multiply
        | term "/" factor -> divide
    ?factor: "-" factor -> negate
        | power
    ?power: atom
        | atom "^" factor -> power
    ?atom: NUMBER -> number
        | "sum" "(" NAME "," sum_ ")" -> total
        | NAME "(" sum_ ")" -> call
        | NAME "[" index ("," index)? "]" -> indexed
        | NAME -> name
        | "(" sum_ ")"
    index: NAME | NUMBER
    RELATION: "<=" | ">=" | "!=" | "=" | "<" | ">"
    NAME: /(?!(if|and|sum)\b)[A-Za-z][A-Za-z_0-9]*/
    NUMBER: /\d+(\.\d+)?/
    %ignore /[ \t\r\n]+/
    %ignore /#[^\n]*/
"""
FUNCTIONS = {
    "sqrt": sympy.sqrt, "exp": sympy.exp, "log": sympy.log, "sinh": sympy.sinh, "cosh": sympy.cosh,
    "tanh": sympy.tanh, "abs": sympy.Abs,
}  # fmt: skip
RELATIONS = {
    "=": sympy.Eq, "!=": sympy.Ne, "<": sympy.Lt, "<=": sympy.Le, ">": sympy.Gt, ">=": sympy.Ge,
}  # fmt: skip
INDEXED = {
    "u": 1, "h": 1, "p": 1, "q": 1, "omega": 1, "u0": 1, "h0": 1, "p0": 1, "q0": 1, "omega0": 1,
    "w": 2, "w0": 2, "x": 1,
}  # fmt: skip
LARGEST_POWER = 64


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
    """A parsed expression: an operation and its operands, with its place in the text."""

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


TERMINALS = {
    "RELATION": "=, !=, <, <=, > or >=", "NAME": "a name", "NUMBER": "a number", "LPAR": "(", "RPAR": ")",
    "PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/", "CIRCUMFLEX": "^", "LSQB": "[", "RSQB": "]",
    "COMMA": ",", "IF": "if", "AND": "and", "SUM": "sum", "$END": "the end",
}  # fmt: skip
_PARSER = lark.Lark(GRAMMAR, parser="lalr", propagate_positions=True)


def parse(text: str) -> Statement:
    """The statement that a text spells.

    Raises:
        ClaimError: with line, column and what was expected there.
    """
    try:
        tree = _PARSER.parse(text)
    except lark.exceptions.UnexpectedCharacters as error:
        raise ClaimError(
            repr(text[error.pos_in_stream or 0]), _expected(error.allowed), error.line, error.column
        ) from None
    except lark.exceptions.UnexpectedToken as error:
        token = error.token
        end = token.type == "$END"
        lines = text.rstrip().split("\n")
        line, column = (len(lines), len(lines[-1]) + 1) if end else (error.line, error.column)
        found = "the end" if end else repr(str(token))
        raise ClaimError(found, _expected(error.expected), line, column) from None
    relations = [_relation(child) for child in tree.children]
    return Statement(relations[0], tuple(relations[1:]))


def _expected(names: Any) -> str:
    return ", ".join(sorted({TERMINALS.get(str(name), str(name).lower()) for name in names or ()}))


def _relation(tree: Any) -> Relation:
    left, sign, right = tree.children
    return Relation(str(sign), _node(left), _node(right))


def _node(tree: Any) -> Node:
    parts = tuple(
        str(child) if isinstance(child, lark.Token)
        else str(child.children[0]) if child.data == "index"
        else _node(child)
        for child in tree.children
    )  # fmt: skip
    return Node(str(tree.data), parts, tree.meta.line, tree.meta.column)


class Scope:
    """What names mean: scalars and weights, sizes for sums, and facts about them."""

    def __init__(
        self,
        scalars: dict[str, Expr],
        weights: dict[tuple[str, ...], Expr],
        d: int,
        d0: int,
        facts: tuple[Basic, ...],
    ) -> None:
        self.scalars, self.weights, self.d, self.d0, self.facts = scalars, weights, d, d0, facts

    def relation(self, relation: Relation) -> Basic:
        """As a SymPy relation of two sides, even where it is plain."""
        return RELATIONS[relation.sign](self(relation.left), self(relation.right), evaluate=False)

    def __call__(self, node: Node, indices: dict[str, int] | None = None) -> Expr:
        """The expression of a node.

        Raises:
            ClaimError: for a name, an index or a power that has no meaning.
        """
        bound = indices or {}
        method = getattr(self, f"_{node.kind}")
        value: Expr = method(node, bound)
        return value

    def _number(self, node: Node, bound: dict[str, int]) -> Expr:
        return Rational(node.parts[0])

    def _name(self, node: Node, bound: dict[str, int]) -> Expr:
        name = node.parts[0]
        if name in bound:
            return Integer(bound[name])
        if name not in self.scalars:
            raise self._unknown(node, name, [*self.scalars, *INDEXED])
        return self.scalars[name]

    def _unknown(self, node: Node, name: str, known: list[str]) -> ClaimError:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or sorted(known)
        return ClaimError(f"the name {name!r}", "one of " + ", ".join(near), node.line, node.column)

    def _indexed(self, node: Node, bound: dict[str, int]) -> Expr:
        name, *places = node.parts
        if name not in INDEXED:
            raise self._unknown(node, name, list(INDEXED))
        if len(places) != INDEXED[name]:
            raise ClaimError(
                f"{len(places)} indices of {name}", f"{INDEXED[name]}", node.line, node.column
            )
        numbers = []
        for place in places:
            if place not in bound and not place.isdecimal():
                raise ClaimError(
                    f"the index {place!r}", "a number, or an index of a sum", node.line, node.column
                )
            numbers.append(str(bound.get(place, place)))
        key = (name, *numbers)
        if key not in self.weights:
            raise ClaimError(
                f"{name}[{', '.join(numbers)}]",
                f"neurons up to {self.d}, inputs up to {self.d0}",
                node.line,
                node.column,
            )
        return self.weights[key]

    def _total(self, node: Node, bound: dict[str, int]) -> Expr:
        index, body = node.parts
        size = self.d0 if _is_input(body, index) else self.d
        return sympy.Add(*(self(body, bound | {index: k}) for k in range(1, size + 1)))

    def _call(self, node: Node, bound: dict[str, int]) -> Expr:
        name, argument = node.parts
        if name not in FUNCTIONS:
            raise self._unknown(node, name, list(FUNCTIONS))
        return FUNCTIONS[name](self(argument, bound))

    def _power(self, node: Node, bound: dict[str, int]) -> Expr:
        base, exponent = (self(part, bound) for part in node.parts)
        if not exponent.is_Rational or abs(exponent) > LARGEST_POWER:
            raise ClaimError(
                f"the power {exponent}", f"a number up to {LARGEST_POWER}", node.line, node.column
            )
        return base**exponent

    def _add(self, node: Node, bound: dict[str, int]) -> Expr:
        return sympy.Add(*(self(part, bound) for part in node.parts))

    def _subtract(self, node: Node, bound: dict[str, int]) -> Expr:
        left, right = (self(part, bound) for part in node.parts)
        return left - right

    def _multiply(self, node: Node, bound: dict[str, int]) -> Expr:
        return sympy.Mul(*(self(part, bound) for part in node.parts))

    def _divide(self, node: Node, bound: dict[str, int]) -> Expr:
        left, right = (self(part, bound) for part in node.parts)
        if right == 0:
            raise ClaimError("a division by 0", "a divisor that is not 0", node.line, node.column)
        return left / right

    def _negate(self, node: Node, bound: dict[str, int]) -> Expr:
        return -self(node.parts[0], bound)


def _is_input(node: Node, index: str) -> bool:
    """Whether an index of a sum is used for inputs: of x, or in the second place of w."""
    if node.kind == "indexed":
        name, *places = node.parts
        if name == "x":
            return index in places
        return name in ("w", "w0") and len(places) == 2 and places[1] == index
    return any(_is_input(part, index) for part in node.parts if isinstance(part, Node))


def largest_indices(node: Node) -> tuple[int, int]:
    """The largest neuron and the largest input that are named by a number; 0 where there are none."""
    found = [(0, 0)]
    for part in node.parts:
        if isinstance(part, Node):
            found.append(largest_indices(part))
    if node.kind == "indexed":
        name, *places = node.parts
        numbers = [int(z) if z.isdecimal() else 0 for z in (*places, "0")]
        found.append((0, numbers[0]) if name == "x" else (numbers[0], numbers[1]))
    neurons, inputs = zip(*found, strict=True)
    return max(neurons), max(inputs)


def has_indices(node: Node) -> bool:
    """Whether weights of single neurons occur, so that widths have to be written out."""
    return node.kind in ("indexed", "total") or any(
        has_indices(part) for part in node.parts if isinstance(part, Node)
    )
