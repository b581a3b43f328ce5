"""vmap, grad and compile of torch, and what jax has of these, over flows of tensors."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch

from numeric import GradientFlow

U0, W0 = np.array([0.7, -0.4, 0.9]), np.array([[0.3, 0.2], [0.1, -0.5], [0.6, 0.4]])
X, Y, TIMES = [1.0, -2.0], 1.3, [0.1, 0.5, 2.0]
LINE, TARGETS = np.outer([1.0, -0.5, 3.0], [1.0, -2.0]), [1.0, 0.5, -0.75]
FIRST = torch.tensor(W0)
TANH = {"network": "tanh", "loss": "logistic", "y": 1.0}
BATCH = np.array([U0, 2 * U0, -U0, U0 + 0.1])


def losses(u, x=X, y=Y, t=TIMES, **options):
    return GradientFlow(u, FIRST, x, y, xp=torch, **options).loss(t)


def test_vmap_over_weights_is_a_loop():
    batch = torch.tensor(BATCH)
    assert torch.equal(torch.func.vmap(losses)(batch).isnan(), torch.zeros(4, 3, dtype=torch.bool))
    for given in ({}, {"x": torch.tensor(LINE), "y": TARGETS}, {"network": "cubic"}, TANH):
        found = torch.func.vmap(lambda u, given=given: losses(u, **given))(batch)
        loop = torch.stack([losses(u, **given) for u in batch])
        assert torch.allclose(found, loop, rtol=1e-13, atol=0)


@pytest.mark.parametrize("given", [{}, {"network": "quadratic"}, TANH])
def test_vmap_of_gradients_is_a_loop_of_gradients(given):
    batch = torch.tensor(BATCH)
    found = torch.func.vmap(torch.func.grad(lambda u: losses(u, **given).sum()))(batch)
    for u, grad in zip(batch, found, strict=True):
        leaf = u.clone().requires_grad_()
        (one,) = torch.autograd.grad(losses(leaf, **given).sum(), leaf)
        assert torch.allclose(grad, one, rtol=1e-12, atol=1e-15)


def test_where_nothing_can_be_refused_the_answer_is_nan():
    rates = torch.tensor([0.5, -0.5], dtype=torch.float64)
    found = torch.func.vmap(lambda eta: losses(torch.tensor(U0), eta_u=eta))(rates)
    assert torch.equal(found.isnan(), torch.tensor([[False] * 3, [True] * 3]))
    off = torch.tensor(np.stack([LINE, LINE + np.eye(3, 2)]))
    found = torch.func.vmap(lambda x: losses(torch.tensor(U0), x=x, y=TARGETS))(off)
    assert torch.equal(found.isnan(), torch.tensor([[False] * 3, [True] * 3]))
    times = torch.tensor([[0.1, 0.2], [0.1, -0.2]], dtype=torch.float64)
    found = torch.func.vmap(lambda t: losses(torch.tensor(U0), t=t))(times)
    assert torch.equal(found.isnan(), torch.tensor([[False, False], [False, True]]))


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # inductor's own
@pytest.mark.parametrize("given", [pytest.param({}, marks=pytest.mark.slow), {"network": "tanh"}])
@pytest.mark.parametrize("backend", ["aot_eager", pytest.param("inductor", marks=pytest.mark.slow)])
def test_a_compiled_flow_is_one_graph_with_the_same_answers(backend, given):
    compiled = torch.compile(losses, fullgraph=True, backend=backend)
    leaf = torch.tensor(U0, requires_grad=True)
    found, expected = compiled(leaf, **given), losses(leaf, **given)
    assert torch.allclose(found, expected, rtol=1e-12, atol=0)
    one, other = (torch.autograd.grad(z.sum(), leaf)[0] for z in (found, expected))
    assert torch.allclose(one, other, rtol=1e-11, atol=0)


@pytest.mark.parametrize("given", [{}, {"network": "cubic"}])
def test_jax_has_the_same_flow(given):
    jax = pytest.importorskip("jax")
    from jax import numpy as jnp

    with jax.enable_x64(True):

        def loss(u, t):
            return GradientFlow(u, jnp.asarray(W0), LINE, TARGETS, xp=jnp, **given).loss(t)

        times = jnp.asarray(TIMES)
        found = jax.jit(jax.vmap(loss, in_axes=(0, None)))(jnp.asarray(BATCH), times)
        expected = [GradientFlow(u, W0, LINE, TARGETS, **given).loss(TIMES) for u in BATCH]
        assert np.asarray(found) == pytest.approx(np.array(expected), rel=1e-12)
        leaf = torch.tensor(U0, requires_grad=True)
        (grad,) = torch.autograd.grad(
            losses(leaf, x=torch.tensor(LINE), y=TARGETS, **given).sum(), leaf
        )
        by_jax = jax.grad(lambda u: loss(u, times).sum())(jnp.asarray(U0))
        assert np.asarray(by_jax) == pytest.approx(grad.numpy(), rel=1e-12)


def test_torch_is_imported_only_by_who_names_it():
    program = (
        "import sys; from numeric import GradientFlow; GradientFlow([1.0], [[1.0]], [1.0], 2.0).loss(1);"
        "assert not {'torch', 'jax'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
