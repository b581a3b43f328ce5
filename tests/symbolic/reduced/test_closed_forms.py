"""Every closed form against raw weights that torch and an integrator move."""

import dataclasses

import numpy as np
import pytest
import sympy
from scipy.linalg import expm

from symbolic.architecture.model import Layer, Model
from symbolic.notation.symbols import t

CLOSE = 1e-9
ONE_LAYER = Model(
    name="one_layer",
    title="one layer",
    source="own",
    layers={"W": Layer("m", "n", rate="eta")},
    inputs={"x": ("n",)},
    output=lambda w, x, F: w.W @ x.x,
    data="white",
    sizes=({"m": 2, "n": 2},),
)


def constants(found, number, solution, time):
    """All symbols of a solution at a time, its own constants one after the other."""
    start = {symbol: found.at(0)[w] for w, symbol in solution.start.items()}
    values = {**found.known, **start, t: time}
    for symbol, value in solution.constants.items():
        values[symbol] = number(value, values)
    return values


@pytest.mark.parametrize(
    ("name", "sizes", "kind"),
    [
        ("diagonal", {"n": 3}, "Riccati"),
        ("squared_diagonal", {"n": 3}, "logistic"),
        ("chain_2", {}, "Riccati"),
        ("two_layer_linear_on_a_line", {"n": 3, "h": 4, "m": 1}, "Riccati"),
    ],
)
def test_one_quadratic_form_is_solved_in_time(run, number, name, sizes, kind):
    """Outputs and every weight; the direction of a line is of whole numbers, and makes all fast."""
    times = np.array([0, 5e-4, 3e-3, 2e-2]) if name.endswith("line") else None
    found = run(name, sizes, times=times)
    assert found.recognition.kind == kind
    for block in found.recognition.blocks:
        solution = block.solution
        for k, time in enumerate(found.times):
            values = constants(found, number, solution, time)
            for of, value in solution.values.items():
                got = number(value, values)
                raw = number(block.variables.get(of, of), {**found.known, **found.at(k)})
                assert got == pytest.approx(raw, abs=CLOSE, rel=CLOSE), (of, time)


@pytest.mark.parametrize(
    ("name", "sizes"), [("diagonal", {"n": 2}), ("squared_diagonal", {"n": 2})]
)
def test_limits_are_where_the_closed_forms_go(run, number, name, sizes):
    found = run(name, sizes)
    for block in found.recognition.blocks:
        solution = block.solution
        values = constants(found, number, solution, 400)
        for of, limit in solution.limits.items():
            late = number(solution.values[of], values)
            assert late == pytest.approx(number(limit, values), rel=CLOSE, abs=CLOSE)


def test_a_value_is_written_out_in_time_and_start_alone(run, number):
    found = run("diagonal", {"n": 1})
    (block,) = found.recognition.blocks
    solution = block.solution
    start = {symbol: found.at(0)[w] for w, symbol in solution.start.items()}
    for of in solution.values:
        written = solution.written_out(of)
        assert written.free_symbols <= {*found.known, *start, t}
        raw = number(block.variables.get(of, of), {**found.known, **found.at(2)})
        values = {**found.known, **start, t: found.times[2]}
        assert number(written, values) == pytest.approx(raw, rel=CLOSE)


def matrices(found, array, solution, leaf):
    """M and the start of Z, as numbers."""
    values = {**found.known, **found.at(0), sympy.Symbol("lambda", real=True): leaf}
    Q = array(solution.Q, values)
    return array(solution.M, values), Q @ Q.T


def at_time(M, Z, time):
    """N D⁻¹ of the linear flow."""
    n = len(Z)
    pair = expm(time * M) @ np.vstack([Z, np.eye(n)])
    return np.linalg.solve(pair[n:].T, pair[:n].T).T


def on_a_leaf(rates, n, h, m, leaf):
    """Weights with Qᵀ J Q = λ 1, by a square root."""
    draw = np.random.default_rng(5)
    V = 0.2 * draw.normal(size=(h, n)) + 1.2 * np.eye(h, n)
    square = V @ V.T / rates[1] - leaf * np.eye(h)
    root = np.linalg.cholesky(square).T
    frame = np.linalg.qr(draw.normal(size=(m, h)))[0]
    return {"U": np.sqrt(rates[0]) * frame @ root, "V": V}


