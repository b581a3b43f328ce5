"""What is altered is not proved: of each kind of record, every certificate is seen to fail."""

import dataclasses

import pytest
import sympy
from flint import fmpq, fmpq_mat
from sympy import Matrix, Symbol

from symbolic.architecture.fields import fields
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.laws.absorbed import absorbed
from symbolic.laws.blocks import Block
from symbolic.laws.reduction import potentials
from symbolic.laws.ring import Ring
from symbolic.lift.lifted import lifted
from symbolic.models.shelf import load
from symbolic.proof.certificate import CertificateError, DoesNotApply
from symbolic.reduced import linear_field, linear_flow, matrix_riccati
from symbolic.reduced.curve import LETTERS, curves, genus_of
from symbolic.reduced.recognise import recognise

y = Symbol("y", real=True)
w = LETTERS.w


def pieces(name, sizes):
    instance = Instance(load(name), sizes)
    ring = Ring(instance.names, fields(instance))
    found = potentials(instance, ring)
    return instance, ring, found, absorbed(instance, found)


def lift(name, sizes):
    instance, _, found, rates = pieces(name, sizes)
    places = tuple(range(len(found)))
    return instance, found, lifted(found, rates, Block(tuple(range(instance.weights)), places))


def solve(instance, found, one):
    targets = [Symbol(f"y_{k}", real=True) for k in range(len(found))]
    return matrix_riccati.solved(instance, found, one, targets)


def with_direction(one, **changes):
    (direction,) = one.projective.directions
    directions = (dataclasses.replace(direction, **changes),)
    return dataclasses.replace(
        one, projective=dataclasses.replace(one.projective, directions=directions)
    )


def raised(matrix):
    for a in range(matrix.nrows()):
        for b in range(matrix.ncols()):
            more = fmpq_mat(matrix)
            more[a, b] += 1
            yield more


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("symmetric_factorisation", {"n": 2, "r": 2}),
        ("two_layer_linear", {"n": 2, "h": 2, "m": 1}),
        ("lora", {"n": 2, "r": 1, "m": 2}),
    ],
)
def test_an_altered_quadratic_part_is_refused(name, sizes):
    instance, found, one = lift(name, sizes)
    solve(instance, found, one)
    (direction,) = one.projective.directions
    for S in raised(direction.S):
        with pytest.raises(CertificateError):
            solve(instance, found, with_direction(one, S=S))
    for G in direction.G:
        for altered in raised(G):
            with pytest.raises(CertificateError):
                solve(instance, found, with_direction(one, G=(altered,)))


def test_an_altered_law_is_refused():
    instance, found, one = lift("two_layer_linear", {"n": 2, "h": 2, "m": 2})
    (J,) = one.frame.laws
    for place in range(J.nrows()):
        altered = fmpq_mat(J)
        altered[place, place] *= 2
        frame = dataclasses.replace(one.frame)
        frame.__dict__["laws"] = (altered,)
        wrong = dataclasses.replace(
            one, frame=frame, projective=dataclasses.replace(one.projective, frame=frame)
        )
        with pytest.raises(CertificateError):
            solve(instance, found, wrong)


def test_altered_forms_are_refused():
    instance, found, one = lift("symmetric_factorisation", {"n": 2, "r": 2})
    of = one.frame.gram
    for k, H in enumerate(of.forms):
        for place in H:
            altered = [*of.forms]
            altered[k] = H | {place: H[place] * fmpq(2)}
            gram = dataclasses.replace(of, forms=tuple(altered))
            frame = dataclasses.replace(one.frame, gram=gram)
            wrong = dataclasses.replace(
                one, frame=frame, projective=dataclasses.replace(one.projective, frame=frame)
            )
            with pytest.raises(CertificateError):
                solve(instance, found, wrong)


def test_laws_of_a_gram_matrix_are_those_of_the_layers():
    """Qᵀ J Q with J = ±1 by layer, and none for U Uᵀ."""
    _, _, one = lift("two_layer_linear", {"n": 3, "h": 2, "m": 2})
    (J,) = one.frame.laws
    assert {abs(int(J[a, b].p)) for a in range(5) for b in range(5)} == {0, 1}
    assert [J[k, k] == J[0, 0] for k in range(5)] == [True, True, False, False, False]
    assert not any(J[a, b] for a in range(5) for b in range(a))
    _, _, one = lift("symmetric_factorisation", {"n": 2, "r": 2})
    assert one.frame.laws == ()


def test_a_form_that_is_not_cubic_has_no_single_rate():
    assert linear_field.rate_squared(Matrix([[2, 0], [0, 3]])) is None
    assert linear_field.rate_squared(Matrix([[0, 3], [3, 0]])) == 9
    assert linear_field.rate_squared(sympy.zeros(2, 2)) is None


def test_velocities_that_are_not_linear_are_refused():
    z = sympy.symbols("z_1 z_2", real=True)
    linear_flow.solved(z, [z[1] + y, z[0]])
    with pytest.raises(CertificateError):
        linear_flow.solved(z, [z[1] ** 2, z[0]])


def chain(depth):
    letters = "abcdefg"[:depth]

    def output(w, x, F):
        value = x.x
        for name in letters:
            value = getattr(w, name) * value
        return value

    layers = {name: Layer(rate="eta") for name in letters}
    return Model(
        name=f"chain_{depth}", title="a chain", source="own", layers=layers, inputs={"x": ()},
        output=output, sizes=({},),
    )  # fmt: skip


