"""The plugin comes and goes without a trace, with a GUI and without."""

import pytest


def registered():
    from qgis.core import QgsApplication

    return [provider.id() for provider in QgsApplication.processingRegistry().providers()]


@pytest.fixture
def switched_off(plugin):
    """The plugin before it is switched on; on again afterwards, for the other tests."""
    plugin.unload()
    yield plugin
    plugin.initProcessing()


def test_plugin_switched_off_leaves_nothing_registered(switched_off):
    assert "hiner" not in registered()
    switched_off.unload()
    assert "hiner" not in registered()


def test_processing_alone_registers_the_provider(switched_off):
    switched_off.initProcessing()
    assert registered().count("hiner") == 1


def test_desktop_start_after_processing_registers_it_once(switched_off):
    switched_off.initProcessing()
    switched_off.initGui()
    assert registered().count("hiner") == 1


def test_plugin_can_be_switched_off_and_on_again(switched_off):
    for _ in range(3):
        switched_off.initGui()
        assert len(switched_off.provider.algorithms()) >= 4
        switched_off.unload()
        assert "hiner" not in registered()


def test_second_copy_of_the_plugin_does_no_harm(plugin):
    import hiner

    second = hiner.classFactory(None)
    second.initProcessing()
    second.unload()
    assert registered().count("hiner") == 1
