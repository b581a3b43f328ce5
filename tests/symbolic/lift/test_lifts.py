"""The lifts, against gradients of the loss that SymPy takes of the declared outputs."""

import itertools
import random
from collections import defaultdict
from dataclasses import replace

import pytest
import sympy
from flint import fmpq, fmpq_mat
from sympy import Matrix, Rational

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.declared import lift as stage
from symbolic.declared.lift import Lift
from symbolic.laws.absorbed import number
from symbolic.laws.gram import gram
from symbolic.laws.reduction import potentials
from symbolic.laws.ring import Ring
from symbolic.lift import one_clock, projective
from symbolic.lift.frame import frame, written
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.proof.verdict import Proved, Undecided


def neuron(n, points=None):
    more = {"data": "points", "points": tuple({"x": x} for x in points)} if points else {}
    return Model(
        name="neuron",
        title="one linear neuron",
        source="own",
        layers={"a": Layer(rate="eta_a"), "w": Layer("n", rate="eta_w")},
        inputs={"x": ("n",)},
        output=lambda w, x, F: w.a * (w.w @ x.x),
        sizes=({"n": n},),
        **more,
    ), {"n": n}


def shelved(name, number=0):
    model = __import__(f"{shelf.__name__}.{name}", fromlist=["MODEL"]).MODEL
    return model, model.sizes[number]


CASES = {
    "one input": neuron(1),
    "two inputs": neuron(2),
    "three inputs": neuron(3),
    "orthogonal points": neuron(3, [(1, 2, 2), (2, 1, -2)]),
    "one point": neuron(3, [(1, 2, 2)]),
    **{f"wide {k}": shelved("two_layer_linear", k) for k in range(4)},
    "on a line": shelved("two_layer_linear_on_a_line"),
    "symmetric": shelved("symmetric_factorisation"),
    "adapter": shelved("lora"),
    "diagonal": shelved("diagonal"),
    "squared": shelved("squared_diagonal"),
}


def coefficients(instance):
    """Of the outputs, by output and monomial of the data."""
    weights, found = sympy.symbols(instance.names, real=True), defaultdict(lambda: sympy.Integer(0))
    entries = [entry for output in instance.outputs for entry in output.entries]
    for o, entry in enumerate(entries):
        for m, c in entry.to_dict().items():
            exponents, data = m[: instance.weights], tuple(map(int, m[instance.weights :]))
            found[o, data] += number(c) * sympy.prod(
                w ** int(e) for w, e in zip(weights, exponents, strict=True)
            )
    return weights, dict(found)


def drawn(draw, symbols):
    return {one: Rational(draw.randrange(-9, 10), draw.randrange(1, 5)) for one in symbols}


def raw_velocity(instance, one, moments, targets):
    """−η ∂L/∂θ of ½ Σ E (f − y)², for the outputs of a block."""
    weights, values = coefficients(instance)
    loss = sympy.Integer(0)
    monomials = one.projective.monomials
    places = [(p.output, p.data) for p in one.potentials]
    for o in dict.fromkeys(o for o, _ in places):
        for m, n in itertools.product(range(len(monomials)), repeat=2):
            first, second = values.get((o, monomials[m]), 0), values.get((o, monomials[n]), 0)
            loss += moments[m, n] * first * second / 2
    loss -= sum(targets[k] * values[place] for k, place in enumerate(places))
    return [
        -sympy.Symbol(rate, positive=True) * sympy.diff(loss, w)
        for w, rate in zip(weights, instance.rates, strict=True)
    ]


class Block:
    """A lifted block with its potentials."""

    def __init__(self, record, one):
        self.lifted, self.projective, self.frame = one, one.projective, one.frame
        self.potentials = [record.potentials[k] for k in one.block.potentials]


def blocks(case):
    instance = Instance(*CASES[case])
    record = stage.derive(instance)
    return instance, [Block(record, one) for one in record.blocks]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("seed", range(2))
def test_the_projected_flow_is_gradient_flow(case, seed):
    """At random weights, targets, rates, and moments of the directions that are found."""
    draw = random.Random(f"{case} {seed}")
    instance, found = blocks(case)
    for one in found:
        white = one.projective.white
        assert white is not None
        directions = [*one.projective.directions, white]
        names = sympy.symbols(instance.names, real=True)
        squares = {r: Rational(draw.randrange(1, 9)) ** 2 for r in dict.fromkeys(instance.rates)}
        rates = {sympy.Symbol(r, positive=True): value for r, value in squares.items()}
        for direction in directions:
            targets = [Rational(draw.randrange(-9, 10)) for _ in one.potentials]
            velocity = raw_velocity(instance, one, written(direction.moments), targets)
            Q, moved = (in_rows(one, w) for w in (names, velocity))
            at = {**rates, **drawn(draw, names)}
            R, truth = rows(one, Q.subs(at)), rows(one, moved.subs(at))
            assert R_velocity(one, direction, R, targets, at) == truth
            assert is_frozen(one, moved.subs(at))


