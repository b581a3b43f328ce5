"""Many networks at once are answered as each of them alone, to the last digits, and as balls say."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from numeric import GradientFlow, compiled
from numeric.data.exact import exact_point, exact_set, rational, rational_rows
from numeric.errors import InputError, InternalCheckError, Refused, RefusedAnswer, RefusedInput
from numeric.methods.explicit import floats
from numeric.methods.explicit.balls import ExactFlow
from numeric.methods.many.flows import GradientFlows

NAMES = (
    "alpha", "output", "residual", "loss", "overlap", "alignment", "alignment_slope", "norm_u",
    "norm_omega", "norm_W", "kernel", "kernel_change", "distance_u", "distance_W",
)  # fmt: skip
LAST = 1e-14  # relative: both are right to about that, in float64 of the same formulas
PROMISED = 1e-12
IN_UNITS = np.array([0, 1e-9, 1e-3, 0.3, 1, 5, 40, 200, np.inf])
PATHS = ("numpy", *(("machine",) if compiled.is_available() else ()))


def drawn(seed: int, number: int = 24) -> dict[str, Any]:
    """Arguments of many networks; the first are degenerate."""
    draw = np.random.default_rng(seed)
    most, inputs = int(draw.integers(2, 9)), int(draw.integers(1, 4))
    points = int(draw.integers(1, 4))
    size = 10 ** draw.uniform(-6, 6, (number, 1))
    beside = 10 ** draw.uniform(-6, 6, (number, 1))
    u = size * draw.standard_normal((number, most))
    W = beside[..., None] * draw.standard_normal((number, most, inputs))
    line = 10 ** draw.uniform(-3, 3, (number, 1)) * draw.standard_normal((number, inputs))
    along = draw.standard_normal((number, points))
    x = line if points == 1 else along[..., None] * line[:, None]
    y = 10 ** draw.uniform(-3, 3, (number, 1)) * draw.standard_normal((number, points))
    rates = {name: 10 ** draw.uniform(-3, 3, number) for name in ("gamma", "eta_u", "eta_w")}
    widths = draw.integers(1, most + 1, number)
    for b in range(7):
        widths[b] = most
        rates["gamma"][b] = rates["eta_u"][b] = rates["eta_w"][b] = 1.0
        u[b], W[b], line[b] = draw.standard_normal(most), draw.standard_normal((most, inputs)), 0.0
        line[b, 0] = 1.0  # an axis: what is parallel is so exactly
        x[b] = line[b] if points == 1 else along[b][:, None] * line[b]
    unit = line[:7] / np.linalg.norm(line[:7], axis=1)[:, None]
    u[0], W[0] = 0.0, 0.0
    u[1] = 0.0
    if points == 1:  # the direction of a set has a rest, with which nothing cancels exactly
        W[2] = u[2][:, None] * unit[2]  # parallel
        W[3] = -u[3][:, None] * unit[3]  # antiparallel
    x[4] = 0.0  # nothing moves
    y[5] = -np.sign(u[5] @ (W[5] @ unit[5])) * (along[5] if points > 1 else 1.0)  # passes zero
    u[6], W[6] = np.arange(most) - 1.0, np.arange(most)[:, None] + 2.0
    if points == 1:
        x[6], y[6] = 2 * line[6], 2 * u[6] @ W[6, :, 0]  # starts at the target, exactly
    return {
        "u0": u, "W0": W, "x": x, "y": y if points > 1 else y[:, 0], "widths": widths, **rates,
        **({} if points > 1 else {"shared": False}),
    }  # fmt: skip


def alone(given: dict[str, Any], place: int) -> dict[str, Any]:
    """Arguments of one of them, as its user would have had them."""
    width = given["widths"][place]
    of = {name: given[name][place] for name in ("x", "y", "gamma", "eta_u", "eta_w")}
    of["gamma"], of["eta_u"], of["eta_w"] = (float(of[z]) for z in ("gamma", "eta_u", "eta_w"))
    return {"u0": given["u0"][place, :width], "W0": given["W0"][place, :width], **of}


@pytest.fixture(params=PATHS)
def path(request, monkeypatch):
    """Machine code, or numpy, for many; single flows stay what they are."""
    if request.param == "numpy":
        monkeypatch.setattr(floats, "twin", lambda module: None)
    return request.param


def both(seed):
    """Many flows, each alone, and times for each."""
    given = drawn(seed)
    flows = GradientFlow(**given)
    one_by_one = [GradientFlow(**alone(given, b)) for b in range(len(flows))]
    scales = np.array([flow.t_c if 0 < flow.t_c < np.inf else 1.0 for flow in one_by_one])
    return flows, one_by_one, scales[:, None] * IN_UNITS


def assert_same(found, expected, name, tolerance=LAST):
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=0, err_msg=name)


@pytest.mark.parametrize("seed", range(8))
def test_observables_are_those_of_each_alone(seed, path):
    flows, one_by_one, t = both(seed)
    for name in NAMES:
        expected = [getattr(flow, name)(row) for flow, row in zip(one_by_one, t, strict=True)]
        assert_same(getattr(flows, name)(t, each=True), np.array(expected), name)


@pytest.mark.parametrize("off", [1e-14, 1e-11, 1e-8, 1e-5])
def test_starts_that_are_nearly_parallel_are_those_of_each_alone(off, path):
    """What is left of Gram's determinant, or of one coordinate, has lost its digits in float64."""
    draw, number, width = np.random.default_rng(3), 12, 5
    u = draw.standard_normal((number, width))
    W = np.where(np.arange(number) % 2, 1.0, -1.0)[:, None, None] * u[..., None] * [1.0, 0.0]
    W += off * draw.standard_normal(W.shape)
    given = {"x": [1.0, 0.0], "y": 1.3}
    flows = GradientFlow(u, W, **given)
    one_by_one = [GradientFlow(a, b, **given) for a, b in zip(u, W, strict=True)]
    t = np.array([flow.t_c for flow in one_by_one])[:, None] * IN_UNITS[:6]
    for name in NAMES:
        expected = [getattr(flow, name)(row) for flow, row in zip(one_by_one, t, strict=True)]
        assert_same(getattr(flows, name)(t, each=True), np.array(expected), name)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("loss", ["square", "half_square"])
