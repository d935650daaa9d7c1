"""The sample scene's polygons as layers, parted into training and test, and classifiers to compare with."""

import importlib.util

import numpy as np

# The quickest classifier that can be trained here.
QUICK = (
    {"VARIANT": "svm"} if importlib.util.find_spec("sklearn")
    else {"VARIANT": "pixel", "EPOCHS": 1, "DEVICE": "cpu", "ISI": False}
)

CLASSES = {
    "Roof": "#d7301f", "Pavement": "#9c9ca6", "Low vegetation": "#a6d96a", "Tree": "#1a7a3c", "Soil": "#b8860b",
    "Water": "#2b7bba",
}
# Squares of a chessboard on the scene: 8 pixels of 30 m.
EVEN, ODD = 0, 1
_SQUARE, _LEFT, _TOP, _ROWS, _COLS = 240.0, 365055.0, 5807085.0, 8, 16


def samples_of(checkout, squares=None, field="class", categorised=True, epsg=None, points=False):
    """The sample's polygons as a layer in memory.

    squares: EVEN or ODD, their parts in those squares of a chessboard alone. categorised: with the classes' colours in its style. epsg: another CRS than the scene's. points:
    a point within each polygon in its place.
    """
    from qgis.core import (
        QgsCoordinateReferenceSystem,
        QgsCoordinateTransform,
        QgsFeature,
        QgsProject,
        QgsVectorLayer,
        QgsWkbTypes,
    )

    source = QgsVectorLayer(str(checkout / "resources" / "sample" / "enmap_potsdam_classes.geojson"), "c", "ogr")
    crs = QgsCoordinateReferenceSystem(f"EPSG:{epsg}") if epsg else source.crs()
    transform = QgsCoordinateTransform(source.crs(), crs, QgsProject.instance())
    kind = "Point" if points else "MultiPolygon"
    layer = QgsVectorLayer(f"{kind}?crs={crs.authid()}&field={field}:string&field=size:double(10,3)", "fields", "memory")
    made = []
    for feature in source.getFeatures():
        geometry = feature.geometry()
        if squares is not None:
            geometry = geometry.intersection(_chessboard(squares))
            if geometry.isEmpty() or geometry.area() < 1:
                continue
            geometry.convertGeometryCollectionToSubclass(QgsWkbTypes.GeometryType.PolygonGeometry)
        if points:
            geometry = geometry.pointOnSurface()
            # Off the lines between pixels, where the rounding of a projection would decide.
            geometry.translate(4.0, 4.0)
        geometry.transform(transform)
        copied = QgsFeature(layer.fields())
        copied.setGeometry(geometry)
        copied.setAttributes([feature["class"], feature.geometry().area()])
        made.append(copied)
    layer.dataProvider().addFeatures(made)
    if categorised:
        layer.setRenderer(_style(field, kind))
    return layer


def _style(field, kind):
    from qgis.core import (
        QgsCategorizedSymbolRenderer,
        QgsFillSymbol,
        QgsMarkerSymbol,
        QgsRendererCategory,
    )

    symbol = QgsMarkerSymbol if kind == "Point" else QgsFillSymbol
    categories = [
        QgsRendererCategory(name, symbol.createSimple({"color": colour}), name) for name, colour in CLASSES.items()
    ]
    return QgsCategorizedSymbolRenderer(field, categories)


def _chessboard(squares):
    from qgis.core import QgsGeometry, QgsRectangle

    places = [(row, col) for row in range(_ROWS) for col in range(_COLS) if (row + col) % 2 == squares]
    corners = [(_LEFT + col * _SQUARE, _TOP - (row + 1) * _SQUARE) for row, col in places]
    return QgsGeometry.unaryUnion(
        [QgsGeometry.fromRect(QgsRectangle(x, y, x + _SQUARE, y + _SQUARE)) for x, y in corners]
    )


def burnt(path, layer, like, field="class"):
    """Class numbers (from 1, in CLASSES' order) of a layer of polygons on a raster's grid, by GDAL: (rows, cols)."""
    from osgeo import gdal, ogr

    scene = gdal.Open(str(like))
    memory = ogr.GetDriverByName("Memory").CreateDataSource("m")
    shapes = memory.CreateLayer("s", scene.GetSpatialRef(), ogr.wkbPolygon)
    shapes.CreateField(ogr.FieldDefn("v", ogr.OFTInteger))
    for feature in layer.getFeatures():
        shape = ogr.Feature(shapes.GetLayerDefn())
        shape.SetGeometry(ogr.CreateGeometryFromWkt(feature.geometry().asWkt()))
        shape.SetField("v", 1 + list(CLASSES).index(feature[field]))
        shapes.CreateFeature(shape)
    target = gdal.GetDriverByName("GTiff").Create(str(path), scene.RasterXSize, scene.RasterYSize, 1, gdal.GDT_Byte)
    target.SetGeoTransform(scene.GetGeoTransform())
    target.SetProjection(scene.GetProjection())
    gdal.RasterizeLayer(target, [1], shapes, options=["ATTRIBUTE=v"])
    target.FlushCache()
    numbers = target.ReadAsArray()
    target = scene = shape = shapes = memory = None
    return numbers


def majority_accuracy(train, test):
    """Share of labelled test pixels of the class that is most frequent in training."""
    return float(np.mean(test[test > 0] == np.bincount(train[train > 0]).argmax()))


def nearest_mean_accuracy(cube, train, test):
    """Share of labelled test pixels whose spectrum, (bands, rows, cols), is nearest to its class's mean."""
    numbers = np.unique(train[train > 0])
    means = np.stack([cube[:, train == number].mean(axis=1) for number in numbers])
    spectra = cube[:, test > 0].T
    distances = ((spectra[:, None, :] - means[None]) ** 2).sum(axis=2)
    return float(np.mean(numbers[distances.argmin(axis=1)] == test[test > 0]))
