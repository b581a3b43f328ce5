"""Xu & Ziyin 2025 (arXiv 2401.07085), as printed in the text at hand."""
