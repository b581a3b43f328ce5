"""What is often asked for and not there: one sentence each, instead of the name of something else."""

from __future__ import annotations

from numeric.hints import plain

_SENTENCES = {
    "no momentum: plain gradient flow is solved, each layer with its learning rate": (
        "momentum", "nesterov", "betas", "beta1", "beta2", "dampening",
    ),
    "no weight decay: the loss is the squared error alone": (
        "weight_decay", "wd", "l1", "l2", "decay", "regularization", "regularisation", "reg",
        "regularizer", "penalty", "ridge", "lambda", "l2_reg",
    ),
    "no biases: the output is gamma sum_i u_i sigma(w_i x)": (
        "bias", "biases", "use_bias", "b", "b0", "b1", "b2", "intercept", "offset", "bias_u", "bias_w",
    ),
    "one output, a number: several are not derived": (
        "outputs", "output", "output_dim", "out_dim", "d_out", "out_features", "num_outputs",
        "n_outputs", "num_classes", "n_classes", "classes",
    ),
    "one output: losses over classes and absolute errors are not there (see the key 'loss')": (
        "cross_entropy", "nll", "mae", "softmax",
    ),
    "no optimizer: gradient flow is solved, the limit of small steps of plain gradient descent": (
        "optimizer", "optimiser", "optim", "adam", "adamw", "sgd", "rmsprop", "adagrad", "method",
        "preconditioner",
    ),
    "no batches: the gradient is that of all data": (
        "batch", "batch_size", "minibatch", "mini_batch", "shuffle",
    ),
    "no dropout": ("dropout", "drop", "p_drop", "dropout_rate"),
    "one hidden layer: deeper networks are not derived": (
        "layers", "depth", "num_layers", "n_layers", "hidden_layers", "widths", "hidden_sizes", "w3",
        "skip", "skip_connections", "resnet",
    ),
    "no normalisation layers": (
        "batch_norm", "layer_norm", "batchnorm", "normalization", "normalisation", "norm", "rms_norm",
    ),
    "constant learning rates eta_u and eta_w, no schedule": (
        "schedule", "scheduler", "lr_schedule", "lr_scheduler", "lr_decay", "warmup", "annealing",
    ),
    "no noise: the flow is deterministic": (
        "noise", "temperature", "label_noise", "langevin", "sde", "noise_std",
    ),
    "no clipping of gradients": ("clip", "grad_clip", "clip_grad", "gradient_clipping", "max_norm"),
    "no number of steps: time is continuous, and the option --times says which": (
        "steps", "num_steps", "n_steps", "epochs", "num_epochs", "iterations", "iters", "max_iter",
        "times", "time", "t", "t_max", "t_end", "dt",
    ),
    "no number of digits: the option --digits says it": ("digits", "precision", "dps"),
    "no device or type: numbers are float64, or exact with --digits": ("device", "dtype"),
}  # fmt: skip
_BY_WORD = {plain(word): sentence for sentence, words in _SENTENCES.items() for word in words}

ACTIVATIONS = frozenset(
    (
        "elu", "selu", "celu", "sigmoid", "logistic", "mish", "hardtanh", "hardswish", "hardsigmoid",
        "relu6", "prelu", "rrelu", "softmax", "softsign", "logsigmoid", "glu", "geglu", "swiglu",
        "maxout", "cos", "cosine", "step", "sign", "heaviside", "abs", "absolute", "arctan", "atan",
        "sinh", "cosh", "gaussian", "rbf", "tanhshrink", "softshrink", "hardshrink", "threshold", "log",
        "sqrt", "snake",
    )
)  # fmt: skip
"""Activations that are well known, but not derived."""


def absent(word: str) -> str | None:
    """What is said of a key that asks for what is not there; None for others."""
    return _BY_WORD.get(plain(word[:60]))
