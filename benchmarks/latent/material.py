"""Samples that the context model is trained on: inputs, points and quantisers of every pass."""

import numpy as np
from hiner.core.methods.latent import features, trellis
from hiner.core.methods.latent.band_samples import BandSamples
from hiner.core.methods.latent.context_model import point_prices
from hiner.core.methods.latent.geometry import PHASES
from hiner.core.methods.latent.scene_encoder import SceneEncoder

from . import law, synthetic_scenes

QUALITIES = (0, 7, 14)
"""dB above a random one: three steps a scene."""
LAST_INPUTS = features.STATISTICS + features.FLAGS


def of_scene(seed, keep, thin, model=None):
    """[quality][pass] -> (inputs (n, F) int16, points (n,), quantisers (n,), weights (n,)).

    model: ContextModel whose prices the coefficients are quantised under, None for Laplace laws; keep: share of the coefficients in busy places that is taken; of the others, keep / thin.
    """
    cube = synthetic_scenes.scene(seed)
    encoder = SceneEncoder(BandSamples(cube), np.ones(cube.shape[1:], bool), model)
    random = np.random.default_rng(seed + 1000)
    laws = (law.neighbourhood_tables, point_prices(law.laplace_rows())) if model is None else ()
    out = []
    for quality in random.uniform(24, 34) + np.array(QUALITIES):
        step = 1.45 * 10 ** (-quality / 20)
        latents = encoder.latents(step, *laws)
        out.append(_samples(latents, random, keep, thin))
    return out


def _samples(latents, random, keep, thin):
    details, filled = latents.details, latents.filled
    quantisers = [[trellis.quantisers(b, f[:, o]) for o, b in enumerate(bands)] for bands, f in zip(details, filled)]
    magnitudes = [[np.abs(band) for band in bands] for bands in details]
    out = [[], [], [], []]
    for level, o, number, _, x, target in features.whole_tile(magnitudes):
        row, col = PHASES[number]
        quantiser = quantisers[level][o][:, row::2, col::2].reshape(-1)
        live = np.broadcast_to(filled[level][:, o][:, None, None], target.shape).reshape(-1)
        point = trellis.points(target.reshape(-1))
        busy = ((x[:-LAST_INPUTS] > 0).sum(0) > 3) | (point > 0)
        share = np.where(busy, keep, keep / thin)
        taken = live & (random.random(len(point)) < share)
        weight = (1 / share[taken]).astype(np.float32)
        out[number].append((x[:, taken].T.astype(np.int16), point[taken], quantiser[taken], weight))
    return [[np.concatenate(part) for part in zip(*samples)] for samples in out]