def in_rows(one, entries):
    """Q of weights, or of their velocities: over the roots of the rates."""
    units = one.lifted.rates.units
    return Matrix(
        [
            [entries[column[a]] / units[column[a]] for column in one.frame.gram.columns]
            for a in range(one.frame.gram.size)
        ]
    )


def rows(one, Q):
    K = written(one.frame.columns)
    return (K.T * K).inv() * K.T * Q


def is_frozen(one, moved):
    return all(
        (Matrix([list(map(number, row))]) * moved).is_zero_matrix for row in one.frame.frozen
    )


def R_velocity(one, direction, R, targets, at):
    """With b the moments of monomial and target, less those of what is not trained."""
    places, constants = one.projective.places, [number(p.constant) for p in one.potentials]
    targets = [
        y
        - sum(
            number(direction.moments[m, n]) * c
            for c, (p, n) in zip(constants, places, strict=True)
            if p == o
        )
        for y, (o, m) in zip(targets, places, strict=True)
    ]
    rho, speed = one.lifted.rho.subs(at), one.lifted.rates.speed.subs(at)
    force = sum(
        (y * written(A) for y, A in zip(targets, one.frame.actions, strict=True)),
        sympy.zeros(one.frame.rows),
    )
    found = rho * force * R - rho**2 * R * R.T * written(direction.S) * R
    for J, G in zip(one.frame.laws, direction.G, strict=True):
        found += rho**2 * written(G) * R * (R.T * written(J) * R)
    return speed * found


def test_conditions_are_those_of_white_inputs():
    _, (one,) = blocks("three inputs")
    h = sympy.Matrix(
        3, 3, lambda a, b: sympy.Symbol(f"h_{min(a, b) + 1}{max(a, b) + 1}", real=True)
    )
    (found,) = stage.derive(Instance(*CASES["three inputs"])).conditions
    said = sympy.solve(found, list(h.free_symbols), dict=True)
    assert len(said) == 1
    at = h.subs(said[0])
    assert (
        at == at[0, 0] * sympy.eye(3)
        or at == at[2, 2] * sympy.eye(3)
        or at == at[1, 1] * sympy.eye(3)
    )
    for moments in ([[1, 0, 0], [0, 2, 0], [0, 0, 1]], [[1, 1, 0], [1, 1, 0], [0, 0, 1]]):
        assert one.projective.at(fmpq_mat(moments)) is None
    assert (
        fmpq(3, 2) * identity(4) == one.projective.at(fmpq_mat([[3, 0, 0], [0, 3, 0], [0, 0, 3]])).S
    )


def identity(n):
    return fmpq_mat(n, n, [int(a == b) for a in range(n) for b in range(n)])


def test_points_off_each_other_are_frozen_out():
    """XᵀX = c · projector: what is orthogonal to the points stays; other points are refused."""
    _, (one,) = blocks("orthogonal points")
    ((a, *w),) = one.frame.frozen
    assert a == 0
    assert [c / w[2] for c in w] == [2, -2, 1]
    with pytest.raises(DoesNotApply, match="moments"):
        stage.derive(Instance(*neuron(3, [(1, 2, 2), (2, 1, 0)])))


@pytest.mark.parametrize(
    ("case", "kinds"),
    [
        ("one input", ("PT",)),
        ("two inputs", ("P",)),
        ("wide 3", ("P",)),
        ("on a line", ("PT",)),
        ("symmetric", ("P",)),
        ("diagonal", ("PT", "PT")),
    ],
)
def test_kinds(case, kinds):
    assert stage.derive(Instance(*CASES[case])).kinds == kinds


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("three_layer_linear", "of degree 3, not 2"),
        ("chain_4", "of degree 4, not 2"),
        ("linear_recurrence", "rates weigh its outputs differently"),
        ("convolution", "no second moments of the data allow it"),
        ("diagonal_classes", "the loss is softmax"),
        ("relu", "no polynomials"),
    ],
)
def test_refusals_say_why(name, reason):
    with pytest.raises(DoesNotApply, match=reason):
        stage.derive(Instance(*shelved(name)))


@pytest.mark.parametrize("case", ["two inputs", "wide 3", "adapter", "on a line", "symmetric"])
def test_altered_lifts_are_refuted(case):
    """S, G and the moments, entry by entry."""
    _, found = blocks(case)
    for one in found:
        whole = one.projective
        (first, *rest) = whole.directions
        assert isinstance(projective.certified(whole), Proved)
        altered = [replace(first, S=more) for more in raised(first.S)]
        altered += [replace(first, moments=more) for more in raised(first.moments, symmetric=True)]
        for j, G in enumerate(first.G):
            altered += [
                replace(first, G=(*first.G[:j], more, *first.G[j + 1 :])) for more in raised(G)
            ]
        for direction in altered:
            wrong = replace(whole, directions=(direction, *rest))
            assert isinstance(projective.certified(wrong), Undecided), direction


