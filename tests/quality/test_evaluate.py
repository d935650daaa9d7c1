"""A scene's figures are those of its bands, over the samples that count."""

import json
import math

import numpy as np
import pytest
from whole_bands import whole_bands

from hiner.core.errors import Cancelled, ParameterError, SceneError
from hiner.core.progress import Progress
from hiner.core.quality import band_rows
from hiner.core.quality.evaluate import SceneBands, common_validity, evaluate
from hiner.core.quality.quality import TABLE_COLUMNS
from hiner.core.quality.ssim import ssim_map
from hiner.core.scene.description import Band, SceneDescription
from hiner.core.scene.scene import Scene, Validity
from hiner.core.scene.validity import validity_of

NODATA = -9999


def _scene(cube, nodata=NODATA, wavelengths=True):
    bands = tuple(Band(wavelength=400.0 + 10 * i if wavelengths else None) for i in range(len(cube)))
    description = SceneDescription(*cube.shape[1:], bands, str(cube.dtype), nodata, source="scene.tif")
    return Scene(description, cube, validity_of(cube, nodata))


def _noisy(cube, seed=0):
    noise = np.random.default_rng(seed).normal(0, 20, cube.shape)
    return (cube + noise).astype(cube.dtype)


@pytest.fixture
def cube():
    """6 bands with holes: a common one, one of band 2's own, and band 4 without any sample."""
    cube = np.random.default_rng(7).integers(0, 4000, (6, 21, 17)).astype(np.int16)
    cube[:, 3:6, 2:9] = NODATA
    cube[2, 10, 10] = NODATA
    cube[4] = NODATA
    return cube


def test_every_band_by_direct_formulas(cube):
    scene, decoded = _scene(cube), _noisy(cube)
    quality = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    assert quality.usable.tolist() == [True, True, True, True, False, True]
    assert math.isnan(quality.psnr[4])
    assert math.isnan(quality.rmse[4])
    for band in (0, 1, 2, 3, 5):
        valid = cube[band] != NODATA
        o, d = cube[band][valid].astype(float), decoded[band][valid].astype(float)
        mse = np.mean((o - d) ** 2)
        assert quality.rmse[band] == pytest.approx(math.sqrt(mse))
        assert quality.psnr[band] == pytest.approx(10 * math.log10((o.max() - o.min()) ** 2 / mse))
        assert quality.max_error[band] == np.abs(o - d).max()
        assert quality.bias[band] == pytest.approx(np.mean(d - o))
        assert quality.ranges[band] == o.max() - o.min()
        similarity = ssim_map(cube[band], decoded[band], valid, o.max() - o.min())
        assert quality.ssim[band] == pytest.approx(similarity[valid].mean())
    assert quality.n_compared == np.count_nonzero(cube != NODATA)


def test_means_are_over_the_bands_and_sam_over_the_pixels(cube):
    scene, decoded = _scene(cube), _noisy(cube)
    quality = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    compared = [0, 1, 2, 3, 5]
    assert quality.mean_psnr == pytest.approx(quality.psnr[compared].mean())
    assert quality.mean_rmse == pytest.approx(quality.rmse[compared].mean())
    assert quality.mean_ssim == pytest.approx(quality.ssim[compared].mean())
    assert quality.largest_error == quality.max_error[compared].max()
    angles = []
    for row, col in np.argwhere(scene.validity.pixels):
        kept = [band for band in compared if cube[band, row, col] != NODATA]
        o, d = (data[kept, row, col].astype(float) for data in (cube, decoded))
        angles.append(math.degrees(math.acos(min(1.0, o @ d / math.sqrt((o @ o) * (d @ d))))))
    assert quality.mean_sam == pytest.approx(np.mean(angles), rel=1e-6)
    assert np.array_equal(np.isnan(quality.sam_map), ~scene.validity.pixels)


def test_a_band_is_measured_the_same_in_strips(cube, monkeypatch):
    scene, decoded = _scene(cube), _noisy(cube)
    whole = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    monkeypatch.setattr(band_rows, "STRIP_PIXELS", 40)
    strips = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    for figure in ("psnr", "rmse", "max_error", "bias", "ssim", "cam", "sam_map"):
        np.testing.assert_allclose(getattr(strips, figure), getattr(whole, figure), rtol=1e-9)


def test_constant_and_exact_bands_stay_out_of_the_mean_psnr():
    cube = np.random.default_rng(8).integers(0, 900, (4, 8, 8)).astype(np.uint16)
    cube[1] = 7
    decoded = cube.copy()
    decoded[0, 0, 0] += 2
    decoded[1, 0, 0] += 3
    decoded[3, 1, 1] += 4
    quality = evaluate(SceneBands(_scene(cube, None)), whole_bands(lambda band: decoded[band]))
    assert math.isnan(quality.psnr[1])
    assert quality.psnr[2] == math.inf
    assert quality.exact.tolist() == [False, False, True, False]
    assert quality.constant.tolist() == [False, True, False, False]
    assert quality.mean_psnr == pytest.approx((quality.psnr[0] + quality.psnr[3]) / 2)
    assert quality.rmse[1] == pytest.approx(3 / 8)
    assert quality.largest_error == 4
    assert quality.ranked_bands().tolist() == [3, 0, 2]


def test_a_lossless_copy():
    cube = np.random.default_rng(9).integers(0, 900, (3, 8, 8)).astype(np.uint16)
    quality = evaluate(SceneBands(_scene(cube, None)), whole_bands(lambda band: cube[band]))
    assert quality.mean_psnr == math.inf
    assert (quality.mean_rmse, quality.largest_error) == (0, 0)
    assert quality.mean_ssim == pytest.approx(1)
    assert quality.mean_sam == pytest.approx(0, abs=1e-5)


