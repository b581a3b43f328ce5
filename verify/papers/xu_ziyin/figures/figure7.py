"""Figure 7 for the linear network: the same while two Gaussians are told apart."""

from __future__ import annotations

from verify.papers.figure import Drawn, Setting, Track
from verify.papers.xu_ziyin.alignment_picture import drawn
from verify.papers.xu_ziyin.figure_seven import runs

TITLE = (
    "Classes $N(0,1)$, $N(4,1)$, numbers: on a line as they are\n"
    "Linear network under binary cross-entropy"
)


def make(setting: Setting, track: Track) -> Drawn:
    """The starts and phases of Figure 1 under binary cross-entropy."""
    return drawn("figure7_linear", TITLE, runs, setting, track)
