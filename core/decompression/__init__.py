"""From a `.hnr` file back to a raster: which bands, which window, written in blocks."""
