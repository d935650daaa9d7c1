"""Finding a model's bands in another image by their wavelengths."""

from dataclasses import dataclass

import numpy as np

from ...errors import WavelengthError

# nm; a raster's band this near is the same whatever the bands' distance.
_SAME = 0.5
# nm; bands of two detectors this near have one wavelength.
_EQUAL = 1e-6


@dataclass(frozen=True)
class BandAxis:
    """Where bands lie along the spectrum: nm, or band numbers where the image has no wavelengths.

    n_image: bands of the whole image that they are of, bad ones among them; 0 where that is not known.
    twins: of each band (which it is, from 0, of how many) among that image's bands of its wavelength, bad
    and constant ones among them; empty where that is not known.
    """

    positions: tuple[float, ...]
    has_wavelengths: bool
    n_image: int = 0
    twins: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of_description(cls, description):
        """The axis of all bands of a SceneDescription."""
        return cls.of_bands(description.n_bands, description.wavelengths)

    @classmethod
    def of_grid(cls, grid):
        """The axis of all bands of a SpectralGrid, bad ones among them."""
        return cls.of_bands(grid.n_bands, grid.wavelengths if grid.has_wavelengths else None)

    @classmethod
    def of_bands(cls, n_bands, wavelengths):
        """The axis of an image's bands; wavelengths: (bands,) nm, or None without."""
        if wavelengths is None:
            wavelengths, has_wavelengths = np.arange(1.0, n_bands + 1), False
        else:
            has_wavelengths = True
        return cls(tuple(wavelengths.tolist()), has_wavelengths, n_bands, _twins(wavelengths))

    def __len__(self):
        return len(self.positions)

    def only(self, kept):
        """The axis of the bands at `kept`, positions along this one."""
        twins = tuple(self.twins[k] for k in kept) if self.twins else ()
        return BandAxis(tuple(self.positions[k] for k in kept), self.has_wavelengths, self.n_image, twins)

    def steps(self):
        """Distance of each band to its nearest neighbour by wavelength, (bands,); infinite if alone."""
        order = np.argsort(self.positions, kind="stable")
        gaps = np.diff(np.asarray(self.positions)[order])
        gaps = np.concatenate([[np.inf], gaps, [np.inf]])
        steps = np.empty(len(order))
        steps[order] = np.minimum(gaps[:-1], gaps[1:])
        return steps

    def reach(self):
        """How far from each band another image's may lie to stand for it, (bands,): half a band's distance."""
        steps = self.steps()
        # The only band of a model has no neighbour to measure by; another number is another band.
        measured = np.isfinite(steps) & self.has_wavelengths
        return np.where(measured, np.maximum(steps / 2, _SAME), _SAME)

    def __str__(self):
        unit = " nm" if self.has_wavelengths else ""
        kind = "" if self.has_wavelengths else ", numbered without wavelengths"
        return f"{len(self)} bands from {min(self.positions):.10g} to {max(self.positions):.10g}{unit}{kind}"


def match_hnr(axis, grid, path):
    """The SpectralPoints of a file's grid at a model's wavelengths, no two the same.

    A wavelength that the file has no value at, slightly beyond its bands, takes the nearest band within
    half the distance of the model's own bands; so do bands of two detectors with one wavelength, each
    the one that it was in the model's image.
    Raises WavelengthError that lists both where some are missing, or where the file has more bands of one
    wavelength than the model's image had.
    """
    usable, whole = np.flatnonzero(grid.usable), BandAxis.of_grid(grid)
    own = whole.only(usable)
    _check_kind(axis, own, path)
    points = []
    for n, (step, place) in enumerate(zip(axis.steps(), _nearest(axis, own, path))):
        # The grid knows wavelengths alone, by which bands of one cannot be told apart.
        point = _located(grid, axis.positions[n]) if step > _EQUAL and not _beside_twins(axis, n, own) else None
        if point is None and place >= 0:
            point = grid.band_point(usable[place])
        points.append(point)
    _check_found(axis, own, points, path)
    return points


def match_raster(axis, theirs, usable, path):
    """The 0-based bands of a raster nearest to a model's wavelengths, each used once.

    theirs: BandAxis of all its bands; usable: those that are not marked bad. A band is found when
    it lies within half the distance of the model's own bands; of bands of one wavelength it is the one
    that it was in the model's image.
    Raises WavelengthError that lists both where some are missing, or where the raster has more bands of one
    wavelength than the model's image had.
    """
    own = theirs.only(usable)
    if not len(own):
        raise WavelengthError(f"{path}: all bands are marked bad.")
    _check_kind(axis, own, path)
    bands = [usable[place] if place >= 0 else None for place in _nearest(axis, own, path)]
    _check_found(axis, own, bands, path)
    return bands


