"""Digits that descent cannot give: a few scalars from balls of the theory."""

from __future__ import annotations

from numeric import catalogue
from numeric.cases.solution import SCALARS
from numeric.data.exact import ExactProblem, on_a_line, rational, rational_rows
from numeric.errors import InputError
from numeric.exact_flow import exact_flow
from numeric.methods.explicit.balls import ExactFlow
from numeric.methods.warp.balls import ExactWarpedFlow
from verify.oracle.problem import Problem

Digits = dict[float, dict[str, float]]
# Times, in units of that of the comparison, and digits that are asked of the balls.
TRIED: dict[type, tuple[tuple[float, ...], int]] = {
    ExactFlow: ((1e-6, 1.0, 40.0), 20),
    ExactWarpedFlow: ((1.0, 10.0), 16),
}

# Where the elapsed time is a quadrature, balls take half a second: they are tried on these only.
WITH_BALLS = {
    "quadratic": (
        "c > 0", "c of every sign", "c < 0, growing", "c < 0, dying, reachable target",
        "c = 0, growing", "width 1, c > 0",
    ),
}  # fmt: skip


def digits_of(problem: Problem, t: float) -> Digits | Exception | None:
    """What balls say, or raise: a failure of theirs is one of the theory."""
    network = catalogue.load(problem.network)
    tried = WITH_BALLS.get(problem.network, (problem.name,))
    has_balls = exact_flow(network, catalogue.load_loss(problem.loss)) is not None
    if problem.name not in tried or not has_balls or not problem.has_the_default_loss:
        return None
    try:
        return _by_balls(problem, t, network)
    except Exception as error:
        return error


def _by_balls(problem: Problem, t: float, network: catalogue.Network) -> Digits | None:
    """Scalars from balls at some times; None for data that rounding took off the line."""
    exact = ExactProblem(
        network=network,
        u0=tuple(map(rational, problem.u0)),
        W0=rational_rows(problem.W0),
        X=rational_rows(problem.X.tolist()),
        targets=tuple(map(rational, problem.targets.tolist())),
        is_set=True,
        loss=catalogue.load_loss(problem.loss),
        reduction=problem.reduction,
        gamma=rational(problem.gamma),
        eta_u=rational(problem.eta_u),
        eta_w=rational(problem.eta_w),
    )
    try:
        on_a_line(exact.X)
    except InputError:
        return None
    kind = exact_flow(network, exact.loss)
    assert kind is not None
    factors, digits = TRIED[kind]
    flow, times = kind.of(exact), [factor * t for factor in factors]
    snapshots, _ = flow.solve([rational(z) for z in times], digits, weights=False)
    return {
        time: {
            name: float(value.mid())
            for name in SCALARS
            if (value := getattr(snapshot, name)) is not None and value.is_finite()
        }
        for time, snapshot in zip(times, snapshots, strict=True)
    }
