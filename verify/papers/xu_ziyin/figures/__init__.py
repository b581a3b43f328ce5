"""Figures of Xu & Ziyin, theory over descent."""
