"""What is written for people: LaTeX, HTML, Markdown. May import all of `symbolic`."""
