"""From proved expressions to the text of evaluators; may import `derivation` and all below it.

`program` is what a module consists of, `emit` what is emitted, `printer` turns an expression into text,
`module` a program into a file.
"""