def test_one_pixel():
    """Every band of one pixel is constant: no PSNR and no SSIM, but an angle and an error."""
    cube = np.array([[[10]], [[20]]], dtype=np.uint8)
    quality = evaluate(SceneBands(_scene(cube, None)), whole_bands(lambda band: cube[band] + np.uint8(band)))
    assert math.isnan(quality.mean_psnr)
    assert math.isnan(quality.mean_ssim)
    assert quality.mean_rmse == 0.5
    cosine = (100 + 420) / math.sqrt(500 * (100 + 441))
    assert quality.mean_sam == pytest.approx(math.degrees(math.acos(cosine)))


def test_decoded_numbers_that_are_none_are_refused(cube):
    scene, decoded = _scene(cube), cube.astype(np.float32)
    decoded[1, 0, 0] = np.nan
    with pytest.raises(ParameterError, match="Band 2 .* 1 pixels"):
        evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    decoded[1, 0, 0] = 0
    decoded[1, 4, 4] = np.nan
    evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))


def test_another_shape_is_refused(cube):
    with pytest.raises(ParameterError, match="21x17"):
        evaluate(SceneBands(_scene(cube)), whole_bands(lambda band: cube[band, 1:]))


def test_nothing_to_compare_is_refused(cube):
    scene = _scene(cube)
    nothing = Validity(scene.validity.pixels, np.zeros(6, dtype=bool), {})
    with pytest.raises(SceneError, match="scene.tif"):
        evaluate(SceneBands(scene, nothing), whole_bands(lambda band: cube[band]))


def test_cancels_between_strips(cube):
    class Impatient(Progress):
        asked = 0

        def is_cancelled(self):
            self.asked += 1
            return self.asked > 3

    decoded = []
    with pytest.raises(Cancelled):
        evaluate(SceneBands(_scene(cube)), whole_bands(lambda band: decoded.append(band) or cube[band]), Impatient())
    assert len(decoded) == 2


def test_common_validity_is_the_intersection(cube):
    """Sample by sample, for masks that differ in pixels, in bands and in single bands."""
    other = np.random.default_rng(11).integers(0, 4000, cube.shape).astype(np.int16)
    other[:, 15:, :4] = NODATA
    other[5, 0, :] = NODATA
    other[0] = NODATA
    both = common_validity(validity_of(cube, NODATA), validity_of(other, NODATA))
    for band in range(6):
        expected = (cube[band] != NODATA) & (other[band] != NODATA)
        np.testing.assert_array_equal(both.of_band(band), expected)
        assert both.bands[band] == expected.any()


def test_a_cancel_is_heard_while_masks_are_joined(cube):
    class Stopped(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        common_validity(validity_of(cube, NODATA), validity_of(cube, NODATA), Stopped())


def test_figures_of_the_file_and_json(cube):
    scene = _scene(cube)
    decoded = _noisy(cube)
    quality = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
    measured = quality.of_file(1071, scene.description, {"paper_psnr_db": 40.5})
    assert measured.rate == pytest.approx(8 * 1071 / (6 * 21 * 17))
    assert measured.ratio == pytest.approx(2 * 6 * 21 * 17 / 1071)
    document = json.loads(json.dumps(measured.as_dict(), allow_nan=False))
    assert document["rate_bpppb"] == measured.rate
    assert document["paper_psnr_db"] == 40.5
    assert document["paper_rate_bpppb"] is None
    assert document["psnr_db"] == pytest.approx(quality.mean_psnr)
    assert document["bands"][4] == {
        **dict.fromkeys(TABLE_COLUMNS), "band": 5, "wavelength_nm": 440.0, "compared": False,
    }
    assert document["bands"][2]["rmse"] == pytest.approx(quality.rmse[2])


def test_rows_without_wavelengths_leave_them_empty():
    cube = np.random.default_rng(12).integers(0, 9, (2, 3, 3)).astype(np.uint8)
    quality = evaluate(SceneBands(_scene(cube, None, wavelengths=False)), whole_bands(lambda band: cube[band]))
    rows = list(quality.rows())
    assert [row[:3] for row in rows] == [(1, None, True), (2, None, True)]
    assert rows[0][TABLE_COLUMNS.index("psnr_db")] == "inf"


def test_figures_are_the_same_to_the_last_bit_however_the_rows_come(cube, monkeypatch):
    """Some rows of all bands, then the next: cuts beside, within and across strips and their margins."""
    scene, decoded = _scene(cube), _noisy(cube)
    for pixels in (1, 40, 7 * 17, 10**6):
        monkeypatch.setattr(band_rows, "STRIP_PIXELS", pixels)
        whole = evaluate(SceneBands(scene), whole_bands(lambda band: decoded[band]))
        for cuts in ([7, 14], [1, 2, 20], [5, 6, 12], list(range(1, 21))):
            edges = list(zip([0, *cuts], [*cuts, 21]))
            rows = lambda bands: ((band, decoded[band, a:b]) for a, b in edges for band in bands)  # noqa: B023, E731
            cut = evaluate(SceneBands(scene), rows)
            for figure in ("psnr", "rmse", "max_error", "bias", "ssim", "cam", "sam_map", "ranges"):
                assert np.array_equal(getattr(cut, figure), getattr(whole, figure), equal_nan=True)


@pytest.mark.parametrize("rows", [(0, 20), (0, 21, 22)])
def test_rows_that_lack_or_are_too_many_are_refused(cube, rows):
    scene, taller = _scene(cube), np.concatenate([cube, cube[:, :1]], axis=1)
    pieces = [(band, taller[band, a:b]) for a, b in zip(rows, rows[1:]) for band in (0, 1, 2, 3, 5)]
    with pytest.raises(ParameterError, match="21x17"):
        evaluate(SceneBands(scene), lambda bands: pieces)
