"""From proved expressions to the text of evaluators.

`program` is what a module consists of, `evaluators` which functions are emitted, `printer` turns an
expression into text, `module` a program into a file.
"""
