"""What Weft is compared with PyTorch on, in the words of Weft's recipes.

A case is {name, shape, layers, optimizer, options, steps}: the image's (height, width, channels), the recipe's layers,
its optimizer, those options of the recipe that change a step, and how many steps are taken. Options are away from their
defaults, so that one that Weft does not read shows. Images are small and not square, and widths seldom multiples of 4.
"""

GRAY, COLOUR = (9, 7, 1), (8, 6, 3)


def dense(units=10, activation="tanh"):
    return {"type": "dense", "units": units, "activation": activation}


def convolution(filters=4, kernel=3, stride=1, padding=1, activation="tanh"):
    return {
        "type": "convolution",
        "filters": filters,
        "kernel": kernel,
        "stride": stride,
        "padding": padding,
        "activation": activation,
    }


def pooling(kind, size=2, stride=2):
    return {"type": f"{kind}-pooling", "size": size, "stride": stride}


def activation(name):
    return {"type": "activation", "activation": name}


BATCH_NORM = {"type": "batch-norm", "momentum": 0.2, "epsilon": 0.001}
FLATTEN = {"type": "flatten"}
GLOBAL = {"type": "global-average-pooling"}
PRELU = {"type": "prelu"}

ADAM = {"type": "adam", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6}
MOMENTUM = {"type": "momentum", "learningRate": 0.1, "momentum": 0.8}


def case(name, layers, optimizer=MOMENTUM, shape=GRAY, options=None, steps=10):
    return {
        "name": name,
        "shape": shape,
        "layers": layers,
        "optimizer": optimizer,
        "options": options or {},
        "steps": steps,
    }


OPTIMIZERS = [
    case(f"optimizer {optimizer['type']}", [dense(10, "relu")], optimizer)
    for optimizer in [
        ADAM,
        {**ADAM, "type": "adamw", "weightDecay": 0.3},
        {"type": "gradient-descent", "learningRate": 0.3},
        MOMENTUM,
        {**MOMENTUM, "type": "nesterov"},
        {"type": "rmsprop", "learningRate": 0.005, "decay": 0.8, "epsilon": 1e-6},
        {"type": "adagrad", "learningRate": 0.05, "epsilon": 1e-6},
        {"type": "lion", "learningRate": 0.003, "beta1": 0.8, "beta2": 0.95, "weightDecay": 0.3},
    ]
]

ACTIVATIONS = [
    case(f"activation {name}", [dense(11, name), dense(9, name)])
    for name in ["relu", "leaky-relu", "tanh", "sigmoid", "elu", "gelu", "silu", "softplus", "linear"]
]

LAYERS = [
    case("no layer but the output", []),
    case("three dense layers of odd widths", [dense(17, "relu"), dense(5, "relu"), dense(13, "relu")], ADAM),
    case("an activation as a layer of its own", [dense(10, "linear"), activation("silu")]),
    case("an activation after a convolution", [convolution(activation="linear"), activation("gelu"), FLATTEN]),
    case("one learnt slope a unit", [dense(10, "linear"), PRELU]),
    case("one learnt slope a channel", [convolution(activation="linear"), PRELU, FLATTEN]),
    # What is dropped is random, so no step with it can be compared; predictions drop nothing.
    case("dropout of nothing", [dense(10), {"type": "dropout", "rate": 0}, dense(8)]),
    case("dropout while predicting", [dense(10), {"type": "dropout", "rate": 0.6}, dense(8)], steps=0),
    case("batch normalization of units", [dense(10, "linear"), BATCH_NORM, activation("relu")]),
    case(
        "batch normalization of channels",
        [convolution(activation="linear"), BATCH_NORM, activation("relu"), FLATTEN],
    ),
    case("batch normalization between activations", [dense(12), BATCH_NORM, dense(8)]),
    case("batch normalization after pooling", [convolution(), pooling("max"), BATCH_NORM, FLATTEN, dense(8)]),
    case("batch normalization of what is flattened", [convolution(), FLATTEN, BATCH_NORM, dense(8)]),
    case("batch normalization of the image", [BATCH_NORM, convolution(), FLATTEN], shape=COLOUR),
    case("learnt slopes of what is flattened", [convolution(activation="linear"), FLATTEN, PRELU, dense(8)]),
    case("convolution 3x3 with a border", [convolution(5, 3, 1, 1), FLATTEN]),
    case("convolution 3x3 without a border", [convolution(5, 3, 1, 0), FLATTEN]),
    case("convolution 3x3 with stride 2", [convolution(5, 3, 2, 1), FLATTEN]),
    case("convolution 5x5 with a wide border", [convolution(5, 5, 1, 2), FLATTEN]),
    case("convolution 1x1", [convolution(6, 1, 1, 0), convolution(3, 1, 1, 0), FLATTEN]),
    case("convolution 2x2 with stride 2", [convolution(5, 2, 2, 0), FLATTEN]),
    case("convolution 2x2 with gaps", [convolution(5, 2, 3, 1), FLATTEN]),
    case("convolution of colours", [convolution(5, 3, 1, 1), FLATTEN], shape=COLOUR),
    case("convolution of channels", [convolution(5, 3, 1, 1), convolution(6, 3, 1, 0), FLATTEN]),
    case("convolution with ReLU and Adam", [convolution(17, 3, 1, 1, "relu"), FLATTEN], ADAM),
    case("dense straight after a convolution", [convolution(), dense(8)]),
    case("the output straight after a convolution", [convolution(5)]),
    case("flattened colours", [FLATTEN, dense(9)], shape=COLOUR),
    case("max pooling", [convolution(), pooling("max"), FLATTEN]),
    case("max pooling that overlaps", [convolution(5), pooling("max", 3, 2), FLATTEN]),
    case("max pooling with gaps", [convolution(5), pooling("max", 2, 3), FLATTEN]),
    case("max pooling of the image", [pooling("max"), convolution(), FLATTEN], shape=COLOUR),
    case("average pooling", [convolution(), pooling("average"), FLATTEN]),
    case("average pooling that overlaps", [convolution(5), pooling("average", 3, 2), FLATTEN]),
    case("average pooling of the image", [pooling("average"), convolution(), FLATTEN], shape=COLOUR),
    case("an activation of the image", [activation("tanh"), convolution(), FLATTEN]),
    case("global average pooling", [convolution(9, activation="relu"), GLOBAL]),
    case(
        "a convolutional network of everything",
        [
            convolution(4, activation="linear"),
            BATCH_NORM,
            PRELU,
            pooling("max"),
            convolution(6, 3, 1, 1, "silu"),
            pooling("average", 2, 1),
            FLATTEN,
            dense(10),
            {"type": "dropout", "rate": 0},
        ],
        {"type": "nesterov", "learningRate": 0.2, "momentum": 0.8},
        COLOUR,
    ),
]

