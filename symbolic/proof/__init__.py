"""What is proved, and how: equality, enclosure, real arithmetic, certificates.

Knows no network, and imports nothing of the project.
"""
