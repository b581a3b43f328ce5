"""How a network is solved in numbers, a folder per method.

May import `data` and what that may. Of other methods `warp` asks `explicit`, `tensors` both of these,
`lifted` `riccati`, `aligned` `chains`, and `declared` whichever answers a declaration.
"""
