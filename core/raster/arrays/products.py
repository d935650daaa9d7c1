"""The products of arrays that are read as the scenes they are."""

import re

from ...errors import RasterError, SceneError
from . import emit, prisma
from .array_file import ArrayFile

# Each has `recognises(file)`, `samples_of(path, file)`, which returns ArraySamples or raises ValueError with what the
# product lacks, and `CUBES`, names of its arrays that make the scene.
_MISSIONS = {"PRISMA": prisma, "EMIT": emit}
# As GDAL names one array of a file.
_SUBLAYER = re.compile(r'(?:HDF5|NETCDF):"?(?P<path>.+?)"?:(?P<array>[^":]+)', re.IGNORECASE)


def is_product(path):
    """Whether a path is the file of a product that `open_product` opens, or would were it whole."""
    file, mission = _recognised(path)
    if file is not None:
        file.close()
    return mission is not None


def open_product(path):
    """The ArraySamples of a product's file, None where the path is none.

    Raises `RasterError` where a product lacks what its mission's products have, `SceneError` where the path is one of
    the arrays that a product's scene is made of.
    """
    _refuse_sublayer(path)
    file, mission = _recognised(path)
    if mission is None:
        return None
    try:
        return _MISSIONS[mission].samples_of(path, file)
    except ValueError as error:
        lacking = str(error)
    file.close()
    # Not from that error: it would hold the file's arrays, and so the file, as long as anybody holds this one.
    raise RasterError(
        f"{path}: cannot be read as a product of {mission}: {lacking}. Is it damaged, or of a newer kind? "
        "The EnMAP-Box imports such products too."
    )


def _refuse_sublayer(path):
    """Raise SceneError for what would be opened with rows in the place of bands."""
    found = _SUBLAYER.fullmatch(path)
    array = found and found["array"].rsplit("/", 1)[-1]
    cubes = {name for mission in _MISSIONS.values() for name in mission.CUBES}
    if array in cubes and is_product(found["path"]):
        raise SceneError(
            f"{path}: is one array of a product, and its rows would be taken for bands. Choose the product's file "
            f"itself, {found['path']}."
        )


def _recognised(path):
    """(ArrayFile, its mission's name), None for both where a path is no product's file."""
    file = ArrayFile.open(path)
    for name, mission in _MISSIONS.items() if file else ():
        if mission.recognises(file):
            return file, name
    return None, None
