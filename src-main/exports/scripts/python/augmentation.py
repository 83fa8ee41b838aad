"""Changes images at random while training, byte for byte as Weft does.

Each image's draws are hashes of the step's key and of its place in the
epoch's order. All arithmetic on pixels is of whole numbers.
"""

import math

import numpy as np

from weft_random import GOLDEN, WORD, hash_words, multiples

#: section changes
# Whole pixels, either way.
TRANSLATION = 2
# Degrees, either way.
ROTATION = 10.0
SHEAR = 5.0
# A share, either way.
SCALE = 0.1
# Pixels by which a point of the elastic grid is moved.
ELASTIC = 1.0
# Standard deviation of noise, of numbers from 0 to 1.
NOISE = 0.1
# The share of images of which a rectangle is made black.
ERASING = 0.5
# The smallest and the largest share of the image that it takes.
LEAST_ERASED_AREA = 0.02
ERASED_AREA = 0.2
#: end
# What each draw of an image is for.
MIRRORED = 1
SHIFT_X = 2
SHIFT_Y = 3
TURNED = 4
SCALED = 5
SLANTED = 6
BENT = 7
NOISY = 8
IS_ERASED = 9
AREA = 10
RATIO = 11
SIDE = 12
TOP = 13
LEFT = 14
# Degrees and sines are counted in these parts.
DEGREE = 2**20
WHOLE_SINE = 2**29
# The elastic grid: steps along a side, and points, some of them outside.
GRID_STEPS = 4
GRID_POINTS = 8
# How far it bends is worked out at every fourth pixel.
NODE_SPACING = 4
# Sequences of random bits that noise takes in turns.
NOISE_LANES = 8


def draw(seeds, purpose):
    """32 random bits for each image, as signed numbers."""
    words = hash_words(seeds + np.uint32(purpose * GOLDEN & WORD))
    return words.view(np.int32).astype(np.int64)


def draw_below(seeds, purpose, limit):
    """Whole numbers from 0 to limit - 1."""
    share = (draw(seeds, purpose) & WORD) * 2.0**-32
    return np.floor(share * limit).astype(np.int64)


def nearest(numbers):
    """The nearest whole numbers, halves upwards."""
    return np.floor(numbers + 0.5).astype(np.int64)


def sine_of(angles):
    """Sines of angles up to three quarters of a turn, by their series."""
    half = 180 * DEGREE
    mirrored = np.where(angles > half / 2, half - angles, angles)
    acute = np.where(angles < -half / 2, -half - angles, mirrored)
    radians = acute * (math.pi / half)
    square = radians * radians
    series = 1 / math.factorial(15)
    for power in range(13, 0, -2):
        series = 1 / math.factorial(power) - square * series
    return nearest(radians * series * WHOLE_SINE)


def move(images, is_mirrored, shift_x, shift_y):
    """Mirrors and shifts; what comes in is black."""
    count, height, width, _ = images.shape
    rows = np.arange(height) - shift_y[:, None]
    columns = np.arange(width) - shift_x[:, None]
    is_inside = ((rows >= 0) & (rows < height))[:, :, None] & (
        (columns >= 0) & (columns < width)
    )[:, None, :]
    columns = np.where(is_mirrored[:, None], width - 1 - columns, columns)
    rows = np.clip(rows, 0, height - 1)[:, :, None]
    columns = np.clip(columns, 0, width - 1)[:, None, :]
    moved = images[np.arange(count)[:, None, None], rows, columns]
    return moved * is_inside[..., None]


def spline(distance):
    """The uniform cubic B-spline at a distance from its middle."""
    if distance >= 2:
        return 0
    rest = 2 - distance
    square = distance * distance
    if distance >= 1:
        return rest * rest * rest / 6
    return (3 * square * distance - 6 * square + 4) / 6


