"""(h) Balls: every number to 25 digits, certified."""

from __future__ import annotations

from flint import fmpq

from numeric import catalogue
from numeric.data.exact import ExactProblem, rational, rational_rows
from numeric.exact_flow import exact_flow
from verify.measurements.bench.problems import Drawn, draw, times_of
from verify.measurements.bench.record import Row
from verify.measurements.bench.setting import Cell, Found, Setting
from verify.measurements.bench.timing import interleaved

NETWORKS, DIGITS = ("linear", "quadratic", "cubic"), 25
FULL, QUICK, TIMES, FEW, LIMIT = (1000,), (100,), 100, 10, 120


def measure(setting: Setting) -> Found:
    """A row for each network."""
    for d in setting.sizes(FULL, QUICK):
        for network in NETWORKS:
            setting.say(f"h: {network}, d = {d}")
            yield _network(draw(network, d, setting.seed), setting)


def _network(drawn: Drawn, setting: Setting) -> Row:
    """At a few times, and at all of them where that does not take too long."""
    number, seconds, note = FEW, _seconds(drawn, FEW, setting), ""
    if not setting.quick:
        if seconds[0] * (TIMES / FEW) <= LIMIT:
            number, seconds = TIMES, _seconds(drawn, TIMES, setting)
        else:
            note = f"{TIMES} times were left out: they may take more than {LIMIT} s"
    case = f"all scalars to {DIGITS} digits, construction included"
    return Row("h", case, drawn.network, drawn.u0.size, number, note=note).timed(seconds)


def _seconds(drawn: Drawn, number: int, setting: Setting) -> list[float]:
    times = [rational(float(t)) for t in times_of(drawn, number)]
    call = {"ours": lambda: _solve(drawn, times)}
    return interleaved(call, setting.turns)["ours"]


def _solve(drawn: Drawn, times: list[fmpq]) -> object:
    loss = catalogue.load_loss("square")
    network = catalogue.load(drawn.network)
    gamma, eta_u, eta_w = map(rational, drawn.rates)
    problem = ExactProblem(
        network=network, u0=rational_rows([drawn.u0])[0], W0=rational_rows(drawn.w0[:, None]),
        X=rational_rows([[drawn.x]]), targets=(rational(drawn.y),), is_set=False, loss=loss,
        gamma=gamma, eta_u=eta_u, eta_w=eta_w,
    )  # fmt: skip
    kind = exact_flow(network, loss)
    assert kind is not None, drawn.network
    return kind.of(problem).solve(times, DIGITS, weights=False)


CELL = Cell(
    "h", "balls, 25 digits, 1000 neurons, 100 times",
    "Output, residual, loss, alignment and norms, every one certified by ball arithmetic; no weights.",
    measure,
)  # fmt: skip
