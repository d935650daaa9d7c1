"""From labelled polygons to a map that can be trusted, on the sample scene, through Processing alone."""

import csv
import gc
import importlib.util
from types import SimpleNamespace

import numpy as np
import pytest
from land_cover import (
    CLASSES,
    EVEN,
    ODD,
    burnt,
    majority_accuracy,
    nearest_mean_accuracy,
    samples_of,
)

NAMES = list(CLASSES)
PLACE = "365505,367005,5805555,5806455 [EPSG:32633]"


@pytest.fixture(scope="module")
def scene(checkout):
    return str(checkout / "resources" / "sample" / "enmap_potsdam.tif")


@pytest.fixture(scope="module")
def compressed(plugin, scene, tmp_path_factory):
    """The sample scene as a `.hnr` file, about fifty times smaller."""
    import processing

    path = str(tmp_path_factory.mktemp("land_cover") / "scene.hnr")
    processing.run("hiner:compress", {"INPUT": scene, "METHOD": "latent", "OUTPUT": path})
    return path


@pytest.fixture(scope="module")
def parted(plugin, checkout, scene, tmp_path_factory):
    """Polygons to train on and to test on, in different squares, as layers and as numbers on the scene's grid."""
    train, test = samples_of(checkout, EVEN), samples_of(checkout, ODD)
    folder = tmp_path_factory.mktemp("numbers")
    yield SimpleNamespace(
        train=train, test=test, train_raster=str(folder / "train.tif"), test_raster=str(folder / "test.tif"),
        train_numbers=burnt(folder / "train.tif", train, scene), test_numbers=burnt(folder / "test.tif", test, scene),
    )
    del train, test
    gc.collect()


@pytest.fixture(scope="module")
def svm(plugin, compressed, parted, tmp_path_factory):
    """What training a support vector machine came to, its map, probabilities and accuracy."""
    pytest.importorskip("sklearn")
    return whole_way(compressed, parted, tmp_path_factory.mktemp("svm"), VARIANT="svm", PATCH=3)


@pytest.fixture(scope="module")
def network(plugin, compressed, parted, tmp_path_factory):
    """The same of a small and briefly trained transformer."""
    pytest.importorskip("torch")
    return whole_way(
        compressed, parted, tmp_path_factory.mktemp("network"), VARIANT="best", PATCH=3, EPOCHS=12, DEVICE="cpu",
    )


def whole_way(image, parted, folder, **options):
    import processing

    files = {name: str(folder / name) for name in ("m.hncls", "m.html", "map.tif", "p.tif", "a.html", "a.csv")}
    trained = processing.run(
        "hiner:trainclassifier",
        {
            "INPUT": image, "SAMPLES": parted.train, "FIELD": "class", "TEST_SAMPLES": parted.test,
            "OUTPUT": files["m.hncls"], "OUTPUT_HTML": files["m.html"], **options,
        },
    )
    processing.run(
        "hiner:classify",
        {"INPUT": image, "MODEL": files["m.hncls"], "OUTPUT": files["map.tif"], "OUTPUT_PROBABILITY": files["p.tif"]},
    )
    accuracy = processing.run(
        "hiner:accuracy",
        {
            "CLASSIFIED": files["map.tif"], "REFERENCE": parted.test, "FIELD": "class", "OUTPUT_HTML": files["a.html"],
            "OUTPUT_CSV": files["a.csv"],
        },
    )
    return SimpleNamespace(trained=trained, accuracy=accuracy, folder=folder, files=files)


def values_of(path):
    from osgeo import gdal

    return gdal.Open(str(path)).ReadAsArray()


def legend_of(path):
    """(category names, colours of the named) in a raster's file."""
    from osgeo import gdal

    dataset = gdal.Open(str(path))
    # GDAL 3.6 reads a GeoTIFF's category names only once something else of its .aux.xml was asked for.
    dataset.GetGeoTransform()
    band = dataset.GetRasterBand(1)
    names, table = band.GetCategoryNames(), band.GetColorTable()
    colours = ["#%02x%02x%02x" % table.GetColorEntry(number)[:3] for number in range(1, len(names))]
    band = dataset = None
    return names, colours


def share_right(mapped, reference):
    return float(np.mean(mapped[reference > 0] == reference[reference > 0]))


@pytest.mark.parametrize("which", ["svm", "network"])
def test_a_map_is_better_than_the_most_frequent_class_and_than_nearest_means(which, request, parted, scene):
    found = request.getfixturevalue(which)
    cube = values_of(scene).astype(float)
    cube = cube[(cube != -32768).all(axis=(1, 2))]
    # Names in CLASSES' order are numbers from 1 in both.
    own = share_right(values_of(found.files["map.tif"]), parted.test_numbers)
    assert own > majority_accuracy(parted.train_numbers, parted.test_numbers) + 0.05
    assert own > nearest_mean_accuracy(cube, parted.train_numbers, parted.test_numbers)
    assert found.trained["OA"] == pytest.approx(own)
    assert found.accuracy["OA"] == pytest.approx(own)


