"""The layers of the stand-in; see __init__.py."""

import itertools
import math

import numpy as np

ACTIVATIONS = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
    "gelu": lambda x: x * (1 + np.vectorize(math.erf)(x / math.sqrt(2))) / 2,
    "silu": lambda x: x / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "softmax": lambda x: np.exp(x) / np.exp(x).sum(axis=-1, keepdims=True),
}
numbers = itertools.count()


class Layer:
    """Without weights, if it does not say otherwise."""

    def __init__(self, name=None):
        self.name = name or f"{type(self).__name__.lower()}_{next(numbers)}"
        self.weights = []

    def build(self, shape):
        pass

    def set_weights(self, weights):
        found = [np.shape(one) for one in weights]
        wanted = [one.shape for one in self.weights]
        if found != wanted:
            raise ValueError(f"{self.name} takes weights of {wanted}, not {found}")
        self.weights = [np.array(one, np.float32) for one in weights]


class Rescaling(Layer):
    def __init__(self, scale):
        super().__init__()
        self.scale = scale

    def call(self, x):
        return x * np.float32(self.scale)


class Activation(Layer):
    def __init__(self, activation):
        super().__init__()
        self.activation = ACTIVATIONS[activation]

    def call(self, x):
        return self.activation(x)


class LeakyReLU(Layer):
    def __init__(self, negative_slope=0.3):
        super().__init__()
        self.negative_slope = negative_slope

    def call(self, x):
        return np.where(x > 0, x, self.negative_slope * x)


class PReLU(Layer):
    """alpha: the shape of the input, 1 along the shared axes (which count the batch)."""

    def __init__(self, shared_axes=(), name=None):
        super().__init__(name)
        self.shared_axes = shared_axes

    def build(self, shape):
        alpha = [1 if axis in self.shared_axes else size for axis, size in enumerate(shape, 1)]
        self.weights = [np.zeros(alpha, np.float32)]

    def call(self, x):
        return np.maximum(x, 0) + self.weights[0] * np.minimum(x, 0)


class Dense(Layer):
    """kernel (inputs, units), bias (units)"""

    def __init__(self, units, activation="linear", name=None):
        super().__init__(name)
        self.units = units
        self.activation = ACTIVATIONS[activation]

    def build(self, shape):
        [inputs] = shape
        self.weights = [np.zeros((inputs, self.units), np.float32), np.zeros(self.units, np.float32)]

    def call(self, x):
        kernel, bias = self.weights
        return self.activation(x @ kernel + bias)


class ZeroPadding2D(Layer):
    def __init__(self, padding):
        super().__init__()
        self.padding = padding

    def call(self, x):
        around = (self.padding, self.padding)
        return np.pad(x, ((0, 0), around, around, (0, 0)))


def windows_of(x, size, strides):
    """(batch, rows, columns, size, size, channels), without padding."""
    rows = (x.shape[1] - size) // strides + 1
    columns = (x.shape[2] - size) // strides + 1
    return np.stack(
        [
            np.stack(
                [
                    x[:, row * strides :, column * strides :][:, :size, :size]
                    for column in range(columns)
                ],
                axis=1,
            )
            for row in range(rows)
        ],
        axis=1,
    )


class Conv2D(Layer):
    """kernel (height, width, channels, filters), bias (filters); without padding."""

    def __init__(self, filters, kernel_size, strides=1, activation="linear", name=None):
        super().__init__(name)
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.activation = ACTIVATIONS[activation]

    def build(self, shape):
        kernel = (self.kernel_size, self.kernel_size, shape[-1], self.filters)
        self.weights = [np.zeros(kernel, np.float32), np.zeros(self.filters, np.float32)]

    def call(self, x):
        kernel, bias = self.weights
        windows = windows_of(x, self.kernel_size, self.strides)
        return self.activation(np.tensordot(windows, kernel, axes=3) + bias)


class MaxPooling2D(Layer):
    def __init__(self, pool_size, strides):
        super().__init__()
        self.pool_size = pool_size
        self.strides = strides

    def call(self, x):
        return windows_of(x, self.pool_size, self.strides).max(axis=(3, 4))


class AveragePooling2D(MaxPooling2D):
    def call(self, x):
        return windows_of(x, self.pool_size, self.strides).mean(axis=(3, 4))


class GlobalAveragePooling2D(Layer):
    def call(self, x):
        return x.mean(axis=(1, 2))


class Permute(Layer):
    """The axes in the order of `dims`, which counts them from 1, the batch left out."""

    def __init__(self, dims):
        super().__init__()
        self.dims = dims

    def call(self, x):
        return x.transpose(0, *self.dims)


class Flatten(Layer):
    def call(self, x):
        return x.reshape(len(x), -1)


class Dropout(Layer):
    """Predicting drops nothing."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def call(self, x):
        return x


class BatchNormalization(Layer):
    """gamma, beta, moving_mean, moving_variance, all (channels)"""

    def __init__(self, momentum=0.99, epsilon=0.001, name=None):
        super().__init__(name)
        self.epsilon = epsilon

    def build(self, shape):
        ones, zeros = np.ones(shape[-1], np.float32), np.zeros(shape[-1], np.float32)
        self.weights = [ones, zeros, zeros, ones]

    def call(self, x):
        gamma, beta, mean, variance = self.weights
        return (x - mean) / np.sqrt(variance + self.epsilon) * gamma + beta
