"""Weft's random numbers, drawn anew bit for bit."""

import math

import numpy as np

WORD = 0xFFFFFFFF
# 2^32 over the golden ratio: its multiples spread over all 32 bits.
GOLDEN = 0x9E3779B9
# Wellons, "Prospecting for hash functions", 2018.
FIRST_MULTIPLIER = 0x21F0AAAD
SECOND_MULTIPLIER = 0x735A2D97


def hash_word(bits):
    """32 bits of which each depends on all of the given ones."""
    bits &= WORD
    bits = (bits ^ (bits >> 16)) * FIRST_MULTIPLIER & WORD
    bits = (bits ^ (bits >> 15)) * SECOND_MULTIPLIER & WORD
    return bits ^ (bits >> 15)


def hash_words(bits):
    """The same for each number of a uint32 array."""
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(FIRST_MULTIPLIER)
    bits = (bits ^ (bits >> np.uint32(15))) * np.uint32(SECOND_MULTIPLIER)
    return bits ^ (bits >> np.uint32(15))


def multiples(numbers):
    """`numbers * GOLDEN` as uint32."""
    return np.asarray(numbers).astype(np.uint32) * np.uint32(GOLDEN)


def hash_name(name):
    """FNV-1a: gives each purpose of a seed a sequence of its own."""
    value = 0x811C9DC5
    for character in name:
        value = (value ^ ord(character)) * 0x01000193 & WORD
    return value


def rotate_left(value, bits):
    """The 32 bits of a word, moved in a circle."""
    return (value << bits | value >> (32 - bits)) & WORD


class Random:
    """xoshiro128** (Blackman and Vigna, 2018)."""

    def __init__(self, seed, purpose):
        word = seed ^ hash_name(purpose)
        state = [hash_word(word + step * GOLDEN) for step in range(1, 5)]
        self.a, self.b, self.c, self.d = state
        self.d |= 1

    def uint32(self):
        """A whole number from 0 to 2^32 - 1."""
        result = rotate_left(self.b * 5 & WORD, 7) * 9 & WORD
        shifted = self.b << 9 & WORD
        self.c ^= self.a
        self.d ^= self.b
        self.b ^= self.c
        self.a ^= self.d
        self.c ^= shifted
        self.d = rotate_left(self.d, 11)
        return result

    def below(self, limit):
        """A whole number from 0 to limit - 1, each as likely."""
        threshold = 2**32 % limit
        value = self.uint32()
        while value < threshold:
            value = self.uint32()
        return value % limit

    def permutation(self, count):
        """0 to count - 1 in a random order (Fisher and Yates)."""
        values = list(range(count))
        for index in range(count - 1, 0, -1):
            other = self.below(index + 1)
            values[index], values[other] = values[other], values[index]
        return np.array(values)

    def uniform(self):
        """A number from 0 to below 1, of 53 random bits."""
        high, low = self.uint32() >> 5, self.uint32() >> 6
        return (high * 67108864 + low) / 9007199254740992

    def normal(self):
        """A normally distributed number (Box and Muller)."""
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def log_gamma_number(random, alpha):
    """Logarithm of a number of Gamma(1 + alpha) (Marsaglia, Tsang, 2000)."""
    d = 1 + alpha - 1 / 3
    c = 1 / math.sqrt(9 * d)
    while True:
        normal = random.normal()
        cube = (1 + c * normal) ** 3
        if cube <= 0:
            continue
        limit = normal * normal / 2 + d * (1 - cube + math.log(cube))
        if math.log(1 - random.uniform()) < limit:
            return math.log(d * cube)


def draw_share(random, alpha):
    """A number of the distribution Beta(alpha, alpha)."""
    x = log_gamma_number(random, alpha)
    log_u = math.log(1 - random.uniform())
    y = log_gamma_number(random, alpha)
    log_v = math.log(1 - random.uniform())
    distance = y - x + (log_v - log_u) / alpha
    # Past this, float64 can't tell the share from 0.
    return 1 / (1 + math.exp(distance)) if distance < 700 else 0.0


def kept_by_dropout(shape, rate, layer, noise, first):
    """Which numbers (images, features) a dropout layer keeps in a step.

    `layer` counts from 0; `noise` is the step's draw; `first` is the place of
    the first image in the epoch's order. Nothing is stored: a number's fate is
    a hash of where it is.
    """
    images, features = shape
    key = hash_word(noise + (layer + 1) * GOLDEN)
    rows = first + np.arange(images)
    start = hash_words(np.uint32(key) + multiples(rows))[:, None]
    middle = hash_words(start ^ np.uint32(GOLDEN))
    mixed = start + multiples(np.arange(features))
    mixed = (mixed ^ (mixed >> np.uint32(16))) * np.uint32(FIRST_MULTIPLIER)
    mixed = (mixed ^ (mixed >> np.uint32(15))) + middle
    mixed = mixed * np.uint32(SECOND_MULTIPLIER)
    return mixed.view(np.int32) >= math.floor(rate * 2**32 + 0.5) - 2**31
