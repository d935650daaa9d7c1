"""Statistics of a layer's bands: the header's, or measured where a part is asked for."""

import os
from dataclasses import replace

import numpy as np
import pytest
from layer_scene import BAD_BAND, COLS, GEOTRANSFORM, OWN, ROWS

from hiner.core.hnr_file import HnrFile


def test_statistics_are_the_headers_and_lie_between_neighbours(open_layer, hnr_path):
    known = HnrFile(hnr_path).header.statistics
    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    for band in OWN:
        found = provider.bandStatistics(band + 1)
        assert found.minimumValue == known.minimum[band]
        assert found.maximumValue == known.maximum[band]
        assert found.mean == pytest.approx(known.mean[band])
        assert found.elementCount == ROWS * COLS - 150
        low, high = provider.cumulativeCut(band + 1, 0.02, 0.98)
        assert (low, high) == pytest.approx((known.low[band], known.high[band]))
    between = open_layer(hnr_path + "?wl=440,642").dataProvider().bandStatistics(1)
    assert between.mean == pytest.approx(0.6 * known.mean[0] + 0.4 * known.mean[1])


def test_statistics_of_a_part_are_measured_there(open_layer, hnr_path):
    from qgis.core import QgsRectangle

    from hiner.hiner_qgis.layer import versions

    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    x0, y0 = GEOTRANSFORM[0], GEOTRANSFORM[3]
    part = QgsRectangle(x0 + 20 * 30, y0 - 600, x0 + 50 * 30, y0)
    values = HnrFile(hnr_path).read_bands([1], (0, 20, 20, 30))[0]
    values = values[values != 0].astype("f8")
    found = provider.bandStatistics(2, versions.all_statistics(), part, 0)
    assert found.elementCount == values.size == 600 - 150
    assert (found.minimumValue, found.maximumValue) == (values.min(), values.max())
    assert (found.mean, found.stdDev) == pytest.approx((values.mean(), values.std()))
    assert found.sum == pytest.approx(values.sum())
    cut = provider.cumulativeCut(2, 0.02, 0.98, part, 0)
    assert cut == pytest.approx(tuple(np.quantile(values, (0.02, 0.98))))
    fewer = provider.bandStatistics(2, versions.all_statistics(), part, 100)
    assert 50 <= fewer.elementCount <= 100
    assert fewer.mean == pytest.approx(values.mean(), rel=0.05)


def test_a_part_beside_the_scene_has_no_statistics(open_layer, hnr_path):
    from qgis.core import QgsRectangle

    from hiner.hiner_qgis.layer import versions

    provider = open_layer(hnr_path).dataProvider()
    found = provider.bandStatistics(1, versions.all_statistics(), QgsRectangle(0, 0, 9, 9), 0)
    assert found.elementCount == 0
    assert np.isnan(provider.cumulativeCut(1, 0.02, 0.98, QgsRectangle(0, 0, 9, 9), 0)).all()


@pytest.fixture
def part_statistics(registered):
    """A function that measures a band (1-based) of a provider on the scene's first 50 x 50 pixels."""
    from qgis.core import QgsRectangle

    from hiner.hiner_qgis.layer import versions

    x0, y0 = GEOTRANSFORM[0], GEOTRANSFORM[3]
    part = QgsRectangle(x0, y0 - 1500, x0 + 1500, y0)

    def measure(provider, number, feedback=None):
        return provider.bandStatistics(number, versions.all_statistics(), part, 0, feedback)

    return measure


def _is_of_nothing(figures):
    numbers = figures.minimumValue, figures.maximumValue, figures.mean, figures.stdDev
    return figures.elementCount == 0 and np.isnan(numbers).all()


def test_a_bad_band_of_a_file_without_nodata_has_no_statistics(open_layer, variant, part_statistics):
    path = variant("whole.hnr", lambda description: replace(description, nodata=None), whole=True)
    provider = open_layer(path + "?wl=file").dataProvider()
    assert _is_of_nothing(part_statistics(provider, BAD_BAND + 1))
    assert part_statistics(provider, 1).elementCount == 2500


@pytest.mark.parametrize("has_nodata", [True, False])
def test_a_part_of_a_file_that_is_away_has_no_statistics(open_layer, variant, part_statistics, has_nodata):
    from qgis.core import QgsRasterBlockFeedback

    path = variant("away.hnr", lambda d: d if has_nodata else replace(d, nodata=None), whole=not has_nodata)
    provider = open_layer(path + "?wl=file").dataProvider()
    os.rename(path, path + ".away")
    feedback = QgsRasterBlockFeedback()
    assert _is_of_nothing(part_statistics(provider, 1, feedback))
    assert path in feedback.errors()[0]


def test_statistics_of_a_part_stop_when_they_are_cancelled(open_layer, hnr_path, part_statistics, monkeypatch):
    from qgis.core import QgsRasterBlockFeedback

    from hiner.hiner_qgis.layer import cache, part

    feedback, strips, read = QgsRasterBlockFeedback(), [], HnrFile.read_bands

    def cancelled_meanwhile(self, *arguments):
        strips.append(1)
        feedback.cancel()
        return read(self, *arguments)

    cache.SHARED.clear()
    monkeypatch.setattr(part, "_STRIP", 10)
    monkeypatch.setattr(HnrFile, "read_bands", cancelled_meanwhile)
    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    assert _is_of_nothing(part_statistics(provider, 1, feedback))
    assert len(strips) == 1
    assert feedback.errors() == []


def test_what_the_user_calls_nodata_is_in_no_statistics(open_layer, hnr_path, part_statistics):
    from qgis.core import QgsRasterRange

    provider = open_layer(hnr_path + "?wl=file").dataProvider()
    scene = HnrFile(hnr_path).read_bands([0])[0].astype("f8")
    low, high = np.quantile(scene[scene != 0], (0.1, 0.3)).round()
    provider.setUserNoDataValue(1, [QgsRasterRange(low, high)])
    for found, pixels in (
        (provider.bandStatistics(1), scene),
        (part_statistics(provider, 1), scene[:50, :50]),
    ):
        values = pixels[(pixels != 0) & ((pixels < low) | (pixels > high))]
        assert found.elementCount == values.size
        assert (found.mean, found.stdDev) == pytest.approx((values.mean(), values.std()))
    values = scene[(scene != 0) & ((scene < low) | (scene > high))]
    assert provider.cumulativeCut(1, 0.1, 0.9) == pytest.approx(tuple(np.quantile(values, (0.1, 0.9))))
    assert not provider.hasStatistics(1)
    assert provider.hasStatistics(2)
    assert provider.bandStatistics(2).mean == pytest.approx(HnrFile(hnr_path).header.statistics.mean[1])
