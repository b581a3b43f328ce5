"""Where it is not: neurons in warped time, the clock t(s) and its inverse, in float64 and in balls.

May import `explicit` (exact numbers) and `numeric.data`.
"""
