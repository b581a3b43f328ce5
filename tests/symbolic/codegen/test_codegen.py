"""From expressions to text that computes the same in numpy, torch, mpmath and arb."""

import dataclasses
import re
from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
import torch
from flint import arb, ctx
from mpmath import mpf
from sympy import And, Max, Min, Ne, Piecewise, Rational, asinh, exp, oo, sqrt
from sympy.codegen.cfunctions import expm1, log1p

from numeric.namespaces import Balls, Mpmath
from symbolic import vocabulary as z
from symbolic.codegen.evaluators import program
from symbolic.codegen.module import HELPERS, digest, render, render_function
from symbolic.codegen.printer import PrintError, print_expression
from symbolic.codegen.program import (
    Function,
    Program,
    ProgramError,
    Structure,
    clip_exponent,
    held,
)
from symbolic.derivation import derivation
from symbolic.proof.stable_forms import mean_decay

x, y, v = sympy.symbols("x y v", real=True)
X, Y = Rational(5, 4), Rational(-3, 8)


def error_integral(z):
    return 2 / mpmath.sqrt(mpmath.pi) * mpmath.quad(lambda w: mpmath.exp(-(w**2)), [0, z])


# Expression, and its value from plain numbers a = 5/4, b = -3/8
HEADS = {
    "sum and product": (2 * x * y - x - 7, lambda a, b: 2 * a * b - a - 7),
    "rational coefficient": (3 * x / 7 - 5 * y / 2, lambda a, b: 3 * a / 7 - 5 * b / 2),
    "integer power": (x**3 - (x + y) ** 2, lambda a, b: a * a * a - (a + b) * (a + b)),
    "quotient": ((x + 1) / (y * (x - y)) - 1 / x, lambda a, b: (a + 1) / (b * (a - b)) - 1 / a),
    "negative power": (y / x**2 - 2 * x**-3, lambda a, b: b / (a * a) - 2 / (a * a * a)),
    "root": (sqrt(x + 1) * y, lambda a, b: mpmath.sqrt(a + 1) * b),
    "inverse root": (y / sqrt(x), lambda a, b: b / mpmath.sqrt(a)),
    "odd root": (x ** Rational(3, 2) - (x + 1) ** Rational(-5, 2),
                 lambda a, b: a * mpmath.sqrt(a) - mpmath.sqrt(a + 1) / (a + 1) ** 3),
    "exp": (exp(-2 * x * y), lambda a, b: mpmath.e ** (-2 * a * b)),
    "expm1": (-expm1(-x) / y, lambda a, b: (1 - mpmath.e**-a) / b),
    "asinh": (asinh(x * y), lambda a, b: mpmath.log(a * b + mpmath.sqrt(a * a * b * b + 1))),
    "abs": (abs(y) + abs(x - 2), lambda a, b: -b + (2 - a)),
    "min": (Min(x, y) - x, lambda a, b: b - a),
    "max": (Max(x, y) * y, lambda a, b: a * b),
    "greater": (Piecewise((x, x > y), (y, True)), lambda a, b: a),
    "greater or equal": (Piecewise((x, x >= y), (y, True)), lambda a, b: a),
    "less": (Piecewise((x, x < y), (y, True)), lambda a, b: b),
    "less or equal": (Piecewise((x, x <= y), (y, True)), lambda a, b: b),
    "not equal": (Piecewise((x, Ne(x, y)), (y, True)), lambda a, b: a),
    "and": (Piecewise((x, And(x > 0, y > 0, x > y)), (y, True)), lambda a, b: b),
    "three branches": (Piecewise((x, y > 0), (2 * x, x > 2), (3 * x, y <= 0), (y, True)),
                       lambda a, b: 3 * a),
    "or": (Piecewise((x, (x < 0) | (y < 0)), (y, True)), lambda a, b: a),
    "sin": (sympy.sin(x * y), lambda a, b: mpmath.im(mpmath.expj(a * b))),
    "cos": (sympy.cos(x - y), lambda a, b: mpmath.re(mpmath.expj(a - b))),
    "tan": (sympy.tan(x), lambda a, b: mpmath.sin(a) / mpmath.cos(a)),
    "sinh": (sympy.sinh(y), lambda a, b: (mpmath.e**b - mpmath.e**-b) / 2),
    "cosh": (sympy.cosh(x), lambda a, b: (mpmath.e**a + mpmath.e**-a) / 2),
    "tanh": (sympy.tanh(x * y), lambda a, b: 1 - 2 / (mpmath.e ** (2 * a * b) + 1)),
    "atanh": (sympy.atanh(y), lambda a, b: mpmath.log((1 + b) / (1 - b)) / 2),
    "atan": (sympy.atan(x), lambda a, b: mpmath.arg(mpmath.mpc(1, a))),
    "atan2": (sympy.atan2(x, y), lambda a, b: mpmath.arg(mpmath.mpc(b, a))),
    "log": (sympy.log(x), lambda a, b: mpmath.quad(lambda w: 1 / w, [1, a])),
    "log1p": (log1p(y), lambda a, b: mpmath.log(1 + b)),
    "erf": (sympy.erf(x) * sympy.erf(y), lambda a, b: error_integral(a) * error_integral(b)),
    "symbolic power": (x**y, lambda a, b: mpmath.e ** (b * mpmath.log(a))),
    "symbolic power below": (y / x ** (2 * y), lambda a, b: b * mpmath.e ** (-2 * b * mpmath.log(a))),
    "power of a constant": (2**x, lambda a, b: mpmath.e ** (a * mpmath.log(2))),
    "pi": (x * sympy.pi, lambda a, b: a * 4 * mpmath.atan(1)),
    "root of a number": (sqrt(2) * x + y * sqrt(3), lambda a, b: mpmath.sqrt(2) * a + mpmath.sqrt(3) * b),
    "inverse root of a number": (x / sqrt(2) + 3 * y / (7 * sqrt(5)),
                                 lambda a, b: a / mpmath.sqrt(2) + 3 * b / (7 * mpmath.sqrt(5))),
    "root of pi": (sqrt(sympy.pi) * x - y / sqrt(2 * sympy.pi),
                   lambda a, b: mpmath.sqrt(mpmath.pi) * a - b / mpmath.sqrt(2 * mpmath.pi)),
    "constant in an argument": (sympy.erf(x / sqrt(2)) + exp(sympy.pi * y),
                                lambda a, b: error_integral(a / mpmath.sqrt(2))
                                + mpmath.e ** (mpmath.pi * b)),
    "clipped": (exp(-clip_exponent(x)), lambda a, b: mpmath.e**-a),
    "mean decay": (mean_decay(x), lambda a, b: mpmath.quad(lambda w: mpmath.e ** (-a * w), [0, 1])),
    "mean decay of little": (mean_decay(-y),
                             lambda a, b: mpmath.quad(lambda w: mpmath.e ** (b * w), [0, 1])),
    "held": (held(y, x), lambda a, b: b),
    "infinity": (Piecewise((oo, y > 0), (-oo, x > 2), (x * y, True)), lambda a, b: a * b),
}  # fmt: skip


