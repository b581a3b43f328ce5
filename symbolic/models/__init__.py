"""One file per network: its definition."""
