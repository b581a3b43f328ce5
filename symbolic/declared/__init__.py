"""What is found of a declared network at given sizes: a stage a file, its record proved when it is built.

| stage             | makes |
|-------------------|-------|
| `fields`          | the directions in which weights may move, whatever the loss and the data are |
| `matrix_laws`     | laws that hold at all sizes and for all rates |
| `polynomial_laws` | all polynomial laws up to degree 2 |
| `one_field`       | that all fields are multiples of one, and the parts that share no weights |
| `gate_regions`    | which patterns of gates occur around some weights, and laws that hold there |
| `reach`           | how many directions fields and their brackets reach |
| `product_laws`    | rational and product laws, where the two do not add up to the weights |
| `separable_laws`  | laws that are integrals, where one field is left |
| `count`           | whether any law is missing |
| `symmetries`      | why there is a law, and what other symmetries give; permutations |
| `left`            | how many variables no loss can do without |
| `widths`          | from which number of neurons on no law is missing |
| `recognised`      | the solved class of the flow under half a square, and the solution |
| `lift`            | the linear lift behind the flow under half a square, and the data that allow it |
| `mirror`          | of one hidden unit on any data: the linear map's own flow, and its potential |
| `chain`           | that outputs move with one product of scalar weights alone: a scalar chain |
| `two_layer`       | that the parts of one field are neurons of one activation, and of which |
| `activation`      | the network of that activation, of which the stages of other folders follow |

The order is that of their needs (`symbolic.derivation`).
"""