def run(text, namespace, **values):
    scope = {"xp": namespace, "np": np, "Any": Any, **values}
    exec("\n".join(HELPERS.values()), scope)
    return eval(text, scope)


def expected(function):
    with mpmath.mp.workdps(40):
        return function(mpf(5) / 4, -mpf(3) / 8)


@pytest.mark.parametrize("name", HEADS)
def test_numpy_computes_every_head(name):
    expression, function = HEADS[name]
    text = print_expression(expression, {})
    found = run(text, np, x=np.array([1.25, 1.25]), y=np.array([-0.375, -0.375]))
    np.testing.assert_allclose(found, [float(expected(function))] * 2, rtol=1e-14)
    assert found.dtype == np.float64


@pytest.mark.parametrize("exponent", [*range(1, 20), 33])
def test_whole_powers_are_exact_and_of_arrays_they_are_products(exponent):
    text = print_expression(y / x**exponent + x**exponent, {})
    assert run(text, np, x=Fraction(3, 2), y=Fraction(1)) == Fraction(3, 2) ** exponent + (
        1 / Fraction(3, 2) ** exponent
    )
    assert exponent > 16 or not re.search(r"\*\* ?(?!2\b)", text)  # squares alone
    open_ = print_expression(x**y, {})
    base = np.array([-1.7, 0.0, 1e-9, 2.3])
    found = run(open_, np, x=base, y=exponent)
    np.testing.assert_allclose(found, np.power(base, exponent), rtol=4e-16 * exponent)
    assert run(open_, np, x=3, y=exponent) == 3**exponent


