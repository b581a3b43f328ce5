"""Write a two-layer PyTorch network without biases as a case.

python examples/from_torch.py > case.json
"""

import json

from torch import nn

net = nn.Sequential(nn.Linear(3, 512, bias=False), nn.Linear(512, 1, bias=False))
data, targets = [[1.0, 2.0, -1.0], [2.0, 4.0, -2.0]], [0.5, 1.5]  # on a line through the origin
case = {
    "gamma": 1,
    "eta_u": 0.01,
    "eta_w": 0.01,
    "X": data,
    "targets": targets,
    "u0": net[1].weight[0].tolist(),
    "W0": net[0].weight.tolist(),
}
print(json.dumps(case))
