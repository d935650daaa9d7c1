"""Blocks of any size give the map that the whole image would."""

import re
import time
import tracemalloc

import numpy as np
import pytest

from hiner.core.classification.imagery.band_match import BandAxis
from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import class_table, samples_of_raster
from hiner.core.classification.mapping.map_raster import classify_to_raster
from hiner.core.classification.mapping.prediction import classify, classify_pixels
from hiner.core.classification.mapping.smoothing import window_means
from hiner.core.classification.model.model import ClassifierModel
from hiner.core.classification.model.settings import settings_for
from hiner.core.classification.session import train_session
from hiner.core.classification.train import train_classifier
from hiner.core.errors import Cancelled, DeviceError, FormatError
from hiner.core.progress import Progress
from hiner.core.report.class_map import gather_class_map

VARIANTS = {
    "svm": {"patch": 5},
    "patch": {"patch": 5, "epochs": 4, "isi": False},
    "best": {"patch": 5, "scales": (1, 5), "epochs": 4, "isi": False, "band_group": 3, "band_step": 1,
             "smooth": 5},
}


@pytest.fixture(params=sorted(VARIANTS))
def trained(request, image, sparse_samples):
    pytest.importorskip("sklearn" if request.param == "svm" else "torch")
    settings = settings_for(request.param, **VARIANTS[request.param])
    return train_classifier(image, sparse_samples, settings).model


def mosaic(blocks, shape, n_classes):
    classes = np.full(shape, -7)
    probabilities = np.full((n_classes, *shape), -7.0)
    for block in blocks:
        part = np.s_[block.row:block.row + block.classes.shape[0],
                     block.col:block.col + block.classes.shape[1]]
        assert (classes[part] == -7).all()
        classes[part] = block.classes
        probabilities[(slice(None), *part)] = block.probabilities
    return classes, probabilities


def test_blocks_of_any_size_give_the_same_map(trained, image, monkeypatch):
    whole = list(classify(trained, image))
    assert len(whole) == 1
    classes, probabilities = mosaic(whole, image.shape, 3)
    for height, width in ((5, 30), (7, 11)):
        def blocks(window, *_, height=height, width=width):
            for row in range(0, 24, height):
                for col in range(0, 30, width):
                    yield row, col, min(height, 24 - row), min(width, 30 - col)

        monkeypatch.setattr("hiner.core.classification.mapping.prediction.blocks", blocks)
        parts = list(classify(trained, image))
        assert len(parts) > 1
        in_parts, shares = mosaic(parts, image.shape, 3)
        assert np.allclose(shares, probabilities, atol=1e-5)
        assert (in_parts == classes).mean() > 0.999


def test_a_window_is_a_part_of_the_map(trained, image):
    classes, _ = mosaic(classify(trained, image), image.shape, 3)
    block, = classify(trained, image, window=(3, 4, 10, 9))
    assert (block.row, block.col) == (3, 4)
    assert np.array_equal(block.classes, classes[3:13, 4:13])


def test_probabilities_sum_to_one_and_the_largest_wins(trained, image):
    block, = classify(trained, image)
    assert np.allclose(block.probabilities.sum(axis=0), 1, atol=1e-5)
    assert np.array_equal(block.probabilities.argmax(axis=0), block.classes)


def test_chosen_pixels_are_those_of_the_map(trained, image):
    classes, _ = mosaic(classify(trained, image), image.shape, 3)
    rows, cols = np.array([0, 23, 7, 7]), np.array([29, 0, 5, 6])
    assert np.array_equal(classify_pixels(trained, image, rows, cols), classes[rows, cols])


def test_pixels_without_data_have_no_class_and_spoil_no_neighbour(trained, scene, array_source, image):
    cube = scene[0].cube.copy()
    cube[4, 10:13, 10:13] = -1
    wavelengths = scene[0].description.wavelengths
    holed = raster_image(array_source(cube, wavelengths, nodata=-1), trained.axis)
    block, = classify(trained, holed)
    missing = block.classes == -1
    assert missing.sum() == 9
    assert missing[10:13, 10:13].all()
    assert np.isfinite(block.probabilities[:, ~missing]).all()
    assert np.isnan(block.probabilities[:, missing]).all()


