"""The dock "Wavelengths" shows what the decoder gives at the wavelength chosen, in the same style."""

import os
from dataclasses import replace

import numpy as np
import pytest
from layer_scene import WAVELENGTHS

pytest.importorskip("qgis.core")

from hiner.core.hnr_file import HnrFile
from hiner.hiner_qgis.docks import presets
from hiner.hiner_qgis.layer import source


def values(layer, number, array_of):
    provider = layer.dataProvider()
    return array_of(provider.block(number, layer.extent(), layer.width(), layer.height()))


def test_a_slider_shows_the_decoders_values_at_its_wavelength(docks, iface, open_layer, hnr_path, array_of):
    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    docks[0].rows()[1].slider.chosen.emit(612.3, False)
    assert source.parse(layer.source()).wavelengths == (650.0, 612.3, 450.0)
    expected = HnrFile(hnr_path).read_wavelengths([612.3])[0]
    np.testing.assert_array_equal(values(layer, 2, array_of), expected)


def test_dragging_decodes_coarsely_and_releasing_fully(docks, iface, open_layer, hnr_path, array_of):
    from qgis.PyQt.QtTest import QTest

    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    slider = docks[0].rows()[0].slider
    slider.chosen.emit(690.0, True)
    assert source.parse(layer.source()).wavelengths[0] == 650.0
    QTest.qWait(250)
    expected = HnrFile(hnr_path).read_wavelengths([690.0])[0]
    coarse = values(layer, 1, array_of)
    assert source.parse(layer.source()).wavelengths[0] == 690.0
    assert len(np.unique(coarse)) <= coarse.size / 10
    slider.chosen.emit(690.0, False)
    np.testing.assert_array_equal(values(layer, 1, array_of), expected)


def test_the_style_is_kept_and_an_automatic_stretch_follows(docks, iface, open_layer, hnr_path):
    from qgis.core import QgsContrastEnhancement, QgsRasterMinMaxOrigin

    layer = open_layer(hnr_path + "?wl=650,550,450")
    layer.setOpacity(0.4)
    layer.brightnessFilter().setBrightness(30)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.MinMax)
    layer.renderer().setMinMaxOrigin(origin)
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setContrastEnhancementAlgorithm(
        QgsContrastEnhancement.ContrastEnhancementAlgorithm.StretchToMinimumMaximum
    )
    layer.renderer().setRedContrastEnhancement(enhancement)
    iface.choose(layer)
    docks[0].rows()[0].spin.setValue(480.0)
    assert layer.opacity() == 0.4
    assert layer.brightnessFilter().brightness() == 30
    red = layer.renderer().redContrastEnhancement()
    header = HnrFile(hnr_path).header.statistics
    assert red.minimumValue() == pytest.approx(float(header.minimum[2]))
    assert red.maximumValue() == pytest.approx(float(header.maximum[2]))


def test_an_automatic_stretch_leaves_out_what_the_user_calls_nodata(open_layer, hnr_path):
    from qgis.core import QgsContrastEnhancement, QgsRasterMinMaxOrigin, QgsRasterRange

    from hiner.hiner_qgis.docks.recolour import show_wavelengths

    layer = open_layer(hnr_path + "?wl=650,550,450")
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.MinMax)
    layer.renderer().setMinMaxOrigin(origin)
    layer.renderer().setRedContrastEnhancement(QgsContrastEnhancement(layer.dataProvider().dataType(1)))
    layer.dataProvider().setUserNoDataValue(1, [QgsRasterRange(0, 1000)])
    show_wavelengths(layer, (480.0, 550.0, 450.0))
    values = HnrFile(hnr_path).read_wavelengths([480.0])[0]
    expected = values[values > 1000].min()
    assert layer.renderer().redContrastEnhancement().minimumValue() == pytest.approx(expected)


def test_a_stretch_of_the_users_own_stays(docks, iface, open_layer, hnr_path):
    from qgis.core import QgsContrastEnhancement, QgsProject, QgsRasterMinMaxOrigin, QgsSingleBandGrayRenderer

    layer = open_layer(hnr_path + "?wl=650")
    renderer = QgsSingleBandGrayRenderer(layer.dataProvider(), 1)
    enhancement = QgsContrastEnhancement(layer.dataProvider().dataType(1))
    enhancement.setMinimumValue(11)
    enhancement.setMaximumValue(222)
    renderer.setContrastEnhancement(enhancement)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.None_)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    QgsProject.instance().setDirty(False)
    iface.choose(layer)
    assert len(docks[0].rows()) == 1
    docks[0].rows()[0].spin.setValue(500.0)
    kept = layer.renderer().contrastEnhancement()
    assert layer.renderer().type() == "singlebandgray"
    assert (kept.minimumValue(), kept.maximumValue()) == (11, 222)
    assert QgsProject.instance().isDirty()


