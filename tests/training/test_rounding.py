"""Rounding for the decoded bands: closer in no more bytes, repeatable, and no training in disguise."""

import time

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from hiner.core.errors import Cancelled  # noqa: E402
from hiner.core.methods.hiner import weights  # noqa: E402
from hiner.core.methods.hiner.rate_distortion import quantised_for_the_bands  # noqa: E402
from hiner.core.network import numpy_network  # noqa: E402
from hiner.core.network.architecture import Architecture  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402
from hiner.core.quantisation.uniform import quantise  # noqa: E402
from hiner.core.scene.scene import Validity  # noqa: E402
from hiner.core.training.rounding import round_together  # noqa: E402
from hiner.core.training.schedule import Schedule  # noqa: E402
from hiner.core.training.slopes import squared_slopes  # noqa: E402
from hiner.core.training.targets import BandTargets  # noqa: E402
from hiner.core.training.trainer import train  # noqa: E402

EPOCHS = 60


def targets_of(cube, valid=None):
    valid = np.ones(cube.shape[1:], bool) if valid is None else valid
    validity, inside = Validity(valid, np.ones(len(cube), bool), {}), cube[:, valid]
    return BandTargets(
        cube, validity, inside.min(1), inside.max(1), np.linspace(0, 1, len(cube)),
        np.arange(len(cube)), np.r_[1 : len(cube), -1],
    )  # fmt: skip


@pytest.fixture(scope="module")
def crop(shared_data):
    """Every eighth band of 40x40 pixels of Jasper Ridge."""
    gdal = pytest.importorskip("osgeo.gdal")
    path = shared_data / "jasper_ridge" / "jasper_ridge.tif"
    return gdal.Open(str(path)).ReadAsArray(30, 30, 40, 40)[::8]


@pytest.fixture(scope="module")
def network():
    return Architecture((40, 40), ((5, 5), (3, 3), (1, 1)), 14)


@pytest.fixture(scope="module")
def trained(crop, network):
    """{name: array} of a small network fitted to the crop."""
    found = train(targets_of(crop), network, Schedule(epochs=EPOCHS))
    return {**found.arrays, "embeddings": found.embeddings}


def quantised(trained, bits, crop, network, progress=None, seed=0):
    return quantised_for_the_bands(
        trained, bits, targets_of(crop), network, EPOCHS, seed, "cpu", None, progress or Progress()
    )


def plain(trained, bits):
    return weights.pack(weights.plainly_quantised(trained, bits), bits)


def size(sections):
    return sum(map(len, sections.values()))


def psnr_of(sections, bits, crop, network):
    """As any reader decodes it, with NumPy alone."""
    tensors = weights.unpack(sections.__getitem__, weights.shapes(network, len(crop)), bits)
    embeddings, every, found = tensors.pop("embeddings"), np.arange(40), []
    for band, embedding in zip(crop.astype("f8"), embeddings):
        decoded = numpy_network.decode(network, tensors, embedding, every, every)
        error = decoded * np.ptp(band) + band.min() - band
        found.append(20 * np.log10(np.ptp(band)) - 10 * np.log10(np.mean(error**2)))
    return np.mean(found)


@pytest.mark.parametrize("bits, gain", [(4, 1.5), (6, 0.3)])
def test_few_bits_decode_closer_from_no_larger_a_file(crop, network, trained, bits, gain):
    published, chosen = plain(trained, bits), quantised(trained, bits, crop, network)
    assert size(chosen) <= size(published)
    before, after = (psnr_of(s, bits, crop, network) for s in (published, chosen))
    assert after > before + gain


def test_eight_bits_make_a_smaller_file_that_is_no_worse(crop, network, trained):
    published, chosen = plain(trained, 8), quantised(trained, 8, crop, network)
    assert size(chosen) < 0.9 * size(published)
    before, after = (psnr_of(s, 8, crop, network) for s in (published, chosen))
    assert after > before - 0.05


def test_one_seed_gives_the_same_bytes(crop, network, trained):
    first, second, other = (quantised(trained, 5, crop, network, seed=s) for s in (3, 3, 4))
    assert first == second
    assert first != other


def test_each_weight_stays_beside_its_own_place(crop, network, trained):
    """It is rounding: no weight goes further than to the levels about it."""
    grids = weights.plainly_quantised(trained, 5)
    rounded = round_together(targets_of(crop), network, trained, grids, EPOCHS, 0, "cpu", Progress())
    moved = 0
    for name, grid in grids.items():
        scale = np.where(grid.scale > 0, grid.scale, 1).astype("f8")
        places = (trained[name] - grid.minimum.astype("f8")) / scale
        assert np.abs(rounded[name].levels - places).max() <= 1.5 + 1e-3
        moved += np.count_nonzero(rounded[name].levels != grid.levels)
    assert moved > 0.01 * sum(grid.levels.size for grid in grids.values())


