"""The pictures of a comparison: true colour, single bands with their errors, spectral angles."""

from dataclasses import dataclass

import numpy as np

from ..progress import Progress
from .true_colour import colour_bands, stretch_limits

# Longer sides are thinned out, so that a report stays small enough to mail.
LARGEST_SIDE = 1000


@dataclass(frozen=True, eq=False)
class Compared:
    """Bands of the original and decoded, (n, rows, cols) each, their valid pixels, (rows, cols),
    and the 2 and 98 % values of the original, (n,)."""

    original: np.ndarray
    decoded: np.ndarray
    valid: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True, eq=False)
class Pictures:
    """What a report shows: `colours` (ColourBands) and their Compared; {0-based band: Compared} of
    the worst band and the median one, in this order; sam: (rows, cols) degrees."""

    colours: object
    colour: Compared
    bands: dict
    sam: np.ndarray


def gather_pictures(original, decoded, quality, progress=None):
    """Collect the Pictures of a comparison, decoding up to five bands once more, all at once.

    original: as for `evaluate`; quality: what it returned; decoded: called with 0-based bands, returns
    (n, rows, cols). Raises Cancelled.
    """
    progress = progress or Progress()
    colours = colour_bands(original.description, quality.usable)
    wanted = [[*colours.bands], *([band] for band in shown_bands(quality))]
    progress.report(0.0, "Drawing pictures")
    shown = list(dict.fromkeys(band for bands in wanted for band in bands))
    thinned = {band: _thinned(samples) for band, samples in zip(shown, decoded(shown))}
    compared = []
    for done, bands in enumerate(wanted):
        progress.report(done / len(wanted), "Drawing pictures")
        compared.append(_compared(original, thinned, bands, progress))
    return Pictures(
        colours, compared[0], {bands[0]: c for bands, c in zip(wanted[1:], compared[1:])},
        _thinned(quality.sam_map),
    )


def shown_bands(quality):
    """The bands with the lowest and the median PSNR, worst first; fewer where there are fewer."""
    ranked = quality.ranked_bands()
    if not ranked.size:
        return []
    worst, median = int(ranked[0]), int(ranked[(ranked.size - 1) // 2])
    return [worst] if worst == median else [worst, median]


def _compared(original, thinned, bands, progress):
    valid = np.ones_like(original.validity.pixels)
    originals, results = [], []
    for band in bands:
        progress.check()
        valid &= original.validity.of_band(band)
        originals.append(_thinned(original.band(band)))
        results.append(thinned[band])
    valid, originals = _thinned(valid), np.stack(originals)
    return Compared(originals, np.stack(results), valid, *stretch_limits(originals, valid))


def _thinned(array):
    step = -(-max(array.shape) // LARGEST_SIDE)
    return np.array(array[::step, ::step])
