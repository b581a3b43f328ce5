"""Generated evaluators, one module per network. Never edited; see each header for the command."""
