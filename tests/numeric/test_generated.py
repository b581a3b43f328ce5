"""The generated module alone: what it imports, one value in every namespace, derivatives by torch."""

from __future__ import annotations

import functools
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import torch
from flint import arb, ctx
from mpmath import mp, mpf

from numeric.generated import linear
from numeric.namespaces import Balls, Mpmath
from verify.oracle.taylor import integrate

FLOAT64, FLOAT32 = 1e-12, 1e-5  # relative errors promised for the two precisions
EPS = float(np.finfo(np.float64).eps)
BITS, LOST_BITS = 256, 40
DPS = 120  # beyond 256 bits, so that a ball must contain the mpmath value


# --- import ------------------------------------------------------------------------------------

ONLY_NUMPY = """
import sys

class OnlyNumpy:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in {"numpy", ALONE}:
            return None
        raise ImportError(f"blocked: {name}")

ALONE = "alone"
sys.meta_path.insert(0, OnlyNumpy())
sys.path.insert(0, sys.argv[1])
try:
    import flint
except ImportError as error:
    assert str(error) == "blocked: flint", error
else:
    raise SystemExit("the block does not block")
import alone
c = alone.constants(1.5, 0.5, 2.0, 0.75, 1.25, 2.0, 0.5, 0.25, 0.375, -0.875)
print(repr(float(alone.residual(alone.at(0.5, c), c))))
unwanted = {"flint", "torch", "mpmath", "sympy", "scipy", "symbolic", "verify", "scripts"}
print(sorted(unwanted & {name.partition(".")[0] for name in sys.modules}))
print("numeric" in sys.modules)
"""


def test_a_copy_of_the_file_works_with_numpy_alone(tmp_path: Path):
    shutil.copy(str(linear.__file__), tmp_path / "alone.py")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ONLY_NUMPY, str(tmp_path)],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.returncode == 0
    value, unwanted, project = done.stdout.split("\n")[:3]
    assert (unwanted, project) == ("[]", "False")
    c = linear.constants(1.5, 0.5, 2.0, 0.75, 1.25, 2.0, 0.5, 0.25, 0.375, -0.875)
    assert float(value) == float(linear.residual(linear.at(0.5, c), c))
    assert float(value) < 0


# --- every function at the same numbers in every namespace ---------------------------------------


@dataclass(frozen=True)
class Network:
    """A network of input dimension 1; its numbers are dyadic, so that all types hold them exactly.

    d neurons with second layer u and first layer omega, data x = rho > 0, time t.
    """

    name: str
    u: tuple[float, ...] = (0.75, -0.375)
    omega: tuple[float, ...] = (0.5, 0.625)
    gamma: float = 1.25
    eta_u: float = 0.5
    eta_w: float = 2.0
    rho: float = 0.75
    y: float = 1.5
    t: float = 0.25
    limit: str = "target"

    def __str__(self) -> str:
        return self.name


NETWORKS = [
    Network("positive target"),
    Network("negative target", y=-1.5),
    Network("negative scale", gamma=-1.25),
    Network("large residual", u=(3.5, -2.0), omega=(2.75, 4.0), t=0.03125),
    Network("small weights", u=(2.0**-12, 2.0**-13), omega=(2.0**-12, -(2.0**-11)), t=0.5),
    Network("at the start", t=0.0),
    Network("late", t=3.0),
    Network("y = 0", y=0.0),
    Network("one neuron", u=(0.75,), omega=(0.5,)),
    # sqrt(1/2) ω = ± sqrt(2) u: every p or every q is zero; dyadic rates let floats see that.
    Network("parallel", eta_u=0.25, eta_w=1.0, u=(0.75, -0.375), omega=(1.5, -0.75)),
    Network("antiparallel", eta_u=0.25, eta_w=1.0, omega=(-1.5, 0.75), y=-1.5),
    Network("to the saddle", eta_u=0.25, eta_w=1.0, omega=(-1.5, 0.75), limit="origin"),
    Network("double root", eta_u=0.25, eta_w=1.0, omega=(1.5, -0.75), y=0.0, limit="origin"),
]
every_network = pytest.mark.parametrize("network", NETWORKS, ids=str)


