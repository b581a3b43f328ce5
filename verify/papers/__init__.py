"""One package per paper: its printed formulas as claims.

May import `claims`, `measurements` and `oracle`.
"""
