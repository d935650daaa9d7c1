"""The context models that come with this package, by the number that a file names."""

import json
import zlib
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import numpy as np

from ...errors import FormatError
from .context_model import ContextModel

FOLDER = Path(__file__).resolve().parents[3] / "resources" / "context"
CURRENT = 1
KNOWN = (1,)


@lru_cache(maxsize=len(KNOWN))
def context_model(number=CURRENT):
    """The ContextModel of that number.

    Raises FormatError for a number that this version does not know, and where the installed model is
    not the one it should be: decoding with another would give noise.
    """
    if number not in KNOWN:
        raise FormatError(f"The file needs context model {number!r}, which this version does not have. Update it.")
    path = FOLDER / f"latent_{number}.npz"
    try:
        data = path.read_bytes()
        expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["crc32"]
    except (OSError, ValueError, KeyError) as error:
        raise FormatError(f"{path.name} of this installation cannot be read ({error}). Install it again.") from error
    if f"{zlib.crc32(data):08x}" != expected:
        raise FormatError(f"{path.name} of this installation is damaged. Install it again.")
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        return ContextModel.from_arrays({name: arrays[name] for name in arrays.files})
