"""Odd features among the samples are read, or left out and counted; one of them never stops the others."""

import gc
import importlib.util

import numpy as np
import pytest

# Columns 4 and up of the plugin's synthetic raster are valid in rows 20 to 39.
LEFT, TOP = 365055.0, 5807085.0
QUICK = (
    {"VARIANT": "svm", "PATCH": 1} if importlib.util.find_spec("sklearn")
    else {"VARIANT": "pixel", "EPOCHS": 1, "DEVICE": "cpu", "ISI": False}
)


def square(row, col, size=5):
    x, y, side = LEFT + 30 * col, TOP - 30 * row, 30 * size
    return f"((({x} {y},{x + side} {y},{x + side} {y - side},{x} {y - side},{x} {y})))"


PLACES = [(20, 2), (32, 2), (20, 30), (32, 30)]
SQUARES = [f"MULTIPOLYGON{square(*place)}" for place in PLACES]
COLLECTIONS = [f"GEOMETRYCOLLECTION(MULTIPOLYGON{square(*place)},POINT({LEFT + 605} {TOP - 905}))" for place in PLACES]
VALUES = [1, 1, 2, 2]


@pytest.fixture
def layer(qgis):
    """A function that makes a layer of geometries, texts (None: none), with their classes."""
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    def make(shapes, values, kind="integer", geometry="MultiPolygon", crs="EPSG:32633"):
        made = QgsVectorLayer(f"{geometry}?crs={crs}&field=class:{kind}", "fields", "memory")
        features = []
        for text, value in zip(shapes, values):
            feature = QgsFeature(made.fields())
            if text is not None:
                feature.setGeometry(QgsGeometry.fromWkt(text))
            feature.setAttributes([value])
            features.append(feature)
        assert made.dataProvider().addFeatures(features)[0]
        assert made.featureCount() == len(shapes)
        return made

    yield make
    gc.collect()


@pytest.fixture
def trained(run, raster, listen, tmp_path):
    """A function that trains on a layer: (the classifier's arrays, what the log says)."""
    from hiner.core.classification.model.model_file import read_model

    def train(samples, **parameters):
        feedback, path = listen(), str(tmp_path / "m.hncls")
        given = {"INPUT": raster, "SAMPLES": samples, "FIELD": "class", "SPLIT": "none", "OUTPUT": path}
        run("trainclassifier", feedback, **{**given, **QUICK, **parameters})
        return read_model(path).arrays, feedback.infos

    return train


@pytest.fixture
def refused(trained):
    from qgis.core import QgsProcessingException

    def train(samples):
        with pytest.raises(QgsProcessingException) as caught:
            trained(samples)
        return str(caught.value)

    return train


def same(arrays, others):
    return all(np.array_equal(arrays[name], others[name]) for name in others)


def test_whole_numbers_in_a_field_with_decimals_are_classes(trained, layer):
    arrays, _ = trained(layer(SQUARES, [float(value) for value in VALUES], "double(10,3)"))
    assert same(arrays, trained(layer(SQUARES, VALUES))[0])


def test_a_collection_is_what_it_holds(trained, layer):
    arrays, infos = trained(layer(COLLECTIONS, VALUES, geometry="GeometryCollection"))
    assert same(arrays, trained(layer(SQUARES, VALUES))[0])
    # The point that all have is labelled with both classes.
    assert "1 labelled pixels are labelled with several classes and are left out." in infos


@pytest.mark.parametrize(("shape", "kind"), [
    ("LINESTRING(0 0,1 1)", "LineString"), ("GEOMETRYCOLLECTION(LINESTRING(0 0,1 1))", "GeometryCollection"),
])
def test_lines_are_called_what_they_are(refused, layer, shape, kind):
    message = refused(layer([shape] * 2, [1, 2], geometry=kind))
    assert "'fields'" in message
    assert "type LineString is no sample" in message


def test_features_without_a_class_or_a_geometry_are_counted(trained, layer):
    more = [*SQUARES, SQUARES[0], SQUARES[1], SQUARES[2], None, "MULTIPOLYGON EMPTY"]
    arrays, infos = trained(layer(more, ["1", "1", "2", "2", None, "", "  ", "1", "2"], "string"))
    assert "3 features have no class and are left out." in infos
    assert "2 features have no geometry and are left out." in infos
    assert same(arrays, trained(layer(SQUARES, ["1", "1", "2", "2"], "string"))[0])


def test_blanks_alone_are_no_class(refused, layer):
    assert "no feature with a class" in refused(layer(SQUARES, [" "] * 4, "string"))


