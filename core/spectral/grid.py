"""Where a scene's bands lie in wavelength, and what may be asked for between them."""

import statistics
from dataclasses import dataclass

import numpy as np

from ..errors import SceneError, WavelengthError

# A step between neighbours this many times the usual one of its surroundings is a gap.
GAP_RATIO = 3.0
_SURROUNDINGS = 5
# Ascending stretches shorter than this on average are no detectors: the file is not sorted.
_SHORTEST_DETECTOR = 8
# Wavelengths this close (nm) are the same: sensors are known to hundredths of a nanometre.
_SAME = 1e-6


@dataclass(frozen=True)
class SpectralPoint:
    """A position between two usable bands (0-based): centre = lower + fraction * (upper - lower)."""

    lower_band: int
    upper_band: int
    fraction: float

    @property
    def nearer_band(self):
        """The one of the two that lies nearer; half-way the upper one."""
        return self.lower_band if self.fraction < 0.5 else self.upper_band


@dataclass(frozen=True)
class _Stretch:
    """Measured bands of one detector without a gap among them, and where that detector ends."""

    bands: np.ndarray
    centres: np.ndarray
    detector_start: float
    detector_stop: float

    def holds(self, wavelength):
        return self.centres[0] - _SAME <= wavelength <= self.centres[-1] + _SAME

    def depth(self, wavelength):
        """How far (nm) the wavelength lies inside its detector."""
        return min(wavelength - self.detector_start, self.detector_stop - wavelength)

    def point(self, wavelength):
        nearest = int(np.argmin(np.abs(self.centres - wavelength)))
        if abs(self.centres[nearest] - wavelength) <= _SAME:
            return SpectralPoint(int(self.bands[nearest]), int(self.bands[nearest]), 0.0)
        upper = int(np.searchsorted(self.centres, wavelength))
        start, stop = self.centres[upper - 1], self.centres[upper]
        fraction = float((wavelength - start) / (stop - start))
        return SpectralPoint(int(self.bands[upper - 1]), int(self.bands[upper]), fraction)


