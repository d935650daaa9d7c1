"""The Python files that users get, and what they import."""

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What trains, and what is trained: importing these imports PyTorch, so that nothing else may on import.
TORCH_MODULES = {
    "hiner.core.training.check",
    "hiner.core.training.estimate",
    "hiner.core.training.loss",
    "hiner.core.training.model",
    "hiner.core.training.rounding",
    "hiner.core.training.slopes",
    "hiner.core.training.squared_errors",
    "hiner.core.training.steps",
    "hiner.core.training.trainer",
    "hiner.core.network.torch_decoding",
    "hiner.core.network.torch_network",
    "hiner.core.classification.network.asw",
    "hiner.core.classification.network.attention",
    "hiner.core.classification.network.augmentation",
    "hiner.core.classification.network.dropout",
    "hiner.core.classification.network.gradients",
    "hiner.core.classification.network.network",
    "hiner.core.classification.network.network_scores",
    "hiner.core.classification.network.position_map",
    "hiner.core.classification.network.spectralformer",
    "hiner.core.classification.network.trainer",
    "hiner.core.classification.network.whitening",
}


@dataclass(frozen=True)
class Import:
    """An import statement: the module's full name, its line, and whether importing the file runs it."""

    module: str
    line: int
    on_import: bool


def shipped_files():
    """The plugin's Python files, sorted paths relative to the root."""
    found = [ROOT / "__init__.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "hiner_qgis").rglob("*.py")]
    return sorted(path.relative_to(ROOT) for path in found)


def module_name(path):
    """`core/errors.py` as `hiner.core.errors`."""
    parts = ["hiner", *path.with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@functools.cache
def imports(path):
    """All imports of a file as a list of `Import`; of `from x import y` both x and x.y are named."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    inside = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = _base(path, node)
            modules = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        found += [Import(module, node.lineno, id(node) not in inside) for module in modules]
    return found


def is_relative_everywhere(path):
    """Whether a file imports the plugin's own modules by relative imports alone."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    absolute = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    absolute += [
        node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level == 0
    ]
    return not any(name.split(".")[0] in ("hiner", "core", "hiner_qgis") for name in absolute)


def _base(path, node):
    if node.level == 0:
        return node.module
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    package = package[: len(package) - node.level + 1]
    return ".".join([*package, node.module] if node.module else package)