def test_a_pseudo_colour_ramp_stretches_with_its_band(open_layer, hnr_path):
    from qgis.core import (
        QgsColorRampShader,
        QgsRasterMinMaxOrigin,
        QgsRasterShader,
        QgsSingleBandPseudoColorRenderer,
    )
    from qgis.PyQt.QtGui import QColor

    from hiner.hiner_qgis.docks.recolour import show_wavelengths

    layer = open_layer(hnr_path + "?wl=file")
    shader, ramp = QgsRasterShader(), QgsColorRampShader(0, 1000)
    colours = [QgsColorRampShader.ColorRampItem(v, QColor(0, 0, v // 4)) for v in (0, 500, 1000)]
    ramp.setColorRampItemList(colours)
    shader.setRasterShaderFunction(ramp)
    renderer = QgsSingleBandPseudoColorRenderer(layer.dataProvider(), 5, shader)
    renderer.setClassificationMin(0)
    renderer.setClassificationMax(1000)
    origin = QgsRasterMinMaxOrigin()
    origin.setLimits(QgsRasterMinMaxOrigin.Limits.MinMax)
    renderer.setMinMaxOrigin(origin)
    layer.setRenderer(renderer)
    show_wavelengths(layer, (480.0,))
    found = [item.value for item in layer.renderer().shader().rasterShaderFunction().colorRampItemList()]
    header = HnrFile(hnr_path).header.statistics
    low, high = float(header.minimum[2]), float(header.maximum[2])
    assert found == pytest.approx([low, (low + high) / 2, high])
    assert layer.renderer().classificationMax() == pytest.approx(high)


@pytest.mark.parametrize("harm", ["gone", "replaced"])
def test_a_slider_leaves_the_layer_of_a_file_that_is_not_there_as_it_was(docks, iface, open_layer, hnr_path, harm):
    from hiner.core.errors import FormatError, RasterError
    from hiner.hiner_qgis.docks.recolour import show_wavelengths

    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    if harm == "gone":
        os.rename(hnr_path, hnr_path + ".away")
    else:
        os.utime(hnr_path, (1, 1))
    with pytest.raises(RasterError if harm == "gone" else FormatError):
        show_wavelengths(layer, (690.0, 550.0, 450.0))
    docks[0].rows()[0].slider.chosen.emit(690.0, False)
    assert hnr_path in docks[0].message.text()
    box = docks[0].presets
    box.activated.emit(next(k for k in range(box.count()) if "Landsat 8" in box.itemText(k)))
    assert hnr_path in docks[0].message.text()
    assert layer.isValid()
    assert layer.source() == hnr_path + "?wl=650,550,450"
    assert layer.renderer().usesBands() == [1, 2, 3]


@pytest.mark.parametrize("place", ["EPSG:32633", None])
def test_a_slider_keeps_the_place_that_the_user_has_set(open_layer, variant, place):
    from qgis.core import QgsCoordinateReferenceSystem

    from hiner.hiner_qgis.docks.recolour import show_wavelengths

    def placed(description):
        wkt = description.georeference.crs_wkt if place else None
        return replace(description, georeference=replace(description.georeference, crs_wkt=wkt))

    layer = open_layer(variant("placed.hnr", placed) + "?wl=650,550,450")
    assert layer.crs().authid() == (place or "")
    show_wavelengths(layer, (660.0, 550.0, 450.0))
    assert layer.crs().authid() == (place or "")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32631"))
    show_wavelengths(layer, (690.0, 550.0, 450.0))
    assert layer.crs().authid() == "EPSG:32631"


def test_a_bad_bands_wavelength_snaps_and_says_so(docks, iface, open_layer, hnr_path):
    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    docks[0].rows()[0].slider.chosen.emit(579.0, False)
    assert source.parse(layer.source()).wavelengths[0] == 555.0
    assert "579.0 nm lies in a gap" in docks[0].message.text()
    assert docks[0].rows()[0].spin.value() == 555.0
    docks[0].rows()[0].slider.chosen.emit(584.0, False)
    assert source.parse(layer.source()).wavelengths[0] == 605.0
    docks[0].rows()[0].slider.chosen.emit(610.0, False)
    assert docks[0].message.text() == ""


def test_small_steps_cross_a_gap(hnr_path):
    grid = HnrFile(hnr_path).grid
    assert presets.stepped(grid, 555.0, 556.0) == 605.0
    assert presets.stepped(grid, 605.0, 604.0) == 555.0
    assert presets.stepped(grid, 555.0, 570.0) == 555.0
    assert presets.stepped(grid, 430.0, 429.0) == 430.0


def test_presets_beyond_the_scene_are_off_with_the_reason(docks, iface, open_layer, hnr_path):
    iface.choose(open_layer(hnr_path + "?wl=650,550,450"))
    offered = {p.title: p.problem for p in presets.presets(HnrFile(hnr_path).grid)}
    assert offered["True colour (650, 550, 450 nm)"] == ""
    assert "2200 nm" in offered["SWIR (2200, 1650, 660 nm)"]
    box = docks[0].presets
    states = {box.itemText(k): box.model().item(k).isEnabled() for k in range(1, box.count())}
    assert states == {title: not problem for title, problem in offered.items()}


def test_a_sensors_preset_shows_its_bands_in_colours(docks, iface, open_layer, hnr_path):
    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    box = docks[0].presets
    place = next(k for k in range(box.count()) if "Landsat 8" in box.itemText(k))
    box.activated.emit(place)
    assert source.parse(layer.source()).sensor == "landsat8"
    centres = [layer.dataProvider().wavelength(n) for n in layer.renderer().usesBands()]
    assert centres == sorted(centres, reverse=True)


def test_a_file_without_wavelengths_offers_band_numbers(docks, iface, open_layer, variant):
    def blind(description):
        return replace(description, bands=tuple(replace(b, wavelength=None) for b in description.bands))

    path = variant("blind.hnr", blind)
    layer = open_layer(path)
    iface.choose(layer)
    assert "band numbers" in docks[0].message.text()
    docks[0].rows()[2].spin.setValue(9)
    assert source.parse(layer.source()).wavelengths == (1.0, 2.0, 9.0)


def test_other_layers_switch_the_sliders_off_with_a_reason(docks, iface):
    iface.choose(None)
    assert "Select a layer" in docks[0].message.text()
    assert not any(row.slider.isEnabled() for row in docks[0]._rows)


def test_the_mouse_drags_a_slider(docks, iface, open_layer, hnr_path):
    from qgis.PyQt.QtCore import QPoint, Qt
    from qgis.PyQt.QtTest import QTest

    layer = open_layer(hnr_path + "?wl=650,550,450")
    iface.choose(layer)
    slider, spin = docks[0].rows()[0].slider, docks[0].rows()[0].spin
    slider.resize(316, 34)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=QPoint(8, 10))
    assert slider.isSliderDown()
    QTest.mouseMove(slider, QPoint(308, 10))
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(308, 10))
    assert not slider.isSliderDown()
    assert spin.value() in (WAVELENGTHS[0], WAVELENGTHS[-1])
    assert source.parse(layer.source()).wavelengths[0] == spin.value()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    assert source.parse(layer.source()).wavelengths[0] == WAVELENGTHS[0]


def test_the_layer_removed_while_it_is_chosen_switches_the_dock_off(docks, iface, registered, hnr_path):
    from qgis.core import QgsProject, QgsRasterLayer

    layer = QgsRasterLayer(hnr_path, "scene", "hiner")
    QgsProject.instance().addMapLayer(layer)
    iface.choose(layer)
    QgsProject.instance().removeMapLayer(layer.id())
    iface.layer = None
    assert "Select a layer" in docks[0].message.text()
    assert not docks[1].pick.isEnabled()


def test_a_sensors_layer_goes_back_to_wavelengths(docks, iface, open_layer, hnr_path):
    layer = open_layer(hnr_path + "?sensor=landsat8")
    iface.choose(layer)
    docks[0].rows()[0].spin.setValue(480.0)
    assert source.parse(layer.source()).wavelengths[0] == 480.0
    assert layer.renderer().usesBands() == [1, 2, 3]