@pytest.mark.parametrize("name", HEADS)
def test_torch_computes_every_head(name):
    expression, function = HEADS[name]
    x_, y_ = (torch.tensor([value], dtype=torch.float64) for value in (1.25, -0.375))
    found = run(print_expression(expression, {}), torch, x=x_, y=y_)
    assert found.dtype == torch.float64
    assert found.item() == pytest.approx(float(expected(function)), rel=1e-14)


@pytest.mark.parametrize("name", HEADS)
def test_mpmath_computes_every_head(name):
    expression, function = HEADS[name]
    with mpmath.mp.workdps(40):
        found = run(
            print_expression(expression, {}), Mpmath(mpmath.mp), x=mpf(5) / 4, y=-mpf(3) / 8
        )
        assert abs(found - expected(function)) <= abs(expected(function)) * mpf(10) ** -38


@pytest.mark.parametrize("name", HEADS)
def test_arb_encloses_every_head(name):
    expression, function = HEADS[name]
    before, ctx.prec = ctx.prec, 160
    try:
        found = run(print_expression(expression, {}), Balls(), x=arb(5) / 4, y=-arb(3) / 8)
        assert found.rel_accuracy_bits() > 130
        text = mpmath.nstr(expected(function), 38)
        assert abs(found - arb(text)) < abs(found) * arb(10) ** -36
    finally:
        ctx.prec = before


RELATIONS = {
    "greater": (x > y, (False, False, True)),
    "greater or equal": (x >= y, (False, True, True)),
    "less": (x < y, (True, False, False)),
    "less or equal": (x <= y, (True, True, False)),
    "not equal": (Ne(x, y), (True, False, True)),
}
NAMESPACES = {
    "numpy": (np, np.float64),
    "torch": (torch, lambda value: torch.tensor(value, dtype=torch.float64)),
    "mpmath": (Mpmath(mpmath.mp), mpf),
    "arb": (Balls(), arb),
}


@pytest.mark.parametrize("name", RELATIONS)
@pytest.mark.parametrize("namespace", NAMESPACES)
def test_relations_hold_as_they_do_between_numbers(namespace, name):
    relation, expected_truth = RELATIONS[name]
    xp, convert = NAMESPACES[namespace]
    text = print_expression(relation, {})
    found = [bool(run(text, xp, x=convert(value), y=convert(2.0))) for value in (1.5, 2.0, 2.5)]
    assert found == list(expected_truth)


@pytest.mark.parametrize("namespace", NAMESPACES)
def test_infinities_keep_their_sign(namespace):
    xp, convert = NAMESPACES[namespace]
    text = print_expression(Piecewise((oo, x > 0), (-oo, True)), {})
    assert run(text, xp, x=convert(1.0)) > 1e30
    assert run(text, xp, x=convert(-1.0)) < -1e30


CONSTANT_ARGUMENTS = [sqrt(2) * x, Max(x, 1), exp(3) * x, x + abs(Min(y, 2))]


@pytest.mark.parametrize("expression", CONSTANT_ARGUMENTS, ids=str)
def test_a_constant_argument_is_served_by_every_namespace_or_refused(expression):
    try:
        text = print_expression(expression, {})
    except PrintError:
        return
    value = float(expression.subs({x: X, y: Y}))
    assert run(text, np, x=1.25, y=-0.375) == pytest.approx(value, rel=1e-14)
    x_, y_ = (torch.tensor(number, dtype=torch.float64) for number in (1.25, -0.375))
    assert run(text, torch, x=x_, y=y_).item() == pytest.approx(value, rel=1e-14)


