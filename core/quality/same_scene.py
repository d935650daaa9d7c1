"""Whether a raster can be the one that a `.hnr` file was made of: its place and its wavelengths."""

import numpy as np

from ..raster.place import shown_place

# Copies in other formats round their georeference and their wavelengths.
_PIXELS, _NANOMETRES = 0.1, 1.0
_FAR = 1000  # pixels


def differences(raster, held, to_held=None):
    """What speaks against a raster being the one that a file holds, texts; none where nothing does.

    raster, held: their SceneDescriptions, of one shape. to_held: a function from (xs, ys), (n,)
    places in the raster's CRS, to those in the file's, NaN where it has none; None where they are the same.
    """
    return tuple(text for text in (_of_place(raster, held, to_held), _of_wavelengths(raster, held)) if text)


def _of_place(raster, held, to_held):
    one, other = shown_place(raster), shown_place(held)
    if not one.is_placed or not other.is_placed:
        if one.is_placed == other.is_placed:
            return ""
        bare = "file" if one.is_placed else "raster"
        return f"The {bare} has no georeference: whether both are of the same place was not looked at."
    places, expected = _corners(one.place, raster), _corners(other.place, held)
    if to_held is not None:
        places = to_held(*places)
    known = np.isfinite(places).all(axis=0)
    if not known.any():
        return "The raster lies where the coordinate reference system of the file has no places."
    pixel = min(other.place.pixel_size())
    apart = np.hypot(*np.subtract(places, expected)[:, known]).max()
    if apart <= _PIXELS * pixel:
        return ""
    by = f"up to {apart / pixel:.1f} pixels" if apart < _FAR * pixel else f"more than {_FAR} pixels"
    return f"The raster and the file are not of the same place: their corners lie {by} apart."


def _corners(place, description):
    """(xs, ys), (4,) each."""
    cols = np.array([0.0, 1.0, 0.0, 1.0]) * description.n_cols
    rows = np.array([0.0, 0.0, 1.0, 1.0]) * description.n_rows
    return place.to_map(cols, rows)


def _of_wavelengths(raster, held):
    one, other = raster.wavelengths, held.wavelengths
    if one is None or other is None:
        return ""
    # Bad bands may have none.
    apart = np.nan_to_num(np.abs(one - other))
    band = int(apart.argmax())
    if apart[band] <= _NANOMETRES:
        return ""
    return (
        f"The raster and the file do not have the same wavelengths: band {band + 1} is at {one[band]:.1f} nm in "
        f"the raster, at {other[band]:.1f} nm in the file."
    )