class SpectralGrid:
    """The bands of a scene along the spectrum.

    wavelengths: (bands,) nm, NaN where a band that is not usable has none; or None, and band numbers
    1..bands stand in (`has_wavelengths`).
    fwhm: (bands,) nm, NaN or None where unknown.
    usable: (bands,) bool, False for bands marked bad or without a valid sample.
    constant: (bands,) bool, True for bands that hold one value only, or None where that is not known.
    measured: (bands,) bool, the usable bands that are not constant, or all usable ones where fewer than two are not.
    Of these alone wavelengths and sensors' bands are made: sensors fill bands that they do not measure with one value.
    normalised: (bands,) in [0, 1], the wavelengths scaled by those of the usable bands, NaN without one.

    Raises `SceneError` where no band is usable, or where a usable one has no wavelength while others have.
    """

    def __init__(self, wavelengths, fwhm, usable, constant=None):
        self.usable = np.asarray(usable, dtype=bool)
        if not self.usable.any():
            raise SceneError("No band of the scene is usable: all are marked bad or hold no data.")
        self.measured = _measured(self.usable, constant)
        n_bands = self.usable.size
        self.has_wavelengths = wavelengths is not None
        if wavelengths is None:
            wavelengths = np.arange(1, n_bands + 1)
        self.wavelengths = np.asarray(wavelengths, dtype=np.float64)
        if fwhm is None:
            fwhm = np.full(n_bands, np.nan)
        self.fwhm = np.array([np.nan if w is None else w for w in fwhm], dtype=np.float64)
        if not n_bands == self.wavelengths.size == self.fwhm.size:
            raise SceneError(
                f"{self.wavelengths.size} wavelengths and {self.fwhm.size} widths "
                f"were given for {n_bands} bands; give one of each per band."
            )
        used = self.wavelengths[self.usable]
        if np.isnan(used).any():
            band = int(np.flatnonzero(self.usable & np.isnan(self.wavelengths))[0])
            raise SceneError(f"Band {band + 1} is usable but has no wavelength.")
        self._lowest, self._highest = float(used.min()), float(used.max())
        self.normalised = self.normalise(self.wavelengths)
        self._stretches = self._split()

    @classmethod
    def of_scene(cls, description, bands_with_data, constant=None):
        """The grid of a scene: `bands_with_data` is its `Validity.bands`, (bands,) bool; constant: see SpectralGrid."""
        good = np.array([band.good for band in description.bands], dtype=bool)
        fwhm = [band.fwhm for band in description.bands]
        return cls(description.wavelengths, fwhm, good & np.asarray(bands_with_data, dtype=bool), constant)

    @property
    def n_bands(self):
        return self.usable.size

    @property
    def unit(self):
        """The unit of the wavelengths for print: 'nm', or '' where band numbers stand in."""
        return "nm" if self.has_wavelengths else ""

    @property
    def stretches(self):
        """Gap-free runs of measured bands, each a tuple of 0-based bands by ascending wavelength."""
        return tuple(tuple(int(band) for band in stretch.bands) for stretch in self._stretches)

    @property
    def ends(self):
        """The lowest and the highest wavelength of any band, bad ones among them."""
        return float(np.nanmin(self.wavelengths)), float(np.nanmax(self.wavelengths))

    def normalise(self, wavelength):
        """Scale wavelengths to [0, 1] over the usable bands; bands beyond them are clipped."""
        span = self._highest - self._lowest
        if span == 0:
            return np.zeros_like(np.asarray(wavelength, dtype=np.float64))
        position = (np.asarray(wavelength, dtype=np.float64) - self._lowest) / span
        return np.clip(position, 0.0, 1.0)

    def ranges(self):
        """The wavelengths that may be asked for: ascending, disjoint (start, stop), both included."""
        merged = []
        for start, stop in sorted((s.centres[0], s.centres[-1]) for s in self._stretches):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], stop)
            else:
                merged.append([start, stop])
        return [(float(start), float(stop)) for start, stop in merged]

    def locate(self, wavelength):
        """Return the `SpectralPoint` of a wavelength (nm, or a band number where those stand in).

        A band's own centre gives that band, a constant one's too where no other holds it. Where detectors
        overlap, the one that holds the wavelength further from its ends answers: detectors are noisiest there.
        Raises `WavelengthError` outside the range, inside a gap and on bad bands.
        """
        wavelength = float(wavelength)
        holders = [stretch for stretch in self._stretches if stretch.holds(wavelength)]
        if not holders:
            return self._constant_point(wavelength)
        exact = [s for s in holders if np.any(np.abs(s.centres - wavelength) <= _SAME)]
        deepest = max(exact or holders, key=lambda stretch: stretch.depth(wavelength))
        return deepest.point(wavelength)

    @staticmethod
    def band_point(band):
        """The SpectralPoint of a band's own centre."""
        return SpectralPoint(int(band), int(band), 0.0)

    def neighbours(self, band):
        """The measured bands next to `band` in its stretch: (lower, upper), None at an end and beside a constant band.

        Raises `WavelengthError` for a band that is not usable.
        """
        for stretch in self.stretches:
            if band in stretch:
                place = stretch.index(band)
                lower = stretch[place - 1] if place > 0 else None
                upper = stretch[place + 1] if place + 1 < len(stretch) else None
                return lower, upper
        if self.usable[band]:
            return None, None
        raise WavelengthError(f"Band {band + 1} is marked bad or holds no data.")

    def _constant_point(self, wavelength):
        """The constant band whose own centre a wavelength is; raises `WavelengthError` where it is none's."""
        at = self.usable & ~self.measured & (np.abs(self.wavelengths - wavelength) <= _SAME)
        if not at.any():
            raise WavelengthError(self._refusal(wavelength))
        return self.band_point(np.flatnonzero(at)[0])

    def _refusal(self, wavelength):
        name = f"{wavelength:.6g} nm" if self.has_wavelengths else f"Band number {wavelength:.6g}"
        ranges = self.ranges()
        if wavelength < ranges[0][0] or wavelength > ranges[-1][1]:
            place = "lies outside the scene's bands"
        else:
            place = "lies in a gap between detectors or among bands that are bad or hold one value only"
        asked = ", ".join(f"{start:.6g} to {stop:.6g}" for start, stop in ranges)
        return f"{name} {place}. Ask for {asked}{' ' + self.unit if self.unit else ''}."

    def _split(self):
        stretches = []
        order, runs = self._runs()
        for places in runs:
            centres = self.wavelengths[order[places]]
            cuts = np.flatnonzero(self._gaps(order, places)) + 1
            for bands in np.split(order[places], cuts):
                stretches.append(
                    _Stretch(bands, self.wavelengths[bands], float(centres[0]), float(centres[-1]))
                )
        return stretches

    def _runs(self):
        """The order to see the bands in, and in it the places of each detector's measured bands.

        That order is the file's, or its reverse, or by wavelength where the file has none.
        """
        order = np.arange(self.n_bands)
        steps = np.diff(self.wavelengths[self.measured])
        if np.count_nonzero(steps < 0) > np.count_nonzero(steps > 0):
            order = order[::-1]
        runs = self._ascending(order)
        if len(runs) > 1 and self.measured.sum() < _SHORTEST_DETECTOR * len(runs):
            order = np.argsort(self.wavelengths, kind="stable")
            runs = self._ascending(order)
        return order, runs

    def _ascending(self, order):
        """The places in `order` of measured bands, cut where their wavelengths step back."""
        places = np.flatnonzero(self.measured[order])
        steps = np.diff(self.wavelengths[order[places]])
        return np.split(places, np.flatnonzero(steps < 0) + 1)

    def _gaps(self, order, places):
        """Which steps between the measured bands at `places` of `order` are gaps, bool."""
        run = order[places]
        centres, halves = self.wavelengths[run], self.fwhm[run] / 2
        steps = np.diff(centres)
        gaps = np.zeros(steps.size, dtype=bool)
        for step in np.flatnonzero(np.diff(places) > 1):
            bad = self.wavelengths[order[places[step] + 1:places[step + 1]]]
            # A band that is not measured parts those that its wavelength lies between; of a bad one without a
            # wavelength only its place among the others is known.
            gaps[step] = np.any(np.isnan(bad) | (bad > centres[step]) & (bad < centres[step + 1]))
        if self.has_wavelengths:
            covered = centres[:-1] + halves[:-1] >= centres[1:] - halves[1:]
            usual = np.array([_usual_step(steps, place) for place in range(steps.size)])
            gaps |= (steps > GAP_RATIO * usual) & ~covered
        return gaps


def _measured(usable, constant):
    """See SpectralGrid; a scene of constant bands alone is no sensor's, and all of it answers."""
    varying = usable if constant is None else usable & ~np.asarray(constant, dtype=bool)
    return varying if np.count_nonzero(varying) > 1 else usable


def _usual_step(steps, place):
    """Median of the steps around one, without it; infinite where there is none to compare with."""
    near = np.concatenate(
        [steps[max(0, place - _SURROUNDINGS):place], steps[place + 1:place + 1 + _SURROUNDINGS]]
    )
    near = near[near > _SAME]
    # NumPy's median takes ten times longer for so few.
    return statistics.median(near.tolist()) if near.size else np.inf
