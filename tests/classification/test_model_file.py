"""A model file gives back what was written, or says that it is damaged."""

import dataclasses
import json
import struct
import zlib

import numpy as np
import pytest

from hiner.core.classification.accuracy import accuracy_of
from hiner.core.classification.imagery.band_match import BandAxis
from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.samples import MOST_CLASSES, LandCover
from hiner.core.classification.model.model import ClassifierModel
from hiner.core.classification.model.model_file import read_model, write_model
from hiner.core.classification.model.settings import settings_for
from hiner.core.classification.session import measured_figures
from hiner.core.errors import FormatError, OutputError, ParameterError, RasterError, WavelengthError


@pytest.fixture
def model():
    random = np.random.default_rng(0)
    arrays = {"weight": random.random((4, 3), "f4"), "count": np.array([3, 4]), "gamma": np.array(0.5)}
    table = (LandCover(2, "Wiesen, nass", "#00ff00"), LandCover(9, "Wasser", "#0000ff"))
    return ClassifierModel(
        settings_for("best", seed=5), table, BandAxis((400.5, 500.0, 600.25), True, 4),
        np.zeros(3), np.array([1.0, 2.0, 3.0]), arrays, {"oa": 0.5, "notes": ["split by blocks"]},
    )


@pytest.fixture
def path(tmp_path, model):
    write_model(tmp_path / "model.hncls", model)
    return tmp_path / "model.hncls"


def rewritten(path, change):
    """The file with a changed header whose check value is right."""
    data = path.read_bytes()
    length = struct.unpack_from("<I", data, 8)[0]
    header = json.loads(data[16:16 + length])
    change(header)
    packed = json.dumps(header).encode()
    preamble = data[:8] + struct.pack("<II", len(packed), zlib.crc32(packed))
    path.write_bytes(preamble + packed + data[16 + length:])


def test_what_is_written_is_read(path, model):
    read = read_model(path)
    for name in ("settings", "table", "axis", "figures"):
        assert getattr(read, name) == getattr(model, name)
    assert np.array_equal(read.low, model.low)
    assert np.array_equal(read.high, model.high)
    assert set(read.arrays) == set(model.arrays)
    for name, array in model.arrays.items():
        assert np.array_equal(read.arrays[name], array)
        assert read.arrays[name].dtype == array.dtype
        assert read.arrays[name].shape == array.shape


def test_every_changed_byte_is_noticed(path):
    data = path.read_bytes()
    for place in range(len(data)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 0x41]) + data[place + 1:])
        with pytest.raises(FormatError, match="model.hncls"):
            read_model(path)


def test_every_cut_and_a_longer_file_are_noticed(path):
    data = path.read_bytes()
    for length in range(len(data)):
        path.write_bytes(data[:length])
        with pytest.raises(FormatError):
            read_model(path)
    path.write_bytes(data + b"\0")
    with pytest.raises(FormatError, match="after its end"):
        read_model(path)


@pytest.mark.parametrize("change", [
    lambda header: header.update(version=2),
    lambda header: header["settings"].update(patch=4),
    lambda header: header["settings"].update(patch="7"),
    lambda header: header["settings"].update(invented=1),
    lambda header: header["bands"].pop(),
    lambda header: header["classes"].pop(),
    lambda header: header["classes"][0].update(value=9),
    lambda header: header["classes"][0].update(colour="red"),
    lambda header: header["arrays"][0].update(shape=[10**9, 10**9]),
    lambda header: header["arrays"][0].update(shape=[-4, -3]),
    lambda header: header["arrays"][0].update(dtype="O"),
    lambda header: header["arrays"][0].update(name="low"),
    lambda header: header.pop("arrays"),
    lambda header: header.update(figures=None),
    lambda header: header.update(settings=[]),
    lambda header: header["settings"].update(variant="forest"),
    lambda header: header["settings"].update(hidden=2**40),
    lambda header: header["settings"].update(hidden=True),
    lambda header: header["settings"].update(scales="135"),
    lambda header: header["settings"].update(scales=[1] * 10**6),
    lambda header: header["settings"].update(device="tpu"),
    lambda header: header["settings"].update(seed=-1),
    lambda header: header["classes"][0].update(value=-3),
    lambda header: header["classes"][0].update(value=10**9),
    lambda header: header["classes"][0].update(value=2.5),
    lambda header: header["classes"][0].update(name=["Wiesen"]),
    lambda header: header["classes"][0].update(colour="#+12345"),
    lambda header: header.update(classes={"a": 1, "b": 2}),
    lambda header: header.update(bands=["400.5", "500", "600.25"]),
    lambda header: header.update(has_wavelengths="no"),
    lambda header: header.update(image_bands=2),
    lambda header: header.update(image_bands="4"),
    lambda header: header.update(twins=[[0, 1]]),
    lambda header: header.update(twins=[[0, 1], [1, 1], [0, 1]]),
    lambda header: header.update(twins=[[0, 1], [0, 1.5], [0, 1]]),
    lambda header: header.update(twins={"a": [0, 1]}),
    lambda header: header["arrays"][0].update(shape=[10**60] * 10**4),
    lambda header: header["arrays"][0].update(shape=[True, 12]),
    lambda header: header["arrays"][0].update(shape=[4, 3] + [1] * 40),
    lambda header: header["arrays"][0].update(name=1),
    lambda header: header["arrays"].insert(0, "weight"),
    lambda header: header.update(arrays="weight"),
])
def test_a_header_that_cannot_be_is_refused(path, change):
    rewritten(path, change)
    with pytest.raises(FormatError, match="model.hncls"):
        read_model(path)


