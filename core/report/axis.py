"""The spectral axis of plots and tables: wavelengths, or band numbers where there are none."""

import math

import numpy as np

from ..spectral.grid import SpectralGrid


class SpectralAxis:
    """Where a scene's bands lie along the x axis, and which of them may be joined by a line.

    positions: (bands,) nm, NaN for bad bands without, or band numbers. segments: tuples of 0-based measured bands
    (see SpectralGrid) without a gap or another band among them. filled: (bands,) bool, the usable
    bands that are not measured.
    """

    def __init__(self, description, usable, constant=None):
        fwhm = [band.fwhm for band in description.bands]
        self._grid = SpectralGrid(description.wavelengths, fwhm, usable, constant)
        self.positions = self._grid.wavelengths
        self.segments = self._grid.stretches
        self.filled = self._grid.usable & ~self._grid.measured
        self.has_wavelengths = self._grid.has_wavelengths
        self.label = "Wavelength (nm)" if self.has_wavelengths else "Band number"

    @property
    def limits(self):
        """The x axis' ends: those of the usable bands and a little more."""
        used = self.positions[self._grid.usable]
        margin = 0.01 * (used.max() - used.min()) or 1.0
        return used.min() - margin, used.max() + margin

    @property
    def end_to_end(self):
        """First and last usable wavelength as text."""
        start, stop = self._grid.ranges()[0][0], self._grid.ranges()[-1][1]
        return f"{self._place(start)} to {self._place(stop)}{self._unit}"

    def ranges(self):
        """The wavelengths that can be asked for, as texts without gaps inside."""
        texts = []
        for start, stop in self._grid.ranges():
            if stop > start:
                # Rounded inwards: what the report names must not be refused.
                start, stop = math.ceil(100 * start - 1e-4) / 100, math.floor(100 * stop + 1e-4) / 100
                texts.append(f"{self._place(start)} to {self._place(stop)}{self._unit}")
            else:
                texts.append(f"{self._place(start)}{self._unit}")
        return texts

    def name(self, band):
        """A band as text: 'band 42 (642.1 nm)'."""
        if not self._is_known(band):
            return f"band {band + 1}"
        return f"band {band + 1} ({self.positions[band]:.1f} nm)"

    def place(self, band):
        """A band's wavelength as text, '' where it has none."""
        return self._place(self.positions[band]) if self._is_known(band) else ""

    def _is_known(self, band):
        """Whether a band has a wavelength; bad ones may have none where all others have."""
        return self.has_wavelengths and not math.isnan(self.positions[band])

    def lines(self, values):
        """Yield (x, y) of each segment, infinite values as NaN."""
        values = np.where(np.isfinite(values), values, np.nan)
        for segment in self.segments:
            bands = list(segment)
            yield self.positions[bands], values[bands]

    def _place(self, value):
        return f"{value:.2f}" if self.has_wavelengths else str(int(value))

    @property
    def _unit(self):
        return " nm" if self.has_wavelengths else ""
