"""The bands of a layer: what a source means for a file."""

from dataclasses import dataclass, replace
from typing import Optional, Tuple

import numpy as np

from ...core.decompression.bands import band_between
from ...core.decompression.output import needs_mask
from ...core.errors import WavelengthError
from ...core.spectral.sensors import band_average_weights
from .tiles import Band

TRUE_COLOUR = (650.0, 550.0, 450.0)
_TURNED = {"minimum": "maximum", "maximum": "minimum", "low": "high", "high": "low"}


@dataclass(frozen=True)
class LayerBand:
    """One band of a layer.

    decoded: what to decode, in stored units; scale, offset: what makes them physical values.
    weights: (file bands,) float64, the file's bands that it comes of, adding up to one.
    wavelength, fwhm: nm, None where unknown. label: 'Band 42 (642.1 Nanometers)' without the number.
    """

    decoded: Band
    weights: np.ndarray
    scale: float
    offset: float
    wavelength: Optional[float] = None
    fwhm: Optional[float] = None
    label: str = ""


@dataclass(frozen=True)
class LayerBands:
    """The bands of a layer and what they share.

    stored: dtype of the decoded samples, dtype: of the layer's values (numpy names). nodata: the
    layer's, None where it has none. notes: what the user should know.
    """

    bands: Tuple[LayerBand, ...]
    stored: str
    dtype: str
    nodata: Optional[float]
    notes: Tuple[str, ...] = ()

    @property
    def is_scaled(self):
        return any(band.scale != 1 or band.offset != 0 for band in self.bands)


def layer_bands(hnr, source, needs_nodata=False):
    """Resolve a `Source` for an HnrFile.

    needs_nodata: whether the layer must have a nodata value, even where the file has none; it is
    of a float type then. Raises WavelengthError for wavelengths outside the file's, in a gap or on
    a bad band.
    """
    bands = _resolve(hnr, source)
    if bands.nodata is None and needs_nodata:
        return replace(bands, dtype=_float_for(bands.stored), nodata=np.nan)
    return bands


def _resolve(hnr, source):
    if source.own_bands:
        return _own(hnr, range(hnr.description.n_bands))
    if source.sensor:
        return _sensor(hnr, source.sensor)
    if source.wavelengths:
        return _points(hnr, source.wavelengths)
    if not hnr.grid.has_wavelengths:
        return _own(hnr, np.flatnonzero(hnr.grid.measured)[:3].tolist())
    try:
        return _points(hnr, TRUE_COLOUR)
    except WavelengthError:
        return _own(hnr, _nearest(hnr.grid))


def statistics(hnr, band, name):
    """A figure of a LayerBand ('minimum', ... of STATISTICS) in physical units, NaN for bad bands.

    The file's own for its bands; between them the mean of the neighbours', by nearness.
    """
    used = np.flatnonzero(band.weights)
    figures, units = hnr.header.statistics, hnr.header.units
    factors, shifts = (part[used] for part in units.into(band.scale, band.offset))
    # A negative scale makes a band's least number its greatest value.
    turned = getattr(figures, _TURNED.get(name, name))[used]
    values = np.where(units.scales[used] < 0, turned, getattr(figures, name)[used])
    if name == "deviation":
        return float((values * np.abs(factors)) @ band.weights[used]) * abs(band.scale)
    return float((values * factors + shifts) @ band.weights[used]) * band.scale + band.offset


def cut(hnr, band, share):
    """The value below which about `share` (0 to 1) of a band's samples lie, in physical units.

    The 2 and 98 % values are the file's; others are interpolated between those and the extremes.
    """
    low, high = (0.02, 0.98)
    places = ("minimum", "low", "high", "maximum")
    values = [statistics(hnr, band, name) for name in places]
    return float(np.interp(share, (0.0, low, high, 1.0), values))


def valid_count(hnr, band):
    """How many samples of a band are valid; reads the file's masks."""
    used = np.flatnonzero(band.weights)
    return hnr.validity.count(used) if hnr.header.usable[used].all() else 0


