"""The report of `hiner:info`: what is in a `.hnr` file."""

import os

import numpy as np

from . import parts
from .axis import SpectralAxis
from .band_tables import statistics_table
from .comparison import plots_missing
from .figures import PUBLISHED_CONVENTION, degrees, ratio
from .html import element, page
from .numbers import decimal, plain, significant, size, stored
from .plots import statistics_plot
from .scene_facts import metadata_table, scene_table, stored_units, subtitle

# Names in `Header.measured`, what they are called, and how they are written.
_MEASURED = (
    ("sam_degrees", "SAM, mean over pixels", degrees),
    ("rmse", "RMSE, mean over bands", lambda value: significant(value, 4)),
    ("ssim", "SSIM, mean over bands", lambda value: decimal(value, 4)),
    ("max_error", "Largest error", stored),
    ("paper_rate_bpppb", "Rate as published", lambda value: f"{significant(value, 3)} bits per sample"),
    ("paper_psnr_db", "PSNR as published", lambda value: f"{decimal(value, 2)} dB"),
)


def info_html(header, path, n_bytes):
    """Return a report on a file as HTML, a str; nothing is decoded for it.

    header: Header. path, n_bytes: the file's name and size.
    """
    description = header.description
    axis = SpectralAxis(description, header.usable, header.statistics.constant)
    missing = plots_missing()
    return page(
        os.path.basename(path),
        subtitle(description),
        missing,
        parts.section("File", _headline(header, n_bytes), *_measured(header), _method(header)),
        parts.section(
            "Scene", scene_table(description, header.usable, axis), metadata_table(description)
        ),
        parts.section(
            "Bands",
            _plot(axis, header) if missing is None else None,
            statistics_table(axis, description, header.usable, header.statistics),
        ),
    )


def _headline(header, n_bytes):
    description = header.description
    raw = description.n_samples * np.dtype(description.dtype).itemsize
    figures = [
        ("Rate", significant(8 * n_bytes / description.n_samples, 3), "bits per sample"),
        ("Compression ratio", ratio(raw / n_bytes), ""),
        ("File", *size(n_bytes).split(" ", 1)),
    ]
    if "psnr_db" in header.measured:
        figures.append(("PSNR, mean over bands", decimal(header.measured["psnr_db"], 2), "dB"))
    return parts.cards(figures)


def _measured(header):
    known = dict(header.measured)
    as_published = any(name.startswith("paper_") for name in known)
    rows = [(title, shown(known.pop(name))) for name, title, shown in _MEASURED if name in known]
    # These two stand above.
    known.pop("rate_bpppb", None)
    known.pop("psnr_db", None)
    rows += [(name, significant(value, 4)) for name, value in known.items()]
    if not rows:
        return [parts.explained("The file says nothing of its quality.")]
    note = (
        "Measured when the file was made, by reading it back: PSNR of each band against its own range over "
        f"valid pixels, averaged over bands. {stored_units(header.description)}"
    )
    if as_published:
        note += f" As published: {PUBLISHED_CONVENTION}."
    return [parts.facts(rows), parts.explained(note)]


def _method(header):
    rows = [("Method", header.method)]
    for name, value in header.parameters.items():
        rows.append((name.replace("_", " ").capitalize(), _value(value)))
    rows.append(("Written by", header.encoder))
    return element("div", element("h3", "Method and its parameters"), parts.facts(rows))


def _value(value):
    """A parameter, of JSON's types, as text: 180 x 180, 5 x 5, 3 x 3."""
    if isinstance(value, list):
        inner = " \u00d7 " if not any(isinstance(entry, (list, dict)) for entry in value) else ", "
        return inner.join(_value(entry) for entry in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(entry)}" for name, entry in value.items())
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    return plain(value) if isinstance(value, (int, float)) else str(value)


def _plot(axis, header):
    return parts.plot(
        statistics_plot(axis, header.statistics),
        f"Mean, 2 to 98 % and minimum to maximum of each band over {axis.end_to_end}",
        "Gaps between detectors, bands that are not in the file and bands of one value only are blank; no wavelength "
        "there can be decoded.",
    )
