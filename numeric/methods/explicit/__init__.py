"""Where s(t) is a formula: evaluation, in extended precision and in balls.

May import `numeric.data` and what that may.
"""