REFUSED = {
    "float": x * sympy.Float("0.5"),
    "rational": Rational(1, 2),
    "rational term": x + Rational(1, 2),
    "rational branch": Piecewise((Rational(1, 2), x > 0), (x, True)),
    "no default": Piecewise((x, x > 0)),
    "cube root": x ** Rational(1, 3),
    "gamma": sympy.gamma(x),
    "cot": sympy.cot(x),
    "acosh": sympy.acosh(x),
    "polylog": sympy.polylog(2, x),
    "log of a number": x * sympy.log(2),
    "erf of a number": x * sympy.erf(2),
    "cube root of a number": sympy.cbrt(2) * x,
    "golden ratio": x * sympy.GoldenRatio,
    "sign": sympy.sign(x),
    "equality": Piecewise((x, sympy.Eq(x, y)), (y, True)),
    "e": x + sympy.E,  # the text would be E, which is a name in generated code
    "imaginary unit": sympy.I * x,
    "nan": sympy.nan,
    "complex infinity": sympy.zoo,
    "step": sympy.Heaviside(x),
    "sum": sympy.Sum(x**v, (v, 1, 3)),
    "indexed": sympy.IndexedBase("u")[1],
    "integral": sympy.Integral(sympy.gamma(x), (x, 0, y)),
    "unknown function": sympy.Function("unknown")(x),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_rule_is_refused(name):
    with pytest.raises(PrintError):
        print_expression(REFUSED[name], {})


def test_an_unsupported_head_is_named_with_the_supported_ones():
    with pytest.raises(PrintError, match=r"gamma.*asinh"):
        print_expression(1 + sympy.gamma(x), {})


def test_names_in_scope_are_used():
    assert run(print_expression(x - y, {x: "c['x']"}), np, c={"x": 5}, y=3) == 2


# Programs

CONSTANTS = Structure(name="Constants", argument="c", fields=(z.eta_u,), meaning="constants")
STATE = Structure(name="State", argument="state", fields=(z.alpha, z.f), meaning="state")


def function(**changes):
    """A state, computed from t and eta_u."""
    parts = {
        "name": "at",
        "summary": "State.",
        "equations": {"alpha": z.t},
        "source": "here",
        "arguments": (z.t,),
        "structures": (CONSTANTS,),
        "body": ((z.alpha, z.t * z.eta_u + 1), (z.f, z.alpha**2)),
        "result": STATE,
    }
    return Function(**parts | changes)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"body": ((z.alpha, z.t * z.rho), (z.f, z.alpha))}, "rho"),
        ({"body": ((z.f, z.alpha), (z.alpha, z.t))}, "alpha"),
        ({"body": ((z.alpha, sympy.Symbol("t", real=True)), (z.f, z.alpha))}, "uses"),
        ({"body": ((z.alpha, z.t), (z.alpha, z.t), (z.f, z.alpha))}, "twice"),
        ({"body": ((z.t, z.eta_u), (z.alpha, z.t), (z.f, z.alpha))}, "twice"),
        ({"body": ((z.eta_u, z.t), (z.alpha, z.t), (z.f, z.alpha))}, "twice"),
        ({"body": ((sympy.Symbol("t", real=True), z.eta_u), (z.alpha, z.t), (z.f, z.t))}, "twice"),
        ({"body": ((z.alpha, sympy.Float("0.5") * z.t), (z.f, z.alpha))}, "float"),
        ({"body": ((z.alpha, z.t),)}, "not computed"),
        ({"body": ((z.alpha, z.t),), "result": z.f}, "not computed"),
    ],
)  # fmt: skip
def test_a_function_that_would_not_run_is_refused(change, message):
    assert function().result is STATE
    with pytest.raises(ProgramError, match=message):
        function(**change)


def test_an_assignment_is_replaced_and_checked():
    changed = function().with_assignment(1, 3 * z.alpha)
    assert changed.body == ((z.alpha, z.t * z.eta_u + 1), (z.f, 3 * z.alpha))
    with pytest.raises(ProgramError):
        function().with_assignment(0, z.f)


def module(text):
    scope = {"__name__": "generated"}
    exec(compile(text, "generated", "exec"), scope)
    return scope


