"""Laws and counts of the networks of a public notebook, timed.

| module | |
|---|---|
| `networks` | 100 architectures, as data, and their declarations |
| `counts` | laws at all sizes, their entries, and the rank: what adds up, and how long it took |
| `report` | the page, what is printed, and JSON |
"""
