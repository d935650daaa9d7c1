"""Compresses one scene with the method `latent` in a process of its own; see `codecs/latent.py`."""

import json
import sys

from package import import_checkout

import_checkout()

from compared import latent  # noqa: E402

if __name__ == "__main__":
    print(json.dumps(latent.one_file(sys.argv[1], json.loads(sys.argv[2]))))
