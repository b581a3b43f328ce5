"""Figure 1, linear panels: alignment of two layers during training, in both phases."""

from __future__ import annotations

from verify.papers.figure import Drawn, Setting, Track
from verify.papers.xu_ziyin.alignment_picture import drawn
from verify.papers.xu_ziyin.figure_one import runs

TITLE = "Alignment of two linear layers during training"


def make(setting: Setting, track: Track) -> Drawn:
    """Gaussian, orthogonal and near-orthogonal initial weights, in both phases."""
    return drawn("figure1_linear", TITLE, runs, setting, track)
