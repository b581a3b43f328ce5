"""Where a flow ends, in one word each."""

from __future__ import annotations

REACHED = "target"
SADDLE = "saddle"
UNFINISHED = "not reached"
AT_REST = "at rest"
UNBOUNDED = "unbounded"
STATIONARY = "stationary"
