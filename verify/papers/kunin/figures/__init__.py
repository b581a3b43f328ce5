"""Figures of Kunin et al. for one linear neuron, theory over descent."""
