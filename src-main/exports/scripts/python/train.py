"""Trains the network again as Weft did, from the same initial weights.

    python3 train.py --data FOLDER [--steps N] [--log STEPS.csv] [--out FILE]

The split, the order of the images and every random draw are the same. Sums
are made in another order than in Weft, so numbers agree but for the rounding
of float32, which grows as training goes on.
"""

import argparse
import csv
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np

from augmentation import augment
from data import DataError, Part, read_dataset
from learning import Learner
from network import read_tensors
from recipe import (
    BATCH_SIZE,
    EPOCHS,
    MIXUP,
    PASS_SIZE,
    SEED,
    STEPS_PER_EPOCH,
    EarlyStopping,
    balanced_class_weights,
    learning_rate,
    make_plateau,
    measure,
    prepare,
)
from weft_random import GOLDEN, Random, draw_share, hash_word

HERE = Path(__file__).parent
# Images that are validated at a time.
AT_ONCE = 250


class StepReport(NamedTuple):
    """A step, counted from 1; loss and accuracy are those before it."""

    step: int
    images: int
    loss: float
    accuracy: float
    learning_rate: float


def validate(learner, part):
    """Mean loss and accuracy over the validation images."""
    probabilities = [
        learner.predict(part.images[first : first + AT_ONCE])
        for first in range(0, len(part.images), AT_ONCE)
    ]
    return measure(np.concatenate(probabilities), part.labels)


def print_epoch(epoch, reports, validation):
    """A line for an epoch."""
    images = [report.images for report in reports]
    losses = [report.loss for report in reports]
    loss = np.average(losses, weights=images)
    accuracies = [report.accuracy for report in reports]
    accuracy = np.average(accuracies, weights=images)
    validation_loss, validation_accuracy = validation
    print(
        f"epoch {epoch}: loss {loss:.4f}, accuracy {accuracy:.4f}, "
        f"validation loss {validation_loss:.4f}, "
        f"validation accuracy {validation_accuracy:.4f}",
        flush=True,
    )


def train(part, validation, initial, max_steps=None, on_epoch=print_epoch):
    """Trains on a part of the images, at most so many steps.

    Gives the tensors to keep, by name, and a report of each step.
    """
    learner = Learner(initial)
    reports = []
    #: if shuffled
    shuffling = Random(SEED, "shuffle")
    #: end
    noises = Random(SEED, "dropout")
    #: if mixup
    mixing = Random(SEED, "mixup")
    #: end
    #: if augmentation
    changes = Random(SEED, "augmentation").uint32()
    #: end
    #: if class-weights
    class_weights = balanced_class_weights(part.labels)
    #: end
    #: if plateau
    plateau = make_plateau()
    #: end
    #: if early-stopping
    stopping = EarlyStopping()
    #: end
    for epoch in range(1, EPOCHS + 1):
        #: if shuffled
        order = shuffling.permutation(len(part.images))
        #: else
        order = np.arange(len(part.images))
        #: end
        for start in range(0, len(order), BATCH_SIZE):
            if len(reports) == max_steps:
                return learner.tensors(), reports
            end = min(start + BATCH_SIZE, len(order))
            number = len(reports) + 1
            noise = noises.uint32()
            #: if mixup
            share = draw_share(mixing, MIXUP)
            #: end
            #: if augmentation
            key = hash_word(changes + number * GOLDEN)
            #: end
            # Weft takes a large batch in passes of so many images.
            passes = []
            for first in range(start, end, PASS_SIZE):
                places = order[first : min(first + PASS_SIZE, end)]
                pixels = part.images[places]
                #: if augmentation
                pixels = augment(pixels, key, first)
                #: end
                #: list
                batch = prepare(
                    pixels,
                    part.labels[places],
                    #: if class-weights
                    class_weights,
                    #: end
                    #: if mixup
                    share,
                    #: end
                )
                #: end
                passes.append((batch, first))
            #: if plateau
            rate = learning_rate(len(reports), plateau)
            #: else
            rate = learning_rate(len(reports))
            #: end
            loss, accuracy = learner.step(passes, noise, number, rate)
            images = end - start
            reports.append(StepReport(number, images, loss, accuracy, rate))
        result = validate(learner, validation)
        on_epoch(epoch, reports[-STEPS_PER_EPOCH:], result)
        #: if plateau
        plateau.observe(result[0])
        #: end
        #: if early-stopping
        if stopping.observe(result[0], learner.tensors()):
            break
        #: end
    #: if early-stopping
    return stopping.tensors, reports
    #: else
    return learner.tensors(), reports
    #: end


def read_parts(folder):
    """The images to train on and those to validate on."""
    train_part, test_part = read_dataset(folder)
    with np.load(HERE / "split.npz") as arrays:
        split = dict(arrays)
    #: if validated-on-test
    source = test_part
    #: else
    source = train_part
    #: end
    places = split["validation_indices"]
    validation = Part(source.images[places], source.labels[places])
    places = split["train_indices"]
    part = Part(train_part.images[places], train_part.labels[places])
    return part, validation


def write_log(path, reports):
    """The steps as a table."""
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(StepReport._fields)
        writer.writerows(reports)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", default=HERE / "data", metavar="FOLDER")
    parser.add_argument("--steps", type=int, help="stop after so many")
    parser.add_argument("--log", metavar="STEPS.csv")
    parser.add_argument("--out", default="trained.npz", metavar="FILE")
    arguments = parser.parse_args()
    try:
        part, validation = read_parts(arguments.data)
    except DataError as error:
        print(error, file=sys.stderr)
        return 2
    initial = read_tensors(HERE / "initial.npz")
    tensors, reports = train(part, validation, initial, arguments.steps)
    if arguments.log is not None:
        write_log(arguments.log, reports)
    np.savez(arguments.out, **tensors)
    print(f"{len(reports)} steps; the weights are in {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