def test_what_test_samples_and_references_lack_is_counted(run, trained, layer, write_raster, listen, tmp_path):
    more = layer([*SQUARES, SQUARES[0]], [*VALUES, None])
    left_out = "1 features have no class and are left out."
    assert f"Of the test samples: {left_out}" in trained(layer(SQUARES, VALUES), TEST_SAMPLES=layer(
        [f"MULTIPOLYGON{square(26, 10)}", f"MULTIPOLYGON{square(26, 20)}", SQUARES[0]], [1, 2, None]
    ))[1]
    feedback = listen()
    run(
        "accuracy", feedback, CLASSIFIED=write_raster(tmp_path / "map.tif", np.ones((1, 40, 48), "uint8")),
        REFERENCE=more, FIELD="class",
    )
    assert left_out in feedback.infos


def test_test_samples_that_are_matched_by_numbers_alone_are_listed(trained, layer):
    from qgis.core import QgsCategorizedSymbolRenderer, QgsRendererCategory

    named, other = layer(SQUARES, VALUES), layer([f"MULTIPOLYGON{square(26, col)}" for col in (10, 20)], [1, 2])
    named.setRenderer(QgsCategorizedSymbolRenderer("class", [
        QgsRendererCategory(value, None, name) for value, name in ((1, "lake"), (2, "wood"))
    ]))
    matched = "Of the test samples: The layer of test samples has no names for its classes: they are matched by number, "
    (said,) = [line for line in trained(named, TEST_SAMPLES=other)[1] if "matched" in line]
    assert said.startswith(f"{matched}1 = lake, 2 = wood. ")
    # Where neither has names, the field alone was meant to say which is which.
    assert "matched" not in " ".join(trained(layer(SQUARES, VALUES), TEST_SAMPLES=other)[1])


# Degrees: on the far side of the earth from the raster's zone, where its projection has no place.
STRAY = "105 0"


@pytest.fixture
def in_degrees(qgis):
    """A function that brings a geometry's text from the raster's system to degrees."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsGeometry, QgsProject

    systems = [QgsCoordinateReferenceSystem(name) for name in ("EPSG:32633", "EPSG:4326")]
    transform = QgsCoordinateTransform(*systems, QgsProject.instance())

    def bring(text):
        geometry = QgsGeometry.fromWkt(text)
        geometry.transform(transform)
        return geometry.asWkt(12)

    return bring


def test_a_stray_point_is_outside_and_the_others_train(trained, layer, in_degrees):
    points = [f"POINT({LEFT + 30 * (5 + n % 12) + 11} {TOP - 30 * (22 + n // 12) - 11})" for n in range(48)]
    values = [1 + n // 24 for n in range(48)]
    arrays, infos = trained(layer(
        [*map(in_degrees, points), f"POINT({STRAY})"], [*values, 2], geometry="Point", crs="EPSG:4326"
    ))
    assert "1 labelled pixels lie outside the image and are left out." in infos
    assert same(arrays, trained(layer(points, values, geometry="Point"))[0])


def test_stray_polygons_are_outside_and_the_others_train(trained, layer, in_degrees):
    squares = [in_degrees(text) for text in SQUARES]
    # All corners away, and one corner alone of a polygon on the image.
    away = f"MULTIPOLYGON((({STRAY},105.1 0,105.1 0.1,{STRAY})))"
    strays = [away, in_degrees(f"MULTIPOLYGON{square(26, 20)}").replace("(((", f"((({STRAY},").replace(
        ")))", f",{STRAY})))"
    )]
    arrays, infos = trained(layer([*squares, *strays], [*VALUES, 1, 2], crs="EPSG:4326"))
    assert "2 polygons lie outside the image and are left out." in infos
    assert same(arrays, trained(layer(SQUARES, VALUES))[0])


def test_strays_alone_are_refused(refused, layer):
    message = refused(layer([f"POINT({STRAY})", "POINT(104 0)"], [1, 2], geometry="Point", crs="EPSG:4326"))
    assert "'fields'" in message
    assert "cannot be brought to the image's coordinate reference system" in message


def test_a_place_that_fails_takes_no_other_with_it(qgis, monkeypatch):
    """As where QGIS refuses many places for one of them."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsCsException, QgsLineString, QgsProcessingContext

    from hiner.hiner_qgis.parameters import reprojection

    class Strict(QgsLineString):
        def transform(self, transform):
            if any(point.x() > 100 for point in self.points()):
                raise QgsCsException("no place")
            super().transform(transform)

    systems = [QgsCoordinateReferenceSystem(name) for name in ("EPSG:4326", "EPSG:32633")]
    xs, ys = np.array([13.0, 13.1, 105.0, 13.2, 13.3]), np.array([52.0, 52.0, 0.0, 52.0, 52.0])
    expected = reprojection.Reprojection(*systems, QgsProcessingContext())(xs, ys)
    monkeypatch.setattr(reprojection, "QgsLineString", Strict)
    strict = reprojection.Reprojection(*systems, QgsProcessingContext())
    found = strict(xs, ys)
    strict.check()
    assert np.array_equal(found, expected, equal_nan=True)
    assert np.isnan(found)[:, 2].all()
    assert np.isfinite(found).sum() == 8