def _evaluate(network: Network, xp: Any, number: Any) -> dict[str, Any]:
    """Every function of the module, with numbers made by `number`, in the namespace `xp`."""
    gamma, eta_u, eta_w, rho, y, t = (
        number(getattr(network, name)) for name in ("gamma", "eta_u", "eta_w", "rho", "y", "t")
    )
    u, omega = [number(z) for z in network.u], [number(z) for z in network.omega]
    d, zero = number(float(len(u))), number(0.0)

    def total(values: Any) -> Any:
        return functools.reduce(lambda a, b: a + b, values, zero)

    def pairs(a: Any, b: Any) -> Any:
        return total(one * two for one, two in zip(a, b, strict=True))

    p = [linear.growing(a, b, eta_u, eta_w, xp) for a, b in zip(u, omega, strict=True)]
    q = [linear.falling(a, b, eta_u, eta_w, xp) for a, b in zip(u, omega, strict=True)]
    f_0 = gamma * rho * pairs(u, omega)
    c = linear.constants(
        gamma, eta_u, eta_w, rho, y, d, pairs(p, p) / d, pairs(q, q) / d, f_0, f_0 - y, xp
    )
    gram = pairs(u, u) * pairs(omega, omega) - pairs(u, omega) * pairs(u, omega)
    balance = eta_u * pairs(omega, omega) - eta_w * pairs(u, u)
    overlap_0, perp_2, floor = pairs(u, omega), number(0.625), number(0.375)
    M_aa, M_ay = number(2.25), number(-1.5)
    values = {
        "strength": linear.strength(M_aa, xp),
        "target": linear.target(M_aa, M_ay, xp),
        "target at the origin": linear.target(zero, zero, xp),
        "time_scale": linear.time_scale(c, xp),
        **{f"constants.{name}": z for name, z in c._asdict().items()},
    }
    for when, state in (("at", linear.at(t, c, xp)), ("limit", linear.limit(c, xp))):
        values |= {f"{when}.{name}": z for name, z in state._asdict().items()}
        values |= {
            f"{when}: {name}": getattr(linear, name)(*arguments, state, c, xp)
            for name, arguments in {
                "weight_u": (u[0], p[0], q[0]),
                "weight_omega": (omega[0], p[0], q[0]),
                "change_omega": (u[0], p[0], q[0]),
                "residual": (),
                "loss": (floor,),
                "overlap": (overlap_0,),
                "population_loss": (M_aa, M_ay, floor),
                "norm_u": (gram, balance, overlap_0),
                "norm_omega": (gram, balance, overlap_0),
                "norm_W": (gram, balance, perp_2, overlap_0),
            }.items()
            # Where the limit is the origin, the norms have a test of their own.
            if when == "at" or network.limit != "origin" or not name.startswith("norm")
        }
        if when == "at":
            values["alignment"] = linear.alignment(gram, overlap_0, state, c, xp)
            values["slope"] = linear.alignment_slope(gram, overlap_0, state, c, xp)
    values["weight_w"] = linear.weight_w(number(0.125), values["at: change_omega"], M_aa)
    values["kernel"] = linear.tangent_kernel(
        number(0.5), number(0.25), number(-2.0), number(1.125), number(0.375), M_aa, perp_2, c, xp
    )
    return values


def _mpmath_values(network: Network) -> dict[str, Any]:
    with mp.workdps(DPS):
        return _evaluate(network, Mpmath(mpmath.mp), mpf)


def _check_floats(values: dict[str, Any], network: Network, allowed: float) -> None:
    reference = _mpmath_values(network)
    assert values.keys() == reference.keys()
    with mp.workdps(DPS):
        for name, exact in reference.items():
            value = float(values[name])
            if mpmath.isinf(exact) or exact == 0:
                assert value == float(exact), name
            else:
                assert abs(mpf(value) / exact - 1) <= allowed, (name, value, exact)


@every_network
def test_numpy(network: Network):
    with np.errstate(all="ignore"):
        values = _evaluate(network, np, np.float64)
    assert all(np.asarray(z).dtype == np.float64 for z in values.values())
    _check_floats(values, network, FLOAT64)


@every_network
def test_torch_float64(network: Network):
    values = _evaluate(network, torch, functools.partial(torch.tensor, dtype=torch.float64))
    assert {z.dtype for z in values.values()} == {torch.float64}
    _check_floats(values, network, FLOAT64)


