"""Mutants of the formulas behind the named models: each function changed in one place of its text.

A sign, an operation, a number, an exponent, two arguments for each other; the changed function stands in
its module while properties are tried, and must be refuted. What has the same value at random points is
no change, and counted apart.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import random
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from mpmath import MPContext

from numeric.generated.chains import clock
from numeric.generated.lifts import single_neuron, two_layer_linear
from numeric.methods.lifted import observed
from numeric.methods.riccati import crossing
from numeric.namespaces import Mpmath
from verify.oracle.named.reference import Case
from verify.properties.check import Violation
from verify.properties.named import agreement, clocks, laws
from verify.properties.named.check import Property, first_violation, properties

LIFT = ("force", "brake", "lifted", "law")
CLOCKS = ("balanced_head", "balanced_term", "balanced_at_zero", "two", "simple", "power", "three",
          "four", "balanced_below", "balanced_beyond", "balanced_away",
          *(f"balanced_{L}_{way}" for L in (2, 3, 4, 6) for way in ("toward", "away")))  # fmt: skip
FORMULAS: dict[str, tuple[tuple[ModuleType, tuple[str, ...]], ...]] = {
    "single_neuron": (
        (single_neuron, LIFT),
        (observed, ("norm", "alignment", "kernel", "distance")),
        (crossing, ("_of_two",)),
    ),
    "deep_linear": ((two_layer_linear, LIFT),),
    "chain": ((clock, CLOCKS),),
    "relu_neuron": ((crossing, ("_of_two",)),),
}
"""By model: modules, and functions of them that are formulas."""
OTHER = {ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult}
WORDS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**"}
KEPT = ("xp", "mp", "rates", "moment", "projector", "terms")  # no numbers to take for each other
SIGNS = ("side", "sigma", "s")  # arguments that are 1 or -1
UP_TO_SCALE = ("kernel",)  # of it only the direction is seen
POINTS, CLOSE = 3, 1e-25
REFUTING: tuple[Property, ...] = (
    agreement.starts_at_the_start, clocks.clocks_agree, laws.drifts_exactly, laws.keeps_its_laws,
    agreement.passes_zero, agreement.agrees_with_descent,
)  # fmt: skip
"""The fast ones, which see every formula."""
PLACES = ("v", "gap", "above", "factor", "logarithm", "x_1", "x_2", "x_3", "p")  # of a clock
MANY = 6  # arguments, of which only operations are changed
SECONDS = 2.0  # that a property of a mutant may take on one problem


@dataclass(frozen=True)
class Mutant:
    """A changed function.

    Attributes:
        module: in which it stands.
        function: its name.
        change: what was done, in words.
        text: the changed function.
    """

    module: ModuleType
    function: str
    change: str
    text: str

    def __str__(self) -> str:
        return f"{self.module.__name__.rpartition('.')[2]}.{self.function}, {self.change}"

    def made(self) -> Callable[..., Any]:
        """The changed function."""
        space = dict(vars(self.module))
        exec(compile(self.text, f"<{self}>", "exec"), space)
        found: Callable[..., Any] = space[self.function]
        return found


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Attributes:
        mutant: the mutant.
        refuted_by: the comparison it violates, or None.
        is_no_change: whether its values are those of the original.
    """

    mutant: Mutant
    refuted_by: Violation | None
    is_no_change: bool = False

    @property
    def survived(self) -> bool:
        """Neither refuted nor no change: a hole in the checks."""
        return self.refuted_by is None and not self.is_no_change


def mutants(model: str) -> Iterator[Mutant]:
    """All mutants of the formulas of a model."""
    for module, names in FORMULAS[model]:
        for name in names:
            text = textwrap.dedent(inspect.getsource(getattr(module, name)))
            tree, seen = ast.parse(text), {ast.unparse(ast.parse(text))}
            for change, changed in _changes(tree):
                found = ast.unparse(ast.fix_missing_locations(changed))
                if found not in seen:
                    seen.add(found)
                    yield Mutant(module, name, change, found)


def judge_all(cases: Sequence[Case], some: Iterable[Mutant] | None = None) -> Iterator[Verdict]:
    """Verdicts on mutants of the formulas of the model of some problems.

    Args:
        cases: the problems with their descent.
        some: mutants; all of them unless given.

    Raises:
        ValueError: when the original itself violates a property.
    """
    own = first_violation(cases, wanted=_refuting(cases), limit=None)
    if own is not None:
        raise ValueError(f"the original violates {own.where}: that reference would refute anything")
    for mutant in mutants(cases[0].problem.model) if some is None else some:
        yield judge(cases, mutant)


def _refuting(cases: Sequence[Case]) -> list[Property]:
    return [one for one in properties(cases) if one in REFUTING]


def judge(cases: Sequence[Case], mutant: Mutant) -> Verdict:
    """Try to refute one mutant."""
    if is_no_change(mutant):
        return Verdict(mutant, None, True)
    with standing(mutant):
        return Verdict(mutant, first_violation(cases, wanted=_refuting(cases), limit=SECONDS))


@contextlib.contextmanager
def standing(mutant: Mutant) -> Iterator[None]:
    """The changed function in place of the original."""
    original = getattr(mutant.module, mutant.function)
    setattr(mutant.module, mutant.function, mutant.made())
    try:
        yield
    finally:
        setattr(mutant.module, mutant.function, original)


