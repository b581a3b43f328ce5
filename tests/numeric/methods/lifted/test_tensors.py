"""A single neuron in tensors: its values, and gradients against the raw flow's differences."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch
from mpmath import mp

from numeric.errors import InputError
from numeric.methods.lifted import white
from numeric.methods.lifted.neuron import SingleNeuron
from numeric.methods.lifted.tensors import TensorNeuron
from verify.oracle.two_linear_layers import integrate

F = Fraction
NAMES = ("a0", "w0", "eta_a", "eta_w", "scale", "target", "t")
CASES = {
    "upstream": ("2", ["1/3", "-1/2"], "1/2", "3", "3", ["1/3", "2/3"], "1/4"),
    "downstream, through 0": ("-1/2", ["6/5", "3"], "1/2", "3", "1", ["1", "2"], "3/4"),
    "balanced": ("1", ["3/5", "4/5", "0"], "1", "1", "1/2", ["-1", "2", "1"], "3/2"),
    "a = 0, three inputs": ("0", ["1", "1/2", "-1"], "2", "1", "1", ["1", "1", "2"], "1"),
    "no targets": ("1/2", ["1", "-3"], "1/2", "3", "1", ["0", "0"], "1/2"),
}


def exact(name):
    return [[F(z) for z in value] if isinstance(value, list) else F(value) for value in CASES[name]]


def tensors(values):
    return [
        torch.tensor(np.array(value, dtype=float), requires_grad=True, dtype=torch.float64)
        for value in values
    ]


def raw(a0, w0, eta_a, eta_w, scale, target, t):
    """A and w by a Taylor series of the raw equations, 24 digits."""
    unit = [[scale * (i == j) for j in range(len(w0))] for i in range(len(w0))]
    pull = [[scale * z for z in target]]
    ((((*w,),), ((a,),)),) = integrate([w0], [[a0]], unit, pull, (eta_w, eta_a), [t], 24)
    return [a, *w]


def differences(values):
    """Of a and w by every number that is given: central, of step 1e-8 in 24 digits, right to 1e-15."""
    h = F(1, 10**8)
    for place, value in enumerate(values):
        for k in range(len(value) if isinstance(value, list) else 1):
            ends = []
            for side in (h, -h):
                moved = [list(z) if isinstance(z, list) else z for z in values]
                if isinstance(value, list):
                    moved[place][k] += side
                else:
                    moved[place] += side
                ends.append(raw(*moved))
            slopes = [float((x - y) / 2 * 10**8) for x, y in zip(*ends, strict=True)]
            yield place, k, slopes


@pytest.mark.parametrize("name", CASES)
def test_gradients_are_differences_of_the_raw_flow(name):
    values = exact(name)
    given = tensors(values)
    a, w = TensorNeuron(*given[:-1]).state(given[-1])
    gradients = [torch.autograd.grad(one, given, retain_graph=True) for one in (a, *w)]
    with mp.workdps(40):
        known = np.array([float(z) for z in raw(*values)])
        size = max(1, abs(known).max())
        np.testing.assert_allclose([a.item(), *w.tolist()], known, rtol=0, atol=1e-13 * size)
        for place, k, slopes in differences(values):
            found = [rows[place].reshape(-1)[k].item() for rows in gradients]
            size = max(1, *map(abs, slopes))
            np.testing.assert_allclose(
                found, slopes, rtol=0, atol=1e-12 * size, err_msg=NAMES[place]
            )


@pytest.mark.parametrize("name", CASES)
def test_observables_are_those_of_the_neuron_in_closed_form(name):
    a0, w0, eta_a, eta_w, scale, target, _ = exact(name)
    n = len(w0)
    gram = [[scale * (i == j) for j in range(n)] for i in range(n)]
    data = white.of_moments(gram, [scale * z for z in target])
    times = np.array([0.0, 0.3, 2.0, 40.0])
    known = SingleNeuron(a0, w0, eta_a, eta_w, data).observables(times, 0.1)
    found = TensorNeuron(*tensors(exact(name)[:-1])).observables(times, 0.1)
    for key, value in found.items():
        expected = np.stack(known[key], -1) if isinstance(known[key], list) else known[key]
        np.testing.assert_allclose(
            value.detach().numpy(), expected, rtol=0, atol=2e-13 * 10, err_msg=key
        )


def test_all_observables_have_gradients_and_second_ones():
    given = tensors(exact("upstream"))

    def of(*inputs):
        seen = TensorNeuron(*inputs[:-1]).observables(inputs[-1])
        return tuple(seen[key] for key in ("mu", "phi", "loss", "kernel_distance"))

    assert torch.autograd.gradcheck(of, given, eps=1e-6, atol=1e-7)
    assert torch.autograd.gradgradcheck(lambda *z: of(*z)[2], given, eps=1e-6, atol=1e-6)


def test_shapes_and_times_that_are_refused():
    with pytest.raises(InputError, match="two vectors of one length"):
        TensorNeuron(1.0, [1.0, 2.0], 1, 1, 1, [1.0])
    with pytest.raises(InputError, match="a time up to"):
        TensorNeuron(1.0, [1.0, 2.0], 1, 1, 1, [1.0, 1.0]).state(1e9)


@pytest.mark.parametrize("size", [1.9, 19, 190, 1900])
def test_a_time_of_any_length_has_its_digits(size):
    """In units of the fastest exponent: steps are so short that no exponential overflows."""
    a0, w0, eta_a, eta_w, scale, target, _ = exact("downstream, through 0")
    unit = [[scale * (i == j) for j in range(2)] for i in range(2)]
    known = SingleNeuron(a0, w0, eta_a, eta_w, white.of_moments(unit, [scale * z for z in target]))
    t = F(size) / F(max(known.flow.constants.exponents))
    truth = known.exactly(t, 200)
    given = exact("downstream, through 0")[:-1]
    a, w = TensorNeuron(*tensors(given)).state(float(t))
    truth = np.array([truth["a"], *truth["w"]], dtype=float)
    found = np.array([float(a.detach()), *w.detach().numpy()])
    assert np.abs(found - truth).max() < 1e-13 * np.abs(truth).max()


def test_the_size_of_a_layer_that_begins_at_zero_has_a_gradient():
    """μ = a‖w‖, whose slope at w = 0 is taken for 0 as torch does, and grows with w after."""
    given = [F(1), [F(0), F(0)], F(1), F(1), F(1), [F(1), F(2)]]
    values = tensors(given)
    mu = TensorNeuron(*values).observables(0.0)["mu"]
    assert mu == 0
    for slope in torch.autograd.grad(mu, values, allow_unused=True):
        assert slope is None or torch.equal(slope, torch.zeros_like(slope))
    later = TensorNeuron(*values).observables(1e-6)["mu"]
    (by_a,) = torch.autograd.grad(later, values[:1])
    # w = a β t but for t², so μ = a² ‖β‖ t
    assert float(by_a) == pytest.approx(2e-6 * 5**0.5, rel=1e-5)
