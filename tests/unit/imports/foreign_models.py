"""Makes models with PyTorch as other people make them, and says what they predict.

    python3 foreign_models.py FOLDER

writes, for each case, FOLDER/<case>.npz with the state dictionary (numpy.savez), and FOLDER/cases.json with the input
images (bytes, channels last), how they were scaled, and PyTorch's probabilities for them.
"""

import json
import sys

import numpy
import torch
from torch import nn

torch.manual_seed(3)
IMAGES = 5


def standardized(images):
    return (images / 255 - 0.1307) / 0.3081


def cases():
    yield "mlp", (28, 28, 1), lambda x: x / 255, nn.Sequential(
        nn.Flatten(), nn.Linear(784, 32), nn.ReLU(), nn.Linear(32, 16), nn.Tanh(), nn.Linear(16, 10))
    yield "raw", (28, 28, 1), lambda x: x, nn.Sequential(
        nn.Flatten(), nn.Linear(784, 24, bias=False), nn.Sigmoid(), nn.Linear(24, 10))
    yield "norms", (8, 8, 1), standardized, nn.Sequential(
        nn.Flatten(), nn.Linear(64, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 64), nn.PReLU(),
        nn.Linear(64, 4))
    yield "lenet", (28, 28, 1), standardized, nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 32), nn.ReLU(), nn.Linear(32, 10))
    yield "colour", (32, 32, 3), lambda x: x / 255, nn.Sequential(
        nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1),
        nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(16 * 64, 5))


def settle(network, inputs):
    """A few passes while training, so that running means and variances are not those of the start."""
    network.train()
    for _ in range(3):
        network(inputs)
    return network.eval()


def main(folder):
    described = []
    for name, shape, scale, network in cases():
        height, width, channels = shape
        pixels = numpy.random.default_rng(5).integers(0, 256, (IMAGES, height, width, channels), numpy.uint8)
        inputs = torch.tensor(scale(pixels.astype("f8")).transpose(0, 3, 1, 2).astype("f4"))
        settle(network, inputs)
        with torch.no_grad():
            probabilities = torch.softmax(network(inputs), 1)
        numpy.savez(f"{folder}/{name}.npz", **{key: value.numpy() for key, value in network.state_dict().items()})
        described.append({"name": name, "shape": shape, "pixels": pixels.ravel().tolist(),
                          "probabilities": probabilities.numpy().ravel().tolist()})
    with open(f"{folder}/cases.json", "w", encoding="utf-8") as file:
        json.dump(described, file)


if __name__ == "__main__":
    main(sys.argv[1])
