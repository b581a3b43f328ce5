"""The cells: what is measured, one file each."""
