"""The clocks of chains: what is altered has no certificate; what is generated is the integral."""

import dataclasses

import mpmath
import numpy as np
import pytest
import sympy
import torch

from numeric.generated.chains import clock
from numeric.namespaces import Mpmath
from symbolic.proof.certificate import CertificateError
from symbolic.reduced import chain, chain_balanced, chain_carlson, chain_elementary


@pytest.mark.parametrize(
    ("module", "field", "alter"),
    [
        (chain, "moved", lambda z: -z),
        (chain, "integrand", lambda z: 2 * z),
        (chain_balanced, "head", lambda z: 2 * z),
        (chain_balanced, "term", lambda z: -z),
        (chain_balanced, "at_zero", lambda z: z / 2),
        (
            chain_balanced,
            "elementary",
            lambda z: z | {(3, 1): z[3, 1] + sympy.log(chain_balanced.v)},
        ),
        (chain_balanced, "series", lambda z: z | {"beyond": -z["beyond"]}),
        (chain_elementary, "two", lambda z: 2 * z),
        (chain_elementary, "power", lambda z: -z),
        (chain_carlson, "three", lambda z: z.subs(chain.sigma, -chain.sigma)),
        (chain_carlson, "four", lambda z: z.subs(chain_carlson.side, 1)),
    ],
)
def test_what_is_altered_has_no_certificate(module, field, alter):
    record = module.derive()
    with pytest.raises(CertificateError):
        dataclasses.replace(record, **{field: alter(getattr(record, field))})


@pytest.mark.parametrize("depth", chain_balanced.ELEMENTARY)
@pytest.mark.parametrize(
    ("way", "first", "last"), [("toward", 0.3, 0.8), ("toward", 3.0, 1.2), ("away", 2.0, 0.4)]
)
def test_elementary_forms_are_the_integral(depth, way, first, last):
    s = 1 if way == "toward" else -1
    form = getattr(clock, f"balanced_{depth}_{way}")
    stated = mpmath.quad(lambda v: 1 / (v ** (depth - 1) * (s - v**depth)), [first, last])
    v = np.array([first, last])
    places = {"numpy": (v, np), "torch": (torch.tensor(v), torch)}
    for values, xp in places.values():
        found = form(values, abs(1 - values), xp)
        assert float(found[1] - found[0]) == pytest.approx(float(stated), rel=1e-13)
    xp = Mpmath(mpmath.mp)
    first, last = map(mpmath.mpf, (first, last))
    assert mpmath.almosteq(
        form(last, abs(1 - last), xp) - form(first, abs(1 - first), xp), stated, 1e-13
    )


@pytest.mark.parametrize("depth", [3, 5, 7])
@pytest.mark.parametrize(
    ("name", "s", "first", "last"),
    [("below", 1, 0.3, 0.8), ("beyond", 1, 3.0, 1.2), ("away", -1, 2.0, 0.4)],
)
def test_2f1_and_roots_of_unity_are_the_integral(depth, name, s, first, last):
    stated = mpmath.quad(lambda v: 1 / (v ** (depth - 1) * (s - v**depth)), [first, last])
    form, v = getattr(clock, f"balanced_{name}"), np.array([first, last])
    found = form(v, float(depth))
    assert found[1] - found[0] == pytest.approx(float(stated), rel=1e-12)
    roots = np.exp(1j * np.pi * (2 * np.arange(depth) + (s < 0)) / depth)
    total = clock.balanced_head(v, float(depth), s) + sum(
        clock.balanced_term(one, np.log(1 - v / one + 0j), float(depth)) for one in roots
    )
    assert (total[1] - total[0]).real == pytest.approx(float(stated), rel=1e-12)
