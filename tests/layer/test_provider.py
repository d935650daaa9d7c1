"""A layer says and shows what its file holds."""

import os
import time
from dataclasses import replace

import numpy as np
import pytest
from layer_scene import BAD_BAND, COLS, GEOTRANSFORM, HOLE, OWN, ROWS, WAVELENGTHS

from hiner.core.hnr_file import HnrFile


def _block(layer, number, array_of, extent=None, size=None):
    width, height = size or (layer.width(), layer.height())
    return array_of(layer.dataProvider().block(number, extent or layer.extent(), width, height))


def test_own_bands_are_the_decoders_samples(open_layer, hnr_path, array_of):
    from qgis.core import Qgis

    layer = open_layer(hnr_path + "?wl=file")
    expected = HnrFile(hnr_path).read_bands(range(12))
    assert layer.bandCount() == 12
    assert layer.dataProvider().dataType(1) == Qgis.DataType.UInt16
    for number in range(1, 13):
        np.testing.assert_array_equal(_block(layer, number, array_of), expected[number - 1])


def test_wavelengths_are_the_decoders_samples(open_layer, hnr_path, array_of):
    from qgis.core import Qgis

    layer = open_layer(hnr_path + "?wl=650,550,450.5")
    expected = HnrFile(hnr_path).read_wavelengths([650, 550, 450.5])
    assert layer.dataProvider().dataType(1) == Qgis.DataType.Float32
    for number in (1, 2, 3):
        np.testing.assert_array_equal(_block(layer, number, array_of), expected[number - 1])


def test_wavelengths_of_own_bands_keep_the_files_dtype(open_layer, hnr_path, array_of):
    layer = open_layer(hnr_path + "?wl=480,430")
    np.testing.assert_array_equal(_block(layer, 1, array_of), HnrFile(hnr_path).read_bands([2])[0])


def test_a_sensors_bands_are_the_decoders_averages(open_layer, hnr_path, array_of):
    from hiner.core.spectral.sensors import band_average_weights

    hnr = HnrFile(hnr_path)
    average = band_average_weights("sentinel2a", hnr.grid)
    expected = hnr.read_averages(average.weights)
    layer = open_layer(hnr_path + "?sensor=sentinel2a")
    assert layer.bandCount() == len(average.names) > 0
    for number in range(1, layer.bandCount() + 1):
        assert average.names[number - 1] in layer.bandName(number)
        np.testing.assert_array_equal(_block(layer, number, array_of), expected[number - 1])


def _with_gains(description):
    """Bands 1, 3, ... with half the others' scale; offsets that differ."""
    gains = ((1.0 - 0.5 * (k % 2), 10.0 * (k % 3)) for k in range(12))
    bands = zip(description.bands, gains)
    return replace(description, bands=tuple(replace(b, scale=s, offset=o) for b, (s, o) in bands))


def test_a_sensor_averages_physical_values_of_bands_with_different_gains(open_layer, variant, array_of):
    from hiner.core.spectral.sensors import band_average_weights

    path = variant("gains.hnr", _with_gains)
    hnr = HnrFile(path)
    weights = band_average_weights("sentinel2a", hnr.grid).weights
    scales, offsets = np.array([(b.scale, b.offset) for b in hnr.description.bands]).T
    samples = hnr.read_points([hnr.grid.band_point(band) for band in range(12)]).astype(float)
    expected = np.tensordot(weights, samples * scales[:, None, None] + offsets[:, None, None], 1)
    expected[:, HOLE[0], HOLE[1]] = np.nan
    layer = open_layer(path + "?sensor=sentinel2a")
    for number, row in enumerate(weights):
        np.testing.assert_allclose(_block(layer, number + 1, array_of), expected[number], rtol=1e-5)
        figures = layer.dataProvider().bandStatistics(number + 1)
        # The header's figures, the physical ones of each band, averaged alike.
        least = np.nan_to_num(hnr.header.statistics.minimum) * scales + offsets
        assert figures.minimumValue == pytest.approx(row @ least)
        spread = np.nan_to_num(hnr.header.statistics.deviation) * scales
        assert figures.stdDev == pytest.approx(row @ spread)


def test_without_a_query_the_layer_shows_true_colour(open_layer, hnr_path):
    provider = open_layer(hnr_path).dataProvider()
    assert [provider.wavelength(number) for number in (1, 2, 3)] == [650, 550, 450]


def test_true_colour_out_of_reach_is_the_nearest_bands(open_layer, variant):
    def shifted(description):
        bands = tuple(replace(b, wavelength=500.0 + 10 * k) for k, b in enumerate(description.bands))
        return replace(description, bands=bands)

    provider = open_layer(variant("shifted.hnr", shifted)).dataProvider()
    assert [provider.wavelength(number) for number in (1, 2, 3)] == [610, 550, 500]


