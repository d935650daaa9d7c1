"""The dock "Spectrum" gives the decoder's values, and what it saves can be read by others."""

import csv
import json
import os
from dataclasses import replace

import numpy as np
import pytest
from layer_scene import BAD_BAND, GEOTRANSFORM, HOLE, WAVELENGTHS

pytest.importorskip("qgis.core")

from hiner.core.hnr_file import HnrFile
from hiner.hiner_qgis.docks.spectrum import line_positions, pixel_spectrum, pixels_inside


def wait_for(dock):
    from qgis.PyQt.QtTest import QTest

    for _ in range(400):
        if not dock._tasks:
            return
        QTest.qWait(20)
    pytest.fail("the spectrum did not come")


def middle(row, col):
    from qgis.core import QgsPointXY

    return QgsPointXY(GEOTRANSFORM[0] + (col + 0.5) * 30, GEOTRANSFORM[3] - (row + 0.5) * 30)


@pytest.fixture
def dock(docks, iface, open_layer, hnr_path):
    """The dock with a layer chosen, the map in the layer's CRS."""
    layer = open_layer(hnr_path)
    iface.canvas.setDestinationCrs(layer.crs())
    iface.choose(layer)
    return docks[1]


@pytest.fixture
def with_pixel(dock):
    """The dock with the spectrum of pixel (40, 7)."""
    dock.add_pixel(middle(40, 7))
    wait_for(dock)
    return dock


def test_a_clicks_spectrum_is_the_decoders_at_every_nanometre(with_pixel, hnr_path):
    spectrum = with_pixel.kept.spectra[0]
    known = ~np.isnan(spectrum.values)
    expected = HnrFile(hnr_path).read_wavelengths(spectrum.positions[known], (40, 7, 1, 1))[:, 0, 0]
    np.testing.assert_array_equal(spectrum.values[known], expected)
    assert np.diff(spectrum.positions).max() <= 25.0
    assert {450.0, 451.0, 452.0} <= set(spectrum.positions)


def test_gaps_and_bad_bands_are_blank(with_pixel):
    spectrum = with_pixel.kept.spectra[0]
    gap = (spectrum.positions > WAVELENGTHS[BAD_BAND - 1]) & (spectrum.positions < WAVELENGTHS[BAD_BAND + 1])
    assert gap.any()
    assert np.isnan(spectrum.values[gap]).all()
    assert np.isnan(spectrum.band_values).tolist() == [k == BAD_BAND for k in range(12)]


def test_a_pixel_without_data_is_blank(dock):
    dock.add_pixel(middle(HOLE[0].start, HOLE[1].start))
    wait_for(dock)
    assert np.isnan(dock.kept.spectra[0].values).all()


def test_a_spectrum_has_no_steps_between_bands_of_different_gains(hnr_path, variant):
    def with_gains(description):
        gains = ((1.0 + k % 2, -300.0 * (k % 3)) for k in range(12))
        bands = zip(description.bands, gains)
        return replace(description, bands=tuple(replace(b, scale=s, offset=o) for b, (s, o) in bands))

    plain = pixel_spectrum(HnrFile(hnr_path), 40, 7, "plain")
    spectrum = pixel_spectrum(HnrFile(variant("gains.hnr", with_gains)), 40, 7, "gains")
    expected = plain.band_values * (1 + np.arange(12) % 2) - 300 * (np.arange(12) % 3)
    np.testing.assert_allclose(spectrum.band_values, expected, rtol=1e-6)
    # 25 nm lie between two bands: no nanometre takes more than a fifth of what the bands differ by.
    steps = np.abs(np.diff(spectrum.values))
    assert np.nanmax(steps) < 0.2 * np.nanmax(np.abs(np.diff(spectrum.band_values)))


def test_a_polygons_spectrum_is_the_mean_of_its_valid_pixels(dock, hnr_path):
    from qgis.core import QgsGeometry, QgsRectangle

    corner, other = middle(4, 28), middle(14, 38)
    square = QgsRectangle(corner.x() - 15, other.y() - 15, other.x() + 15, corner.y() + 15)
    dock.add_polygon(QgsGeometry.fromRect(square))
    wait_for(dock)
    spectrum = dock.kept.spectra[0]
    window = HnrFile(hnr_path).read_wavelengths([500.0], (4, 28, 11, 11))[0]
    at = int(np.flatnonzero(spectrum.positions == 500.0)[0])
    assert spectrum.n_pixels == 121
    assert spectrum.values[at] == pytest.approx(window[window != 0].mean(dtype=float))