def test_memory_follows_the_block(trained, make_scene, monkeypatch):
    monkeypatch.setattr("hiner.core.classification.mapping.prediction.scorer", lambda model, device: even)
    source, _ = make_scene(rows=600, cols=400)
    image = raster_image(source, trained.axis)
    pixels = max(b.classes.size for b in classify(trained, image, memory_mib=1))
    assert pixels <= 2**20 / (4 * 12)
    reads = [n_rows * n_cols for _, _, n_rows, n_cols in source.reads]
    assert max(reads) <= 2**20 / (4 * 12)


@pytest.mark.parametrize(
    ("bands", "classes", "patch", "smooth", "side"),
    [(10, 3, 15, 1, 400), (3, 60, 1, 7, 400), (60, 4, 31, 3, 100), (4, 2, 1, 1, 1000)],
)
def test_memory_counts_patches_and_classes_too(array_source, monkeypatch, bands, classes, patch, smooth, side):
    """It was as large as the indices of all patches of a block, and as all classes in float64."""
    def alike(views, check=None):
        return np.full((len(views), classes), 1 / classes, dtype="f4")

    monkeypatch.setattr("hiner.core.classification.mapping.prediction.scorer", lambda model, device: alike)
    image = raster_image(array_source(np.ones((bands, side, side), dtype="i2"), np.arange(400, 400 + bands)))
    settings = settings_for("svm", patch=patch, smooth=smooth)
    table = class_table(range(1, classes + 1))
    model = ClassifierModel(settings, table, image.axis, np.zeros(bands), np.full(bands, 2.0), {})
    pauses = Pauses()
    tracemalloc.start()
    try:
        for _ in classify(model, image, memory_mib=24, progress=pauses):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 1.25 * 24 * 2**20
    assert pauses.longest < 1


def test_a_map_of_more_classes_than_16_bits_count_has_the_right_one(array_source, tmp_path, monkeypatch):
    def last(views, check=None):
        scores = np.zeros((len(views), 40_000), dtype="f4")
        scores[:, 39_999] = 1
        return scores

    monkeypatch.setattr("hiner.core.classification.mapping.prediction.scorer", lambda model, device: last)
    image = raster_image(array_source(np.ones((3, 4, 4), dtype="i2")))
    table = class_table(range(1, 40_001))
    model = ClassifierModel(settings_for("svm", patch=1), table, image.axis, np.zeros(3), np.full(3, 2.0), {})
    counts, _ = classify_to_raster(model, image, tmp_path / "map.tif")
    assert counts[39_999] == counts.sum() == 16


class Pauses(Progress):
    """How long, in seconds, nobody asked whether to stop."""

    def __init__(self):
        self.longest, self._last = 0.0, time.monotonic()

    def is_cancelled(self):
        now = time.monotonic()
        self.longest, self._last = max(self.longest, now - self._last), now
        return False


@pytest.mark.parametrize(("variant", "patch"), [("vit", 9), ("patch", 31)])
def test_a_batch_of_a_network_can_be_cancelled(variant, patch, monkeypatch):
    """Between a few patches, not after a batch, which may take seconds."""
    pytest.importorskip("torch")
    from hiner.core.classification.network.network import build_network, state_arrays
    from hiner.core.classification.network.network_scores import network_scorer

    monkeypatch.setattr("hiner.core.classification.network.network_scores.POSITIONS_AT_ONCE", 100)
    settings = settings_for(variant, patch=patch)
    table = class_table([1, 2, 3])
    axis = BandAxis(tuple(range(50)), False)
    arrays = state_arrays(build_network(settings, 50, 3))
    score = network_scorer(ClassifierModel(settings, table, axis, np.zeros(50), np.ones(50), arrays), "cpu")
    views = np.random.default_rng(0).random((40, patch**2, 50)).astype("f4")
    asked = []
    together = score(views, lambda: asked.append(1))
    assert len(asked) >= 2
    monkeypatch.setattr("hiner.core.classification.network.network_scores.POSITIONS_AT_ONCE", 10**6)
    assert np.allclose(score(views), together, atol=1e-6)