def small():
    source = Program(
        name="small",
        title="Small.",
        source="here",
        note="Note of it.",
        capabilities=("state",),
        degree=sympy.Integer(3),
        ray_degree=sympy.Integer(3),
        bends=(),
        structures=(CONSTANTS, STATE),
        functions=(function(),),
    )
    return source, module(render(source, {"at": "worst 1e-16"}))


def test_a_rendered_module_computes_its_assignments():
    _, scope = small()
    state = scope["at"](3.0, scope["Constants"](eta_u=5.0))
    assert state == scope["State"](alpha=16.0, f=256.0)


def test_a_rendered_module_says_its_note_and_its_degree():
    source, scope = small()
    assert scope["DEGREE"] == 3
    text = render(source, {})
    assert "\nNote of it.\n" in text.split('"""')[1]
    left_open = module(render(dataclasses.replace(source, degree=z.beta), {}))
    assert left_open["DEGREE"] is None


def test_a_rendered_module_says_where_the_activation_bends():
    source, scope = small()
    assert (scope["RAY_DEGREE"], scope["BENDS"]) == (3, ())
    bent = dataclasses.replace(source, bends=(sympy.Rational(-1, 2), sympy.Integer(3)))
    assert module(render(bent, {}))["BENDS"] == (-0.5, 3)
    with pytest.raises(ProgramError, match="not rational"):
        render(dataclasses.replace(source, bends=(sympy.sqrt(2),)), {})


@pytest.mark.parametrize(("name", "bends"), [("relu", (0,)), ("leaky_relu", (0,)), ("tanh", ())])
def test_bends_are_where_the_branches_meet(name, bends):
    assert program(derivation(name)).bends == bends


def test_helpers_are_rendered_only_where_they_are_used():
    source, _ = small()
    assert "def _erf" not in render(source, {})
    erf = function(body=((z.alpha, sympy.erf(z.t) * sqrt(2)), (z.f, z.alpha)))
    scope = module(render(source.with_function(erf), {}))
    assert {"_erf", "_root"} <= scope.keys()
    assert "_clip_exponent" not in scope
    assert scope["at"](3.0, scope["Constants"](5.0)).f == pytest.approx(2**0.5 * 0.9999779095030014)


def test_a_rendered_function_says_what_it_takes_and_where_it_is_from():
    _, scope = small()
    words = scope["at"].__doc__
    for part in ("State.", "alpha = t", "t: time.", "worst 1e-16", "Source: here."):
        assert part in words


def test_a_replaced_function_changes_the_module_and_its_digest():
    source, _ = small()
    mutant = source.with_function(function().with_assignment(1, -z.alpha))
    assert (
        module(render(mutant, {}))["at"](3.0, module(render(source, {}))["Constants"](5.0)).f
        == -16.0
    )
    assert digest(mutant) != digest(source)
    assert digest(source) == digest(dataclasses.replace(source, title="Other words."))


def test_a_result_that_is_the_last_assignment_is_returned_at_once():
    text = render_function(function(body=((z.alpha, z.t),), result=z.alpha))
    assert text.splitlines()[-1] == "    return t"


# The program of the linear network, run in every namespace on integrated networks


@pytest.fixture(scope="module")
def generated(linear):
    return module(render(program(linear), {}))


def in_mpmath(value):
    return value


def in_arb(value):
    return arb(mpmath.nstr(value, 40)) if value else arb(0)


SPACES = {
    "mpmath": (lambda: Mpmath(mpmath.mp), in_mpmath, "1e-20"),
    "arb": (Balls, in_arb, "1e-20"),
    "numpy": (lambda: np, lambda value: np.array([float(value)]), "1e-12"),
    "torch": (
        lambda: torch,
        lambda value: torch.tensor([float(value)], dtype=torch.float64),
        "1e-12",
    ),
}


@pytest.fixture(params=SPACES)
def space(request):
    make, convert, error = SPACES[request.param]
    before, ctx.prec = ctx.prec, 200
    yield make(), convert, mpf(error)
    ctx.prec = before


