"""Clocks of scalar chains."""
