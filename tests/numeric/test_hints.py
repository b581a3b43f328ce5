"""Hints name what is close, or nothing; what is not there is said in a sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from numeric import absent, catalogue, hints
from numeric.cases import keys
from numeric.cases.case import parse
from numeric.errors import InputError
from numeric.limits.exponents import preset


def said(call, *arguments):
    with pytest.raises(InputError) as caught:
        call(*arguments)
    assert str(caught.value).isprintable()
    return caught.value.expected


def of_key(key, init=False):
    return said(parse, {"init": {key: 1}} | {"gamma": 1, "eta_u": 1, "eta_w": 1, "x": [1], "y": 1}
                if init else {key: 1})  # fmt: skip


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("lr", "'eta_u' and 'eta_w', perhaps"), ("learning_rate", "'eta_u' and 'eta_w', perhaps"),
        ("eta", "'eta_u' and 'eta_w', perhaps"), ("etau", "'eta_u', perhaps"),
        ("gama", "'gamma', perhaps"), ("Gamma", "'gamma', perhaps"), ("w0", "'W0', perhaps"),
        ("U0", "'u0', perhaps"), ("W", "'W0', perhaps"), ("target", "'targets', perhaps"),
        ("labels", "'targets', perhaps"), ("tragets", "'targets', perhaps"),
        ("activaton", "'activation', perhaps"), ("nonlinearity", "'activation', perhaps"),
        ("width", "'init', with the key 'width', perhaps"), ("scale", "'gamma', perhaps"),
        ("momentum", "no momentum"), ("Momentum", "no momentum"), ("weight_decay", "no weight decay"),
        ("weightDecay", "no weight decay"), ("wd", "no weight decay"), ("bias", "no biases"),
        ("use-bias", "no biases"), ("outputs", "one output"), ("num_classes", "one output"),
        ("loss_fn", "'loss'"), ("criterion", "'loss'"), ("cross_entropy", "one output"),
        ("optimizer", "no optimizer"),
        ("adam", "no optimizer"), ("batch_size", "no batches"), ("dropout", "no dropout"),
        ("layers", "one hidden layer"), ("depth", "one hidden layer"), ("steps", "no number of steps"),
        ("epochs", "no number of steps"), ("times", "no number of steps"), ("digits", "no number of"),
        ("schedule", "constant learning rates"), ("noise", "no noise"), ("batch_norm", "no normal"),
        ("qwxyz", "one of"), ("", "one of"), ("é" * 10**5, "one of"),
    ],
)  # fmt: skip
def test_keys(key, start):
    expected = of_key(key)
    assert expected.startswith(start), expected
    assert "gamma" in expected


@pytest.mark.parametrize(
    ("key", "start"),
    [
        ("sigma", "'sigma_u' and 'sigma_w'"), ("std", "'sigma_u' and 'sigma_w'"), ("d", "'width'"),
        ("sigmau", "'sigma_u'"), ("rng", "'seed'"), ("type", "'kind'"), ("bias", "no biases"),
        ("widht", "'width'"), ("zzz", "one of"),
    ],
)  # fmt: skip
def test_keys_of_init(key, start):
    assert of_key(key, init=True).startswith(start)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("ReLU", "'relu', perhaps"), ("RELU", "'relu', perhaps"), ("LeakyReLU", "'leaky_relu', perhaps"),
        ("leaky-relu", "'leaky_relu', perhaps"), ("GELU", "'gelu', perhaps"), 
        ("SiLU", "'swish', perhaps"),
        ("Tanh", "'tanh', perhaps"), ("tahn", "'tanh', perhaps"), ("sin", "'sine', perhaps"),
        ("identity", "'linear', perhaps"), ("h**2", "'quadratic', perhaps"), ("exp", "'exponential'"),
        ("elu", "an activation that is derived"), ("SELU", "an activation that is derived"),
        ("sigmoid", "an activation that is derived"), ("relu6", "an activation that is derived"),
        ("softmax", "an activation that is derived"), ("os", "one of"), ("", "one of"),
        ("power", "power1 to power999"), ("power1000", "power1 to power999"),
    ],
)  # fmt: skip
def test_activations(name, start):
    expected = said(catalogue.load, name)
    assert expected.startswith(start), expected
    assert "tanh" in expected


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("sp", "'kaiming' or 'torch-default'"), ("nkt", "'ntk'"), ("muP", "'mup'"), ("µP", "'mup'"),
        ("MeanField", "'mean-field'"), ("mean_field", "'mean-field'"), ("he", "'kaiming'"),
        ("glorot", "'xavier'"), ("kaimin", "'kaiming'"), ("qq", "one of"), ("lr", "one of"),
        ("", "one of"),
    ],
)  # fmt: skip
def test_presets(name, start):
    assert said(preset, name).startswith(start)


def test_no_word_is_both_known_and_absent():
    known = {hints.plain(word) for word in (*keys.KEYS, *keys.INIT_KEYS)}
    for key in known:
        assert absent.absent(key) is None, key
    for words in keys.SYNONYMS.values():
        for word in words:
            assert absent.absent(word) is None, word
            assert hints.plain(word) == word
    for name in catalogue.names():
        assert hints.plain(name) not in absent.ACTIVATIONS


@given(st.text(max_size=12), st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5))
def test_a_hint_shares_most_of_its_letters(word, known):
    near = hints.nearest(word, known)
    if near is None:
        return
    found = next(name for name in known if repr(name) == near)
    one, other = hints.plain(word), hints.plain(found)
    common = sum(min(one.count(c), other.count(c)) for c in set(one))
    assert one == other or 3 * common >= len(one) + len(other) - 1


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("mse", "square"),
        ("BCE", "binary_cross_entropy"),
        ("logistc", "logistic"),
        ("hubr", "huber"),
    ],
)
def test_a_loss_of_another_name_is_named(word, named):
    assert said(catalogue.load_loss, word).startswith(f"{named!r}, perhaps; losses are ")
    assert catalogue.load_loss(named).__name__.endswith(f".{named}")
