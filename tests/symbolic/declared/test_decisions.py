"""What records decide and summaries say, by values: each alternative that would be wrong is seen."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import pytest

from scripts.alarm import alarm
from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer
from symbolic.architecture.sizes import Size
from symbolic.declared.count import Count
from symbolic.declared.left import Left
from symbolic.declared.matrix_laws import MatrixLaws
from symbolic.declared.product_laws import ProductLaws
from symbolic.declared.recognised import Solvable
from symbolic.declared.summary import Summary, laws_at_all_sizes
from symbolic.declared.two_layer import TwoLayer
from symbolic.declared.widths import EveryWidth
from symbolic.declared.written import LATEX, PLAIN, Written, matrix_law
from symbolic.derivation import derive
from symbolic.laws.all_sizes import DiagonalLaw, MatrixLaw, Part, _as_trace, _new
from symbolic.laws.darboux import ProductLaw
from symbolic.laws.ring import Ring
from symbolic.laws.widths import Count as Counted
from symbolic.models import shelf
from symbolic.proof.certificate import CertificateError, OutOfTime

H = Size.of("h")


def summary(name, k=0, **sizes):
    model = shelf.load(name)
    derived = derive(Instance(model, sizes or model.sizes[k]))
    return Summary(derived.given, derived, derived.reasons)


@pytest.fixture(scope="module")
def linear():
    return summary("two_layer_linear", n=2, h=2, m=1)


def broken(one, **found):
    """A record with other numbers than those that were proved."""
    other = object.__new__(type(one))
    other.__dict__.update(vars(one) | found)
    return other


def with_(one, **records):
    """A summary with other records, by the names of their classes."""
    every = (Count, Left, Solvable, EveryWidth, ProductLaws, TwoLayer)
    kinds = {kind.__name__: kind for kind in every}
    return Summary(
        one.instance, dict(one.records) | {kinds[name]: z for name, z in records.items()}, {}
    )


# ------------------------------------------------------------ solved, left, complete


@pytest.mark.parametrize(
    ("solutions", "is_solved"),
    [(("a", "b"), True), (("a", None), False), ((None, "b"), False), ((None, None), False)],
)
def test_a_flow_is_solved_where_every_block_is(linear, solutions, is_solved):
    blocks = [
        SimpleNamespace(solution=z, in_warp=None, kind="Riccati", weights=()) for z in solutions
    ]
    found = object.__new__(Solvable)
    found.__dict__["recognition"] = SimpleNamespace(blocks=blocks, kind="Riccati")
    assert found.is_solved is is_solved
    as_json = with_(linear, Solvable=found).as_json()
    assert (as_json["solved"], as_json["recognised"]) == (is_solved, "Riccati")
    how_far = "solved in time" if is_solved else "without a solution in time here"
    assert as_json["how_far"] == how_far


def test_neurons_are_what_is_recognised_where_no_class_solves_them_in_time(linear):
    """Of a class that solves them in time, that; with neither, nothing."""
    found, neurons = object.__new__(Solvable), object.__new__(TwoLayer)
    neurons.__dict__["network"] = SimpleNamespace(name=None)
    for solution, both in (("a", "Riccati"), (None, "neurons of one activation")):
        block = SimpleNamespace(solution=solution, in_warp=None, kind="Riccati", weights=())
        found.__dict__["recognition"] = SimpleNamespace(blocks=[block], kind="Riccati")
        assert with_(linear, Solvable=found).recognised == "Riccati"
        assert with_(linear, Solvable=found, TwoLayer=neurons).recognised == both
    assert with_(linear, Solvable=None, TwoLayer=neurons).recognised == "neurons of one activation"
    assert with_(linear, Solvable=None).recognised is None


def test_json_says_from_which_starts_a_class_is_for(linear):
    (leaf,) = linear.as_json()["solutions"]
    assert leaf["from"].startswith("starts at which the law")
    assert (leaf["class"], leaf["solved"]) == ("matrix Riccati on a leaf of a law", "in time")
    (any_,) = summary("chain_3").as_json()["solutions"]
    assert (any_["from"], any_["solved"]) == ("any start", "in warped time")
    assert summary("chain_3").as_json()["chain"] == {
        "powers": {"a": 1, "b": 1, "c": 1}, "depth": 3, "rates": dict.fromkeys("abc", "eta"),
        "closed_from": "any start",
    }  # fmt: skip
    modes = summary("three_layer_linear").as_json()
    assert modes["chain"] is None
    assert modes["solved"] is False
    assert modes["solutions"]
    for one in modes["solutions"]:
        assert one["from"].startswith("aligned modes, where ")
        assert one["assumed"] is not None


def test_what_is_left_is_a_number_only_where_both_bounds_meet(linear):
    left = linear.records[Left]
    assert linear.as_json()["left"] == 3
    assert linear.as_json()["left_between"] == [3, 3]
    other = with_(linear, Left=broken(left, at_least=2, at_most=3))
    assert other.as_json()["left"] is None
    assert other.as_json()["left_between"] == [2, 3]
    assert other.left == "2 … 3"
    assert with_(linear, Left=None).left == "?"
    assert with_(linear, Left=None).as_json()["left_between"] is None


def test_what_is_wrong_is_not_claimed(linear):
    wrong = with_(linear, Count=broken(linear.count, wrong=("a gate never opens",)))
    assert (wrong.complete, wrong.rank) == ("not claimed", "≤ 3")
    found = wrong.as_json()
    assert (found["complete"], found["lie_rank"], found["gap"]) == (False, None, None)
    assert found["independent"] == 3
    short = with_(linear, Count=broken(linear.count, rank=2, gap=1, assumed=("gates",)))
    assert (short.complete, short.rank) == ("not decided: gap 1", "2")
    found = short.as_json()
    assert (found["complete"], found["lie_rank"], found["gap"]) == (False, 2, 1)
    assert found["assumed"] == ["gates"]
    none = with_(linear, Count=None)
    assert (none.complete, none.rank) == ("not decided", "≥ 3")
    found = none.as_json()
    assert (found["complete"], found["lie_rank"], found["gap"]) == (False, 3, None)


def test_json_of_a_whole_derivation(linear):
    found = linear.as_json()
    assert found["sizes"] == {"n": 2, "h": 2, "m": 1}
    assert (found["weights"], found["independent"], found["lie_rank"]) == (6, 3, 3)
    assert (found["complete"], found["gap"], found["solved"]) == (True, 0, True)
    assert found["kinds"] == {
        "linear": 0, "quadratic": 3, "rational": 0, "product": 0, "separable": None,
    }  # fmt: skip
    assert found["symmetries"] == {"law": 3, "reduction": 1, "neither": 2}
    assert found["every_width"] == {"h": 2}
    assert (found["drawn"], found["assumed"]) == ({}, [])
    assert found["recognised"] == "matrix Riccati on a leaf of a law"
    assert len(found["laws"]) == 3


def test_kinds_and_laws_of_all_kinds():
    found = summary("symmetric_factorisation", n=2, r=3)
    assert found.kinds["rational"] == 2
    assert found.kinds["product"] == 0
    assert len(found.laws(PLAIN)) == 2
    found = summary("layer_normalisation_with_gain")
    assert found.kinds == {
        "linear": 2, "quadratic": 4, "rational": 0, "product": 1, "separable": None,
    }  # fmt: skip
    assert found.laws(PLAIN)[-1] == "(s_1 − u_1) (s_2 − u_2) (s_3 − u_3)"
    drawn = summary("lora").drawn
    assert {name: len(entries) for name, entries in drawn.items()} == {"W": 9}
    line = summary("two_layer_linear_on_a_line").drawn
    assert {name: len(entries) for name, entries in line.items()} == {"x": 2}


def test_laws_at_all_sizes_are_of_the_first_that_has_them(linear):
    none = Summary(linear.instance, {}, {})
    assert laws_at_all_sizes([none], PLAIN) == []
    law = [("Uᵀ U/eta_U − V Vᵀ/eta_V", "h × h, symmetric")]
    assert laws_at_all_sizes([none, linear], PLAIN) == law == linear.at_all_sizes(PLAIN)
    (norm, _, number) = summary("linear_attention").at_all_sizes(PLAIN)
    assert (norm[1], number[1]) == ("k × k, symmetric", "a number")
    assert number[0] == "‖Q‖²/eta_Q − ‖V‖²/eta_V"


# ------------------------------------------------------------ redundant traces


def norms(*parts):
    return MatrixLaw(tuple(Part(name, "norm", Fraction(c)) for name, c in parts), None)


def diagonal(*parts, kind="outer"):
    return DiagonalLaw(tuple(Part(name, kind, Fraction(c)) for name, c in parts), H)


@pytest.mark.parametrize(
    ("law", "diagonals", "is_trace"),
    [
        (norms(("W", 1), ("U", -1)), [diagonal(("W", 1), ("U", -1))], True),
        (norms(("W", -3), ("U", 3)), [diagonal(("W", 1), ("U", -1))], True),
        (norms(("W", 1), ("V", -1)), [diagonal(("W", 1), ("U", -1))], False),
        (norms(("W", 1), ("U", 1)), [diagonal(("W", 1), ("U", -1))], False),
        (norms(("W", 2), ("U", -1)), [diagonal(("W", 1), ("U", -1))], False),
        (
            norms(("W", 1), ("V", -1)),
            [diagonal(("W", 1), ("U", -1)), diagonal(("U", 1), ("V", -1))], True,
        ),
        (norms(("W", 1), ("U", -1)), [], False),
        (norms(("W", 1), ("U", -1)), [diagonal(("W", 1), ("U", -1), kind="sum")], False),
    ],
)  # fmt: skip
def test_norms_that_are_traces_of_diagonals_are_said_once(law, diagonals, is_trace):
    new = list(_new([one.parts for one in diagonals], [law.parts], _as_trace))
    assert new == ([] if is_trace else [law.parts])


@pytest.mark.parametrize(
    ("name", "laws", "diagonals"), [("relu", 0, 1), ("linear_attention", 3, 0)]
)
def test_how_many_matrix_laws_there_are(name, laws, diagonals):
    found = summary(name).records[MatrixLaws]
    assert (len(found.laws), len(found.diagonals)) == (laws, diagonals)


# ------------------------------------------------------------ widths


def test_a_width_is_proved_by_counts_that_are_complete(linear):
    record = linear.records[EveryWidth]
    (one,) = record.proved
    assert (one.start, len(one.checks)) == (2, 2)
    for k in range(2):
        checks = list(one.checks)
        checks[k] = replace(checks[k], rank=checks[k].rank - 1)
        with pytest.raises(CertificateError, match="a count that it rests on is not complete"):
            replace(record, proved=(replace(one, checks=tuple(checks)),))
    more = (*one.checks, Counted(9, 9, 4, 5))
    assert replace(record, proved=(replace(one, checks=more),)).proved[0].start == 2


@pytest.mark.parametrize(("start", "is_refused"), [(1, True), (2, True), (3, False)])
def test_a_width_from_which_the_count_here_is_not_complete_is_refused(linear, start, is_refused):
    record = linear.records[EveryWidth]
    one = replace(record.proved[0], start=start)
    short = broken(record.count, rank=2, gap=1)
    assert replace(record, proved=(one,)).proved == (one,)
    if is_refused:
        with pytest.raises(CertificateError, match="the count at h = 2 is not complete"):
            replace(record, proved=(one,), count=short)
    else:
        assert replace(record, proved=(one,), count=short).proved == (one,)


# ------------------------------------------------------------ the alarm


@pytest.fixture
def timer():
    """Whoever set a timer before, as the test runner does, has it again."""

    def set_(handler, *seconds):
        signal.setitimer(signal.ITIMER_REAL, *seconds)
        return signal.signal(signal.SIGALRM, handler)

    left = signal.setitimer(signal.ITIMER_REAL, 0)
    before = signal.getsignal(signal.SIGALRM)
    yield set_
    set_(before, *left)


def mine(number, frame):
    raise AssertionError


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("others", [(0, 0), (1000, 7)])
def test_an_alarm_leaves_the_timer_and_the_handler_that_were(timer, fails, others):
    timer(mine, *others)
    try:
        with alarm(600) as rings:
            left, again = signal.getitimer(signal.ITIMER_REAL)
            assert 0 < left <= 600
            assert again == 5
            assert signal.getsignal(signal.SIGALRM) == rings.rings
            if fails:
                raise KeyError
    except KeyError:
        assert fails
    left, again = signal.getitimer(signal.ITIMER_REAL)
    assert (left > 0, again) == (others[0] > 0, others[1])
    assert left <= others[0]
    assert signal.getsignal(signal.SIGALRM) is mine


def test_an_alarm_in_a_thread_sets_no_timer_and_still_refuses(timer):
    found = []

    def elsewhere():
        with alarm(0) as rings:
            found.append(signal.getitimer(signal.ITIMER_REAL))
            with pytest.raises(OutOfTime, match="not reached in 0 s"):
                rings.check()
            found.append(rings.said)

    timer(mine, 0)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [(0, 0), ("not reached in 0 s", "not decided in 0 s")]


# ------------------------------------------------------------ laws as they are written


@pytest.mark.parametrize(
    ("parts", "plain", "latex"),
    [
        (
            [("W", "outer", 2), ("U", "inner", -4)],
            "W Wᵀ/eta_W − 2 Uᵀ U/eta_U",
            r"\frac{W W^{\top}}{\eta_{W}} - \frac{2 U^{\top} U}{\eta_{U}}",
        ),
        (
            [("W", "outer", Fraction(-1, 3)), ("U", "inner", Fraction(1, 2))],
            "2 W Wᵀ/eta_W − 3 Uᵀ U/eta_U",
            r"\frac{2 W W^{\top}}{\eta_{W}} - \frac{3 U^{\top} U}{\eta_{U}}",
        ),
        (
            [("W", "sum", 1), ("W", "outer", 1)],
            "(W + Wᵀ) + W Wᵀ",
            r"\left(W + W^{\top}\right) + W W^{\top}",
        ),
        ([("c", "norm", 1), ("W", "norm", 1)], "c²/eta_c + ‖W‖²/eta_W", None),
    ],
)
def test_a_matrix_law_has_whole_coefficients_and_begins_with_plus(parts, plain, latex):
    layers = {
        "W": Layer("h", "n", rate="eta_W"), "U": Layer("m", "h", rate="eta_U"),
        "c": Layer(rate="eta_c"),
    }  # fmt: skip
    law = MatrixLaw(tuple(Part(name, kind, Fraction(c)) for name, kind, c in parts), H)
    assert matrix_law(law, layers, is_latex=False) == plain
    if latex:
        assert matrix_law(law, layers, is_latex=True) == latex
    half = DiagonalLaw(law.parts, H)
    assert matrix_law(half, layers, is_latex=False) == f"diag({plain})"


ETA = (("eta_U", Fraction(-1)),)
ROOTS = (("eta_U", Fraction(-1, 2)), ("eta_V", Fraction(-1, 2)))
UP = (("eta_U", Fraction(3, 2)),)


@pytest.mark.parametrize(
    ("law", "plain", "latex"),
    [
        ({(0, 0): {ETA: 2}, (1, 1): {ETA: 4}}, "U_11² + 2 U_12²", "U_{11}^{2} + 2 U_{12}^{2}"),
        ({(0, 0): {ETA: -2}, (1,): {(): 3}}, "2 U_11²/eta_U − 3 U_12", None),
        (
            {(0, 0): {ETA: 1}, (1, 1): {ETA: 1}, (2,): {(): -1}, (3,): {(): -1}},
            "(U_11² + U_12²)/eta_U − (V_11 + V_12)", None,
        ),
        (
            {(0, 2): {ROOTS: 1}, (1,): {(): 1}}, "U_11 V_11/√(eta_U eta_V) + U_12",
            r"\frac{U_{11} V_{11}}{\sqrt{\eta_{U} \eta_{V}}} + U_{12}",
        ),
        (
            {(0,): {UP: 1}, (1,): {(): Fraction(-1, 2)}}, "eta_U √(eta_U) 2 U_11 − U_12",
            r"\eta_{U} \sqrt{\eta_{U}} 2 U_{11} - U_{12}",
        ),
    ],
)  # fmt: skip
def test_a_law_is_spelled(linear, law, plain, latex):
    from flint import fmpq

    exact = {
        factors: {powers: fmpq(Fraction(c).numerator, Fraction(c).denominator)}
        for factors, one in law.items()
        for powers, c in one.items()
    }
    instance = linear.instance
    assert list(instance.names[:4]) == ["U_11", "U_12", "V_11", "V_12"]
    assert Written(instance, PLAIN).law(exact) == plain
    if latex:
        assert Written(instance, LATEX).law(exact) == latex


@pytest.mark.parametrize(
    ("exponents", "plain", "latex"),
    [
        ((1, 2, 0), "(U_11) (U_11 + U_12)²", r"\left(U_{11}\right) \left(U_{11} + U_{12}\right)^{2}"),
        ((1, -1, 0), "(U_11)/(U_11 + U_12)", None),
        (
            (2, -1, -3), "(U_11)²/((U_11 + U_12) (U_12)³)",
            r"\frac{\left(U_{11}\right)^{2}}{\left(U_{11} + U_{12}\right) \left(U_{12}\right)^{3}}",
        ),
        ((-1, 0, 0), "1/(U_11)", r"\frac{1}{\left(U_{11}\right)}"),
    ],
)  # fmt: skip
def test_a_product_is_spelled(linear, exponents, plain, latex):
    instance = linear.instance
    ring = Ring(instance.names, ())
    a, b = ring.context.gens()[:2]
    factors = tuple((base, n) for base, n in zip((a, a + b, b), exponents, strict=True) if n)
    at_equal = SimpleNamespace(
        parameters=(), names=instance.names, rates=["eta"] * len(instance.names)
    )
    found = Written(at_equal, PLAIN).product(ProductLaw(factors))
    assert found == plain
    if latex:
        assert Written(at_equal, LATEX).product(ProductLaw(factors)) == latex
