"""The products of arrays that are read as the scenes they are."""

from ...errors import RasterError
from . import emit, prisma
from .array_file import ArrayFile

# Each has `is_product(file)` and `samples_of(path, file)`: ArraySamples, or ValueError with what a product lacks.
_MISSIONS = {"PRISMA": prisma, "EMIT": emit}


def is_product(path):
    """Whether a path is the file of a product that `open_product` opens, or would were it whole."""
    return _recognised(path)[1] is not None


def open_product(path):
    """The ArraySamples of a product's file, None where the path is none.

    Raises `RasterError` where a product lacks what its mission's products have.
    """
    file, mission = _recognised(path)
    if mission is None:
        return None
    try:
        return _MISSIONS[mission].samples_of(path, file)
    except ValueError as error:
        raise RasterError(
            f"{path}: cannot be read as a product of {mission}: {error}. Download it again, or convert it first."
        ) from error


def _recognised(path):
    """(ArrayFile, its mission's name), None for both where a path is no product's file."""
    file = ArrayFile.open(path)
    for name, mission in _MISSIONS.items() if file else ():
        if mission.is_product(file):
            return file, name
    return None, None
