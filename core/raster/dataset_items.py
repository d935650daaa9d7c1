"""Which of a raster's own text items belong to the scene and are worth keeping with it."""

import re

# What describes the file or repeats what the scene's description holds already.
_STRUCTURE = re.compile(
    r"^(band_\d+|wavelengths?|center_wavelength|central_wavelength|wavelength_units?|fwhm|bbl|"
    r"area_or_point|nodata_values|band_names|statistics_.*|tifftag_(x|y)resolution|tifftag_resolutionunit|"
    r"netcdf_dim_.*|[^#]*wave[^#]*#units)$"
)
# Of an ENVI header only these say something about the scene.
_ENVI = (
    "acquisition_time", "sensor_type", "product_type", "cloud_cover", "sun_azimuth",
    "sun_elevation", "solar_zenith", "data_units", "reflectance_scale_factor",
)
_LONGEST = 4096  # characters; what is longer is data in disguise


def kept_items(default, envi):
    """Return ((key, value), ...) out of the dataset's default and `ENVI` domains."""
    kept = {}
    for key, value in default.items():
        if not _STRUCTURE.match(re.sub(r"\s+", "_", key.strip().lower())):
            kept[key] = value
    lowered = {re.sub(r"\s+", "_", key.strip().lower()): value for key, value in envi.items()}
    for key in _ENVI:
        if key in lowered:
            kept.setdefault(key, lowered[key])
    return tuple((key, value) for key, value in kept.items() if len(value) <= _LONGEST)
