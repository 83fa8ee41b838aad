"""Reads pictures as uint8 (images, height, width, channels).

Of .npz and .npy files, of IDX files as those of MNIST (packed with gzip or
not), and of PNG files that are as large as the network wants.
"""

import gzip
import struct
import zipfile
import zlib
from pathlib import Path

import numpy as np

# What reading a file that is not what it says, or is cut, ends in.
UNREADABLE = (
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)


def read_idx(data):
    """The array of an IDX file of bytes (yann.lecun.com/exdb/mnist)."""
    if len(data) < 4 or data[:3] != b"\0\0\x08":
        raise ValueError("it is not an IDX file of unsigned bytes")
    rank = data[3]
    shape = struct.unpack_from(f">{rank}I", data, 4)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def read_chunks(data):
    """The chunks of a PNG file: (type, contents)."""
    place = 8
    while place < len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        yield kind, data[place + 8 : place + 8 + size]
        place += 12 + size


def unfilter(filtered, height, row_bytes, step):
    """Undoes the prediction of a PNG's rows (W3C, PNG, 9.2)."""
    rows = np.zeros((height, row_bytes), np.uint8)
    above = bytes(row_bytes)
    for y in range(height):
        start = y * (row_bytes + 1)
        kind = filtered[start]
        row = bytearray(filtered[start + 1 : start + 1 + row_bytes])
        for x in range(row_bytes):
            left = row[x - step] if x >= step else 0
            corner = above[x - step] if x >= step else 0
            row[x] = row[x] + predicted(kind, left, above[x], corner) & 255
        rows[y] = row
        above = bytes(row)
    return rows


def predicted(kind, left, above, corner):
    """What a byte of a PNG's row is told apart from."""
    if kind == 4:
        near = left + above - corner
        distances = (abs(near - left), abs(near - above), abs(near - corner))
        return (left, above, corner)[distances.index(min(distances))]
    return (0, left, above, (left + above) // 2)[kind]


def read_png(data):
    """The pixels of a PNG file, (height, width, channels).

    8 bits a number; transparent parts become black.
    """
    chunks = list(read_chunks(data))
    header = dict(chunks)[b"IHDR"]
    width, height, depth, colour, _, _, interlace = struct.unpack(
        ">IIBBBBB", header
    )
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if depth != 8 or interlace != 0:
        raise ValueError("PNG files need 8 bits a number and no interlacing")
    packed = b"".join(part for kind, part in chunks if kind == b"IDAT")
    row_bytes = width * channels
    rows = unfilter(zlib.decompress(packed), height, row_bytes, channels)
    pixels = rows.reshape(height, width, channels)
    if colour == 3:
        palette = np.frombuffer(dict(chunks)[b"PLTE"], np.uint8)
        return palette.reshape(-1, 3)[pixels[..., 0]]
    if colour in (4, 6):
        opacity = pixels[..., -1:] / 255
        return np.rint(pixels[..., :-1] * opacity).astype(np.uint8)
    return pixels


def as_grey(pixels):
    """One channel of three, by ITU-R BT.601."""
    grey = pixels @ np.array([0.299, 0.587, 0.114])
    return np.rint(grey).astype(np.uint8)[..., None]


def read_array(path):
    """The images of a file as it holds them, in whatever order."""
    name = path.name.removesuffix(".gz")
    if name.endswith(".npz"):
        with np.load(path) as arrays:
            key = "images" if "images" in arrays else arrays.files[0]
            return arrays[key]
    if name.endswith(".npy"):
        return np.load(path)
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"\x89PNG":
        return read_png(data)[None]
    return read_idx(data)


def fit_shape(images, shape):
    """uint8 (images, height, width, channels), of one image or of many."""
    height, width, channels = shape
    if images.dtype != np.uint8:
        raise ValueError(f"it holds {images.dtype}, not bytes from 0 to 255")
    if images.ndim == 4 and images.shape[3] == 3 and channels == 1:
        images = as_grey(images)
    if channels == 1 and images.shape[-2:] == (height, width):
        return images.reshape(-1, height, width, 1)
    if images.shape[-3:] == tuple(shape):
        return images.reshape(-1, *shape)
    if images.shape[-3:] == (channels, height, width):
        planes = images.reshape(-1, channels, height, width)
        return planes.transpose(0, 2, 3, 1)
    raise ValueError(
        f"its shape is {images.shape}, and the network takes images of "
        f"(height, width, channels) = {tuple(shape)}"
    )


def read_images(path, shape):
    """The images of a file, uint8 (images, height, width, channels).

    Raises ValueError, naming the file, where it holds no such images.
    """
    try:
        return np.ascontiguousarray(fit_shape(read_array(Path(path)), shape))
    except UNREADABLE as error:
        raise ValueError(f"{path} can't be read: {error}") from error