@every_network
def test_torch_float32(network: Network):
    values = _evaluate(network, torch, functools.partial(torch.tensor, dtype=torch.float32))
    assert {z.dtype for z in values.values()} == {torch.float32}
    _check_floats(values, network, FLOAT32)


@every_network
def test_arb_balls_contain_the_mpmath_values_and_are_small(network: Network):
    reference = _mpmath_values(network)
    before, ctx.prec = ctx.prec, BITS
    try:
        values = _evaluate(network, Balls(), arb)
        assert values.keys() == reference.keys()
        for name, exact in reference.items():
            ball = arb(values[name])
            if mpmath.isinf(exact):
                assert ball == arb("inf"), name
            elif exact == 0 or abs(exact) < mpf(10) ** (10 - DPS):
                assert ball.contains(0), name
                assert ball.rad() < arb(2) ** (LOST_BITS - BITS), name
            else:
                assert ball.contains(arb(exact)), (name, ball, exact)
                assert ball.rel_accuracy_bits() >= BITS - LOST_BITS, (name, ball)
    finally:
        ctx.prec = before


def test_numpy_takes_arrays_and_gives_what_scalars_give():
    times, networks = np.array([0.0, 0.125, 1.0, 40.0]), NETWORKS[:3]
    for network in networks:
        u, omega = np.array(network.u), np.array(network.omega)
        rates = network.eta_u, network.eta_w
        p, q = linear.growing(u, omega, *rates), linear.falling(u, omega, *rates)
        f_0 = network.gamma * network.rho * (u @ omega)
        c = linear.constants(
            network.gamma, *rates, network.rho, network.y, 2.0, p @ p / 2, q @ q / 2, f_0,
            f_0 - network.y,
        )  # fmt: skip
        together = linear.weight_u(u, p, q, linear.at(times[:, None], c), c)
        for k, t in enumerate(times):
            for i in range(2):
                single = linear.weight_u(u[i], p[i], q[i], linear.at(t, c), c)
                # Vectorised exponentials may round differently in the last place.
                assert together[k, i] == pytest.approx(single, rel=1e-14)


@pytest.mark.parametrize("rate_time", [500.0, 800.0, 1e6])
@pytest.mark.parametrize("xp", [np, torch], ids=["numpy", "torch"])
def test_the_saddle_is_reached_without_overflow(xp: Any, rate_time: float):
    # P = 0 and a target of the other sign; E = exp(−2 R t) underflows beyond 745.
    network = next(n for n in NETWORKS if n.name == "to the saddle")
    rate = 2 * network.gamma * network.rho * 0.5 * network.y  # R = 2 |λ y|
    late = replace(network, t=rate_time / (2 * rate))
    number = np.float64 if xp is np else functools.partial(torch.tensor, dtype=torch.float64)
    with np.errstate(all="ignore"):
        values = _evaluate(late, xp, number)
    assert float(values["at: residual"]) == pytest.approx(-network.y, rel=1e-14)
    for name in ("at.f", "at: weight_u", "at: weight_omega", "at: norm_u"):
        assert abs(float(values[name])) < 1e-80, name


NAMESPACES = {
    "numpy": (np, np.float64),
    "torch": (torch, functools.partial(torch.tensor, dtype=torch.float64)),
    "mpmath": (Mpmath(mpmath.mp), mpf),
    "arb": (Balls(), arb),
}


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize("balance", [0.0, 2.0, -2.0])
def test_norms_at_the_origin_are_what_the_balance_leaves(namespace: str, balance: float):
    xp, number = NAMESPACES[namespace]
    zero, one, two = number(0.0), number(1.0), number(2.0)
    with np.errstate(all="ignore"):
        # P = 0 and y > 0: a state at the origin, of overlap 0.
        c = linear.constants(one, two, one, one, one, one, zero, one, -one, -two, xp)
        state = linear.limit(c, xp)
        sums = (zero, number(balance))
        # balance = η_u ‖ω‖² − η_w ‖u‖² with η_u = 2, η_w = 1, and one of the norms is zero.
        u, omega = (
            getattr(linear, name)(*sums, zero, state, c, xp) for name in ("norm_u", "norm_omega")
        )
        W = linear.norm_W(*sums, number(4.0), zero, state, c, xp)
    assert float(u) == pytest.approx(np.sqrt(max(-balance, 0)), rel=FLOAT64)
    assert float(omega) == pytest.approx(np.sqrt(max(balance / 2, 0)), rel=FLOAT64)
    assert float(W) == pytest.approx(np.sqrt(max(balance / 2, 0) + 4), rel=FLOAT64)


