"""The report of `hiner:compress`: what a file cost and what it holds."""

import os

from . import parts
from .axis import SpectralAxis
from .band_tables import quality_table
from .comparison import pictures_section, plots_missing, spectral_section
from .figures import conventions, headline
from .html import page
from .numbers import counted, decimal, duration
from .plots import training_plot
from .scene_facts import metadata_table, scene_table, subtitle


def compression_html(outcome, plan=None, pictures=None):
    """Return a report on a compression as HTML, a str.

    outcome: codec.Outcome. plan: the Plan logged beforehand, if there was one. pictures: Pictures,
    or None for a report without.
    """
    description, quality = outcome.header.description, outcome.quality
    axis = SpectralAxis(description, quality.usable, quality.constant)
    missing = plots_missing()
    drawn = missing is None
    return page(
        f"Compression into {os.path.basename(outcome.path)}",
        subtitle(description),
        missing,
        parts.section("Figures", headline(quality), conventions(quality, description)),
        parts.section("What it took", *_cost(outcome, plan, drawn)),
        spectral_section(axis, quality) if drawn else None,
        pictures_section(axis, quality, pictures) if drawn and pictures is not None else None,
        parts.section("Bands", quality_table(axis, quality)),
        parts.section(
            "Scene", scene_table(description, quality.usable, axis), metadata_table(description)
        ),
    )


def _cost(outcome, plan, drawn):
    rows = [("Method", outcome.header.method)]
    for line in plan.lines if plan else ():
        name, _, rest = line.partition(": ")
        rows.append((name, rest) if rest else ("", line))
    rows.append(("Time in all", duration(outcome.seconds)))
    if plan and plan.expected_seconds is not None:
        # What is worked out beforehand leaves out the start, which is most of so short a time.
        brief = plan.expected_seconds < 1
        rows.append(("Time expected", "less than a second" if brief else duration(plan.expected_seconds)))
    history = outcome.history
    if history:
        seconds, epochs, psnr = history[-1]
        rows.append(("Trained", f"{counted(epochs, 'epoch')} in {duration(seconds)}"))
    yield parts.facts(rows)
    if len(history) > 1 and drawn:
        yield parts.plot(
            training_plot(history),
            f"PSNR over the training, {decimal(psnr, 2)} dB after {duration(seconds)}",
            "PSNR as the training saw it, before quantisation; the file's own is above.",
        )
