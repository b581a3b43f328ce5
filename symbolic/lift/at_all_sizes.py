"""Lift P in words: for any numbers of inputs, hidden units and outputs, with symbols for the rates.

With f = P x, P = Σ c_ij Q_i Q_jᵀ (`symbolic.lift.words`), under half a square on inputs of second moments
m · 1, for a target that is the best linear map B (less what is not trained),

    dQ_i/dt = m η_i Σ_j (c_ij (B − P) + c_ji (B − P)ᵀ) Q_j.

Products of Q are words (k, l, j) for Q_k Q_lᵀ Q_j, which are independent at sizes that are large enough;
so numbers s, g and j by block solve a linear system over the rational functions of the rates,

    dQ/dt = F Q − Q Qᵀ S Q + G Q (Qᵀ J Q),     F_ij = m η_i (c_ij B + c_ji Bᵀ),
    S = m diag(s_i 1),     G = m diag(g_i 1),     J = diag(j_i 1),

with S F symmetric, which fixes the gauge. Rows are the layers as they are: no root of a rate occurs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import sympy
from sympy import Expr, Matrix, Rational, Symbol

from symbolic.architecture.model import Model
from symbolic.laws.absorbed import rate
from symbolic.lift.words import QuadraticWords, quadratic_words
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided, Verdict

Cubic = tuple[int, int, int, int]
"""An entry of the cubic part: block i, word (k, l, j)."""
SQUARES = ("any", "square", "half_square")


@dataclass(frozen=True)
class LiftAtAllSizes:
    """Lift P of a declaration.

    Attributes:
        words: rows and P.
        S: s_i over m.
        G: g_i over m; 0 where no law is needed.
        J: j_i, of the law that is needed; empty where none is.
    """

    words: QuadraticWords
    S: tuple[Expr, ...]
    G: tuple[Expr, ...]
    J: tuple[Expr, ...]

    @property
    def force(self) -> dict[tuple[int, int], tuple[Expr, Expr]]:
        """F over m: what multiplies B and Bᵀ in block (i, j)."""
        return _force(self.words)

    def certificates(self) -> Iterator[Certificate]:
        """Words expanded on both sides."""
        claim = "dQ/dt = F Q - Q Q^T S Q + G Q (Q^T J Q) at all sizes"
        yield Certificate(claim, _is_lift(self))
        yield Certificate("S F is symmetric", _is_symmetric(self))
        if self.J:
            yield Certificate("Q^T J Q is conserved at all sizes", _is_law(self))


def lift_at_all_sizes(model: Model) -> LiftAtAllSizes:
    """Solve for s, g and the law.

    Args:
        model: the declaration.

    Raises:
        DoesNotApply: where the output is no such product, the loss no square, or there is no lift.
    """
    if model.loss not in SQUARES:
        raise DoesNotApply(f"the loss is {model.loss}, no square")
    if model.data not in ("any", "white"):
        raise DoesNotApply(
            f"data are {model.data}: at all sizes they have unit second moments here"
        )
    words = quadratic_words(model)
    laws = _laws(words)
    for law in [(), *laws]:
        found = _solved(words, law)
        if found is not None:
            return LiftAtAllSizes(words, found[0], found[1], law)
    raise DoesNotApply("no projective lift at all sizes")


def _rates(words: QuadraticWords) -> list[Symbol]:
    return [rate(block.rate) for block in words.blocks]


def _force(words: QuadraticWords) -> dict[tuple[int, int], tuple[Expr, Expr]]:
    eta, c, found = _rates(words), words.product, {}
    for i in range(len(eta)):
        for j in range(len(eta)):
            plain, turned = c.get((i, j), Fraction(0)), c.get((j, i), Fraction(0))
            if plain or turned:
                found[i, j] = (eta[i] * _rational(plain), eta[i] * _rational(turned))
    return found


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def _cubic(words: QuadraticWords) -> dict[Cubic, Expr]:
    """−η_i Σ_j (c_ij P + c_ji Pᵀ) Q_j, word by word."""
    found: dict[Cubic, Expr] = defaultdict(lambda: sympy.Integer(0))
    for (i, j), (plain, turned) in _force(words).items():
        for (k, l), c in words.product.items():
            found[i, k, l, j] -= plain * _rational(c)
            found[i, l, k, j] -= turned * _rational(c)
    return {word: value for word, value in found.items() if value != 0}


def _laws(words: QuadraticWords) -> list[tuple[Expr, ...]]:
    """J with j_i η_i + j_j η_j = 0 wherever c_ij ≠ 0: what Qᵀ J Q changes by is Q_jᵀ (…) Q_i."""
    eta = _rates(words)
    rows = []
    for (i, j), c in words.product.items():
        if c:
            row = [sympy.Integer(0)] * len(eta)
            row[i] += eta[i]
            row[j] += eta[j]
            rows.append(row)
    return [_without_denominators(vector) for vector in Matrix(rows).nullspace()]


def _without_denominators(vector: Matrix) -> tuple[Expr, ...]:
    entries = [sympy.cancel(one) for one in vector]
    common = sympy.lcm_list([sympy.denom(one) for one in entries])
    if entries[0].could_extract_minus_sign():
        common = -common
    return tuple(sympy.cancel(one * common) for one in entries)


def _solved(
    words: QuadraticWords, law: tuple[Expr, ...]
) -> tuple[tuple[Expr, ...], tuple[Expr, ...]] | None:
    """S and g; None where there are none."""
    n = len(words.blocks)
    s, g = sympy.symbols(f"s:{n}"), sympy.symbols(f"g:{n}") if law else ()
    claimed: dict[Cubic, Expr] = defaultdict(lambda: sympy.Integer(0))
    for i in range(n):
        for l in range(n):
            claimed[i, i, l, l] += -s[l] + (g[i] * law[l] if law else 0)
    cubic = _cubic(words)
    equations = [claimed.get(w, 0) - cubic.get(w, 0) for w in {*claimed, *cubic}]
    for (i, j), (plain, _) in _force(words).items():
        other = _force(words)[j, i][1]
        equations.append(s[i] * plain - s[j] * other)
    solutions = sympy.linsolve(equations, [*s, *g])
    if not solutions:
        return None
    (solution,) = solutions
    values = tuple(sympy.factor(one.subs(dict.fromkeys([*s, *g], 0))) for one in solution)
    if any(not one.is_positive for one in values[:n]):
        return None
    return values[:n], values[n:] or (sympy.Integer(0),) * n


# ------------------------------------------------------------- certificates

Word = tuple[str, ...]
Words = Mapping[Word, Expr]


def _is_lift(found: LiftAtAllSizes) -> Verdict:
    """Both sides as sums of words in Q_i, Q_iᵀ and B, from the loss ½ tr (P − B)ᵀ(P − B)."""
    if not found.J and any(g != 0 for g in found.G):
        return Undecided("G without a law")
    velocities = _descent(found.words)
    for i, velocity in enumerate(velocities):
        rest = _sum([velocity, _claimed(found, i)], [1, -1])
        if rest:
            return Undecided(f"{dict(rest)}")
    return Proved("words in the blocks of Q and B")


def _is_law(found: LiftAtAllSizes) -> Verdict:
    """Σ_i j_i (Q̇_iᵀ Q_i + Q_iᵀ Q̇_i) = 0."""
    terms = []
    for i, (velocity, j) in enumerate(zip(_descent(found.words), found.J, strict=True)):
        terms += [_scaled(_times(_transposed(velocity), {(f"Q{i}",): sympy.S.One}), j)]
        terms += [_scaled(_times({(f"Q{i}'",): sympy.S.One}, velocity), j)]
    rest = _sum(terms, [1] * len(terms))
    return Undecided(f"{dict(rest)}") if rest else Proved("words in the blocks of Q and B")


def _is_symmetric(found: LiftAtAllSizes) -> Verdict:
    """Block (i, j) of S F is the transpose of block (j, i)."""
    for (i, j), (plain, turned) in found.force.items():
        other, back = found.force.get((j, i), (0, 0))
        for one, two in ((plain, back), (turned, other)):
            if sympy.simplify(found.S[i] * one - found.S[j] * two) != 0:
                return Undecided(f"block ({i}, {j}) of S F")
    return Proved("blocks of B and its transpose")


def _descent(words: QuadraticWords) -> list[Words]:
    """−η_i ∂/∂Q_i of ½ tr (P − B)ᵀ (P − B), by the product rule on the words of the loss."""
    P: dict[Word, Expr] = {
        (f"Q{i}", f"Q{j}'"): _rational(c) for (i, j), c in words.product.items() if c
    }
    signal = _sum([P, {("B",): sympy.S.One}], [1, -1])
    loss = _scaled(_times(_transposed(signal), signal), Rational(1, 2))
    found = []
    for i, eta in enumerate(_rates(words)):
        gradient = []
        for word, c in loss.items():
            for n, letter in enumerate(word):
                cyclic = word[n + 1 :] + word[:n]  # the trace: what is left, in the cyclic order
                if letter == f"Q{i}":
                    gradient.append(_transposed({cyclic: c}))
                elif letter == f"Q{i}'":
                    gradient.append({cyclic: c})
        found.append(_scaled(_sum(gradient, [1] * len(gradient)), -eta))
    return found


def _claimed(found: LiftAtAllSizes, i: int) -> Words:
    """Block i of F Q − Q Qᵀ S Q + G Q (Qᵀ J Q)."""
    terms: list[Words] = []
    for (k, j), (plain, turned) in found.force.items():
        if k == i:
            terms += [{("B", f"Q{j}"): plain}, {("B'", f"Q{j}"): turned}]
    for l in range(len(found.S)):
        factor = -found.S[l] + (found.G[i] * found.J[l] if found.J else 0)
        terms.append({(f"Q{i}", f"Q{l}'", f"Q{l}"): factor})
    return _sum(terms, [1] * len(terms))


def _times(one: Words, other: Words) -> Words:
    return {v + w: c * k for v, c in one.items() for w, k in other.items()}


def _transposed(one: Words) -> Words:
    return {tuple(map(_turned, reversed(word))): c for word, c in one.items()}


def _turned(letter: str) -> str:
    return letter[:-1] if letter.endswith("'") else letter + "'"


def _scaled(one: Words, factor: Expr) -> Words:
    return {word: c * factor for word, c in one.items()}


def _sum(terms: list[Words], factors: list[int]) -> Words:
    found: dict[Word, Expr] = defaultdict(lambda: sympy.Integer(0))
    for one, factor in zip(terms, factors, strict=True):
        for word, c in one.items():
            found[word] += factor * c
    simple = {word: sympy.cancel(c) for word, c in found.items()}
    return {word: c for word, c in simple.items() if c != 0}