def _located(grid, position):
    try:
        return grid.locate(position)
    except WavelengthError:
        return None


def _nearest(axis, theirs, path):
    """The place in `theirs` of the band nearest to each of an axis, (bands,); -1 where none is within reach."""
    places, reach = np.asarray(theirs.positions), axis.reach()
    found = np.full(len(axis), -1)
    for group in _equal(axis.positions):
        distances = np.abs(places - axis.positions[group[0]])
        nearest = _of_twins(axis, group, theirs, distances, path)
        if nearest is None:
            # Bands of one wavelength are told apart by their order alone.
            nearest = np.sort(np.argsort(distances, kind="stable")[:len(group)])
        for own, place in zip(group, nearest):
            if place >= 0 and distances[place] <= reach[own]:
                found[own] = place
    return found.tolist()


def _of_twins(axis, group, theirs, distances, path):
    """Places in `theirs` of a group of an axis' bands of one wavelength, by which of its image's bands they were.

    distances: of `theirs` to them. -1 for one that is marked bad there; None where nothing is known to tell
    by. A model need not have all of them: constant ones were left out.
    """
    if not (axis.twins and theirs.twins):
        return None
    nearest = int(distances.argmin())
    there = np.flatnonzero(np.abs(np.asarray(theirs.positions) - theirs.positions[nearest]) <= _EQUAL)
    had, has = axis.twins[group[0]][1], theirs.twins[nearest][1]
    if had == has:
        place_of = {theirs.twins[place][0]: place for place in there}
        return [place_of.get(axis.twins[own][0], -1) for own in group]
    if len(there) > len(group) and distances[nearest] <= _SAME:
        raise _mismatch(
            axis, theirs, f"It has {len(there)} bands at {theirs.positions[nearest]:.10g} nm, where the model's image "
            f"had {had}: which is meant cannot be told. Mark bands there that are not as bad ones.", path,
        )
    return None


def _beside_twins(axis, band, theirs):
    """Whether the bands at the wavelength of one of an axis are told apart by which they are."""
    distances = np.abs(np.asarray(theirs.positions) - axis.positions[band])
    nearest = int(distances.argmin())
    return bool(axis.twins and theirs.twins) and distances[nearest] <= _SAME and theirs.twins[nearest][1] > 1


def _twins(positions):
    """The `twins` of all of an image's bands; positions: (bands,), NaN where a bad band has none."""
    twins = [(0, 1)] * len(positions)
    known = np.flatnonzero(~np.isnan(positions))
    for group in _equal(positions[known]):
        for which, place in enumerate(group):
            twins[known[place]] = which, len(group)
    return tuple(twins)


def _equal(positions):
    """Places in `positions` of the bands of one wavelength, for each wavelength, in their order."""
    order = np.argsort(positions, kind="stable")
    cuts = np.flatnonzero(np.diff(np.asarray(positions)[order]) > _EQUAL) + 1
    return [np.sort(group) for group in np.split(order, cuts)]


def _check_kind(axis, theirs, path):
    if axis.has_wavelengths != theirs.has_wavelengths:
        raise _mismatch(axis, theirs, _listed(axis.positions), path)
    counts = axis.n_image, theirs.n_image
    # Models of earlier versions do not know how many bands their image had.
    if not axis.has_wavelengths and all(counts) and counts[0] != counts[1]:
        raise _mismatch(
            axis, theirs, f"Bands without wavelengths are found by their numbers, in images of as many bands: the "
            f"model's had {counts[0]}, this one has {counts[1]}.", path,
        )


def _check_found(axis, theirs, found, path):
    """found: what stands for each band of an axis, None where nothing does."""
    missing, taken = [], {None}
    for position, band in zip(axis.positions, found):
        if band in taken:
            missing.append(position)
        taken.add(band)
    if missing:
        places = np.asarray(theirs.positions)
        nearest = [float(places[np.abs(places - position).argmin()]) for position in missing]
        raise _mismatch(
            axis, theirs, f"{_listed(missing)} Nearest there, each for one band only: {_some(nearest)}.", path
        )


def _listed(missing):
    return f"Missing: {_some(missing)}."


def _some(positions):
    named = ", ".join(f"{position:.10g}" for position in positions[:5])
    return named if len(positions) <= 5 else f"{named} and {len(positions) - 5} more"


def _mismatch(axis, theirs, why, path):
    return WavelengthError(
        f"{path}: does not have the model's bands. The model: {axis}. The image: {theirs}. {why} "
        "Classify an image of the same sensor, or train a model on this one."
    )
