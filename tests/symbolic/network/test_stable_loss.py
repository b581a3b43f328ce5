"""Losses as they are computed: those written by hand, in the variable of their targets."""

import dataclasses

import mpmath
import pytest
import sympy
from mpmath import mpf

from symbolic import losses, models
from symbolic.network import convexity, stable_loss
from symbolic.network.stable_loss import error, margin, missing
from symbolic.notation.symbols import f, y
from symbolic.proof.certificate import CertificateError
from symbolic.proof.same_function import elementary

LOSSES = {  # written by hand, targets, variables
    "logistic": (lambda f, y: mpmath.log(1 + mpmath.exp(-y * f)), (-1, 1), {margin}),
    "binary_cross_entropy": (
        lambda f, y: mpmath.log(1 + mpmath.exp(f)) - y * f, (mpf(1) / 4, 1), {missing},
    ),
    "log_cosh": (lambda f, y: mpmath.log(mpmath.cosh(f - y)), (mpf(2) / 3, -5), {error}),
    "huber": (
        lambda f, y: (f - y) ** 2 / 2 if abs(f - y) <= 1 else abs(f - y) - mpf(1) / 2,
        (mpf(1) / 3, -4), {error},
    ),
}  # fmt: skip


def derived(name):
    return stable_loss.derive(
        convexity.derive(dataclasses.replace(models.load("linear"), loss=losses.load(name)))
    )


@pytest.mark.parametrize("name", LOSSES)
def test_forms_are_the_loss_and_its_slopes(name, number, close):
    by_hand, targets, variables = LOSSES[name]
    record = derived(name)
    assert record.variables.keys() == variables
    with mpmath.mp.workdps(30):
        for target in targets:
            for place in (mpf(7) / 5, mpf(-11) / 4):
                values = {f: place, y: mpf(target)}
                for order, form in enumerate(record.forms.values()):
                    expected = mpmath.diff(lambda z, t=values[y]: by_hand(z, t), place, order)
                    found = number(elementary(form.xreplace(record.variables)), values)
                    assert close(found, expected, 12)


@pytest.mark.parametrize("name", ["logistic", "binary_cross_entropy", "log_cosh"])
def test_no_exponential_of_a_form_grows(name):
    for form in derived(name).forms.values():
        for part in form.atoms(sympy.exp):
            assert (
                sympy.simplify(part.args[0] / sympy.Abs(part.args[0])).subs(
                    {f: 3, margin: 3, error: 3}
                )
                == -1
            )


def test_a_form_of_the_other_target_is_refused():
    record = derived("logistic")
    turned = {name: form.subs(margin, -margin) for name, form in record.forms.items()}
    with pytest.raises(CertificateError, match="loss, target 1"):
        dataclasses.replace(record, forms=turned)
