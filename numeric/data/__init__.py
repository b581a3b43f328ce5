"""What goes in: arrays, exact decimals, data on a line, initial weights.

May import `numeric.errors`, `namespaces` and `generated`.
"""