def constants(generated, network, space):
    xp, convert, _ = space
    names = ["gamma", "eta_u", "eta_w", "rho", "y", "d", "P", "Q", "f_0", "residual_0"]
    values = {**network.values, z.f_0: network.start.f}
    values = {symbol.name: value for symbol, value in values.items()}
    tiny = mpf(10) ** -25  # P and Q that are zero up to the rounding of their inputs are zero
    arguments = [convert(values[name] if abs(values[name]) > tiny else mpf(0)) for name in names]
    return generated["constants"](*arguments, xp)


def plain(value):
    if isinstance(value, arb):
        assert value.rel_accuracy_bits() > 60
        return mpf(value.str(40, radius=False))
    return mpf(value.item()) if hasattr(value, "item") else mpf(value)


def agree(found, expected, error):
    return abs(plain(found) - expected) <= error * max(1, abs(expected))


def test_the_program_gives_the_state_of_the_integrated_network(generated, network, space):
    xp, convert, error = space
    c, end = constants(generated, network, space), network.end
    with np.errstate(all="ignore"):
        state = generated["at"](convert(network.t), c, xp)
    root = mpmath.sqrt(network.alpha)
    assert agree(state.alpha, network.alpha, error)
    assert agree(state.f, end.f, error)
    assert agree(state.growth, root - 1 / root, error)
    assert agree(state.decay, min(root, 1 / root), error)
    assert agree(state.residual_ratio, end.residual / network.start.residual, error)
    assert agree(generated["residual"](state, c, xp), end.residual, error)
    assert agree(generated["loss"](convert(mpf(0)), state, c, xp), end.residual**2, error)


def test_the_program_gives_the_weights_of_the_integrated_network(generated, network, space):
    xp, convert, error = space
    c, start, end = constants(generated, network, space), network.start, network.end
    with np.errstate(all="ignore"):
        state = generated["at"](convert(network.t), c, xp)
    for k in range(len(network.u)):
        u, omega = convert(start.u[k]), convert(start.omega[k])
        p = generated["growing"](u, omega, c.eta_u, c.eta_w, xp)
        q = generated["falling"](u, omega, c.eta_u, c.eta_w, xp)
        assert agree(generated["weight_u"](u, p, q, state, c, xp), end.u[k], error)
        moved = generated["weight_omega"](omega, p, q, state, c, xp)
        assert agree(moved, end.omega[k], error)
        change = generated["change_omega"](u, p, q, state, c, xp)
        assert agree(change, end.omega[k] - start.omega[k], error)
        w = convert(start.W[k][0])
        e = convert(network.inputs[0] / network.rho)
        assert agree(generated["weight_w"](w, change, e, xp), end.W[k][0], error)


def test_the_program_gives_the_time_of_the_training(generated, network, space):
    xp, convert, error = space
    c = constants(generated, network, space)
    with np.errstate(all="ignore"):
        time = generated["time_to_loss"](convert(network.end.residual**2), convert(mpf(0)), c, xp)
    assert agree(time, network.t, error)


@pytest.fixture(scope="module")
def mutants(linear):
    """The module with one output of the state at a time changed in sign, by the output's name."""
    source = program(linear)
    at = next(function for function in source.functions if function.name == "at")
    return {
        symbol.name: module(render(source.with_function(at.with_assignment(index, -value)), {}))
        for index, (symbol, value) in enumerate(at.body)
        if symbol in at.result.fields
    }


def test_a_wrong_sign_in_the_state_is_seen(mutants, network):
    space = (Mpmath(mpmath.mp), in_mpmath, mpf("1e-20"))
    root, start, end = mpmath.sqrt(network.alpha), network.start, network.end
    right = {
        "alpha": network.alpha,
        "f": end.f,
        "growth": root - 1 / root,
        "decay": min(root, 1 / root),
        "decayed": 1 - min(root, 1 / root),
        "residual_ratio": end.residual / start.residual,
    }
    assert mutants.keys() == right.keys()
    for name, mutant in mutants.items():
        state = mutant["at"](network.t, constants(mutant, network, space), space[0])
        assert not agree(getattr(state, name), right[name], space[2])
