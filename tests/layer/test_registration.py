"""The provider is registered once and outlives the plugin's code."""

import importlib
import subprocess
import sys
import textwrap

import pytest


def test_registering_again_keeps_the_provider_and_swaps_what_it_makes(registered, open_layer, hnr_path):
    from qgis.core import QgsProviderRegistry

    from hiner.hiner_qgis.layer.registration import LayerRegistration

    registry = QgsProviderRegistry.instance()
    metadata, factory = registry.providerMetadata("hiner"), registry.providerMetadata("hiner").factory
    again = LayerRegistration()
    again.register()
    again.register()
    assert registry.providerMetadata("hiner") is metadata
    assert metadata.factory is not factory
    assert registry.providerList().count("hiner") == 1
    again.unregister()
    again.unregister()
    assert open_layer(hnr_path).isValid()


def test_the_plugin_loaded_anew_takes_over_while_layers_are_open(registered, open_layer, hnr_path, array_of):
    """As QGIS's plugin manager does it: the modules are thrown away and imported again."""
    from qgis.core import QgsRasterLayer

    layer = open_layer(hnr_path + "?wl=640")
    before = array_of(layer.dataProvider().block(1, layer.extent(), 9, 7)).copy()
    kept = {name: sys.modules.pop(name) for name in list(sys.modules) if name.startswith("hiner.hiner_qgis")}
    try:
        anew = importlib.import_module("hiner.hiner_qgis.layer.registration").LayerRegistration()
        anew.register()
        other = QgsRasterLayer(hnr_path + "?wl=640", "scene", "hiner")
        assert type(other.dataProvider()) is not type(layer.dataProvider())
        for one in (layer, other):
            assert (array_of(one.dataProvider().block(1, layer.extent(), 9, 7)) == before).all()
        del one, other
        anew.unregister()
    finally:
        for name in [name for name in sys.modules if name.startswith("hiner.hiner_qgis")]:
            del sys.modules[name]
        sys.modules.update(kept)
        kept["hiner.hiner_qgis.layer.registration"].LayerRegistration().register()


_SCRIPT = """
    import sys
    sys.path.insert(0, sys.argv[1])
    import conftest
    from qgis.core import QgsApplication, QgsProject, QgsRasterLayer
    application = QgsApplication([], False)
    application.initQgis()
    from hiner.hiner_qgis.layer.registration import LayerRegistration
    registration = LayerRegistration()
    registration.register()
    layer = QgsRasterLayer(sys.argv[2], "scene", "hiner")
    QgsProject.instance().addMapLayer(layer)
    provider = layer.dataProvider()
    block = provider.block(1, layer.extent(), 5, 5)
    print(layer.isValid(), block.width())
    del layer, provider, block
    QgsProject.instance().clear()
    registration.unregister()
    application.exitQgis()
    print("ended")
"""


@pytest.mark.usefixtures("registered")
def test_it_works_without_a_gui_and_ends_cleanly(hnr_path, checkout, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(_SCRIPT))
    done = subprocess.run(
        [sys.executable, str(script), str(checkout / "tests"), hnr_path],
        capture_output=True, text=True, timeout=120, check=False,
    )
    assert done.stdout.split() == ["True", "5", "ended"], done.stderr
    assert done.returncode == 0
