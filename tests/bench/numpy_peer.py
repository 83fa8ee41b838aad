"""NumPy's side of the benchmark: the same network, batch, optimizer and images.

Vectorised, float32 throughout, every array allocated once and written in place. Arguments: the folder of the dataset,
batch size, epochs. Prints one JSON object per epoch. NumPy has no flush-to-zero of its own: pixels that are always
black let Adam's moments decay into subnormal numbers, as they would for anyone who writes this program.
"""

import sys
import time

import numpy as np

from fashion_mnist import blas_in_use, load, report, resident_bytes

folder, batch, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
images, labels = load(folder, "train")


def accuracy_on_test_set():
    test_images, test_labels = load(folder, "t10k")
    values = test_images
    for layer, (weight, bias) in enumerate(zip(weights, biases)):
        values = values @ weight + bias
        if layer < 2:
            np.maximum(values, 0, out=values)
    return float((values.argmax(axis=1) == test_labels).mean())


random = np.random.default_rng(1)
sizes = [784, 128, 64, 10]
count = sum((inputs + 1) * outputs for inputs, outputs in zip(sizes, sizes[1:]))
parameters, gradients, mean, square, step, scale = (np.zeros(count, np.float32) for _ in range(6))
weights, biases, d_weights, d_biases = [], [], [], []
offset = 0
for inputs, outputs in zip(sizes, sizes[1:]):
    end = offset + inputs * outputs
    weights.append(parameters[offset:end].reshape(inputs, outputs))
    d_weights.append(gradients[offset:end].reshape(inputs, outputs))
    biases.append(parameters[end : end + outputs])
    d_biases.append(gradients[end : end + outputs])
    limit = np.sqrt(6 / (inputs + outputs))
    weights[-1][:] = random.uniform(-limit, limit, (inputs, outputs))
    offset = end + outputs

x_full = np.empty((batch, 784), np.float32)
outputs_full = [np.empty((batch, size), np.float32) for size in sizes[1:]]
deltas_full = [np.empty((batch, size), np.float32) for size in sizes[1:]]
masks_full = [np.empty((batch, size), bool) for size in sizes[1:]]
rate, beta1, beta2, epsilon = np.float32(1e-3), np.float32(0.9), np.float32(0.999), np.float32(1e-8)
steps = 0

for epoch in range(1, epochs + 1):
    start = time.perf_counter()
    order = random.permutation(len(images))
    loss_sum = 0.0
    for first in range(0, len(images), batch):
        chosen = order[first : first + batch]
        rows = len(chosen)
        x = x_full[:rows]
        np.take(images, chosen, axis=0, out=x)
        target = labels[chosen]
        outputs = [array[:rows] for array in outputs_full]
        deltas = [array[:rows] for array in deltas_full]
        masks = [array[:rows] for array in masks_full]

        before = x
        for layer, output in enumerate(outputs):
            np.matmul(before, weights[layer], out=output)
            output += biases[layer]
            if layer < 2:
                np.maximum(output, 0, out=output)
            before = output
        logits, delta = outputs[2], deltas[2]
        logits -= logits.max(axis=1, keepdims=True)
        np.exp(logits, out=delta)
        delta /= delta.sum(axis=1, keepdims=True)
        index = np.arange(rows)
        loss_sum -= float(np.log(np.maximum(delta[index, target], np.float32(1e-30))).mean())
        delta[index, target] -= 1
        delta /= np.float32(rows)

        for layer in (2, 1, 0):
            inputs = x if layer == 0 else outputs[layer - 1]
            np.matmul(inputs.T, deltas[layer], out=d_weights[layer])
            np.sum(deltas[layer], axis=0, out=d_biases[layer])
            if layer > 0:
                np.matmul(deltas[layer], weights[layer].T, out=deltas[layer - 1])
                np.greater(outputs[layer - 1], 0, out=masks[layer - 1])
                deltas[layer - 1] *= masks[layer - 1]

        steps += 1
        mean *= beta1
        np.multiply(gradients, 1 - beta1, out=step)
        mean += step
        square *= beta2
        np.multiply(gradients, gradients, out=step)
        step *= 1 - beta2
        square += step
        np.sqrt(square, out=scale)
        scale *= np.float32(1 / np.sqrt(1 - float(beta2) ** steps))
        scale += epsilon
        np.divide(mean, scale, out=step)
        step *= np.float32(float(rate) / (1 - float(beta1) ** steps))
        parameters -= step
    seconds = time.perf_counter() - start
    loss = loss_sum / -(-len(images) // batch)
    if epoch < epochs:
        report(epoch=epoch, seconds=seconds, loss=loss)
accuracy = accuracy_on_test_set()
report(
    epoch=epochs,
    seconds=seconds,
    loss=loss,
    testAccuracy=accuracy,
    residentBytes=resident_bytes(),
    note=blas_in_use(),
)
