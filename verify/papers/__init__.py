"""What papers say, as data: one module per paper or table, in printed order."""
