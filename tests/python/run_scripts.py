"""Runs exported scripts, all in one process, and says what they computed.

    python3 tests/python/run_scripts.py ORDERS.json

ORDERS.json is a list of {folder, kind}: a folder with an exported archive, and
what to do. A line of JSON is printed for each, in their order:

    predict     {probabilities}: those of examples.npz beside the scripts, row after row
    train       {losses, accuracies, rates, validations, tensors}: of at most so many `steps` from initial.npz; `tensors`
                are the values of each that is kept, by name
    augment     {pixels}: the images of examples.npz, changed by `key` as those from place `first` on

and with all, {problems}: what is wrong with the text of the scripts, a sentence each.
"""

import ast
import importlib
import json
import pathlib
import sys
import warnings

sys.dont_write_bytecode = True
# Arithmetic that overflows or divides by 0 is a fault of the scripts.
warnings.simplefilter("error", RuntimeWarning)

LINE_LIMIT = 79


class Modules:
    """The modules of a folder, as a program started there would import them; forgotten afterwards."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        sys.path.insert(0, str(self.folder))
        self.before = set(sys.modules)
        return importlib.import_module

    def __exit__(self, *_):
        sys.path.remove(str(self.folder))
        names = {path.stem for path in self.folder.glob("*.py")}
        for name in names & (set(sys.modules) - self.before):
            del sys.modules[name]


def predict(folder):
    with Modules(folder) as import_module:
        module = import_module("predict")
        images = module.read_images(folder / "examples.npz", module.IMAGE_SHAPE)
        network = module.load_network(module.WEIGHTS)
        return {"probabilities": module.predict_all(network, images).ravel().tolist()}


def train(folder, steps):
    validations = []
    with Modules(folder) as import_module:
        module = import_module("train")
        part, validation = module.read_parts(folder / "data")
        initial = module.read_tensors(folder / "initial.npz")
        kept, reports = module.train(
            part, validation, initial, steps, lambda _epoch, _reports, result: validations.append(result)
        )
    return {
        "losses": [report.loss for report in reports],
        "accuracies": [report.accuracy for report in reports],
        "rates": [report.learning_rate for report in reports],
        "validations": [loss for loss, _ in validations],
        "tensors": {name: tensor.ravel().tolist() for name, tensor in kept.items()},
    }


def augment(folder, key, first):
    with Modules(folder) as import_module:
        module = import_module("augmentation")
        with module.np.load(folder / "examples.npz") as arrays:
            return {"pixels": module.augment(arrays["images"], key, first).ravel().tolist()}


def assigned_names(tree):
    """What the top of a module defines or imports, but for what is imported: (defined, imported)."""
    defined, imported = set(), set()
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            defined.add(node.name)
        elif isinstance(node, ast.Assign):
            defined.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            imported.update(alias.asname or alias.name for alias in node.names)
    return defined, imported


def problems_of(path, wanted):
    """What a reader would stumble over in a script; `wanted` are the names that the others import of it."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    defined, imported = assigned_names(tree)
    for name in sorted((defined | imported) - used - wanted):
        yield f"{path.name} has {name} and does not use it"
    if ast.get_docstring(tree) is None:
        yield f"{path.name} does not say what it is"
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > LINE_LIMIT:
            yield f"{path.name}:{number} is longer than {LINE_LIMIT} characters"
        if line != line.rstrip():
            yield f"{path.name}:{number} ends in spaces"
        if line.strip().startswith("#: "):
            yield f"{path.name}:{number} has a mark of the template"
    if "\n\n\n\n" in text or not text.endswith("\n") or text.endswith("\n\n"):
        yield f"{path.name} has too many empty lines"


def problems(folder):
    scripts = sorted(folder.glob("*.py"))
    wanted = {}
    for path in scripts:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                wanted.setdefault(node.module, set()).update(alias.name for alias in node.names)
    return [one for path in scripts for one in problems_of(path, wanted.get(path.stem, set()))]


KINDS = {"predict": predict, "train": train, "augment": augment}


def main():
    orders = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    for order in orders:
        folder = pathlib.Path(order.pop("folder"))
        try:
            answer = KINDS[order.pop("kind")](folder, **order)
        except Exception as error:
            raise RuntimeError(f"the scripts in {folder} failed") from error
        print(json.dumps({**answer, "problems": problems(folder)}), flush=True)


if __name__ == "__main__":
    main()