def test_losses_are_those_of_each_alone(loss, reduction, path):
    given = drawn(1)
    assert np.ndim(given["y"]) == 2  # sets
    flows = GradientFlow(**given, loss=loss, reduction=reduction)
    one_by_one = [
        GradientFlow(**alone(given, b), loss=loss, reduction=reduction) for b in range(len(flows))
    ]
    for name in ("loss", "alignment"):
        expected = [getattr(flow, name)([0.0, 0.1, 0.5]) for flow in one_by_one]
        assert_same(getattr(flows, name)([0.0, 0.1, 0.5]), np.array(expected), name)


def test_places_are_numbers_or_rows_of_them(path):
    flows = GradientFlow(**drawn(0))
    assert flows[np.array(3)].loss(0.1) == flows[3].loss(0.1)
    np.testing.assert_array_equal(flows[np.array([4, 1])].loss(0.1), flows.loss(0.1)[[4, 1]])
    for wrong in (np.array([[1, 2]]), "3", 1.0, len(flows)):
        with pytest.raises((IndexError, TypeError)):
            flows[wrong]


@pytest.mark.parametrize("seed", range(8))
def test_most_networks_are_answered_together(seed, path):
    flows, _, t = both(seed)
    for name in NAMES:
        _, (rows, _) = flows._joint[1].scalar(name, t)
        plain = np.setdiff1d(np.arange(len(flows)), rows)
        assert plain.size >= len(flows) // 3, name


