"""Activations in NumPy: the ways forward and back.

`backward` takes the gradient of the loss by an activation's output and gives
the one by its input.
"""

import numpy as np


class Layer:
    """A layer; those without tensors of their own have no gradients."""

    name = None
    gradients = {}


class ReLU(Layer):
    """max(0, x)"""

    def forward(self, x, step=None):
        self.output = np.maximum(x, 0)
        return self.output

    def backward(self, d_output):
        return d_output * (self.output > 0)


class LeakyReLU(Layer):
    """x above 0, else 0.01 x (Maas, Hannun and Ng, 2013)"""

    def forward(self, x, step=None):
        self.is_positive = x > 0
        return np.where(self.is_positive, x, x * np.float32(0.01))

    def backward(self, d_output):
        return np.where(
            self.is_positive, d_output, d_output * np.float32(0.01)
        )


class Tanh(Layer):
    """(e^x - e^-x) / (e^x + e^-x)"""

    def forward(self, x, step=None):
        self.output = np.tanh(x)
        return self.output

    def backward(self, d_output):
        return d_output * (1 - self.output**2)


def sigmoid(x):
    """1 / (1 + e^-x), by way of tanh, which can't overflow."""
    return (1 + np.tanh(x / 2)) / 2


class Sigmoid(Layer):
    """1 / (1 + e^-x)"""

    def forward(self, x, step=None):
        self.output = sigmoid(x)
        return self.output

    def backward(self, d_output):
        return d_output * self.output * (1 - self.output)


class ELU(Layer):
    """x above 0, else e^x - 1 (Clevert, Unterthiner and Hochreiter, 2015)"""

    def forward(self, x, step=None):
        self.output = np.where(x > 0, x, np.expm1(np.minimum(x, 0)))
        return self.output

    def backward(self, d_output):
        return d_output * np.where(self.output > 0, 1, self.output + 1)


def normal_below(x):
    """P(X < x) for a standard normal X (Abramowitz and Stegun, 7.1.26)."""
    z = np.abs(x) / np.sqrt(np.float32(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = t * np.float32(1.061405429) - np.float32(1.453152027)
    series = t * series + np.float32(1.421413741)
    series = t * series - np.float32(0.284496736)
    series = t * series + np.float32(0.254829592)
    above = t * series * np.exp(-z * z) / 2
    return np.where(x > 0, 1 - above, above)


class GELU(Layer):
    """x P(X < x) for a standard normal X (Hendrycks and Gimpel, 2016)"""

    def forward(self, x, step=None):
        self.x = x
        self.below = normal_below(x)
        return x * self.below

    def backward(self, d_output):
        density = np.exp(-(self.x**2) / 2) / np.sqrt(np.float32(2 * np.pi))
        return d_output * (self.below + self.x * density)


class SiLU(Layer):
    """x / (1 + e^-x) (Elfwing, Uchibe and Doya, 2017)"""

    def forward(self, x, step=None):
        self.x = x
        self.share = sigmoid(x)
        return x * self.share

    def backward(self, d_output):
        return d_output * self.share * (1 + self.x * (1 - self.share))


class Softplus(Layer):
    """ln(1 + e^x) (Dugas et al., 2000)"""

    def forward(self, x, step=None):
        self.output = np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
        return self.output

    def backward(self, d_output):
        return d_output * -np.expm1(-self.output)
