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

from ...core.classification.labels.grid import Grid
from ...core.classification.labels.label_raster import labels_under, samples_of_labels
from ...core.classification.labels.labelled_shapes import Shape, samples_of_shapes
from ...core.classification.labels.legend import Label, legend_of
from ...core.classification.labels.pairing import number_notes
from ...core.classification.labels.samples import check_trainable
from ...core.errors import ParameterError
from ...core.raster.gdal_raster import open_raster
from ..describe import label_lines
from .class_legend import class_key, field_of_style, labels_of_raster, labels_of_style, load_saved_style
from .raster_input import file_of_layer
from .reprojection import Reprojection, crs_of

_GUESSED = (
    "The {} has no coordinate reference system: the samples' coordinates are taken for the image's. Look whether "
    "they lie where they should."
)
_SOURCES = "layer of samples", "layer of test samples"


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
        reprojection = Reprojection(self._crs, crs_of(grid.crs_wkt), self._context)
        shapes, notes = self._shapes(reprojection, check)
        if not shapes:
            raise ParameterError(
                f"The layer '{self.name}' has no feature with a class in its field '{self._field}' and a geometry."
            )
        with _named(self.name):
            reprojection.check()
        notes += _guessed(reprojection, self._crs)
        keys = {shape.key for shape in shapes}
        # In the style's order first; classes of the style without a feature are no classes here.
        order = [key for key in self._styled if key in keys] + sorted(keys - set(self._styled), key=str)
        labels = {key: self._styled.get(key) or Label(key) for key in order}

        def samples_for(legend):
            with _named(self.name):
                return samples_of_shapes(shapes, labels, legend, grid, check).select(slice(None), *notes)

        return labels, samples_for

    def _shapes(self, reprojection, check):
        """(Shapes, notes on the features that are none)"""
        request = QgsFeatureRequest().setSubsetOfAttributes([self._column])
        shapes, without = [], {"class": 0, "geometry": 0}
        for feature in self._features.getFeatures(request):
            check()
            value, geometry = feature.attribute(self._column), feature.geometry()
            if _is_no_class(value):
                without["class"] += 1
            elif geometry.isNull() or geometry.isEmpty():
                without["geometry"] += 1
            else:
                shapes.append(self._shape(value, geometry, reprojection))
        return shapes, [f"{n} features have no {what} and are left out." for what, n in without.items() if n]

    def _shape(self, value, geometry, reprojection):
        key = class_key(value)
        if key is None:
            raise ParameterError(
                f"The field '{self._field}' of the layer '{self.name}' is of type {self._type} and holds "
                f"{value!r}; classes are whole numbers or texts. Choose another field."
            )
        with _named(self.name):
            points, polygons = _parts(geometry)
        return Shape(
            key, _reprojected(reprojection, points),
            tuple([_reprojected(reprojection, ring) for ring in rings] for rings in polygons),
        )


class RasterSamples:
    """Labels of the first band of a raster layer; made in the layer's thread, read in any. title: its name."""

    def __init__(self, layer, name, context):
        self._source, self._crs, self._context = file_of_layer(layer, name), layer.crs(), context
        self.name = self.title = layer.name()
        self._styled = labels_of_raster(layer)

    def read(self, description, check):
        """As of `VectorSamples`."""
        reprojection = Reprojection(crs_of(description.georeference.crs_wkt), self._crs, self._context)
        with open_raster(self._source) as source:
            notes = [*label_lines(source, "taken for the labels")]
            found = labels_under(description, source, self._styled, reprojection, check)
        with _named(self.name):
            reprojection.check()
        if found.by_place:
            notes += _guessed(reprojection, self._crs)
        shape = description.n_rows, description.n_cols

        def samples_for(legend):
            with _named(self.name):
                return samples_of_labels(found, legend, shape).select(slice(None), *notes)

        return found.labels, samples_for


def sample_input(algorithm, parameters, name, field_name, context):
    """The `VectorSamples` or `RasterSamples` of a parameter; None where it is left empty.

    field_name: the parameter for the class field. Raises `ParameterError` where it is neither.
    """
    if not algorithm.given(parameters, name):
        return None
    layer = algorithm.parameterAsLayer(parameters, name, context)
    if layer is not None:
        load_saved_style(layer, parameters[name], context)
    if isinstance(layer, QgsRasterLayer):
        return RasterSamples(layer, name, context)
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
    others, test_samples_for = test.read(description, check)
    tested = test_samples_for(legend)
    return samples, tested.select(slice(None), *number_notes(legend, others.values(), *_SOURCES))


@contextmanager
def _named(layer_name):
    """Name the layer in what is wrong with its samples."""
    try:
        yield
    except ParameterError as error:
        raise ParameterError(f"The samples of '{layer_name}': {error}") from error


def _guessed(reprojection, crs):
    """A note where the samples' or the image's system is unknown, crs being the samples'; else none."""
    return [_GUESSED.format("image" if crs.isValid() else "layer of samples")] if reprojection.is_guess else []


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
    return layer.fields().indexFromName(field)


def _is_no_class(value):
    return value is None or value == NULL or (isinstance(value, str) and not value.strip())


def _parts(geometry):
    """(points (n, 2), polygons as lists of rings) of a geometry, or of all that a collection holds."""
    kind = QgsWkbTypes.geometryType(geometry.wkbType())
    if kind == QgsWkbTypes.GeometryType.PointGeometry:
        points = geometry.asMultiPoint() if geometry.isMultipart() else [geometry.asPoint()]
        return [(point.x(), point.y()) for point in points], []
    if kind == QgsWkbTypes.GeometryType.PolygonGeometry:
        polygons = geometry.asMultiPolygon() if geometry.isMultipart() else [geometry.asPolygon()]
        return [], [[[(p.x(), p.y()) for p in ring] for ring in rings] for rings in polygons if rings]
    if QgsWkbTypes.flatType(geometry.wkbType()) != QgsWkbTypes.Type.GeometryCollection:
        raise ParameterError(
            f"A geometry of the type {QgsWkbTypes.displayString(geometry.wkbType())} is no sample; points and "
            "polygons can be trained on."
        )
    held = [_parts(part) for part in geometry.asGeometryCollection() if not part.isEmpty()]
    return [point for points, _ in held for point in points], [rings for _, polygons in held for rings in polygons]


def _reprojected(reprojection, places):
    places = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    return np.stack(reprojection(places[:, 0], places[:, 1]), axis=1)
