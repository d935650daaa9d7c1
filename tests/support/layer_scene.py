"""The scene of the layer tests."""

import numpy as np

from hiner.core.scene.description import Band, Georeference, SceneDescription
from hiner.core.scene.scene import Scene
from hiner.core.scene.validity import validity_of

GEOTRANSFORM = (500000.0, 30.0, 0.0, 5000000.0, 0.0, -30.0)
WAVELENGTHS = 430.0 + 25.0 * np.arange(12)
ROWS, COLS, BAD_BAND = 70, 90, 6
OWN = [band for band in range(12) if band != BAD_BAND]
HOLE = (slice(10, 20), slice(30, 45))


def make_layer_scene():
    """Smooth in space and wavelength, with a hole of nodata and a bad band without data."""
    y, x = np.mgrid[:ROWS, :COLS]
    cube = np.stack([1500 + 900 * np.sin(y / 11 + k / 5) * np.cos(x / 13) + 20 * k for k in range(12)])
    cube = np.rint(cube).astype("uint16")
    cube[(slice(None), *HOLE)] = 0
    cube[BAD_BAND] = 0
    bands = tuple(Band(float(w), 20.0, good=k != BAD_BAND) for k, w in enumerate(WAVELENGTHS))
    description = SceneDescription(
        ROWS, COLS, bands, "uint16", 0.0, Georeference(utm_wkt(), GEOTRANSFORM), source="flight.tif"
    )
    return Scene(description, cube, validity_of(cube, 0.0))


def utm_wkt():
    """WKT of EPSG:32633."""
    from osgeo import osr

    place = osr.SpatialReference()
    place.ImportFromEPSG(32633)
    return place.ExportToWkt(["FORMAT=WKT2_2019"])