def grid_weights(size):
    """What the grid's points weigh at each node, (points, nodes)."""
    nodes = (size - 1) // NODE_SPACING + 2
    # The first point is a step outside of the image.
    places = [
        1 + (node * NODE_SPACING + 0.5) / size * GRID_STEPS
        for node in range(nodes)
    ]
    weights = [
        [spline(abs(place - point)) for place in places]
        for point in range(GRID_POINTS)
    ]
    return np.floor(2**14 * np.array(weights)).astype(np.int64)


def between_nodes(nodes, size, axis):
    """Four times what lies at each pixel, on the lines between nodes."""
    pixels = np.arange(size)
    before = pixels // NODE_SPACING
    share = pixels % NODE_SPACING
    if axis == 1:
        share = share[:, None]
    first = (NODE_SPACING - share) * np.take(nodes, before, axis)
    return first + share * np.take(nodes, before + 1, axis)


def bend(seeds, height, width):
    """How far the elastic grid moves pixels, right and down."""
    seeds = draw(seeds, BENT).astype(np.uint32)
    points = multiples(np.arange(GRID_POINTS**2))
    words = hash_words(seeds[:, None] + points)
    words = words.reshape(-1, GRID_POINTS, GRID_POINTS)
    reach = nearest(ELASTIC * 256)
    in_rows, in_columns = grid_weights(height), grid_weights(width)
    moves = []
    for part in (words << np.uint32(16), words):
        numbers = part.view(np.int32).astype(np.int64) >> 16
        by_row = np.einsum("jr,njk->nrk", in_rows, numbers) >> 14
        by_node = np.einsum("kc,nrk->nrc", in_columns, by_row) >> 16
        by_pixel = between_nodes(between_nodes(by_node, height, 1), width, 2)
        moves.append(by_pixel * reach >> 9)
    return moves


def resample(images, seeds, is_mirrored, shift_x, shift_y):
    """Mirrors, scales, slants, turns about the centre, shifts and bends."""
    _, height, width, _ = images.shape
    # The inverse: where each pixel of the result comes from.
    angle = nearest(ROTATION * draw(seeds, TURNED) * 2.0**-31 * DEGREE)
    sine = sine_of(angle) / WHOLE_SINE
    cosine = sine_of(angle + 90 * DEGREE) / WHOLE_SINE
    slant = nearest(SHEAR * draw(seeds, SLANTED) * 2.0**-31 * DEGREE)
    slope = sine_of(slant) / sine_of(slant + 90 * DEGREE)
    factor = 1 / (1 + SCALE * draw(seeds, SCALED) * 2.0**-31)
    direction = np.where(is_mirrored, -factor, factor)
    x_per_column = direction * (cosine + slope * sine)
    x_per_row = direction * (sine - slope * cosine)
    y_per_column = factor * -sine
    y_per_row = factor * cosine
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    left, top = -centre_x - shift_x, -centre_y - shift_y
    x = centre_x + x_per_column * left + x_per_row * top
    y = centre_y + y_per_column * left + y_per_row * top
    # In 65536ths of a pixel from here on.
    x = places_of(x, x_per_column, x_per_row, height, width)
    y = places_of(y, y_per_column, y_per_row, height, width)
    #: if elastic
    right, down = bend(seeds, height, width)
    x, y = x + right, y + down
    #: end
    return between_pixels(images, x, y)


def places_of(start, per_column, per_row, height, width):
    """Where pixels come from along one side, (images, height, width)."""
    start, per_column, per_row = (
        nearest(numbers * 65536)[:, None, None]
        for numbers in (start, per_column, per_row)
    )
    rows = np.arange(height)[:, None]
    return start + np.arange(width) * per_column + rows * per_row


