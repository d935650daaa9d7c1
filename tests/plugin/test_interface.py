"""Ids, names and types that models and scripts rely on, and what a user is told of each."""

from pathlib import Path
from urllib.parse import urlparse
from urllib.request import url2pathname

import pytest

PARAMETERS = {
    "compress": {
        "INPUT", "OUTPUT", "METHOD", "PRESET", "RATE", "FILE_SIZE", "MAX_ERROR", "MODEL_SIZE", "EPOCHS", "TARGET_PSNR", "DEVICE",
        "WAVELENGTHS", "SEED", "BITS", "OUTPUT_HTML", "QUANTISATION",
    },
    "decompress": {"INPUT", "OUTPUT", "WAVELENGTHS", "EXTENT", "DTYPE", "MEMORY"},
    "info": {"INPUT", "OUTPUT_HTML", "OUTPUT_JSON"},
    "evaluate": {"REFERENCE", "INPUT", "OUTPUT_HTML", "OUTPUT_CSV"},
}
OUTPUTS = {
    "compress": {"OUTPUT", "OUTPUT_HTML", "PSNR", "RATE", "RATIO", "SECONDS"},
    "decompress": {"OUTPUT"},
    "info": {"OUTPUT_HTML", "OUTPUT_JSON"},
    "evaluate": {
        "OUTPUT_HTML", "OUTPUT_CSV", "PSNR", "SAM", "RMSE", "SSIM", "MAX_ERROR", "RATE", "RATIO",
    },
}
each_algorithm = pytest.mark.parametrize("name", sorted(PARAMETERS))


@pytest.fixture
def algorithm(provider, name):
    return provider.algorithm(name)


def test_provider_lists_its_algorithms(provider):
    assert set(PARAMETERS) <= {algorithm.name() for algorithm in provider.algorithms()}
    assert provider.id() == "hiner"
    assert not provider.icon().isNull()


@each_algorithm
def test_parameters_have_their_fixed_names(algorithm, name):
    assert {p.name() for p in algorithm.parameterDefinitions()} == PARAMETERS[name]


@each_algorithm
def test_outputs_have_their_fixed_names(algorithm, name):
    assert {output.name() for output in algorithm.outputDefinitions()} == OUTPUTS[name]


@each_algorithm
def test_every_parameter_has_a_tooltip(algorithm):
    silent = [p.name() for p in algorithm.parameterDefinitions() if len(p.help()) < 15]
    assert silent == []


@each_algorithm
def test_algorithm_is_explained(algorithm):
    assert len(algorithm.shortHelpString()) > 200
    assert algorithm.group() == "Compression"
    assert Path(url2pathname(urlparse(algorithm.helpUrl()).path)).is_file()


@each_algorithm
def test_algorithm_has_an_icon_of_its_own(algorithm, name):
    assert not algorithm.icon().pixmap(24, 24).isNull()
    assert Path(algorithm.svgIconPath()).stem == name


@each_algorithm
def test_copies_are_whole(algorithm):
    copy = algorithm.create()
    assert copy.id() == algorithm.id()
    assert len(copy.parameterDefinitions()) == len(algorithm.parameterDefinitions())


def test_method_and_presets_are_the_engines(provider):
    compress = provider.algorithm("compress")
    assert compress.parameterDefinition("METHOD").options()[0] == "hiner"
    assert compress.parameterDefinition("METHOD").defaultValue() == "latent"
    presets = compress.parameterDefinition("PRESET").options()
    assert presets[:3] == ["draft", "standard", "high"]
    assert {"indian_pines", "pavia_university", "pavia_centre", "child"} <= set(presets)
    assert compress.parameterDefinition("QUANTISATION").options() == ["minmax", "rdo"]
    assert compress.parameterDefinition("DEVICE").options() == ["auto", "cpu", "cuda"]


@pytest.mark.parametrize("name", ["decompress", "info", "evaluate"])
def test_compressed_file_can_be_another_steps_output(provider, name):
    made = provider.algorithm("compress").outputDefinition("OUTPUT")
    taken = provider.algorithm(name).parameterDefinition("INPUT")
    assert made.type() == "outputFile"
    assert taken.type() == "file"
    assert "*.hnr" in taken.fileFilter()
    assert provider.algorithm("compress").parameterDefinition("OUTPUT").defaultFileExtension() == "hnr"


def test_envi_is_an_extension_that_the_dialog_accepts(provider):
    assert {"tif", "dat", "bsq"} <= set(provider.supportedOutputRasterLayerExtensions())


def test_rarely_needed_parameters_are_folded_away(provider):
    from qgis.core import QgsProcessingParameterDefinition

    def advanced(name):
        flag = QgsProcessingParameterDefinition.Flag.FlagAdvanced
        return {p.name() for p in provider.algorithm(name).parameterDefinitions() if p.flags() & flag}

    assert advanced("compress") == {"FILE_SIZE", "MODEL_SIZE", "EPOCHS", "BITS", "SEED", "QUANTISATION"}
    assert advanced("decompress") == {"DTYPE", "MEMORY"}
