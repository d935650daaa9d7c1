"""What cannot be done is refused with the file, the fault and the remedy, and nothing is written."""

import importlib.util
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest


@pytest.fixture
def refused(run, tmp_path):
    """A function that runs an algorithm, which has to fail; returns what the user reads."""
    from qgis.core import QgsProcessingException

    def call(name, feedback=None, **parameters):
        output = tmp_path / "out"
        output.mkdir(exist_ok=True)
        parameters.setdefault("OUTPUT", str(output / ("x.hnr" if name == "compress" else "x.tif")))
        with pytest.raises(QgsProcessingException) as caught:
            run(name, feedback, **parameters)
        assert os.listdir(output) == []
        return str(caught.value)

    return call


def test_file_that_is_no_raster(refused, tmp_path):
    text = tmp_path / "text.tif"
    text.write_text("no raster at all")
    message = refused("compress", INPUT=str(text))
    assert str(text) in message
    assert "not a raster" in message


def test_file_that_is_not_there(refused, tmp_path):
    assert "No such file" in refused("compress", INPUT=str(tmp_path / "absent.tif"))


@pytest.mark.parametrize(
    "given, message",
    [
        ({"RATE": "0,3"}, "RATE: '0,3' is no number. The decimal sign is a point."),
        ({"RATE": "abc"}, "RATE: 'abc' is no number."),
        ({"FILE_SIZE": "1_000"}, "FILE_SIZE: '1_000' is no number."),
        ({"FILE_SIZE": "many"}, "FILE_SIZE: 'many' is no number."),
        ({"TARGET_PSNR": -5}, "TARGET_PSNR: -5 is too small; give 0 or more."),
        ({"BITS": "17"}, "BITS: 17 is too large; give 16 or less."),
        ({"TARGET_PSNR": "5"}, "A PSNR of 5 dB is not 10 to 100."),
    ],
)
def test_numbers_that_cannot_be_are_told_as_they_were_given(refused, raster, given, message):
    assert message in refused("compress", INPUT=raster, **given)


def test_one_band(refused, write_raster, tmp_path):
    source = write_raster(tmp_path / "one.tif", np.arange(400, dtype="uint16").reshape(1, 20, 20))
    message = refused("compress", INPUT=source)
    assert source in message
    assert "one band" in message


def test_nothing_but_nodata(refused, write_raster, tmp_path):
    source = write_raster(tmp_path / "empty.tif", np.full((4, 20, 20), -1, "int16"), nodata=-1)
    assert source in refused("compress", INPUT=source)


def test_complex_numbers(refused, write_raster, tmp_path):
    source = write_raster(tmp_path / "complex.tif", np.ones((4, 20, 20), "complex64"))
    assert "integers of 8 to 32 bits and floats" in refused("compress", INPUT=source)


def test_fewer_wavelengths_than_bands(refused, raster, tmp_path):
    (tmp_path / "few.csv").write_text("450\n460\n")
    assert "12" in refused("compress", INPUT=raster, WAVELENGTHS=str(tmp_path / "few.csv"))


def test_size_given_twice(refused, raster):
    assert "not in two" in refused("compress", INPUT=raster, RATE=0.5, MODEL_SIZE=10000)
    assert "not in two" in refused("compress", INPUT=raster, RATE=0.5, FILE_SIZE=10000)
    assert "not two of them" in refused("compress", INPUT=raster, RATE=0.5, MAX_ERROR=3)


def test_a_largest_error_from_the_method_that_cannot_promise_one(refused, raster):
    assert "'latent'" in refused("compress", INPUT=raster, METHOD="hiner", MAX_ERROR=3)


def test_unknown_preset(refused, raster):
    assert "PRESET" in refused("compress", INPUT=raster, PRESET="best")


def test_model_too_small(refused, raster, tiny):
    assert "too few" in refused("compress", INPUT=raster, **{**tiny, "MODEL_SIZE": 10})


def test_graphics_card_that_is_not_there(refused, raster, tiny):
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    assert "CUDA" in refused("compress", INPUT=raster, **{**tiny, "DEVICE": "cuda"})


def test_folder_that_is_not_there(run, raster, hnr, tiny, tmp_path):
    from qgis.core import QgsProcessingException

    for name, parameters in (("compress", {"INPUT": raster, **tiny}), ("decompress", {"INPUT": hnr})):
        output = tmp_path / "absent" / ("x.hnr" if name == "compress" else "x.tif")
        with pytest.raises(QgsProcessingException, match="absent"):
            run(name, OUTPUT=str(output), **parameters)
        assert not output.parent.exists()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="this system has no folder that root cannot write to")
def test_folder_in_which_nobody_may_write(run, raster, hnr, tiny):
    from qgis.core import QgsProcessingException

    for name, parameters in (("compress", {"INPUT": raster, **tiny}), ("decompress", {"INPUT": hnr})):
        output = "/proc/self/x.hnr" if name == "compress" else "/proc/self/x.tif"
        with pytest.raises(QgsProcessingException, match="/proc/self/x"):
            run(name, OUTPUT=output, **parameters)


def test_output_that_is_a_folder(run, raster, tiny, tmp_path):
    from qgis.core import QgsProcessingException

    folder = tmp_path / "folder.hnr"
    folder.mkdir()
    with pytest.raises(QgsProcessingException, match="is a folder"):
        run("compress", INPUT=raster, OUTPUT=str(folder), **tiny)
    assert os.listdir(folder) == []


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_folder_without_permission(run, raster, tiny, tmp_path):
    from qgis.core import QgsProcessingException

    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    with pytest.raises(QgsProcessingException, match="not allowed"):
        run("compress", INPUT=raster, OUTPUT=str(folder / "x.hnr"), **tiny)


