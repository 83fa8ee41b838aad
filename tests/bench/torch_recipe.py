"""PyTorch's seconds for a recipe of Weft's: the same network, images, batches and options, as a careful user writes them.

    python3 tests/bench/torch_recipe.py FOLDER --threads 1 2 < recipe.json

FOLDER has Fashion-MNIST's training images and labels, packed (.gz) or not. An epoch is its training and, as Weft's, the
prediction of its validation images. Only a share of it is measured and scaled. The ways to set PyTorch up that are the fastest in
a short trial are measured, and each prints one JSON object:

    setup                 what was set: threads, memory format
    secondsAnEpoch        of which validationSeconds
    steps                 how many were timed, after others that warm up
    parameters            trained numbers, and beside them statistics of batch normalization
    torch, note           the version; libraries and threads

The images are one float32 tensor, shuffled with a permutation and gathered with index_select; half of a batch's are
flipped where the recipe says so, and a recipe with other augmentation is refused. The optimizer updates all tensors in
one call where PyTorch can, the L1 and L2 penalties are added to the gradients, and subnormal numbers are flushed where the
processor can. Weights start as PyTorch starts them and the learning rate stays: neither costs time.
"""

import argparse
import gzip
import json
import os
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(1, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "referee"))

import numpy as np
import torch
from torch.nn import functional

from fashion_mnist import CLASSES, blas_in_use, report
from networks import Network, make_optimizer

# What recipes may leave out, for all that PyTorch's side reads of it; none of these values decides the time.
OPTION_DEFAULTS = {
    "dense": {"units": 128, "activation": "relu"},
    "convolution": {"filters": 32, "kernel": 3, "stride": 1, "padding": 1, "activation": "relu"},
    "max-pooling": {"size": 2, "stride": 2},
    "average-pooling": {"size": 2, "stride": 2},
    "batch-norm": {"momentum": 0.1, "epsilon": 1e-5},
    "dropout": {"rate": 0.5},
    "activation": {"activation": "relu"},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9},
    "rmsprop": {"decay": 0.9, "epsilon": 1e-8},
    "adagrad": {"epsilon": 1e-8},
    "adam": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    "adamw": {"beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.01},
    "lion": {"beta1": 0.9, "beta2": 0.99, "weightDecay": 0},
}

TRIAL_STEPS, TRIAL_SECONDS = 8, 0.3
# Measured are those setups whose trial takes at most so many times the fastest one's, and at most so many.
SLOWEST_TRIAL, MEASURED_SETUPS = 1.5, 2
WARM_UP_STEPS, WARM_UP_SECONDS = 20, 0.3
# Steps of small networks are too short for a few of them to be timed, those of full batches too long for many.
LEAST_SECONDS, MOST_SECONDS = 1.5, 12
PREDICTED_AT_ONCE = 1000

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--threads", type=int, nargs="+", required=True, help="PyTorch's own; each is tried")
parser.add_argument("--steps", type=int, default=100, help="timed steps, at least")
parser.add_argument("--least-seconds", type=float, default=LEAST_SECONDS, help="and how long they take, at least")


def completed(component):
    return {"learningRate": 0.001, **OPTION_DEFAULTS.get(component["type"], {}), **component}


def read_file(folder, name):
    """The bytes of a file, unpacked."""
    path = os.path.join(folder, name)
    if os.path.exists(path):
        with open(path, "rb") as file:
            return file.read()
    with gzip.open(f"{path}.gz") as file:
        return file.read()


def load(folder):
    """Images (60000, 1, 28, 28) from 0 to 1 and labels (60000)."""
    pixels = np.frombuffer(read_file(folder, "train-images-idx3-ubyte"), np.uint8, offset=16)
    labels = np.frombuffer(read_file(folder, "train-labels-idx1-ubyte"), np.uint8, offset=8)
    images = torch.from_numpy(pixels.reshape(-1, 1, 28, 28).astype(np.float32) / np.float32(255))
    return images, torch.tensor(labels, dtype=torch.long)


