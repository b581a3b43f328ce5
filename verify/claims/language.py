"""What claims about the linear network mean: a small notation, parsed by `grammar`.

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

import sympy
from sympy import Basic, Expr, Integer, Rational

from verify.claims.grammar import ClaimError, Node, Relation, shortened

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
LONGEST_NAME = 50  # of which a similar one is looked for
BITS = 10_000  # of a numerator or denominator


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
        if value.is_Rational and _bits(value) > BITS:
            raise _too_long(node)
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
        near = difflib.get_close_matches(name[:LONGEST_NAME], known, n=3, cutoff=0.66)
        near = near or sorted(known)
        expected = ("one of " if len(near) > 1 else "") + ", ".join(near)
        return ClaimError(f"the name {shortened(name)!r}", expected, node.line, node.column)

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
                    f"the index {shortened(place)!r}",
                    "a number, or an index of a sum",
                    node.line,
                    node.column,
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
            found = shortened(f"the power {exponent}")
            raise ClaimError(found, f"a number up to {LARGEST_POWER}", node.line, node.column)
        if base.is_Rational and _bits(base) * abs(exponent) > BITS:
            raise _too_long(node)
        return base**exponent

    def _add(self, node: Node, bound: dict[str, int]) -> Expr:
        first, *rest = node.parts
        pairs = zip(rest[::2], rest[1::2], strict=True)
        terms = (self(part, bound) if sign == "+" else -self(part, bound) for sign, part in pairs)
        return sympy.Add(self(first, bound), *terms)

    def _multiply(self, node: Node, bound: dict[str, int]) -> Expr:
        first, *rest = node.parts
        pairs = zip(rest[::2], rest[1::2], strict=True)
        factors = (
            self(part, bound) if sign == "*" else self._inverse(part, bound) for sign, part in pairs
        )
        return sympy.Mul(self(first, bound), *factors)

    def _inverse(self, node: Node, bound: dict[str, int]) -> Expr:
        value = self(node, bound)
        if value == 0:
            raise ClaimError("a division by 0", "a divisor that is not 0", node.line, node.column)
        return 1 / value

    def _negate(self, node: Node, bound: dict[str, int]) -> Expr:
        *signs, part = node.parts
        return self(part, bound) * (-1) ** len(signs)


def _bits(number: Rational) -> int:
    return max(int(number.p).bit_length(), int(number.q).bit_length())


def _too_long(node: Node) -> ClaimError:
    return ClaimError("a number of very many digits", "a smaller one", node.line, node.column)


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
