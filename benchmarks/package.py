"""Imports the checkout as the package `hiner`, whatever its folder is called."""

import importlib.util
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def import_checkout():
    """Make `import hiner` find the checkout that holds this file."""
    if "hiner" in sys.modules:
        return
    spec = importlib.util.spec_from_file_location(
        "hiner", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["hiner"] = package
    spec.loader.exec_module(package)
