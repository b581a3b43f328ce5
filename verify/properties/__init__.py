"""What holds of every trajectory, one idea a file, and the mutants that must not pass.

May import `oracle` and what that may.
"""
