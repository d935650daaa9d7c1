"""The `.hnr` container: what every file holds, whichever method made it (docs/hnr-format.md)."""