@pytest.mark.parametrize("seed", range(4))
def test_layers_are_those_of_each_alone(seed, path):
    flows, one_by_one, t = both(seed)
    for name in ("u", "W"):
        found = getattr(flows, name)(t, each=True)
        assert found.shape == (*t.shape, *getattr(flows, name + "0").shape[1:])
        for b, flow in enumerate(one_by_one):
            width = flows.widths[b]
            assert_same(found[b, :, :width], getattr(flow, name)(t[b]), name)
            assert not found[b, :, width:].any()


@pytest.mark.parametrize("seed", range(4))
def test_ends_are_those_of_each_alone(seed, path):
    flows, one_by_one, t = both(seed)
    assert flows.limit_kind.tolist() == [flow.limit_kind for flow in one_by_one]
    assert {"target", "saddle", "at rest"} >= set(flows.limit_kind)
    for name in ("t_c", "target"):
        assert_same(getattr(flows, name), [getattr(flow, name) for flow in one_by_one], name, 1e-15)
    assert flows.method.tolist() == ["explicit"] * len(flows)
    assert flows.why.tolist() == [""] * len(flows)
    goals = flows.loss(t, each=True) * np.linspace(0.9, 1.1, t.shape[1])
    found = flows.time_to_loss(goals, each=True)
    expected = [flow.time_to_loss(goal) for flow, goal in zip(one_by_one, goals, strict=True)]
    assert_same(found, np.array(expected), "time_to_loss", 1e-12)  # of a loss rounded by then


def test_what_follows_of_weights_is_that_of_each_alone(path):
    flows, one_by_one, t = both(1)
    inputs = np.random.default_rng(0).standard_normal((2, flows.W0.shape[2]))
    found = flows.predict(inputs, t, each=True), flows.tangent_kernel(0.3, *inputs)
    for b, flow in enumerate(one_by_one):
        np.testing.assert_array_equal(found[0][b], flow.predict(inputs, t[b]))
        np.testing.assert_array_equal(found[1][b], flow.tangent_kernel(0.3, *inputs))
    population = flows.population_loss([0.0, 1.0], 2.0, 1.0, 3.0)
    np.testing.assert_array_equal(
        population[9], one_by_one[9].population_loss([0.0, 1.0], 2.0, 1.0, 3.0)
    )


@pytest.mark.parametrize("seed", range(6))
def test_answers_are_those_of_balls(seed, path):
    """Rational arithmetic and balls, from the same numbers."""
    draw = np.random.default_rng([7, seed])
    number, width, inputs = 6, 4, 1 + seed % 3
    u = 10 ** draw.uniform(-6, 6, (number, 1)) * draw.standard_normal((number, width))
    W = 10 ** draw.uniform(-6, 6, (number, 1, 1)) * draw.standard_normal((number, width, inputs))
    x, y = 10 ** draw.uniform(-3, 3) * draw.standard_normal(inputs), draw.standard_normal(number)
    gamma = 10 ** draw.uniform(-3, 3, number)
    if seed % 2:  # multiples by powers of two are on a line exactly
        x, y = np.outer([1.0, -2.0, 0.5], x), np.outer(y, [1.0, -0.3, 2.0])
    flows = GradientFlow(u, W, x, y, gamma=gamma, eta_u=0.3)
    times = flows.t_c[:, None] * [0.01, 0.4, 3.0, 30.0]
    found = {name: getattr(flows, name)(times, each=True) for name in NAMES}
    exact = [rational(Fraction(z)) for z in (0.3, 1.0)]
    for b in range(number):
        goal = rational_rows([np.atleast_1d(y[b]).tolist()])[0]
        rows = rational_rows(np.atleast_2d(x).tolist())
        point = exact_set(rows, goal) if seed % 2 else exact_point(rows[0], goal[0])
        layers = rational_rows([u[b].tolist()])[0], rational_rows(W[b].tolist())
        flow = ExactFlow(*layers, point, rational(Fraction(float(gamma[b]))), *exact)
        told, _ = flow.solve([rational(Fraction(float(t))) for t in times[b]], 25)
        for name in ("output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha"):
            expected = [float(getattr(one, name)) for one in told]
            assert_same(found[name][b], expected, name, PROMISED)


