"""What is given: model and data, and the gradient flow that follows.

May import `notation` and `proof`.
"""
