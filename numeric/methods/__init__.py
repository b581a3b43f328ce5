"""How a network is solved in numbers, a folder per method.

May import `data` and what that may; no method but `warp` and `tensors` another one.
"""
