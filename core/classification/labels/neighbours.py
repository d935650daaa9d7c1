"""What lies near some pixels: windows with a margin, and masks grown by one at two bytes a pixel."""


def grown(marked, margin):
    """(rows, cols) bool: pixels within `margin` of a marked one, in rows and columns.

    marked: (rows, cols) bool.
    """
    out = marked.copy()
    for along in (out, out.T):
        reached = 0
        while reached < margin:
            # What reaches further than its own reach and one would leap over pixels at the border.
            step = min(reached + 1, margin - reached)
            before = along.copy(order="K")
            along[step:] |= before[:-step]
            along[:-step] |= before[step:]
            reached += step
    return out


def widened(window, radius, shape):
    """A window (row, col, n_rows, n_cols) with a margin, where the image, shape (rows, cols), has one."""
    row, col, n_rows, n_cols = window
    top, left = max(0, row - radius), max(0, col - radius)
    bottom, right = min(shape[0], row + n_rows + radius), min(shape[1], col + n_cols + radius)
    return top, left, bottom - top, right - left