@pytest.mark.parametrize(
    ("name", "sizes", "kind"),
    [
        ("symmetric_factorisation", {"n": 2, "r": 3}, "matrix Riccati"),
        ("symmetric_factorisation", {"n": 3, "r": 1}, "matrix Riccati"),
        ("two_layer_linear", {"n": 2, "h": 1, "m": 1}, "matrix Riccati"),
        ("two_layer_linear", {"n": 2, "h": 2, "m": 2}, "matrix Riccati on a leaf of a law"),
    ],
)
@pytest.mark.parametrize("leaf", [0.0, 0.3])
def test_matrix_riccati_is_solved_by_a_matrix_exponential(run, array, name, sizes, kind, leaf):
    start = None
    if name == "two_layer_linear" and sizes["h"] > 1:
        start = on_a_leaf((0.8, 1.3), sizes["n"], sizes["h"], sizes["m"], leaf)
    found = run(name, sizes, start=start)
    assert found.recognition.kind == kind
    (block,) = found.recognition.blocks
    solution = block.solution
    if solution.law is not None:
        Q = array(solution.Q, {**found.known, **found.at(0)})
        law = Q.T @ array(solution.law, {}) @ Q
        leaf = law[0, 0]
        assert np.allclose(law, leaf * np.eye(len(law)), atol=1e-12)
    M, Z = matrices(found, array, solution, leaf)
    for k, time in enumerate(found.times):
        Q = array(solution.Q, {**found.known, **found.at(k)})
        assert np.allclose(at_time(M, Z, time), Q @ Q.T, rtol=CLOSE, atol=CLOSE)


def test_off_its_leaf_the_closed_form_is_not_the_flow(run, array):
    """The condition is needed: with any start the same formula misses."""
    found = run("two_layer_linear", {"n": 2, "h": 2, "m": 2})
    (block,) = found.recognition.blocks
    M, Z = matrices(found, array, block.solution, 0.0)
    Q = array(block.solution.Q, {**found.known, **found.at(3)})
    assert np.abs(at_time(M, Z, found.times[3]) - Q @ Q.T).max() > 1e-3


def test_an_altered_matrix_is_not_the_flow(run, array):
    found = run("symmetric_factorisation", {"n": 2, "r": 2})
    (block,) = found.recognition.blocks
    M, Z = matrices(found, array, block.solution, 0.0)
    Q = array(block.solution.Q, {**found.known, **found.at(3)})
    assert np.allclose(at_time(M, Z, found.times[3]), Q @ Q.T, atol=CLOSE)
    for i, j in zip(*np.nonzero(M), strict=True):
        altered = M.copy()
        altered[i, j] *= 1.001
        assert np.abs(at_time(altered, Z, found.times[3]) - Q @ Q.T).max() > 1e-6


def test_matrix_riccati_has_its_limit(run, array):
    """2 F/b where F is positive definite; the projection on its positive part elsewhere."""
    late = np.array([0.0, 60.0])
    for name, sizes, start in (
        ("symmetric_factorisation", {"n": 2, "r": 3}, None),
        ("two_layer_linear", {"n": 2, "h": 2, "m": 2}, on_a_leaf((0.8, 1.3), 2, 2, 2, 0.3)),
    ):
        found = run(name, sizes, start=start, times=late)
        (block,) = found.recognition.blocks
        values = {**found.known, sympy.Symbol("lambda", real=True): 0.3}
        sign = 1.0
        if block.solution.law is not None:
            Q = array(block.solution.Q, {**found.known, **found.at(0)})
            sign = (Q.T @ array(block.solution.law, {}) @ Q)[0, 0] / 0.3
        values[sympy.Symbol("lambda", real=True)] = 0.3 * sign
        rest = array(block.solution.limit, values)
        eigenvalues, vectors = np.linalg.eigh(rest)
        kept = vectors * np.maximum(eigenvalues, 0) @ vectors.T
        Q = array(block.solution.Q, {**found.known, **found.at(1)})
        assert np.allclose(Q @ Q.T, kept, atol=1e-9)


@pytest.mark.parametrize(
    ("name", "sizes", "kind"),
    [
        ("chain_3", {}, "separable, elliptic (genus 1)"),
        ("chain_4", {}, "separable, elliptic (genus 1)"),
        ("diagonal_depth_3", {"n": 2}, "separable, elliptic (genus 1)"),
    ],
)
def test_one_variable_on_its_curve(run, number, flow, name, sizes, kind):
    """(w, p) alone follows the raw weights, and stays on p² = q(w)."""
    found = run(name, sizes)
    assert found.recognition.kind == kind
    for block in found.recognition.blocks:
        at = [
            {z: number(d, {**found.known, **found.at(k)}) for z, d in block.variables.items()}
            for k in range(len(found.times))
        ]
        w, p = block.equations
        laws = {E: at[0][E] for E in block.curve.laws}
        moved = flow(block.equations, [at[0][w], at[0][p]], {**found.known, **laws})
        for k in range(len(found.times)):
            assert moved[k] == pytest.approx([at[k][w], at[k][p]], rel=CLOSE, abs=CLOSE)
            square = number(block.curve.square, {**laws, w: at[k][w]})
            assert square == pytest.approx(at[k][p] ** 2, rel=CLOSE, abs=CLOSE)


