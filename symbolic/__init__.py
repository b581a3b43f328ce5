"""The mathematics: from a loss to proved formulas. SymPy and python-flint only.

Start reading at `symbolic.derivation`, which runs the stages in order.
"""
