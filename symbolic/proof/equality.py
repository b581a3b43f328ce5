"""Equality with three answers: proved, refuted with a witness, undecided.

*Proved* means a decision procedure said so. An expression is brought to a quotient of two
polynomials with rational coefficients (`fmpq_mpoly`), where every radical and every exponential is
a generator with its relation: √A becomes g with g² → A, exp(c·z) becomes a power of the generator
of exp(z), cos²z → 1 − sin²z, |z|² → z²; any other function of an argument is a generator without
relations. Conditions are decided in every way. The numerator reduces to the zero polynomial, or
nothing is proved.

*Refuted* carries a witness: exact rational values within the symbols' assumptions at which an Arb
ball of the difference excludes zero. Everything else is *undecided* and never counts as proved.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import sympy
from flint import arb, fmpq, fmpq_mpoly, fmpq_mpoly_ctx
from sympy import Expr
from sympy.codegen.cfunctions import expm1
from sympy.concrete.expr_with_limits import ExprWithLimits
from sympy.core.relational import Relational

from symbolic.proof.enclosure import EnclosureError, enclose, holds


@dataclass(frozen=True)
class Proved:
    """The difference is zero, by the normal form."""

    how: str = "normal form"


@dataclass(frozen=True)
class Refuted:
    """The difference is not zero: `ball` encloses it at `witness` and excludes 0."""

    witness: Mapping[str, str]
    ball: str


@dataclass(frozen=True)
class Undecided:
    """Neither proved nor refuted; `tried` says what was done."""

    tried: str


Verdict = Proved | Refuted | Undecided
Quotient = tuple[fmpq_mpoly, fmpq_mpoly]


NO_NUMBERS = (sympy.oo, -sympy.oo, sympy.zoo, sympy.nan)


class NormalFormError(ValueError):
    """An expression outside what the normal form decides (the verdict is then undecided)."""


@dataclass
class _Field:
    """Quotients of polynomials over named generators, with squares to be reduced."""

    squares: dict[Expr, Expr]
    atoms: list[Expr] = field(default_factory=list)
    radicals: dict[Expr, Expr] = field(default_factory=dict)
    exponentials: dict[Expr, list[sympy.Rational]] = field(default_factory=dict)

    def scan(self, expression: Expr) -> None:
        """Collect generators, inner ones first."""
        if expression in NO_NUMBERS or isinstance(expression, sympy.AccumBounds):
            raise NormalFormError(f"{expression} is no number")
        if isinstance(expression, sympy.Rational):
            return
        if isinstance(expression, sympy.exp):
            for term, coefficient in _exponent_terms(expression.exp):
                self.exponentials.setdefault(term, []).append(coefficient)
            return
        if isinstance(expression, sympy.Add | sympy.Mul):
            for part in expression.args:
                self.scan(part)
            return
        if isinstance(expression, sympy.Pow) and isinstance(expression.exp, sympy.Rational):
            self.scan(expression.base)
            if expression.exp.q == 2:
                self.radicals.setdefault(sympy.sqrt(expression.base), expression.base)
            elif expression.exp.q != 1:
                raise NormalFormError(f"root of order {expression.exp.q}: {expression}")
            return
        if isinstance(expression, sympy.Pow) and self._scan_symbolic_power(expression):
            return
        if isinstance(expression, sympy.Piecewise):
            raise NormalFormError(f"a condition is left open: {expression}")
        if isinstance(expression, sympy.Abs) and expression.args[0].is_extended_real:
            self.squares.setdefault(expression, expression.args[0] ** 2)
        if isinstance(expression, sympy.cos):
            self.squares.setdefault(expression, 1 - sympy.sin(*expression.args) ** 2)
        if expression not in self.atoms:
            self.atoms.append(expression)
            if expression in self.squares:
                self.scan(self.squares[expression])

    def _scan_symbolic_power(self, expression: sympy.Pow) -> bool:
        """h^(2β+k) is the square of the generator h^β times a power of h, for a symbolic β."""
        terms = _exponent_terms(expression.exp)
        if len(terms) == 1 and terms[0][1] == 1:
            return False
        for term, coefficient in terms:
            if term != 1 and coefficient.q != 1:
                raise NormalFormError(f"root of a symbolic power: {expression}")
            self.scan(expression.base ** (coefficient if term == 1 else term))
        return True

    def build(self) -> None:
        """Fix the generators and the polynomial ring."""
        roots = [root for root in self.radicals if root not in self.atoms]
        names = [f"g{index}" for index in range(len(self.atoms) + len(roots))]
        names += [f"e{index}" for index in range(len(self.exponentials))]
        self.ring = fmpq_mpoly_ctx.get(names or ["g0"], "lex")
        generators = list(self.ring.gens())
        self.generator = dict(zip([*self.atoms, *roots], generators, strict=False))
        bases = generators[len(self.atoms) + len(roots) :]
        self.base = {}
        for (term, coefficients), generator in zip(self.exponentials.items(), bases, strict=False):
            unit = coefficients[0]
            for coefficient in coefficients[1:]:
                unit = sympy.gcd(unit, coefficient)
            self.base[term] = (abs(unit), generator)
        order = {expression: index for index, expression in enumerate(self.generator)}
        self.reductions = {}
        for expression, base in [*self.squares.items(), *self.radicals.items()]:
            if expression in order:
                self.reductions[order[expression]] = self.quotient(base)

    def constant(self, value: sympy.Rational) -> fmpq_mpoly:
        """A rational number as a polynomial."""
        return self.ring.constant(fmpq(int(value.p), int(value.q)))

    def quotient(self, expression: Expr) -> Quotient:
        """Numerator and denominator of `expression`, reduced by the relations."""
        one = self.ring.constant(1)
        if isinstance(expression, sympy.Rational):
            return self.constant(expression), one
        if expression in self.generator:
            return self.generator[expression], one
        if isinstance(expression, sympy.exp):
            return self._exponential(expression.exp)
        if isinstance(expression, sympy.Pow) and not expression.exp.is_Rational:
            result = (one, one)
            for term, coefficient in _exponent_terms(expression.exp):
                symbolic = self.quotient(expression.base ** (coefficient if term == 1 else term))
                power = 1 if term == 1 else int(coefficient)
                result = self._multiply(result, self._power(symbolic, power))
            return result
        if isinstance(expression, sympy.Pow):
            base, exponent = expression.base, expression.exp
            if exponent.q == 2:
                base, exponent = sympy.sqrt(base), sympy.Integer(exponent.p)
            return self._power(self.quotient(base), int(exponent))
        parts = [self.quotient(part) for part in expression.args]
        total = parts[0]
        for part in parts[1:]:
            total = self._add(total, part) if expression.is_Add else self._multiply(total, part)
        return total

    def _add(self, left: Quotient, right: Quotient) -> Quotient:
        if left[1] == right[1]:
            return self.reduce(left[0] + right[0], left[1])
        return self.reduce(left[0] * right[1] + right[0] * left[1], left[1] * right[1])

    def _multiply(self, left: Quotient, right: Quotient) -> Quotient:
        return self.reduce(left[0] * right[0], left[1] * right[1])

    def _power(self, base: Quotient, exponent: int) -> Quotient:
        if exponent < 0:
            base, exponent = (base[1], base[0]), -exponent
        if base[1] == 0:
            raise NormalFormError("division by an expression that is identically zero")
        result = (self.ring.constant(1), self.ring.constant(1))
        for _ in range(exponent):
            result = self._multiply(result, base)
        return result

    def _exponential(self, exponent: Expr) -> Quotient:
        result = (self.ring.constant(1), self.ring.constant(1))
        for term, coefficient in _exponent_terms(exponent):
            unit, generator = self.base[term]
            power = (generator, self.ring.constant(1))
            result = self._multiply(result, self._power(power, int(coefficient / unit)))
        return result

    def reduce(
        self, numerator: fmpq_mpoly, denominator: fmpq_mpoly
    ) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        """Replace squares by their values and cancel the common factor."""
        for index, (top, bottom) in getattr(self, "reductions", {}).items():
            numerator, scale = self._replace_square(numerator, index, top, bottom)
            denominator *= scale
            denominator, scale = self._replace_square(denominator, index, top, bottom)
            numerator *= scale
        if denominator == 0:
            # The relations can make a product of nonzero factors zero: c² = s² and (c − s)(c + s).
            raise NormalFormError("division by an expression that is identically zero")
        if numerator == 0:
            return numerator, self.ring.constant(1)
        common = numerator.gcd(denominator)
        return numerator / common, denominator / common

    def _replace_square(
        self, polynomial: fmpq_mpoly, index: int, top: fmpq_mpoly, bottom: fmpq_mpoly
    ) -> tuple[fmpq_mpoly, fmpq_mpoly]:
        one = self.ring.constant(1)
        if polynomial == 0 or polynomial.degrees()[index] < 2:
            return polynomial, one
        half = polynomial.degrees()[index] // 2
        by_power: dict[tuple[int, int], dict[tuple[int, ...], fmpq]] = {}
        for exponents, coefficient in polynomial.to_dict().items():
            rest = list(exponents)
            squares, rest[index] = divmod(rest[index], 2)
            by_power.setdefault((squares, half - squares), {})[tuple(rest)] = coefficient
        result = self.ring.constant(0)
        for (squares, missing), terms in by_power.items():
            result += self.ring.from_dict(terms) * top**squares * bottom**missing
        return result, bottom**half


def _exponent_terms(exponent: Expr) -> list[tuple[Expr, sympy.Rational]]:
    """Split an exponent into rational multiples of terms."""
    terms = []
    for term in sympy.Add.make_args(sympy.expand(exponent)):
        coefficient, rest = term.as_coeff_Mul()
        if not isinstance(coefficient, sympy.Rational):
            raise NormalFormError(f"exponent {exponent} is not a rational combination")
        terms.append((rest, coefficient))
    return terms


def _elementary(expression: Expr) -> Expr:
    """Hyperbolic functions and expm1 by exponentials, tangents by sines."""
    expression = expression.replace(expm1, lambda z: sympy.exp(z) - 1)
    for head in (sympy.cosh, sympy.sinh, sympy.tanh, sympy.coth):
        expression = expression.replace(head, lambda z, head=head: head(z).rewrite(sympy.exp))
    expression = expression.replace(
        lambda part: isinstance(part, sympy.polylog) and part.args[0] == 1, sympy.expand_func
    )
    for head, ratio in ((sympy.tan, 1), (sympy.cot, -1)):
        expression = expression.replace(
            head, lambda z, ratio=ratio: (sympy.sin(z) / sympy.cos(z)) ** ratio
        )
    return expression


def cases(expression: Expr) -> list[Expr]:
    """The expression without conditions, once for every way in which they can be decided.

    Conditions inside a sum or an integral may hold for some of its terms and fail for others: they
    stay, and the sum is one atom.
    """
    hidden = {part: sympy.Dummy() for part in _with_bound_conditions(expression)}
    shown = {name: part for part, name in hidden.items()}
    return [case.xreplace(shown) for case in _decided(expression.xreplace(hidden))]


def _with_bound_conditions(expression: Expr) -> set[Expr]:
    """Sums, integrals and the like that hold conditions on what they sum or integrate over."""
    return {
        part
        for part in sympy.preorder_traversal(expression)
        if isinstance(part, ExprWithLimits | sympy.Subs) and part.has(sympy.Piecewise)
    }


def _decided(expression: Expr) -> list[Expr]:
    pieces = expression.atoms(sympy.Piecewise)
    conditions = sorted(
        {r for piece in pieces for _, c in piece.args for r in c.atoms(Relational)},
        key=sympy.default_sort_key,
    )
    if not conditions:
        return [expression]
    first = conditions[0]
    decided = (
        expression.xreplace({first: yes, sympy.Not(first): sympy.Not(yes)})
        for yes in (sympy.true, sympy.false)
    )
    return [case for half in decided for case in _decided(half)]


def is_zero_by_normal_form(expression: Expr, squares: Mapping[Expr, Expr] | None = None) -> bool:
    """Whether the normal form of `expression` is zero; False proves nothing.

    Args:
        expression: rational in its atoms, square roots and exponentials.
        squares: relations g² = value for atoms g.

    Raises:
        NormalFormError: for an expression outside the decided class.
    """
    if expression.atoms(sympy.Float):  # wherever it is: in an argument, in an exponent
        raise NormalFormError(f"a float in an exact expression: {expression}")
    if not expression.is_commutative:
        raise NormalFormError(f"factors that do not commute: {expression}")
    expression = _elementary(expression)
    field_ = _Field(dict(squares or {}))
    field_.scan(expression)
    field_.build()
    numerator, _ = field_.reduce(*field_.quotient(expression))
    return bool(numerator == 0)


INTERESTING = tuple(sympy.Rational(*pair) for pair in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3)))


def candidates(symbol: Expr, generator: random.Random) -> Iterable[sympy.Rational]:
    """Exact values within a symbol's assumptions, interesting ones first."""
    sizes = [*INTERESTING, sympy.Rational(generator.randint(1, 99), generator.randint(1, 99))]
    values = [*sizes, *(-size for size in sizes), sympy.Integer(0)]
    # An assumption that is known false of the symbol (is_x is False) excludes values that have it.
    signs = ("is_positive", "is_negative", "is_zero")
    allowed = [
        v for v in values if not any(getattr(v, s) and getattr(symbol, s) is False for s in signs)
    ]
    return [value for value in allowed if not symbol.is_integer or value.is_integer]