def test_without_wavelengths_the_first_bands_are_shown(open_layer, variant):
    def nameless(description):
        return replace(description, bands=tuple(replace(b, wavelength=None) for b in description.bands))

    path = variant("nameless.hnr", nameless)
    layer = open_layer(path)
    assert [layer.bandName(number) for number in (1, 2, 3)] == ["Band 1", "Band 2", "Band 3"]
    assert layer.dataProvider().wavelength(1) is None
    assert open_layer(path + "?wl=2.5").bandCount() == 1


def test_any_part_of_the_map_shows_the_pixels_that_lie_there(open_layer, hnr_path, array_of):
    """Also beyond the scene's edge, enlarged, and at odds with its pixels."""
    from qgis.core import QgsRectangle

    layer = open_layer(hnr_path + "?wl=file")
    scene = HnrFile(hnr_path).read_bands([3])[0]
    x0, cell, _, y0 = GEOTRANSFORM[:4]
    random = np.random.default_rng(5)
    for _ in range(20):
        left, right = np.sort(random.uniform(-30, COLS + 30, 2))
        top, bottom = np.sort(random.uniform(-30, ROWS + 30, 2))
        extent = QgsRectangle(x0 + left * cell, y0 - bottom * cell, x0 + right * cell, y0 - top * cell)
        width = 1 + int((right - left) * random.uniform(0.5, 3))
        height = 1 + int((bottom - top) * random.uniform(0.5, 3))
        shown = _block(layer, 4, array_of, extent, (width, height))
        cols = np.floor(left + (np.arange(width) + 0.5) * (right - left) / width).astype(int)
        rows = np.floor(top + (np.arange(height) + 0.5) * (bottom - top) / height).astype(int)
        inside = ((rows >= 0) & (rows < ROWS))[:, None] & (cols >= 0) & (cols < COLS)
        expected = scene[rows.clip(0, ROWS - 1)][:, cols.clip(0, COLS - 1)]
        np.testing.assert_array_equal(shown, np.where(inside, expected, 0))


def test_nodata_is_nodata(open_layer, hnr_path):
    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    assert provider.sourceHasNoDataValue(1)
    assert provider.sourceNoDataValue(1) == 0
    block = provider.block(1, provider.extent(), COLS, ROWS)
    assert block.isNoData(HOLE[0].start, HOLE[1].start)
    assert not block.isNoData(0, 0)
    dead = provider.block(BAD_BAND + 1, provider.extent(), COLS, ROWS)
    assert all(dead.isNoData(row, row) for row in range(ROWS))


@pytest.fixture
def without_nodata(variant):
    """The uri of a file all of whose pixels have data, and that has no nodata value."""
    return variant("whole.hnr", lambda description: replace(description, nodata=None), whole=True) + "?wl=file"


def _wider_block(provider, number):
    """A block one pixel wider than the scene on each side, and which of its pixels are valid."""
    wider = provider.extent()
    wider.grow(30.0)
    block = provider.block(number, wider, COLS + 2, ROWS + 2)
    valid = [[not block.isNoData(row, col) for col in range(COLS + 2)] for row in range(ROWS + 2)]
    return block, np.array(valid)


def test_a_file_without_nodata_has_none_outside_its_scene(open_layer, without_nodata, array_of):
    provider = open_layer(without_nodata).dataProvider()
    assert not provider.sourceHasNoDataValue(1)
    block, valid = _wider_block(provider, 1)
    expected = np.zeros((ROWS + 2, COLS + 2), bool)
    expected[1:-1, 1:-1] = True
    np.testing.assert_array_equal(valid, expected)
    scene = HnrFile(without_nodata.split("?")[0]).read_bands([0])[0]
    np.testing.assert_array_equal(array_of(block)[1:-1, 1:-1], scene)


def test_a_bad_band_of_a_file_without_nodata_has_no_value(open_layer, without_nodata):
    provider = open_layer(without_nodata).dataProvider()
    assert not _wider_block(provider, BAD_BAND + 1)[1].any()


def test_a_sample_outside_a_file_without_nodata_is_none(open_layer, without_nodata):
    from qgis.core import QgsPointXY

    provider = open_layer(without_nodata).dataProvider()
    inside = provider.extent().center()
    assert provider.sample(inside, 1)[1] is True
    assert provider.sample(QgsPointXY(0, 0), 1)[1] is False
    assert provider.sample(inside, BAD_BAND + 1)[1] is False
    os.rename(without_nodata.split("?")[0], without_nodata.split("?")[0] + ".away")
    value, is_valid = provider.sample(inside, 1)
    assert np.isnan(value)
    assert is_valid is False


