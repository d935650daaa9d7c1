"""What goes in comes out: every data type, holes, odd shapes, and figures that can be checked."""

import os
from dataclasses import replace

import numpy as np
import pytest
from synthetic import make_scene, smooth

from hiner.core import codec
from hiner.core.codec import compress, plan
from hiner.core.container.statistics import band_statistics
from hiner.core.errors import Cancelled, OutputError, ParameterError
from hiner.core.hnr_file import HnrFile
from hiner.core.progress import Progress
from hiner.core.scene.description import DTYPES, Band


def psnr(original, decoded, valid):
    error = ((original - decoded.astype("f8")) ** 2)[valid].mean()
    span = np.ptp(original[valid])
    return 10 * np.log10(span**2 / error)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_data_type_comes_back(tiny, tmp_path, dtype):
    low, high = (0, 120) if dtype == "int8" else (3, 250) if dtype == "uint8" else (100, 4000)
    cube = smooth(24, 30, 8, low, high)
    cube = cube.astype(dtype) if dtype.startswith("float") else np.rint(cube).astype(dtype)
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", replace(tiny, epochs=40))
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(8))
    assert decoded.dtype == dtype
    assert decoded.min() >= cube.min()
    assert decoded.max() <= cube.max()
    everywhere = np.ones(cube.shape[1:], bool)
    independent = np.mean([psnr(c.astype("f8"), d, everywhere) for c, d in zip(cube, decoded)])
    assert outcome.psnr == pytest.approx(independent, abs=0.01)
    assert independent > 20


def test_large_integers_keep_their_digits(tiny, tmp_path):
    """Beyond 2^24 a float32 would round the minimum itself."""
    cube = (4_000_000_001 + np.rint(smooth(16, 16, 6, 0, 50))).astype("uint32")
    compress(make_scene(cube), tmp_path / "a.hnr", replace(tiny, model_size=20_000, epochs=100))
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(6))
    error = np.abs(decoded.astype("i8") - cube.astype("i8"))
    assert error.mean() < 5


def test_holes_bad_and_empty_bands_come_back_as_nodata(holed_scene, holed_file):
    path, _ = holed_file
    decoded = HnrFile(path).read_bands(range(16))
    for band in range(16):
        expected = holed_scene.validity.of_band(band) & (band not in (5, 7))
        assert np.array_equal(decoded[band] != -1, expected), band
    assert (decoded[9][holed_scene.validity.of_band(9)] == 77).all()


def test_the_figures_are_those_of_the_file(holed_scene, holed_file):
    path, outcome = holed_file
    n_bytes = os.path.getsize(path)
    decoded = HnrFile(path).read_bands(range(16))
    kept = [b for b in range(16) if b not in (5, 7, 9)]
    cube, of_band = holed_scene.cube.astype("f8"), holed_scene.validity.of_band
    by_hand = np.mean([psnr(cube[b], decoded[b], of_band(b)) for b in kept])
    assert outcome.psnr == pytest.approx(by_hand, abs=1e-6)
    assert outcome.rate == pytest.approx(8 * n_bytes / (40 * 48 * 16))
    assert outcome.ratio == pytest.approx(2 * 40 * 48 * 16 / n_bytes)
    measured = HnrFile(path).header.measured
    assert measured["rate_bpppb"] == pytest.approx(outcome.rate, rel=1e-3)
    assert measured["psnr_db"] == pytest.approx(by_hand, rel=1e-3)


def test_padding_of_a_published_frame_stands_in_the_papers_column_only(tiny, tmp_path):
    cube = np.rint(smooth(50, 60, 6)).astype("uint16")
    options = replace(tiny, preset="indian_pines", model_size=40_000, epochs=1)
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", options)
    frame = 180 * 180
    measured = outcome.header.measured
    gain = 10 * np.log10(frame / (50 * 60))
    assert measured["paper_psnr_db"] == pytest.approx(outcome.psnr + gain, rel=1e-3)
    assert measured["paper_rate_bpppb"] < outcome.rate * 50 * 60 / frame


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (1, 40), (37, 2)])
def test_odd_shapes(tiny, tmp_path, shape):
    cube = np.rint(smooth(*shape, 5)).astype("uint16")
    compress(make_scene(cube), tmp_path / "a.hnr", tiny)
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(5))
    assert decoded.shape == (5, *shape)
    if shape == (1, 1):
        assert np.array_equal(decoded, cube)


