"""Exponents of scaling limits, one module per network that is solved to the end."""
