"""The commands: they parse arguments, call, print and set exit codes."""
