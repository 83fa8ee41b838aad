"""The ways forward and back, layer by layer.

Images are (images, channels, height, width), flat numbers (images, features).
`step` is None when predicting, and a `Step` when training. `backward` takes
the gradient of the loss by a layer's output and gives the one by its input;
the gradients by the layer's own tensors are then in `gradients`.
"""

from typing import NamedTuple

import numpy as np

from activations import (
    ELU,
    GELU,
    Layer,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from weft_random import kept_by_dropout
from windows import AveragePooling, Convolution, MaxPooling


class Step(NamedTuple):
    """What layers must know of a training step."""

    # The step's draw for dropout.
    noise: int
    # Where the images begin in the epoch's order.
    first: int


class Dense(Layer):
    """output = x W^T + b; W is (units, inputs), b is (units)"""

    def __init__(self, tensors, name):
        self.name = name
        self.weight = tensors[f"{name}.weight"]
        self.bias = tensors[f"{name}.bias"]

    def forward(self, x, step=None):
        self.x = x
        return x @ self.weight.T + self.bias

    def backward(self, d_output):
        self.gradients = {
            "weight": d_output.T @ self.x,
            "bias": d_output.sum(axis=0),
        }
        return d_output @ self.weight


class GlobalAveragePooling(Layer):
    """The mean of each channel (Lin, Chen and Yan, 2013)"""

    def forward(self, x, step=None):
        self.shape = x.shape
        return x.mean(axis=(2, 3))

    def backward(self, d_output):
        _, _, height, width = self.shape
        share = d_output[:, :, None, None] / (height * width)
        return np.broadcast_to(share, self.shape)


class Flatten(Layer):
    """Images as rows of numbers: channel after channel, row after row"""

    def forward(self, x, step=None):
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, d_output):
        return d_output.reshape(self.shape)


class Dropout(Layer):
    """0 with the probability `rate`, else x / (1 - rate) (Srivastava, 2014)

    Predicting drops nothing. `index` counts the network's layers from 0.
    """

    def __init__(self, index, rate):
        self.index = index
        self.rate = rate

    def forward(self, x, step=None):
        if step is None:
            return x
        # Weft's masks run over (height, width, channels).
        shape = (len(x), *x.shape[2:], x.shape[1])
        flat = (len(x), x[0].size)
        kept = kept_by_dropout(
            flat, self.rate, self.index, step.noise, step.first
        )
        kept = np.moveaxis(kept.reshape(shape), -1, 1)
        self.mask = kept / np.float32(1 - self.rate)
        return x * self.mask

    def backward(self, d_output):
        return d_output * self.mask


def per_channel(numbers, x):
    """One number a channel, shaped to be combined with x."""
    return numbers.reshape(1, -1, *[1] * (x.ndim - 2))


class BatchNormalization(Layer):
    """(x - mean) / sqrt(variance + epsilon) * weight + bias, by channel

    Mean and variance are the batch's while training, and running ones when
    predicting (Ioffe and Szegedy, 2015).
    """

    def __init__(self, tensors, name, momentum, epsilon):
        self.name = name
        self.weight = tensors[f"{name}.weight"]
        self.bias = tensors[f"{name}.bias"]
        self.running_mean = tensors[f"{name}.running_mean"]
        self.running_var = tensors[f"{name}.running_var"]
        self.momentum = momentum
        self.epsilon = epsilon

    def forward(self, x, step=None):
        mean, variance = self.running_mean, self.running_var
        if step is not None:
            mean, variance = self.measure(x)
        self.inverse = per_channel(1 / np.sqrt(variance + self.epsilon), x)
        self.normal = (x - per_channel(mean, x)) * self.inverse
        scaled = self.normal * per_channel(self.weight, x)
        return scaled + per_channel(self.bias, x)

    def measure(self, x):
        """The batch's mean and variance, counted into the running ones."""
        self.axes = (0, *range(2, x.ndim))
        # In float64: sums of many numbers.
        mean = x.mean(axis=self.axes, dtype=np.float64).astype(np.float32)
        variance = x.var(axis=self.axes, dtype=np.float64).astype(np.float32)
        count = x.size // x.shape[1]
        # Of one number there is no unbiased variance; 0 then counts.
        unbiased = variance * (count / max(1, count - 1))
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_var += self.momentum * (unbiased - self.running_var)
        return mean, variance

    def backward(self, d_output):
        products = d_output * self.normal
        self.gradients = {
            "weight": products.sum(axis=self.axes),
            "bias": d_output.sum(axis=self.axes),
        }
        mean = per_channel(d_output.mean(axis=self.axes), d_output)
        product = per_channel(products.mean(axis=self.axes), d_output)
        scale = per_channel(self.weight, d_output) * self.inverse
        return scale * (d_output - mean - self.normal * product)


class PReLU(Layer):
    """max(0, x) + a min(0, x), one a for each channel (He et al., 2015)"""

    def __init__(self, tensors, name):
        self.name = name
        self.weight = tensors[f"{name}.weight"]

    def forward(self, x, step=None):
        self.x = x
        return np.where(x > 0, x, x * per_channel(self.weight, x))

    def backward(self, d_output):
        axes = (0, *range(2, d_output.ndim))
        below = np.minimum(self.x, 0)
        self.gradients = {"weight": (d_output * below).sum(axis=axes)}
        slope = per_channel(self.weight, d_output)
        return np.where(self.x > 0, d_output, d_output * slope)


def softmax(logits):
    """e^z / sum e^z, row by row"""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


#: section network
def make_layers(tensors):
    """The layers from the image to the output."""
    return [Dense(tensors, "layers.0")]


#: end
class Network:
    """The layers, one after the other, and their tensors by name."""

    def __init__(self, tensors):
        self.tensors = {
            name: np.array(tensor, np.float32)
            for name, tensor in tensors.items()
        }
        self.layers = make_layers(self.tensors)

    def forward(self, x, step=None):
        """Logits (images, classes); x (images, channels, height, width)."""
        for layer in self.layers:
            x = layer.forward(x, step)
        return x

    def backward(self, d_logits):
        """The gradients by the tensors, by name."""
        gradients = {}
        d_output = d_logits
        for layer in reversed(self.layers):
            d_output = layer.backward(d_output)
            for name, gradient in layer.gradients.items():
                gradients[f"{layer.name}.{name}"] = gradient
        return gradients


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
    return Network(read_tensors(path))


def predict(network, images):
    """Probabilities (images, classes) of uint8 (images, h, w, channels)."""
    x = images.transpose(0, 3, 1, 2).astype(np.float32) / 255
    return softmax(network.forward(x))
