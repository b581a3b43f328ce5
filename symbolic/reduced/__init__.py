"""What is left of a declared network, solved where it is of a class that has a solution."""