def test_shapes_follow_the_times(path):
    flows = GradientFlow(np.ones((5, 3)) * np.arange(1, 4), np.ones((5, 3, 2)), [1.0, 2.0], 1.0)
    assert len(flows) == 5
    assert flows.loss(1.0).shape == (5,)
    assert flows.loss([[1.0, 2.0]]).shape == (5, 1, 2)
    assert flows.loss(np.ones((5, 2)), each=True).shape == (5, 2)
    assert flows.u(0.5).shape == (5, 3)
    assert flows.W(np.ones((5, 2)), each=True).shape == (5, 2, 3, 2)
    assert flows.predict([1.0, 0.0], [0.0, 1.0]).shape == (5, 2)
    assert flows.time_to_loss([0.5, 0.1]).shape == (5, 2)
    with pytest.raises(InputError, match=r"t: found shape \(2,\); expected \(5, …\)"):
        flows.loss([1.0, 2.0], each=True)
    with pytest.raises(InputError, match="t: found"):
        flows.loss([-1.0])


def test_they_are_a_sequence():
    given = drawn(3)
    flows = GradientFlow(**given)
    assert isinstance(flows, GradientFlow)
    assert isinstance(flows, GradientFlows)
    np.testing.assert_array_equal(flows[-1].loss(0.1), GradientFlow(**alone(given, 23)).loss(0.1))
    np.testing.assert_array_equal(flows[4:9].loss(0.1), flows.loss(0.1)[4:9])
    np.testing.assert_array_equal(flows[[2, 0]].u(0.1), flows.u(0.1)[[2, 0]])
    assert [flow.u0.size for flow in flows] == flows.widths.tolist()
    with pytest.raises(IndexError):
        flows[24]


@pytest.mark.parametrize("network", ["linear", "softplus"])
def test_a_copy_answers_the_same(network):
    given = drawn(3) if network == "linear" else soft()
    flows = GradientFlow(**given, network=network)
    flows.loss(0.1)
    again = pickle.loads(pickle.dumps(flows))
    np.testing.assert_array_equal(again.loss([0.1, 2.0]), flows.loss([0.1, 2.0]))
    np.testing.assert_array_equal(again.W(0.1), flows.W(0.1))


# --- other networks, which are solved one by one ------------------------------------------------------


def soft():
    draw = np.random.default_rng(5)
    return {
        "u0": draw.standard_normal((3, 4)), "W0": draw.standard_normal((3, 4, 2)),
        "x": draw.standard_normal((3, 2)), "y": 1.5, "shared": False, "widths": [4, 2, 1],
        "gamma": np.array([1.0, 0.5, 2.0]), "eta_u": 1.0, "eta_w": 0.7,
    }  # fmt: skip


@pytest.mark.parametrize("network", ["softplus", "tanh", "quadratic"])
def test_padding_is_no_neuron(network):
    """σ(0) ≠ 0 of softplus: a neuron of zeros would contribute, and move."""
    given = soft()
    noise = np.where(np.arange(4) < np.array(given["widths"])[:, None], 0.0, np.pi)
    flows = GradientFlow(**(given | {"u0": given["u0"] + noise}), network=network)
    t = np.array([0.0, 0.4, 3.0])
    for b, flow in enumerate(flows):
        width = given["widths"][b]
        own = {"gamma": given["gamma"][b], "eta_w": 0.7, "network": network}
        single = GradientFlow(
            given["u0"][b, :width], given["W0"][b, :width], given["x"][b], 1.5, **own
        )
        for name in flows.observables:
            np.testing.assert_array_equal(getattr(flows, name)(t)[b], getattr(single, name)(t))
        np.testing.assert_array_equal(flow.u(t), single.u(t))
        np.testing.assert_array_equal(flows.u(t)[b, :, :width], single.u(t))
        assert not flows.u(t)[b, :, width:].any()
        assert not flows.W(t)[b, :, width:].any()
        assert flows.t_c[b] == single.t_c
    assert flows.method.tolist() == ["warp"] * 3
    assert flows[1] is flows[1]  # is not solved again


