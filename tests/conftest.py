"""Makes the checkout importable as the package `hiner`, whatever its folder is called."""

import gc
import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"


def _import_checkout():
    """Load the checkout's root `__init__.py` as `hiner`, as QGIS loads it from its plugins folder."""
    spec = importlib.util.spec_from_file_location(
        "hiner", ROOT / "__init__.py", submodule_search_locations=[str(ROOT)]
    )
    package = importlib.util.module_from_spec(spec)
    sys.modules["hiner"] = package
    spec.loader.exec_module(package)


if "hiner" not in sys.modules:
    _import_checkout()


def pytest_collection_modifyitems(items):
    """Run what needs QGIS last, so that a broken engine is seen first."""
    items.sort(key=lambda item: "qgis" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def checkout():
    """The checkout's root folder, which is the plugin's folder."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data():
    """The folder of real scenes beside the checkout; tests that want it are skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"the real scenes are not here ({SHARED_DATA})")
    return SHARED_DATA


@pytest.fixture(scope="session")
def qgis(tmp_path_factory):
    """A running QGIS with Processing, offscreen and with a profile of its own; its QgsApplication."""
    core = pytest.importorskip("qgis.core", reason="QGIS's Python is not installed")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QGIS_CUSTOM_CONFIG_PATH"] = str(tmp_path_factory.mktemp("profile"))
    application = core.QgsApplication([], True)
    application.initQgis()
    sys.path.append(os.path.join(application.pkgDataPath(), "python", "plugins"))
    from processing.core.Processing import Processing

    Processing.initialize()
    yield application
    # A layer or a renderer that outlives QGIS brings the interpreter down at its end.
    core.QgsProject.instance().clear()
    _delete_layers(core.QgsMapLayer)
    application.exitQgis()


def _delete_layers(kind):
    """Of those that Python owns: QGIS never lets go of what an algorithm raised, nor that of the layers it was given."""
    from qgis.PyQt import sip

    gc.collect()
    for thing in gc.get_objects():
        if issubclass(type(thing), kind) and not sip.isdeleted(thing) and sip.ispyowned(thing):
            sip.delete(thing)


@pytest.fixture(scope="session")
def registered(qgis):
    """The QgsApplication with the data provider `hiner`."""
    from hiner.hiner_qgis.layer.registration import LayerRegistration

    registration = LayerRegistration()
    registration.register()
    yield qgis
    registration.unregister()
