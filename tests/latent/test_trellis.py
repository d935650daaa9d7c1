"""The trellis finds the cheapest path, and a decoder can follow it."""

import itertools

import numpy as np

from hiner.core.methods.latent import trellis, viterbi


def cost_of(points, x, tables, price, weight):
    """Cost of the points along one path from state 0, by the definition."""
    state, total = 0, 0.0
    for k, value, table in zip(points, x, tables):
        q = state & 1
        shift = 0 if k == 0 else viterbi.SHIFTS[q][1 if k > 1 else 0]
        place = 0 if k == 0 else 2 * k - q - shift
        total += (value - place) ** 2 + weight * price[q, table, k]
        state = trellis.NEXT[state, k & 1]
    return total


def test_the_path_is_the_best_of_all():
    random = np.random.default_rng(0)
    # As many tables and points as only a wide type numbers through.
    price = np.cumsum(random.uniform(0.2, 2, (2, 200, 512)), axis=2).astype(np.float32)
    for weight in (0.05, 0.4, 1.5):
        scaled = random.uniform(-4, 4, (1, 2, 2)).astype(np.float32)
        tables = random.integers(0, 200, scaled.shape).astype(np.uint8)
        found = viterbi.choose(scaled, tables, np.array([True]), price, weight)
        order = [(0, 0), (1, 1), (0, 1), (1, 0)]
        x = [abs(float(scaled[0, r, c])) for r, c in order]
        of = [tables[0, r, c] for r, c in order]
        mine = [(abs(int(found[0, r, c])) + 1) // 2 for r, c in order]
        best = min(cost_of(path, x, of, price, weight) for path in itertools.product(range(5), repeat=4))
        assert abs(cost_of(mine, x, of, price, weight) - best) < 1e-4
        assert (np.sign(found) * np.sign(scaled) >= 0).all()


def test_the_magnitudes_are_points_of_the_quantisers_that_a_decoder_derives():
    random = np.random.default_rng(1)
    scaled = random.laplace(0, 3, (6, 7, 9)).astype(np.float32)
    price = np.tile(np.log2(2 + np.arange(64)).astype(np.float32), (2, 1, 1))
    filled = np.array([True, True, False, True, True, True])
    found = viterbi.choose(scaled, np.zeros(scaled.shape, np.int16), filled, price, 0.2)
    quantiser = trellis.quantisers(found, filled)
    assert np.array_equal(trellis.magnitude(trellis.points(np.abs(found)), quantiser), np.abs(found))
    assert (found[2] == 0).all()


def test_no_price_at_high_rate_beats_the_uniform_quantiser():
    """The granular gain of eight states is 1.11 dB over a uniform quantiser of the same points a sample."""
    random = np.random.default_rng(2)
    scaled = random.uniform(-40, 40, (40, 16, 16)).astype(np.float32)
    price = np.zeros((2, 1, 64), np.float32)
    found = viterbi.choose(scaled, np.zeros(scaled.shape, np.int16), np.full(40, True), price, 0.0)
    error = ((found - scaled) ** 2).mean()
    uniform = 2.0**2 / 12
    assert 10 * np.log10(uniform / error) > 0.7


def test_coefficients_of_exactly_zero_keep_the_path_whole():
    """Where zero is dear the path takes points beside it; their parity must not get lost."""
    random = np.random.default_rng(3)
    scaled = random.laplace(0, 30, (6, 8, 8)).astype(np.float32) * (random.random((6, 8, 8)) < 0.5)
    filled = np.full(6, True)
    price = np.zeros((2, 1, 256), np.float32)
    price[:, :, 0] = 9
    found = viterbi.choose(scaled, np.zeros(scaled.shape, np.int16), filled, price, 1.0)
    quantiser = trellis.quantisers(found, filled)
    assert (found[scaled == 0] != 0).any()
    assert np.array_equal(trellis.magnitude(trellis.points(np.abs(found)), quantiser), np.abs(found))


def test_walking_in_parts_changes_nothing(monkeypatch):
    random = np.random.default_rng(4)
    scaled = random.laplace(0, 4, (9, 13, 11)).astype(np.float32)
    tables = random.integers(0, 5, scaled.shape).astype(np.uint8)
    price = np.cumsum(random.uniform(0.2, 2, (2, 5, 64)), axis=2).astype(np.float32)
    filled = np.arange(9) != 4
    whole = viterbi.choose(scaled, tables, filled, price, 0.4)
    monkeypatch.setattr(viterbi, "COEFFICIENTS", 60)
    monkeypatch.setattr(viterbi, "BLOCKS", 8)
    assert np.array_equal(viterbi.choose(scaled, tables, filled, price, 0.4), whole)
