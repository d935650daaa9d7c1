"""Statistics of a layer's bands: the header's, or measured where a part is asked for."""

import numpy as np
import pytest
from layer_scene import COLS, GEOTRANSFORM, OWN, ROWS

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
