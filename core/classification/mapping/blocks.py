"""The parts in which an image is classified, as large as the memory allows."""

# Of places, masks, numbers and one class's sums in float64, whatever the bands and classes.
_OTHER_BYTES = 128
_FEWEST_PIXELS = 256
_LARGEST_BATCH = 256
# What is left of the memory for the patches in work.
_SHARE_OF_BATCH = 0.25


def blocks(window, model, memory_mib):
    """Yield parts (row, col, n_rows, n_cols) of a window whose work takes about `memory_mib`.

    They are as wide as can be, so that few of their neighbours are read twice.
    """
    row, col, n_rows, n_cols = window
    radius = model.settings.radius + model.settings.smooth // 2
    budget = (1 - _SHARE_OF_BATCH) * memory_mib * 2**20
    pixels = max(_FEWEST_PIXELS, int(budget // _pixel_bytes(len(model.axis), len(model.table))))
    width = n_cols if (n_cols + 2 * radius) * (4 * radius + 1) <= pixels else max(
        1, int(pixels**0.5) - 2 * radius
    )
    height = max(1, pixels // (min(width, n_cols) + 2 * radius) - 2 * radius)
    for top in range(row, row + n_rows, height):
        for left in range(col, col + n_cols, width):
            yield top, left, min(height, row + n_rows - top), min(width, col + n_cols - left)


def batch_size(model, memory_mib):
    """How many patches are gathered at once: wide patches of many bands are few."""
    # The spectra of a patch, float32, and which ones they are, in three kinds of integers.
    patch_bytes = model.settings.patch**2 * (4 * len(model.axis) + 24)
    return max(1, min(_LARGEST_BATCH, int(_SHARE_OF_BATCH * memory_mib * 2**20 // patch_bytes)))


def _pixel_bytes(n_bands, n_classes):
    """Of a block's pixel: its spectrum, the strip it was read in with the copies of that, its
    probabilities, their means, and the block before, which whoever writes it still holds."""
    return 16 * n_bands + 12 * n_classes + _OTHER_BYTES
