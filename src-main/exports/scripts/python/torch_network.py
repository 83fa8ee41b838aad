"""Its tensors have the names of weights.npz.
"""

from typing import NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from weft_random import kept_by_dropout


class Step(NamedTuple):
    """What dropout must know of a training step."""

    # The step's draw for dropout.
    noise: int
    # Where the images begin in the epoch's order.
    first: int


def dropout(x, rate, index, step):
    """0 with the probability `rate`, else x / (1 - rate); the same masks as
    Weft's. Predicting (`step` None) drops nothing. `index` counts the
    network's layers from 0.
    """
    if step is None:
        return x
    # Weft's masks run over (height, width, channels).
    shape = (len(x), *x.shape[2:], x.shape[1])
    flat = (len(x), x[0].numel())
    kept = kept_by_dropout(flat, rate, index, step.noise, step.first)
    kept = np.moveaxis(kept.reshape(shape), -1, 1).copy()
    return x * torch.from_numpy(kept) / (1 - rate)


#: section network
class Network(nn.Module):
    """The layers; `forward` gives logits (images, classes)."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleDict()

    def forward(self, x, step=None):
        """`x` is (images, channels, height, width), numbers from 0 to 1."""
        return functional.relu(x)


#: end
def load_tensors(network, tensors):
    """Gives the network the tensors of an .npz file."""
    network.load_state_dict(
        {name: torch.from_numpy(array) for name, array in tensors.items()}
    )


def read_tensors(path):
    """The tensors of an .npz file, by name; what else is in it is left."""
    with np.load(path) as arrays:
        return {
            name: arrays[name]
            for name in arrays.files
            if name.startswith("layers.")
        }


def load_network(path):
    """The network with the tensors of an .npz file."""
    network = Network()
    load_tensors(network, read_tensors(path))
    return network


@torch.no_grad()
def predict(network, images):
    """Probabilities (images, classes) of uint8 (images, h, w, channels)."""
    network.eval()
    x = torch.tensor(images).permute(0, 3, 1, 2).float() / 255
    return functional.softmax(network(x), dim=1).numpy()
