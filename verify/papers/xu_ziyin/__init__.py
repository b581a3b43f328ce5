"""Xu & Ziyin 2025 (arXiv 2401.07085), as printed in the text at hand."""

from verify.papers.paper import Paper
from verify.papers.xu_ziyin.symbols import MEANINGS

PAPER = Paper(
    package=__name__,
    title="Three Mechanisms of Feature Learning in a Linear Network",
    reference="Xu & Ziyin 2025",
    published="2401.07085",
    introduction=(
        "arXiv 2401.07085, as printed in the text at hand, which is a transcription: a slip may be "
        "the transcriber's. Every numbered equation, both tables, the propositions, theorems, "
        "corollaries and the checkable sentences are held against a derivation that starts from the "
        "loss alone.",
    ),
    equations=range(1, 57),
    sections=(
        "model", "solution", "footnotes", "rates", "kernel", "alignment", "alignment_grows",
        "condition", "angle_and_rates", "rescaling", "four_cases", "regimes", "phases", "theorem_two",
        "choices", "experiments", "movement", "exponents_of_movement", "data_line", "laws",
        "reduction", "integral", "saddle", "output", "generalization",
    ),
    symbols=MEANINGS,
)  # fmt: skip
