"""Warped flows by Taylor series in warped time, in machine code, one driver for all networks.

| module | what it does |
|--------|--------------|
| `calling`     | calls of a network's series by their addresses: the driver is compiled once |
| `polynomials` | values, shifts and reciprocals of series, and how far they have all digits |
| `layout`      | where which number of a solved flow stands |
| `steps`       | neurons from the start to the equilibrium, and the output as a polynomial a step |
| `clock`       | elapsed time as polynomials, with a logarithm at the end |
| `moments`     | where the flow is at times, and the times of residuals |
| `neurons`     | weights at places |
| `bent`        | the same as `steps` where σ has a bend: a neuron that meets it costs that neuron alone |
| `bends`       | one neuron at a bend, and which neurons meet it |
| `zeros`       | the first zero of a polynomial |
| `heap`        | places, the first one on top |
| `bent_neurons` | weights at places, where σ has a bend |
| `legendre`    | integrals of what jumps at times, times what is smooth |
| `weighing`    | gradients: what answers at times feel of the output on the way |
| `costates`    | gradients: from the output on the way to the neurons' starts |
"""
