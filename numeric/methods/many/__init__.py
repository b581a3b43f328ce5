"""Flows of many networks in one object: what a method has for all of them at once, and their own flows.

It knows no method: those that answer many at once are given to it, and what solves one.
"""
