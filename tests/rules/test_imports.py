"""Imports run one way: QGIS's layer -> the engine -> arrays, and heavy libraries stay where they belong."""

import pytest
from shipped import TORCH_MODULES, imports, is_relative_everywhere, module_name, shipped_files

FILES = shipped_files()
GDAL_MODULE = "hiner.core.raster.gdal_access"
# Where PyTorch may be imported inside a function: the one place that says how to install it.
TORCH_ON_DEMAND = {"hiner.core.training.device"}


def importers_of(library):
    return {
        module_name(path)
        for path in FILES
        if any(found.module.split(".")[0] == library for found in imports(path))
    }


@pytest.mark.parametrize("path", FILES, ids=str)
def test_plugin_imports_itself_relatively(path):
    assert is_relative_everywhere(path)


@pytest.mark.parametrize("library", ["qgis", "PyQt5", "PyQt6", "processing", "sip"])
def test_engine_knows_no_qgis(library):
    engine = {module_name(path) for path in FILES if path.parts[0] == "core"}
    assert not importers_of(library) & engine


def test_engine_does_not_import_the_qgis_layer():
    for path in FILES:
        if path.parts[0] == "core":
            names = {found.module for found in imports(path)}
            assert not any(name.startswith("hiner.hiner_qgis") for name in names), path


def test_root_imports_the_qgis_layer_alone():
    (root,) = (path for path in FILES if str(path) == "__init__.py")
    assert {found.module for found in imports(root)} == {
        "hiner.hiner_qgis.plugin", "hiner.hiner_qgis.plugin.HinerPlugin",
    }
    assert not any(found.on_import for found in imports(root))


@pytest.mark.parametrize("binding", ["PyQt5", "PyQt6"])
def test_qt_comes_through_qgis(binding):
    assert importers_of(binding) == set()


def test_gdal_is_in_one_module():
    assert importers_of("osgeo") == {GDAL_MODULE}
    assert importers_of("gdal") == set()


def test_torch_is_where_something_is_trained():
    assert importers_of("torch") <= TORCH_MODULES | TORCH_ON_DEMAND


def test_torch_modules_are_imported_on_demand():
    for path in FILES:
        if module_name(path) in TORCH_MODULES:
            continue
        for found in imports(path):
            reached = found.module if found.module in TORCH_MODULES else None
            direct = found.module.split(".")[0] == "torch"
            assert not (found.on_import and (reached or direct)), f"{path}:{found.line} {found.module}"


# The rooms of the classification, each of which knows those before it alone; beside it, those of one line.
ROOMS = [{"labels"}, {"imagery"}, {"model"}, {"network", "svm"}, {"mapping"}]


def test_the_classifications_rooms_know_those_below_them_alone():
    prefix, floor = "hiner.core.classification.", {room: n for n, rooms in enumerate(ROOMS) for room in rooms}
    for path in FILES:
        own = module_name(path)[len(prefix):].split(".")[0] if module_name(path).startswith(prefix) else ""
        if own not in floor:
            continue
        for found in imports(path):
            other = found.module[len(prefix):].split(".")[0] if found.module.startswith(prefix) else own
            assert other == own or floor.get(other, len(ROOMS)) < floor[own], (str(path), found.module)