def test_file_that_is_no_hnr(refused, raster):
    assert raster in refused("decompress", INPUT=raster)


def test_damaged_hnr(refused, hnr, tmp_path):
    damaged = tmp_path / "damaged.hnr"
    contents = bytearray(Path(hnr).read_bytes())
    contents[len(contents) // 2] ^= 0x40
    damaged.write_bytes(contents)
    assert str(damaged) in refused("decompress", INPUT=str(damaged))


def test_truncated_hnr(refused, hnr, tmp_path):
    short = tmp_path / "short.hnr"
    short.write_bytes(Path(hnr).read_bytes()[:-20])
    assert str(short) in refused("decompress", INPUT=str(short))


@pytest.mark.parametrize("asked", ["red", "400:500", "sensor:modis", "-5"])
def test_wavelengths_that_cannot_be_read(refused, hnr, asked):
    assert asked.split(":")[-1] in refused("decompress", INPUT=hnr, WAVELENGTHS=asked)


def test_wavelength_outside_the_scene(refused, hnr):
    message = refused("decompress", INPUT=hnr, WAVELENGTHS="900")
    assert "900 nm" in message
    assert "450 to 670" in message


def test_extent_beside_the_scene(refused, hnr):
    assert "does not touch" in refused("decompress", INPUT=hnr, EXTENT="0,100,0,100 [EPSG:32633]")


def test_format_that_gdal_does_not_write(refused, hnr, tmp_path):
    message = refused("decompress", INPUT=hnr, OUTPUT=str(tmp_path / "out" / "x.docx"))
    assert ".tif" in message


def test_existing_file_survives_a_failure(run, hnr, tmp_path):
    from qgis.core import QgsProcessingException

    there = tmp_path / "there.tif"
    there.write_bytes(b"somebody's work")
    with pytest.raises(QgsProcessingException):
        run("decompress", INPUT=hnr, OUTPUT=str(there), WAVELENGTHS="900")
    assert there.read_bytes() == b"somebody's work"


class Absent:
    """An import hook behind which torch is not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "torch":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


@pytest.fixture
def without_torch(monkeypatch):
    # Modules that trained in another test hold torch already; they are imported anew.
    for name in list(sys.modules):
        if name.split(".")[0] == "torch" or name.startswith(("hiner.core.training", "hiner.core.network.torch")):
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "torch" else find(name))


def test_without_torch_compress_says_how_to_install_it(without_torch, refused, raster):
    assert "apt install python3-torch" in refused("compress", INPUT=raster, METHOD="hiner")


def test_without_torch_compress_explains_itself_before_it_starts(provider, raster, monkeypatch, tmp_path):
    from qgis.core import QgsProcessingContext

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    compress = provider.algorithm("compress")
    assert compress.canExecute()[0]
    parameters = {"INPUT": raster, "OUTPUT": str(tmp_path / "x.hnr")}
    possible, reason = compress.checkParameterValues({**parameters, "METHOD": "hiner"}, QgsProcessingContext())
    assert not possible
    assert "apt install python3-torch" in reason
    assert compress.checkParameterValues(parameters, QgsProcessingContext())[0]


def test_without_torch_the_default_method_compresses(without_torch, run, raster, tmp_path):
    assert run("compress", INPUT=raster, OUTPUT=str(tmp_path / "x.hnr"))["PSNR"] > 25


def test_without_torch_files_are_decoded(hnr, raster, without_torch, run, tmp_path):
    run("decompress", INPUT=hnr, OUTPUT=str(tmp_path / "x.tif"))
    run("info", INPUT=hnr, OUTPUT_HTML=str(tmp_path / "x.html"))
    assert run("evaluate", REFERENCE=raster, INPUT=hnr, OUTPUT_HTML=None)["PSNR"] > 10


@pytest.fixture
def full_disk():
    """No file may grow beyond four kilobytes, which fails as a full disk does."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_full_disk_while_compressing(refused, raster, tiny, full_disk):
    assert "could not be written" in refused("compress", INPUT=raster, **tiny)


def test_full_disk_while_decompressing(refused, hnr, full_disk):
    assert "could not be written" in refused("decompress", INPUT=hnr)


@pytest.mark.parametrize("moment", ["Reading", "Expected", "Training"])
def test_cancelled_compression_leaves_nothing(run, raster, listen, tmp_path, moment, tiny):
    output = tmp_path / "x.hnr"
    run("compress", listen(cancel_at=moment), INPUT=raster, OUTPUT=str(output), **{**tiny, "EPOCHS": 2000})
    assert os.listdir(tmp_path) == []


def test_cancelled_compression_keeps_the_file_that_was_there(run, raster, hnr, listen, tmp_path, tiny):
    output = tmp_path / "x.hnr"
    shutil.copy(hnr, output)
    run("compress", listen(cancel_at="Training"), INPUT=raster, OUTPUT=str(output), **{**tiny, "EPOCHS": 2000})
    assert output.read_bytes() == Path(hnr).read_bytes()
    assert os.listdir(tmp_path) == ["x.hnr"]


def test_cancelled_decompression_leaves_nothing(run, hnr, listen, tmp_path):
    feedback = listen(cancel_at="Decoding")
    run("decompress", feedback, INPUT=hnr, OUTPUT=str(tmp_path / "x.tif"))
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"METHOD": 1}, "METHOD: 1 is none of hiner, latent"), ({"METHOD": "jpeg"}, "METHOD: 'jpeg' is none of"),
    ],
)
def test_a_value_that_qgis_does_not_take_is_named_with_what_can_be(refused, raster, given, told):
    assert told in refused("compress", INPUT=raster, **given)
