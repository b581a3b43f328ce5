"""Of which solved class the flow of a declared network is under half a square, and its solution.

| class | where | solution |
|---|---|---|
| linear | velocities of invariants or weights are linear | exponentials |
| logistic, Riccati | one quadratic form of the weights alone, H³ = κ² H | rational in exponentials |
| separable | one coefficient alone, laws leave one variable | p² = q(w); by ℘ up to degree 4 |
| matrix Riccati | Z = Q Qᵀ, everywhere or on a leaf of a law | matrix exponential |
| Lotka-Volterra | invariants multiply their own velocities | none, unless they do not meet |

Blocks that do not feel one another are recognised one by one. That none applies is a statement about
this search.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy
from flint import fmpq
from sympy import Expr, Matrix, Symbol

from symbolic.architecture.fields import fields, terms
from symbolic.architecture.instance import Instance
from symbolic.laws.absorbed import Absorbed, absorbed, expression, number, rate
from symbolic.laws.absorbed_ring import AbsorbedRing
from symbolic.laws.ansatz import Law, polynomial_laws
from symbolic.laws.blocks import Block, are_orthonormal, independent_blocks
from symbolic.laws.gram import gram, hessian, matrix, riccati_form
from symbolic.laws.rank import independent
from symbolic.laws.recognition import NONE, recognised
from symbolic.laws.reduced_flow import letter, names, reduced_flow
from symbolic.laws.reduction import Linear, Potential, potentials, white_system
from symbolic.laws.ring import Ring
from symbolic.proof.certificate import Certificate, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided
from symbolic.reduced import elliptic, linear_field, linear_flow, matrix_riccati
from symbolic.reduced.curve import Curve, Letters, curves, simplest
from symbolic.reduced.elliptic import Elliptic
from symbolic.reduced.linear_flow import LinearFlow
from symbolic.reduced.matrix_riccati import MatrixRiccati
from symbolic.reduced.solution import Solution, all_proved

DRAWN = (3, -1, 4, 1, -5, 9, 2, -6)  # targets at which a quadratic system is classified
SQUARES = ("any", "square", "half_square")
AT_REST = "at rest"
SEARCHED = (
    "linear",
    "logistic",
    "Riccati",
    "separable",
    "matrix Riccati",
    "matrix Riccati on a leaf of a law",
    "Lotka-Volterra",
)


@dataclass(frozen=True)
class Recognised:
    """A block and its class.

    Attributes:
        kind: the class.
        weights: of the block.
        variables: what its equations are of, defined in terms of weights.
        equations: their velocities in time.
        outputs: the coefficients c_k of the outputs, in the variables.
        solution: where there is one.
        curve: on which a coordinate runs, where one variable is left.
        certificates: what was proved of class, equations and solution.
        in_warp: the coordinate of the curve as a function of the warp, where it is of degree 4 or less.
    """

    kind: str
    weights: tuple[Symbol, ...]
    variables: Mapping[Symbol, Expr]
    equations: Mapping[Symbol, Expr]
    outputs: Mapping[int, Expr]
    solution: Solution | MatrixRiccati | LinearFlow | None
    curve: Curve | None
    certificates: tuple[Certificate, ...]
    in_warp: Elliptic | None = None


@dataclass(frozen=True)
class Recognition:
    """The classes of a network's blocks.

    Attributes:
        kind: the classes, joined by "and".
        blocks: one by one.
        targets: y_k, the mean of target times monomial, of each potential.
        potentials: which coefficient of which output c_k is.
        searched: the classes that were tried.
    """

    kind: str
    blocks: tuple[Recognised, ...]
    targets: tuple[Symbol, ...]
    potentials: tuple[Potential, ...]
    searched: tuple[str, ...]

    @property
    def has_one_clock(self) -> bool:
        """Whether one signal moves all weights: then one scalar equation is left, for any loss.

        In the warp of the one coefficient c, ds/dt = −∂L/∂c; the curve, and the weights as functions of
        the clock, are those of every loss, and only t is another.
        """
        return len(self.potentials) == 1


def recognise(instance: Instance) -> Recognition:
    """Recognise the flow under half a square on white data (or on the points of a declaration).

    Args:
        instance: with polynomial outputs.

    Raises:
        DoesNotApply: where the loss is no square, outputs are no polynomials, or white data do not say
            what is needed of the data.
    """
    whole = given(instance)
    if not whole.potentials:
        return _at_rest(whole)
    return recognition_of(whole, independent_blocks(whole.potentials))


def given(instance: Instance) -> Given:
    """An instance, its ring, coefficients, rates and targets.

    Args:
        instance: with polynomial outputs.

    Raises:
        DoesNotApply: as in `recognise`.
    """
    if instance.model.loss not in SQUARES:
        raise DoesNotApply(
            f"the loss is {instance.model.loss}: what is searched for is of a square"
        )
    ring = Ring(instance.names, fields(instance))
    try:
        found = potentials(instance, ring)
    except ValueError as error:
        raise DoesNotApply(str(error)) from None
    if not are_orthonormal(instance, found):
        raise DoesNotApply(
            "outputs are not linear in each input: white data do not fix their moments"
        )
    targets = names("y", len(found), instance)
    return Given(instance, ring, tuple(found), absorbed(instance, found), targets)


def recognition_of(whole: Given, blocks: Sequence[Block]) -> Recognition:
    """Block by block."""
    found = tuple(whole.recognised(block) for block in blocks)
    kind = " and ".join(dict.fromkeys(block.kind for block in found))
    return Recognition(kind, found, whole.targets, whole.potentials, SEARCHED)


def _at_rest(whole: Given) -> Recognition:
    """No output depends on a weight: none moves, under any loss."""
    weights, ring = whole.rates.weights, AbsorbedRing(whole.instance)
    proof = Certificate("no output depends on a weight", ring.outputs_are(()))
    start: dict[Expr, Symbol] = {w: Symbol(f"{w}^0", real=True) for w in weights}
    stays = Solution(start, {}, start, start, "everywhere", all_proved([proof]))
    still = dict.fromkeys(weights, sympy.Integer(0))
    block = Recognised(
        AT_REST, weights, {w: w for w in weights}, still, {}, stays, None, stays.certificates
    )
    return Recognition(AT_REST, (block,), (), (), SEARCHED)


@dataclass(frozen=True)
class Given:
    """A network whose blocks are recognised.

    Attributes:
        instance: the network.
        ring: of its absorbed weights.
        potentials: coefficients of its outputs.
        rates: how they are absorbed.
        targets: of the potentials.
    """

    instance: Instance
    ring: Ring
    potentials: tuple[Potential, ...]
    rates: Absorbed
    targets: tuple[Symbol, ...]

    def recognised(self, block: Block) -> Recognised:
        """The class of a block."""
        if all(max(map(sum, terms(self.potentials[k].value))) == 1 for k in block.potentials):
            return self._linear(block)
        if len(block.potentials) == 1:
            return self._one_form(block) or self._separable(block)
        return self._matrix_riccati(block) or self._quadratic(block)

    def _weights(self, block: Block) -> tuple[Symbol, ...]:
        return tuple(self.rates.weights[i] for i in block.weights)

    def _output(self, k: int) -> Expr:
        """c_k in terms of the weights."""
        potential = self.potentials[k]
        return self.rates.scales[k] * self.rates.written(potential.value) + number(
            potential.constant
        )

    def _velocities(self, block: Block) -> dict[Symbol, Expr]:
        """Of the weights: −η ∂L/∂θ."""
        outputs = {k: self._output(k) for k in block.potentials}
        return {
            w: rate(self.instance.rates[i])
            * sum(
                ((self.targets[k] - c) * sympy.diff(c, w) for k, c in outputs.items()),
                sympy.Integer(0),
            )
            for i, w in zip(block.weights, self._weights(block), strict=True)
        }

    def _linear(self, block: Block) -> Recognised:
        weights, velocities = self._weights(block), self._velocities(block)
        solution = linear_flow.solved(weights, list(map(sympy.expand, velocities.values())))
        outputs = {k: self._output(k) for k in block.potentials}
        return Recognised(
            "linear", weights, {w: w for w in weights}, velocities, outputs, solution, None,
            solution.certificates,
        )  # fmt: skip

    def _one_form(self, block: Block) -> Recognised | None:
        """One quadratic form of the weights."""
        (k,) = block.potentials
        potential, rho = self.potentials[k], self.rates.scales[k]
        form = hessian(potential)
        if form is None:
            return None
        H = Matrix(matrix(form, block.weights))
        if linear_field.rate_squared(H) is None:
            return None
        f = names("f", len(self.potentials), self.instance)[k]
        letters = linear_field.Letters(
            P=letter("P", self.instance, real=True),
            Q=letter("Q", self.instance, real=True),
            R=letter("R", self.instance, real=True),
            a=letter("a", self.instance, positive=True),
        )
        solution = linear_field.solved(
            H,
            [self.rates.absorbed[i] for i in block.weights],
            (rho, self.rates.speed * rho, self.targets[k], number(potential.constant)),
            f,
            letters,
        )
        kind = "logistic" if solution.constants[letters.Q] == 0 else "Riccati"
        return Recognised(
            kind, self._weights(block), {f: self._output(k)}, self._velocities(block), {k: f},
            solution, None, solution.certificates,
        )  # fmt: skip

    def _separable(self, block: Block) -> Recognised:
        """One coefficient of any degree, whose laws leave one variable."""
        (k,) = block.potentials
        potential, rho = self.potentials[k], self.rates.scales[k]
        field = {i: terms(potential.value.derivative(i)) for i in block.weights}
        kept: list[Law] = []
        for law in polynomial_laws([field], self.instance.weights):
            inside = all(i in block.weights for factors in law for i in factors)
            if inside and independent([*kept, law], (), self.instance.weights) > len(kept):
                kept.append(law)
        curve = None
        if len(kept) == len(block.weights) - 1:
            letters = Letters(
                letter("w", self.instance, real=True),
                letter("p", self.instance, real=True),
                str(names("E", len(kept), self.instance)[0]).split("_")[0] if kept else "E",
            )
            laws = list(map(self.ring.law, kept))
            curve = simplest(curves(self.ring, potential.value, laws, letters))
        if curve is None:
            return self._open(block, "one clock for all weights: quadrature of the output in it")
        signal = (
            self.rates.speed
            * rho
            * (self.targets[k] - rho * curve.output - number(potential.constant))
        )
        moved = curve.velocities(signal)
        in_warp = self._in_warp(curve, signal)
        definitions = {
            curve.w: self.rates.written(curve.coordinate),
            curve.p: self.rates.written(curve.velocity),
            **{E: self.rates.written(law) for E, law in curve.laws.items()},
        }
        return Recognised(
            f"separable, {curve.kind}",
            self._weights(block),
            definitions,
            dict(zip((curve.w, curve.p), moved, strict=True)),
            {k: rho * curve.output + number(potential.constant)},
            None,
            curve,
            all_proved(self._runs_on(curve, potential)) + (in_warp.certificates if in_warp else ()),
            in_warp,
        )

    def _in_warp(self, curve: Curve, signal: Expr) -> Elliptic | None:
        """By elliptic functions, where the degree of the curve allows it."""
        r_1, r_2, r_3, r_4 = names("r", 4, self.instance)
        g_2, g_3 = names("g", 3, self.instance)[1:]
        letters = elliptic.Letters(
            letter("w_0", self.instance, real=True), letter("p_0", self.instance, real=True),
            g_2, g_3, (r_1, r_2, r_3, r_4), letter("s", self.instance, real=True),
        )  # fmt: skip
        try:
            return elliptic.solved(curve, signal, letters)
        except DoesNotApply:
            return None

    def _runs_on(self, curve: Curve, potential: Potential) -> Iterator[Certificate]:
        """By expansion in the weights."""
        weights = self.rates.weights
        at = {curve.w: expression(curve.coordinate, weights)}
        at |= {E: expression(law, weights) for E, law in curve.laws.items()}
        c = expression(potential.value, weights)

        def along(z: Expr) -> Expr:
            return sum((sympy.diff(z, x) * sympy.diff(c, x) for x in weights), sympy.Integer(0))

        velocity = along(at[curve.w])
        at[curve.p] = velocity
        claims = {
            "(dw/ds)^2 = q(w; laws)": velocity**2 - curve.square.subs(at, simultaneous=True),
            "the output in w, dw/ds and the laws": c - curve.output.subs(at, simultaneous=True),
        }
        claims |= {f"{E} is conserved": along(at[E]) for E in curve.laws}
        for claim, rest in claims.items():
            left = sympy.Poly(rest, *weights)
            yield Certificate(claim, Proved("expansion") if left.is_zero else Undecided(str(left)))

    def _matrix_riccati(self, block: Block) -> Recognised | None:
        own = [self.potentials[k] for k in block.potentials]
        scales = tuple(self.rates.scales[k] for k in block.potentials)
        if len(set(scales)) > 1 or (found := gram(own, block.weights)) is None:
            return None
        form = riccati_form(found)
        if form is None:
            return None
        others = [p for k, p in enumerate(self.potentials) if k not in block.potentials]
        solution = matrix_riccati.solved(
            self.instance,
            own,
            dataclasses.replace(self.rates, scales=scales),
            found,
            form,
            [self.targets[k] for k in block.potentials],
            others,
        )
        kind = "matrix Riccati" if form.J is None else "matrix Riccati on a leaf of a law"
        entries = matrix_riccati.entries(self.instance, solution.size)
        Z = Matrix(solution.size, solution.size, lambda a, b: entries[min(a, b), max(a, b)])
        moved = solution.velocity(Z)
        product = solution.Q * solution.Q.T
        return Recognised(
            kind,
            self._weights(block),
            {z: product[place] for place, z in entries.items()},
            {z: moved[place] for place, z in entries.items()},
            dict(zip(block.potentials, solution.output(Z), strict=True)),
            solution,
            None,
            solution.certificates,
        )

    def _quadratic(self, block: Block) -> Recognised:
        """The closed flow in invariants, if there is one, by the class of its quadratic system."""
        try:
            flow = reduced_flow(self.instance)
        except DoesNotApply as reason:
            return self._open(block, str(reason))
        weights = set(self._weights(block))
        places = [i for i, z in enumerate(flow.definitions) if z.free_symbols & weights]
        drawn = [fmpq(one) for one in DRAWN]
        system = white_system(
            flow.action, [drawn[k % len(drawn)] for k in range(len(self.targets))]
        )
        kind = recognised([_renumbered(system[i], places) for i in places])
        velocities = flow.white(self.targets)
        z = [flow.variables[i] for i in places]
        solution = None
        if kind == "linear":
            solution = linear_flow.solved(z, [velocities[i] for i in places])
        return Recognised(
            kind,
            self._weights(block),
            {flow.variables[i]: flow.definitions[i] for i in places},
            {flow.variables[i]: velocities[i] for i in places},
            {k: flow.outputs[k] for k in block.potentials},
            solution,
            None,
            flow.certificates,
        )

    def _open(self, block: Block, reason: str) -> Recognised:
        """No class: the raw flow of the block."""
        weights = self._weights(block)
        outputs = {k: self._output(k) for k in block.potentials}
        return Recognised(
            f"{NONE} ({reason})",
            weights,
            {w: w for w in weights},
            self._velocities(block),
            outputs,
            None,
            None,
            (),
        )


def _renumbered(equation: Linear, places: Sequence[int]) -> Linear:
    place = {old: new for new, old in enumerate(places)}
    return {tuple(place[k] for k in m): c for m, c in equation.items()}
