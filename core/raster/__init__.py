"""Rasters in and out through GDAL, with the band metadata that hyperspectral files carry."""
