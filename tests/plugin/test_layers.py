"""Layers as inputs, and decoded rasters as layers on the map."""

import gc

import pytest


@pytest.fixture
def layer(qgis):
    """A function that opens a raster layer, gone again after the test."""
    from qgis.core import QgsRasterLayer

    layers = []

    def open_layer(source, provider="gdal"):
        layers.append(QgsRasterLayer(source, "a scene", provider))
        return layers[-1]

    yield open_layer
    layers.clear()
    gc.collect()


def decoded_wavelengths(run, read_raster, hnr, tmp_path):
    run("decompress", INPUT=hnr, OUTPUT=str(tmp_path / "back.tif"))
    return [float(items["wavelength"]) for items in read_raster(tmp_path / "back.tif")["items"]]


@pytest.fixture
def plain(write_raster, cube, tmp_path):
    """A raster that states no wavelengths."""
    return write_raster(tmp_path / "plain.tif", cube, nodata=-32768)


@pytest.mark.parametrize("key", ["enmapbox/wavelength", "qps/wavelength"])
def test_wavelengths_that_another_plugin_keeps_with_the_layer(
    run, layer, plain, wavelengths, read_raster, tiny, tmp_path, key
):
    scene = layer(plain)
    scene.setCustomProperty(key, wavelengths)
    hnr = str(tmp_path / "x.hnr")
    run("compress", INPUT=scene, OUTPUT=hnr, **tiny)
    assert decoded_wavelengths(run, read_raster, hnr, tmp_path) == wavelengths


def test_wavelengths_that_are_kept_band_by_band(run, layer, plain, wavelengths, read_raster, tiny, tmp_path):
    scene = layer(plain)
    for band, wavelength in enumerate(wavelengths, start=1):
        scene.setCustomProperty(f"QGISPAM/band/{band}//wavelength", wavelength)
    hnr = str(tmp_path / "x.hnr")
    run("compress", INPUT=scene, OUTPUT=hnr, **tiny)
    assert decoded_wavelengths(run, read_raster, hnr, tmp_path) == wavelengths


def test_the_rasters_own_wavelengths_go_first(run, layer, raster, wavelengths, read_raster, tiny, tmp_path):
    scene = layer(raster)
    scene.setCustomProperty("enmapbox/wavelength", [value + 1000 for value in wavelengths])
    hnr = str(tmp_path / "x.hnr")
    run("compress", INPUT=scene, OUTPUT=hnr, **tiny)
    assert decoded_wavelengths(run, read_raster, hnr, tmp_path) == wavelengths


def test_layer_with_open_options(run, layer, raster, tiny, tmp_path):
    scene = layer(raster + "|option:NUM_THREADS=1")
    assert scene.isValid()
    assert run("compress", INPUT=scene, OUTPUT=str(tmp_path / "x.hnr"), **tiny)["PSNR"] > 10


def test_layer_that_is_no_file_is_refused(run, layer, tmp_path):
    from qgis.core import QgsProcessingException

    tiles = layer("type=xyz&url=file:///nowhere/{z}/{x}/{y}.png&zmax=3&zmin=0", "wms")
    assert tiles.isValid()
    with pytest.raises(QgsProcessingException, match="provider 'wms'.*Export"):
        run("compress", INPUT=tiles, OUTPUT=str(tmp_path / "x.hnr"))
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def loaded(provider, tmp_path):
    """A function that decompresses as the toolbox does and gives the renderer of the layer it loads.

    Returns {"bands": [...], "limits": [(low, high), ...]} and keeps no layer.
    """
    from qgis.core import QgsProcessingContext, QgsProcessingFeedback, QgsProject, QgsRasterLayer

    def load(hnr, **parameters):
        context, output = QgsProcessingContext(), str(tmp_path / "shown.tif")
        project = QgsProject()
        context.setProject(project)
        context.addLayerToLoadOnCompletion(
            output, QgsProcessingContext.LayerDetails("decoded", project, "OUTPUT")
        )
        algorithm = provider.algorithm("decompress").create()
        feedback = QgsProcessingFeedback(False)
        _, worked = algorithm.run({"INPUT": hnr, "OUTPUT": output, **parameters}, context, feedback)
        assert worked
        styler = context.layerToLoadOnCompletionDetails(output).postProcessor()
        if styler is None:
            return None
        layer = QgsRasterLayer(output, "decoded")
        styler.postProcessLayer(layer, context, feedback)
        renderer = layer.renderer()
        enhancements = (
            renderer.redContrastEnhancement(), renderer.greenContrastEnhancement(),
            renderer.blueContrastEnhancement(),
        )
        shown = {
            "bands": [renderer.redBand(), renderer.greenBand(), renderer.blueBand()],
            "limits": [(e.minimumValue(), e.maximumValue()) for e in enhancements],
        }
        del renderer, enhancements, layer
        gc.collect()
        return shown

    return load


def test_decoded_layer_is_shown_in_true_colour(loaded, hnr):
    # Bands from 450 nm in steps of 20: 650 nm is the 11th, 550 the 6th, 450 the 1st.
    assert loaded(hnr)["bands"] == [11, 6, 1]


def test_stretch_comes_from_the_files_header(loaded, hnr):
    from hiner.core.hnr_file import HnrFile

    statistics = HnrFile(hnr).header.statistics
    expected = [(statistics.low[band], statistics.high[band]) for band in (10, 5, 0)]
    assert loaded(hnr)["limits"] == pytest.approx(expected)


def test_stretch_follows_scale_and_offset(loaded, write_raster, run, cube, wavelengths, tiny, tmp_path):
    from osgeo import gdal

    from hiner.core.hnr_file import HnrFile

    scaled = write_raster(tmp_path / "scaled.tif", cube, wavelengths, -32768)
    dataset = gdal.Open(scaled, gdal.GA_Update)
    for number in range(1, 13):
        band = dataset.GetRasterBand(number)
        band.SetScale(0.0001)
        band.SetOffset(0.5)
    band = dataset = None
    hnr = str(tmp_path / "scaled.hnr")
    run("compress", INPUT=scaled, OUTPUT=hnr, **tiny)
    low = HnrFile(hnr).header.statistics.low[10]
    # QGIS shows a raster's physical values.
    assert loaded(hnr)["limits"][0][0] == pytest.approx(low * 0.0001 + 0.5)


def test_chosen_wavelengths_are_stretched_too(loaded, hnr):
    from hiner.core.hnr_file import HnrFile

    shown = loaded(hnr, WAVELENGTHS="460,560,650")
    assert shown["bands"] == [3, 2, 1]
    low = HnrFile(hnr).header.statistics.low
    assert shown["limits"][2][0] == pytest.approx((low[0] + low[1]) / 2)


def test_single_band_is_left_to_qgis(loaded, hnr):
    assert loaded(hnr, WAVELENGTHS="550") is None


def test_plugin_reloads_with_a_layer_open(plugin, hnr):
    """The layer stays, is drawn before and after, and the plugin comes back once."""
    from qgis.core import QgsApplication, QgsProject, QgsRasterLayer

    layer = QgsRasterLayer(str(hnr), "open", "hiner")
    QgsProject.instance().addMapLayer(layer)

    def drawn():
        block = layer.dataProvider().block(1, layer.extent(), 16, 16)
        return bytes(block.data())

    before = drawn()
    for _ in range(2):
        plugin.unload()
        assert layer.isValid() and drawn() == before
        plugin.initProcessing()
        assert layer.isValid() and drawn() == before
    names = [provider.id() for provider in QgsApplication.processingRegistry().providers()]
    QgsProject.instance().removeMapLayer(layer.id())
    assert names.count("hiner") == 1
