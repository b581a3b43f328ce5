"""`run.py solve`: evaluate one case."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.command import parser, run, whole, write_whole

if TYPE_CHECKING:
    from numeric.cases.case import Case
    from numeric.cases.solution import Solution

PLOT_KINDS = (".png", ".pdf", ".svg")
MANY_NUMBERS = 1_000_000
KINDS = {"not reached": "not reached, still on its way at the end of float64: ∞ is the state then"}

DESCRIPTION = """\
Evaluate one case: weights, output, residual, loss, alignment and norms at any times.

CASE.json has
  gamma, eta_u, eta_w   output scale and learning rates
  beta                  the power of the activation, 1 (default), 2, 3, ...; or
  activation            tanh, erf, relu, ... (see numeric/generated)
  x, y                  one data point, x a list; or
  X, targets            a data set on a line, X a list of rows; or
  data                  the path of a CSV file, relative to the case, last column the target
  u0, W0                initial weights, d numbers and d rows of d0; or
  init                  {"kind": "gaussian|orthogonal|near_orthogonal", "width": d,
                         "sigma_u": 1, "sigma_w": 1, "seed": 0}
  loss                  "square" (default), "half_square", "logistic", "binary_cross_entropy",
                        "exponential", "huber", "log_cosh", "quartic", "hinge"; optional
  reduction             of a data set, "mean" (default) or "sum"
  line_tolerance        how far off one line a data set may be, relative to its size (1e-12; data that
                        are float32 numbers may be off by that rounding); optional

A JSON number is the float64 it denotes; a string ("0.1") is the exact decimal, and so is text in a
CSV file. With --digits N (powers 1, 2, 3; any loss) every number is printed as a string of N correct
digits, certified by ball arithmetic; a number that could not be told from zero is printed as its ball,
[+/- radius]. null stands for what is infinite or undefined (t_c of a network that does not move, the
alignment of zero, a residual where the least loss is at infinity). The loss is (f - y)^2 for a point
and the mean squared error for a data set, unless the case says otherwise. "limit", which holds the
values at t = infinity, says its "kind": target, saddle (out of reach), unbounded (the least loss is at an
infinite output: only the loss has a limit), at rest, not reached (still on its way at the end of float64,
and these values are of the state then), or stationary (no force is left). alpha, which only the linear
network has, is left out for others. "method" is what answered: balls, explicit, warp, or march; the last
integrates the raw equations, where the data are on no line ("why" says so; output and residual are then
those of every input).

--to-loss L adds "time_to_loss": of each loss the time at which it is reached, or why there is none. Of a
case without "model" these are floats.

Or a case names its "model", and then has that model's keys. Its digits are those on which two
precisions agree, with three to spare; "limit" has every observable at t = infinity, and is empty where
"method" is march, which integrates the raw equations in floats.

