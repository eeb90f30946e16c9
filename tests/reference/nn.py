"""What PyTorch computes for small networks and their losses, as reference numbers: `python nn.py` writes nn.csv.

The network has three inputs, hidden layers of five and four neurons, and three outputs; its parameters and the samples
are made by a formula, so that no file of weights is needed. A row is a case and its numbers: for a network case the
loss, then the gradient for all parameters, layer after layer, in a layer neuron after neuron, of a neuron its weights,
then its bias.
"""

import csv
import math
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
WIDTHS = [3, 5, 4, 3]
PARAMETERS = sum(n * (m + 1) for m, n in zip(WIDTHS, WIDTHS[1:]))
INPUTS = torch.tensor([[math.sin(1 + 3 * i + j) for j in range(3)] for i in range(6)])
CLASSES = torch.tensor([0, 1, 2, 2, 1, 0])
TARGETS = torch.tensor([math.cos(float(i)) for i in range(6)])
SIGNS = torch.tensor([1.0, -1.0, 1.0, 1.0, -1.0, -1.0])
ACTIVATIONS = {
    "relu": F.relu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "softplus": F.softplus,
    "gelu": lambda x: F.gelu(x, approximate="tanh"),
    "silu": F.silu,
}


def network(parameters, x, activation):
    start = 0
    for layer, (m, n) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        block = parameters[start : start + n * (m + 1)].reshape(n, m + 1)
        start += n * (m + 1)
        x = F.linear(x, block[:, :m], block[:, m])
        if layer < len(WIDTHS) - 2:
            x = activation(x)
    return x


LOSSES = {
    "mean_squared_error": lambda out: F.mse_loss(out[:, 0], TARGETS),
    "max_margin": lambda out: F.relu(1 - SIGNS * out[:, 0]).mean(),
    "cross_entropy": lambda out: F.cross_entropy(out, CLASSES),
}


def rows():
    for activation_name, activation in ACTIVATIONS.items():
        for loss_name, loss in LOSSES.items():
            p = torch.tensor([math.sin(2.0 * k + 0.5) for k in range(PARAMETERS)], requires_grad=True)
            value = loss(network(p, INPUTS, activation))
            value.backward()
            yield [f"{activation_name}/{loss_name}", value.item(), *p.grad.tolist()]
    yield ["log_softmax", *F.log_softmax(torch.tensor([1.0, -2.0, 0.5, 30.0]), dim=0).tolist()]
    yield ["log_softmax_large", *F.log_softmax(torch.tensor([1000.0, 1001.0, -1000.0]), dim=0).tolist()]


with open("nn.csv", "w", newline="") as file:
    file.write(f"# Written by nn.py with PyTorch {torch.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    for case, *numbers in rows():
        writer.writerow([case, *(repr(number) for number in numbers)])
