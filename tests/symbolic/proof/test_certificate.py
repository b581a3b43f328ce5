"""A record exists only with proved certificates."""

import dataclasses

import pytest
import sympy

from symbolic.derivation import Explicit, derivation
from symbolic.models import names
from symbolic.proof.certificate import Certificate, CertificateError, Record
from symbolic.proof.equality import Proved, Refuted, Undecided, prove_equal

x = sympy.Symbol("x", real=True)
GOOD = Certificate("x = x", Proved())


def test_a_proved_record_is_built_and_keeps_its_certificates():
    assert Record(certificates=(GOOD,), steps=()).certificates == (GOOD,)


def test_a_record_without_certificate_is_refused():
    with pytest.raises(CertificateError, match="no certificate"):
        Record(certificates=(), steps=())


@pytest.mark.parametrize("verdict", [Undecided("tried this"), Refuted({"x": "3/2"}, "0.25")])
def test_one_certificate_that_is_not_proved_is_enough_to_refuse(verdict):
    with pytest.raises(CertificateError, match="Record: the claim: "):
        Record(certificates=(GOOD, Certificate("the claim", verdict), GOOD), steps=())


def test_the_refusal_shows_the_witness():
    wrong = Certificate("(x + 1)^2 = x^2 + 1", prove_equal((x + 1) ** 2, x**2 + 1))
    with pytest.raises(CertificateError, match=r"witness=\{'x': "):
        Record(certificates=(wrong,), steps=())


def test_a_record_cannot_lose_its_certificates_later(linear):
    record = linear.coordinates
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.certificates = ()
    with pytest.raises(CertificateError):
        dataclasses.replace(record, certificates=())


def test_every_stage_has_certificates_and_all_are_proved(linear):
    stages = dict(linear.records())
    assert list(stages) == [
        "data", "flow", "conservation", "completeness", "clock", "scalar", "warp", "coordinates",
        "reduction", "integral", "closed_form", "weights", "observables", "inverse", "kernel",
        "change", "scaling", "phases",
    ]  # fmt: skip
    for record in (*stages.values(), linear.integral.riccati):
        assert_proved(record)


def assert_proved(record):
    assert record.certificates
    assert {type(certificate.verdict) for certificate in record.certificates} == {Proved}
    claims = [certificate.claim for certificate in record.certificates]
    assert len(set(claims)) == len(claims)


EVERY = ["data", "flow", "conservation", "completeness", "clock", "scalar"]
FURTHER = {
    "power": ["elapsed"],
    "quadratic": ["warp", "elapsed", "transcendence"],
    "cubic": ["warp", "elapsed"],
    "linear": [
        "warp", "coordinates", "reduction", "integral", "closed_form", "weights", "observables",
        "inverse", "kernel", "change", "scaling", "phases",
    ],
}  # fmt: skip
OPTIONAL = {"warp", "elapsed", "transcendence"}


@pytest.mark.parametrize("name", names())
def test_every_network_has_the_stages_it_can_have_and_reasons_for_the_others(name):
    derived = derivation(name)
    stages = dict(derived.records())
    assert list(stages) == [*EVERY, *FURTHER.get(name, [])]
    assert isinstance(derived, Explicit) == (name == "linear")
    for record in stages.values():
        assert_proved(record)
    # What is not solved to the end has no chart, or no reduction in it.
    missing = derived.reasons.keys() - {"coordinates", "reduction"}
    assert missing == OPTIONAL - stages.keys()
    assert len(derived.reasons.keys() - missing) == (name != "linear")
    assert all(derived.reasons.values())
    assert derived.seconds.keys() >= stages.keys()
