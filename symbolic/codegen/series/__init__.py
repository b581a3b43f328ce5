"""Text that expands neurons in Taylor series: functions of h by their slopes, all else by products.

| module     | what it does                                                               |
|------------|----------------------------------------------------------------------------|
| `logistic` | what is rational in eʰ, in 1/(1 + e^{−h}) and 1/(1 + eʰ)                   |
| `closure`  | functions of h of which each has a slope that is a polynomial in the others |
| `rows`     | polynomials as products of two series, sums and choices, each made once    |
| `text`     | the loops of the recurrences                                               |
"""
