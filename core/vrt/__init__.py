"""GDAL virtual rasters (`.vrt`) whose bands are decoded from a `.hnr` file when a program reads them."""
