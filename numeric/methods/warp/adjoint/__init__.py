"""Derivatives of a warped flow: what its answers' cotangents say of all that it was given.

May import the rest of `warp`; the rest does not import this.
"""
