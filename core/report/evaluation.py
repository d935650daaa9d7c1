"""The report of `hiner:evaluate`: a file held against its raster."""

import os

from . import parts
from .axis import SpectralAxis
from .band_tables import quality_table
from .comparison import pictures_section, plots_missing, spectral_section
from .figures import conventions, headline
from .html import page
from .numbers import duration
from .scene_facts import metadata_table, scene_table, subtitle


def evaluation_html(quality, description, pictures=None, path="", method="", notes=()):
    """Return a report on a decoded scene as HTML, a str.

    quality: Quality, `of_file` where the file's figures shall stand in it. description:
    SceneDescription of the original. pictures: Pictures, or None for a report without. path: of the
    `.hnr` file; method: its method's name. notes: what a reader should know before the figures, texts.
    """
    axis = SpectralAxis(description, quality.usable, quality.constant)
    missing = plots_missing()
    drawn = missing is None
    sections = [
        missing,
        *map(parts.warning, notes),
        parts.section("Figures", headline(quality), conventions(quality, description)),
        spectral_section(axis, quality) if drawn else None,
        pictures_section(axis, quality, pictures) if drawn and pictures is not None else None,
        parts.section("Bands", quality_table(axis, quality)),
        parts.section(
            "Scene",
            scene_table(description, quality.usable, axis),
            parts.facts(
                [
                    ("Compressed file", os.path.basename(path)),
                    ("Method", method),
                    ("Samples compared", f"{quality.n_compared:,}"),
                    ("Decoding took", duration(quality.decode_seconds)),
                ]
            ),
            metadata_table(description),
        ),
    ]
    name = os.path.basename(path) or os.path.basename(description.source) or "scene"
    return page(f"Evaluation of {name}", subtitle(description), *sections)
