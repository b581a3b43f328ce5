"""What must hold of the models that a case of `solve` can name, and the mutants that it must refute.

A property is a function of a problem with its descent and of a maker of theories, as those of the first
network are: it gives errors over allowed errors. `theory` gives the solvers one face.
"""
