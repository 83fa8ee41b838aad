"""For Keras 3. The tensors of weights.npz are laid out as PyTorch has them,
(out, in) and (filters, channels, height, width); Keras does the other way.
"""

import keras
import numpy as np
from keras import layers


def dense_tensors(tensors, name):
    """What a Dense layer holds: (inputs, units) and (units)."""
    return [tensors[f"{name}.weight"].T, tensors[f"{name}.bias"]]


def convolution_tensors(tensors, name):
    """What Conv2D holds: (height, width, channels, filters), (filters)."""
    weight = tensors[f"{name}.weight"].transpose(2, 3, 1, 0)
    return [weight, tensors[f"{name}.bias"]]


def batch_normalization_tensors(tensors, name):
    """What BatchNormalization holds, each (channels)."""
    names = ("weight", "bias", "running_mean", "running_var")
    return [tensors[f"{name}.{one}"] for one in names]


def prelu_tensors(tensors, name):
    """What PReLU holds of a flat input: (units)."""
    return [tensors[f"{name}.weight"]]


def prelu_image_tensors(tensors, name):
    """What PReLU holds of images: (1, 1, channels)."""
    return [tensors[f"{name}.weight"].reshape(1, 1, -1)]


#: section network
def make_network():
    """The network, untrained: uint8 images in, probabilities out."""
    return keras.Sequential([layers.Rescaling(1 / 255)])


def set_tensors(network, tensors):
    """Gives the layers the tensors of an .npz file."""
    network.get_layer("layer_0").set_weights(
        dense_tensors(tensors, "layers.0")
    )


#: end
def load_network(path):
    """The network with the tensors of an .npz file."""
    network = make_network()
    with np.load(path) as arrays:
        set_tensors(network, arrays)
    return network


def predict(network, images):
    """Probabilities (images, classes) of uint8 (images, h, w, channels)."""
    return network.predict(images, verbose=0)
