"""What a network is applied on: what the parameter says, or the plugin's options where that says auto."""

import pytest
from land_cover import samples_of


@pytest.fixture(scope="module")
def scene(checkout):
    return str(checkout / "resources" / "sample" / "enmap_potsdam.tif")


@pytest.fixture(scope="module")
def model(plugin, checkout, scene, tmp_path_factory):
    """A hardly trained network."""
    pytest.importorskip("torch")
    import processing

    path = str(tmp_path_factory.mktemp("device") / "m.hncls")
    processing.run("hiner:trainclassifier", {
        "INPUT": scene, "SAMPLES": samples_of(checkout, points=True), "FIELD": "class", "SPLIT": "none", "OUTPUT": path,
        "VARIANT": "pixel", "EPOCHS": 1, "DEVICE": "cpu", "ISI": False,
    })
    return path


@pytest.fixture
def option(plugin):
    """A function that sets the device among the plugin's options."""
    from dataclasses import replace

    from hiner.hiner_qgis import settings

    before = settings.read()
    yield lambda device: settings.write(replace(before, device=device))
    settings.write(before)


@pytest.fixture
def asked(monkeypatch):
    """Names of the devices that are asked for; the work is done on the processor."""
    names = []
    monkeypatch.setattr("hiner.core.training.device.choose_device", lambda name, _told: names.append(name) or "cpu")
    return names


@pytest.mark.parametrize(("set_to", "given", "expected"), [
    ("auto", {}, "auto"), ("cpu", {}, "cpu"), ("cpu", {"DEVICE": "auto"}, "cpu"), ("cpu", {"DEVICE": "cuda"}, "cuda"),
])
def test_the_option_holds_where_the_parameter_says_auto(
    run, scene, model, option, asked, tmp_path, set_to, given, expected
):
    option(set_to)
    place = "365055,365355,5806785,5807085 [EPSG:32633]"
    run("classify", INPUT=scene, MODEL=model, EXTENT=place, OUTPUT=str(tmp_path / "map.tif"), **given)
    assert asked == [expected]


def test_it_is_folded_away(provider):
    from qgis.core import QgsProcessingParameterDefinition

    definition = provider.algorithm("classify").parameterDefinition("DEVICE")
    assert definition.options() == ["auto", "cpu", "cuda"]
    assert definition.flags() & QgsProcessingParameterDefinition.Flag.FlagAdvanced
