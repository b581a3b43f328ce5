"""How exact the Riccati family is in float64 by its law and by time, beside public codes' numbers.

`starts` draws problems that are exactly on their leaf, `times` says when they are looked at,
`references` has their true values, `printed` the formula of the paper as it stands, `errors` measures,
`seconds` times, `quoted` is what is said of other codes, `record` and `report` are the record and its
page.
"""
