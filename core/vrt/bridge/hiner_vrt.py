"""The one module that GDAL is told to trust: the pixel function of `.vrt` files made by `hiner:vrt`.

GDAL imports it by its name, in whatever process reads the `.vrt`; the folder of this file has to be on
PYTHONPATH there. It holds one public function, which reads `.hnr` files and nothing else.
"""

import importlib as _importlib
import importlib.util as _util
import sys as _sys
from pathlib import Path as _Path

_ROOT = _Path(__file__).resolve().parents[3]


def decode(_inputs, out, left, top, n_cols, n_rows, *_raster, path=b"", wavelengths=b"", band=b"0", **_others):
    """Fill `out`, (rows, cols), with a window of a band; GDAL's signature of pixel functions.

    path: of the `.hnr` file; wavelengths: as in `hiner:vrt`; band: which of their bands, from 0, or -1 for
    the mask. All UTF-8.
    """
    texts = [text.decode("utf-8") if isinstance(text, bytes) else text for text in (path, wavelengths, band)]
    window = int(top), int(left), int(n_rows), int(n_cols)
    out[:] = _samples().read_band(texts[0], texts[1], int(texts[2]), window, out.shape)


def _samples():
    if "hiner" not in _sys.modules:
        # The plugin's folder may have another name: a package is what it is imported as.
        spec = _util.spec_from_file_location("hiner", _ROOT / "__init__.py", submodule_search_locations=[str(_ROOT)])
        package = _util.module_from_spec(spec)
        _sys.modules["hiner"] = package
        spec.loader.exec_module(package)
    return _importlib.import_module("hiner.core.vrt.samples")
