"""A parameter for an image with many bands: a `.hnr` file, a layer of one, or any raster."""

from qgis.core import QgsRasterLayer

from ...core.classification.imagery.image import hnr_image, raster_image
from ...core.container.magic import EXTENSION
from ...core.errors import ParameterError, RasterError
from ...core.hnr_file import HnrFile
from ...core.raster.layer_words import placed
from ..layer import source
from .raster_input import crs_set_for, names_product, raster_input


class ImageInput:
    """What the parameter stands for; `open` gives the engine's Image."""

    def __init__(self, hnr_path="", raster=None, crs_wkt=""):
        self._hnr_path, self._raster, self._crs_wkt = hnr_path, raster, crs_wkt

    def open(self, axis=None):
        """Return the Image; axis: BandAxis of a model, None for all bands. Raises what opening raises."""
        if self._hnr_path:
            hnr = HnrFile(self._hnr_path)
            place, notes = placed(hnr.description.georeference, self._crs_wkt)
            image = hnr_image(hnr, axis, place)
            image.warnings = notes
            return image
        return raster_image(self._raster.open(), axis)


def names_hnr(value):
    """Whether a parameter's value is the path of a `.hnr` file, with or without what a layer shows of it."""
    return isinstance(value, str) and source.split(value)[0].lower().endswith(EXTENSION)


def image_input(algorithm, parameters, name, context):
    """Return the `ImageInput` of a parameter. Raises `ParameterError` where it is none."""
    value = parameters.get(name)
    if names_hnr(value):
        return ImageInput(source.split(value)[0])
    if names_product(value):
        return ImageInput(raster=raster_input(algorithm, parameters, name, context))
    layer = algorithm.parameterAsRasterLayer(parameters, name, context)
    if isinstance(layer, QgsRasterLayer) and layer.providerType() == source.PROVIDER:
        return ImageInput(source.split(layer.source())[0], crs_wkt=crs_set_for(layer))
    if layer is None and not isinstance(value, str):
        raise ParameterError(f"{name}: no image is given. Choose a .hnr file or a raster.")
    return ImageInput(raster=raster_input(algorithm, parameters, name, context))


def why_no_hnr(path):
    """What is wrong with a path that is to be a `.hnr` file, a text; empty where it is there."""
    path = source.split(path)[0]
    try:
        with open(path, "rb"):
            return ""
    except OSError as error:
        return str(RasterError(f"{path} could not be read: {error.strerror or error}."))
