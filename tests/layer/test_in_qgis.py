"""QGIS's own tools see in a layer what the decoder gives."""

import numpy as np
import pytest
from layer_scene import COLS, GEOTRANSFORM, HOLE, ROWS

from hiner.core.hnr_file import HnrFile


@pytest.fixture
def gdal_bands():
    """A function that reads all bands of a raster, (bands, rows, cols), with GDAL."""
    gdal = pytest.importorskip("osgeo.gdal")

    def read(path):
        dataset = gdal.Open(str(path))
        values = dataset.ReadAsArray()
        dataset = None
        return values.reshape(-1, *values.shape[-2:])

    return read


def _export(layer, path):
    from qgis.core import QgsProject, QgsRasterFileWriter, QgsRasterPipe

    pipe = QgsRasterPipe()
    pipe.set(layer.dataProvider().clone())
    writer = QgsRasterFileWriter(str(path))
    return writer.writeRaster(
        pipe, layer.width(), layer.height(), layer.extent(), layer.crs(),
        QgsProject.instance().transformContext(),
    )


@pytest.mark.parametrize("query", ["?wl=file", "?wl=650,550,450"])
def test_an_exported_layer_holds_the_decoders_samples(open_layer, hnr_path, tmp_path, gdal_bands, query):
    hnr = HnrFile(hnr_path)
    expected = hnr.read_bands(range(12)) if query == "?wl=file" else hnr.read_wavelengths([650, 550, 450])
    assert _export(open_layer(hnr_path + query), tmp_path / "out.tif") == 0
    found = gdal_bands(tmp_path / "out.tif")
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)


def test_an_exported_layer_of_scaled_bands_is_physical(open_layer, variant, tmp_path, gdal_bands):
    from dataclasses import replace

    def scaled(description):
        bands = tuple(replace(band, scale=0.0001, offset=0.02) for band in description.bands)
        return replace(description, bands=bands)

    path = variant("scaled.hnr", scaled)
    assert _export(open_layer(path + "?wl=430"), tmp_path / "out.tif") == 0
    expected = HnrFile(path).read_bands([0])[0] * 0.0001 + 0.02
    expected[HOLE] = np.nan
    np.testing.assert_allclose(gdal_bands(tmp_path / "out.tif")[0], expected, rtol=1e-6)


def test_zonal_statistics_are_those_of_the_decoders_samples(open_layer, hnr_path):
    from qgis.analysis import QgsZonalStatistics
    from qgis.core import QgsFeature, QgsGeometry, QgsRectangle, QgsVectorLayer

    layer = open_layer(hnr_path + "?wl=file")
    zones = QgsVectorLayer("Polygon?crs=EPSG:32633", "zones", "memory")
    x0, y0 = GEOTRANSFORM[0], GEOTRANSFORM[3]
    feature = QgsFeature(zones.fields())
    feature.setGeometry(
        QgsGeometry.fromRect(QgsRectangle(x0 + 20 * 30, y0 - 40 * 30, x0 + 60 * 30, y0 - 5 * 30))
    )
    zones.dataProvider().addFeatures([feature])
    wanted = QgsZonalStatistics.Statistic
    calculator = QgsZonalStatistics(
        zones, layer, "z_", 3, wanted.Count | wanted.Mean | wanted.Min | wanted.Max
    )
    calculator.calculateStatistics(None)
    values = HnrFile(hnr_path).read_bands([2])[0][5:40, 20:60]
    valid = values[values != 0]
    found = next(zones.getFeatures())
    assert found["z_count"] == valid.size
    assert found["z_mean"] == pytest.approx(valid.mean())
    assert (found["z_min"], found["z_max"]) == (valid.min(), valid.max())


def test_the_raster_calculator_reckons_with_the_decoders_samples(open_layer, hnr_path, tmp_path, gdal_bands):
    from qgis.analysis import QgsRasterCalculator, QgsRasterCalculatorEntry
    from qgis.core import QgsProject

    layer = open_layer(hnr_path + "?wl=700,640")
    entries = []
    for number in (1, 2):
        entry = QgsRasterCalculatorEntry()
        entry.ref, entry.raster, entry.bandNumber = f"s@{number}", layer, number
        entries.append(entry)
    calculator = QgsRasterCalculator(
        '("s@1" - "s@2") / ("s@1" + "s@2")', str(tmp_path / "index.tif"), "GTiff",
        layer.extent(), layer.crs(), COLS, ROWS, entries, QgsProject.instance().transformContext(),
    )
    assert calculator.processCalculation() == 0
    a, b = HnrFile(hnr_path).read_wavelengths([700, 640]).astype("f8")
    valid = np.ones((ROWS, COLS), bool)
    valid[HOLE] = False
    a, b = a[valid], b[valid]
    found = gdal_bands(tmp_path / "index.tif")[0]
    np.testing.assert_allclose(found[valid], (a - b) / (a + b), rtol=1e-5, atol=1e-7)
    assert (found[HOLE] < -1e38).all() or np.isnan(found[HOLE]).all()