def test_data_off_a_line_are_marched_beside_others(path):
    """Networks of one batch whose methods differ: each is solved by its own."""
    draw = np.random.default_rng(2)
    u, W = draw.standard_normal((2, 3)), draw.standard_normal((2, 3, 2))
    x = np.array([[[1.0, 2.0], [2.0, 4.0]], [[1.0, 2.0], [2.0, -1.0]]])
    flows = GradientFlow(u, W, x, [1.0, -1.0])
    assert flows.method.tolist() == ["explicit", "march"]
    assert flows.why[0] == ""
    assert "off one line" in flows.why[1]
    np.testing.assert_array_equal(flows.loss([0.2])[1], flows[1].loss([0.2]))
    assert_same(flows.norm_W(0.2)[0], GradientFlow(u[0], W[0], x[0], [1.0, -1.0]).norm_W(0.2), "")
    assert flows.observables == flows[1].observables
    with pytest.raises(InputError, match=r"network 1: answer: found shape \(1, 2\)"):
        flows.output(0.2)


def test_a_refusal_names_the_network():
    u, W = np.ones((3, 2)), np.ones((3, 2, 1))
    W[1] = 1e200
    flows = GradientFlow(u, W, [1.0], 1.0, network="cubic")
    with pytest.raises(InputError, match="network 1: "):
        flows.loss(0.1)


def test_the_answers_of_the_others_are_kept():
    u, W = np.ones((3, 2)), np.full((3, 2, 1), 0.5)
    W[1] = 1e200
    flows = GradientFlow(u, W, [1.0], 1.0, network="cubic")
    for ask in (flows.loss, flows.u):
        with pytest.raises(Refused, match="network 1: ") as caught:
            ask([0.1, 0.2])
        assert isinstance(caught.value, InputError)
        assert caught.value.networks == (1,)
        answers = caught.value.answers
        np.testing.assert_array_equal(answers[[0, 2]], ask.__func__(flows[[0, 2]], [0.1, 0.2]))
        assert np.isnan(answers[1]).all()
        assert answers.shape[:2] == (3, 2)


def test_what_all_refuse_is_not_asked_of_all():
    number, asked = 50, []

    def ask(flow, place):
        asked.append(place)
        raise InputError("x", "nothing", "something")

    flows = GradientFlow(np.ones((number, 2)), np.ones((number, 2, 1)), [1.0], 3.0, network="cubic")
    with pytest.raises(RefusedInput, match="network 0: x") as caught:
        flows._stacked(ask)
    assert len(asked) == len(caught.value.networks) < 10
    assert caught.value.answers is None


def test_a_violated_check_of_one_leaves_the_others(path, monkeypatch):
    """What fails a check of all together is asked alone, where it names itself."""
    from numeric.methods.explicit.floats import ExplicitFlow

    given = drawn(1)
    expected = GradientFlow(**given).distance_u([0.1, 0.5])
    wrong, ask = GradientFlow(**given), ExplicitFlow.distance_u

    def check(self, t):
        if np.array_equal(self.u0, wrong[4].u0):
            raise InternalCheckError("‖u − u(0)‖ is 2, not 1")
        return ask(self, t)

    monkeypatch.setattr(ExplicitFlow, "distance_u", check)

    kind = type(wrong._joint[1])
    scalar = kind.scalar

    def lost(self, name, t):
        found, _ = scalar(self, name, t)
        return found, np.nonzero(np.ones(found.shape, dtype=bool))

    monkeypatch.setattr(kind, "scalar", lost)
    with pytest.raises(RefusedAnswer, match="network 4: ‖u") as caught:
        wrong.distance_u([0.1, 0.5])
    assert caught.value.networks == (4,)
    others = np.delete(np.arange(len(wrong)), 4)
    np.testing.assert_allclose(caught.value.answers[others], expected[others], rtol=1e-12)
    assert np.isnan(caught.value.answers[4]).all()