@pytest.mark.parametrize("case", ["two inputs", "wide 3", "adapter"])
def test_the_same_flow_in_another_gauge_is_refused(case):
    """S + J and G + 1 are the same cubic part, and S A is not symmetric."""
    _, (one,) = blocks(case)
    (first, *rest), (J, *_) = one.projective.directions, one.frame.laws
    unit = fmpq_mat(*[one.frame.rows] * 2, [int(a == b) for a, b in one_by_one(one.frame.rows)])
    (G, *others) = first.G
    turned = replace(first, S=first.S + J, G=(G + unit, *others))
    wrong = replace(one.projective, directions=(turned, *rest))
    assert projective.certified(wrong) == Undecided("S A is not symmetric")


def one_by_one(size):
    return itertools.product(range(size), repeat=2)


def test_a_lift_of_one_hidden_unit_is_refuted_for_two():
    """Under moments with tr(Z) Q, which is Z Q for one column alone."""
    model = Model(
        name="squares", title="sums of squares", source="own",
        layers={"W": Layer("h", "n")}, inputs={"x": ("n",)},
        output=lambda w, x, F: ((w.W @ x.x) * (w.W @ x.x)).sum(),
    )  # fmt: skip
    found = []
    for h in (1, 2):
        instance = Instance(model, {"h": h, "n": 2})
        own = potentials(instance, Ring(instance.names, fields(instance)))
        columns = gram(own, range(instance.weights))
        found.append(projective.projective(frame(columns), own))
    one, two = found
    assert isinstance(projective.certified(one), Proved)
    assert isinstance(projective.certified(two), Proved)
    assert len(one.directions) > len(two.directions)
    wrong = replace(two, directions=one.directions)
    assert isinstance(projective.certified(wrong), Undecided)


def raised(matrix, symmetric=False):
    for a in range(matrix.nrows()):
        for b in range(matrix.ncols()):
            more = fmpq_mat(matrix)
            more[a, b] += 1
            if symmetric and a != b:
                more[b, a] += 1
            yield more


def test_an_altered_frame_is_refuted():
    _, (one,) = blocks("orthogonal points")
    frame = one.frame
    assert isinstance(frame.certified(), Proved)
    (row,) = frame.frozen
    for place in range(len(row)):
        wrong = [*row]
        wrong[place] += 1
        assert isinstance(replace(frame, frozen=(tuple(wrong),)).certified(), Undecided)
    first, *rest = frame.moving
    wrong = tuple(a + b for a, b in zip(first, rest[0], strict=True))
    assert isinstance(replace(frame, moving=(wrong, *rest)).certified(), Undecided)
    assert isinstance(replace(frame, moving=tuple(rest)).certified(), Undecided)
    assert isinstance(replace(frame, frozen=()).certified(), Undecided)
    assert isinstance(replace(frame, frozen=(row, row)).certified(), Undecided)


@pytest.mark.parametrize("case", ["two inputs", "wide 3", "adapter"])
def test_an_altered_law_is_refuted(case):
    """On the leaf of a law the flow is linear only while the law is kept."""
    _, (one,) = blocks(case)
    for law in raised(one.frame.laws[0], symmetric=True):
        wrong = replace(one.frame)
        wrong.__dict__["laws"] = (law, *one.frame.laws[1:])
        assert wrong.certified() == Undecided("what was said to be a law changes")


def test_an_altered_clock_is_refuted():
    _, (one,) = blocks("on a line")
    clock = one.lifted.clock
    assert isinstance(one_clock.certified(clock, one.frame), Proved)
    for wrong in raised(clock.A):
        assert isinstance(one_clock.certified(replace(clock, A=wrong), one.frame), Undecided)
    wrong = replace(clock, square=clock.square + 1)
    assert isinstance(one_clock.certified(wrong, one.frame), Undecided)


def test_a_record_with_another_lift_is_not_built():
    record = stage.derive(Instance(*CASES["wide 3"]))
    (one,) = record.blocks
    (direction,) = one.projective.directions
    wrong = replace(one.projective, directions=(replace(direction, S=2 * direction.S),))
    with pytest.raises(CertificateError):
        Lift(
            instance=record.instance,
            potentials=record.potentials,
            blocks=(replace(one, projective=wrong),),
        )


def test_the_written_lift_says_the_conditions():
    *_, step = stage.derive(Instance(*CASES["two inputs"])).steps
    assert "h_{12} = 0" in step.proof
    assert r"\dot N = F N" in step.proof
