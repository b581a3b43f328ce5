"""Linear lifts of declared networks at all sizes, written by `derive`, a module a network."""
