"""A record that nobody measured."""

import pytest

from verify.measurements.bench.record import Goal, Point, Record, Row, Spread


@pytest.fixture
def record():
    """Rows of every kind: met, missed, cut off, not at equal error, not measured, without a goal."""
    ratio, equal = Goal("ratio", 0.8), Goal("ratio", 1.0, at_equal_error=True)
    rows = (
        Row("a", "loss", "linear", 10, 1000, "formula in numpy", ratio, error=1e-16, peer_error=1e-13,
            memory=2_500_000, peer_memory=800).timed([2e-3, 4e-3, 3e-3], [1e-3, 1e-3, 1e-3]),
        Row("a", "loss", "linear", 10, 1000, "formula in numba", ratio).timed([2e-3], [4e-3]),
        Row("a", "loss", "linear", 10, 1000, "one read of the weights", Goal("ratio", 1.5)).timed(
            [3e-3], [2e-3]),
        Row("d", "gradient", "tanh", 9, 50, "its own value", Goal("ratio", 4.0), note="not there yet"),
        Row("e", "loss", "tanh", 10, 50, "DOP853", equal, error=1e-14, peer_error=1e-12,
            setting="rtol 1e-13").timed([2.0], [1.0]),
        Row("e", "loss", "tanh", 10, 50, "LSODA", equal, error=1e-14, slower_than=True).timed(
            [2.0], [10.0]),
        Row("f", "one loss", "linear", 10, 1, goal=Goal("seconds", 50e-6)).timed([50e-6]),
        Row("h", "digits", "cubic", 1000, 100, note="a*b").timed([5.5]),
    )  # fmt: skip
    points = (
        Point("tanh", 10, "ours", "", 1e-3, 1e-15),
        Point("tanh", 10, "DOP853", "", 2e-3, 0.0),
    )
    machine = {"system": "Linux", "processor": "P", "cores": "2", "heyoka": "not installed"}
    speed = Spread(9.0, 10.0, 11.0)
    return Record(machine, {"quick": True}, speed, speed, rows, points, ("heyoka",))
