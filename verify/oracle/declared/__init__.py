"""Gradient descent of declared networks that torch really runs: drawn problems, losses, descent.

Shares nothing with what is derived; the declaration says which losses and which data there may be.
"""
