"""PyTorch's side of the benchmark: the same networks, batch, optimizer and images, as a careful user writes them.

The images are one tensor, shuffled with a permutation and gathered with index_select; a DataLoader would copy image by
image. Prints one JSON object per epoch, or, with steps, one for that many timed steps after a warm-up, in the seconds
that an epoch of such steps takes.
"""

import argparse
import time

import torch
from torch import nn

from fashion_mnist import CLASSES, WARM_UP_STEPS, blas_in_use, load, report, resident_bytes

parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("batch", type=int)
parser.add_argument("epochs", type=int)
parser.add_argument("--threads", type=int, default=0, help="0 leaves PyTorch its own choice")
parser.add_argument("--network", choices=["dense", "cnn"], default="dense")
parser.add_argument("--steps", type=int, default=0, help="0 trains whole epochs")
parser.add_argument("--foreach", action="store_true", help="Adam updates all tensors in one call")
parser.add_argument("--flush-denormal", action="store_true")
parser.add_argument("--channels-last", action="store_true")
options = parser.parse_args()

if options.threads > 0:
    torch.set_num_threads(options.threads)
if options.flush_denormal and not torch.set_flush_denormal(True):
    raise SystemExit("this processor can't flush subnormal numbers")
torch.manual_seed(1)


def create_model():
    if options.network == "dense":
        layers = [nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, CLASSES)]
    else:
        layers = [nn.Conv2d(1, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        layers += [nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
        layers += [nn.Linear(64 * 7 * 7, 128), nn.ReLU(), nn.Linear(128, CLASSES)]
    for layer in layers:
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)
    model = nn.Sequential(*layers)
    return model.to(memory_format=torch.channels_last) if options.channels_last else model


def as_tensors(part):
    """Images as the network takes them, and labels."""
    images, labels = load(options.folder, part)
    images = torch.from_numpy(images)
    if options.network == "cnn":
        images = images.view(-1, 1, 28, 28)
    if options.channels_last:
        images = images.contiguous(memory_format=torch.channels_last)
    return images, torch.tensor(labels, dtype=torch.long)


images, labels = as_tensors("train")
model = create_model()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, **({"foreach": True} if options.foreach else {}))
loss_of = nn.CrossEntropyLoss()


def step(chosen):
    loss = loss_of(model(images.index_select(0, chosen)), labels.index_select(0, chosen))
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()
    return loss.detach()


def shuffled_batches():
    return torch.randperm(len(images)).split(options.batch)


@torch.no_grad()
def accuracy_on_test_set():
    test_images, test_labels = as_tensors("t10k")
    outputs = torch.cat([model(part) for part in test_images.split(1000)])
    return float((outputs.argmax(1) == test_labels).float().mean())


def own_words():
    words = f"own threads x{torch.get_num_threads()}"
    blas = blas_in_use()
    return words if blas is None else f"{words}, {blas}"


def train_steps():
    def endless_batches():
        while True:
            yield from shuffled_batches()

    batches = endless_batches()
    for _ in range(WARM_UP_STEPS):
        step(next(batches))
    start = time.perf_counter()
    for _ in range(options.steps):
        step(next(batches))
    seconds = time.perf_counter() - start
    scale = len(images) / (options.batch * options.steps)
    report(seconds=seconds * scale, steps=options.steps, residentBytes=resident_bytes(), note=own_words())


def train_epochs():
    for epoch in range(1, options.epochs + 1):
        start = time.perf_counter()
        losses = [step(chosen) for chosen in shuffled_batches()]
        seconds = time.perf_counter() - start
        loss = float(torch.stack(losses).mean())
        if epoch < options.epochs:
            report(epoch=epoch, seconds=seconds, loss=loss)
    accuracy = accuracy_on_test_set()
    report(
        epoch=options.epochs,
        seconds=seconds,
        loss=loss,
        testAccuracy=accuracy,
        residentBytes=resident_bytes(),
        note=own_words(),
    )


if options.steps > 0:
    train_steps()
else:
    train_epochs()
