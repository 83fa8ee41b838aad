"""The referee: trains small networks in PyTorch and writes what Weft must arrive at.

    python3 tests/referee/referee.py [folder]

needs PyTorch 1.13 or later; without a folder the golden numbers beside this file are written anew. For each case of
cases.py it draws images, labels and starting weights from the case's name, takes ten steps (gradients by autograd, no
formula of Weft's) in float32 on one thread of the CPU, and writes one line of JSON with everything that the other
side needs to take the same steps: `golden/<group>.ndjson`.

    name, torch      which case, and the PyTorch that made it
    shape, classCount, layers, optimizer, options
                     the network and the recipe, in Weft's words
    pixels, labels   base64: bytes (images, height, width, channels), and one byte an image
    batches          the images of each step
    initial, final   tensors as in Weft's model files: {name, shape, data}, data base64 of little-endian float32;
                     with averaging, the final ones are the averages
    partnerShares    where images are mixed, the share of the other image in each step
    losses           mean loss of each step's images before its update, penalties left out
    probabilities    base64 float32 (images, classes): what the trained network predicts for all images

A network is a fair judge only where rounding does not decide, so each case is also trained in float64 and refused
where the two differ by more than a fraction of Weft's tolerance; and it is refused where an option changes nothing.
"""

import base64
import json
import pathlib
import sys
import zlib

sys.dont_write_bytecode = True

import torch
from torch.nn import functional

from cases import GROUPS
from networks import Network, make_optimizer

CLASS_COUNT = 5
IMAGE_COUNT = 40
# The last step of an epoch has fewer images.
BATCH_SIZE = 15

# A fifth of what Weft is allowed (tests/referee/comparison.ts).
LOSS_ROUNDING = 2e-6
TENSOR_ROUNDING = 2e-5
# Weights that hardly move, or an option that hardly changes them, would pass whatever Weft did.
LEAST_CHANGE = 2e-3


def draw_images(shape):
    """Noise with a pattern for each class, bytes (images, height, width, channels); the first row is always black."""
    labels = torch.randint(CLASS_COUNT, (IMAGE_COUNT,))
    patterns = torch.randint(180, (CLASS_COUNT, *shape))
    pixels = (patterns[labels] + torch.randint(76, (IMAGE_COUNT, *shape))).to(torch.uint8)
    pixels[:, 0] = 0
    return pixels, labels


def draw_batches(steps):
    """The images of each step: every epoch takes all of them in an order of its own."""
    batches = []
    while len(batches) < steps:
        batches += [batch.tolist() for batch in torch.randperm(IMAGE_COUNT).split(BATCH_SIZE)]
    return batches[:steps]


def draw_partner_shares(case):
    """The share of the other image in each step; none where images are not mixed."""
    if "mixup" not in case["options"]:
        return []
    alpha = torch.tensor(float(case["options"]["mixup"]))
    return torch.distributions.Beta(alpha, alpha).sample((case["steps"],)).tolist()


def balanced_weights(labels):
    """images / (classes * images of the class)."""
    return len(labels) / (CLASS_COUNT * torch.bincount(labels, minlength=CLASS_COUNT).double())


def sum_losses(logits, labels, options, class_weights):
    """A class weight multiplies the loss of its images."""
    losses = functional.cross_entropy(
        logits, labels, reduction="none", label_smoothing=options.get("labelSmoothing", 0)
    )
    if "classWeights" in options:
        losses = losses * class_weights.to(losses.dtype)[labels]
    return losses.sum()


def batch_loss(network, images, labels, options, class_weights, share):
    """The mean over the batch, each image mixed with the next one where `share` is the next one's share."""
    if share is None:
        return sum_losses(network(images), labels, options, class_weights) / len(labels)
    logits = network((1 - share) * images + share * images.roll(-1, 0))
    own = sum_losses(logits, labels, options, class_weights)
    others = sum_losses(logits, labels.roll(-1, 0), options, class_weights)
    return ((1 - share) * own + share * others) / len(labels)


def penalty(network, penalties):
    """l1 * sum |w| + l2 / 2 * sum w^2."""
    return sum(
        penalties["l1"] * weight.abs().sum() + penalties["l2"] / 2 * weight.square().sum()
        for weight in network.penalised()
    )


def limit_gradients(network, options):
    """Values first."""
    clipping = options.get("clipping", {"norm": None, "value": None})
    if clipping["value"] is not None:
        torch.nn.utils.clip_grad_value_(network.parameters(), clipping["value"])
    if clipping["norm"] is not None:
        torch.nn.utils.clip_grad_norm_(network.parameters(), clipping["norm"])


@torch.no_grad()
def limit_weights(network, options):
    """No unit's or filter's incoming weights are longer than the maximum."""
    if "maxNorm" in options:
        for weight in network.penalised():
            weight.copy_(torch.renorm(weight, p=2, dim=0, maxnorm=options["maxNorm"]))


