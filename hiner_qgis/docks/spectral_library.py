"""Spectra as a spectral library that the EnMAP-Box reads.

GeoJSON points in longitude and latitude whose text field `profiles` holds a JSON object per spectrum:
y and x of the file's own bands, xUnit, and bbl (1 good, 0 bad), with null for no value; as the
EnMAP-Box's manual describes ("Spectral Libraries", "Spectral Profile"). A style beside it marks the
field as one of profiles.
"""

import json
import os

import numpy as np
from qgis.core import QgsEditorWidgetSetup, QgsVectorLayer

from ...core.errors import OutputError
from ...core.whole_file import save_text
from ..own_style import save_style

FIELD = "profiles"
_WIDGET = "SpectralProfile"
_OURS = "Written by HINER with the spectra."


def library_text(spectra):
    """The library as GeoJSON text."""
    features = [_feature(number, spectrum) for number, spectrum in enumerate(spectra, start=1)]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, allow_nan=False)


def save_library(spectra, path):
    """Write the library, and its style (.qml) unless one of the user's own is there; returns notes, texts.

    Raises OutputError where the library cannot be written.
    """
    save_text(path, library_text(spectra))
    layer = QgsVectorLayer(os.fspath(path), "library", "ogr")
    if not layer.isValid():
        return ()
    layer.setEditorWidgetSetup(layer.fields().lookupField(FIELD), QgsEditorWidgetSetup(_WIDGET, {}))
    try:
        return save_style(path, layer, _OURS)
    except OutputError as error:
        return (f"The library is complete, its style is not there: {error}",)


def _feature(number, spectrum):
    geometry = None
    if spectrum.place is not None:
        geometry = {"type": "Point", "coordinates": [round(degree, 9) for degree in spectrum.place]}
    return {
        "type": "Feature",
        "id": number,
        "geometry": geometry,
        "properties": {
            "name": spectrum.name,
            "source": os.path.basename(spectrum.source),
            "pixels": spectrum.n_pixels,
            FIELD: json.dumps(_profile(spectrum), allow_nan=False),
        },
    }


def _profile(spectrum):
    order = np.argsort(spectrum.centres, kind="stable")
    order = order[~np.isnan(spectrum.centres[order])]
    values = [None if np.isnan(v) else float(f"{v:.9g}") for v in spectrum.band_values[order]]
    return {
        "x": [float(f"{x:.10g}") for x in spectrum.centres[order]],
        "y": values,
        "xUnit": "nm" if spectrum.unit else "Band Number",
        "bbl": [int(good) for good in spectrum.good[order]],
    }