def _own(hnr, numbers):
    description = hnr.description
    # Whole numbers none of which stands for nodata are shown as floats, which have NaN.
    is_masked, bands = needs_mask(hnr, description), []
    for number in numbers:
        band = description.bands[number]
        label = f" ({band.wavelength:.1f} Nanometers)" if band.wavelength is not None else ""
        if not label and band.name:
            label = f": {band.name}"
        bands.append(
            LayerBand(
                Band(("band", number), _masked_reader(hnr, number) if is_masked else _band_reader(hnr, number)),
                _weights(hnr, {number: 1.0}), band.scale, band.offset,
                band.wavelength, band.fwhm, label,
            )
        )
    nodata = description.nodata
    if nodata is None and np.dtype(description.dtype).kind == "f":
        nodata = np.nan
    lost = sum(not hnr.header.usable[number] for number in numbers)
    notes = (f"{lost} bands are bad or hold no data; they are shown without data.",) if lost else ()
    if is_masked:
        return _shared(bands, _float_for(description.dtype), np.nan, notes)
    return _shared(bands, description.dtype, nodata, notes)


def _points(hnr, wavelengths):
    """Bands at wavelengths; in the file's own dtype where all of them are the centres of its bands."""
    points = [hnr.grid.locate(wavelength) for wavelength in wavelengths]
    if all(point.fraction == 0 for point in points):
        return _own(hnr, [point.lower_band for point in points])
    bands = [_between(hnr, w, point) for w, point in zip(wavelengths, points)]
    return _shared(bands, "float32", float(hnr.nodata), ())


def _between(hnr, wavelength, point):
    band = band_between(hnr, wavelength, point)
    label = f": band number {wavelength:g}" if band.wavelength is None else f" ({wavelength:.1f} Nanometers)"
    weights = _weights(
        hnr, {point.upper_band: point.fraction, point.lower_band: 1 - point.fraction}
    )
    key = ("point", point.lower_band, point.upper_band, point.fraction)
    decoded = Band(key, _point_reader(hnr, point))
    return LayerBand(decoded, weights, band.scale, band.offset, band.wavelength, band.fwhm, label)


def _sensor(hnr, sensor):
    average = band_average_weights(sensor, hnr.grid)
    bands, units = [], hnr.header.units
    for name, centre, width, weights in zip(
        average.names, average.centres, average.widths, average.weights
    ):
        decoded = Band(("sensor", sensor, name), _average_reader(hnr, weights))
        label = f": {name} ({centre:.1f} Nanometers)"
        bands.append(
            LayerBand(decoded, weights, *units.of_average(weights), float(centre), float(width), label)
        )
    notes = ()
    if average.skipped:
        notes = (f"The scene does not cover {', '.join(average.skipped)} of {sensor}.",)
    return _shared(bands, "float32", float(hnr.nodata), notes)


def _shared(bands, stored, nodata, notes):
    """Scaled values are floats, with NaN for nodata, which no scaled value can be."""
    if not any(band.scale != 1 or band.offset != 0 for band in bands):
        return LayerBands(tuple(bands), stored, stored, nodata, notes)
    nodata = None if nodata is None else np.nan
    return LayerBands(tuple(bands), stored, _float_for(stored), nodata, notes)


def _float_for(stored):
    """The float type that holds all values of a dtype."""
    return "float64" if stored in ("int32", "uint32", "float64") else "float32"


def _nearest(grid):
    """The measured bands nearest to red, green and blue."""
    measured = np.flatnonzero(grid.measured)
    distances = np.abs(grid.wavelengths[measured][:, None] - np.array(TRUE_COLOUR))
    return [int(band) for band in measured[np.argmin(distances, axis=0)]]


def _weights(hnr, shares):
    weights = np.zeros(hnr.description.n_bands)
    for band, share in shares.items():
        weights[band] = share
    return weights


# Pictures, so `coarse`: at the scene's own resolution that changes nothing.


def _band_reader(hnr, number):
    return lambda window, shape, check: hnr.read_bands([number], window, shape, check, True)[0]


def _masked_reader(hnr, number):
    """As `_band_reader`, as floats, NaN where the file's mask has no data."""
    read, dtype = _band_reader(hnr, number), _float_for(hnr.description.dtype)

    def masked(window, shape, check):
        return np.where(hnr.valid_pixels(window, shape), read(window, shape, check), np.nan).astype(dtype)

    return masked


def _point_reader(hnr, point):
    return lambda window, shape, check: hnr.read_points([point], window, shape, check, True)[0]


def _average_reader(hnr, weights):
    return lambda window, shape, check: hnr.read_averages(weights[None], window, shape, check, True)[0]
