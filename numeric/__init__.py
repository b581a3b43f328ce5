"""Numbers from the derived formulas: `numeric.flow.GradientFlow` is the object to use.

Nothing is imported here, so that `import numeric.generated.linear` costs numpy and no more.
"""