def between_pixels(images, x, y):
    """Weighs the four pixels around each place; black outside."""
    count, height, width, _ = images.shape
    # In 128ths of a pixel, and no farther out than the first black one.
    x = np.clip((x + 256) >> 9, -128, 128 * width)
    y = np.clip((y + 256) >> 9, -128, 128 * height)
    framed = np.pad(images.astype(np.int64), ((0, 0), (1, 2), (1, 2), (0, 0)))
    left, top = (x >> 7) + 1, (y >> 7) + 1
    share_x, share_y = (x & 127)[..., None], (y & 127)[..., None]
    image = np.arange(count)[:, None, None]

    def between(row):
        pixels = framed[image, row, left]
        next_pixels = framed[image, row, left + 1]
        return (128 - share_x) * pixels + share_x * next_pixels

    total = (128 - share_y) * between(top) + share_y * between(top + 1)
    return (total + 8192 >> 14).astype(np.uint8)


def add_noise(images, seeds):
    """Adds nearly normal noise: the sum of four random bytes.

    Byte after byte takes the next number of the next of eight sequences
    (xorshift, Marsaglia 2003).
    """
    # Four bytes together deviate from their mean by sqrt(21845).
    scale = nearest(NOISE * 255 / math.sqrt(21845) * 32768)
    seeds = draw(seeds, NOISY).astype(np.uint32)[:, None]
    bits = hash_words(seeds + multiples(np.arange(NOISE_LANES)))
    bits = bits | np.uint32(1)
    size = images[0].size
    words = []
    for _ in range(0, size, NOISE_LANES):
        bits = bits ^ (bits << np.uint32(13))
        bits = bits ^ (bits >> np.uint32(17))
        bits = bits ^ (bits << np.uint32(5))
        words.append(bits)
    words = np.concatenate(words, axis=1)[:, :size]
    total = sum((words >> np.uint32(8 * byte)) & 255 for byte in range(4))
    noise = (total.astype(np.int64) - 510) * scale + 16384 >> 15
    changed = images + noise.reshape(images.shape)
    return np.clip(changed, 0, 255).astype(np.uint8)


def erase(images, seeds):
    """Makes a rectangle of some images black (Zhong et al., 2020)."""
    _, height, width, _ = images.shape
    share = draw(seeds, AREA) * 2.0**-32 + 0.5
    area = LEAST_ERASED_AREA + (ERASED_AREA - LEAST_ERASED_AREA) * share
    area = area * height * width
    ratio = 0.3 + (1 - 0.3) * (draw(seeds, RATIO) * 2.0**-32 + 0.5)
    long = nearest(np.sqrt(area / ratio))
    short = nearest(np.sqrt(area * ratio))
    is_upright = draw(seeds, SIDE) < 0
    heights = np.clip(np.where(is_upright, long, short), 1, height)
    widths = np.clip(np.where(is_upright, short, long), 1, width)
    tops = draw_below(seeds, TOP, height - heights + 1)
    lefts = draw_below(seeds, LEFT, width - widths + 1)
    is_erased = draw(seeds, IS_ERASED) < (ERASING - 0.5) * 2.0**32
    for image in np.flatnonzero(is_erased):
        top, left = tops[image], lefts[image]
        bottom, right = top + heights[image], left + widths[image]
        images[image, top:bottom, left:right] = 0


def augment(images, key, first):
    """Images (images, height, width, channels), each changed by its draws.

    `key` is the step's, `first` the place of the first image.
    """
    places = first + np.arange(len(images))
    seeds = hash_words(np.uint32(key) + multiples(places))
    is_mirrored = np.zeros(len(images), bool)
    shift_x = shift_y = np.zeros(len(images), np.int64)
    #: if horizontal-flip
    is_mirrored = draw(seeds, MIRRORED) < 0
    #: end
    #: if translation
    limit = 2 * TRANSLATION + 1
    shift_x = draw_below(seeds, SHIFT_X, limit) - TRANSLATION
    shift_y = draw_below(seeds, SHIFT_Y, limit) - TRANSLATION
    #: end
    #: if resampled
    images = resample(images, seeds, is_mirrored, shift_x, shift_y)
    #: else
    images = move(images, is_mirrored, shift_x, shift_y)
    #: end
    #: if noise
    images = add_noise(images, seeds)
    #: end
    #: if erasing
    erase(images, seeds)
    #: end
    return images
