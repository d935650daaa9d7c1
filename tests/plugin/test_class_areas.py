"""How many hectares of each class a map has, as QGIS's own report of unique values counts them."""

import math
import re

import pytest
from hiner.core.scene.description import Georeference

UTM, FEET, DEGREES = "EPSG:32633", "EPSG:2263", "EPSG:4326"
NORTH_UP = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
C, S = 5 * math.cos(0.3), 5 * math.sin(0.3)


@pytest.fixture
def area_of(plugin):
    from hiner.hiner_qgis.pixel_area import pixel_area
    from qgis.core import QgsCoordinateReferenceSystem

    def area(crs, geotransform):
        wkt = QgsCoordinateReferenceSystem(crs).toWkt() if crs else ""
        return pixel_area(Georeference(wkt, geotransform))

    return area


@pytest.mark.parametrize(("crs", "geotransform", "square_metres"), [
    (UTM, NORTH_UP, 900.0),
    (UTM, (0.0, C, S, 0.0, S, -C), 25.0),
    # A foot of the US survey is 1200/3937 m; QGIS took it for one of 0.3048 m, two millionths shorter, at first.
    (FEET, (0.0, 10.0, 0.0, 0.0, 0.0, -20.0), 200 * (1200 / 3937) ** 2),
], ids=["30 m", "turned", "feet"])
def test_a_pixel_covers_what_its_geotransform_spans(area_of, crs, geotransform, square_metres):
    assert area_of(crs, geotransform) == pytest.approx(square_metres, rel=1e-5)


@pytest.mark.parametrize(("crs", "geotransform"), [(DEGREES, NORTH_UP), ("", NORTH_UP), (UTM, None)])
def test_without_metres_there_is_no_area(area_of, crs, geotransform):
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
