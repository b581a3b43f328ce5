"""Where no formula helps: the raw equations, integrated.

May import `numeric.data`, the rest of `numeric.methods` that is no method, and what they may.
"""
