"""One package per paper: its printed formulas as claims, and a `PAPER` by which it is found.

May import `claims`, `measurements` and `oracle`.
"""
