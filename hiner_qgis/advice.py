"""What to do with a `.hnr` file that a program of GDAL cannot read."""

INSTEAD = "Decode it first (hiner:decompress), or use a VRT of it (hiner:vrt)."
