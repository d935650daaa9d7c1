"""What a process needs in its environment so that its GDAL reads the virtual rasters."""

import os
from pathlib import Path

from .document import FUNCTION

BRIDGE = Path(__file__).resolve().parent / "bridge"
ENABLE, TRUSTED, SEARCH = "GDAL_VRT_ENABLE_PYTHON", "GDAL_VRT_PYTHON_TRUSTED_MODULES", "PYTHONPATH"
MODULE = FUNCTION.split(".")[0]


def variables(before):
    """{name: value} to set, from the variables that are set already, a mapping.

    One module is trusted by its name, beside those that were. Where the user has allowed or forbidden all Python in
    virtual rasters, that stands: the first needs nothing more, the second is the user's to change.
    """
    search = [str(BRIDGE), *(part for part in before.get(SEARCH, "").split(os.pathsep) if part and part != str(BRIDGE))]
    out = {SEARCH: os.pathsep.join(search)}
    if before.get(ENABLE, "TRUSTED_MODULES").upper() == "TRUSTED_MODULES":
        trusted = [name.strip() for name in before.get(TRUSTED, "").split(",") if name.strip()]
        out[ENABLE] = "TRUSTED_MODULES"
        out[TRUSTED] = ",".join(trusted if MODULE in trusted else [*trusted, MODULE])
    return out


def environment_lines():
    """NAME=value of what a program needs that finds none of it set."""
    return [f"{name}={value}" for name, value in variables({}).items()]