def test_a_setting_that_a_file_was_written_without_takes_its_default(path, model):
    rewritten(path, lambda header: header["settings"].pop("eta"))
    assert read_model(path).settings == model.settings


def test_a_file_without_the_count_of_its_images_bands_is_read(path, model):
    rewritten(path, lambda header: header.pop("image_bands"))
    read = read_model(path).axis
    assert (read.positions, read.n_image, model.axis.n_image) == (model.axis.positions, 0, 4)


def test_which_of_two_bands_of_one_wavelength_was_trained_on_is_written(tmp_path, model, array_source):
    # The twin was marked bad, which another image of the sensor need not say.
    bands = [400, 500, 500, 600]
    marked = raster_image(array_source(np.zeros((4, 2, 3), "u1"), bands, good=[True, False, True, True]))
    write_model(tmp_path / "twins.hncls", dataclasses.replace(model, axis=marked.axis))
    axis = read_model(tmp_path / "twins.hncls").axis
    assert raster_image(array_source(np.zeros((4, 2, 3), "u1"), bands), axis).bands == (0, 2, 3)


def test_a_file_without_what_tells_bands_of_one_wavelength_apart_is_read(tmp_path, model, array_source):
    image = raster_image(array_source(np.zeros((3, 2, 3), "u1"), [400, 500, 500]))
    write_model(tmp_path / "older.hncls", dataclasses.replace(model, axis=image.axis))
    rewritten(tmp_path / "older.hncls", lambda header: header.pop("twins"))
    axis = read_model(tmp_path / "older.hncls").axis
    assert (axis.positions, axis.twins) == (image.axis.positions, ())
    assert raster_image(image.source, axis).bands == (0, 1, 2)


def test_a_numbered_bands_image_of_another_count_is_refused_by_what_was_written(tmp_path, model, array_source):
    few, many = (raster_image(array_source(np.zeros((n, 2, 3), "u1"))) for n in (3, 8))
    write_model(tmp_path / "numbered.hncls", dataclasses.replace(model, axis=few.axis))
    axis = read_model(tmp_path / "numbered.hncls").axis
    assert raster_image(few.source, axis).bands == (0, 1, 2)
    with pytest.raises(WavelengthError, match="had 3, this one has 8"):
        raster_image(many.source, axis)


@pytest.mark.parametrize("value", [-3, 10**9])
def test_classes_that_no_map_holds_are_not_written(tmp_path, model, value):
    table = (LandCover(value, "Wiesen", "#00ff00"), model.table[1])
    with pytest.raises(ParameterError, match="0 to 65534"):
        write_model(tmp_path / "model.hncls", dataclasses.replace(model, table=table))
    assert list(tmp_path.iterdir()) == []


def test_a_header_too_long_to_be_read_is_not_written(tmp_path, model):
    figures = {"confusion": np.zeros((2100, 2100), int).tolist()}
    with pytest.raises(ParameterError, match="more than the 8,388,608 that are read"):
        write_model(tmp_path / "long.hncls", dataclasses.replace(model, figures=figures))
    assert not list(tmp_path.iterdir())


def test_the_most_classes_that_are_learned_are_read_again_with_their_accuracy(tmp_path, model):
    table = tuple(LandCover(value, f"field {value}", "#00ff00") for value in range(MOST_CLASSES))
    random = np.random.default_rng(0)
    # A hundred pixels a class, all over the matrix.
    figures = measured_figures(accuracy_of(*random.integers(0, MOST_CLASSES, (2, 100 * MOST_CLASSES)), MOST_CLASSES))
    write_model(tmp_path / "model.hncls", dataclasses.replace(model, table=table, figures=figures))
    read = read_model(tmp_path / "model.hncls")
    assert read.table == table
    assert read.figures["confusion"] == figures["confusion"]


def test_values_that_are_no_numbers_are_refused(tmp_path, model):
    model.arrays["weight"][1, 1] = np.nan
    write_model(tmp_path / "nan.hncls", model)
    with pytest.raises(FormatError, match="no numbers"):
        read_model(tmp_path / "nan.hncls")


def test_nothing_is_left_where_writing_fails(tmp_path, model):
    with pytest.raises(OutputError):
        write_model(tmp_path / "nowhere" / "model.hncls", model)
    model.arrays["weight"] = np.zeros(2, complex)
    with pytest.raises(ValueError, match="complex"):
        write_model(tmp_path / "model.hncls", model)
    assert list(tmp_path.iterdir()) == []


def test_absent_files_and_other_files_are_told_apart(tmp_path):
    with pytest.raises(RasterError):
        read_model(tmp_path / "absent.hncls")
    (tmp_path / "text.hncls").write_text("no model at all, but text")
    with pytest.raises(FormatError, match="not a classifier"):
        read_model(tmp_path / "text.hncls")
