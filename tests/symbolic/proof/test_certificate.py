"""A record exists only with proved certificates."""

import dataclasses

import pytest
import sympy

from symbolic.derivation import derivation
from symbolic.explicit.chart import Chart
from symbolic.explicit.riccati_time import RiccatiTime
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
    record = linear[Chart]
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.certificates = ()
    with pytest.raises(CertificateError):
        dataclasses.replace(record, certificates=())


def test_every_record_of_every_network_has_certificates_and_all_are_proved():
    for name in names():
        for record in derivation(name).values():
            assert_proved(record)
    assert_proved(derivation("linear")[RiccatiTime].riccati)


def assert_proved(record):
    assert record.certificates
    assert {type(certificate.verdict) for certificate in record.certificates} == {Proved}
    claims = [certificate.claim for certificate in record.certificates]
    assert len(set(claims)) == len(claims)
