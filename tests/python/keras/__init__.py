"""A stand-in for Keras 3, as far as exported networks use it: prediction in NumPy.

It follows Keras's documentation (https://keras.io/api), not its code: images are (batch, height, width, channels), a
Dense kernel is (inputs, units), a convolution's is (height, width, channels, filters), and `set_weights` takes the
arrays in the order in which a layer's page names them, with exactly the shapes that the layer built for its input.
Whatever it does not know, it refuses. What it can't show is that Keras itself does the same.
"""

import numpy as np

from . import layers

__all__ = ["Input", "Sequential", "layers"]


class Input:
    """The shape of what comes in, without the batch."""

    def __init__(self, shape, dtype="float32"):
        self.shape = tuple(shape)
        self.dtype = dtype


class Sequential:
    """Layers one after the other, the first of them an Input."""

    def __init__(self, parts):
        first, *self.layers = parts
        if not isinstance(first, Input):
            raise TypeError("the stand-in wants an Input first")
        self.dtype = first.dtype
        shape = first.shape
        for layer in self.layers:
            layer.build(shape)
            shape = layer.call(np.zeros((1, *shape), np.float32)).shape[1:]

    def get_layer(self, name):
        [found] = [layer for layer in self.layers if layer.name == name]
        return found

    def predict(self, x, verbose="auto"):
        if str(x.dtype) != self.dtype:
            raise TypeError(f"the network takes {self.dtype}, not {x.dtype}")
        x = x.astype(np.float32)
        for layer in self.layers:
            x = layer.call(x)
        return x.astype(np.float32)