# --- against the raw equations -------------------------------------------------------------------


def _weights(network: Network, digits: int, **changes: Any) -> tuple[Any, Any]:
    """Weights by Taylor series: the raw equations, nothing derived."""
    at = {**vars(network), **changes}
    ((u, W),) = integrate(
        at["u"], [[z] for z in at["omega"]], [[at["rho"]]], [at["y"]],
        **{name: at[name] for name in ("gamma", "eta_u", "eta_w")}, times=[at["t"]], digits=digits,
    )  # fmt: skip
    return u, [row[0] for row in W]


def _raw_residual(network: Network, digits: int, **changes: Any) -> Any:
    at = {**vars(network), **changes}
    u, omega = _weights(network, digits, **changes)
    return at["gamma"] * at["rho"] * mp.fdot(zip(u, omega, strict=True)) - at["y"]


@every_network
def test_the_mpmath_values_solve_the_raw_equations(network: Network):
    values = _mpmath_values(network)
    with mp.workdps(45):
        u, omega = _weights(network, 33)
        residual = _raw_residual(network, 33)
        square_u, square_omega, overlap = (
            mp.fdot(zip(a, b, strict=True)) for a, b in ((u, u), (omega, omega), (u, omega))
        )
        expected = {
            "at: weight_u": u[0],
            "at: weight_omega": omega[0],
            "at: residual": residual,
            "at.f": residual + network.y,
            "at: loss": residual**2 + mpf(0.375),
            "at: overlap": overlap,
            "alignment": overlap / mpmath.sqrt(square_u * square_omega),
            "at: norm_u": mpmath.sqrt(square_u),
            "at: norm_omega": mpmath.sqrt(square_omega),
            "at: norm_W": mpmath.sqrt(square_omega + mpf(0.625)),
            "weight_w": mpf(0.125) + mpf(2.25) * (omega[0] - network.omega[0]),
        }
        for name, exact in expected.items():
            assert abs(values[name] - exact) <= mpf(10) ** -28 * abs(exact), name


# --- derivatives ---------------------------------------------------------------------------------

PARAMETERS = ("gamma", "eta_u", "eta_w", "rho", "y", "t")
# At the exact double root (y = 0 and P Q = 0) the slope in y is not available; the module says so.
DIFFERENTIATED = [
    "positive target", "negative target", "negative scale", "y = 0", "one neuron", "parallel",
    "antiparallel", "to the saddle",
]  # fmt: skip


def _leaf(value: Any) -> torch.Tensor:
    return torch.tensor(value, dtype=torch.float64, requires_grad=True)


