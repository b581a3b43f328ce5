"""Gradient flows as functions that are differentiated: tensors in, tensors out.

The counterpart of the methods beside it for `numeric.GradientFlow(..., xp=torch)`. A tensor library is
imported when somebody names it, never before. May import the other methods.
"""