def held_out(validation, image_count):
    """(training images, validation images). The time of a prediction does not depend on whose images they are."""
    if validation["type"] == "test":
        return image_count, 10_000
    count = validation["count"] if validation["type"] == "first" else round(image_count * validation["fraction"])
    return image_count - count, count


class Training:
    """A recipe's network in training."""

    def __init__(self, recipe, images, labels, channels_last):
        self.recipe = recipe
        train_count, self.validation_count = held_out(recipe["validation"], len(images))
        memory_format = torch.channels_last if channels_last else torch.contiguous_format
        self.images = images[:train_count].contiguous(memory_format=memory_format)
        self.labels = labels[:train_count]
        batch_size = recipe["batchSize"]
        self.batch_size = train_count if batch_size == "full" else min(batch_size, train_count)
        layers = [completed(layer) for layer in recipe["layers"]]
        self.network = Network((28, 28, 1), CLASSES, layers).to(memory_format=memory_format)
        self.parameters = list(self.network.parameters())
        self.penalised = self.network.penalised()
        self.averages = [parameter.detach().clone() for parameter in self.parameters]
        self.optimizer = make_optimizer(completed(recipe["optimizer"]), self.parameters)
        for group in self.optimizer.param_groups:
            if "foreach" in group:
                group["foreach"] = True
        balanced = recipe.get("classWeights", "none") == "balanced"
        counts = torch.bincount(self.labels, minlength=CLASSES)
        self.class_weights = len(self.labels) / (CLASSES * counts.float()) if balanced else None
        self.steps_taken = 0

    def batches(self):
        """Images and labels of one batch after the other, without end."""
        while True:
            if self.batch_size == len(self.images):
                yield self.images, self.labels
                continue
            for chosen in torch.randperm(len(self.images)).split(self.batch_size):
                yield self.images.index_select(0, chosen), self.labels.index_select(0, chosen)

    def mean_loss(self, logits, labels):
        smoothing = self.recipe.get("labelSmoothing", 0)
        if self.class_weights is None:
            return functional.cross_entropy(logits, labels, label_smoothing=smoothing)
        losses = functional.cross_entropy(logits, labels, reduction="none", label_smoothing=smoothing)
        return (losses * self.class_weights[labels]).mean()

    def augmented(self, images):
        """Half of the images mirrored, where the recipe asks for it."""
        if not self.recipe.get("augmentation", {}).get("horizontalFlip", False):
            return images
        mirrored = torch.rand(len(images), 1, 1, 1) < 0.5
        return torch.where(mirrored, images.flip(3), images)

    def loss(self, images, labels):
        images = self.augmented(images)
        alpha = self.recipe.get("mixup", 0)
        if alpha == 0:
            return self.mean_loss(self.network(images), labels)
        share = float(np.random.beta(alpha, alpha))
        logits = self.network(torch.lerp(images, images.roll(-1, 0), share))
        own, others = self.mean_loss(logits, labels), self.mean_loss(logits, labels.roll(-1, 0))
        return (1 - share) * own + share * others

    @torch.no_grad()
    def limit_gradients(self):
        penalties = self.recipe["penalties"]
        gradients = [weight.grad for weight in self.penalised]
        if penalties["l2"] > 0:
            torch._foreach_add_(gradients, self.penalised, alpha=penalties["l2"])
        if penalties["l1"] > 0:
            signs = [weight.sign() for weight in self.penalised]
            torch._foreach_add_(gradients, signs, alpha=penalties["l1"])
        clipping = self.recipe.get("clipping", {"norm": None, "value": None})
        if clipping["value"] is not None:
            torch.nn.utils.clip_grad_value_(self.parameters, clipping["value"])
        if clipping["norm"] is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, clipping["norm"])

    @torch.no_grad()
    def limit_weights(self):
        if self.recipe.get("maxNorm") is not None:
            for weight in self.penalised:
                weight.copy_(torch.renorm(weight, p=2, dim=0, maxnorm=self.recipe["maxNorm"]))

    @torch.no_grad()
    def average(self):
        averaging = self.recipe.get("weightAveraging")
        if averaging is None:
            return
        kept = min(averaging["decay"], (1 + self.steps_taken) / (10 + self.steps_taken))
        torch._foreach_mul_(self.averages, kept)
        torch._foreach_add_(self.averages, self.parameters, alpha=1 - kept)

    def step(self, batch):
        loss = self.loss(*batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.limit_gradients()
        self.optimizer.step()
        self.limit_weights()
        self.steps_taken += 1
        self.average()
        return loss.detach()

    def take_steps(self, count, least_seconds, most_seconds=MOST_SECONDS):
        """(steps, seconds): so many steps, and more until the least time is over, but none after the most is."""
        batches = self.batches()
        steps, seconds, start = 0, 0.0, time.perf_counter()
        while (steps < count or seconds < least_seconds) and (steps == 0 or seconds < most_seconds):
            loss = self.step(next(batches))
            steps += 1
            seconds = time.perf_counter() - start
        if not torch.isfinite(loss):
            raise SystemExit("the loss is no longer a finite number")
        return steps, seconds

    @torch.no_grad()
    def validation_seconds(self):
        """For all validation images, from a share of them."""
        self.network.eval()
        images = self.images[: min(self.validation_count, 2 * PREDICTED_AT_ONCE)]
        start = time.perf_counter()
        for part in images.split(PREDICTED_AT_ONCE):
            functional.softmax(self.network(part), 1)
        seconds = time.perf_counter() - start
        self.network.train()
        return seconds * self.validation_count / len(images)


def words(threads, channels_last):
    count = f"{threads} thread{'' if threads == 1 else 's'}"
    return f"{count}, channels last" if channels_last else count


def refuse_unknown(recipe):
    """Ends the program where the recipe changes images in a way that is not done here: its seconds would be too few."""
    changes = recipe.get("augmentation", {})
    known = ("horizontalFlip", "erasedArea")
    unknown = [name for name, value in changes.items() if value and name not in known]
    if unknown:
        raise SystemExit(f"of the augmentation, PyTorch's side has flips alone, not {', '.join(sorted(unknown))}")


def setups(recipe, threads):
    """(threads, channels last): the memory format matters to convolutions alone."""
    has_convolutions = any(layer["type"] == "convolution" for layer in recipe["layers"])
    return [(count, last) for count in threads for last in ([False, True] if has_convolutions else [False])]


def start(recipe, images, labels, setup):
    threads, channels_last = setup
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    np.random.seed(1)
    return Training(recipe, images, labels, channels_last)


def trial(*given):
    """Seconds a step, roughly."""
    training = start(*given)
    training.take_steps(2, 0)
    steps, seconds = training.take_steps(TRIAL_STEPS, TRIAL_SECONDS, 3)
    return seconds / steps


def measure(recipe, images, labels, setup, options):
    training = start(recipe, images, labels, setup)
    training.take_steps(WARM_UP_STEPS, WARM_UP_SECONDS, 4)
    training.validation_seconds()
    validation_seconds = training.validation_seconds()
    steps, seconds = training.take_steps(options.steps, options.least_seconds)
    steps_an_epoch = len(training.images) / training.batch_size
    trained = sum(parameter.numel() for parameter in training.parameters)
    note = ", ".join(filter(None, [f"own threads x{torch.get_num_threads()}", blas_in_use()]))
    report(
        setup=words(*setup),
        secondsAnEpoch=seconds / steps * steps_an_epoch + validation_seconds,
        validationSeconds=validation_seconds,
        steps=steps,
        parameters=trained,
        statistics=sum(tensor.numel() for _, tensor in training.network.named_tensors()) - trained,
        torch=torch.__version__,
        note=note,
    )


def main():
    options = parser.parse_args()
    recipe = json.load(sys.stdin)
    refuse_unknown(recipe)
    torch.set_flush_denormal(True)
    images, labels = load(options.folder)
    candidates = setups(recipe, options.threads)
    trials = sorted((trial(recipe, images, labels, setup), setup) for setup in candidates)
    for seconds, setup in trials[:MEASURED_SETUPS]:
        if seconds <= SLOWEST_TRIAL * trials[0][0]:
            measure(recipe, images, labels, setup, options)


if __name__ == "__main__":
    main()
