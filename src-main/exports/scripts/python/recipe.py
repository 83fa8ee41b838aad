"""The recipe, and the arithmetic of its steps that no framework does."""

import math
from typing import NamedTuple

import numpy as np

from weft_random import draw_share

#: section constants
SEED = 1
EPOCHS = 10
BATCH_SIZE = 32
STEPS_PER_EPOCH = 100
TOTAL_STEPS = 1000
LEARNING_RATE = 0.001
CLASS_COUNT = 10
MIXUP = 0.2
LABEL_SMOOTHING = 0.1
PATIENCE = 3
MINIMUM_DELTA = 0.0
RATE_CHANGES = ((0, 0.001),)


#: end
def warmup(step, steps):
    """Rises linearly over the first steps."""
    return (step + 1) / steps if step < steps else 1


def time_decay(step, decay):
    """1 / (1 + decay * step)"""
    return 1 / (1 + decay * step)


def step_decay(step, factor, every_epochs):
    """factor^floor(epoch / every_epochs)"""
    epoch = step // STEPS_PER_EPOCH
    return factor ** (epoch // every_epochs)


def exponential(step, factor):
    """factor^(step / steps an epoch)"""
    return factor ** (step / STEPS_PER_EPOCH)


def annealed(start, end, done):
    """From `start` at done = 0 to `end` at done = 1, along half a cosine."""
    return end + (start - end) * 0.5 * (1 + math.cos(math.pi * done))


def cosine(step, final):
    """Half a cosine over the run, to `final` (Loshchilov, Hutter, 2016)."""
    return annealed(1, final, min(1, step / TOTAL_STEPS))


def one_cycle(step, warmup_share, start_divisor, final_divisor):
    """Up along half a cosine, down along another (Smith and Topin, 2018)."""
    start = 1 / start_divisor
    peak_step = warmup_share * TOTAL_STEPS - 1
    if step < peak_step:
        return annealed(start, 1, step / peak_step)
    done = (step - peak_step) / (TOTAL_STEPS - 1 - peak_step)
    return annealed(1, start / final_divisor, min(1, done))


class Plateau:
    """Drops the rate when the validation loss stays on a plateau."""

    def __init__(self, factor, patience, minimum_delta, minimum_share):
        self.factor = factor
        self.patience = patience
        self.minimum_delta = minimum_delta
        self.minimum_share = minimum_share
        self.best_loss = math.inf
        self.bad_epochs = 0
        self.drops = 0

    def observe(self, validation_loss):
        """Counts an epoch."""
        if validation_loss < self.best_loss - self.minimum_delta:
            self.best_loss = validation_loss
            self.bad_epochs = 0
            return
        self.bad_epochs += 1
        if self.bad_epochs >= self.patience:
            self.bad_epochs = 0
            self.drops += 1

    def share(self):
        """What the rate is multiplied by."""
        return max(self.minimum_share, self.factor**self.drops)


#: if rate-changes
def base_rate(step):
    """The rate before the schedule, as it was set by hand from steps on."""
    rate = LEARNING_RATE
    for first, changed in RATE_CHANGES:
        if step >= first:
            rate = changed
    return rate


#: end
#: section learning rate
def learning_rate(step):
    """The rate of a step, counted from 0."""
    return LEARNING_RATE


#: end
class EarlyStopping:
    """Keeps the epoch of the lowest validation loss, and knows the end."""

    def __init__(self):
        self.best_loss = math.inf
        self.tensors = None
        self.bad_epochs = 0

    def observe(self, validation_loss, tensors):
        """Counts an epoch; whether it is time to stop."""
        if self.tensors is None or (
            validation_loss < self.best_loss - MINIMUM_DELTA
        ):
            self.best_loss = validation_loss
            self.tensors = tensors
            self.bad_epochs = 0
        else:
            self.bad_epochs += 1
        return self.bad_epochs >= PATIENCE


def balanced_class_weights(labels):
    """images / (classes * images of the class), where there are any."""
    counts = np.bincount(labels, minlength=CLASS_COUNT)
    present = np.count_nonzero(counts)
    weights = len(labels) / (present * np.maximum(counts, 1))
    return np.where(counts > 0, weights, 0)


class Images(NamedTuple):
    """Images of a step."""

    # (images, channels, height, width), numbers from 0 to 1
    x: np.ndarray
    # (images): whether predictions are right is judged by these.
    labels: np.ndarray
    # (images, classes): the loss is -sum targets * ln probabilities.
    targets: np.ndarray


#: if mixup
def mix(own, other, share):
    """(1 - share) own + share other"""
    return (1 - share) * own + share * other


#: end
#: list
def prepare(
    pixels,
    labels,
    #: if class-weights
    class_weights,
    #: end
    #: if mixup
    share,
    #: end
):
    #: end
    """The images of a step, of uint8 (images, height, width, channels)."""
    x = pixels.transpose(0, 3, 1, 2).astype(np.float32)
    targets = np.eye(CLASS_COUNT, dtype=np.float32)[labels]
    #: if class-weights
    # An image counts for the weight of its class.
    targets *= class_weights.astype(np.float32)[labels, None]
    #: end
    #: if mixup
    # Each image is mixed with the next one (Zhang et al., 2018).
    x = mix(x, np.roll(x, -1, axis=0), np.float32(share))
    next_targets = np.roll(targets, -1, axis=0)
    targets = mix(targets, next_targets, np.float32(share))
    if share > 0.5:
        labels = np.roll(labels, -1)
    #: end
    #: if label-smoothing
    # All classes share a part of the target evenly (Szegedy et al., 2016).
    total = targets.sum(axis=1, keepdims=True)
    even = total / CLASS_COUNT
    targets = (1 - LABEL_SMOOTHING) * targets + LABEL_SMOOTHING * even
    #: end
    return Images(x / 255, labels, targets)


def average_kept(step, decay):
    """What the running average keeps of itself in a step, from 1."""
    return min(decay, (1 + step) / (10 + step))


def measure(probabilities, labels):
    """Mean cross-entropy and accuracy."""
    own = probabilities[np.arange(len(labels)), labels]
    losses = -np.log(np.maximum(own, np.finfo(np.float32).tiny))
    hits = probabilities.argmax(axis=1) == labels
    return float(losses.mean(dtype=np.float64)), float(hits.mean())
