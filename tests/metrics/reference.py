"""The golden numbers of src-shared/metrics, from scikit-learn, NumPy and exact arithmetic.

    python3 tests/metrics/reference.py > tests/metrics/golden.ndjson

Reports and top-k accuracies are scikit-learn's. The calibration error and the temperature are written out here in
NumPy, float64 (Guo, Pleiss, Sun & Weinberger 2017); the p-values of McNemar's test are exact fractions.
"""

import json
import sys
from fractions import Fraction
from math import comb

import numpy as np
from sklearn.metrics import (
    classification_report,
    confusion_matrix,
    log_loss,
    top_k_accuracy_score,
)

BINS = 15


def report_of(labels, predicted, class_count):
    classes = [str(index) for index in range(class_count)]
    report = classification_report(
        labels,
        predicted,
        labels=list(range(class_count)),
        target_names=classes,
        output_dict=True,
        zero_division=0,
    )

    def row(name):
        one = report[name]
        return [one["precision"], one["recall"], one["f1-score"], one["support"]]

    return {
        "classes": [row(name) for name in classes],
        "macro": row("macro avg"),
        "weighted": row("weighted avg"),
        "accuracy": float(np.mean(labels == predicted)),
    }


def calibration_error(probabilities, labels):
    """Bins (low, high] of equal width, the mean of |accuracy - confidence| weighted by the images in each."""
    confidence = probabilities.max(axis=1)
    hits = probabilities.argmax(axis=1) == labels
    error = 0.0
    for index in range(BINS):
        inside = (confidence > index / BINS) & (confidence <= (index + 1) / BINS)
        if inside.any():
            error += inside.mean() * abs(hits[inside].mean() - confidence[inside].mean())
    return float(error)


def loss_at(logs, labels, inverse):
    scaled = logs * inverse
    shifted = scaled - scaled.max(axis=1, keepdims=True)
    return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]))


def temperature_of(probabilities, labels):
    """Golden-section search for 1 / temperature, in which the mean loss is convex."""
    logs = np.log(probabilities)
    low, high = 0.05, 20.0
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(200):
        one, other = high - ratio * (high - low), low + ratio * (high - low)
        if loss_at(logs, labels, one) < loss_at(logs, labels, other):
            high = other
        else:
            low = one
    return 2 / (low + high)


def case(name, seed, images, class_count, sharpness, missing=()):
    """Logits that favour the true class somewhat; `missing` classes never occur as labels."""
    random = np.random.default_rng(seed)
    occurring = [index for index in range(class_count) if index not in missing]
    labels = random.choice(occurring, size=images)
    logits = random.normal(size=(images, class_count))
    logits[np.arange(images), labels] += 1.2
    logits *= sharpness
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    # As they are passed on: float32, exact in JSON.
    probabilities = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32).astype(float)
    predicted = probabilities.argmax(axis=1)
    return {
        "name": name,
        "classCount": class_count,
        "labels": labels.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "matrix": confusion_matrix(labels, predicted, labels=list(range(class_count))).tolist(),
        "report": report_of(labels, predicted, class_count),
        "top2": float(top_k_accuracy_score(labels, probabilities, k=2, labels=list(range(class_count)))),
        "top3": float(top_k_accuracy_score(labels, probabilities, k=3, labels=list(range(class_count)))),
        "loss": float(log_loss(labels, probabilities, labels=list(range(class_count)))),
        "calibrationError": calibration_error(probabilities, labels),
        "temperature": float(temperature_of(probabilities, labels)),
    }


def mcnemar(only_first, only_second):
    """The exact two-sided p-value: how likely a fair coin gives a split at least as uneven."""
    trials = only_first + only_second
    fewer = min(only_first, only_second)
    tail = sum(Fraction(comb(trials, count), 2**trials) for count in range(fewer + 1))
    return float(min(Fraction(1), 2 * tail))


def main():
    cases = [
        case("ten classes, too sure of itself", 1, 400, 10, 2.5),
        case("ten classes, not sure enough", 2, 300, 10, 0.6),
        case("four classes, one that never occurs", 3, 90, 4, 1.0, missing=(2,)),
        case("seventeen classes, few images", 4, 40, 17, 1.5),
    ]
    splits = [(0, 0), (1, 0), (5, 5), (3, 12), (20, 35), (150, 210), (700, 640)]
    lines = [{"classification": one} for one in cases]
    lines += [{"mcnemar": {"onlyFirst": a, "onlySecond": b, "pValue": mcnemar(a, b)}} for a, b in splits]
    for line in lines:
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


main()
