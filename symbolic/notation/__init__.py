"""Symbols of the field: each with its LaTeX and its meaning. Imports nothing of the project.

Here are those that many share, and the table that all make; a folder's own are in its `notation`, and
`symbolic.vocabulary` has all of them.
"""
