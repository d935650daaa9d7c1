"""ISI decodes beside a band's wavelength, within eta of the distance, from the file alone."""

import numpy as np
import pytest
from mixed_gains import OFFSETS, SCALES, mixed_scene, radiance

pytest.importorskip("torch")

from hiner.core.classification.imagery.band_match import BandAxis  # noqa: E402
from hiner.core.classification.imagery.image import hnr_image, raster_image, varying_bands  # noqa: E402
from hiner.core.classification.imagery.isi import ShiftedSpectra, shifted_points, why_off  # noqa: E402
from hiner.core.classification.imagery.patches import patch_table  # noqa: E402
from hiner.core.classification.imagery.spectra import Scaling, read_spectra  # noqa: E402
from hiner.core.classification.labels.samples import samples_of_raster  # noqa: E402
from hiner.core.classification.model.settings import settings_for  # noqa: E402
from hiner.core.classification.train import train_classifier  # noqa: E402
from hiner.core.codec import CompressOptions, compress  # noqa: E402
from hiner.core.errors import WavelengthError  # noqa: E402
from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402

# Two detectors that overlap, and a gap in the second.
WAVELENGTHS = [400, 410, 425, 440, 455, 436, 450, 465, 480, 700, 715, 730]


@pytest.fixture(
    scope="module",
    params=[{"method": "hiner", "epochs": 2, "model_size": 6000}, {"method": "latent", "rate": 1.0}],
    ids=["hiner", "latent"],
)
def hnr(request, tmp_path_factory, make_scene):
    path = tmp_path_factory.mktemp("isi") / "made.hnr"
    source, _ = make_scene()
    compress_array(source.cube, path, WAVELENGTHS, **request.param)
    return HnrFile(path)


def wavelength_of(grid, point):
    lower, upper = grid.wavelengths[[point.lower_band, point.upper_band]]
    return lower + point.fraction * (upper - lower)


def test_shifts_stay_within_eta_of_the_distance_to_a_neighbour(hnr):
    image, random = hnr_image(hnr), np.random.default_rng(0)
    grid, largest = hnr.grid, 0.0
    for _ in range(50):
        points = shifted_points(image, 0.1, random)
        for band, point in enumerate(points):
            neighbours = [n for n in grid.neighbours(band) if n is not None]
            own = grid.wavelengths[band]
            shift = wavelength_of(grid, point) - own
            other = [n for n in neighbours if (grid.wavelengths[n] - own) * shift > 0]
            relative = abs(shift) / abs(grid.wavelengths[other[0]] - own)
            assert {point.lower_band, point.upper_band} == {band, other[0]}
            assert relative <= 0.1 + 1e-9
            largest = max(largest, relative)
    assert largest > 0.09


def test_bands_at_an_end_or_a_gap_move_inwards(hnr):
    image, random = hnr_image(hnr), np.random.default_rng(1)
    for _ in range(20):
        points = shifted_points(image, 0.1, random)
        assert wavelength_of(hnr.grid, points[0]) > 400
        assert wavelength_of(hnr.grid, points[8]) < 480
        assert wavelength_of(hnr.grid, points[9]) > 700
        assert wavelength_of(hnr.grid, points[11]) < 730


def test_a_draw_is_the_file_decoded_at_the_shifted_wavelengths(hnr):
    image = hnr_image(hnr)
    table = patch_table([0, 20], [3, 29], 3, image.shape)
    scaling = Scaling(*image.ranges())
    spectra = read_spectra(image, table.pixels, scaling)
    drawn = ShiftedSpectra(image, table.pixels, spectra, scaling, 0.1, most=2, seed=7).draw()
    points = shifted_points(image, 0.1, np.random.default_rng([7, 1]))
    cube = hnr.read_points(points)
    expected = scaling(cube[:, table.pixels[:, 0], table.pixels[:, 1]].T)
    assert np.allclose(drawn, expected, atol=1e-5)
    assert not np.allclose(drawn, spectra, atol=1e-6)


def test_a_pool_comes_round_and_a_seed_repeats_it(hnr):
    image = hnr_image(hnr)
    pixels, scaling = np.array([[0, 0], [5, 5]]), Scaling(*image.ranges())
    spectra = read_spectra(image, pixels, scaling)
    first, again = (ShiftedSpectra(image, pixels, spectra, scaling, 0.1, 2, seed=3) for _ in range(2))
    draws = [first.draw() for _ in range(4)]
    assert first.decoded == 2
    assert not np.array_equal(draws[0], draws[1])
    assert np.array_equal(draws[0], draws[2])
    assert np.array_equal(draws[1], draws[3])
    assert np.array_equal(draws[0], again.draw())


def test_plain_rasters_have_nothing_between_their_bands(hnr, array_source):
    assert why_off(hnr_image(hnr)) is None
    assert "is a plain raster" in why_off(raster_image(array_source(np.zeros((2, 3, 3), "u1"))))


