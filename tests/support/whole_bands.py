"""Bands that are decoded whole, for a comparison."""


def whole_bands(decoded):
    """As `evaluate` takes them; decoded: called with a 0-based band, returns (rows, cols)."""
    return lambda bands: ((band, decoded(band)) for band in bands)
