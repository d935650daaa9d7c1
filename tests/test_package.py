"""The checkout is one package, and importing it asks for nothing but Python."""

import importlib


def test_checkout_imports_as_hiner_whatever_its_folder_is_called(checkout):
    package = importlib.import_module("hiner")
    assert package.__path__ == [str(checkout)]


def test_root_offers_class_factory_alone(checkout):
    package = importlib.import_module("hiner")
    own = {name for name in vars(package) if not name.startswith("__")}
    assert own - {"core", "hiner_qgis"} == {"classFactory"}
