"""The wavelet gives back what it is given, and spreads errors evenly."""

import numpy as np
import pytest

from hiner.core.methods.latent import geometry, tiling, wavelet


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (2, 3), (17, 64), (65, 33), (9, 200)])
def test_inverse_of_forward_is_the_plane(shape):
    planes = np.random.default_rng(0).normal(size=(3, *shape))
    low, details = wavelet.forward(planes, geometry.levels_for(*shape))
    assert np.allclose(wavelet.inverse(low, details), planes, atol=1e-10)


def test_subbands_have_the_shapes_that_are_expected():
    low, details = wavelet.forward(np.zeros((1, 37, 90)), 3)
    shapes, low_shape = geometry.subbands(37, 90, 3)
    assert low.shape[1:] == low_shape
    assert [[band.shape[1:] for band in bands] for bands in details] == [list(s) for s in shapes]


def test_an_error_in_a_coefficient_is_about_that_error_in_the_plane():
    low, details = wavelet.forward(np.zeros((1, 64, 64)), 3)
    details[0][0][0, 10, 10] = 1
    norm = np.linalg.norm(wavelet.inverse(low, details))
    assert 0.8 < norm < 1.25


def test_a_smooth_plane_has_small_details():
    y, x = np.mgrid[:64, :64] / 64
    plane = (np.sin(2 * x) + y**2)[None]
    _, details = wavelet.forward(plane, 1)
    assert max(np.abs(band).max() for band in details[0]) < 0.02 * np.abs(plane).max()


@pytest.mark.parametrize("shape", [(256, 256), (300, 700), (575, 580), (64, 1000)])
def test_tiles_cover_every_coefficient_once(shape):
    levels = geometry.levels_for(*shape)
    shapes, low_shape = geometry.subbands(*shape, levels)
    for level in range(levels):
        for o in range(3):
            count = np.zeros(shapes[level][o], int)
            for tile in tiling.tiles(*shape):
                count[tiling.band_part(tile, level, o)] += 1
                own, _ = geometry.subbands(tile[1] - tile[0], tile[3] - tile[2], levels)
                part = count[tiling.band_part(tile, level, o)]
                assert part.shape == own[level][o]
            assert (count == 1).all()
    count = np.zeros(low_shape, int)
    for tile in tiling.tiles(*shape):
        count[tiling.low_part(tile, levels)] += 1
    assert (count == 1).all()


@pytest.mark.parametrize("place", [40, 41, 64, 90])
def test_reach_is_as_far_as_a_sample_depends_on_coefficients(place):
    low, details = wavelet.forward(np.zeros((1, 128, 1)), 1)
    low = np.random.default_rng(1).normal(size=low.shape)
    high = np.random.default_rng(2).normal(size=details[0][1].shape)
    bands = (details[0][0], high, details[0][2])
    whole = wavelet.merge_level(low, bands)
    first, stop = place // 2 - wavelet.REACH, place // 2 + wavelet.REACH + 1
    part = wavelet.merge_level(low[:, first:stop], tuple(band[:, first:stop] for band in bands))
    assert part[0, place - 2 * first, 0] == whole[0, place, 0]
