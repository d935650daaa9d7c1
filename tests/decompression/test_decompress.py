"""A file comes back as a raster: its bands, wavelengths, sensors, parts, in any block size."""

import os

import numpy as np
import pytest

pytest.importorskip("torch")
gdal = pytest.importorskip("osgeo.gdal")

from mixed_gains import BEAMS, mixed_scene, radiance  # noqa: E402
from synthetic import TINY, make_scene, smooth  # noqa: E402

from hiner.core.codec import CompressOptions, compress  # noqa: E402
from hiner.core.decompression.decompress import decompress  # noqa: E402
from hiner.core.errors import (  # noqa: E402
    Cancelled,
    OutputError,
    ParameterError,
    WavelengthError,
)
from hiner.core.hnr_file import HnrFile  # noqa: E402
from hiner.core.progress import Progress  # noqa: E402
from hiner.core.raster.raster_writer import RasterWriter  # noqa: E402
from hiner.core.scene.description import Band, Georeference  # noqa: E402
from hiner.core.simple import compress_array  # noqa: E402
from hiner.core.vrt.writing import write_vrt  # noqa: E402

PLACE = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)


@pytest.fixture(scope="module")
def hnr_path(tmp_path_factory):
    cube = np.rint(smooth(40, 48, 30)).astype("int16")
    cube[:, 10:18, 20:30] = -9999
    cube[7] = -9999
    bands = tuple(Band(450 + 10.0 * i, 9.0, i != 3, 0.0001, 0.0) for i in range(30))
    place = Georeference("", PLACE)
    path = tmp_path_factory.mktemp("file") / "a.hnr"
    compress(make_scene(cube, -9999.0, bands, georeference=place), path, TINY)
    return path


def read(path):
    dataset = gdal.Open(str(path))
    samples = dataset.ReadAsArray()
    items = [dataset.GetRasterBand(i + 1).GetMetadata() for i in range(dataset.RasterCount)]
    nodata = dataset.GetRasterBand(1).GetNoDataValue()
    return samples.reshape(-1, *samples.shape[-2:]), items, nodata, dataset.GetGeoTransform()


@pytest.mark.parametrize("extension", ["tif", "dat"])
def test_own_bands_come_back_with_what_belongs_to_them(hnr_path, tmp_path, extension):
    out = tmp_path / f"a.{extension}"
    decoded = decompress(hnr_path, out)
    samples, items, nodata, place = read(out)
    assert samples.dtype == np.int16
    assert np.array_equal(samples, HnrFile(hnr_path).read_bands(range(30)))
    assert nodata == -9999
    assert place == PLACE
    assert [float(i["wavelength"]) for i in items] == [450 + 10.0 * i for i in range(30)]
    assert any("2 bands" in note for note in decoded.notes)
    assert (samples[[3, 7]] == -9999).all()


def test_small_blocks_write_the_same(hnr_path, tmp_path):
    decompress(hnr_path, tmp_path / "a.tif")
    hnr = HnrFile(hnr_path)
    per_row = 48 * (hnr.decoder.bytes_per_pixel + 32)
    assert 16 * 2**20 // per_row > 40, "the smallest memory holds this scene; shrink it for the test"
    import hiner.core.decompression.decompress as module

    before, module.SMALLEST_MEMORY_MIB = module.SMALLEST_MEMORY_MIB, 7 * per_row / 2**20
    try:
        decompress(hnr_path, tmp_path / "b.tif", memory_mib=0)
    finally:
        module.SMALLEST_MEMORY_MIB = before
    one, other = read(tmp_path / "a.tif")[0], read(tmp_path / "b.tif")[0]
    assert np.abs(one.astype("i4") - other).max() <= 1


def test_any_wavelengths_with_their_names(hnr_path, tmp_path):
    decompress(hnr_path, tmp_path / "a.tif", "505, 550:560:5", dtype="float32")
    samples, items, nodata, _ = read(tmp_path / "a.tif")
    assert samples.dtype == np.float32
    expected = HnrFile(hnr_path).read_wavelengths([505, 550, 555, 560])
    assert np.allclose(samples, expected, atol=1e-3)
    assert [float(i["wavelength"]) for i in items] == [505, 550, 555, 560]
    assert nodata == -9999


def test_wavelengths_in_the_original_type_are_rounded(hnr_path, tmp_path):
    decompress(hnr_path, tmp_path / "a.tif", "505")
    samples = read(tmp_path / "a.tif")[0]
    expected = HnrFile(hnr_path).read_wavelengths([505])
    assert samples.dtype == np.int16
    assert np.abs(samples - expected).max() <= 0.5
    assert (samples[0, 10:18, 20:30] == -9999).all()


def test_a_valid_sample_between_two_bands_is_not_rounded_onto_nodata(tmp_path):
    # Halfway between 499 and 501 lies 500, which says nodata in this raster.
    cube = np.full((5, 12, 14), 499, "int16")
    cube[2:] = 501
    cube[:, 0, 0] = 500
    cube[:, -1, -1] = np.arange(5) + 497
    bands = tuple(Band(450 + 10.0 * i) for i in range(5))
    compress(make_scene(cube, 500.0, bands), tmp_path / "a.hnr", CompressOptions(max_error=0.0))
    decompress(tmp_path / "a.hnr", tmp_path / "a.tif", wavelengths="465")
    samples = read(tmp_path / "a.tif")[0][0]
    assert samples[0, 0] == 500
    assert np.count_nonzero(samples == 500) == 1
    assert np.abs(samples - 500).max() <= 1


