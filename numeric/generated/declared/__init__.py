"""Declared networks: output, velocity and laws, one generated module each, at all sizes."""
