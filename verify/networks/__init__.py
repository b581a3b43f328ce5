"""One file per network: its forward pass, written by hand from the definition."""
