"""Generated functions in machine code, one module per network with a state. Never edited."""
