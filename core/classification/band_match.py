"""Finding a model's bands in another image by their wavelengths."""

from dataclasses import dataclass

import numpy as np

from ..errors import WavelengthError

# nm; a raster's band this near is the same whatever the bands' distance.
_SAME = 0.5


@dataclass(frozen=True)
class BandAxis:
    """Where bands lie along the spectrum: nm, or band numbers where the image has no wavelengths."""

    positions: tuple[float, ...]
    has_wavelengths: bool

    @classmethod
    def of_description(cls, description):
        """The axis of all bands of a SceneDescription."""
        wavelengths = description.wavelengths
        if wavelengths is None:
            return cls(tuple(float(n) for n in range(1, description.n_bands + 1)), False)
        return cls(tuple(wavelengths.tolist()), True)

    def __len__(self):
        return len(self.positions)

    def only(self, kept):
        """The axis of the bands at `kept`, positions along this one."""
        return BandAxis(tuple(self.positions[k] for k in kept), self.has_wavelengths)

    def steps(self):
        """Distance of each band to its nearest neighbour by wavelength, (bands,); infinite if alone."""
        order = np.argsort(self.positions, kind="stable")
        gaps = np.diff(np.asarray(self.positions)[order])
        gaps = np.concatenate([[np.inf], gaps, [np.inf]])
        steps = np.empty(len(order))
        steps[order] = np.minimum(gaps[:-1], gaps[1:])
        return steps

    def __str__(self):
        unit = " nm" if self.has_wavelengths else ""
        kind = "" if self.has_wavelengths else ", numbered without wavelengths"
        return (
            f"{len(self)} bands from {min(self.positions):.6g} to {max(self.positions):.6g}{unit}{kind}"
        )


def match_hnr(axis, grid, path):
    """The SpectralPoints of a file's grid at a model's wavelengths.

    Raises WavelengthError that lists both where the file cannot be asked for them.
    """
    theirs = BandAxis(tuple(grid.wavelengths[grid.usable].tolist()), grid.has_wavelengths)
    _same_kind(axis, theirs, path)
    points, missing = [], []
    for position in axis.positions:
        try:
            points.append(grid.locate(position))
        except WavelengthError:
            missing.append(position)
    if missing:
        raise _mismatch(axis, theirs, missing, path)
    return points


def match_raster(axis, theirs, usable, path):
    """The 0-based bands of a raster nearest to a model's wavelengths, each used once.

    theirs: BandAxis of all its bands; usable: those that are not marked bad. A band is found when
    it lies within half the distance of the model's own bands.
    Raises WavelengthError that lists both where some are missing.
    """
    own = theirs.only(usable)
    _same_kind(axis, own, path)
    if not usable:
        raise WavelengthError(f"{path}: all bands are marked bad.")
    places = np.asarray(own.positions)
    reach = np.maximum(axis.steps() / 2, _SAME if axis.has_wavelengths else 0.0)
    # The only band of a model has no neighbour to measure by.
    reach = np.where(np.isfinite(reach), reach, _SAME)
    nearest = [int(np.argmin(np.abs(places - position))) for position in axis.positions]
    missing = [
        position for position, place, limit in zip(axis.positions, nearest, reach)
        if abs(places[place] - position) > limit
    ]
    if not missing and len(set(nearest)) < len(set(axis.positions)):
        missing = [p for n, p in enumerate(axis.positions) if nearest[n] in nearest[:n]]
    if missing:
        raise _mismatch(axis, own, missing, path)
    return [usable[place] for place in nearest]


def _same_kind(axis, theirs, path):
    if axis.has_wavelengths != theirs.has_wavelengths:
        raise _mismatch(axis, theirs, axis.positions, path)


def _mismatch(axis, theirs, missing, path):
    named = ", ".join(f"{position:.6g}" for position in missing[:5])
    more = "" if len(missing) <= 5 else f" and {len(missing) - 5} more"
    return WavelengthError(
        f"{path}: does not have the model's bands. The model: {axis}. The image: {theirs}. "
        f"Missing: {named}{more}. Classify an image of the same sensor, or train a model on this one."
    )
