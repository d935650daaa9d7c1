"""Whether an image's values are of the units that a classifier was trained on, as far as their size tells."""

import numpy as np

# Reflectance is stored as 0 to 1, to 100 or to 10000, a hundred times apart; a dark or a cloudy scene is far nearer.
_APART = 20.0
# So small a share of a band's range is the rounding of its scaling.
_NOTHING = 1e-6
_NOTE = (
    "The image's values are {times} {which} than those that the classifier was trained on, in every band. It takes "
    "images in the same units: reflectance from 0 to 1 and from 0 to 10000 are not. Bring both to the same, or look "
    "the map over with care."
)


def unit_notes(model, extremes):
    """Texts for a user where an image's values are all far larger or smaller than a ClassifierModel's.

    extremes: (2, bands) least and largest value classified, as the model scales them; NaN without any.
    """
    sizes = _sizes(model.scaling, extremes)
    own = np.maximum(np.abs(model.low), np.abs(model.high))
    known = np.isfinite(sizes) & (own > 0)
    if not known.any():
        return ()
    ratios = sizes[known] / own[known]
    if ratios.min() > _APART:
        return (_NOTE.format(times=_times(np.median(ratios)), which="larger"),)
    if ratios.max() < 1 / _APART:
        return (_NOTE.format(times=_times(1 / max(np.median(ratios), _NOTHING)), which="smaller"),)
    return ()


def _sizes(scaling, extremes):
    """(bands,) largest absolute value of each band, in the image's units."""
    low, high = scaling.inverse(np.asarray(extremes, dtype=np.float64))
    return np.maximum(np.abs(low), np.abs(high))


def _times(factor):
    return f"about {float(f'{factor:.1g}'):,.0f} times" if factor < 1 / _NOTHING else "far"
