"""The environment in which GDAL, here and in the programs that QGIS starts, reads virtual rasters of `.hnr` files."""

import os
import sys

from ..core.vrt.environment import BRIDGE, variables


class GdalEnvironment:
    """Sets the variables of `core.vrt.environment` and puts back what was there."""

    def __init__(self):
        self._before, self._set = None, {}

    def set(self):
        """Set them; may be called more than once."""
        if self._before is not None:
            return
        self._set = variables(os.environ)
        self._before = {name: os.environ.get(name) for name in self._set}
        os.environ.update(self._set)
        # For GDAL inside QGIS, whose Python runs already.
        if str(BRIDGE) not in sys.path:
            sys.path.append(str(BRIDGE))

    def restore(self):
        """Put back what was there, where nobody has changed it since."""
        for name, value in (self._before or {}).items():
            if os.environ.get(name) == self._set[name]:
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
        if str(BRIDGE) in sys.path:
            sys.path.remove(str(BRIDGE))
        self._before = None
