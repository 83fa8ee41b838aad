"""Learning: gradients, and what becomes of the weights by them, in NumPy."""

import numpy as np

from network import STATISTICS, WEIGHTS, Network, Step, predict, softmax
from recipe import (
    AVERAGING_DECAY,
    CLIPPING_NORM,
    CLIPPING_VALUE,
    L1,
    L2,
    MAX_NORM,
    average_kept,
)


class GradientDescent:
    """w -= rate * g"""

    def update(self, parameter, gradient, step, rate):
        parameter -= rate * gradient


class Momentum:
    """v = momentum * v + g; w -= rate * v (Polyak, 1964)"""

    def __init__(self, momentum):
        self.momentum = momentum
        self.velocity = 0.0

    def update(self, parameter, gradient, step, rate):
        self.velocity = self.momentum * self.velocity + gradient
        parameter -= rate * self.velocity


class Nesterov:
    """v = momentum * v + g; w -= rate * (g + momentum * v)

    Nesterov, 1983, in the form of Sutskever et al., 2013.
    """

    def __init__(self, momentum):
        self.momentum = momentum
        self.velocity = 0.0

    def update(self, parameter, gradient, step, rate):
        self.velocity = self.momentum * self.velocity + gradient
        parameter -= rate * (gradient + self.momentum * self.velocity)


class RMSProp:
    """s = decay * s + (1 - decay) * g^2; w -= rate * g / (sqrt(s) + eps)

    Tieleman and Hinton, 2012.
    """

    def __init__(self, decay, epsilon):
        self.decay = decay
        self.epsilon = epsilon
        self.mean_square = 0.0

    def update(self, parameter, gradient, step, rate):
        added = (1 - self.decay) * gradient**2
        self.mean_square = self.decay * self.mean_square + added
        root = np.sqrt(self.mean_square) + self.epsilon
        parameter -= rate * gradient / root


class Adagrad:
    """s += g^2; w -= rate * g / (sqrt(s) + epsilon)

    Duchi, Hazan and Singer, 2011.
    """

    def __init__(self, epsilon):
        self.epsilon = epsilon
        self.square_sum = 0.0

    def update(self, parameter, gradient, step, rate):
        self.square_sum = self.square_sum + gradient**2
        root = np.sqrt(self.square_sum) + self.epsilon
        parameter -= rate * gradient / root


class Adam:
    """Running means of the gradient and its square (Kingma and Ba, 2014)"""

    def __init__(self, beta1, beta2, epsilon):
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.mean = 0.0
        self.mean_square = 0.0

    def update(self, parameter, gradient, step, rate):
        added = (1 - self.beta1) * gradient
        self.mean = self.beta1 * self.mean + added
        added = (1 - self.beta2) * gradient**2
        self.mean_square = self.beta2 * self.mean_square + added
        # Both start at 0; the division makes up for it.
        mean = self.mean / (1 - self.beta1**step)
        mean_square = self.mean_square / (1 - self.beta2**step)
        parameter -= rate * mean / (np.sqrt(mean_square) + self.epsilon)


class AdamW(Adam):
    """Adam after w -= rate * weight_decay * w (Loshchilov, Hutter, 2017)"""

    def __init__(self, beta1, beta2, epsilon, weight_decay):
        super().__init__(beta1, beta2, epsilon)
        self.weight_decay = weight_decay

    def update(self, parameter, gradient, step, rate):
        parameter *= 1 - rate * self.weight_decay
        super().update(parameter, gradient, step, rate)


class Lion:
    """Steps by the sign of a mean of gradients (Chen et al., 2023)"""

    def __init__(self, beta1, beta2, weight_decay):
        self.beta1 = beta1
        self.beta2 = beta2
        self.weight_decay = weight_decay
        self.mean = 0.0

    def update(self, parameter, gradient, step, rate):
        direction = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.mean = self.beta2 * self.mean + (1 - self.beta2) * gradient
        parameter *= 1 - rate * self.weight_decay
        parameter -= rate * np.sign(direction)


