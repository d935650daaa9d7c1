"""What a layer shows of its file, and whether a file put in its place can be shown there."""

from qgis.core import QgsCoordinateReferenceSystem

from ...core.errors import FormatError, HinerError, RasterError
from . import bands as of_bands
from . import cache, source, versions
from .open_files import identity_of, open_file
from .placement import Placement
from .values import LayerValues


class Shown:
    """A source, opened: everything that all clones of a provider share.

    Never changed, but for `values.coarseness` and what `renewed` learns of a file that it refuses.
    Raises what `open_file` and `layer_bands` raise.
    """

    def __init__(self, uri):
        self._uri, self._refused = uri, (None, "")
        self.source = source.parse(uri)
        self.opened = open_file(self.source.path)
        self.hnr = self.opened.hnr
        self.placement = Placement(self.hnr.description)
        self.bands = of_bands.layer_bands(self.hnr, self.source, self.placement.is_turned)
        self.values = LayerValues(self.opened, self.bands, self.placement, cache.SHARED)
        self.dtype = versions.value_dtype(self.bands.dtype)
        self.crs = QgsCoordinateReferenceSystem()
        place = self.hnr.description.georeference
        if place.crs_wkt and self.placement.is_placed:
            self.crs.createFromWkt(place.crs_wkt)

    def read(self, *asked):
        """What `LayerValues.read` gives. Raises as that and as `check_unchanged`."""
        self.check_unchanged()
        return self.values.read(*asked)

    def check_unchanged(self):
        """Raise RasterError where the file is gone, FormatError where it is another by now."""
        try:
            self.opened.check_unchanged()
        except FormatError as error:
            identity, problem = self._refused
            if identity is None or identity_of(self.source.path) != identity:
                raise
            raise FormatError(problem) from error

    def renewed(self):
        """A Shown of the file as it is now, or this one where that cannot take its place in the layer.

        QGIS asks a layer once for its bands and its place. `check_unchanged` tells what is wrong then.
        """
        path = self.source.path
        try:
            identity = identity_of(path)
        except RasterError:
            return self
        try:
            new = Shown(self._uri)
        except HinerError as error:
            problem = f"cannot be shown any more: {error}"
        else:
            others = _differences(self, new)
            if not others:
                return new
            problem = f"has {', '.join(others)} now."
        self._refused = identity, (
            f"{path} was replaced since the layer was opened, and {problem} "
            "Remove the layer and open the file again."
        )
        return self


def _differences(old, new):
    """What QGIS keeps of the layer of a Shown and is otherwise in another."""
    counts = [len(shown.bands.bands) for shown in (new, old)]
    sizes = ["{} x {}".format(*shown.placement.size) for shown in (new, old)]
    others = {
        "{} bands instead of {}".format(*counts): counts[0] != counts[1],
        "{} pixels instead of {}".format(*sizes): sizes[0] != sizes[1],
        "another extent": new.placement.extent != old.placement.extent,
        "another coordinate reference system": new.crs != old.crs,
    }
    return [what for what, is_other in others.items() if is_other]
