"""What the benchmark's Python peers share: reading the dataset, and what a program says of itself at its end."""

import gzip
import json
import os
import sys

import numpy as np

WARM_UP_STEPS = 30
CLASSES = 10


def load(folder, part):
    """Float32 images (count, 784) from 0 to 1 and uint8 labels of a part of the dataset, "train" or "t10k"."""
    with gzip.open(os.path.join(folder, f"{part}-images-idx3-ubyte.gz")) as file:
        pixels = np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 784)
    with gzip.open(os.path.join(folder, f"{part}-labels-idx1-ubyte.gz")) as file:
        labels = np.frombuffer(file.read(), np.uint8, offset=8)
    images = pixels.astype(np.float32)
    images /= np.float32(255)
    return images, labels


def report(**values):
    """Prints one JSON object as a line, at once."""
    print(json.dumps(values), flush=True)


def resident_bytes():
    """The largest resident memory that this process has had, in bytes; None where the system doesn't tell."""
    try:
        import resource
    except ImportError:
        return None
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest if sys.platform == "darwin" else largest * 1024


def blas_in_use():
    """Library, kernels and threads of the matrix products, as threadpoolctl finds them; None where it is missing."""
    try:
        from threadpoolctl import threadpool_info
    except ImportError:
        return None
    libraries = [
        f"{library['internal_api']} {library.get('architecture') or ''} x{library['num_threads']}"
        for library in threadpool_info()
        if library["user_api"] == "blas"
    ]
    return ", ".join(sorted(set(libraries))) or None