@pytest.mark.parametrize(("depth", "least", "of_weights"), [(3, 1, 1), (4, 1, 2), (5, 2, 3)])
def test_genus_of_chains(depth, least, of_weights):
    """A weight runs on p² = ∏ (w² − E_j), of genus depth − 2; its square on a quotient of it."""
    from symbolic.laws.ansatz import polynomial_laws
    from symbolic.laws.rank import independent

    instance = Instance(chain(depth), {})
    ring = Ring(instance.names, generating := fields(instance))
    kept = []
    for law in polynomial_laws(generating, depth):
        if independent([*kept, law], (), depth) > len(kept):
            kept.append(law)
    (c,) = potentials(instance, ring)
    found = curves(ring, c.value, [ring.law(law) for law in kept])
    genera = {str(one.coordinate): one.genus for one in found}
    assert genera["a"] == of_weights == depth - 2
    assert genera["a^2"] == min(genera.values()) == least


def test_genus_falls_where_laws_coincide():
    """Balanced starts are elementary, whatever the depth."""
    E = Symbol("E", real=True)
    assert genus_of(w * (w - 1) * (w - 2), w) == (1, False)
    assert genus_of(4 * w * (w - E) ** 2, w) == (0, False)
    assert genus_of(4 * w**4, w) == (0, True)
    assert genus_of(w * (w - 1) * (w - 2) * (w - 3) * (w - E), w) == (2, False)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("relu", "no polynomials"),
        ("linear_attention", "white data do not fix"),
        ("diagonal_classes", "softmax"),
        ("residual_full", "rates that differ"),
    ],
)
def test_what_is_not_recognised_says_why(name, reason):
    model = load(name)
    with pytest.raises(DoesNotApply, match=reason):
        recognise(Instance(model, model.sizes[0]))


def test_an_altered_flow_map_is_refused(monkeypatch):
    """Of one quadratic form: each factor of exp(H s)."""
    model = load("diagonal")
    instance = Instance(model, {"n": 1})
    recognise(instance)
    found = linear_field._flow
    for alter in (
        lambda H, kappa, root: found(H, 2 * kappa, root),
        lambda H, kappa, root: found(-H, kappa, root),
        lambda H, kappa, root: found(H, kappa, 2 * root),
        lambda H, kappa, root: found(H, kappa, root) + H**2,
    ):
        monkeypatch.setattr(linear_field, "_flow", alter)
        with pytest.raises(CertificateError):
            recognise(instance)


def test_an_altered_scalar_solution_is_refused():
    from symbolic.reduced import scalar
    from symbolic.reduced.solution import all_proved

    found = scalar.general()
    all_proved(scalar._proofs(found))
    for altered in (
        dataclasses.replace(found, value=2 * found.value),
        dataclasses.replace(found, value=found.value.subs(scalar.z_0, 2 * scalar.z_0)),
        dataclasses.replace(found, value=found.value.subs(scalar.c_1, -scalar.c_1)),
        dataclasses.replace(found, limit=found.limit + 1),
        dataclasses.replace(found, slow=found.slow.subs(scalar.c_1, -scalar.c_1)),
        dataclasses.replace(found, slow=found.slow.subs(scalar.t, 2 * scalar.t)),
        dataclasses.replace(found, slow=found.slow.subs(scalar.c_0, 0)),
    ):
        with pytest.raises(CertificateError):
            all_proved(scalar._proofs(altered))


def test_an_altered_curve_is_refused(monkeypatch):
    from symbolic.reduced import separable as module

    model = load("chain_3")
    instance = Instance(model, {})
    (block,) = recognise(instance).blocks
    E = next(iter(block.curve.laws))
    for changes in (
        {"square": 2 * block.curve.square},
        {"square": block.curve.square + E},
        {"output": 2 * block.curve.output},
        {"laws": block.curve.laws | {E: block.curve.coordinate}},
    ):
        altered = dataclasses.replace(block.curve, **changes)
        monkeypatch.setattr(module, "simplest", lambda _, altered=altered: altered)
        with pytest.raises(CertificateError):
            recognise(instance)


def test_letters_of_a_solution_are_none_of_the_network():
    """Weights that are called as the constants of solutions are."""
    names = ["w", "p", "a"]
    layers = {name: Layer(rate="eta") for name in names}
    model = Model(
        name="names", title="a chain", source="own", layers=layers, inputs={"x": ()},
        output=lambda w, x, F: w.w * w.p * w.a * x.x, sizes=({},),
    )  # fmt: skip
    (block,) = recognise(Instance(model, {})).blocks
    own = {str(symbol) for symbol in block.variables}
    assert not own & set(names)
    layers = {name: Layer(rate="eta") for name in ("P", "a")}
    model = Model(
        name="names", title="a chain", source="own", layers=layers, inputs={"x": ()},
        output=lambda w, x, F: w.P * w.a * x.x, sizes=({},),
    )  # fmt: skip
    (block,) = recognise(Instance(model, {})).blocks
    assert {str(symbol) for symbol in block.solution.constants} == {"PP", "Q", "R", "aa"}
