"""Generated functions in machine code for many networks at once. Never edited."""
