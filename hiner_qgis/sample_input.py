"""A parameter for labelled samples: points or polygons with a class field, or a raster of classes."""

from contextlib import contextmanager

import numpy as np
from qgis.core import (
    NULL,
    QgsFeatureRequest,
    QgsRasterLayer,
    QgsVectorLayer,
    QgsVectorLayerFeatureSource,
    QgsWkbTypes,
)

from ..core.classification.grid import Grid
from ..core.classification.label_raster import labels_under, samples_of_labels
from ..core.classification.labelled_shapes import Shape, samples_of_shapes
from ..core.classification.legend import Label, legend_of
from ..core.classification.samples import check_trainable
from ..core.errors import ParameterError
from ..core.raster.gdal_raster import open_raster
from .class_legend import class_key, field_of_style, labels_of_raster, labels_of_style
from .raster_input import gdal_source
from .reprojection import crs_of, reproject, transform_between


class VectorSamples:
    """Labelled features of a vector layer; made in the layer's thread, read in any. title: its name."""

    def __init__(self, layer, field, context):
        self.name, self._context = layer.name(), context
        self._field = field or field_of_style(layer)
        self.title = f"{self.name}, field {self._field}"
        self._column = _column(layer, self._field)
        self._type = layer.fields().at(self._column).typeName()
        self._styled = labels_of_style(layer, self._field)
        self._crs, self._features = layer.crs(), QgsVectorLayerFeatureSource(layer)

    def read(self, description, check):
        """(labels {key: Label}, function from a Legend to Samples) on an image's SceneDescription."""
        grid = Grid(description)
        transform = transform_between(self._crs, crs_of(grid.crs_wkt), self._context)
        shapes = list(self._shapes(transform, check))
        if not shapes:
            raise ParameterError(
                f"The layer '{self.name}' has no feature with a class in its field '{self._field}'."
            )
        keys = {shape.key for shape in shapes}
        # In the style's order first; classes of the style without a feature are no classes here.
        order = [key for key in self._styled if key in keys] + sorted(keys - set(self._styled), key=str)
        labels = {key: self._styled.get(key) or Label(key) for key in order}

        def samples_for(legend):
            with _named(self.name):
                return samples_of_shapes(shapes, labels, legend, grid, check)

        return labels, samples_for

    def _shapes(self, transform, check):
        request = QgsFeatureRequest().setSubsetOfAttributes([self._column])
        for feature in self._features.getFeatures(request):
            check()
            value, geometry = feature.attribute(self._column), feature.geometry()
            if value is None or value == NULL or value == "" or geometry.isNull():
                continue
            key = class_key(value)
            if key is None:
                raise ParameterError(
                    f"The field '{self._field}' of the layer '{self.name}' is of type {self._type} and holds "
                    f"{value!r}; classes are whole numbers or texts. Choose another field."
                )
            points, polygons = _parts(geometry)
            yield Shape(
                key, _reprojected(transform, points),
                tuple([_reprojected(transform, ring) for ring in rings] for rings in polygons),
            )


class RasterSamples:
    """Labels of the first band of a raster layer; made in the layer's thread, read in any. title: its name."""

    def __init__(self, layer, context):
        self._source, self._crs, self._context = gdal_source(layer), layer.crs(), context
        self.name = self.title = layer.name()
        self._styled = labels_of_raster(layer)

    def read(self, description, check):
        """As of `VectorSamples`."""
        transform = transform_between(crs_of(description.georeference.crs_wkt), self._crs, self._context)

        def to_labels(xs, ys):
            return reproject(transform, xs, ys)

        with open_raster(self._source) as source:
            found = labels_under(description, source, to_labels if transform else None, check)
        keys = np.unique(found[2]).tolist()
        labels = {key: self._styled.get(key) or Label(key) for key in keys}
        shape = description.n_rows, description.n_cols

        def samples_for(legend):
            with _named(self.name):
                return samples_of_labels(found, labels, legend, shape)

        return labels, samples_for


def sample_input(algorithm, parameters, name, field_name, context):
    """The `VectorSamples` or `RasterSamples` of a parameter; None where it is left empty.

    field_name: the parameter for the class field. Raises `ParameterError` where it is neither.
    """
    if not algorithm.given(parameters, name):
        return None
    layer = algorithm.parameterAsLayer(parameters, name, context)
    if layer is not None and _opened_here(parameters[name], layer, context):
        # Of a layer that it opens itself, Processing does not read the style that lies beside the file.
        layer.loadDefaultStyle()
    if isinstance(layer, QgsRasterLayer):
        return RasterSamples(layer, context)
    if not isinstance(layer, QgsVectorLayer):
        raise ParameterError(
            f"{name}: {parameters[name]!r} cannot be opened. Choose a layer of points or polygons, or a "
            "raster of classes."
        )
    # QGIS 3.40 renamed it.
    strings = getattr(algorithm, "parameterAsStrings", None) or algorithm.parameterAsFields
    fields = strings(parameters, field_name, context) if field_name else []
    return VectorSamples(layer, fields[0] if fields else "", context)


def read_samples(given, description, check, test=None):
    """(Samples, test Samples or None) of sample inputs on an image's SceneDescription.

    Raises ParameterError, which names the layer, for samples that cannot be trained on.
    """
    labels, samples_for = given.read(description, check)
    with _named(given.name):
        legend = legend_of(labels.values())
    samples = samples_for(legend)
    with _named(given.name):
        check_trainable(samples)
    if test is None:
        return samples, None
    return samples, test.read(description, check)[1](legend)


@contextmanager
def _named(layer_name):
    """Name the layer in what is wrong with its samples."""
    try:
        yield
    except ParameterError as error:
        raise ParameterError(f"The samples of '{layer_name}': {error}") from error


def _opened_here(value, layer, context):
    """Whether Processing opened a file for this parameter: no layer of the project, no earlier step's."""
    project = context.project()
    is_shown = project is not None and project.mapLayer(layer.id()) is not None
    return isinstance(value, str) and value != layer.id() and not is_shown


def _column(layer, field):
    names = layer.fields().names()
    if not field:
        raise ParameterError(
            f"The layer '{layer.name()}' needs a class field. Give one of: {', '.join(names)}."
        )
    if field not in names:
        raise ParameterError(
            f"The layer '{layer.name()}' has no field '{field}'. Its fields: {', '.join(names)}."
        )
    column = layer.fields().indexFromName(field)
    definition = layer.fields().at(column)
    if definition.isNumeric() and definition.precision() > 0:
        raise _wrong_type(layer, field, definition)
    return column


def _wrong_type(layer, field, definition):
    return ParameterError(
        f"The field '{field}' of the layer '{layer.name()}' is of type {definition.typeName()}; classes are "
        "whole numbers or texts. Choose another field."
    )


def _parts(geometry):
    """(points (n, 2), polygons as lists of rings) of a geometry."""
    kind = QgsWkbTypes.geometryType(geometry.wkbType())
    if kind == QgsWkbTypes.GeometryType.PointGeometry:
        points = geometry.asMultiPoint() if geometry.isMultipart() else [geometry.asPoint()]
        return [(point.x(), point.y()) for point in points], []
    if kind != QgsWkbTypes.GeometryType.PolygonGeometry:
        raise ParameterError("The samples are lines; points and polygons can be trained on.")
    polygons = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
    return [], [[[(p.x(), p.y()) for p in ring] for ring in rings] for rings in polygons if rings]


def _reprojected(transform, places):
    places = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    return np.stack(reproject(transform, places[:, 0], places[:, 1]), axis=1)