def test_a_constant_scene_is_exact(tiny, tmp_path):
    cube = np.full((4, 12, 9), 1234, "int32")
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", tiny)
    assert np.array_equal(HnrFile(tmp_path / "a.hnr").read_bands(range(4)), cube)
    assert "psnr_db" not in outcome.header.measured


def test_valid_samples_never_come_back_as_nodata(tiny, tmp_path):
    """Nodata 0 within the range of an int16 band: rounding must not turn samples into holes."""
    cube = np.rint(smooth(30, 30, 6, -20, 20)).astype("int16")
    cube[cube == 0] = 1
    cube[:, :4, :4] = 0
    compress(make_scene(cube, 0.0), tmp_path / "a.hnr", tiny)
    decoded = HnrFile(tmp_path / "a.hnr").read_bands(range(6))
    assert np.array_equal(decoded == 0, cube == 0)


@pytest.mark.parametrize("nodata", [-9999.0, 1e10, float("nan"), float("-inf"), 0.5])
def test_a_nodata_value_that_the_data_cannot_hold_marks_nothing(tiny, tmp_path, nodata):
    cube = np.rint(smooth(12, 12, 6)).astype("uint16")
    bands = tuple(Band(400 + 10.0 * i, good=i != 2) for i in range(6))
    compress(make_scene(cube, nodata, bands), tmp_path / "a.hnr", tiny)
    hnr = HnrFile(tmp_path / "a.hnr")
    assert hnr.description.nodata is None
    assert (hnr.read_bands([2]) == 0).all()
    assert np.isnan(hnr.read_points([hnr.grid.band_point(2)])).all()


def test_floats_near_the_largest_come_back(tiny, tmp_path):
    cube = smooth(16, 16, 6, -3e38, 3e38).astype("float32")
    outcome = compress(make_scene(cube), tmp_path / "a.hnr", replace(tiny, epochs=40))
    assert outcome.psnr > 15
    assert np.isfinite(HnrFile(tmp_path / "a.hnr").read_bands(range(6))).all()


def test_overlapping_detectors_keep_both_bands_of_one_wavelength(tiny, tmp_path):
    """Two detectors see 450 nm differently; each band comes back as its own."""
    first, second = smooth(24, 24, 10), smooth(24, 24, 10)[:, ::-1]
    cube = np.rint(np.concatenate([first, second])).astype("uint16")
    centres = np.r_[400 + 10.0 * np.arange(10), 450 + 10.0 * np.arange(10)]
    bands = tuple(Band(float(c), 9.0) for c in centres)
    options = replace(tiny, model_size=20_000, epochs=150)
    compress(make_scene(cube, bands=bands), tmp_path / "a.hnr", options)
    decoded = HnrFile(tmp_path / "a.hnr").read_bands([5, 10]).astype("f8")
    own = np.abs(decoded - cube[[5, 10]]).mean()
    other = np.abs(decoded - cube[[10, 5]]).mean()
    assert own < 0.5 * other


def test_one_seed_gives_one_file(tiny, tmp_path):
    scene = make_scene(np.rint(smooth(16, 16, 5)).astype("uint16"))
    for name in "ab":
        compress(scene, tmp_path / f"{name}.hnr", tiny)
    assert (tmp_path / "a.hnr").read_bytes() == (tmp_path / "b.hnr").read_bytes()


@pytest.mark.parametrize("bits", [4, 6, 8, 12, 16])
def test_more_bits_are_closer_to_the_network(tiny, tmp_path, bits):
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    fine = compress(scene, tmp_path / "16.hnr", replace(tiny, epochs=30, bits=16))
    outcome = compress(scene, tmp_path / "a.hnr", replace(tiny, epochs=30, bits=bits))
    assert outcome.psnr <= fine.psnr + 0.5
    assert outcome.quality.n_bytes <= fine.quality.n_bytes
    if bits >= 12:
        assert outcome.psnr > fine.psnr - 0.5


def test_rounding_for_the_bands_is_closer_in_no_larger_a_file(tiny, tmp_path):
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    options = replace(tiny, epochs=200, bits=4)
    plain = compress(scene, tmp_path / "a.hnr", replace(options, quantisation="minmax"))
    chosen = compress(scene, tmp_path / "b.hnr", replace(options, quantisation="rdo"))
    assert chosen.quality.n_bytes <= plain.quality.n_bytes
    assert chosen.psnr > plain.psnr + 1


