"""What a user declares: layers, inputs and an output, as one graph of tensors with sizes left open.

| module | |
|---|---|
| `sizes` | dimensions: whole linear expressions in size symbols |
| `tensor` | the graph: a node knows its shape, and refuses what does not fit, naming the place |
| `functions` | `F`: identity, frozen weights, activations, softmax, normalisations, convolution |
| `model` | `Layer` and `Model`: a declaration, and its graph |
| `walk` | a graph computed in any algebra: each node once |
| `arbitrary` | frozen weights and lines of data: drawn once, the same in every algebra |
| `neurons` | whether a size counts neurons: the output is a sum over them |
| `gates` | which gates are open at real weights and data, proved by balls |
| `regions` | weights that are drawn, and the patterns of gates that are met there |
| `cells` | which patterns of gates occur at given weights, all of them |
| `independence` | what is taken for granted of functions, and where that is seen to be wrong |
"""