@torch.no_grad()
def average(averages, network, step, decay):
    """The running average of the parameters after a step, counted from 1; it soon forgets the start."""
    kept = min(decay, (1 + step) / (10 + step))
    for mean, parameter in zip(averages, network.parameters()):
        mean.mul_(kept).add_(parameter, alpha=1 - kept)


def train(case, options, initial, pixels, labels, batches, shares, dtype=torch.float32):
    """(losses, tensors, probabilities) after a step on each batch, from the initial tensors."""
    network = Network(case["shape"], CLASS_COUNT, case["layers"])
    network.load(initial)
    network.to(dtype)
    optimizer = make_optimizer(case["optimizer"], network.parameters())
    averages = [parameter.detach().clone() for parameter in network.parameters()]
    images = pixels.permute(0, 3, 1, 2).to(dtype) / 255
    weights = balanced_weights(labels)
    losses = []
    for step, batch in enumerate(batches, 1):
        optimizer.zero_grad()
        share = shares[step - 1] if "mixup" in options else None
        loss = batch_loss(network, images[batch], labels[batch], options, weights, share)
        losses.append(loss.item())
        if "penalties" in options:
            loss = loss + penalty(network, options["penalties"])
        loss.backward()
        limit_gradients(network, options)
        optimizer.step()
        limit_weights(network, options)
        if "weightAveraging" in options:
            average(averages, network, step, options["weightAveraging"]["decay"])
    with torch.no_grad():
        if "weightAveraging" in options:
            for mean, parameter in zip(averages, network.parameters()):
                parameter.copy_(mean)
        probabilities = network.eval()(images).softmax(1)
    return losses, network.tensors(), probabilities


def largest_difference(first, second):
    """Over two lists of (name, tensor)."""
    return max((a.double() - b.double()).abs().max().item() for (_, a), (_, b) in zip(first, second))


def check(case, given, trained):
    """Raises where the case could not tell a right engine from a wrong one."""
    losses, tensors, _ = trained
    initial, _, _, batches, _ = given
    exact_losses, exact_tensors, _ = train(case, case["options"], *given, dtype=torch.float64)
    loss_rounding = max((abs(a - b) for a, b in zip(losses, exact_losses)), default=0)
    tensor_rounding = largest_difference(tensors, exact_tensors)
    name = case["name"]
    if not (loss_rounding <= LOSS_ROUNDING and tensor_rounding <= TENSOR_ROUNDING):
        raise ValueError(f"{name}: rounding decides (losses {loss_rounding:.1e}, tensors {tensor_rounding:.1e})")
    for (tensor_name, before), (_, after) in zip(initial, tensors):
        # The gradient of a bias straight before a batch normalization is 0.
        if batches and not tensor_name.endswith("bias") and not (after - before).abs().max() >= LEAST_CHANGE:
            raise ValueError(f"{name}: {tensor_name} hardly moves")
    for option in case["options"]:
        rest = {key: value for key, value in case["options"].items() if key != option}
        without = train(case, rest, *given)
        if not largest_difference(tensors, without[1]) >= LEAST_CHANGE:
            raise ValueError(f"{name}: {option} hardly changes anything")
    return loss_rounding, tensor_rounding


def encode(tensor, dtype=torch.float32):
    return base64.b64encode(tensor.to(dtype).contiguous().numpy().tobytes()).decode("ascii")


def encode_all(tensors):
    return [{"name": name, "shape": list(tensor.shape), "data": encode(tensor)} for name, tensor in tensors]


def judge(case):
    """The case as one line of a golden file says it."""
    torch.manual_seed(zlib.crc32(case["name"].encode()))
    pixels, labels = draw_images(case["shape"])
    batches = draw_batches(case["steps"])
    network = Network(case["shape"], CLASS_COUNT, case["layers"])
    network.vary_starting_values()
    initial = network.tensors()
    shares = draw_partner_shares(case)
    given = (initial, pixels, labels, batches, shares)
    trained = train(case, case["options"], *given)
    loss_rounding, tensor_rounding = check(case, given, trained)
    losses, final, probabilities = trained
    curve = " ".join(f"{loss:.4f}" for loss in losses)
    print(f"{case['name']}: {curve} (float64: losses {loss_rounding:.1e}, tensors {tensor_rounding:.1e})")
    return {
        "name": case["name"],
        "torch": torch.__version__,
        "shape": list(case["shape"]),
        "classCount": CLASS_COUNT,
        "layers": case["layers"],
        "optimizer": case["optimizer"],
        "options": case["options"],
        "pixels": encode(pixels, torch.uint8),
        "labels": encode(labels, torch.uint8),
        "batches": batches,
        **({"partnerShares": shares} if shares else {}),
        "initial": encode_all(initial),
        "losses": losses,
        "final": encode_all(final),
        "probabilities": encode(probabilities),
    }


def main():
    beside = pathlib.Path(__file__).parent / "golden"
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else beside
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    for group, cases in GROUPS.items():
        lines = [json.dumps(judge(case)) for case in cases]
        (folder / f"{group}.ndjson").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
