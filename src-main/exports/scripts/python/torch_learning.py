"""Learning: the loss, the optimizer and what limits them, in PyTorch."""

import torch
from torch.nn import functional

from network import STATISTICS, WEIGHTS, Network, Step, load_tensors, predict
from recipe import (
    AVERAGING_DECAY,
    CLIPPING_NORM,
    CLIPPING_VALUE,
    L1,
    L2,
    LEARNING_RATE,
    MAX_NORM,
    average_kept,
)


class Lion(torch.optim.Optimizer):
    """Steps by the sign of a mean of gradients (Chen et al., 2023)"""

    def __init__(self, parameters, lr, betas, weight_decay):
        defaults = {"lr": lr, "betas": betas, "weight_decay": weight_decay}
        super().__init__(parameters, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            beta1, beta2 = group["betas"]
            for parameter in group["params"]:
                gradient = parameter.grad
                state = self.state[parameter]
                mean = state.get("mean", torch.zeros_like(gradient))
                direction = beta1 * mean + (1 - beta1) * gradient
                state["mean"] = beta2 * mean + (1 - beta2) * gradient
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                parameter.sub_(group["lr"] * torch.sign(direction))


#: section optimizer
def make_optimizer(parameters):
    """What moves the parameters; the rate of each step is set before it."""
    return torch.optim.Adam(parameters)


#: end
class Learner:
    """A network that learns from images, step by step."""

    def __init__(self, tensors):
        self.network = Network()
        load_tensors(self.network, tensors)
        self.optimizer = make_optimizer(self.network.parameters())
        #: if averaging
        self.averages = {
            name: parameter.detach().clone()
            for name, parameter in self.network.named_parameters()
        }
        #: end

    def step(self, passes, noise, number, rate):
        """Learns from a batch; its mean loss and accuracy before that.

        `passes` are pairs of images and where they begin in the epoch's
        order, `noise` is for dropout, `number` counts steps from 1.
        """
        count = sum(len(images.x) for images, _ in passes)
        self.network.train()
        self.optimizer.zero_grad()
        loss = hits = 0.0
        for images, first in passes:
            logits = self.network(
                torch.from_numpy(images.x), Step(noise, first)
            )
            sum_of_losses = functional.cross_entropy(
                logits, torch.from_numpy(images.targets), reduction="sum"
            )
            (sum_of_losses / count).backward()
            loss += sum_of_losses.item()
            predicted = logits.argmax(dim=1).numpy()
            hits += float((predicted == images.labels).sum())
        self.update(number, rate)
        return loss / count, hits / count

    def update(self, number, rate):
        """Moves what is trained against its gradients."""
        #: if penalties
        weights = dict(self.network.named_parameters())
        for name in WEIGHTS:
            penalty = 0
            #: if l1
            penalty = penalty + L1 * weights[name].abs().sum()
            #: end
            #: if l2
            penalty = penalty + L2 / 2 * weights[name].square().sum()
            #: end
            penalty.backward()
        #: end
        #: if clipping-value
        torch.nn.utils.clip_grad_value_(
            self.network.parameters(), CLIPPING_VALUE
        )
        #: end
        #: if clipping-norm
        torch.nn.utils.clip_grad_norm_(
            self.network.parameters(), CLIPPING_NORM
        )
        #: end
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        #: if max-norm
        self.limit_weights()
        #: end
        #: if averaging
        self.average(average_kept(number, AVERAGING_DECAY))
        #: end

    #: if max-norm
    @torch.no_grad()
    def limit_weights(self):
        """No unit's incoming weights are longer than the maximum norm.

        Srebro, Rennie and Jaakkola, 2005.
        """
        weights = dict(self.network.named_parameters())
        for name in WEIGHTS:
            limited = torch.renorm(weights[name], 2, 0, MAX_NORM)
            weights[name].copy_(limited)

    #: end
    #: if averaging
    @torch.no_grad()
    def average(self, kept):
        """Moves the averages towards what is trained."""
        for name, parameter in self.network.named_parameters():
            self.averages[name].lerp_(parameter, 1 - kept)

    #: end
    def tensors(self):
        """A copy of what is validated and kept, by name."""
        tensors = self.network.state_dict()
        #: if averaging
        tensors = {**tensors, **self.averages}
        #: end
        return {
            name: tensor.numpy().copy()
            for name, tensor in tensors.items()
            if not name.endswith("num_batches_tracked")
        }

    def predict(self, images):
        """Probabilities (images, classes), of uint8 images."""
        #: if averaging
        averaged = Network()
        load_tensors(averaged, self.tensors())
        return predict(averaged, images)
        #: else
        return predict(self.network, images)
        #: end
