"""Between bands of different scale or offset lie physical values, not a mixture of stored numbers."""

import numpy as np
import pytest
from mixed_gains import BEAMS, NODATA, OFFSETS, SCALES, WAVELENGTHS, mixed_scene, radiance
from synthetic import make_scene

from hiner.core.codec import CompressOptions, compress
from hiner.core.decompression.bands import requested_bands
from hiner.core.decompression.display import display_ranges
from hiner.core.hnr_file import HnrFile
from hiner.core.scene.band_units import BandUnits
from hiner.core.scene.description import Band
from hiner.core.spectral.grid import SpectralPoint
from hiner.core.spectral.sensors import band_average_weights


@pytest.fixture(scope="module")
def hnr(tmp_path_factory):
    path = tmp_path_factory.mktemp("mixed") / "a.hnr"
    compress(mixed_scene(), path, CompressOptions(target_psnr=65.0))
    return HnrFile(path)


def physical(samples, bands):
    """Samples with the scale and offset that their Bands state, NaN where they are nodata."""
    values = np.where(samples == NODATA, np.nan, samples.astype("f8"))
    scales, offsets = np.array([[band.scale, band.offset] for band in bands]).T[:, :, None, None]
    return values * scales + offsets


def test_wavelengths_between_bands_are_the_scenes_physical_values(hnr):
    bands = requested_bands(hnr, ", ".join(map(str, BEAMS)), as_float=False)
    values = physical(bands.read(slice(None), (0, 0, 32, 40), None), bands.bands)
    assert np.isnan(values[:, 5:9, 6:12]).all()
    valid = ~np.isnan(values)
    assert np.abs(values - radiance(BEAMS))[valid].max() < 0.002
    # A picture of them, too: means around those pixels.
    small = physical(bands.read(slice(None), (16, 0, 16, 40), None, (8, 20)), bands.bands)
    assert np.abs(small - radiance(BEAMS)[:, 17::2, 1::2]).max() < 0.02


def test_a_wavelength_has_the_scale_of_the_nearer_band(hnr):
    bands = requested_bands(hnr, "503, 507.5", as_float=False).bands
    assert [(band.scale, band.offset) for band in bands] == [(SCALES[0], OFFSETS[0]), (SCALES[1], OFFSETS[1])]


def test_a_sensors_bands_are_means_of_physical_values(hnr):
    average = band_average_weights("sentinel2a", hnr.grid)
    bands = requested_bands(hnr, "sensor:sentinel2a", as_float=False)
    values = physical(bands.read(slice(None), (0, 0, 32, 40), None), bands.bands)
    own = physical(hnr.read_points([hnr.grid.band_point(band) for band in range(24)]), hnr.description.bands)
    expected = np.tensordot(average.weights, own, 1)
    assert np.isnan(values[:, 5:9, 6:12]).all()
    np.testing.assert_allclose(values, expected, rtol=1e-5)
    assert np.nanmax(np.abs(values - np.tensordot(average.weights, radiance(WAVELENGTHS), 1))) < 0.002


def test_whole_bands_are_the_stored_numbers_in_their_own_scale(hnr):
    bands = requested_bands(hnr, "500, 512", as_float=False)
    assert [(band.scale, band.offset) for band in bands.bands] == list(zip(SCALES[:2], OFFSETS[:2]))
    stored = mixed_scene().cube
    decoded = hnr.read_bands(range(24))
    assert np.abs(decoded.astype(int) - stored).max() < 20
    # Own bands are clipped to their range as well as rounded.
    figures = hnr.header.statistics
    inside = (decoded > figures.minimum[:, None, None]) & (decoded < figures.maximum[:, None, None])
    unrounded = hnr.read_points([hnr.grid.band_point(band) for band in range(24)])
    assert np.abs(unrounded - decoded)[inside].max() <= 0.5
    assert np.array_equal(bands.read(slice(None), None, None), unrounded[:2])


def test_between_the_only_two_bands_lies_the_straight_line(tmp_path):
    """Shape-preserving cubics of two bands are lines, also with a negative scale and a constant band."""
    y, x = np.mgrid[:20, :24]
    flat, ramp = np.zeros_like(y), 10 * y + x
    cube = np.stack([1000 + ramp, 4000 - 2 * ramp, ramp, flat + 50, flat + 70]).astype("int16")
    # The bad band in the middle parts two runs of two.
    bands = (
        Band(500.0, 5.0, True, 0.5, 3.0), Band(510.0, 5.0, True, -0.25, 2000.0), Band(520.0, 5.0, False),
        Band(530.0, 5.0, True, 2.0, -7.0), Band(540.0, 5.0, True, 1.0, 1.0),
    )
    compress(make_scene(cube, None, bands), tmp_path / "a.hnr", CompressOptions(rate=6.0))
    hnr = HnrFile(tmp_path / "a.hnr")
    for lower, upper in ((0, 1), (3, 4)):
        whole = [SpectralPoint(band, band, 0.0) for band in (lower, upper)]
        ends = physical(hnr.read_points(whole), [bands[lower], bands[upper]])
        for fraction in (0.2, 0.5, 0.9):
            (values,) = hnr.read_points([SpectralPoint(lower, upper, fraction)])
            near = bands[upper if fraction >= 0.5 else lower]
            line = (1 - fraction) * ends[0] + fraction * ends[1]
            np.testing.assert_allclose(values * near.scale + near.offset, line, rtol=1e-5)


def test_the_range_to_show_a_wavelength_with_is_physical(hnr):
    bands = requested_bands(hnr, ", ".join(map(str, BEAMS)), as_float=True).bands
    low, high = display_ranges(hnr.header, bands)
    truth = np.percentile(radiance(BEAMS), [2, 98], axis=(1, 2))
    np.testing.assert_allclose([low, high], truth, atol=0.004)


def test_numbers_of_one_scale_stay_to_the_last_bit():
    units = BandUnits([Band(scale=0.1, offset=-0.3)] * 3)
    assert units.agree
    factors, shifts = units.into(0.1, -0.3)
    assert (factors == 1).all()
    assert (shifts == 0).all()
    weights = np.array([[0.1, 0.2, 0.7]])
    assert np.array_equal(units.averaging(weights)[0], weights)


def test_a_scale_of_zero_leaves_numbers_as_they_are():
    units = BandUnits([Band(scale=0.0, offset=1.0), Band(scale=2.0, offset=5.0)])
    assert np.array_equal(units.into(0.0, 1.0), [[1, 1], [0, 0]])
    # What its numbers are worth is known all the same: 1, which is -2 steps of 2 from 5.
    assert np.array_equal(units.into(2.0, 5.0), [[0, 1], [-2, 0]])
