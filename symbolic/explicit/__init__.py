"""A network that is solved to the end: s(t), weights and observables.

May import `laws` and what those may.
"""
