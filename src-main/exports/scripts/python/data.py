"""Reads the images that the network was trained on, and makes sure."""

import gzip
import hashlib
from pathlib import Path
from typing import NamedTuple

import numpy as np

from images import read_idx

#: section data
DATASET = "Fashion-MNIST"
FINGERPRINT = "0"
SOURCES = ()
CHANNELS = 1
#: end
# In the order in which the fingerprint is made of them.
FILES = (
    ("testLabels", "t10k-labels-idx1-ubyte"),
    ("trainLabels", "train-labels-idx1-ubyte"),
    ("testImages", "t10k-images-idx3-ubyte"),
    ("trainImages", "train-images-idx3-ubyte"),
)


class Part(NamedTuple):
    """Images (images, height, width, channels) and their classes."""

    images: np.ndarray
    labels: np.ndarray


class DataError(Exception):
    """Images are missing, or others than the network was trained on."""


def read_file(folder, name):
    """The unpacked bytes of a file that may be packed."""
    packed = Path(folder) / f"{name}.gz"
    if packed.exists():
        return gzip.decompress(packed.read_bytes())
    try:
        return (Path(folder) / name).read_bytes()
    except FileNotFoundError as error:
        where = "".join(f"\n  {source}" for source in SOURCES)
        advice = f" The files of {DATASET} are at{where}" if where else ""
        raise DataError(
            f"{folder} has no {name} and no {name}.gz.{advice}"
        ) from error


def fingerprint_of(contents):
    """Tells a set by the SHA-256 of its four files."""
    lines = (
        f"{part} {hashlib.sha256(contents[part]).hexdigest()}\n"
        for part, _ in FILES
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def read_dataset(folder):
    """(train, test). Raises DataError for other images than Weft's."""
    contents = {part: read_file(folder, name) for part, name in FILES}
    if fingerprint_of(contents) != FINGERPRINT:
        raise DataError(
            f"The files in {folder} are not the {DATASET} that the network "
            "was trained on, so the training can't be repeated with them."
        )
    arrays = {part: read_idx(data) for part, data in contents.items()}
    train, test = (
        Part(
            arrays[f"{split}Images"].reshape(
                *arrays[f"{split}Images"].shape[:3], -1
            ),
            arrays[f"{split}Labels"],
        )
        for split in ("train", "test")
    )
    return train, test