#: section optimizer
def make_optimizer():
    """What moves one tensor."""
    return Adam(beta1=0.9, beta2=0.999, epsilon=1e-8)


#: end
def limit_norm(gradients):
    """Scales all gradients so that together they are no longer than this.

    Pascanu, Mikolov and Bengio, 2013.
    """
    squares = sum(
        float(np.square(gradient, dtype=np.float64).sum())
        for gradient in gradients.values()
    )
    factor = min(1, CLIPPING_NORM / (squares**0.5 + 1e-6))
    for gradient in gradients.values():
        gradient *= factor


def limit_weights(weight):
    """No unit's incoming weights are longer than the maximum norm.

    Srebro, Rennie and Jaakkola, 2005.
    """
    flat = weight.reshape(len(weight), -1)
    norms = np.linalg.norm(flat.astype(np.float64), axis=1, keepdims=True)
    factors = MAX_NORM / np.maximum(norms, MAX_NORM)
    flat *= factors.astype(np.float32)


class Learner:
    """A network that learns from images, step by step."""

    def __init__(self, tensors):
        self.network = Network(tensors)
        # What is trained: batch normalization measures the rest.
        self.trained = {
            name: tensor
            for name, tensor in self.network.tensors.items()
            if name not in STATISTICS
        }
        self.optimizers = {name: make_optimizer() for name in self.trained}
        #: if averaging
        self.averages = {
            name: tensor.copy() for name, tensor in self.trained.items()
        }
        #: end

    def step(self, passes, noise, number, rate):
        """Learns from a batch; its mean loss and accuracy before that.

        `passes` are pairs of images and where they begin in the epoch's
        order, `noise` is for dropout, `number` counts steps from 1.
        """
        count = sum(len(images.x) for images, _ in passes)
        gradients = {}
        loss = hits = 0.0
        for images, first in passes:
            logits = self.network.forward(images.x, Step(noise, first))
            probabilities = softmax(logits)
            total = images.targets.sum(axis=1, keepdims=True)
            shifted = logits - logits.max(axis=1, keepdims=True)
            log_sum = np.log(np.exp(shifted).sum(axis=1, keepdims=True))
            loss -= float((images.targets * (shifted - log_sum)).sum())
            hits += float((logits.argmax(axis=1) == images.labels).sum())
            # Of softmax and cross-entropy together.
            d_logits = (total * probabilities - images.targets) / count
            for name, part in self.network.backward(d_logits).items():
                gradients[name] = gradients.get(name, 0) + part
        self.update(gradients, number, rate)
        return loss / count, hits / count

    def update(self, gradients, number, rate):
        """Moves what is trained against its gradients."""
        #: if penalties
        for name in WEIGHTS:
            weight = self.trained[name]
            #: if l1
            gradients[name] += L1 * np.sign(weight)
            #: end
            #: if l2
            gradients[name] += L2 * weight
            #: end
        #: end
        #: if clipping-value
        for gradient in gradients.values():
            np.clip(gradient, -CLIPPING_VALUE, CLIPPING_VALUE, out=gradient)
        #: end
        #: if clipping-norm
        limit_norm(gradients)
        #: end
        for name, parameter in self.trained.items():
            self.optimizers[name].update(
                parameter, gradients[name], number, rate
            )
        #: if max-norm
        for name in WEIGHTS:
            limit_weights(self.trained[name])
        #: end
        #: if averaging
        kept = average_kept(number, AVERAGING_DECAY)
        for name, average in self.averages.items():
            average += (1 - kept) * (self.trained[name] - average)
        #: end

    def tensors(self):
        """A copy of what is validated and kept, by name."""
        #: if averaging
        tensors = {**self.network.tensors, **self.averages}
        #: else
        tensors = self.network.tensors
        #: end
        return {name: tensor.copy() for name, tensor in tensors.items()}

    def predict(self, images):
        """Probabilities (images, classes), of uint8 images."""
        #: if averaging
        return predict(Network(self.tensors()), images)
        #: else
        return predict(self.network, images)
        #: end
