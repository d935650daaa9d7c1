"""What of a raster's place cannot be kept is told; the rest is kept."""

import numpy as np
import pytest
from osgeo import gdal

from hiner.core.codec import CompressOptions, compress
from hiner.core.hnr_file import HnrFile
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene

ARRAYS = {
    "X_DATASET": "lon.tif", "X_BAND": "1", "Y_DATASET": "lat.tif", "Y_BAND": "1",
    "PIXEL_OFFSET": "0", "LINE_OFFSET": "0", "PIXEL_STEP": "1", "LINE_STEP": "1",
}


def read(path):
    with open_raster(path) as source:
        return read_scene(source), [warning for warning in source.warnings if "wavelengths" not in warning]


def compressed_place(scene, folder):
    compress(scene, folder / "scene.hnr", CompressOptions(max_error=0))
    return HnrFile(folder / "scene.hnr").description.georeference


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_a_ground_control_point_that_is_none_is_left_out(make_raster, cube, tmp_path, odd):
    def place(raster):
        raster.SetGCPs([gdal.GCP(10, 50, 3, 0, 0), gdal.GCP(odd, 50, 4, 9, 0), gdal.GCP(10, 49, 5, 0, 12)], "")

    scene, warnings = read(make_raster(cube, place=place))
    assert [(point.x, point.y) for point in scene.description.georeference.gcps] == [(10, 50), (10, 49)]
    (told,) = warnings
    assert "1 of 3 ground control points" in told
    assert len(compressed_place(scene, tmp_path).gcps) == 2


def test_a_geotransform_that_is_none_is_left_out(make_raster, cube, tmp_path):
    path = str(tmp_path / "scene.vrt")
    gdal.GetDriverByName("VRT").CreateCopy(path, gdal.Open(make_raster(cube)))
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace("<VRTRasterBand", "<GeoTransform>0, nan, 0, 0, 0, -1</GeoTransform><VRTRasterBand", 1))
    assert np.isnan(gdal.Open(path).GetGeoTransform()[1])
    scene, warnings = read(path)
    assert scene.description.georeference.geotransform is None
    (told,) = warnings
    assert "geotransform" in told
    assert compressed_place(scene, tmp_path).geotransform is None


def test_geolocation_arrays_are_told_of_where_nothing_else_places_the_raster(make_raster, cube):
    def swath(raster):
        raster.SetMetadata(ARRAYS, "GEOLOCATION")

    def both(raster):
        swath(raster)
        raster.SetGeoTransform((500000, 30, 0, 4e6, 0, -30))

    _, (told,) = read(make_raster(cube, place=swath))
    assert "gdalwarp -geoloc" in told
    assert read(make_raster(cube, "both.tif", place=both))[1] == []