def test_linear_flows_are_matrix_exponentials(run, array):
    found = run(ONE_LAYER, {"m": 2, "n": 2})
    assert found.recognition.kind == "linear"
    for block in found.recognition.blocks:
        M = array(block.solution.M, found.known)
        start = [found.at(0)[w] for w in block.solution.variables]
        for k, time in enumerate(found.times):
            moved = expm(time * M) @ [*start, 1.0]
            raw = [found.at(k)[w] for w in block.solution.variables]
            assert moved[:-1] == pytest.approx(raw, rel=CLOSE, abs=CLOSE)


def test_a_frozen_record_cannot_be_altered(run):
    found = run("diagonal", {"n": 1})
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.recognition.kind = "elliptic"


def test_where_the_rate_is_zero_there_is_another_form(run, number):
    """Equal weights and a target of 0: R = 0, where the constants are 0/0; the weights decay as 1/√t."""
    start = {"a": 0.8, "b": 0.8}
    found = run("chain_2", {}, start=start, targets=np.zeros((1, 1)))
    (block,) = found.recognition.blocks
    solution = block.solution
    (clock,) = solution.at_zero_rate
    for k, time in enumerate(found.times):
        values = {**found.known, t: time}
        values |= {symbol: found.at(0)[w] for w, symbol in solution.start.items()}
        for symbol, value in {**solution.constants, **solution.at_zero_rate}.items():
            known = {**values, **dict.fromkeys(value.free_symbols - set(values), 0.0)}
            values[symbol] = number(solution.at_zero_rate.get(symbol, value), known)
        R = next(one for one in solution.constants if str(one) == "R")
        assert values[R] == pytest.approx(0, abs=1e-12)
        assert np.isnan(number(solution.constants[clock], values)) or time == 0
        for of, value in solution.values.items():
            raw = number(block.variables.get(of, of), {**found.known, **found.at(k)})
            assert number(value, values) == pytest.approx(raw, rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize("target", [(1.0, 0.0), (1.2, -0.9), (0.0, -1.0), (-1.0, -0.4), (0.8, 0.5)])
def test_matrix_riccati_tends_to_the_positive_part(run, array, target):
    """Of F with any eigenvalues; Z(0) of rank 1 is enough where one is positive, where 0 is slow."""
    late, rank = np.array([0.0, 400.0]), max(1, sum(y > 0 for y in target))
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    found = run(
        "symmetric_factorisation", {"n": 2, "r": rank},
        times=late, targets=turn @ np.diag(target) @ turn.T,
    )  # fmt: skip
    (block,) = found.recognition.blocks
    eigenvalues, vectors = np.linalg.eigh(array(block.solution.limit, found.known))
    kept = vectors * np.maximum(eigenvalues, 0) @ vectors.T
    Q = array(block.solution.Q, {**found.known, **found.at(1)})
    slow = 0.02 if 0.0 in target else 1e-9  # 1/(b t) where F is 0
    assert np.allclose(Q @ Q.T, kept, atol=slow)
    if min(target) < 0 < max(target):
        assert not np.allclose(Q @ Q.T, array(block.solution.limit, found.known), atol=0.1)


def test_where_the_positive_part_has_not_full_rank_it_is_not_the_limit(run, array):
    """The condition is needed: one column cannot have two directions."""
    found = run(
        "symmetric_factorisation", {"n": 2, "r": 1},
        times=np.array([0.0, 200.0]), targets=np.diag((1.0, 0.6)),
    )  # fmt: skip
    (block,) = found.recognition.blocks
    Q = array(block.solution.Q, {**found.known, **found.at(1)})
    assert np.abs(Q @ Q.T - array(block.solution.limit, found.known)).max() > 0.1


@pytest.mark.parametrize("more", [{}, {"data": "points", "points": ({"x": 0},)}])
def test_a_network_at_rest_is_said_to_be_at_rest(more):
    from symbolic.architecture.instance import Instance
    from symbolic.reduced.recognise import recognise

    def output(w, x, F):
        return w.a * w.b * x.x if more else (w.a - w.a) * x.x

    model = Model(
        name="rest", title="at rest", source="own", inputs={"x": ()}, sizes=({},), output=output,
        layers={"a": Layer(rate="eta_a"), "b": Layer(rate="eta_b")}, **more,
    )  # fmt: skip
    found = recognise(Instance(model, {}))
    assert found.kind == "at rest"
    (block,) = found.blocks
    assert set(block.equations.values()) == {0}
    assert dict(block.solution.values) == dict(block.solution.start)
