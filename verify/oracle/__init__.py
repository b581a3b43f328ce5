"""What theory is held against: descent in torch, observables of raw weights, references.

May import `networks`, and `numeric` for digits alone.
"""
