"""scikit-learn's side of the benchmark: MLPClassifier, one call of partial_fit an epoch.

partial_fit shuffles the images and goes over them once in batches, so there is no early stopping and no held-out share.
Without the L2 penalty that MLPClassifier has by default. Its weights start Glorot uniform as the others' do; its biases
start in the same range, where the others' are zero. Arguments: the folder of the dataset, batch size, epochs. Prints one
JSON object per epoch.
"""

import sys
import time

import numpy as np
from sklearn.neural_network import MLPClassifier

from fashion_mnist import CLASSES, blas_in_use, load, report, resident_bytes

folder, batch, epochs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
images, labels = load(folder, "train")
classifier = MLPClassifier(
    hidden_layer_sizes=(128, 64),
    activation="relu",
    solver="adam",
    alpha=0.0,
    batch_size=batch,
    learning_rate_init=1e-3,
    random_state=1,
)
for epoch in range(1, epochs + 1):
    start = time.perf_counter()
    classifier.partial_fit(images, labels, classes=np.arange(CLASSES))
    seconds = time.perf_counter() - start
    if epoch < epochs:
        report(epoch=epoch, seconds=seconds, loss=float(classifier.loss_))
if any(weights.dtype != np.float32 for weights in classifier.coefs_):
    raise SystemExit("this scikit-learn computes in another type than float32")
accuracy = float(classifier.score(*load(folder, "t10k")))
report(
    epoch=epochs,
    seconds=seconds,
    loss=float(classifier.loss_),
    testAccuracy=accuracy,
    residentBytes=resident_bytes(),
    note=blas_in_use(),
)
