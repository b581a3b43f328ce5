"""Kunin et al. 2024 (arXiv 2406.06158), as far as it is known here."""

from verify.papers.kunin.symbols import MEANINGS
from verify.papers.paper import Paper

PAPER = Paper(
    package=__name__,
    title="Get rich quick: exact solutions reveal how unbalanced initializations promote rapid feature learning",
    reference="Kunin et al. 2024",
    published="2406.06158",
    introduction=(
        "arXiv 2406.06158. The text itself is not at hand: judged is what its public summary prints and what "
        "others quoted of it, place by place. What could only be reconstructed is marked [R]: there the "
        "reconstruction is judged, and a slip may be ours.",
        "Every statement is held against a derivation that starts from the loss alone, $L=\\frac12\\|X\\beta-y\\|^2$, "
        "$\\beta=aw$, every weight against its slope times its own rate. Words such as 'slightly', 'much faster' or "
        "'near zero' are read as limits, and the reading is told beside each. Experiments on trained wide networks are "
        "not repeated: what they alone say is left undecided.",
    ),
    equations=(2, 3, 4, 5, 8, 9, 10, 118, 119, 123),
    sections=(
        "kernel",
        "geometry",
        "branches",
        "dynamics",
        "regimes",
        "captions",
        "bias",
        "inductive",
        "wide",
        "deep",
        "piecewise",
    ),
    symbols=MEANINGS,
)
