"""Scaling limits: exponents and phases of wide networks.

May import `warp`, `explicit` and what those may.
"""