def test_outside_the_scene_is_no_value_where_the_user_wants_the_files_nodata_shown(open_layer, variant, array_of):
    path = variant("marked.hnr", lambda description: replace(description, dtype="int16", nodata=-9999.0))
    provider = open_layer(path + "?wl=file").dataProvider()
    provider.setUseSourceNoDataValue(1, False)
    block, valid = _wider_block(provider, 1)
    assert not valid[0].any()
    assert not valid[:, -1].any()
    assert valid[1:-1, 1:-1].all()
    values = array_of(block)[1:-1, 1:-1]
    np.testing.assert_array_equal(values, HnrFile(path).read_bands([0])[0])
    assert (values[HOLE] == -9999).all()


def test_values_that_the_user_calls_nodata_are_so(open_layer, hnr_path, array_of):
    from qgis.core import QgsRasterRange

    layer = open_layer(hnr_path + "?wl=file")
    provider = layer.dataProvider()
    values = _block(layer, 1, array_of)
    provider.setUserNoDataValue(1, [QgsRasterRange(float(values[5, 5]), float(values[5, 5]))])
    for one in (provider, provider.clone()):
        assert one.block(1, provider.extent(), COLS, ROWS).isNoData(5, 5)
        assert not one.block(2, provider.extent(), COLS, ROWS).isNoData(5, 5)


def test_scale_and_offset_give_physical_values(open_layer, variant, array_of):
    def scaled(description):
        bands = tuple(replace(band, scale=0.0001, offset=-0.1) for band in description.bands)
        return replace(description, bands=bands)

    path = variant("scaled.hnr", scaled)
    for query, stored in (
        ("?wl=file", HnrFile(path).read_bands([1])[0]),
        ("?wl=431,455", HnrFile(path).read_wavelengths([455])[0]),
    ):
        layer = open_layer(path + query)
        expected = stored * np.float64(0.0001) - 0.1
        expected[HOLE] = np.nan
        np.testing.assert_array_equal(_block(layer, 2, array_of), expected.astype("f4"))
        statistics = layer.dataProvider().bandStatistics(2)
        raw = HnrFile(path).header.statistics
        assert statistics.minimumValue == pytest.approx(raw.minimum[1] * 0.0001 - 0.1)
        assert statistics.stdDev == pytest.approx(raw.deviation[1] * 0.0001)


def test_a_turned_scene_lies_turned_on_the_map(open_layer, variant, array_of):
    """A geotransform with rotation: each pixel of the layer is the scene's that lies under it."""
    angle = np.radians(30)
    c, s = 30 * np.cos(angle), 30 * np.sin(angle)
    transform = (500000.0, c, s, 5000000.0, s, -c)

    def turned(description):
        return replace(description, georeference=replace(description.georeference, geotransform=transform))

    path = variant("turned.hnr", turned)
    layer = open_layer(path + "?wl=file")
    shown = _block(layer, 3, array_of)
    scene = HnrFile(path).read_bands([2])[0]
    extent, matched = layer.extent(), 0
    for row in range(0, ROWS, 7):
        for col in range(0, COLS, 7):
            x = transform[0] + (col + 0.5) * c + (row + 0.5) * s
            y = transform[3] + (col + 0.5) * s - (row + 0.5) * c
            at_col = int((x - extent.xMinimum()) / (extent.width() / layer.width()))
            at_row = int((extent.yMaximum() - y) / (extent.height() / layer.height()))
            near = scene[max(0, row - 1) : row + 2, max(0, col - 1) : col + 2]
            assert shown[at_row, at_col] in near
            matched += shown[at_row, at_col] == scene[row, col]
    assert matched > 40
    assert shown[0, 0] == 0


def test_a_scene_without_a_place_lies_on_its_pixels(open_layer, variant):
    def placeless(description):
        return replace(description, georeference=replace(description.georeference, geotransform=None))

    layer = open_layer(variant("placeless.hnr", placeless))
    extent = layer.extent()
    assert (extent.xMinimum(), extent.yMinimum(), extent.xMaximum(), extent.yMaximum()) == (0, -ROWS, COLS, 0)
    assert not layer.crs().isValid()


def test_the_layer_lies_where_the_file_says(open_layer, hnr_path):
    layer = open_layer(hnr_path)
    assert layer.crs().authid() == "EPSG:32633"
    assert (layer.width(), layer.height()) == (COLS, ROWS)
    assert (layer.extent().xMinimum(), layer.extent().yMaximum()) == (GEOTRANSFORM[0], GEOTRANSFORM[3])
    assert layer.rasterUnitsPerPixelX() == 30


