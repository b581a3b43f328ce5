"""CASE.json, read strictly, and what `solve` says of it.

May import `numeric.methods` and what that may.
"""