def find_witness(
    difference: Expr, given: Iterable[sympy.Basic] = (), points: int = 60, seed: int = 0
) -> Refuted | None:
    """Search exact points at which `difference` is certainly not zero.

    Args:
        difference: the expression to refute.
        given: further conditions a witness must satisfy.
        points: how many points are tried.
        seed: of the search.
    """
    for values, value in evaluated(difference, tuple(given), points, seed):
        if value != 0 and not value.contains(0):
            witness = {str(symbol): str(exact) for symbol, exact in values.items()}
            return Refuted(witness, value.str(12))
    return None


def evaluated(
    expression: Expr, conditions: tuple[sympy.Basic, ...] = (), points: int = 60, seed: int = 0
) -> Iterator[tuple[dict[Expr, sympy.Rational], arb]]:
    """Exact points that satisfy the conditions, with the balls of the expression there."""
    generator = random.Random(seed)
    symbols = sorted(expression.free_symbols.union(*(z.free_symbols for z in conditions)), key=str)
    if not all(list(candidates(symbol, random.Random(seed))) for symbol in symbols):
        return  # a symbol that no number replaces
    for _ in range(points):
        values = {
            symbol: generator.choice(list(candidates(symbol, generator))) for symbol in symbols
        }
        try:
            if all(holds(condition, values) for condition in conditions):
                yield values, enclose(expression, values, limit=1 << 10)
        except (EnclosureError, ZeroDivisionError):
            continue


