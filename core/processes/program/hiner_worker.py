"""The program of a process that works for another: jobs come in, what they give goes out, until the input ends.

The first line is JSON: `root`, the plugin's folder; `path`, where that process finds its modules. Whatever a job
prints goes nowhere, for the output is the answer.
"""

import importlib
import importlib.util
import json
import os
import sys


def main():
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    wishes = sys.stdin.buffer
    told = json.loads(wishes.readline())
    sys.path[:] = told["path"]
    serve = _serving(told["root"])
    serve(wishes, answers)


def _serving(root):
    """The package's own `serve`, of the checkout in that folder, whatever it is called."""
    spec = importlib.util.spec_from_file_location(
        "hiner", os.path.join(root, "__init__.py"), submodule_search_locations=[root]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["hiner"] = package
    spec.loader.exec_module(package)
    return importlib.import_module("hiner.core.processes.serving").serve


if __name__ == "__main__":
    main()
