"""Pictures of three bands: which bands, how they are stretched, how they become a PNG."""

from dataclasses import dataclass

import numpy as np

from ..whole_file import save_pieces
from .canvas import png_of

# Red, green and blue in nm, and how far off the nearest band may lie.
COLOURS = (650.0, 550.0, 450.0)
FARTHEST = 60.0
LOW, HIGH = 2, 98


@dataclass(frozen=True)
class ColourBands:
    """The 0-based bands shown in red, green and blue; `is_true` where their wavelengths are so."""

    bands: tuple
    is_true: bool
    caption: str


def colour_bands(description, usable):
    """Choose the ColourBands of a scene; usable: (bands,) bool, with at least one True.

    The bands nearest to 650, 550 and 450 nm; where there are no wavelengths, or none near those,
    three bands spread over the scene's, the longest wavelength in red.
    """
    candidates = np.flatnonzero(usable)
    wavelengths = description.wavelengths
    if wavelengths is not None:
        near = wavelengths[candidates]
        chosen = [int(candidates[np.argmin(np.abs(near - colour))]) for colour in COLOURS]
        distances = [abs(wavelengths[band] - colour) for band, colour in zip(chosen, COLOURS)]
        if max(distances) <= FARTHEST and len(set(chosen)) == 3:
            return ColourBands(tuple(chosen), True, _caption("True colour", chosen, wavelengths))
        candidates = candidates[np.argsort(near, kind="stable")]
    places = [(len(candidates) * sixth) // 6 for sixth in (5, 3, 1)]
    chosen = [int(candidates[place]) for place in places]
    return ColourBands(tuple(chosen), False, _caption("False colour", chosen, wavelengths))


def _caption(kind, bands, wavelengths):
    if wavelengths is None:
        return f"{kind}: bands {', '.join(str(band + 1) for band in bands)} as red, green, blue"
    places = ", ".join(f"{wavelengths[band]:.0f}" for band in bands)
    return f"{kind}: {places} nm as red, green, blue"


def stretch_limits(bands, valid):
    """The 2 and 98 % values of each band, (n, rows, cols), over valid pixels: (low, high), (n,)."""
    samples = np.asarray(bands)[:, valid].astype(np.float64)
    if not samples.size:
        return np.zeros(len(bands)), np.ones(len(bands))
    return tuple(np.percentile(samples, (LOW, HIGH), axis=1))


def stretched(band, valid, low, high):
    """A band, (rows, cols), from `low` to `high` as uint8 0 to 255; 0 where invalid."""
    span = high - low if high > low else 1.0
    shares = np.clip((np.where(valid, band, low).astype(np.float64) - low) / span, 0, 1)
    return np.where(valid, np.rint(255 * shares), 0).astype(np.uint8)


def colour_picture(bands, valid, low, high):
    """Three bands, (3, rows, cols), stretched from `low` to `high`, (3,), as (rows, cols, 4) uint8.

    Invalid pixels are transparent.
    """
    channels = [stretched(*channel) for channel in zip(bands, [valid] * 3, low, high)]
    return np.stack([*channels, np.where(valid, 255, 0).astype(np.uint8)], axis=-1)


def true_colour_png(path, bands, valid, low, high, side=512):
    """Write three bands, (3, rows, cols), as a PNG; arguments as for `colour_picture`.

    A picture whose longer side is under `side` pixels is enlarged by a whole factor; 0 leaves it.
    Raises DependencyError without matplotlib, OutputError where it cannot be written.
    """
    picture = colour_picture(bands, valid, low, high)
    factor = max(1, side // max(picture.shape[:2]))
    picture = picture.repeat(factor, axis=0).repeat(factor, axis=1)
    save_pieces(path, [png_of(picture)])
