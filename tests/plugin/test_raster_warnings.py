"""What a raster's metadata gave rise to is in the log of whatever classifies it, as it is of hiner:compress."""

import gc

import numpy as np
import pytest
from land_cover import QUICK

SHOWN = "Band 13 is an alpha band: it is left out"
NODATA = "The bands have different nodata values or none; 255 is used for all."


@pytest.fixture
def odd_image(write_raster, cube, wavelengths, tmp_path):
    """A raster whose last band is an alpha band."""
    from osgeo import gdal

    opaque = np.full((1, *cube.shape[1:]), 255, dtype=cube.dtype)
    path = write_raster(tmp_path / "plain.tif", np.concatenate([cube, opaque]), [*wavelengths, 700])
    virtual = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / "scene.vrt"), gdal.Open(path))
    virtual.GetRasterBand(13).SetColorInterpretation(gdal.GCI_AlphaBand)
    virtual.GetRasterBand(13).SetMetadata({})
    virtual = None
    yield str(tmp_path / "scene.vrt")
    gc.collect()


@pytest.fixture
def odd_labels(write_raster, tmp_path):
    """Classes 1 and 2 side by side in a raster whose second band alone has a nodata value."""
    from osgeo import gdal

    classes = np.ones((40, 48), dtype="uint8")
    classes[:, 24:] = 2
    classes[:20] = 0
    paths = [
        write_raster(tmp_path / "first.tif", classes[None]),
        write_raster(tmp_path / "second.tif", classes[None], nodata=255),
    ]
    gdal.BuildVRT(str(tmp_path / "labels.vrt"), paths, separate=True).FlushCache()
    yield str(tmp_path / "labels.vrt")
    gc.collect()


def test_what_is_odd_of_an_image_and_of_labels_is_told(run, listen, odd_image, odd_labels, tmp_path):
    model, made = str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    training, classifying, comparing = listen(), listen(), listen()
    run("trainclassifier", training, INPUT=odd_image, SAMPLES=odd_labels, SPLIT="none", OUTPUT=model, **QUICK)
    assert any(text.startswith(SHOWN) for text in training.infos)
    assert f"{odd_labels}: {NODATA}" in training.infos
    run("classify", classifying, INPUT=odd_image, MODEL=model, OUTPUT=made)
    assert any(text.startswith(SHOWN) for text in classifying.infos)
    run("accuracy", comparing, CLASSIFIED=odd_labels, REFERENCE=made)
    assert f"{odd_labels}: {NODATA}" in comparing.infos
    # Of labels and maps nobody asks for wavelengths.
    assert not any("wavelengths; band numbers" in text for log in (training, comparing) for text in log.infos)


def test_an_image_without_wavelengths_says_so(run, listen, write_raster, cube, odd_labels, tmp_path):
    bare, feedback = write_raster(tmp_path / "bare.tif", cube), listen()
    run(
        "trainclassifier", feedback, INPUT=bare, SAMPLES=odd_labels, SPLIT="none", OUTPUT=str(tmp_path / "m.hncls"),
        **QUICK,
    )
    assert "The raster states no wavelengths; band numbers stand in for them." in feedback.infos


@pytest.mark.parametrize("suffix", [".tif", ".hnr"])
def test_a_crs_that_was_set_for_the_layer_places_its_labels(
    run, listen, write_raster, cube, wavelengths, tmp_path, suffix
):
    """The file says zone 32, the user zone 33, where the labels lie."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

    path, feedback = str(write_raster(tmp_path / "scene.tif", cube, wavelengths, epsg=32632)), listen()
    if suffix == ".hnr":
        path = run("compress", INPUT=path, MAX_ERROR=0, OUTPUT=str(tmp_path / "scene.hnr"))["OUTPUT"]
    classes = np.ones((1, 40, 48), dtype="uint8")
    classes[:, :, 24:] = 2
    labels, made = write_raster(tmp_path / "labels.tif", classes), str(tmp_path / "map.tif")
    layer = QgsRasterLayer(path, "scene", "hiner" if suffix == ".hnr" else "gdal")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    model = str(tmp_path / "m.hncls")
    run("trainclassifier", feedback, INPUT=layer, SAMPLES=labels, SPLIT="none", OUTPUT=model, **QUICK)
    run("classify", INPUT=layer, MODEL=model, OUTPUT=made)
    del layer
    assert "The coordinate reference system that was set for the layer counts, not the file's." in feedback.infos
    assert QgsRasterLayer(made, "map").crs().authid() == "EPSG:32633"
