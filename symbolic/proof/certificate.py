"""What a stage hands on: a frozen record that carries its certificate.

A record with a certificate that is not proved cannot be built, so it cannot be passed on.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Basic, Expr

from symbolic.proof.equality import Verdict, is_proved


class CertificateError(RuntimeError):
    """A stage derived something it cannot prove; the message shows what and why."""


@dataclass(frozen=True)
class Certificate:
    """One proved statement: what was claimed, and the verdict."""

    claim: str
    verdict: Verdict


@dataclass(frozen=True)
class Step:
    """One numbered step of the written derivation.

    Attributes:
        law: the name of the law or rule that is used.
        statement: equations, each a pair of left side (LaTeX or expression) and right side.
        proof: one line of prose saying why it holds.
    """

    law: str
    statement: tuple[tuple[str | Basic, Expr | str], ...]
    proof: str


@dataclass(frozen=True, kw_only=True)
class Record:
    """Base of all stage results.

    Attributes:
        certificates: what was proved about the record; at least one, all proved.
        steps: the record as numbered steps of the derivation.

    Raises:
        CertificateError: on construction, if a certificate is missing or not proved.
    """

    certificates: tuple[Certificate, ...]
    steps: tuple[Step, ...]

    def __post_init__(self) -> None:
        stage = type(self).__name__
        if not self.certificates:
            raise CertificateError(f"{stage}: no certificate")
        for certificate in self.certificates:
            if not is_proved(certificate.verdict):
                raise CertificateError(f"{stage}: {certificate.claim}: {certificate.verdict}")
