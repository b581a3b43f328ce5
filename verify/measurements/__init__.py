"""Numbers about the numbers: accuracy, slopes over widths, times beside other integrators.

May import `oracle` and what that may.
"""