"""


def arguments() -> argparse.ArgumentParser:
    """The command line of `solve`."""
    from numeric.cases import models

    command = parser(
        "solve", DESCRIPTION + models.descriptions(), "solve case.json --times 0,0.1,1 --digits 30"
    )
    command.add_argument("case", metavar="CASE.json", type=Path)
    command.add_argument(
        "--times", help="comma-separated times (default: 21, over 2 t_c or until the loss falls)"
    )
    command.add_argument("--limit", action="store_true", help="t = infinity alone, and no times")
    command.add_argument(
        "--digits", type=whole(1, 100_000), metavar="N", help="N correct digits of every number"
    )
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    command.add_argument(
        "--to-loss",
        metavar="L,...",
        help="comma-separated losses: the time at which each is reached",
    )
    command.add_argument(
        "--since",
        metavar="T",
        help="of a model: the time from which kernel_distance is (default: 0)",
    )
    command.add_argument("--plot", type=Path, metavar="FILE", help="draw it (.png, .pdf or .svg)")
    command.add_argument(
        "--weights",
        action=argparse.BooleanOptionalAction,
        help="whether the weights are printed (default: in JSON, unless more than a million numbers; of "
        "a model, those that it has among its observables)",
    )
    return command


def main(argv: list[str]) -> int:
    """Parse, evaluate, print."""
    options = arguments().parse_args(argv)
    # Heavy imports wait until the arguments are understood, so that --help is instant.
    from numeric.cases import case as cases
    from numeric.cases.solution import default_times, solve
    from numeric.errors import InputError

    if options.plot and options.plot.suffix.lower() not in PLOT_KINDS:
        raise InputError("--plot", options.plot, f"a file ending in {', '.join(PLOT_KINDS)}")
    if options.limit and options.times is not None:
        raise InputError(
            "--limit", "--times beside it", "one of the two: t = ∞ is answered with both"
        )
    times = (
        cases.times(options.times) if options.times is not None else [] if options.limit else None
    )
    content = cases.read(options.case)
    if isinstance(content, dict) and "model" in content:
        from scripts import solve_named

        return solve_named.answer(content, options, times)
    if options.since is not None:
        raise InputError(
            "--since", 'a case without "model"', "one of a model that has a kernel_distance"
        )
    case = cases.parse(content, options.case.parent)
    times = default_times(case) if times is None else times
    size = (len(times) + 1) * len(case.u0) * (len(case.X[0]) + 1)
    weights = options.weights
    if weights is None and options.json and size > MANY_NUMBERS:
        print(
            f"exactflow: weights left out ({size} numbers); --weights prints them", file=sys.stderr
        )
    if weights is None:
        weights = options.json and size <= MANY_NUMBERS

    def warn(message: str) -> None:
        print(f"exactflow: {message}", file=sys.stderr)

    def progress(bits: int) -> None:
        if sys.stderr.isatty():
            print(f"\rballs of {bits} bits", end="\033[K", file=sys.stderr, flush=True)

    asked = times_to_losses(case, options.to_loss, options.digits)
    solution = solve(case, times, options.digits, weights=weights, progress=progress, warn=warn)
    if sys.stderr.isatty():
        print("\r", end="\033[K", file=sys.stderr, flush=True)
    if options.plot:
        from scripts.solve_plot import draw

        write_whole(options.plot, draw(case, solution, options.plot.suffix.lower()))
        print(f"exactflow: wrote {options.plot}", file=sys.stderr)
    if options.json:
        json.dump(solution.as_json() | asked, sys.stdout, allow_nan=False)
        print()
    else:
        show(solution, weights)
        for one in asked.get("time_to_loss", ()):
            print(f"time to loss {text(one['loss'])} = {text(one['time'])} {one.get('why', '')}")
    return 0


def times_to_losses(case: Case, given: str | None, digits: int | None) -> dict[str, Any]:
    """What is printed of the option `--to-loss`, in floats; raises InputError for digits."""
    from numeric.cases.wanted import Wanted, losses, reached
    from numeric.errors import InputError

    if given is None:
        return {}
    if digits is not None:
        expected = 'one of the two, or a case that names its "model"'
        raise InputError("--to-loss", "--digits beside it", expected)
    goals = Wanted(losses(given)).float_losses()
    flow = case.floating()
    return reached(goals, [float(flow.time_to_loss(z)) for z in goals])


def show(solution: Solution, weights: bool) -> None:
    """A table, one row per time; a block per time where a row does not fit the terminal."""
    from scripts import table

    known = ("output", "residual", "loss", "alignment", "norm_u", "norm_W", "alpha")
    columns = {name: getattr(solution, name) for name in known}
    names = tuple(
        name for name, values in columns.items()
        if values is not None and (solution.method != "march" or any(z is not None for z in values))
    )  # fmt: skip
    limit = solution.limit
    rows = zip(solution.t, *(getattr(solution, name) for name in names), strict=True)
    last = ["∞", *(text(limit[name]) if name in limit else "" for name in names)]
    table.show(("t", *names), (list(map(text, row)) for row in rows), last=last)
    print(f"t_c = {text(solution.t_c)}")
    if "kind" in limit:
        print(f"the flow ends: {KINDS.get(limit['kind'], limit['kind'])}")
    if weights:
        for t, u, W in zip(solution.t, solution.u or [], solution.W or [], strict=True):
            print(f"t = {text(t)}\n  u = {entries(u)}\n  W = {entries(W)}")
        print(f"t = ∞\n  u = {entries(limit['u'])}\n  W = {entries(limit['W'])}")


def text(value: object) -> str:
    """A number as the table shows it: ten digits of a float, every digit of a string."""
    if isinstance(value, list):
        return ", ".join(map(text, value))
    return "-" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


def entries(value: object) -> str:
    """Weights, every digit."""
    if isinstance(value, list):
        return f"[{', '.join(map(entries, value))}]"
    return "-" if value is None else str(value)


if __name__ == "__main__":
    run(main)
