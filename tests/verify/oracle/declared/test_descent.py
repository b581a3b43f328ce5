"""Problems of declared networks and their descent: drawn of their class, and step by step."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from symbolic.architecture.instance import Instance
from symbolic.architecture.model import Layer, Model
from symbolic.models.shelf import load
from verify.losses import loss
from verify.oracle.declared.descent import (
    curvature,
    descend,
    gradient,
    halvings,
    outputs,
    step,
)  # fmt: skip
from verify.oracle.declared.drawing import draw
from verify.oracle.declared.losses import of_class


def problems(name, count=4, **options):
    model = load(name)
    instance = Instance(model, model.sizes[0])
    return draw(model, model.sizes[0], count, 0, instance=instance, **options)


def by_hand(drawn, k):
    """The loss of one problem, input by input, and its gradient."""
    weights = {n: v[k].clone().requires_grad_() for n, v in drawn.weights.items()}
    total = torch.zeros((), dtype=torch.float64)
    for p in range(drawn.targets.shape[1]):
        x = {n: v[k, p] for n, v in drawn.inputs.items()}
        f = drawn.forward(weights, x, drawn.frozen).reshape(-1) / drawn.units[k]
        y = drawn.targets[k, p] / drawn.units[k]
        for share, one in zip(drawn.shares[k], of_class(drawn.model.loss), strict=True):
            total = total + share * one(f, y)
    slopes = torch.autograd.grad(total, list(weights.values()))
    return dict(zip(weights, slopes, strict=True))


def is_close(found, expected):
    return torch.allclose(found, expected, rtol=1e-12, atol=1e-12 * float(expected.abs().max()))


@pytest.mark.parametrize("name", ["relu_with_bias", "softmax_attention", "relu_classifier"])
def test_a_step_is_that_of_each_problem_alone(name):
    drawn = problems(name)
    lengths = torch.tensor([0.5, 1.0, 2.0, 0.25], dtype=torch.float64)
    found, after = gradient(drawn), step(drawn, lengths)
    for k in range(4):
        for layer, slope in by_hand(drawn, k).items():
            assert is_close(found[layer][k], slope)
            moved = lengths[k] * drawn.rates[layer][k] * slope
            assert is_close(after[layer][k], drawn.weights[layer][k] - moved)


def test_halved_steps_are_steps_one_after_another():
    drawn = problems("two_layer_linear")
    for level, found in enumerate(halvings(drawn, 0.5, 3, 3)):
        steps = 3 << level
        alone = descend(drawn, torch.full((4,), 0.5 / steps, dtype=torch.float64), steps)
        assert all(is_close(found[n], alone.weights[n]) for n in found)


def test_a_class_of_losses_is_what_it_says():
    f, y = torch.randn(2, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    assert all(abs(one(f + 5, y) - one(f, y)) < 1e-12 for one in of_class("softmax"))
    assert all(abs(one(f + 5, y) - one(f, y)) > 1e-2 for one in of_class("any"))
    (quartic,) = of_class("quartic")
    assert quartic(f, y) == loss("quartic")(f, y).sum()
    slopes = []
    for one in of_class("any"):
        at = f.clone().requires_grad_()
        slopes.append(torch.autograd.grad(one(at, y), at)[0])
    assert torch.linalg.matrix_rank(torch.stack(slopes)) == 3  # losses that are not of one kind
    with pytest.raises(ValueError, match="no loss 'nonsense'"):
        of_class("nonsense")


def test_white_inputs_have_unit_second_moments():
    drawn = problems("diagonal")
    X = drawn.inputs["x"]
    eye = torch.eye(2, dtype=torch.float64).expand(4, 2, 2)
    assert torch.allclose(torch.einsum("bpi,bpj->bij", X, X) / X.shape[1], eye, atol=1e-14)


def test_a_line_is_that_of_the_instance_and_other_data_fill_the_space():
    instance = Instance(load("two_layer_linear_on_a_line"), {"n": 3, "h": 2, "m": 1})
    drawn = draw(instance.model, instance.sizes, 4, 0, instance=instance)
    direction = torch.tensor(instance.directions["x"].entries, dtype=torch.float64)
    X = drawn.inputs["x"]
    assert is_close(X, (X @ direction / direction.dot(direction))[..., None] * direction)
    assert (torch.linalg.matrix_rank(X) == 1).all()
    assert (torch.linalg.matrix_rank(problems("two_layer_linear").inputs["x"]) == 2).all()


def test_listed_points_and_untrained_weights_are_as_they_are_listed():
    drawn = problems("modular_addition")
    assert drawn.inputs["a"].shape == (4, 9, 3)
    listed = torch.tensor([point["b"] for point in load("modular_addition").points])
    assert (drawn.inputs["b"] == listed).all()
    instance = Instance(load("lora"), load("lora").sizes[0])
    assert problems("lora").frozen["W"].reshape(-1).tolist() == list(instance.frozen["W"].entries)


def test_layers_share_a_rate_by_its_name_and_others_have_others():
    rates = problems("relu_classifier").rates
    assert torch.equal(rates["W"], rates["b"])
    assert not torch.equal(rates["W"], rates["U"])
    assert len(set(rates["W"].tolist())) == 4
    equal = problems("relu_classifier", equal_rates=True).rates
    assert all((rate == 1).all() for rate in equal.values())


def test_the_unit_of_time_is_that_of_length_and_curvature():
    for name in ("two_layer_linear", "four_layer_linear", "softmax_attention"):
        drawn = problems(name)
        fast = [
            sum((v**2).reshape(4, -1).sum(1) * drawn.rates[n] ** e for n, v in one.items())
            for one, e in ((gradient(drawn), 1), (drawn.weights, -1))
        ]
        assert (fast[0] / fast[1]).max() <= 1 + 1e-12
        assert curvature(drawn).max() <= 1 + 1e-6


def test_curvature_is_that_of_the_second_derivatives():
    drawn = problems("two_layer_linear")
    for k in range(4):
        flat = torch.cat([v[k].reshape(-1) for v in drawn.weights.values()])
        sizes = [v[k].numel() for v in drawn.weights.values()]

        def slope(values, k=k, sizes=sizes):
            parts = torch.split(values, sizes)
            shaped = {
                n: part.reshape(v[k].shape)
                for (n, v), part in zip(drawn.weights.items(), parts, strict=True)
            }
            one = drawn.rows(torch.tensor([k])).at({n: v[None] for n, v in shaped.items()})
            return torch.cat([v.reshape(-1) for v in gradient(one).values()])

        step_ = 1e-6
        columns = [
            (slope(flat + step_ * e) - slope(flat - step_ * e)) / (2 * step_)
            for e in torch.eye(len(flat), dtype=torch.float64)
        ]
        roots = [drawn.rates[n][k].sqrt().expand(v[k].numel()) for n, v in drawn.weights.items()]
        roots = torch.cat(roots)
        hessian = roots[:, None] * torch.stack(columns) * roots
        largest = torch.linalg.eigvalsh((hessian + hessian.T) / 2).abs().max()
        assert 0.5 * largest <= curvature(drawn)[k] <= largest * (1 + 1e-6)


def test_what_cannot_move_is_refused():
    model = Model(
        name="still", title="still", source="own", layers={"a": Layer()}, inputs={"x": ()},
        output=lambda w, x, F: F.relu(w.a * w.a * -1) * x.x,
    )  # fmt: skip
    with pytest.raises(ValueError, match="still: nothing moves from 12 random starts"):
        draw(model, {}, 4, 0)


def test_dead_networks_are_not_drawn():
    drawn = problems("relu_with_bias", count=12)
    assert all(torch.isfinite(one).all() for one in gradient(drawn).values())
    speed = torch.stack([(v**2).reshape(12, -1).sum(1) for v in gradient(drawn).values()]).sum(0)
    assert (speed > 0).all()


@pytest.mark.parametrize(("name", "signs"), [("logistic", {-1.0, 1.0}), ("square", None)])
def test_targets_are_those_of_the_loss(name, signs):
    model = replace(load("relu"), loss=name)
    drawn = draw(model, model.sizes[0], 4, 0)
    assert (set(drawn.targets.reshape(-1).tolist()) == signs) == (signs is not None)
    assert (drawn.units == 1).all()
    assert outputs(drawn).shape == drawn.targets.shape