CONVOLVED = [convolution(), FLATTEN, dense(8)]
NORMALIZED = [convolution(activation="linear"), BATCH_NORM, PRELU, FLATTEN]

OPTIONS = [
    case("L1 penalty", [dense()], options={"penalties": {"l1": 0.01, "l2": 0}}),
    case("L2 penalty", [dense()], options={"penalties": {"l1": 0, "l2": 0.1}}),
    case("both penalties with Adam", [dense()], ADAM, options={"penalties": {"l1": 0.002, "l2": 0.05}}),
    case("penalties of a convolution", CONVOLVED, options={"penalties": {"l1": 0.005, "l2": 0.1}}),
    case("penalties spare normalization", NORMALIZED, options={"penalties": {"l1": 0.005, "l2": 0.1}}),
    case("label smoothing", [dense()], options={"labelSmoothing": 0.15}),
    case("class weights", [dense()], options={"classWeights": "balanced"}),
    case(
        "class weights and label smoothing",
        [dense()],
        options={"classWeights": "balanced", "labelSmoothing": 0.15},
    ),
    case("mixed images", CONVOLVED, options={"mixup": 0.8}),
    case(
        "mixed images with class weights and label smoothing",
        [dense()],
        options={"mixup": 0.8, "classWeights": "balanced", "labelSmoothing": 0.15},
    ),
    case("clipping by global norm", CONVOLVED, options={"clipping": {"norm": 0.5, "value": None}}),
    case(
        "clipping by global norm after penalties",
        [dense()],
        options={"clipping": {"norm": 0.5, "value": None}, "penalties": {"l1": 0.01, "l2": 0.1}},
    ),
    case("clipping by global norm of normalization", NORMALIZED, options={"clipping": {"norm": 0.3, "value": None}}),
    case("clipping by value", CONVOLVED, options={"clipping": {"norm": None, "value": 0.02}}),
    case("clipping by value and then norm", CONVOLVED, options={"clipping": {"norm": 0.3, "value": 0.05}}),
    case("maximum norm", CONVOLVED, options={"maxNorm": 0.6}),
    case("maximum norm with Adam", [dense()], ADAM, options={"maxNorm": 0.6}),
    case("averaged weights", NORMALIZED, options={"weightAveraging": {"decay": 0.6}}),
    case("averaged weights of a maximum norm", [dense()], options={"weightAveraging": {"decay": 0.6}, "maxNorm": 0.6}),
]

# A case needs a name that no other case has: the name decides its images and starting weights.
GROUPS = {"optimizers": OPTIMIZERS, "activations": ACTIVATIONS, "layers": LAYERS, "options": OPTIONS}
