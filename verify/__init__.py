"""Judgement: what the derivation says, against gradient descent that torch really runs."""