@pytest.mark.parametrize("kind", ["many", "tensors"])
def test_what_is_copied_is_not_said_to_be_held(kind):
    u, W, options = np.ones((3, 2)), np.ones((3, 2, 1)), {}
    if kind == "tensors":
        torch = pytest.importorskip("torch")
        u, W, options = torch.ones(2), torch.ones(2, 1), {"xp": torch}
    with pytest.raises(InputError, match="copy: found False"):
        GradientFlow(u, W, [1.0], 1.0, copy=False, **options)


# --- checks that can fail -----------------------------------------------------------------------------


@pytest.mark.skipif("machine" not in PATHS, reason="nothing is compiled here")
def test_a_wrong_constant_is_seen(monkeypatch):
    from numeric.methods.explicit import many_machine

    prepare = many_machine.lanes.prepare

    def wrong(*given):
        prepare(*given)
        known = given[6].reshape(-1, many_machine.WIDE, many_machine.LANES)
        known[:, many_machine.PLACE["R"]] *= 1 + 1e-13

    monkeypatch.setattr(many_machine.lanes, "prepare", wrong)
    flows, one_by_one, t = both(1)
    expected = [flow.loss(row) for flow, row in zip(one_by_one, t, strict=True)]
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        assert_same(flows.loss(t, each=True), np.array(expected), "loss")


@pytest.mark.skipif("machine" not in PATHS, reason="nothing is compiled here")
def test_a_wrong_layer_is_no_answer(monkeypatch):
    from numeric.methods.explicit import moving_many

    write = moving_many.write

    def wrong(*given):
        write(*given)
        given[-1][:] *= 1.001

    monkeypatch.setattr(moving_many, "write", wrong)
    with pytest.raises(InternalCheckError, match=r"‖u‖"):
        GradientFlow(**drawn(1)).u([0.1, 0.5])


@pytest.mark.skipif("machine" not in PATHS, reason="nothing is compiled here")
def test_a_value_beyond_its_bounds_is_computed_otherwise(monkeypatch):
    """What leaves the bounds of an observable is no answer of machine code."""
    from numeric.methods.explicit import many_machine

    draw = np.random.default_rng(0)
    flows = GradientFlow(
        draw.standard_normal((70, 5)), draw.standard_normal((70, 5, 1)), [1.0], 1.0
    )
    expected = flows.loss([0.3])
    bounds = many_machine._bounds
    monkeypatch.setattr(many_machine, "_bounds", lambda *given: (np.inf, bounds(*given)[1]))
    np.testing.assert_allclose(flows.loss([0.3]), expected, rtol=1e-14)


@pytest.mark.skipif("machine" not in PATHS, reason="nothing is compiled here")
def test_two_cores_answer_as_one(monkeypatch):
    from numeric.methods.explicit import many_machine

    draw = np.random.default_rng(0)
    given = draw.standard_normal((20000, 3)), draw.standard_normal((20000, 3, 2)), [1.0, 2.0], 0.5
    monkeypatch.setattr(many_machine.halves, "cores", lambda: 1)
    one = GradientFlow(*given).alignment([0.1, 1.0])
    monkeypatch.setattr(many_machine.halves, "cores", lambda: 3)
    np.testing.assert_array_equal(GradientFlow(*given).alignment([0.1, 1.0]), one)


def test_what_is_said_of_them_is_short():
    flows = GradientFlow(**drawn(3))
    assert repr(flows).startswith("<GradientFlow: 24 networks: linear, square loss, 1 to ")
    assert len(flows._repr_html_()) < 1000
