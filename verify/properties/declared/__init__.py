"""What must hold of a declared network along descent that torch runs, and what must not hold.

`check.verify_model` runs all of it.
"""
