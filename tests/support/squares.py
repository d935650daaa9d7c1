"""Labelled squares on the plugin's synthetic raster, as a layer in memory."""

# Columns 4 and up of that raster are valid in rows 20 to 39.
LEFT, TOP = 365055.0, 5807085.0
# Row, column, size in pixels, class.
TWO = [(20, 2, 5, 1), (32, 2, 5, 1), (20, 30, 5, 2), (32, 30, 5, 2)]


def layer_of_squares(squares, kind="integer", epsg=32633, east=0.0):
    """A layer of squares, (row, col, size in pixels, value); kind: of the field `class`; east: metres to the east."""
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    made = QgsVectorLayer(f"Polygon?crs=EPSG:{epsg}&field=class:{kind}", "fields", "memory")
    features = []
    for row, col, size, value in squares:
        x, y = LEFT + 30 * col + east, TOP - 30 * row
        feature = QgsFeature(made.fields())
        feature.setGeometry(QgsGeometry.fromRect(QgsRectangle(x, y - 30 * size, x + 30 * size, y)))
        feature.setAttributes([value])
        features.append(feature)
    made.dataProvider().addFeatures(features)
    return made
