"""The context models that come with this package, by the number that a file names."""

from functools import lru_cache
from pathlib import Path

from ...errors import FormatError
from . import model_file
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
    name = f"latent_{number}"
    try:
        arrays = model_file.load(FOLDER, name)
    except (OSError, ValueError, KeyError) as error:
        raise FormatError(f"{name} of this installation cannot be read ({error}). Install it again.") from error
    if arrays is None:
        raise FormatError(f"{name} of this installation is damaged. Install it again.")
    model = ContextModel.from_arrays(arrays)
    model.number = number
    return model
