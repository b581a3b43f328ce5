"""Symbols of the field: each with its LaTeX and its meaning. Imports nothing of the project."""
