"""One neuron, and one clock for all, in warped time. May import `laws` and what those may."""