def test_pixels_in_a_polygon_with_a_hole_are_those_qgis_finds(qgis):
    from qgis.core import QgsGeometry, QgsPointXY

    outer = np.array([(1.2, 2.3), (18.7, 5.1), (14.2, 19.6), (9.1, 9.9), (2.2, 17.3)])
    inner = np.array([(5.3, 6.1), (9.2, 6.4), (6.1, 9.7)])
    shape = QgsGeometry.fromPolygonXY([[QgsPointXY(c, r) for r, c in ring] for ring in (outer, inner)])
    found = pixels_inside([outer, inner], range(20), range(22))
    for row in range(20):
        for col in range(22):
            assert found[row, col] == shape.contains(QgsPointXY(col + 0.5, row + 0.5))


def test_polygons_selected_in_a_vector_layer_are_taken(dock, qgis):
    from qgis.core import QgsFeature, QgsGeometry, QgsProject, QgsVectorLayer

    zones = QgsVectorLayer("Polygon?crs=EPSG:32633", "zones", "memory")
    feature = QgsFeature(zones.fields())
    feature.setGeometry(QgsGeometry.fromPointXY(middle(50, 50)).buffer(100, 8))
    zones.dataProvider().addFeatures([feature])
    zones.selectAll()
    QgsProject.instance().addMapLayer(zones)
    dock.add_selected()
    wait_for(dock)
    QgsProject.instance().removeMapLayer(zones.id())
    assert dock.kept.spectra[0].name.startswith("zones")
    assert dock.kept.spectra[0].n_pixels > 20


def test_a_polygon_beside_the_scene_is_refused_with_words(dock):
    from qgis.core import QgsGeometry

    dock.add_polygon(QgsGeometry.fromPointXY(middle(-400, 0)).buffer(100, 4))
    wait_for(dock)
    assert not dock.kept.spectra
    assert "No pixel" in dock.message.text()


def test_work_can_be_cancelled(qgis):
    from hiner.hiner_qgis.docks.spectrum_task import SpectrumTask

    ended = []
    task = SpectrumTask("work", lambda check: check() or ["made"], ended.append)
    task.cancel()
    assert task.run() is False
    task.finished(False)
    assert ended == [task]
    assert task.spectra == []


def test_a_region_being_decoded_stops_where_it_is_cancelled(hnr_path):
    from hiner.core.errors import Cancelled
    from hiner.hiner_qgis.docks.spectrum import region_spectrum

    asked = []

    def check():
        asked.append(1)
        if len(asked) > 20:
            raise Cancelled("enough")

    square = np.array([(0, 0), (0, 90), (70, 90), (70, 0)], float)
    with pytest.raises(Cancelled):
        region_spectrum(HnrFile(hnr_path), [square], "all", check)
    assert len(asked) == 21


def test_docks_may_go_while_a_spectrum_is_decoded(iface, open_layer, hnr_path, qgis):
    from qgis.core import QgsGeometry
    from qgis.PyQt.QtTest import QTest

    from hiner.hiner_qgis.docks import Docks

    layer = open_layer(hnr_path)
    iface.canvas.setDestinationCrs(layer.crs())
    docks = Docks(iface)
    docks.add()
    iface.choose(layer)
    dock = docks.docks[1]
    dock.add_polygon(QgsGeometry.fromRect(layer.extent()))
    docks.remove()
    QTest.qWait(300)
    assert dock.kept.spectra == []


def test_a_saved_table_holds_the_values(with_pixel, tmp_path):
    path = tmp_path / "spectra.csv"
    with_pixel.save(str(path))
    spectrum = with_pixel.kept.spectra[0]
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {float(r["wavelength_nm"]) for r in rows if r["band"]} == set(WAVELENGTHS)
    (bad,) = [r for r in rows if r["band"] == str(BAD_BAND + 1)]
    assert bad[spectrum.name] == ""
    found = {float(r["wavelength_nm"]): float(r[spectrum.name]) for r in rows if r[spectrum.name]}
    for position, value in zip(spectrum.positions, spectrum.values):
        if not np.isnan(value):
            assert found[position] == pytest.approx(value, rel=1e-8)


