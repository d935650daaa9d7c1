"""GDAL reads a `.hnr` file through a `.vrt`, here and in programs of its own, as `hiner:decompress` writes it."""

import os
import subprocess
import sys

import numpy as np
import pytest

gdal = pytest.importorskip("osgeo.gdal")

from hiner.core.decompression.decompress import decompress
from hiner.core.errors import ParameterError, WavelengthError
from hiner.core.simple import compress_array
from hiner.core.vrt.environment import BRIDGE, ENABLE, SEARCH, TRUSTED, variables
from hiner.core.vrt.writing import write_vrt

WAVELENGTHS = 450 + 40.0 * np.arange(10)
ASKED = ["", "500, 655.5", "460:700:80", "sensor:sentinel2a"]


@pytest.fixture(scope="module")
def hnr(tmp_path_factory):
    random = np.random.default_rng(1)
    planes = np.cumsum(np.cumsum(random.normal(size=(3, 70, 90)), 1), 2)
    cube = np.tensordot(random.normal(size=(10, 3)), planes, 1)
    cube = np.rint(3000 + 300 * cube / cube.std()).clip(1, 60000).astype("uint16")
    cube[:, 3:9, 5:8] = 0
    folder = tmp_path_factory.mktemp("a & <folder> with 'signs' and ümlauts")
    path = folder / "scene \"1\".hnr"
    compress_array(cube, path, WAVELENGTHS, nodata=0, rate=2.0)
    return path


@pytest.fixture
def here(monkeypatch):
    """This process' own GDAL, as the plugin sets it up."""
    for name, value in variables({}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(BRIDGE))
    gdal.UseExceptions()


def decoded(hnr, tmp_path, wavelengths):
    path = tmp_path / "decoded.tif"
    decompress(hnr, path, wavelengths)
    return gdal.Open(str(path))


@pytest.mark.parametrize("wavelengths", ASKED)
def test_every_pixel_is_that_of_decompress(hnr, tmp_path, here, wavelengths):
    write_vrt(hnr, tmp_path / "a.vrt", wavelengths)
    virtual, written = gdal.Open(str(tmp_path / "a.vrt")), decoded(hnr, tmp_path, wavelengths)
    assert np.array_equal(virtual.ReadAsArray(), written.ReadAsArray())
    assert np.array_equal(virtual.ReadAsArray(11, 13, 40, 30), written.ReadAsArray(11, 13, 40, 30))


@pytest.mark.parametrize("wavelengths", ASKED)
def test_metadata_is_that_of_decompress(hnr, tmp_path, here, wavelengths):
    write_vrt(hnr, tmp_path / "a.vrt", wavelengths)
    virtual, written = gdal.Open(str(tmp_path / "a.vrt")), decoded(hnr, tmp_path, wavelengths)
    assert virtual.RasterCount == written.RasterCount
    for number in range(1, written.RasterCount + 1):
        one, other = virtual.GetRasterBand(number), written.GetRasterBand(number)
        assert one.DataType == other.DataType and one.GetNoDataValue() == other.GetNoDataValue()
        assert one.GetDescription() == other.GetDescription()
        for domain in ("", "IMAGERY"):
            assert one.GetMetadata(domain) == other.GetMetadata(domain)


def test_a_program_of_its_own_reads_it(hnr, tmp_path):
    write_vrt(hnr, tmp_path / "a.vrt")
    out = tmp_path / "out.tif"
    environment = {**os.environ, **variables(os.environ)}
    command = ["gdal_translate", "-q", "-srcwin", "10", "10", "50", "40", str(tmp_path / "a.vrt"), str(out)]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    gdal.UseExceptions()
    expected = decoded(hnr, tmp_path, "").ReadAsArray(10, 10, 50, 40)
    assert np.array_equal(gdal.Open(str(out)).ReadAsArray(), expected)