def test_smoothing_is_the_mean_of_known_neighbours():
    values = np.random.default_rng(0).random((2, 6, 7))
    values[:, 2, 3] = np.nan
    means = window_means(values, 1)
    for row in range(6):
        for col in range(7):
            part = values[:, max(0, row - 1):row + 2, max(0, col - 1):col + 2]
            assert np.allclose(means[:, row, col], np.nanmean(part, axis=(1, 2)), atol=1e-6)


def even(views, check=None):
    return np.full((len(views), 3), 1 / 3, dtype="f4")


def test_it_can_be_cancelled(trained, image):
    class Stopped(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        list(classify(trained, image, progress=Stopped()))


@pytest.mark.parametrize("what", ["Classifying", "Testing"])
def test_percent_and_time_left_move_within_a_block(trained, image, monkeypatch, what):
    monkeypatch.setattr("hiner.core.progress._PACE", 0)
    monkeypatch.setattr("hiner.core.classification.mapping.blocks._LARGEST_BATCH", 50)
    told = []

    class Told(Progress):
        def report(self, fraction, message=""):
            told.append((fraction, message))

    if what == "Testing":
        rows, cols = np.mgrid[2:20, 3:21].reshape(2, -1)
        classify_pixels(trained, image, rows, cols, progress=Told(), what=what)
    else:
        block, = classify(trained, image, progress=Told())
    fractions = [fraction for fraction, _ in told]
    assert len(set(fractions)) > 6
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert np.diff(fractions).max() < 0.2
    assert told[0][1] == f"{what}: 0 %"
    assert all(re.fullmatch(rf"{what}: \d+ %, \d+ s left", message) for _, message in told[1:])


def test_arrays_that_are_not_the_models_are_refused(trained, image):
    del trained.arrays[sorted(trained.arrays)[0]]
    with pytest.raises(FormatError):
        list(classify(trained, image))


@pytest.mark.parametrize("failing", ["network.spectralformer.SpectralFormer.forward", "network.network_scores.load_network"])
def test_a_device_without_enough_memory_is_told_as_such(trained, image, monkeypatch, failing):
    if trained.settings.variant == "svm":
        pytest.skip("a support vector machine is applied by NumPy")

    def out_of_memory(*_):
        raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")

    monkeypatch.setattr(f"hiner.core.classification.{failing}", out_of_memory)
    with pytest.raises(DeviceError, match="Choose the device 'cpu'"):
        list(classify(trained, image))


def test_other_errors_of_torch_are_not_taken_for_it(trained, image, monkeypatch):
    if trained.settings.variant == "svm":
        pytest.skip("a support vector machine is applied by NumPy")

    def broken(*_):
        raise RuntimeError("the kernel failed")

    monkeypatch.setattr("hiner.core.classification.network.spectralformer.SpectralFormer.forward", broken)
    with pytest.raises(RuntimeError, match="the kernel failed") as caught:
        list(classify(trained, image))
    assert not isinstance(caught.value, DeviceError)


@pytest.mark.parametrize("first_is_constant", [False, True])
def test_a_reports_map_takes_each_of_two_detectors_bands_of_one_wavelength(array_source, first_is_constant):
    pytest.importorskip("sklearn")
    # Only the second of two bands of one wavelength tells the classes apart.
    cube = np.random.default_rng(0).integers(1, 9, (3, 12, 16)).astype("i2")
    cube[2, :, 8:] += 100
    if first_is_constant:
        cube[1] = 7
    source = array_source(cube, [400, 410, 410])
    labels = np.repeat([[1, 2]], 8, axis=1).repeat(12, axis=0)
    image = raster_image(source)
    session = train_session(image, samples_of_raster(labels), settings_for("svm", patch=1, smooth=1), method="none")
    shown = gather_class_map(image, session, Progress())
    assert np.array_equal(shown.classes, labels - 1)