def test_accuracy_is_scikit_learns(svm, parted):
    metrics = pytest.importorskip("sklearn.metrics")
    labelled = parted.test_numbers > 0
    reference, mapped = parted.test_numbers[labelled], values_of(svm.files["map.tif"])[labelled]
    with open(svm.files["a.csv"], newline="") as file:
        lines = list(csv.DictReader(file))
    figures = {(line["figure"], line["class"], line["of_class"]): line["value"] for line in lines}
    assert svm.accuracy["OA"] == pytest.approx(metrics.accuracy_score(reference, mapped))
    assert svm.accuracy["AA"] == pytest.approx(metrics.balanced_accuracy_score(reference, mapped))
    assert svm.accuracy["KAPPA"] == pytest.approx(metrics.cohen_kappa_score(reference, mapped))
    users, producers, f1, _ = metrics.precision_recall_fscore_support(reference, mapped, zero_division=0)
    matrix = metrics.confusion_matrix(reference, mapped)
    for place, number in enumerate(np.unique(np.concatenate([reference, mapped]))):
        name = NAMES[number - 1]
        assert float(figures["producers_accuracy", name, ""]) == pytest.approx(producers[place])
        assert float(figures["users_accuracy", name, ""] or 0) == pytest.approx(users[place])
        assert float(figures["f1", name, ""] or 0) == pytest.approx(f1[place])
        assert int(figures["pixels", name, name]) == matrix[place, place]


def test_names_and_colours_of_the_style_reach_the_file(network):
    assert legend_of(network.files["map.tif"]) == (["", *NAMES], list(CLASSES.values()))


def test_a_map_opened_from_its_file_shows_the_classes_and_no_others(network):
    from osgeo import gdal
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(network.files["map.tif"], "map")
    shown = {entry.label: entry.color.name() for entry in layer.renderer().classes()}
    del layer
    assert shown == CLASSES
    # A band of classes is no spectral band that could be bad.
    assert "bbl" not in gdal.Open(network.files["map.tif"]).GetRasterBand(1).GetMetadata()


@pytest.mark.parametrize("which", ["svm", "network"])
def test_names_and_colours_of_the_style_reach_the_reports(which, request):
    found = request.getfixturevalue(which)
    for name in ("m.html", "a.html"):
        page = (found.folder / name).read_text(encoding="utf-8")
        for title, colour in CLASSES.items():
            assert title in page
            assert colour in page
    page = (found.folder / "m.html").read_text(encoding="utf-8")
    assert "Confusion matrix" in page
    assert "test samples of their own" in page
    assert page.count("<img") + page.count("<svg") >= 4


def test_a_networks_report_holds_its_course_and_its_rival(network):
    page = (network.folder / "m.html").read_text(encoding="utf-8")
    assert "Course of the training" in page
    is_there = importlib.util.find_spec("sklearn") is not None
    assert ("On the same pixels a support vector machine" in page) == is_there
    assert ("scikit-learn is not installed" in page) != is_there


def test_probabilities_sum_to_one_and_the_largest_is_the_class(network):
    shares, mapped = values_of(network.files["p.tif"]), values_of(network.files["map.tif"])
    assert shares.shape == (len(NAMES), 64, 128)
    assert np.allclose(shares.sum(axis=0), 1, atol=1e-4)
    ordered = np.sort(shares, axis=0)
    clear = ordered[-1] - ordered[-2] > 1e-5
    assert clear.mean() > 0.99
    assert np.array_equal(shares.argmax(axis=0)[clear] + 1, mapped[clear])


def test_an_extent_is_that_part_of_the_whole_map(network, compressed, run, tmp_path):
    from osgeo import gdal

    run(
        "classify", INPUT=compressed, MODEL=network.files["m.hncls"], OUTPUT=str(tmp_path / "part.tif"), EXTENT=PLACE
    )
    dataset = gdal.Open(str(tmp_path / "part.tif"))
    assert dataset.GetGeoTransform() == (365505.0, 30.0, 0.0, 5806455.0, 0.0, -30.0)
    part = dataset.ReadAsArray()
    dataset = None
    assert np.array_equal(part, values_of(network.files["map.tif"])[21:51, 15:65])


def test_the_same_seed_gives_the_same_classifier(network, compressed, parted, run, tmp_path):
    again = whole_way(compressed, parted, tmp_path, VARIANT="best", PATCH=3, EPOCHS=12, DEVICE="cpu")
    assert again.trained["OA"] == network.trained["OA"]
    assert np.array_equal(values_of(again.files["p.tif"]), values_of(network.files["p.tif"]))


