"""The version of this program, as it stands in metadata.txt and in the files it writes."""

VERSION = "0.1.0"
ENCODER = f"HINER for QGIS {VERSION}"
