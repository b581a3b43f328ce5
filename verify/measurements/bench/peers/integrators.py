"""All integrators, in the order of the tables."""

from __future__ import annotations

from verify.measurements.bench.peers import (
    descent,
    diffrax,
    dop853,
    heyoka,
    is_installed,
    lsoda,
    torchdiffeq,
)  # fmt: skip
from verify.measurements.bench.peers.integrator import Integrator

ALWAYS = (dop853.PEER,)
ALL = (
    dop853.PEER, lsoda.PEER, heyoka.PEER, diffrax.PEER, torchdiffeq.PEER, descent.PEER,
)  # fmt: skip


def asked(all_of_them: bool) -> list[Integrator]:
    """Those that can be run, of all or of the one that needs nothing more."""
    return [peer for peer in (ALL if all_of_them else ALWAYS) if is_installed(peer.package)]
