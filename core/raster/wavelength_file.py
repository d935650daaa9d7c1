"""Wavelengths out of a user's text file."""

import csv
import math
import os
from typing import NamedTuple

from ..errors import ParameterError
from .product_metadata import read_product_wavelengths

_LARGEST = 10_000_000  # bytes; a list of wavelengths is a few kilobytes


class _Row(NamedTuple):
    line: int
    cells: tuple[str, ...]


def read_wavelength_file(path):
    """Return the wavelengths of a CSV or text file, a list in the file's order and its numbers.

    One wavelength a line: alone, behind a name or the band's number, or in the column whose header
    says so. Separators are comma, semicolon, tab or blanks; with semicolons and tabs a decimal
    comma is understood. Other pairs of numbers may be a decimal comma, or a wavelength and its FWHM,
    and are refused. 0 stands for none, as bad bands may have. Empty lines and lines after # are
    skipped, and so is a header. Of a METADATA.XML, of EnMAP or DESIS, all bands' wavelengths are
    taken, by their numbers. Units are settled by `read_spectral_metadata`: nanometres, or
    micrometres for values under 100.
    Raises `ParameterError` naming the file and the line that cannot be read.
    """
    if os.fspath(path).lower().endswith(".xml"):
        return read_product_wavelengths(path)
    rows = _rows(path)
    if not rows:
        raise ParameterError(f"{path}: holds no wavelengths. Write one per line, in nanometres.")
    header = None
    if all(_number(cell) is None for cell in rows[0].cells):
        header, rows = rows[0].cells, rows[1:]
    column = _wavelength_column(header)
    if column is None:
        _check_pairs(path, rows)
    wavelengths = [_wavelength(path, row, header, column) for row in rows]
    if not any(wavelengths):
        raise ParameterError(f"{path}: holds no wavelengths. Write one per line, in nanometres.")
    return wavelengths


def _wavelength(path, row, header, column):
    if column is None and len(row.cells) > 2:
        raise ParameterError(
            f"{path}, line {row.line}: {len(row.cells)} columns, and no header says which "
            "holds the wavelengths. Write one wavelength per line, or a name and a wavelength."
        )
    if header is not None and len(row.cells) > len(header):
        raise ParameterError(
            f"{path}, line {row.line}: has more columns than the header. With decimal commas separate columns by ;."
        )
    # Words of a header without separators need not match the columns below them.
    place = -1 if column is None or len(row.cells) <= min(column, 2) else column
    value = _number(row.cells[place]) if place < len(row.cells) else None
    if value is None or value < 0:
        raise ParameterError(
            f"{path}, line {row.line}: '{' '.join(row.cells)}' holds no wavelength. "
            "Write one wavelength per line, or a name and a wavelength; 0 for a bad band without."
        )
    return value


def _check_pairs(path, rows):
    """Raise ParameterError where pairs of numbers are not each band's number and its wavelength."""
    firsts = [(row, _number(row.cells[0])) for row in rows if len(row.cells) == 2]
    start = firsts[0][1] if firsts else None
    for place, (row, first) in enumerate(firsts):
        if first is not None and (start not in (0, 1) or first != start + place):
            raise ParameterError(
                f"{path}, line {row.line}: '{' '.join(row.cells)}' are two numbers, of which no header says what they "
                "are. Write a header such as 'wavelength, fwhm', and with decimal commas separate columns by ;."
            )


def _rows(path):
    try:
        with open(path, encoding="utf-8-sig", errors="strict", newline="") as file:
            text = file.read(_LARGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: cannot be read as a text file ({error}).") from error
    if len(text) > _LARGEST or "\0" in text:
        raise ParameterError(f"{path}: is not a list of wavelengths. Give a small text file.")
    rows = []
    for line, content in enumerate(text.splitlines(), start=1):
        cells = _cells(content.split("#", 1)[0])
        if any(cells):
            rows.append(_Row(line, cells))
    return rows


def _cells(content):
    for separator in (";", "\t", ","):
        if separator in content:
            cells = next(csv.reader([content], delimiter=separator))
            break
    else:
        return _blank_separated(content.split())
    if separator != ",":
        cells = [cell.replace(",", ".") for cell in cells]
    cells = [cell.strip() for cell in cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _blank_separated(words):
    """Words as cells, but a name of several words before a number as one."""
    if not words or _number(words[-1]) is None or all(_number(word) is not None for word in words):
        return tuple(words)
    return " ".join(words[:-1]), words[-1]


def _number(cell):
    try:
        value = float(cell)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _wavelength_column(header):
    if header is None:
        return None
    for column, cell in enumerate(header):
        if "wave" in cell.lower() or cell.lower().split("(")[0].strip() in ("nm", "um", "\u00b5m"):
            return column
    return None
