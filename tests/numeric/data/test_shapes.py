"""Weights and data in the shapes and types that people hold them in: taken as what they are."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from numeric import GradientFlow
from numeric.cases.case import parse
from numeric.cases.solution import solve
from numeric.data import shapes
from numeric.data.arrays import finite
from numeric.errors import InputError
from verify.oracle import descent
from verify.oracle.problem import Problem, batch

DTYPES = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
HOLDERS = {
    "parameter": lambda z: torch.nn.Parameter(z),
    "tensor": lambda z: z,
    "graph": lambda z: z.clone().requires_grad_() * 1,
    "list": lambda z: z.double().tolist(),
    "list of tensors": lambda z: list(z.clone().requires_grad_()),
    "tuple": lambda z: tuple(z.double().tolist()),
    "numpy": lambda z: z.double().numpy(),
}


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("hold", HOLDERS.values(), ids=HOLDERS)
@settings(max_examples=12)
@given(
    d=st.integers(1, 4), d0=st.integers(1, 3), n=st.integers(1, 4), seed=st.integers(0, 99),
    as_row=st.sampled_from(["(d,)", "(1, d)", "(d, 1)"]), column=st.booleans(),
)  # fmt: skip
def test_every_holder_shape_and_type_has_the_numbers(hold, dtype, d, d0, n, seed, as_row, column):
    generator = torch.Generator().manual_seed(seed)
    u = torch.randn(d, generator=generator, dtype=torch.float64).to(dtype)
    W = torch.randn(d, d0, generator=generator, dtype=torch.float64).to(dtype)
    # Powers of two times one row: on a line in every type.
    row = torch.randn(d0, generator=generator, dtype=torch.float64).to(dtype)
    X = torch.tensor([2.0**k for k in range(n)], dtype=dtype)[:, None] * row
    y = torch.randn(n, generator=generator, dtype=torch.float64).to(dtype)
    shape = {"(d,)": (d,), "(1, d)": (1, d), "(d, 1)": (d, 1)}[as_row]
    flow = GradientFlow(
        hold(u.reshape(shape)), hold(W), hold(X), hold(y[:, None] if column else y), eta_u=0.5
    )
    plain = GradientFlow(
        u.double().numpy(), W.double().numpy(), X.double().numpy(), y.double().numpy(), eta_u=0.5
    )
    np.testing.assert_array_equal(flow.u0, u.double().numpy())
    np.testing.assert_array_equal(flow.W0, W.double().numpy())
    for name in ("loss", "output", "norm_W"):
        np.testing.assert_array_equal(getattr(flow, name)(0.3), getattr(plain, name)(0.3))


@pytest.mark.parametrize("target", [1.5, [1.5], [[1.5]], torch.tensor(1.5), torch.tensor([[1.5]])])
@pytest.mark.parametrize("x", [[2.0, 1.0], torch.tensor([2.0, 1.0])])
def test_a_point_may_have_its_target_in_brackets(x, target):
    found = shapes.data(x, target, 2)
    assert (found.X.tolist(), found.targets.tolist(), found.is_set) == ([[2, 1]], [1.5], False)


def test_one_row_with_a_number_is_a_point_and_inputs_of_one_dimension_may_be_a_list():
    assert not shapes.data([[2.0, 1.0]], 1.5, 2).is_set
    assert shapes.data([[2.0, 1.0]], [1.5], 2).is_set
    found = shapes.data([1.0, 2.0], [3.0, 4.0], 1)
    assert (found.X.tolist(), found.is_set) == ([[1], [2]], True)


@pytest.mark.parametrize(
    ("field", "call"),
    [
        ("u0", lambda: shapes.second_layer([[1.0, 2.0], [3.0, 4.0]])),
        ("targets", lambda: shapes.data(np.ones((2, 3)), np.ones((2, 2)), 3)),
        ("targets", lambda: shapes.data(np.ones((3, 2)), np.ones((1, 3)), 2)),
    ],
)
def test_several_outputs_are_refused_in_words(field, call):
    with pytest.raises(InputError, match="one output") as caught:
        call()
    assert caught.value.field == field


@pytest.mark.parametrize(
    "bad",
    [
        torch.ones(3, dtype=torch.complex64), torch.ones(3, device="meta"), torch.ones(3).to_sparse(),
        [torch.ones(2), torch.ones(3)], ["a"], None, object(), {"a": 1}, "abc", b"12", [[1], [2, 3]],
        [None], torch.ones(0, 3), np.array([1, None]), [torch.ones(2, dtype=torch.complex64)],
    ],
    ids=lambda bad: type(bad).__name__,
)  # fmt: skip
def test_what_holds_no_numbers_is_one_line(bad):
    for call in (
        lambda: shapes.second_layer(bad),
        lambda: shapes.data(bad, 1.0, 3),
        lambda: shapes.data([[1.0]], bad, 1),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert str(caught.value).isprintable()


# --- data off their line ---------------------------------------------------------------------------


def rounded(seed, dtype, n=7, d0=4):
    """A line in float64, rounded to a type; and targets."""
    generator = torch.Generator().manual_seed(seed)
    a, e, y = (torch.randn(k, generator=generator, dtype=torch.float64) for k in (n, d0, n))
    spread = 10 ** (4 * torch.rand(d0, generator=generator, dtype=torch.float64) - 2)
    return torch.outer(a, e * spread).to(dtype), y


@pytest.mark.parametrize("seed", range(20))
def test_data_rounded_to_float32_are_on_their_line(seed):
    X, y = rounded(seed, torch.float32)
    u, W = np.ones(2), np.ones((2, 4))
    values = X.tolist()  # the type is gone, the numbers tell it
    for given_x in (X, values, json.loads(json.dumps(values)), X.numpy()):
        flow = GradientFlow(u, W, given_x, y)
        assert 1e-12 < flow.point.deviation < 2e-7
    with pytest.raises(InputError, match="line_tolerance of"):
        GradientFlow(u, W, values, y, line_tolerance=1e-13, method="explicit")
    X, y = rounded(seed, torch.float32)
    fractions = X.double().numpy() * (1 + 1e-9 * np.arange(28).reshape(7, 4))
    with pytest.raises(InputError, match="line_tolerance of"):  # no float32 numbers
        GradientFlow(u, W, fractions, y, method="explicit")


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("seed", range(10))
def test_shorter_types_are_known_by_their_type_alone(seed, dtype):
    X, y = rounded(seed, dtype)
    u, W = np.ones(2), np.ones((2, 4))
    assert 1e-5 < GradientFlow(u, W, X, y).point.deviation < 0.01
    with pytest.raises(InputError, match="line_tolerance of"):
        GradientFlow(u, W, X.double().tolist(), y, method="explicit")


@pytest.mark.parametrize(
    "X",
    [
        [[1.0, 2.0], [2.0, 5.0]], [[1e6, 1.0], [1e6, 2.0]], [[1e6, 2e6], [1e6 + 1, 2e6 + 3]],
        [[0.5, 1.5], [0.25, 0.8125]], [[1024.5, 1.0], [1024.5, 1.0009765625]],
        [[4096.0, 1.0], [4097.0, 1.0]], [[1.0, 0.0], [1.0, 2.0**-30]],
    ],
)  # fmt: skip
def test_numbers_that_are_float32_by_chance_stay_off_their_line(X):
    for given_x in (X, np.array(X, dtype=np.float32)):
        with pytest.raises(InputError, match="off one line"):
            GradientFlow([1.0], [[1.0, 1.0]], given_x, [1.0, 2.0], method="explicit")


@pytest.mark.parametrize("deviation", [1e-2, 1e-4, 1e-6])
def test_how_far_the_answer_is_off_where_the_line_is_forced(deviation):
    """Against descent on the data as they are: about the share that is said, ten times at worst."""
    generator = np.random.default_rng(0)
    problems = []
    for _ in range(12):
        d, d0, n = (int(generator.integers(low, 6)) for low in (1, 2, 2))
        X = np.outer(generator.normal(size=n), generator.normal(size=d0))
        X += deviation * np.linalg.norm(X) / np.sqrt(X.size) * generator.normal(size=X.shape)
        u, W, y = (generator.normal(size=shape) for shape in (d, (d, d0), n))
        problems.append(Problem("", u, W, X, y, 1.0, 1.0, 1.0))
    flows = [GradientFlow(*p.arguments()[0], line_tolerance=0.5) for p in problems]
    times = torch.tensor([flow.t_c for flow in flows], dtype=torch.float64)
    found = descent.flow(batch(problems), times, 200, 4)
    shares = []
    for flow, true_u, true_W in zip(flows, found.u.numpy(), found.W.numpy(), strict=True):
        u, W = flow.u(flow.t_c), flow.W(flow.t_c)
        wide_u, wide_W = np.zeros_like(true_u), np.zeros_like(true_W)
        wide_u[: u.size], wide_W[: W.shape[0], : W.shape[1]] = u, W
        off = np.hypot(np.linalg.norm(wide_u - true_u), np.linalg.norm(wide_W - true_W))
        size = np.hypot(np.linalg.norm(true_u), np.linalg.norm(true_W))
        shares.append(off / size / flow.point.deviation)
    assert max(shares) < 10
    assert 0.03 < np.median(shares) < 1


def test_a_case_sets_the_tolerance_and_hears_how_far_the_answer_is_off():
    case = {
        "gamma": 1, "eta_u": 1, "eta_w": 1, "u0": [[0.5, -0.2]], "W0": [[0.1, 0.2], [0.3, 0.4]],
        "X": [[1, 2], [2, 4.001]], "targets": [[1], [2]],
    }  # fmt: skip
    said = []
    assert solve(parse(case), [0], warn=said.append).method == "march"
    (line,) = said
    remedy = line.partition("line_tolerance of ")[2].split()[0]
    for tolerance in (remedy, float(remedy)):
        said.clear()
        solve(parse(case | {"line_tolerance": tolerance}), [0, 1], warn=said.append)
        (line,) = said
        assert "off one line by" in line
    exact = case | {"X": [[1, 2], [2, 4]]}
    said.clear()
    solve(parse(exact), [0, 1], warn=said.append)
    assert said == []
    with pytest.raises(InputError, match="leave out --digits"):
        solve(parse(case | {"line_tolerance": remedy}), [0], digits=5)


@pytest.mark.parametrize("network", ["cubic", "relu", "tanh"])
def test_other_networks_take_float32_data_too(network):
    X, y = rounded(3, torch.float32)
    rows = (X.double().abs() if network == "relu" else X.double()).tolist()
    if network == "tanh":
        rows = [[z * (1 + 2**-23 * (k == 1)) for z in rows[0]] for k in range(7)]
        rows = np.array(rows, dtype=np.float32).astype(float).tolist()
    elif network == "relu":  # of one sign
        rows = np.abs(np.array(rows)).tolist()
    case = parse({
        "activation": network, "gamma": 1, "eta_u": 1, "eta_w": 1, "u0": [0.1, 0.2],
        "W0": [[0.1] * 4, [0.2] * 4], "X": rows, "targets": y.tolist(),
    })  # fmt: skip
    said = []
    solve(case, [0], warn=said.append)
    assert "off one line by" in said[0]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("beside", [1.0, 1e200, 1e-300])
def test_what_is_not_finite_is_named_whatever_is_beside_it(bad, beside):
    values = np.array([[beside, -beside], [beside, bad]])
    with pytest.raises(InputError, match=r"W\[1\]\[1\]: found"):
        finite("W", values, 2)
    np.testing.assert_array_equal(finite("W", np.full((2, 2), beside), 2), beside)
