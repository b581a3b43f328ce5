"""A record exists only with proved certificates."""

import dataclasses

import pytest
import sympy

from symbolic.derivation import derivation
from symbolic.explicit.riccati_time import RiccatiTime
from symbolic.models import names
from symbolic.proof.certificate import Certificate, CertificateError, Need, Record, Step
from symbolic.proof.equality import Proved, Refuted, Undecided, prove_equal

x = sympy.Symbol("x", real=True)
GOOD = Certificate("x = x", Proved())


@dataclasses.dataclass(frozen=True, kw_only=True)
class Half(Record):
    """Half of a number."""

    whole: Need[sympy.Expr]
    half: sympy.Expr
    further: Need[tuple[Certificate, ...]] = ()

    def certify(self):
        yield Certificate("twice the half is the whole", prove_equal(2 * self.half, self.whole))
        yield from self.further

    def explain(self):
        yield Step("Half", (("h", self.half),), "halved")


class Nothing(Record):
    """A record of which nothing is proved."""

    def certify(self):
        return ()

    def explain(self):
        return ()


def test_a_proved_record_is_built_and_keeps_its_certificates_and_steps():
    record = Half(whole=x, half=x / 2, further=(GOOD,))
    assert [one.claim for one in record.certificates] == ["twice the half is the whole", "x = x"]
    assert record.steps[0].statement == (("h", x / 2),)
    assert record.found() == {"half": x / 2}


def test_a_record_without_certificate_is_refused():
    with pytest.raises(CertificateError, match="Nothing: no certificate"):
        Nothing()


@pytest.mark.parametrize("verdict", [Undecided("tried this"), Refuted({"x": "3/2"}, "0.25")])
def test_one_certificate_that_is_not_proved_is_enough_to_refuse(verdict):
    with pytest.raises(CertificateError, match="Half: the claim: "):
        Half(whole=x, half=x / 2, further=(GOOD, Certificate("the claim", verdict), GOOD))


def test_the_refusal_shows_the_witness():
    with pytest.raises(CertificateError, match=r"twice the half .*witness=\{'x': "):
        Half(whole=x, half=x / 3)


def test_what_follows_a_refusal_is_not_computed():
    class Stops(Half):
        def certify(self):
            yield Certificate("no", Undecided("no"))
            raise AssertionError("asked for more")

    with pytest.raises(CertificateError, match="Stops: no: "):
        Stops(whole=x, half=x / 2)


def test_certificates_are_neither_given_nor_taken():
    record = Half(whole=x, half=x / 2)
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.certificates = ()
    with pytest.raises(TypeError):
        Half(whole=x, half=x / 3, certificates=(GOOD,))
    with pytest.raises(CertificateError):
        dataclasses.replace(record, half=x)
    assert dataclasses.replace(record, whole=2 * x, half=x).half == x


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
