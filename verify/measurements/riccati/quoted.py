"""What is said of two public codes: quotations, not measured here."""

from __future__ import annotations

AUTHORS = "getrichquick, the authors' public code"
BALANCED = "the public λ-balanced code"
SOURCE = "quoted from a comparison made before this project, where both codes were run"
NOT_QUOTED = "not quoted"
BEYOND = "AssertionError"
NEURON = {
    "-4": "2e-15; AssertionError at T = 300",
    "-1": "at T = 300 wrong by 1.36 without a word",
    "1": "2e-9 … 3e-8 (of δ = 1, 4)",
    "4": "2e-9 … 3e-8 (of δ = 1, 4); AssertionError at T = 300",
}
FAR = 100.0  # |δ| from which on the authors' code stops
SQUARE = {"1e-4": "1e-9", "1e-8": "0.66", "0": "NaN or an exception"}
LEAST = 0.7  # λ from which on the λ-balanced code is exact, of square sizes
EXACT = "2e-15 … 9e-15"
UNEQUAL = "NaN or an exception"


def of_neuron(law: str) -> str:
    """Of a δ."""
    return BEYOND if abs(float(law)) >= FAR else NEURON.get(law, NOT_QUOTED)


def of_layers(law: str, is_square: bool) -> str:
    """Of a λ and sizes."""
    if not is_square:
        return UNEQUAL
    return EXACT if float(law) >= LEAST else SQUARE.get(law, NOT_QUOTED)