def test_a_saved_library_is_a_layer_with_profiles(with_pixel, tmp_path):
    ogr = pytest.importorskip("osgeo.ogr")
    path = tmp_path / "library.geojson"
    with_pixel.save(str(path))
    source = ogr.Open(str(path))
    feature = source.GetLayer(0).GetNextFeature()
    profile = json.loads(feature.GetField("profiles"))
    place = feature.GetGeometryRef().GetX(), feature.GetGeometryRef().GetY()
    feature = source = None
    spectrum = with_pixel.kept.spectra[0]
    assert profile["x"] == WAVELENGTHS.tolist()
    assert profile["bbl"] == [int(k != BAD_BAND) for k in range(12)]
    assert profile["xUnit"] == "nm"
    assert profile["y"][BAD_BAND] is None
    good = np.arange(12) != BAD_BAND
    np.testing.assert_allclose(np.array(profile["y"], float)[good], spectrum.band_values[good], rtol=1e-8)
    assert place == pytest.approx((15.0, 45.15), abs=0.2)
    assert "SpectralProfile" in (tmp_path / "library.qml").read_text(encoding="utf-8")


def test_a_library_leaves_the_users_style_of_that_name(with_pixel, tmp_path):
    (tmp_path / "scene.qml").write_text("<qgis>a raster's style</qgis>")
    with_pixel.save(str(tmp_path / "scene.geojson"))
    assert (tmp_path / "scene.qml").read_text() == "<qgis>a raster's style</qgis>"
    assert (tmp_path / "scene.geojson").exists()
    assert "scene.qml" in with_pixel.message.text() and "kept" in with_pixel.message.text()


def test_a_library_leaves_the_style_of_a_map_of_classes(with_pixel, tmp_path):
    """That is ours too, but not the library's."""
    (tmp_path / "map.qml").write_text("<qgis><!-- Written by HINER with the map. --></qgis>")
    with_pixel.save(str(tmp_path / "map.geojson"))
    assert "Written by HINER with the map." in (tmp_path / "map.qml").read_text()


def test_a_library_saved_again_has_its_style_again(with_pixel, tmp_path):
    from qgis.core import QgsVectorLayer

    path = tmp_path / "library.geojson"
    for _ in range(2):
        with_pixel.save(str(path))
        assert with_pixel.message.text() == f"Saved {path}"
    layer = QgsVectorLayer(str(path), "library", "ogr")
    assert layer.editorWidgetSetup(layer.fields().lookupField("profiles")).type() == "SpectralProfile"


@pytest.mark.parametrize("name", ["spectra.csv", "library.geojson"])
def test_a_full_disk_is_said_and_what_was_there_stays(with_pixel, tmp_path, name):
    resource = pytest.importorskip("resource")
    path = tmp_path / name
    path.write_text("before")
    there, limits = sorted(os.listdir(tmp_path)), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, limits[1]))
    try:
        with_pixel.save(str(path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert name in with_pixel.message.text() and "could not be written" in with_pixel.message.text()
    assert path.read_text() == "before"
    assert sorted(os.listdir(tmp_path)) == there


def test_spectra_are_renamed_copied_and_removed(with_pixel, qgis):
    with_pixel.list.item(0).setText("Meadow")
    with_pixel.copy()
    assert qgis.clipboard().text().splitlines()[0] == "wavelength_nm\tband\tMeadow"
    with_pixel.list.item(0).setSelected(True)
    with_pixel._remove()
    assert with_pixel.kept.spectra == []


def test_positions_are_a_nanometre_apart_in_each_range(hnr_path):
    grid = HnrFile(hnr_path).grid
    positions, blank = line_positions(grid)
    steps = np.diff(positions)[~blank[1:] & ~blank[:-1]]
    assert steps.max() <= 1.0
    for place in positions[~blank]:
        grid.locate(place)


def test_docks_leave_nothing_behind(iface, qgis):
    from qgis.PyQt.QtCore import QCoreApplication, QEvent
    from qgis.PyQt.QtWidgets import QDockWidget

    from hiner.hiner_qgis.docks import Docks

    docks = Docks(iface)
    docks.add()
    docks.docks[1].pick.click()
    assert iface.canvas.mapTool() is not None or not docks.docks[1].pick.isEnabled()
    items = len(iface.canvas.scene().items())
    docks.remove()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert iface.window.findChildren(QDockWidget) == []
    assert iface.canvas.mapTool() is None
    assert len(iface.canvas.scene().items()) == items - 1
    docks.remove()


def test_without_matplotlib_the_dock_says_so(iface, monkeypatch):
    import sys

    from qgis.PyQt.QtWidgets import QLabel

    from hiner.hiner_qgis.docks import Docks

    monkeypatch.setitem(sys.modules, "hiner.hiner_qgis.docks.plot", None)
    docks = Docks(iface)
    docks.add()
    labels = [label.text() for label in docks.docks[1].findChildren(QLabel)]
    docks.remove()
    assert any("matplotlib is not installed" in text for text in labels)
