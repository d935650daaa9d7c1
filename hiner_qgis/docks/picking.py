"""From the map to a spectrum: which pixel or region of a layer's file is meant."""

import numpy as np
from qgis.core import (
    QgsCoordinateReferenceSystem,
    QgsCoordinateTransform,
    QgsCsException,
    QgsGeometry,
    QgsPointXY,
    QgsProject,
    QgsVectorLayer,
    QgsWkbTypes,
)

from ...core.errors import ParameterError
from .layer_access import shown_of
from .spectrum import pixel_spectrum, region_spectrum


def pixel_work(layer, point, crs):
    """A function of `check` that gives the spectrum of the pixel under a point, in a list.

    crs: of the point. Raises ParameterError for points that lie nowhere in the layer's CRS.
    """
    shown = shown_of(layer)
    x, y = _to_layer(layer, QgsGeometry.fromPointXY(point), crs).asPoint()
    sides = shown.placement.to_pixels(x, y)
    if not np.isfinite(sides).all():
        raise ParameterError("The place lies nowhere near the scene.")
    row, col = (int(np.floor(side)) for side in sides)
    place = _lonlat(shown, row + 0.5, col + 0.5)
    name = f"{layer.name()} ({col}, {row})"

    def work(check):
        spectrum = pixel_spectrum(shown.hnr, row, col, name, check)
        spectrum.place = place
        return [spectrum]

    return work


def region_work(layer, geometries, crs, names):
    """As `pixel_work`, for the mean spectrum of each of some polygons."""
    shown = shown_of(layer)
    regions = []
    for geometry, name in zip(geometries, names):
        moved = _to_layer(layer, geometry, crs)
        rings = _rings(moved, shown.placement)
        if not rings:
            raise ParameterError("The shape is no polygon. Draw one with at least three corners.")
        middle = moved.pointOnSurface().asPoint()
        regions.append((name, rings, _lonlat(shown, *shown.placement.to_pixels(middle.x(), middle.y()))))

    def work(check):
        spectra = []
        for name, rings, place in regions:
            spectrum = region_spectrum(shown.hnr, rings, name, check)
            spectrum.place = place
            spectra.append(spectrum)
        return spectra

    return work


def selected_polygons(layers):
    """The selected features' polygons of vector layers: (geometry, crs, name) each."""
    found = []
    for layer in layers:
        if not isinstance(layer, QgsVectorLayer):
            continue
        if layer.geometryType() != QgsWkbTypes.GeometryType.PolygonGeometry:
            continue
        for feature in layer.selectedFeatures():
            if feature.hasGeometry():
                found.append((feature.geometry(), layer.crs(), f"{layer.name()} {feature.id()}"))
    return found


def _to_layer(layer, geometry, crs):
    moved = QgsGeometry(geometry)
    if crs.isValid() and layer.crs().isValid() and crs != layer.crs():
        try:
            moved.transform(QgsCoordinateTransform(crs, layer.crs(), QgsProject.instance()))
        except QgsCsException as error:
            raise ParameterError(f"The place cannot be found in the layer's CRS: {error}.") from error
    return moved


def _rings(geometry, placement):
    if geometry.type() != QgsWkbTypes.GeometryType.PolygonGeometry:
        return []
    straight = QgsGeometry(geometry)
    straight.convertToMultiType()
    rings = []
    for polygon in straight.asMultiPolygon():
        for ring in polygon:
            rows, cols = placement.ring_to_pixels([p.x() for p in ring], [p.y() for p in ring])
            rings.append(np.stack([rows, cols], axis=1))
    return rings


def _lonlat(shown, row, col):
    if not shown.crs.isValid():
        return None
    world = QgsCoordinateReferenceSystem("EPSG:4326")
    transform = QgsCoordinateTransform(shown.crs, world, QgsProject.instance())
    try:
        point = transform.transform(QgsPointXY(*shown.placement.to_map(row, col)))
    except QgsCsException:
        return None
    return point.x(), point.y()