def test_a_sensors_bands(hnr_path, tmp_path):
    decoded = decompress(hnr_path, tmp_path / "a.tif", "sensor:landsat8")
    _, items, _, _ = read(tmp_path / "a.tif")
    assert [band.name for band in decoded.description.bands] == ["landsat8 B3", "landsat8 B4", "landsat8 B8"]
    assert float(items[0]["wavelength"]) == pytest.approx(561.41)
    assert any("B7" in note for note in decoded.notes)


def test_between_bands_of_different_gain_gdal_reads_physical_values(tmp_path):
    compress(mixed_scene(), tmp_path / "a.hnr", CompressOptions(target_psnr=65.0))
    decompress(tmp_path / "a.hnr", tmp_path / "a.tif", ", ".join(map(str, BEAMS)))
    dataset = gdal.Translate("", str(tmp_path / "a.tif"), format="MEM", unscale=True, outputType=gdal.GDT_Float64)
    samples, marks = dataset.ReadAsArray(), gdal.Open(str(tmp_path / "a.tif")).ReadAsArray()
    assert marks.dtype == np.uint16
    assert np.abs(samples - radiance(BEAMS))[marks != 0].max() < 0.002


def test_an_extent_is_cut_out_and_stays_in_its_place(hnr_path, tmp_path):
    x0, y0 = PLACE[0] + 30 * 5, PLACE[3] - 30 * 8
    decompress(hnr_path, tmp_path / "a.tif", extent=(x0, y0 - 300, x0 + 600, y0))
    decompress(hnr_path, tmp_path / "b.tif")
    part, _, _, place = read(tmp_path / "a.tif")
    whole = read(tmp_path / "b.tif")[0]
    assert part.shape == (30, 10, 20)
    assert np.abs(part.astype("i4") - whole[:, 8:18, 5:25]).max() <= 1
    assert (place[0], place[3]) == (x0, y0)


@pytest.mark.parametrize(
    "arguments, error",
    [
        ({"wavelengths": "nonsense"}, ParameterError),
        ({"wavelengths": "300"}, WavelengthError),
        ({"wavelengths": "480"}, WavelengthError),
        ({"wavelengths": "sensor:modis"}, ParameterError),
        ({"dtype": "complex"}, ParameterError),
        ({"extent": (0, 0, 1, 1)}, ParameterError),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(hnr_path, tmp_path, arguments, error):
    with pytest.raises(error):
        decompress(hnr_path, tmp_path / "a.tif", **arguments)
    assert os.listdir(tmp_path) == []


def test_a_format_whose_bands_are_rasters_of_their_own_is_refused(hnr_path, tmp_path, monkeypatch):
    """netCDF opens as a container without a band: what was written cannot be checked. Told before anything is decoded."""
    if gdal.GetDriverByName("netCDF") is None:
        pytest.skip("this GDAL has no netCDF driver")
    monkeypatch.setattr(RasterWriter, "write", None)
    with pytest.raises(ParameterError, match="netCDF cannot hold 30 bands"):
        decompress(hnr_path, tmp_path / "a.nc")
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there(hnr_path, tmp_path):
    with pytest.raises(OutputError):
        decompress(hnr_path, tmp_path / "none" / "a.tif")


def test_a_cancel_is_heard_between_the_bands_of_a_piece(tmp_path, monkeypatch):
    written, write = [], RasterWriter.write
    compress(make_scene(np.rint(smooth(40, 48, 30)).astype("int16")), tmp_path / "a.hnr", CompressOptions(rate=1.0))

    class Impatient(Progress):
        def is_cancelled(self):
            return len(written) == 3

    def counted(*arguments):
        written.append(arguments)
        write(*arguments)

    monkeypatch.setattr(RasterWriter, "write", counted)
    with pytest.raises(Cancelled):
        decompress(tmp_path / "a.hnr", tmp_path / "a.tif", memory_mib=256, progress=Impatient())
    assert len(written) == 3


def test_cancelling_leaves_the_old_raster(hnr_path, tmp_path):
    class Stop(Progress):
        said = 0

        def report(self, fraction, message=""):
            self.said += 1

        def is_cancelled(self):
            return self.said > 5

    (tmp_path / "a.tif").write_bytes(b"there before")
    with pytest.raises(Cancelled):
        decompress(hnr_path, tmp_path / "a.tif", progress=Stop())
    assert (tmp_path / "a.tif").read_bytes() == b"there before"
    assert os.listdir(tmp_path) == ["a.tif"]


def test_a_file_without_wavelengths_says_that_numbers_are_bands(tmp_path):
    path = tmp_path / "numbered.hnr"
    compress_array(smooth(12, 10, 8), path, rate=2)

    def notes(wavelengths):
        one = decompress(path, tmp_path / "a.tif", wavelengths).notes
        assert write_vrt(path, tmp_path / "a.vrt", wavelengths).notes == one
        return one

    assert notes("4") == ("The file has no wavelengths: 4 is taken for band number 4, not for nanometres.",)
    assert notes("1:3:0.5") == (
        "The file has no wavelengths: 1, 1.5, 2 and 2 more are taken for band numbers, not for nanometres.",
    )
    assert notes("") == ()
