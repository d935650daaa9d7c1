"""The map that a training's report shows: the image, its samples and its classes, of a part at most."""

from dataclasses import dataclass

import numpy as np

from ..classification.imagery.band_match import match_raster
from ..classification.mapping.prediction import NO_CLASS, classify
from ..scene.description import Band, SceneDescription
from . import parts
from .canvas import png_of
from .true_colour import colour_bands, colour_picture, stretch_limits

# So that the report's map takes seconds, not the time of a scene.
MOST_PIXELS = 40_000
_NO_CLASS_COLOUR = (128, 128, 128, 36)


@dataclass(frozen=True, eq=False)
class ClassMap:
    """A window of an image: colours (3, rows, cols) with their caption, train, test and map
    (rows, cols), places in the class table, -1 for none. is_whole: whether it is all of the image."""

    colours: np.ndarray
    caption: str
    train: np.ndarray
    test: np.ndarray
    classes: np.ndarray
    is_whole: bool


def gather_class_map(image, session, progress):
    """Classify the window of an Image that its samples lie around (ClassMap). Raises Cancelled."""
    held, model = session.held_out, session.model
    window = _window(image.shape, held)
    classes = np.full(window[2:], NO_CLASS, dtype=np.int32)
    seen = image.only(match_raster(model.axis, image.axis, range(image.n_bands), image.path))
    for block in classify(model, seen, session.training.device, window=window, progress=progress):
        row, col = block.row - window[0], block.col - window[1]
        classes[row:row + block.classes.shape[0], col:col + block.classes.shape[1]] = block.classes
    bands = _colour_bands(image.axis)
    colours = image.only(list(bands.bands)).read(window, progress.check)
    test = _drawn(held.test, window) if held.test is not None else np.full_like(classes, NO_CLASS)
    return ClassMap(
        colours, bands.caption, _drawn(held.train, window), test, classes, window[2:] == image.shape
    )


def map_section(shown, table):
    """The pictures of a ClassMap in the classes' colours."""
    valid = np.isfinite(shown.colours).all(axis=0)
    colours = colour_picture(shown.colours, valid, *stretch_limits(shown.colours, valid))
    pictures = [
        (png_of(colours), "The image in colours", shown.caption),
        (class_png(shown.classes, table), "The map of classes", "Map"),
    ]
    samples = [(class_png(shown.train, table), "The training pixels", "Training pixels")]
    if (shown.test != NO_CLASS).any():
        samples.append((class_png(shown.test, table), "The test pixels", "Test pixels"))
    part = None if shown.is_whole else parts.explained("A part of the image, around the middle of the samples.")
    return parts.section(
        "Map", parts.legend([(entry.colour, entry.name) for entry in table]),
        parts.panels(pictures, shown.classes.shape), parts.panels(samples, shown.classes.shape), part,
    )


def class_png(classes, table):
    """Places in a class table, (rows, cols), as a PNG in its colours; -1 is a faint grey."""
    colours = [tuple(int(entry.colour[n:n + 2], 16) for n in (1, 3, 5)) + (255,) for entry in table]
    return png_of(np.array([*colours, _NO_CLASS_COLOUR], dtype=np.uint8)[classes])


def _colour_bands(axis):
    bands = tuple(Band(position if axis.has_wavelengths else None) for position in axis.positions)
    return colour_bands(SceneDescription(1, 1, bands, "float32"), np.ones(len(bands), dtype=bool))


def _window(shape, held):
    """(row, col, n_rows, n_cols): all, or as much as fits around the median of the samples."""
    if shape[0] * shape[1] <= MOST_PIXELS:
        return (0, 0, *shape)
    n_rows = min(shape[0], max(int(MOST_PIXELS**0.5), MOST_PIXELS // shape[1]))
    size = n_rows, min(shape[1], MOST_PIXELS // n_rows)
    middle = np.median(held.train.rows), np.median(held.train.cols)
    row, col = (
        int(np.clip(centre - length // 2, 0, whole - length))
        for centre, length, whole in zip(middle, size, shape)
    )
    return (row, col, *size)


def _drawn(samples, window):
    row, col, n_rows, n_cols = window
    drawn = np.full((n_rows, n_cols), NO_CLASS, dtype=np.int32)
    rows, cols = samples.rows - row, samples.cols - col
    inside = (rows >= 0) & (rows < n_rows) & (cols >= 0) & (cols < n_cols)
    drawn[rows[inside], cols[inside]] = samples.classes[inside]
    return drawn
