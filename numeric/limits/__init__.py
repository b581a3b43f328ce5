"""Scaling limits in numbers: exponents, phases, and how far an actual network moves.

May import `numeric.methods` and what that may.
"""
