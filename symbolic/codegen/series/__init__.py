"""Text that expands neurons in Taylor series: functions of h by their slopes, all else by products.

| module | what it does                                                             |
|--------|--------------------------------------------------------------------------|
| `rows` | polynomials as products of two series, sums and choices, each made once  |
| `text` | the loops of the recurrences, and functions of one neuron beside them    |
| `curvature` | second derivatives of the output along a neuron's way |
"""