def test_the_virtual_calculator_reckons_with_the_decoders_samples(open_layer, hnr_path, array_of):
    from qgis.core import QgsRasterDataProvider, QgsRasterLayer

    layer = open_layer(hnr_path + "?wl=700,640")
    parameters = QgsRasterDataProvider.VirtualRasterParameters()
    parameters.crs, parameters.extent = layer.crs(), layer.extent()
    parameters.width, parameters.height = COLS, ROWS
    parameters.formula = '"s@1" - "s@2"'
    inputs = QgsRasterDataProvider.VirtualRasterInputLayers()
    inputs.name, inputs.uri, inputs.provider = "s", layer.source(), "hiner"
    parameters.rInputLayers = [inputs]
    virtual = QgsRasterLayer(
        QgsRasterDataProvider.encodeVirtualRasterProviderUri(parameters), "virtual", "virtualraster"
    )
    assert virtual.isValid()
    a, b = HnrFile(hnr_path).read_wavelengths([700, 640]).astype("f8")
    found = array_of(virtual.dataProvider().block(1, layer.extent(), COLS, ROWS))
    valid = np.ones((ROWS, COLS), bool)
    valid[HOLE] = False
    np.testing.assert_allclose(found[valid], (a - b)[valid], rtol=1e-5, atol=1e-3)


def test_a_processing_step_takes_the_source_as_text(registered, hnr_path):
    import processing

    uri = f"hiner://{hnr_path}?wl=file"
    found = processing.run("native:rasterlayerstatistics", {"INPUT": uri, "BAND": 2})
    known = HnrFile(hnr_path).header.statistics
    assert (found["MIN"], found["MAX"]) == (known.minimum[1], known.maximum[1])


def test_a_native_algorithm_counts_the_decoders_samples(registered, open_layer, hnr_path):
    import processing

    layer = open_layer(hnr_path + "?wl=430")
    found = processing.run(
        "native:rasterlayeruniquevaluesreport",
        {"INPUT": layer, "BAND": 1, "OUTPUT_TABLE": "TEMPORARY_OUTPUT"},
    )
    values = HnrFile(hnr_path).read_bands([0])[0]
    table = {f["value"]: f["count"] for f in found["OUTPUT_TABLE"].getFeatures()}
    numbers, counts = np.unique(values[values != 0], return_counts=True)
    assert table == dict(zip(numbers.tolist(), counts.tolist()))
    assert found["NODATA_PIXEL_COUNT"] == 150


def test_the_histogram_is_that_of_the_decoders_samples(open_layer, hnr_path):
    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    values = HnrFile(hnr_path).read_bands([0])[0]
    valid = values[values != 0]
    low, high = float(valid.min()), float(valid.max()) + 1
    histogram = provider.histogram(1, 20, low, high)
    expected, _ = np.histogram(valid, 20, (low, high))
    assert sum(histogram.histogramVector) == pytest.approx(valid.size, abs=5)
    assert np.abs(np.array(histogram.histogramVector) - expected).max() <= valid.size // 20


def _pixels(image):
    """An image as (rows, cols, RGBA) uint8."""
    from qgis.PyQt.QtGui import QImage

    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    bits = image.constBits()
    bits.setsize(image.sizeInBytes())
    return np.frombuffer(bytes(bits), "u1").reshape(image.height(), -1, 4)[:, : image.width()]


def test_the_map_shows_the_stretched_bands_and_the_hole(open_layer, hnr_path):
    """Each pixel drawn is the band between its 2 and 98 % values, the hole is clear."""
    from qgis.core import QgsMapRendererSequentialJob, QgsMapSettings
    from qgis.PyQt.QtCore import QSize
    from qgis.PyQt.QtGui import QColor

    layer = open_layer(hnr_path + "?wl=650,550,450")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(layer.crs())
    settings.setExtent(layer.extent())
    settings.setOutputSize(QSize(COLS, ROWS))
    settings.setBackgroundColor(QColor(0, 0, 0, 0))
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    pixels = _pixels(job.renderedImage())
    assert (pixels[HOLE][..., 3] == 0).all()
    values = HnrFile(hnr_path).read_wavelengths([650])[0]
    low, high = layer.dataProvider().cumulativeCut(1, 0.02, 0.98)
    expected = np.clip((values - low) / (high - low) * 255, 0, 255)
    clear = pixels[..., 3] == 0
    assert clear.sum() == 150
    assert np.abs(pixels[..., 0][~clear] - expected[~clear]).max() <= 2


def test_a_print_layout_shows_the_layer(open_layer, hnr_path, tmp_path):
    from qgis.core import QgsLayoutExporter, QgsLayoutItemMap, QgsPrintLayout, QgsProject
    from qgis.PyQt.QtCore import QRectF
    from qgis.PyQt.QtGui import QImage

    layer = open_layer(hnr_path)
    layout = QgsPrintLayout(QgsProject.instance())
    layout.initializeDefaults()
    item = QgsLayoutItemMap(layout)
    item.attemptSetSceneRect(QRectF(10, 10, 180, 140))
    item.setLayers([layer])
    item.setCrs(layer.crs())
    item.setExtent(layer.extent())
    layout.addLayoutItem(item)
    settings = QgsLayoutExporter.ImageExportSettings()
    settings.dpi = 40
    path = str(tmp_path / "page.png")
    assert QgsLayoutExporter(layout).exportToImage(path, settings) == QgsLayoutExporter.ExportResult.Success
    pixels = _pixels(QImage(path))
    # The map takes two fifths of the page, the scene nearly all of the map; the page is white.
    assert 0.2 < (pixels[..., :3].min(axis=-1) < 245).mean() < 0.45
