"""Layers that look at images through windows: the ways forward and back.

Images are (images, channels, height, width).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from activations import Layer


def windows_of(x, size, stride):
    """Square windows of images: (N, C, rows, columns, size, size)."""
    windows = sliding_window_view(x, (size, size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride]


def add_windows(d_windows, shape, stride):
    """Adds windows up where they lie in images: back from `windows_of`."""
    d_x = np.zeros(shape, np.float32)
    rows, columns, size = d_windows.shape[2:5]
    for y in range(size):
        for x in range(size):
            place = d_x[:, :, y:, x:][:, :, ::stride, ::stride]
            place[:, :, :rows, :columns] += d_windows[..., y, x]
    return d_x


class Convolution(Layer):
    """Each filter over every window; W is (filters, channels, k, k)"""

    def __init__(self, tensors, name, stride, padding):
        self.name = name
        self.weight = tensors[f"{name}.weight"]
        self.bias = tensors[f"{name}.bias"]
        self.stride = stride
        self.padding = padding

    def forward(self, x, step=None):
        around = (self.padding, self.padding)
        self.padded = np.pad(x, ((0, 0), (0, 0), around, around))
        filters, channels, size, _ = self.weight.shape
        windows = windows_of(self.padded, size, self.stride)
        images, _, rows, columns = windows.shape[:4]
        # As one product: a row a window (Chellapilla, Puri, Simard, 2006).
        self.windows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(
            images * rows * columns, channels * size * size
        )
        output = self.windows @ self.weight.reshape(filters, -1).T + self.bias
        output = output.reshape(images, rows, columns, filters)
        return output.transpose(0, 3, 1, 2)

    def backward(self, d_output):
        filters, channels, size, _ = self.weight.shape
        images, _, rows, columns = d_output.shape
        d_output = d_output.transpose(0, 2, 3, 1).reshape(-1, filters)
        self.gradients = {
            "weight": (d_output.T @ self.windows).reshape(self.weight.shape),
            "bias": d_output.sum(axis=0),
        }
        d_windows = d_output @ self.weight.reshape(filters, -1)
        d_windows = d_windows.reshape(
            images, rows, columns, channels, size, size
        )
        d_padded = add_windows(
            d_windows.transpose(0, 3, 1, 2, 4, 5),
            self.padded.shape,
            self.stride,
        )
        height, width = (
            side - 2 * self.padding for side in self.padded.shape[2:]
        )
        return d_padded[
            :,
            :,
            self.padding : self.padding + height,
            self.padding : self.padding + width,
        ]


class MaxPooling(Layer):
    """The largest number of every window"""

    def __init__(self, size, stride):
        self.size = size
        self.stride = stride

    def forward(self, x, step=None):
        self.shape = x.shape
        windows = windows_of(x, self.size, self.stride)
        windows = windows.reshape(*windows.shape[:4], -1)
        self.winner = windows.argmax(axis=-1)
        return windows.max(axis=-1)

    def backward(self, d_output):
        # The first of the largest takes the window's gradient.
        places = np.arange(self.size**2)
        is_winner = self.winner[..., None] == places
        d_windows = d_output[..., None] * is_winner
        d_windows = d_windows.reshape(
            *d_output.shape, self.size, self.size
        )
        return add_windows(d_windows, self.shape, self.stride)


class AveragePooling(Layer):
    """The mean of every window"""

    def __init__(self, size, stride):
        self.size = size
        self.stride = stride

    def forward(self, x, step=None):
        self.shape = x.shape
        return windows_of(x, self.size, self.stride).mean(axis=(4, 5))

    def backward(self, d_output):
        share = d_output[..., None, None] / self.size**2
        shape = (*d_output.shape, self.size, self.size)
        return add_windows(
            np.broadcast_to(share, shape), self.shape, self.stride
        )
