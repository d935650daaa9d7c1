"""Layers of small real `.hnr` files in a QGIS without a desktop."""

from dataclasses import replace

import numpy as np
import pytest
from layer_scene import make_layer_scene
from rewritten import validity_to_write


@pytest.fixture(scope="session")
def compressed(tmp_path_factory):
    """(path, scene): 70 x 90 pixels, 12 bands of uint16, nodata 0 in a hole, band 7 bad."""
    pytest.importorskip("torch")
    from hiner.core.codec import CompressOptions, compress

    scene = make_layer_scene()
    path = tmp_path_factory.mktemp("layer") / "scene.hnr"
    compress(scene, path, CompressOptions(method="hiner", model_size=9000, epochs=2, device="cpu"))
    return path, scene


@pytest.fixture
def hnr_path(compressed, tmp_path):
    """A copy of the compressed file that the test may harm."""
    path = tmp_path / "scene.hnr"
    path.write_bytes(compressed[0].read_bytes())
    return str(path)


@pytest.fixture
def variant(compressed, tmp_path):
    """A function that writes the compressed file with another description and gives its path.

    whole: without the masks, as if all pixels had data.
    """
    from hiner.core.container.reader import HnrContainer
    from hiner.core.container.writer import write_hnr

    def make(name, change, whole=False):
        container = HnrContainer(compressed[0])
        header = container.header
        header = replace(header, description=change(header.description))
        own = {n: container.section(n) for n in container.section_names if n not in ("MASK", "HOLE")}
        path = tmp_path / name
        write_hnr(path, header, own, None if whole else validity_to_write(container.validity()))
        return str(path)

    return make


@pytest.fixture
def open_layer(registered):
    """A function that opens a valid layer, which lives until the test's end."""
    from qgis.core import QgsRasterLayer

    layers = []

    def opened(uri):
        layer = QgsRasterLayer(uri, "scene", "hiner")
        if not layer.isValid():
            pytest.fail(f"{uri} did not open")
        layers.append(layer)
        return layer

    yield opened
    layers.clear()


@pytest.fixture
def array_of(qgis):
    """A function that gives the values of a QgsRasterBlock as an array."""
    from qgis.core import Qgis

    dtypes = {
        Qgis.DataType.Byte: "u1", Qgis.DataType.UInt16: "u2", Qgis.DataType.Int16: "i2",
        Qgis.DataType.UInt32: "u4", Qgis.DataType.Int32: "i4",
        Qgis.DataType.Float32: "f4", Qgis.DataType.Float64: "f8",
    }

    def convert(block):
        values = np.frombuffer(bytes(block.data()), dtypes[block.dataType()])
        return values.reshape(block.height(), block.width())

    return convert