def test_a_label_raster_trains_the_same_classifier_as_its_polygons(svm, compressed, parted, run, tmp_path):
    model, made = str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    run(
        "trainclassifier", INPUT=compressed, SAMPLES=parted.train_raster, TEST_SAMPLES=parted.test_raster,
        VARIANT="svm", PATCH=3, OUTPUT=model,
    )
    run("classify", INPUT=compressed, MODEL=model, OUTPUT=made)
    assert np.array_equal(values_of(made), values_of(svm.files["map.tif"]))
    found = run("accuracy", CLASSIFIED=made, REFERENCE=parted.test_raster)
    assert found["OA"] == pytest.approx(svm.trained["OA"])


def test_points_in_another_crs_label_the_pixels_that_they_label_in_the_scenes(compressed, checkout, run, tmp_path):
    pytest.importorskip("sklearn")
    maps = []
    for epsg in (None, 4326):
        points = samples_of(checkout, epsg=epsg, points=True)
        model, made = str(tmp_path / f"{epsg}.hncls"), str(tmp_path / f"{epsg}.tif")
        run(
            "trainclassifier", INPUT=compressed, SAMPLES=points, FIELD="class", VARIANT="svm", PATCH=1, SPLIT="none",
            OUTPUT=model,
        )
        run("classify", INPUT=compressed, MODEL=model, OUTPUT=made)
        maps.append(values_of(made))
    assert len(np.unique(maps[0])) > 3
    assert np.array_equal(*maps)


def test_polygons_in_another_crs_measure_the_same(svm, checkout, run):
    found = run(
        "accuracy", CLASSIFIED=svm.files["map.tif"], FIELD="class",
        REFERENCE=samples_of(checkout, ODD, epsg=25833),
    )
    assert found["OA"] == pytest.approx(svm.accuracy["OA"], abs=0.01)


def test_a_file_of_samples_brings_the_style_beside_it(compressed, checkout, run, tmp_path):
    pytest.importorskip("sklearn")
    model, made = str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    samples = str(checkout / "resources" / "sample" / "enmap_potsdam_classes.geojson")
    run("trainclassifier", INPUT=compressed, SAMPLES=samples, VARIANT="svm", OUTPUT=model)
    run("classify", INPUT=compressed, MODEL=model, OUTPUT=made)
    assert legend_of(made) == (["", *NAMES], list(CLASSES.values()))


def test_the_original_raster_is_taken_too_without_interpolation(scene, parted, run, listen, tmp_path):
    pytest.importorskip("torch")
    feedback = listen()
    found = run(
        "trainclassifier", feedback, INPUT=scene, SAMPLES=parted.train, FIELD="class", TEST_SAMPLES=parted.test,
        VARIANT="best", PATCH=1, EPOCHS=2, DEVICE="cpu", OUTPUT=str(tmp_path / "m.hncls"),
    )
    assert found["OA"] > 0
    assert any("(ISI) is off" in text for text in feedback.infos)


def test_random_pixels_warn_and_the_default_does_not(compressed, checkout, run, listen, tmp_path):
    pytest.importorskip("sklearn")
    found = {}
    for split in ("auto", "random"):
        feedback = listen()
        run(
            "trainclassifier", feedback, INPUT=compressed, SAMPLES=samples_of(checkout, points=True), FIELD="class",
            VARIANT="svm", SPLIT=split, OUTPUT=str(tmp_path / "m.hncls"),
            OUTPUT_HTML=str(tmp_path / f"{split}.html"),
        )
        assert ("drawn at random" in (tmp_path / f"{split}.html").read_text()) == (split == "random")
        found[split] = any("drawn at random" in text for text in feedback.infos)
    assert found == {"auto": False, "random": True}
    assert "pixels of margin" in (tmp_path / "auto.html").read_text()


def test_the_map_is_shown_in_the_classes_colours_and_names(network, compressed, plugin, tmp_path):
    from processing.gui.Postprocessing import handleAlgorithmResults
    from qgis.core import (
        QgsApplication,
        QgsPalettedRasterRenderer,
        QgsProcessingContext,
        QgsProcessingFeedback,
        QgsProcessingOutputLayerDefinition,
        QgsProject,
    )

    project, context, feedback = QgsProject(), QgsProcessingContext(), QgsProcessingFeedback(False)
    context.setProject(project)
    algorithm = QgsApplication.processingRegistry().createAlgorithmById("hiner:classify")
    output = QgsProcessingOutputLayerDefinition(str(tmp_path / "map.tif"), project)
    parameters = {"INPUT": compressed, "MODEL": network.files["m.hncls"], "OUTPUT": output}
    _, worked = algorithm.run(parameters, context, feedback)
    assert worked, feedback.textLog()
    assert handleAlgorithmResults(algorithm, context, feedback)
    (layer,) = project.mapLayers().values()
    renderer = layer.renderer()
    assert isinstance(renderer, QgsPalettedRasterRenderer)
    assert [entry.label for entry in renderer.classes()] == NAMES
    assert [entry.color.name() for entry in renderer.classes()] == list(CLASSES.values())
    assert [entry.value for entry in renderer.classes()] == list(range(1, 1 + len(NAMES)))
    del layer, renderer
    project.clear()
    gc.collect()
