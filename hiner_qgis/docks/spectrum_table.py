"""Spectra as a table of text."""

import csv
import io

import numpy as np

from ...core.whole_file import save_text


def table_text(spectra, delimiter=","):
    """A row per position: wavelength, number of the band whose centre it is, a value per spectrum.

    Positions are those of all spectra; cells without a value are empty.
    """
    columns = [_cells(spectrum) for spectrum in spectra]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    unit = "wavelength_nm" if any(spectrum.unit for spectrum in spectra) else "band_number"
    writer.writerow([unit, "band", *(spectrum.name for spectrum in spectra)])
    for key in sorted(set().union(*columns)):
        position, band = key
        values = [_number(column.get(key, np.nan)) for column in columns]
        writer.writerow([f"{position:.10g}", band or "", *values])
    return out.getvalue()


def save_table(spectra, path):
    """Write `table_text` as a CSV file; returns notes, texts. Raises OutputError where it cannot be written."""
    save_text(path, table_text(spectra))
    return ()


def _cells(spectrum):
    """Values by (position, band number or 0); a band's own centre stands for the line there."""
    centres = dict(zip(np.round(spectrum.centres, 6).tolist(), range(1, spectrum.centres.size + 1)))
    cells = {
        (float(position), 0): value
        for position, value in zip(spectrum.positions, spectrum.values)
        if round(float(position), 6) not in centres and not np.isnan(value)
    }
    for number, (centre, value) in enumerate(zip(spectrum.centres, spectrum.band_values), start=1):
        if not np.isnan(centre):
            cells[float(centre), number] = value
    return cells


def _number(value):
    return "" if np.isnan(value) else f"{value:.9g}"
