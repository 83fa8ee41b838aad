"""Predicts classes of images with the network beside this file.

    python3 predict.py IMAGES [IMAGES ...]
    python3 predict.py --check examples.npz

IMAGES are .npz, .npy, IDX or PNG files of bytes from 0 to 255. A line is
printed for each image: its number, its class and the probability of that.
`--check` compares with the probabilities that Weft computed.
"""

import argparse
import sys
from pathlib import Path

import numpy as np

from images import read_images
from network import CLASSES, IMAGE_SHAPE, load_network, predict

WEIGHTS = Path(__file__).parent / "weights.npz"
# Images at a time, so that memory stays bounded.
AT_ONCE = 250
# How far two computations in float32 may be apart.
TOLERANCE = 1e-5


def predict_all(network, images):
    """Probabilities (images, classes)."""
    parts = [
        predict(network, images[first : first + AT_ONCE])
        for first in range(0, len(images), AT_ONCE)
    ]
    return np.concatenate(parts)


def check(network, path):
    """Prints how far predictions are from Weft's; whether they agree."""
    with np.load(path) as examples:
        expected = examples["probabilities"]
    computed = predict_all(network, read_images(path, IMAGE_SHAPE))
    distance = np.abs(computed - expected).max()
    same = computed.argmax(axis=1) == expected.argmax(axis=1)
    print(
        f"{len(expected)} images: largest difference {distance:.1e}, "
        f"{same.sum()} of the same class"
    )
    return bool(distance <= TOLERANCE and same.all())


def print_classes(network, path):
    """A line for each image of a file."""
    images = read_images(path, IMAGE_SHAPE)
    for number, row in enumerate(predict_all(network, images)):
        best = row.argmax()
        print(f"{path} {number}: {CLASSES[best]} {row[best]:.4f}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("images", nargs="*", metavar="IMAGES")
    parser.add_argument("--check", metavar="EXAMPLES", help="see above")
    arguments = parser.parse_args()
    if not arguments.images and arguments.check is None:
        parser.error("name a file of images, or --check examples.npz")
    network = load_network(WEIGHTS)
    try:
        for path in arguments.images:
            print_classes(network, path)
        if arguments.check is not None:
            return 0 if check(network, arguments.check) else 1
    except (OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
