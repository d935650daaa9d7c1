"""Wavelengths that a layer may show: presets, and the nearest that a file can answer."""

from dataclasses import dataclass
from typing import Tuple

import numpy as np

from ...core.errors import WavelengthError
from ...core.spectral.sensors import SENSORS, band_average_weights

_COMPOSITES = (
    ("True colour (650, 550, 450 nm)", (650.0, 550.0, 450.0)),
    ("Colour infrared (850, 660, 560 nm)", (850.0, 660.0, 560.0)),
    ("SWIR (2200, 1650, 660 nm)", (2200.0, 1650.0, 660.0)),
)
# What the arrows of a spin box and the keys of a slider move by (nm, or bands).
_SMALL_STEP = 1.0
_TITLES = {
    "sentinel2a": "Sentinel-2A", "sentinel2b": "Sentinel-2B",
    "landsat8": "Landsat 8", "landsat9": "Landsat 9",
}


@dataclass(frozen=True)
class Preset:
    """A title, and wavelengths (nm) for red, green and blue, or a sensor's name.

    problem: why the file cannot show it, '' where it can.
    """

    title: str
    wavelengths: Tuple[float, ...] = ()
    sensor: str = ""
    problem: str = ""


def presets(grid):
    """All presets, with the reason beside those that a SpectralGrid cannot answer."""
    composites = [Preset(title, nm, problem=_composite_problem(grid, nm)) for title, nm in _COMPOSITES]
    sensors = [
        Preset(f"{_TITLES.get(name, name)} bands", sensor=name, problem=_sensor_problem(grid, name))
        for name in SENSORS
    ]
    return composites + sensors


def nearest(grid, wavelength):
    """The wavelength (nm or band number) closest to the one wanted that the grid can answer."""
    places = [min(max(wavelength, start), stop) for start, stop in grid.ranges()]
    return min(places, key=lambda place: abs(place - wavelength))


def stepped(grid, start, wanted):
    """As `nearest`; but a small step from `start` into a gap leads to the gap's other side."""
    place = nearest(grid, wanted)
    if place != start or wanted == start or abs(wanted - start) > _SMALL_STEP:
        return place
    if wanted > start:
        return min((low for low, _ in grid.ranges() if low > wanted), default=place)
    return max((high for _, high in grid.ranges() if high < wanted), default=place)


def hint(grid, wanted, shown):
    """Why `wanted` is not shown but `shown` in its place, '' where it can be shown."""
    ranges = grid.ranges()
    if any(start <= wanted <= stop for start, stop in ranges):
        return ""
    where = "beyond the scene's bands"
    if ranges[0][0] < wanted < ranges[-1][1]:
        where = "in a gap or among bad bands"
    return f"{text(grid, wanted)} lies {where}: {text(grid, shown)} is shown."


def text(grid, wavelength):
    """A wavelength or band number for print."""
    return f"{wavelength:.1f} nm" if grid.has_wavelengths else f"Band {wavelength:g}"


def gaps(grid):
    """The stretches between the wavelengths that can be asked for: (start, stop) each."""
    ranges = grid.ranges()
    return [(before[1], after[0]) for before, after in zip(ranges, ranges[1:])]


def bad_bands(grid):
    """Centres of the bands that are marked bad, hold no data or one value only, (n,), those that have one."""
    centres = grid.wavelengths[~grid.measured]
    return centres[~np.isnan(centres)]


def _composite_problem(grid, wavelengths):
    if not grid.has_wavelengths:
        return "The file has no wavelengths."
    try:
        for wavelength in wavelengths:
            grid.locate(wavelength)
    except WavelengthError as error:
        return str(error)
    return ""


def _sensor_problem(grid, sensor):
    try:
        band_average_weights(sensor, grid)
    except WavelengthError as error:
        return str(error)
    return ""
