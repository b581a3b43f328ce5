"""A sentence of a paper or of a user as something to decide: kinds, relations, language.

May import nothing of `verify`.
"""