def _vanishing_divisor(expression: Expr) -> Expr | None:
    """A divisor that encloses zero wherever it can be evaluated: its generators are dependent."""
    for power in expression.atoms(sympy.Pow):
        base = power.base
        roots = [part for part in base.atoms(sympy.Pow) if not part.exp.is_Integer]
        if power.exp.is_negative and (roots or base.atoms(sympy.Function)):
            balls = [ball for _, ball in evaluated(base, points=20)]
            if balls and all(ball.contains(0) for ball in balls):
                return base
    return None


def prove_zero(
    difference: Expr,
    squares: Mapping[Expr, Expr] | None = None,
    given: Iterable[sympy.Basic] = (),
) -> Verdict:
    """Decide whether `difference` is zero for all values its symbols' assumptions allow.

    Args:
        difference: left side minus right side.
        squares: relations g² = value for atoms g; a witness search then is not attempted, since the
            atoms are not free.
        given: conditions for the witness search.
    """
    try:
        if all(is_zero_by_normal_form(case, squares) for case in cases(difference)):
            divisor = _vanishing_divisor(difference)
            if divisor is None:
                return Proved()
            return Undecided(f"normal form: zero, but {divisor} seems to be zero, and divides")
        tried = "normal form: not zero"
    except NormalFormError as error:
        tried = f"normal form: {error}"
    if squares or difference.atoms(sympy.Indexed, sympy.Sum):
        return Undecided(tried)
    return find_witness(difference, given) or Undecided(tried + "; no witness in 60 points")


def prove_equal(left: Expr, right: Expr, **options: object) -> Verdict:
    """Decide left = right; see `prove_zero`."""
    return prove_zero(left - right, **options)  # type: ignore[arg-type]


def is_proved(verdict: Verdict) -> bool:
    """Whether a verdict is *proved*: undecided counts as no."""
    return isinstance(verdict, Proved)


__all__ = [
    "NormalFormError",
    "Proved",
    "Refuted",
    "Undecided",
    "Verdict",
    "find_witness",
    "is_proved",
    "is_zero_by_normal_form",
    "prove_equal",
    "prove_zero",
]