def test_files_without_wavelengths_have_nothing_between_their_bands(tmp_path, make_scene, sparse_samples):
    source, _ = make_scene()
    compress_array(source.cube, tmp_path / "numbered.hnr", rate=1.0)
    training = train_classifier(
        hnr_image(HnrFile(tmp_path / "numbered.hnr")), sparse_samples, settings_for("pixel", epochs=2, isi_chance=1.0)
    )
    assert [note for note in training.notes if "ISI" in note] == [
        f"Spectral interpolation (ISI) is off: {tmp_path / 'numbered.hnr'} has no wavelengths, between which it would "
        "decode. Compress the scene with its wavelengths to use it."
    ]
    assert not any("decoded for training" in note for note in training.notes)


def test_training_with_it_takes_the_file_alone(hnr, sparse_samples):
    image = hnr_image(hnr)
    settings = settings_for("pixel", epochs=8, isi_pool=2, isi_chance=1.0)
    training = train_classifier(image, sparse_samples, settings)
    assert "2 images between the bands were decoded for training." in training.notes
    again = train_classifier(hnr_image(HnrFile(hnr.path)), sparse_samples, settings)
    for name, array in training.model.arrays.items():
        assert np.array_equal(array, again.model.arrays[name])


def test_a_file_is_asked_for_a_models_wavelengths(hnr):
    between = BandAxis((405.0, 425.0, 715.0), True)
    values = hnr_image(hnr, between).read((2, 3, 4, 5))
    assert np.array_equal(values, hnr.read_wavelengths(between.positions, (2, 3, 4, 5)))
    with pytest.raises(WavelengthError) as caught:
        hnr_image(hnr, BandAxis((425.0, 600.0, 900.0), True))
    assert "3 bands from 425 to 900 nm" in str(caught.value)
    assert "12 bands from 400 to 730 nm" in str(caught.value)
    assert "Missing: 600, 900" in str(caught.value)


@pytest.mark.parametrize("constant", [True, False])
def test_a_band_with_holes_beside_the_images_bands_leaves_no_hole_in_a_draw(tmp_path, make_scene, constant):
    source, labels = make_scene()
    cube = source.cube.copy()
    if constant:
        cube[5] = 1200
    cube[5, :, ::2] = -9999
    compress_array(cube, tmp_path / "made.hnr", WAVELENGTHS, -9999, method="latent", rate=2.0)
    image = hnr_image(HnrFile(tmp_path / "made.hnr"))
    image, low, high = varying_bands(image if constant else image.only([b for b in range(len(cube)) if b != 5]))
    assert image.n_bands == len(cube) - 1
    table, scaling = patch_table([0, 20], [4, 28], 3, image.shape), Scaling(low, high)
    spectra = read_spectra(image, table.pixels, scaling)
    assert np.isfinite(spectra).all()
    drawn = ShiftedSpectra(image, table.pixels, spectra, scaling, 0.1, most=2, seed=7).draw()
    assert np.isfinite(drawn).all()
    # Pixels that the neighbour has are shifted, the others are as they are; a constant one is nobody's neighbour.
    same = (drawn == spectra).all(axis=1)
    assert not same.any() if constant else 0 < same.sum() < len(same)
    settings = settings_for("patch", patch=3, epochs=4, device="cpu")
    training = train_classifier(image, samples_of_raster(labels * (np.indices(labels.shape).sum(0) % 5 == 0)), settings)
    assert np.isfinite(training.history).all()


def test_shifted_images_keep_the_units_of_the_bands_they_stand_for(tmp_path):
    """Where gains differ, also with shifts beyond half-way, at which the neighbour's would be the nearer."""
    compress(mixed_scene(), tmp_path / "made.hnr", CompressOptions(target_psnr=65.0))
    image = hnr_image(HnrFile(tmp_path / "made.hnr"))
    points, window = shifted_points(image, 1.0, np.random.default_rng(4)), (10, 2, 12, 20)
    assert len({point.nearer_band == band for band, point in enumerate(points)}) == 2
    values = image.read_points(points, window) * SCALES[:, None, None] + OFFSETS[:, None, None]
    truth = radiance([wavelength_of(image.hnr.grid, point) for point in points])[:, 10:22, 2:22]
    assert np.abs(values - truth).max() < 0.003


def test_bands_slightly_beside_a_models_have_the_units_of_its_bands(tmp_path):
    compress(mixed_scene(), tmp_path / "made.hnr", CompressOptions(target_psnr=65.0))
    hnr = HnrFile(tmp_path / "made.hnr")
    beside = BandAxis(tuple(hnr.grid.wavelengths[1:-1] + 1.0), True)
    values = hnr_image(hnr, beside).read((10, 2, 12, 20)) * SCALES[1:-1, None, None] + OFFSETS[1:-1, None, None]
    assert np.abs(values - radiance(beside.positions)[:, 10:22, 2:22]).max() < 0.003
