"""The matrix Riccati flow dQ/dt = F Q − Q Qᵀ S Q, solved in one form for every spectrum and start.

It knows no network: `given` reads what defines a flow, `spectrum` finds its modes, `echelon` sorts what
the start has of them, `constants` decides what is zero, `moving` is the one text that is evaluated, in
any numbers, and `flow` is the object.
"""