def test_training_stops_at_the_wished_psnr(tiny, tmp_path):
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    options = replace(tiny, model_size=20_000, epochs=400, target_psnr=24.0)
    outcome = compress(scene, tmp_path / "a.hnr", options)
    assert outcome.psnr >= 24.0 - 0.1
    assert outcome.header.parameters["epochs"] < 400


def test_the_wished_rate_is_met(tiny, tmp_path):
    scene = make_scene(np.rint(smooth(64, 64, 30)).astype("uint16"))
    options = replace(tiny, model_size=None, rate=1.2, epochs=2)
    outcome = compress(scene, tmp_path / "a.hnr", options)
    expected = plan(scene, options)
    assert outcome.rate == pytest.approx(1.2, rel=0.1)
    assert outcome.quality.n_bytes == pytest.approx(expected.expected_bytes, rel=0.1)
    assert expected.expected_seconds > 0
    assert any("parameters" in line for line in expected.lines)


@pytest.mark.parametrize(
    "change, message",
    [
        ({"rate": 1.0, "model_size": 5000}, "not two"),
        ({"bits": 3}, "bits"),
        ({"preset": "best"}, "draft"),
        ({"method": "zip"}, "hiner"),
        ({"model_size": 10}, "too few"),
        ({"epochs": 0}, "epochs"),
        ({"quantisation": "round"}, "minmax, rdo"),
    ],
)
def test_wishes_that_cannot_be_are_refused(tiny, tmp_path, change, message):
    scene = make_scene(np.rint(smooth(16, 16, 5)).astype("uint16"))
    with pytest.raises(ParameterError, match=message):
        compress(scene, tmp_path / "a.hnr", replace(tiny, **change))
    assert os.listdir(tmp_path) == []


class CancelAt(Progress):
    """Cancels once a fraction is reached."""

    def __init__(self, fraction):
        self.fraction, self.reached = fraction, 0.0

    def report(self, fraction, message=""):
        self.reached = fraction

    def is_cancelled(self):
        return self.reached >= self.fraction


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.96])
def test_cancelling_leaves_the_old_file_and_nothing_else(tiny, tmp_path, fraction):
    path = tmp_path / "a.hnr"
    path.write_bytes(b"there before")
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    with pytest.raises(Cancelled):
        compress(scene, path, replace(tiny, epochs=60), CancelAt(fraction))
    assert path.read_bytes() == b"there before"
    assert os.listdir(tmp_path) == ["a.hnr"]


class Unreadable:
    """A cube of which no band may be looked at."""

    def __getitem__(self, _band):
        raise AssertionError("a band was read after the cancel")


def test_a_cancel_is_heard_before_the_bands_are_measured(tiny, tmp_path):
    scene = replace(make_scene(np.rint(smooth(24, 24, 8)).astype("uint16")), cube=Unreadable())
    with pytest.raises(Cancelled):
        compress(scene, tmp_path / "a.hnr", tiny, CancelAt(0.0))
    with pytest.raises(Cancelled):
        plan(scene, tiny, CancelAt(0.0))


def test_the_plan_is_told_before_the_work_and_the_bands_are_measured_once(tiny, tmp_path, monkeypatch):
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    measured, told = [], []

    def counted(*arguments):
        measured.append(arguments)
        return band_statistics(*arguments)

    def tell(expected):
        told.append((expected, list(tmp_path.iterdir())))

    monkeypatch.setattr(codec, "band_statistics", counted)
    outcome = compress(scene, tmp_path / "a.hnr", tiny, tell=tell)
    assert len(measured) == 1
    assert [expected for expected, _ in told] == [outcome.expected]
    assert tmp_path / "a.hnr" not in told[0][1]
    assert outcome.expected.lines == plan(scene, tiny).lines


def test_a_folder_that_is_not_there_is_told_before_the_training(tiny, tmp_path):
    scene = make_scene(np.rint(smooth(24, 24, 8)).astype("uint16"))
    with pytest.raises(OutputError, match="folder"):
        compress(scene, tmp_path / "none" / "a.hnr", replace(tiny, epochs=10**6))
