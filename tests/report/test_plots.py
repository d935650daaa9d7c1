"""Lines over the spectrum stop at gaps and bad bands, and plots are PNGs for light and dark."""

import io

import numpy as np
import pytest
from measured_scenes import make_scene

from hiner.core.container.statistics import band_statistics
from hiner.core.report import plots
from hiner.core.report.axis import SpectralAxis
from hiner.core.report.canvas import coloured, png_of
from hiner.core.report.class_plots import confusion_plot

image = pytest.importorskip("matplotlib.image")


def _axis(places, usable):
    scene = make_scene((len(usable), 5, 5), places=places, nodata=None)
    return SpectralAxis(scene.description, np.array(usable))


def test_lines_end_at_bad_bands_and_gaps():
    places = [400, 410, 420, 430, 440, 450, 700, 710, 720, 730]
    axis = _axis(lambda n: places, [1, 1, 0, 1, 1, 1, 1, 1, 1, 1])
    values = np.arange(10.0)
    values[4] = np.inf
    lines = [(x.tolist(), y.tolist()) for x, y in axis.lines(values)]
    assert [x for x, _ in lines] == [[400, 410], [430, 440, 450], [700, 710, 720, 730]]
    assert np.isnan(lines[1][1][1])
    assert lines[2][1] == [6, 7, 8, 9]


def test_band_numbers_stand_in_for_wavelengths():
    axis = _axis(None, [True] * 4)
    assert axis.label == "Band number"
    assert axis.positions.tolist() == [1, 2, 3, 4]
    assert axis.name(2) == "band 3"
    assert axis.place(2) == ""
    assert axis.ranges() == ["1 to 4"]


def _check_plot(plot):
    width, height = plot.size
    for png in (plot.light, plot.dark):
        picture = image.imread(io.BytesIO(png))
        assert picture.shape == (2 * height, 2 * width, 4)
        assert np.ptp(picture[..., 3]) > 0
    assert plot.light != plot.dark


def test_plots_are_drawn_for_light_and_dark():
    scene = make_scene()
    axis = SpectralAxis(scene.description, scene.validity.bands)
    psnr = np.linspace(30, 40, 12)
    _check_plot(plots.psnr_plot(axis, psnr, 35.0, {2: ("worst", True)}))
    _check_plot(plots.error_plot(axis, psnr, 2 * psnr))
    _check_plot(plots.statistics_plot(axis, band_statistics(scene)))
    _check_plot(plots.bar_plot("RdBu_r", -1.0, 1.0, "Error"))
    _check_plot(plots.training_plot([(1.0, 1, 20.0), (2.0, 2, float("nan")), (3.0, 3, 30.0)]))


def test_plots_of_nothing_to_see():
    """All bands exact, or all constant: no value can be drawn, and the plot is there still."""
    axis = _axis(None, [True] * 3)
    _check_plot(plots.psnr_plot(axis, np.full(3, np.inf), np.inf, {0: ("worst", True)}))
    _check_plot(plots.psnr_plot(axis, np.full(3, np.nan), np.nan, {}))
    _check_plot(plots.error_plot(axis, np.zeros(3), np.zeros(3)))


def test_a_band_alone_is_a_dot():
    """One band between gaps would be invisible as a line."""
    places = [400, 410, 420, 430, 900, 1400, 1410, 1420, 1430]
    axis = _axis(lambda n: places, [True] * 9)
    alone = [segment for segment in axis.segments if len(segment) == 1]
    assert alone == [(4,)]
    without = np.full(9, 5.0)
    without[4] = np.nan
    assert plots.psnr_plot(axis, np.full(9, 5.0), np.nan, {}) != plots.psnr_plot(axis, without, np.nan, {})


def test_colours_and_transparency_reach_the_png():
    values = np.array([[0.0, 1.0], [np.nan, 0.5]])
    picture = image.imread(io.BytesIO(png_of(coloured(values, "gray", 0, 1))))
    np.testing.assert_allclose(picture[0], [[0, 0, 0, 1], [1, 1, 1, 1]])
    assert picture[1, 0, 3] == 0
    assert picture[1, 1, 0] == pytest.approx(0.5, abs=0.01)


def test_names_between_dollars_are_no_formulas(monkeypatch):
    mathtext = pytest.importorskip("matplotlib.mathtext")

    def parsed(*_arguments, **_options):
        raise AssertionError("a name was taken for a formula")

    monkeypatch.setattr(mathtext.MathTextParser, "parse", parsed)
    names = [r"$\bad$", "$5 to $10", "a$"]
    assert confusion_plot(np.eye(3, dtype=int), names).light.startswith(b"\x89PNG")