def test_without_the_environment_it_is_an_error(hnr, tmp_path):
    write_vrt(hnr, tmp_path / "a.vrt")
    clean = {name: value for name, value in os.environ.items() if name not in (ENABLE, TRUSTED, SEARCH)}
    command = ["gdalinfo", "-checksum", str(tmp_path / "a.vrt")]
    done = subprocess.run(command, env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert "trusted" in done.stderr.lower() or "disabled" in done.stderr.lower()


def test_the_reader_needs_no_plugin_beside_its_own_files(hnr, tmp_path):
    write_vrt(hnr, tmp_path / "a.vrt")
    script = (
        "from osgeo import gdal; gdal.UseExceptions();"
        f"print(gdal.Open({str(tmp_path / 'a.vrt')!r}).ReadAsArray()[0].sum());"
        "import sys; print(sorted(m for m in ('torch', 'scipy', 'qgis') if m in sys.modules))"
    )
    environment = {**os.environ, **variables({})}
    done = subprocess.run([sys.executable, "-c", script], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    total, loaded = done.stdout.split("\n")[:2]
    gdal.UseExceptions()
    assert int(total) == decoded(hnr, tmp_path, "").ReadAsArray()[0].sum() and loaded == "[]"


def test_a_file_that_is_gone_is_named(hnr, tmp_path, here):
    write_vrt(hnr, tmp_path / "a.vrt")
    text = (tmp_path / "a.vrt").read_text(encoding="utf-8")
    (tmp_path / "b.vrt").write_text(text.replace("scene ", "gone "), encoding="utf-8")
    with pytest.raises(RuntimeError, match="gone"):
        gdal.Open(str(tmp_path / "b.vrt")).ReadAsArray()


def test_a_file_that_is_no_hnr_is_refused(hnr, tmp_path, here):
    other = tmp_path / "secret.hnr"
    other.write_text("not a HINER file")
    write_vrt(hnr, tmp_path / "a.vrt")
    text = (tmp_path / "a.vrt").read_text(encoding="utf-8")
    start = text.index('path="') + 6
    (tmp_path / "b.vrt").write_text(
        text.replace(text[start : text.index('"', start)], str(other)), encoding="utf-8"
    )
    with pytest.raises(RuntimeError):
        gdal.Open(str(tmp_path / "b.vrt")).ReadAsArray()


def test_reduced_reads_are_near_the_means(hnr, tmp_path, here):
    write_vrt(hnr, tmp_path / "a.vrt")
    dataset = gdal.Open(str(tmp_path / "a.vrt"))
    band = dataset.GetRasterBand(4)
    whole, small = band.ReadAsArray().astype(float), band.ReadAsArray(buf_xsize=22, buf_ysize=17)
    means = whole[:68, :88].reshape(17, 4, 22, 4).mean((1, 3))
    inside = small[4:] > 0
    assert np.corrcoef(small[4:][inside], means[4:][inside])[0, 1] > 0.8


@pytest.mark.parametrize(
    "before, expected",
    [
        ({}, ("TRUSTED_MODULES", "hiner_vrt")),
        ({ENABLE: "TRUSTED_MODULES", TRUSTED: "mine, yours"}, ("TRUSTED_MODULES", "mine,yours,hiner_vrt")),
        ({ENABLE: "TRUSTED_MODULES", TRUSTED: "hiner_vrt"}, ("TRUSTED_MODULES", "hiner_vrt")),
        ({ENABLE: "NO"}, (None, None)),
        ({ENABLE: "YES"}, (None, None)),
    ],
)
def test_one_module_is_trusted_and_the_users_own_choice_stands(before, expected):
    after = variables(before)
    assert (after.get(ENABLE), after.get(TRUSTED)) == expected


def test_the_search_path_keeps_what_it_had():
    twice = variables({SEARCH: variables({SEARCH: "/mine"})[SEARCH]})
    assert twice[SEARCH].split(os.pathsep) == [str(BRIDGE), "/mine"]


def test_wishes_that_cannot_be_write_nothing(hnr, tmp_path):
    with pytest.raises(WavelengthError):
        write_vrt(hnr, tmp_path / "a.vrt", "2400")
    with pytest.raises(ParameterError, match="vrt"):
        write_vrt(hnr, tmp_path / "a.tif")
    assert not list(tmp_path.iterdir())


def test_a_name_that_xml_cannot_hold_is_refused(hnr, tmp_path):
    odd = tmp_path / "line\nbreak.hnr"
    odd.write_bytes(open(hnr, "rb").read())
    with pytest.raises(ParameterError, match="Rename"):
        write_vrt(str(odd), tmp_path / "a.vrt")
    assert not (tmp_path / "a.vrt").exists()


def test_the_reader_needs_no_bindings_of_gdal(hnr):
    """A program's Python may have NumPy alone."""
    program = (
        "import sys; sys.modules['osgeo'] = None; import numpy, hiner_vrt\n"
        "out = numpy.zeros((3, 4), 'f4')\n"
        f"hiner_vrt.decode([], out, 1, 2, 4, 3, path={str(hnr).encode()!r}, band=b'0')\n"
        "print(numpy.isfinite(out).all() and out.any())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(BRIDGE)},
    )
    assert done.stdout.strip() == "True", done.stderr
