"""The keys under which files state wavelengths and their units."""

import re

WAVELENGTH_KEYS = ("wavelength", "wavelengths", "center_wavelength", "central_wavelength")
_UNIT_KEYS = ("wavelength_units", "wavelength_unit")
_KEYS_WITH_UNIT = {"wavelength_nm": "nm", "wavelength_um": "um"}
# GDAL gives each band of a netCDF variable its place along the variable's dimensions beside rows and columns.
_DIMENSION = re.compile(r"^netcdf_dim_(.*wave(?!_?number).*)$")


def normalised(items):
    """Keys in lower case with underscores: headers and drivers write them in every way."""
    return {re.sub(r"\s+", "_", key.strip().lower()): value for key, value in items.items()}


def stated_unit(items):
    """The unit that normalised items state, "" where they state none."""
    return next((items[key].strip() for key in _UNIT_KEYS if items.get(key)), "")


def wavelength_of_band(items, dataset):
    """(text of the wavelength or None, text of its unit or "") of a band's normalised items.

    dataset: the normalised items of each of the dataset's domains, which hold the units of netCDF dimensions.
    """
    plain = next((items[key] for key in WAVELENGTH_KEYS if items.get(key)), None)
    if plain:
        return plain, stated_unit(items)
    for key, unit in _KEYS_WITH_UNIT.items():
        if items.get(key):
            return items[key], unit
    for dimension in filter(None, map(_DIMENSION.match, items)):
        units = f"{dimension.group(1)}#units"
        unit = next((domain[units] for domain in dataset if domain.get(units)), stated_unit(items))
        return items[dimension.group()], unit
    return None, stated_unit(items)
