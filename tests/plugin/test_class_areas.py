"""How many hectares of each class a map has, as QGIS's own report of unique values counts them."""

import math
import re

import pytest
from hiner.core.scene.description import Band, Georeference, SceneDescription

UTM, EQUAL_AREA, FEET, DEGREES, WEB = "EPSG:32633", "EPSG:3035", "EPSG:2263", "EPSG:4326", "EPSG:3857"
NORTH_UP = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
IN_EUROPE = (4321000.0, 30.0, 0.0, 3210000.0, 0.0, -30.0)
IN_NEW_YORK = (980000.0, 10.0, 0.0, 200000.0, 0.0, -20.0)
C, S = 5 * math.cos(0.3), 5 * math.sin(0.3)
LATITUDE = math.radians(52.4)
# Metres that Web Mercator gives this latitude, and an arc second of it on the ellipsoid WGS 84 (a = 6378137 m).
NORTHING = 6378137 * math.log(math.tan(math.pi / 4 + LATITUDE / 2))
SECOND, E2 = math.radians(1 / 3600), 0.00669437999014
W2 = 1 - E2 * math.sin(LATITUDE) ** 2
ARC_SECOND = 6378137**2 * (1 - E2) / W2**2 * math.cos(LATITUDE) * SECOND**2
NOWHERE = 'ENGCRS["arbitrary",EDATUM[""],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]'


@pytest.fixture
def area_of(plugin):
    from hiner.hiner_qgis.pixel_area import pixel_area
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransformContext

    def area(crs, geotransform, n_rows=100):
        wkt = QgsCoordinateReferenceSystem(crs).toWkt() if crs.startswith("EPSG") else crs
        place = Georeference(wkt, geotransform)
        return pixel_area(SceneDescription(n_rows, 50, (Band(),), "uint8", 0, place), QgsCoordinateTransformContext())

    return area


@pytest.mark.parametrize(("crs", "geotransform", "square_metres"), [
    (UTM, NORTH_UP, 900.0),
    (UTM, (365055.0, C, S, 5807085.0, S, -C), 25.0),
    (EQUAL_AREA, IN_EUROPE, 900.0),
], ids=["UTM", "turned", "equal area"])
def test_a_plane_that_is_true_to_the_ground_is_taken_as_it_is(area_of, crs, geotransform, square_metres):
    assert area_of(crs, geotransform) == pytest.approx(square_metres, rel=1e-9)


@pytest.mark.parametrize(("crs", "geotransform", "square_metres"), [
    (FEET, IN_NEW_YORK, 200 * (1200 / 3937) ** 2),
    (DEGREES, (13.0, 1 / 3600, 0.0, 52.4, 0.0, -1 / 3600), ARC_SECOND),
    (WEB, (1447000.0, 10.0, 0.0, NORTHING, 0.0, -10.0), 100 * math.cos(LATITUDE) ** 2 * (1 - E2) / W2**2),
], ids=["feet", "degrees", "Web Mercator"])
def test_elsewhere_it_is_measured_on_the_ellipsoid(area_of, crs, geotransform, square_metres):
    assert area_of(crs, geotransform, n_rows=1) == pytest.approx(square_metres, rel=1e-4)


def test_pixels_of_different_areas_have_no_common_one(area_of):
    assert area_of(DEGREES, (13.0, 0.01, 0.0, 52.4, 0.0, -0.01), n_rows=1000) is None


@pytest.mark.parametrize(("crs", "geotransform"), [("", NORTH_UP), (UTM, None), (NOWHERE, NORTH_UP)])
def test_what_lies_nowhere_has_no_area(area_of, crs, geotransform):
    assert area_of(crs, geotransform) is None


def test_the_log_lists_the_hectares_of_each_class(run, checkout, listen, tmp_path):
    pytest.importorskip("sklearn")
    sample, feedback = checkout / "resources" / "sample", listen()
    scene, model, made = str(sample / "enmap_potsdam.tif"), str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    run(
        "trainclassifier", INPUT=scene, SAMPLES=str(sample / "enmap_potsdam_classes.geojson"), VARIANT="svm", PATCH=1,
        SPLIT="none", OUTPUT=model,
    )
    run("classify", feedback, INPUT=scene, MODEL=model, OUTPUT=made)
    listed = [float(text.replace(",", "")) for text in re.findall(r"%, ([0-9.,]+) ha", "\n".join(feedback.infos))]
    table = run("native:rasterlayeruniquevaluesreport", INPUT=made, BAND=1, OUTPUT_TABLE="memory:")["OUTPUT_TABLE"]
    counted = {feature["value"]: feature[2] / 1e4 for feature in table.getFeatures()}
    assert len(listed) >= 3
    assert sorted(area for area in listed if area) == pytest.approx(sorted(counted.values()), abs=0.006)
