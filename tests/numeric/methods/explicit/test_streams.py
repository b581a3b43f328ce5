"""Layers that no memory holds: weights from files, to files, and block by block."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from numeric import GradientFlow, compiled
from numeric.errors import InputError, InternalCheckError
from numeric.methods.explicit import machine

WIDTH = 5000
STARTS = {
    "one input": lambda draw: (draw.standard_normal((WIDTH, 1)), [-1.3]),
    "two inputs": lambda draw: (draw.standard_normal((WIDTH, 2)), [0.4, -1.0]),
    "tiny": lambda draw: (1e-200 * draw.standard_normal((WIDTH, 1)), [1.0]),
}
TIMES = (0.7, np.array([[0.0, 0.3, np.inf]]))


def drawn(start):
    draw = np.random.default_rng(0)
    u = draw.standard_normal(WIDTH)
    W, x = STARTS[start](draw)
    return u * np.abs(W).max(), W, x, 0.7


def same(found, flow, t, size):
    """The blocks are the weights, in order, and no larger than was asked for."""
    u, W = flow.u(t), flow.W(t)
    stops = [0]
    for part, of_u, of_W in found:
        assert part.start == stops[-1]
        assert part.stop - part.start <= size
        np.testing.assert_array_equal(of_u, u[..., part])
        np.testing.assert_array_equal(of_W, W[..., part, :])
        of_u[:], of_W[:] = 7, 7  # they are the caller's
        stops.append(part.stop)
    assert stops[-1] == flow.u0.size


@pytest.mark.parametrize("start", ["one input", "two inputs"])
@pytest.mark.parametrize("t", TIMES, ids=["one", "many"])
@pytest.mark.parametrize("size", [999, 4096, 10**6])
@pytest.mark.parametrize("is_compiled", [True, False])
def test_blocks_are_the_weights(start, t, size, is_compiled, monkeypatch):
    if not is_compiled:
        monkeypatch.setattr(machine, "twin", lambda module: None)
    flow = GradientFlow(*drawn(start), gamma=1 / WIDTH)
    same(flow.blocks(t, size=size), flow, t, size)


def test_blocks_of_flows_in_balls_and_of_other_methods():
    draw = np.random.default_rng(0)
    u, W = draw.standard_normal((2, 12))
    far = GradientFlow(1e-200 * u, 1e-200 * W[:, None], [1.0], 2.0)
    same(far.blocks(TIMES[1], size=5), far, TIMES[1], 5)
    for more in ({"network": "tanh"}, {"method": "march"}):
        flow = GradientFlow(u, W[:, None], [1.0], 2.0, **more)
        same(flow.blocks([0.1, 0.4], size=5), flow, [0.1, 0.4], 5)


@pytest.mark.parametrize("network", ["linear", "tanh"])
def test_blocks_of_no_neurons_are_refused(network):
    flow = GradientFlow([1.0, 2.0], [[1.0], [0.5]], [1.0], 2.0, network=network)
    with pytest.raises(InputError, match="size: found 0"):
        list(flow.blocks(1.0, size=0))


@pytest.mark.skipif(not compiled.is_available(), reason="of machine code")
def test_wrong_blocks_are_found_after_the_last(monkeypatch):
    from numeric.methods.explicit import moving

    flow, write = GradientFlow(*drawn("one input"), gamma=1 / WIDTH), moving.write

    def wrong(*arguments):
        write(*arguments)
        arguments[-1][:] *= 1.001

    monkeypatch.setattr(moving, "write", wrong)
    with pytest.raises(InternalCheckError, match=r"‖u‖"):
        list(flow.blocks(0.5))


@pytest.mark.parametrize("start", ["one input", "two inputs"])
def test_weights_are_written_to_a_file(start, tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "TOGETHER", 100)
    u, W, x, y = drawn(start)
    held = []
    for name, values in (("u", u), ("W", W)):
        values.tofile(tmp_path / name)
        held.append(np.memmap(tmp_path / name, np.float64, "r", shape=values.shape))
    flow = GradientFlow(*held, x, y, gamma=1 / WIDTH)
    plain = GradientFlow(u, W, x, y, gamma=1 / WIDTH)
    times = np.array([0.1, 1.0])
    for name, values in (("u", u), ("W", W)):
        path = tmp_path / f"{name} later"
        out = np.memmap(path, np.float64, "w+", shape=(2, *values.shape))
        assert getattr(flow, name)(times, out=out) is out
        out.flush()
        found = np.fromfile(path).reshape(out.shape)
        np.testing.assert_array_equal(found, getattr(plain, name)(times))


MEMORY = """
import resource, sys
import numpy as np
from numeric import GradientFlow

width, inputs, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]

def ask(width):
    held = [np.memmap(f"{folder}/{name}", np.float64, "r", shape=(width, *more))
            for name, more in (("u", ()), ("W", (inputs,)))]
    flow = GradientFlow(*held, [1.0] * inputs, 0.7, gamma=1 / width)
    flow.loss(np.linspace(0, 1, 100)), flow.alignment(0.3), flow.t_c
    out = np.memmap(f"{folder}/out", np.float64, "w+", shape=(width, inputs))
    flow.W(0.5, out=out)
    for part, u, W in flow.blocks(0.5):
        pass

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

ask(4096)  # what is loaded, and compiled if need be
before = peak()
if width > 4096:
    ask(width)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for its memory")
@pytest.mark.parametrize(
    ("inputs", "width"), [(1, 12_000_000), pytest.param(3, 10_000_000, marks=pytest.mark.slow)]
)
def test_memory_does_not_grow_with_the_layers(inputs, width, tmp_path):
    draw = np.random.default_rng(0)
    size = 0
    for name, columns in (("u", 1), ("W", inputs)):
        with open(tmp_path / name, "wb") as file:
            for _ in range(4):
                draw.standard_normal(width * columns // 4).tofile(file)
        size += 8 * width * columns
    for neurons in (4096, width):  # the first one compiles, which takes memory, too
        command = [sys.executable, "-c", MEMORY, str(neurons), str(inputs), str(tmp_path)]
        found = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    assert int(found.stdout) < (size + 8 * width * inputs) / 3
