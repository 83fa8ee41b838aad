"""Weft's layers and optimizers, made of PyTorch's.

A network is built from a recipe's layers, the implied output layer included. Its tensors are named as in Weft's model
files: `layers.I.weight`, where I counts the recipe's layers, those without tensors too.
"""

import torch
from torch import nn

ACTIVATIONS = {
    "linear": nn.Identity,
    "relu": nn.ReLU,
    "leaky-relu": lambda: nn.LeakyReLU(0.01),
    "tanh": nn.Tanh,
    "sigmoid": nn.Sigmoid,
    "elu": nn.ELU,
    "gelu": nn.GELU,
    "silu": nn.SiLU,
    "softplus": nn.Softplus,
}

# Tensors of a PyTorch module that are not numbers of the model.
NOT_IN_FILES = ("num_batches_tracked",)


def layer_modules(layer, sample):
    """The modules of one layer, given what comes into it; the first one with tensors is the layer's own."""
    kind = layer["type"]
    is_image = sample.dim() == 4
    if kind == "dense":
        flatten = [nn.Flatten()] if is_image else []
        linear = nn.Linear(sample[0].numel(), layer["units"])
        return [*flatten, linear, ACTIVATIONS[layer["activation"]]()]
    if kind == "convolution":
        convolution = nn.Conv2d(
            sample.shape[1], layer["filters"], layer["kernel"], layer["stride"], layer["padding"]
        )
        return [convolution, ACTIVATIONS[layer["activation"]]()]
    if kind == "batch-norm":
        normalization = nn.BatchNorm2d if is_image else nn.BatchNorm1d
        return [normalization(sample.shape[1], eps=layer["epsilon"], momentum=layer["momentum"])]
    if kind == "max-pooling":
        return [nn.MaxPool2d(layer["size"], layer["stride"])]
    if kind == "average-pooling":
        return [nn.AvgPool2d(layer["size"], layer["stride"])]
    if kind == "global-average-pooling":
        return [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
    if kind == "flatten":
        return [nn.Flatten()]
    if kind == "dropout":
        return [nn.Dropout(layer["rate"])]
    if kind == "activation":
        return [ACTIVATIONS[layer["activation"]]()]
    if kind == "prelu":
        return [nn.PReLU(sample.shape[1])]
    raise ValueError(f"PyTorch's side of the layer {kind} is missing")


class Network(nn.Module):
    """A recipe's layers and the output layer: images (N, C, H, W) become logits (N, classes)."""

    def __init__(self, shape, class_count, layers):
        super().__init__()
        height, width, channels = shape
        output = {"type": "dense", "units": class_count, "activation": "linear"}
        sample = torch.zeros(2, channels, height, width)
        self.layers = nn.ModuleList()
        # For each module with tensors, the layer that it belongs to.
        self.owners = {}
        for index, layer in enumerate([*layers, output]):
            for module in layer_modules(layer, sample):
                if list(module.parameters()):
                    self.owners[len(self.layers)] = index
                self.layers.append(module)
                with torch.no_grad():
                    sample = module.eval()(sample)
        self.train()

    def forward(self, images):
        for module in self.layers:
            images = module(images)
        return images

    def vary_starting_values(self):
        """Gives what usually starts at one value for all channels a value for each, so that a mix-up shows."""
        for module in self.layers:
            if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
                nn.init.uniform_(module.running_mean, -0.5, 0.5)
                nn.init.uniform_(module.running_var, 0.5, 1.5)
            if isinstance(module, nn.PReLU):
                nn.init.uniform_(module.weight, 0.1, 0.4)

    def penalised(self):
        """What L1, L2 and a maximum norm apply to: dense and convolution weights, no biases, no normalization."""
        return [module.weight for module in self.layers if isinstance(module, (nn.Linear, nn.Conv2d))]

    def named_tensors(self):
        """The tensors themselves, under the names of Weft's model files: a list of (name, tensor)."""
        return [
            (f"layers.{layer}.{name}", tensor)
            for place, layer in self.owners.items()
            for name, tensor in self.layers[place].state_dict().items()
            if name not in NOT_IN_FILES
        ]

    def tensors(self):
        """Copies of `named_tensors`."""
        return [(name, tensor.clone()) for name, tensor in self.named_tensors()]

    def load(self, tensors):
        """Replaces the tensors by what `tensors` gave."""
        for (_, tensor), (_, value) in zip(self.named_tensors(), tensors):
            tensor.copy_(value)


class Lion(torch.optim.Optimizer):
    """Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2; PyTorch has none."""

    def __init__(self, parameters, lr, beta1, beta2, weight_decay):
        super().__init__(parameters, dict(lr=lr, beta1=beta1, beta2=beta2, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                mean = self.state[parameter].setdefault("mean", torch.zeros_like(parameter))
                gradient = parameter.grad
                direction = torch.sign(group["beta1"] * mean + (1 - group["beta1"]) * gradient)
                parameter -= group["lr"] * (direction + group["weight_decay"] * parameter)
                mean.copy_(group["beta2"] * mean + (1 - group["beta2"]) * gradient)


def make_optimizer(component, parameters):
    """PyTorch's optimizer for a component of a recipe, all options of which are given."""
    kind, rate = component["type"], component["learningRate"]
    if kind == "gradient-descent":
        return torch.optim.SGD(parameters, rate)
    if kind == "momentum":
        return torch.optim.SGD(parameters, rate, momentum=component["momentum"])
    if kind == "nesterov":
        return torch.optim.SGD(parameters, rate, momentum=component["momentum"], nesterov=True)
    if kind == "rmsprop":
        return torch.optim.RMSprop(parameters, rate, alpha=component["decay"], eps=component["epsilon"])
    if kind == "adagrad":
        return torch.optim.Adagrad(parameters, rate, eps=component["epsilon"])
    if kind == "lion":
        return Lion(parameters, rate, component["beta1"], component["beta2"], component["weightDecay"])
    betas = (component["beta1"], component["beta2"])
    if kind == "adam":
        return torch.optim.Adam(parameters, rate, betas, component["epsilon"])
    if kind == "adamw":
        return torch.optim.AdamW(
            parameters, rate, betas, component["epsilon"], weight_decay=component["weightDecay"]
        )
    raise ValueError(f"PyTorch's side of the optimizer {kind} is missing")
