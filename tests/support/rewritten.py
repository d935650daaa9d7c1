"""Files written anew from what another holds."""

import numpy as np

from hiner.core.scene.scene import Validity


def validity_to_write(read):
    """The Validity of a scene in memory that a file's (FileValidity) says of it."""
    usable = np.flatnonzero(read.bands).tolist()
    masks = {band: read.of_band(band) for band in usable}
    own = {band: mask for band, mask in masks.items() if not np.array_equal(mask, read.pixels)}
    return Validity(read.pixels, read.bands, own)