def _torch_trajectory(network: Network) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Leaves, and loss and weights as functions of them."""
    leaf = {name: _leaf(getattr(network, name)) for name in (*PARAMETERS, "u", "omega")}
    u, omega, rates = leaf["u"], leaf["omega"], (leaf["eta_u"], leaf["eta_w"])
    p, q = linear.growing(u, omega, *rates, torch), linear.falling(u, omega, *rates, torch)
    d = torch.tensor(float(len(network.u)), dtype=torch.float64)
    f_0 = leaf["gamma"] * leaf["rho"] * (u @ omega)
    c = linear.constants(
        leaf["gamma"], *rates, leaf["rho"], leaf["y"], d, (p @ p) / d, (q @ q) / d, f_0,
        f_0 - leaf["y"], torch,
    )  # fmt: skip
    state = linear.at(leaf["t"], c, torch)
    return leaf, {
        "loss": linear.loss(torch.zeros((), dtype=torch.float64), state, c, torch),
        "u": linear.weight_u(u, p, q, state, c, torch),
        "omega": linear.weight_omega(omega, p, q, state, c, torch),
    }


def _slope(network: Network, name: str, index: int | None = None) -> Any:
    """Central difference of the loss of the raw equations; its error is the step squared."""
    with mp.workdps(40):
        step, losses = mpf(2) ** -28, []
        for sign in (1, -1):
            value = getattr(network, name)
            if index is None:
                changed = mpf(value) + sign * step
            else:
                changed = [mpf(z) + sign * step * (k == index) for k, z in enumerate(value)]
            losses.append(_raw_residual(network, 24, **{name: changed}) ** 2)
        return (losses[0] - losses[1]) / (2 * step)


@pytest.mark.parametrize("name", DIFFERENTIATED)
def test_torch_differentiates_the_loss(name: str):
    network = next(n for n in NETWORKS if n.name == name)
    leaf, values = _torch_trajectory(network)
    values["loss"].backward()
    wanted = [(name, None) for name in PARAMETERS]
    wanted += [(name, k) for name in ("u", "omega") for k in range(len(network.u))]
    expected = {key: _slope(network, *key) for key in wanted}
    size = max(abs(z) for z in expected.values())
    for (name, k), exact in expected.items():
        gradient = leaf[name].grad if k is None else leaf[name].grad[k]
        # Entries that cancel keep the accuracy of the largest.
        assert abs(mpf(gradient.item()) - exact) <= FLOAT64 * size, (name, k, gradient, exact)


@pytest.mark.parametrize("name", [*DIFFERENTIATED, "at the start"])
def test_the_time_derivative_of_the_weights_is_the_gradient_flow(name: str):
    network = next(n for n in NETWORKS if n.name == name)
    leaf, values = _torch_trajectory(network)
    u, omega = values["u"].detach(), values["omega"].detach()
    scale = network.gamma * network.rho
    pull = -2 * scale * (scale * (u @ omega) - network.y)
    expected = {"u": network.eta_u * pull * omega, "omega": network.eta_w * pull * u}
    for name, flow in expected.items():
        for k in range(len(network.u)):
            (slope,) = torch.autograd.grad(values[name][k], leaf["t"], retain_graph=True)
            allowed = FLOAT64 * float(flow.abs().max())
            assert abs(float(slope) - float(flow[k])) <= allowed, (name, k)


# --- the inverse ---------------------------------------------------------------------------------


def _constants(network: Network, xp: Any, number: Any) -> linear.Constants:
    values = _as_numbers(network, number)
    u, omega = values.pop("u"), values.pop("omega")
    rates = values["eta_u"], values["eta_w"]
    p = [linear.growing(a, b, *rates, xp) for a, b in zip(u, omega, strict=True)]
    q = [linear.falling(a, b, *rates, xp) for a, b in zip(u, omega, strict=True)]
    d = number(float(len(u)))
    f_0 = values["gamma"] * values["rho"] * sum(a * b for a, b in zip(u, omega, strict=True))
    squares = (sum(z * z for z in values) / d for values in (p, q))
    names = ("gamma", "eta_u", "eta_w", "rho", "y")
    known = (values[name] for name in names)
    return linear.constants(*known, d, *squares, f_0, f_0 - values["y"], xp)


def _as_numbers(network: Network, number: Any) -> dict[str, Any]:
    values = {name: number(getattr(network, name)) for name in PARAMETERS if name != "t"}
    return values | {name: [number(z) for z in getattr(network, name)] for name in ("u", "omega")}


@pytest.mark.parametrize("namespace", ["numpy", "torch", "mpmath"])
@pytest.mark.parametrize("network", [n for n in NETWORKS if n.t > 0], ids=str)
def test_the_time_to_a_loss_inverts_the_loss(network: Network, namespace: str):
    xp, number = NAMESPACES[namespace]
    # The loss falls by a factor e⁻¹ or so: an error of the loss is one of the time, times few.
    network = replace(network, t=min(network.t, 0.5))
    with mp.workdps(60), np.errstate(all="ignore"):
        loss = mpf("0.375") + _raw_residual(network, 45) ** 2
        goal = loss if namespace == "mpmath" else number(float(loss))
        time = linear.time_to_loss(goal, number(0.375), _constants(network, xp, number), xp)
        slope = _slope(network, "t")
        # In floats the answer is right for a goal that differs in its last places.
        rounded = 4 * EPS * loss / abs(slope) if namespace != "mpmath" else 0
        allowed = (mpf(10) ** -35 if namespace == "mpmath" else FLOAT64) * network.t + rounded
        exact = mpf(network.t)
        assert abs((time if namespace == "mpmath" else mpf(float(time))) - exact) <= allowed