def is_no_change(mutant: Mutant) -> bool:
    """Whether both functions have the same values, to 25 digits, at random points."""
    original, changed = getattr(mutant.module, mutant.function), mutant.made()
    draw = random.Random(0)
    try:
        for _ in range(POINTS):
            arguments = _arguments(original, draw)
            one, other = original(**arguments), changed(**arguments)
            if mutant.module is clock:  # a time up to a constant: of two places the difference
                moved = arguments | {
                    n: arguments[n] * (k + 2) for k, n in enumerate(PLACES) if n in arguments
                }
                one, other = one - original(**moved), other - changed(**moved)
            if mutant.function in UP_TO_SCALE:
                one, other = ([z / of[0] for z in of] for of in (one, other))
            if not _are_equal(one, other):
                return False
    except Exception:  # a change of what cannot be computed is one
        return False
    return True


def _arguments(function: Callable[..., Any], draw: random.Random) -> dict[str, Any]:
    """Numbers of the domain for every argument, by its name."""
    mp = MPContext()
    mp.dps = 40

    def number() -> Any:
        return mp.mpf(draw.randint(100, 400)) / 512

    special: dict[str, Callable[[], Any]] = {
        "rates": lambda: {n: number() for n in ("eta_a", "eta_w", "eta_U", "eta_V")},
        "L": lambda: mp.mpf(draw.choice((3, 4, 5))),
        "j": lambda: mp.mpf(draw.choice((2, 3))),
        "xp": lambda: _Special(mp),
        "mp": lambda: mp,
        "terms": lambda: [(2 * number(), -number()), (-number(), 3 * number())],
        "projector": lambda: [[number() for _ in range(2)] for _ in range(2)],
    }
    vectors = ("w", "target", "values", "first", "second")
    found = {}
    for name in inspect.signature(function).parameters:
        if name in SIGNS:
            found[name] = mp.mpf(draw.choice((-1, 1)))
        elif name in vectors:
            found[name] = [number() for _ in range(2)]
        elif name == "rates" and function.__module__ == observed.__name__:
            found[name] = (number(), number())
        else:
            found[name] = special.get(name, number)()
    return found


class _Special(Mpmath):
    """mpmath with the functions of the clocks."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.elliprj, self.elliprf, self.hyp2f1 = context.elliprj, context.elliprf, context.hyp2f1
        self.atan, self.log = context.atan, context.log


def _are_equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(_are_equal(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(_are_equal, one, other))
    return bool(abs(one - other) <= CLOSE * (abs(one) + abs(other)))


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """The tree with one node of its arithmetic changed, each time another."""
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    names = [one.arg for one in function.args.args if one.arg not in KEPT]
    stored = (
        z.id for z in ast.walk(function) if isinstance(z, ast.Name) and isinstance(z.ctx, ast.Store)
    )
    names = list(dict.fromkeys([*names, *stored]))
    products = [
        z
        for z in ast.walk(tree)
        if isinstance(z, ast.BinOp) and isinstance(z.op, ast.Mult | ast.Div)
    ]
    factors = {id(z) for one in products for z in (one.left, one.right)}
    for place, node in enumerate(ast.walk(tree)):
        for change, make in _at(node, names, factors):
            changed = copy.deepcopy(tree)
            target = next(z for k, z in enumerate(ast.walk(changed)) if k == place)
            try:
                other = make(target)
            except LookupError:
                continue
            yield change, _Replace(target, other).visit(changed)


Make = Callable[[Any], ast.expr]


def _at(node: ast.AST, names: Sequence[str], factors: set[int]) -> Iterator[tuple[str, Make]]:
    text = ast.unparse(node) if isinstance(node, ast.expr) else ""
    if isinstance(node, ast.BinOp):
        if (kind := OTHER.get(type(node.op))) is not None:
            words = f"{WORDS[kind]} in {text}"
            yield words, lambda z: ast.BinOp(z.left, kind(), z.right)
        if isinstance(node.op, ast.Add | ast.Sub):
            yield f"{ast.unparse(node.right)} left out", lambda z: z.left
            yield f"{ast.unparse(node.left)} left out", lambda z: z.right
        if isinstance(node.op, ast.Pow):
            more = ast.Constant(1)
            yield (
                f"exponent of {text}",
                lambda z: ast.BinOp(z.left, ast.Pow(), ast.BinOp(z.right, ast.Add(), more)),
            )
        if id(node) not in factors:  # a product has one sign
            yield f"sign of {text}", lambda z: ast.UnaryOp(ast.USub(), z)
            yield f"twice {text}", lambda z: ast.BinOp(ast.Constant(2), ast.Mult(), z)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield f"sign of {text}", lambda z: z.operand
    elif isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        yield from _of_rates(node)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        other = names[(names.index(node.id) + 1) % len(names)]
        if len(names) <= MANY and other != node.id:
            yield f"{other} for {node.id}", lambda z: ast.Name(other, ast.Load())


def _of_rates(node: ast.Subscript) -> Iterator[tuple[str, Make]]:
    """One rate for the other."""
    pairs = {"eta_a": "eta_w", "eta_w": "eta_a", "eta_U": "eta_V", "eta_V": "eta_U"}
    key = node.slice.value if isinstance(node.slice, ast.Constant) else None
    if isinstance(key, str) and key in pairs:
        yield (
            f"{pairs[key]} for {key}",
            lambda z: ast.Subscript(z.value, ast.Constant(pairs[key]), ast.Load()),
        )


class _Replace(ast.NodeTransformer):
    """One node for another, and its operands as they are."""

    def __init__(self, target: ast.AST, other: ast.expr) -> None:
        self._target, self._other = target, other

    def visit(self, node: ast.AST) -> Any:
        """The other node in place of the one."""
        return self._other if node is self._target else self.generic_visit(node)


def count(model: str) -> int:
    """How many mutants there are."""
    return sum(1 for _ in mutants(model))