def test_bands_are_named_by_their_wavelengths(open_layer, hnr_path):
    layer = open_layer(hnr_path + "?wl=file")
    assert layer.bandName(3) == "Band 3 (480.0 Nanometers)"
    assert layer.dataProvider().wavelength(3) == WAVELENGTHS[2]
    assert layer.dataProvider().fwhm(3) == 20
    assert open_layer(hnr_path + "?wl=642.13").bandName(1) == "Band 1 (642.1 Nanometers)"


@pytest.mark.parametrize("wavelength", [300, 3000, WAVELENGTHS[BAD_BAND], WAVELENGTHS[BAD_BAND] + 5])
def test_wavelengths_that_cannot_be_are_refused_with_a_reason(registered, hnr_path, wavelength):
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(f"{hnr_path}?wl=550,{wavelength}", "scene", "hiner")
    assert not layer.isValid()
    message = layer.error().summary()
    assert f"{wavelength:g} nm lies" in message
    assert "Ask for 430 to 555, 605 to 705 nm" in message


def test_a_layer_opens_without_a_decode(open_layer, hnr_path, monkeypatch):
    def refuse(*_arguments):
        raise RuntimeError("decoded")

    monkeypatch.setattr(HnrFile, "decoder", property(refuse))
    for query in ("", "?wl=file", "?wl=650,550,450", "?wl=555"):
        layer = open_layer(hnr_path + query)
        assert layer.renderer().type() in ("multibandcolor", "singlebandgray")
        assert "PSNR" in layer.htmlMetadata()
    assert layer.renderer().contrastEnhancement().maximumValue() > 1000


def test_a_layer_opens_in_less_than_50_ms(open_layer, hnr_path):
    open_layer(hnr_path)
    times = []
    for _ in range(5):
        start = time.perf_counter()
        open_layer(hnr_path)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_identify_and_sample_give_the_decoders_pixel_and_decode_no_more(open_layer, hnr_path, monkeypatch):
    from qgis.core import QgsPointXY, QgsRaster

    expected = HnrFile(hnr_path).read_bands(range(12), (33, 44, 1, 1))[:, 0, 0]
    windows, read = [], HnrFile.read_bands

    def watched(self, bands, window=None, shape=None, check=None, coarse=False):
        windows.append((list(bands), window))
        return read(self, bands, window, shape, check, coarse)

    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    monkeypatch.setattr(HnrFile, "read_bands", watched)
    point = QgsPointXY(GEOTRANSFORM[0] + 44.5 * 30, GEOTRANSFORM[3] - 33.5 * 30)
    found = provider.identify(point, QgsRaster.IdentifyFormat.IdentifyFormatValue)
    assert found.isValid()
    values = found.results()
    assert values.pop(BAD_BAND + 1) is None or np.isnan(values.get(BAD_BAND + 1, np.nan))
    assert [values[band + 1] for band in OWN] == [expected[band] for band in OWN]
    assert {window for _, window in windows} == {(33, 44, 1, 1)}
    windows.clear()
    assert provider.sample(point, 5) == (expected[4], True)
    assert windows == [([4], (33, 44, 1, 1))]
    hole = QgsPointXY(GEOTRANSFORM[0] + 35 * 30, GEOTRANSFORM[3] - 15 * 30)
    assert provider.sample(hole, 1)[1] is False
    assert provider.sample(QgsPointXY(0, 0), 1)[1] is False


def test_the_enmap_box_finds_wavelengths_in_the_layer(open_layer, hnr_path):
    from qgis.core import QgsDataProvider, QgsProject

    layer = open_layer(hnr_path + "?wl=file").clone()
    QgsProject.instance().addMapLayer(layer)
    assert layer.customProperty("QGISPAM/band/3//wavelength") == 480.0
    assert layer.customProperty("QGISPAM/band/3//wavelength_units") == "Nanometers"
    assert layer.customProperty("QGISPAM/band/3//fwhm") == 20.0
    layer.setDataSource(hnr_path + "?wl=642", "scene", "hiner", QgsDataProvider.ProviderOptions(), False)
    assert layer.customProperty("QGISPAM/band/1//wavelength") == 642.0
    assert layer.customProperty("QGISPAM/band/3//wavelength") is None
    QgsProject.instance().clear()


def test_a_band_that_is_not_there_ends_in_no_exception(open_layer, hnr_path):
    provider = open_layer(hnr_path).dataProvider()
    for number in (0, 4, 99):
        provider.block(number, provider.extent(), 5, 5)
        provider.generateBandName(number)
        provider.bandStatistics(number)
        provider.bandScale(number)


@pytest.mark.parametrize("size", [(0, 5), (5, 0)])
def test_an_empty_picture_is_an_empty_block(open_layer, hnr_path, size):
    provider = open_layer(hnr_path).dataProvider()
    assert provider.block(1, provider.extent(), *size).isEmpty()