def test_the_callers_random_state_is_left_alone(crop, network, trained):
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    targets, grids = targets_of(crop), weights.plainly_quantised(trained, 5)
    squared_slopes(targets, network, trained, np.ones(len(crop)), "cpu", 0, lambda: None)
    round_together(targets, network, trained, grids, 1, 0, "cpu", Progress())
    assert torch.equal(torch.rand(3), expected)


def test_invalid_pixels_change_nothing(crop, network, trained):
    valid = np.random.default_rng(0).random(crop.shape[1:]) < 0.7
    spoilt = crop.copy()
    spoilt[:, ~valid] = 60_000
    grids, found = weights.plainly_quantised(trained, 5), []
    for cube in (crop, spoilt):
        targets = targets_of(cube, valid)
        slopes = squared_slopes(targets, network, trained, np.ones(len(cube)), "cpu", 0, lambda: None)
        rounded = round_together(targets, network, trained, grids, 3, 0, "cpu", Progress())
        found.append((slopes["stem.weight"], rounded["embeddings"].levels))
    assert np.array_equal(found[0][0], found[1][0])
    assert np.array_equal(found[0][1], found[1][1])


def test_slopes_are_those_of_the_decoded_pixel():
    """With one pixel the random signs square to one: the estimate is the slope itself, squared."""
    network = Architecture((1, 1), ((1, 1), (1, 1)), 3, 3)
    random = np.random.default_rng(0)
    shapes = weights.shapes(network, 2)
    tensors = {name: random.normal(0, 0.4, shape).astype("f4") for name, shape in shapes.items()}
    validity = Validity(np.ones((1, 1), bool), np.ones(2, bool), {})
    cube, bands = np.zeros((2, 1, 1)), np.arange(2)
    targets = BandTargets(cube, validity, np.zeros(2), np.ones(2), np.linspace(0, 1, 2), bands, bands)
    errors = np.array([0.5, 0.25])
    found = squared_slopes(targets, network, tensors, errors, "cpu", 0, lambda: None)

    def decoded(changed, band):
        arrays = {name: array for name, array in changed.items() if name != "embeddings"}
        return numpy_network.decode(network, arrays, changed["embeddings"][band], np.arange(1), np.arange(1)).item()

    for name, place in [("stem.weight", (1, 5, 0, 0)), ("stages.1.bias", (2,)), ("head.weight", (0, 1, 1, 1))]:
        by_hand = 0
        for band in range(2):
            ends = []
            for step in (-1e-2, 1e-2):
                changed = {key: array.copy() for key, array in tensors.items()}
                changed[name][place] += step
                ends.append(decoded(changed, band))
            by_hand += ((ends[1] - ends[0]) / 2e-2) ** 2 / errors[band] / 2
        assert found[name][place] == pytest.approx(by_hand, rel=0.02)


class Watching(Progress):
    """Keeps what it is told and cancels a while after the weights' rounding began."""

    def __init__(self, cancel_after=None):
        self.cancel_after, self.lines, self.began, self.said = cancel_after, [], None, []

    def report(self, fraction, message=""):
        self.said.append((fraction, message))
        if "Rounding" in message and self.began is None:
            self.began = time.monotonic()

    def log(self, message):
        self.lines.append(message)

    def is_cancelled(self):
        began = self.began is not None and self.cancel_after is not None
        return began and time.monotonic() > self.began + self.cancel_after


def test_cancelling_ends_it_within_a_second():
    large = Architecture((512, 512), ((4, 4), (4, 4), (4, 4), (4, 4)), 24)
    random = np.random.default_rng(0)
    cube = random.integers(0, 1000, (4, 512, 512)).astype("uint16")
    shapes = weights.shapes(large, 4)
    tensors = {name: random.normal(0, 0.1, shape).astype("f4") for name, shape in shapes.items()}
    grids = {name: quantise(tensor, 8) for name, tensor in tensors.items()}
    watching = Watching(cancel_after=1.0)
    with pytest.raises(Cancelled):
        round_together(targets_of(cube), large, tensors, grids, 10_000, 0, "cpu", watching)
    assert time.monotonic() - watching.began < 2.5


def test_it_is_told_what_was_chosen(crop, network, trained):
    watching = Watching()
    quantised(trained, 4, crop, network, watching)
    (line,) = watching.lines
    assert "dB" in line
    assert f"{size(plain(trained, 4)):,} bytes" in line
    fractions = [fraction for fraction, _ in watching.said]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0


@pytest.mark.parametrize("error", [RuntimeError("[enforce fail] can't allocate memory: 2147483648 bytes"), MemoryError()])
def test_a_device_that_fails_in_the_rounding_does_not_lose_the_training(monkeypatch, trained, crop, network, error):
    def fail(*_):
        raise error

    monkeypatch.setattr("hiner.core.training.rounding.round_together", fail)
    told, progress = [], Progress()
    progress.log = told.append
    assert quantised(trained, 8, crop, network, progress) == plain(trained, 8)
    assert "min-max" in told[-1] and "does not suffice" in told[-1]
