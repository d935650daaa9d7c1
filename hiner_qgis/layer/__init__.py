"""`.hnr` files as raster layers of QGIS: the data provider `hiner`."""
