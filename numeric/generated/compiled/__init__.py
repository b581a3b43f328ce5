"""Generated functions in machine code: explicit states, Taylor series of neurons. Never edited."""
