"""The engine: arrays in, a `.hnr` file out, any wavelength back. No QGIS and no Qt here."""
