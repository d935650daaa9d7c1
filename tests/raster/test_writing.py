"""Written rasters hold what was put in, whole, or are not there at all."""

import os
import resource
from dataclasses import replace

import numpy as np
import pytest
from osgeo import gdal, osr

from hiner.core.errors import Cancelled, OutputError, ParameterError
from hiner.core.progress import Progress
from hiner.core.raster import formats
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.raster_writer import RasterWriter
from hiner.core.raster.scene_reader import read_scene
from hiner.core.scene.description import Band, Georeference, GroundControlPoint, SceneDescription

NAMES = ["scene.tif", "scene.dat", "scene.bil", "scene.bip", "scene.img"]
DTYPES = ["uint8", "uint16", "int16", "uint32", "int32", "float32", "float64"]
# ENVI knows no signed bytes.
HELD = [(name, dtype) for name in NAMES for dtype in DTYPES]
HELD += [("scene.tif", "int8"), ("scene.img", "int8")]


def crs(code=32633):
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(code)
    return reference.ExportToWkt()


def bands(number=4, **more):
    return tuple(Band(400.5 + 10.25 * n, 6.5, n != 2, **more) for n in range(number))


def description(dtype="uint16", number=4, **more):
    place = Georeference(crs(), (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0))
    whole = SceneDescription(7, 5, bands(number), dtype, None, place, (("start", "2022"),))
    return replace(whole, **more)


def samples(dtype="uint16", number=4):
    rng = np.random.default_rng(9)
    if np.dtype(dtype).kind == "f":
        return rng.normal(size=(number, 7, 5)).astype(dtype)
    limits = np.iinfo(dtype)
    return rng.integers(limits.min, limits.max, (number, 7, 5), dtype=dtype, endpoint=True)


def write(path, cube, scene, **options):
    with RasterWriter(path, scene, **options) as writer:
        writer.write(cube)
    return writer.warnings


def read(path):
    with open_raster(str(path)) as source:
        return read_scene(source)


@pytest.mark.parametrize(("name", "dtype"), HELD)
def test_a_scene_written_is_read_back_as_it_was(tmp_path, name, dtype):
    scene = description(dtype, nodata=5.0)
    cube = samples(dtype)
    assert write(tmp_path / name, cube, scene) == []
    back = read(tmp_path / name)
    np.testing.assert_array_equal(back.cube, cube)
    assert back.description.dtype == dtype
    assert back.description.nodata == 5.0
    assert back.description.georeference.geotransform == scene.georeference.geotransform
    assert ("start", "2022") in back.description.metadata
    for band, wished in zip(back.description.bands, scene.bands):
        assert (band.wavelength, band.fwhm, band.good) == (wished.wavelength, wished.fwhm, wished.good)


def test_both_conventions_and_the_name_stand_in_every_band(tmp_path):
    for name in ("scene.tif", "scene.dat"):
        write(tmp_path / name, samples(), description())
        raster = gdal.Open(str(tmp_path / name))
        band = raster.GetRasterBand(3)
        assert band.GetDescription() == "Band 3 (421 Nanometers)"
        assert band.GetMetadataItem("CENTRAL_WAVELENGTH_UM", "IMAGERY") == "0.421"
        assert band.GetMetadataItem("FWHM_UM", "IMAGERY") == "0.0065"
        items = band.GetMetadata()
        assert {key: items[key] for key in ("wavelength", "wavelength_units", "fwhm", "bbl")} == {
            "wavelength": "421", "wavelength_units": "Nanometers", "fwhm": "6.5", "bbl": "0"
        }
        assert raster.GetRasterBand(2).GetDescription() == "Band 2 (410.75 Nanometers)"
        band = raster = None


def test_an_envi_header_carries_its_own_lists(tmp_path):
    write(tmp_path / "scene.dat", samples(), description(bands=bands(4, scale=0.0001), nodata=0.0))
    (tmp_path / "scene.dat.aux.xml").unlink()
    header = (tmp_path / "scene.hdr").read_text()
    assert "wavelength units = Nanometers" in header
    assert "wavelength = {400.5, 410.75, 421, 431.25}" in header
    assert "fwhm = {6.5, 6.5, 6.5, 6.5}" in header
    assert "bbl = {1, 1, 0, 1}" in header
    assert "description = {\nscene.dat}" in header
    back = read(tmp_path / "scene.dat").description
    assert back.nodata == 0.0
    assert [(b.wavelength, b.fwhm, b.good, b.scale) for b in back.bands] == [
        (b.wavelength, b.fwhm, b.good, 0.0001) for b in bands()
    ]


def test_bands_without_wavelengths_are_not_given_any(tmp_path):
    scene = description(bands=(Band(), Band(name="quality, 0 = {good}")), number=2)
    for name in ("scene.tif", "scene.dat"):
        write(tmp_path / name, samples(number=2), scene)
        raster = gdal.Open(str(tmp_path / name))
        assert "wavelength" not in raster.GetRasterBand(1).GetMetadata()
        assert raster.GetRasterBand(1).GetDescription() == "Band 1"
        assert raster.GetRasterBand(2).GetDescription().startswith("quality")
        raster = None
        assert read(tmp_path / name).description.wavelengths is None


@pytest.mark.parametrize("name", ["scene.tif", "scene.dat"])
def test_scale_and_offset_per_band(tmp_path, name):
    scene = description(bands=(Band(400.0, scale=0.0001, offset=-0.1), Band(410.0, scale=0.5)))
    write(tmp_path / name, samples(number=2), scene)
    back = read(tmp_path / name).description.bands
    assert [(b.scale, b.offset) for b in back] == [(0.0001, -0.1), (0.5, 0.0)]


@pytest.mark.parametrize("name", ["scene.tif", "scene.dat"])
def test_nan_as_nodata(tmp_path, name):
    cube = samples("float32")
    cube[:, 0, 0] = np.nan
    write(tmp_path / name, cube, description("float32", nodata=float("nan")))
    back = read(tmp_path / name)
    assert np.isnan(back.description.nodata)
    np.testing.assert_array_equal(back.cube, cube)
    assert (~back.validity.pixels).sum() == 1


@pytest.mark.parametrize("name", ["scene.tif", "scene.dat"])
@pytest.mark.parametrize(
    "place",
    [
        Georeference(),
        Georeference(crs(), (364095.0, 28.66, 8.87, 5809965.0, 8.87, -28.66)),
        Georeference(crs(4326), None, (
            GroundControlPoint(0, 0, 13.0, 52.5), GroundControlPoint(5, 0, 13.1, 52.5),
            GroundControlPoint(0, 7, 13.0, 52.4), GroundControlPoint(5, 7, 13.2, 52.3, 40.0),
        )),
    ],
    ids=["none", "rotated", "points"],
)
def test_georeferences_survive(tmp_path, name, place):
    warnings = write(tmp_path / name, samples(), description(georeference=place))
    back = read(tmp_path / name).description.georeference
    # Nothing is lost; of points it is told how QGIS takes them.
    assert all("by a polynomial" in warning for warning in warnings)
    assert len(warnings) == bool(place.gcps)
    assert back.gcps == place.gcps
    if place.geotransform is None:
        assert back.geotransform is None
    else:
        np.testing.assert_allclose(back.geotransform, place.geotransform, rtol=1e-12)
    assert bool(back.crs_wkt) == bool(place.crs_wkt)


def test_blocks_in_any_order_make_the_whole(tmp_path):
    cube = samples()
    with RasterWriter(tmp_path / "scene.tif", description()) as writer:
        writer.write(cube[2:, 3:, :], first_band=2, row=3)
        writer.write(cube[:2])
        writer.write(cube[2:, :3, 2:], first_band=2, col=2)
        writer.write(cube[2:, :3, :2], first_band=2)
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "scene.tif")).ReadAsArray(), cube)


def test_formats_that_gdal_only_copies_into(tmp_path):
    cube = samples("uint8", 3)
    write(tmp_path / "scene.png", cube, description("uint8", 3))
    np.testing.assert_array_equal(gdal.Open(str(tmp_path / "scene.png")).ReadAsArray(), cube)
    assert sorted(os.listdir(tmp_path)) == ["scene.png", "scene.png.aux.xml"]


def test_large_scenes_are_tiled_and_whole(tmp_path):
    scene = SceneDescription(520, 600, bands(2), "int16")
    cube = np.random.default_rng(0).integers(-99, 99, (2, 520, 600)).astype(np.int16)
    write(tmp_path / "scene.tif", cube, scene)
    raster = gdal.Open(str(tmp_path / "scene.tif"))
    assert raster.GetRasterBand(1).GetBlockSize() == [256, 256]
    np.testing.assert_array_equal(raster.ReadAsArray(), cube)


@pytest.mark.parametrize("name", ["scene.jpg", "scene.JPEG", "scene.xpm"])
def test_formats_that_change_samples_are_refused(tmp_path, name):
    """A map of classes as JPEG had other classes, and ones that are none."""
    if name.endswith("xpm") and gdal.GetDriverByName("XPM") is None:
        pytest.skip("this GDAL has no XPM driver")
    with pytest.raises(ParameterError, match=rf"{name}: the format \w+ changes the values.*\.tif"):
        write(tmp_path / name, samples("uint8", 1), description("uint8", 1))
    assert not os.listdir(tmp_path)


def test_a_format_nobody_knew_to_change_samples_is_found_out(tmp_path, monkeypatch):
    monkeypatch.setattr(formats, "_LOSSY", ())
    with pytest.raises(OutputError, match="the format JPEG changed the samples"):
        write(tmp_path / "scene.jpg", samples("uint8", 1), description("uint8", 1))
    assert not os.listdir(tmp_path)


@pytest.mark.parametrize("beside", ["old.tfw", "old.tifw", "old.TFW"])
def test_the_world_file_of_the_raster_that_is_replaced_does_not_place_the_new_one(tmp_path, beside):
    write(tmp_path / "old.tif", samples("uint8", 1), description("uint8", 1))
    (tmp_path / beside).write_text("10\n0\n0\n-10\n100\n200\n")
    (tmp_path / "other.tfw").write_text("1\n0\n0\n-1\n0\n0\n")
    scene = replace(description("uint8", 1), georeference=Georeference())
    write(tmp_path / "old.tif", samples("uint8", 1), scene)
    assert gdal.Open(str(tmp_path / "old.tif")).GetGeoTransform(can_return_null=True) is None
    assert (tmp_path / "other.tfw").exists()


def test_a_world_file_without_a_raster_is_kept(tmp_path):
    (tmp_path / "new.tfw").write_text("10\n0\n0\n-10\n100\n200\n")
    write(tmp_path / "new.tif", samples("uint8", 1), description("uint8", 1))
    assert (tmp_path / "new.tfw").exists()


def test_a_format_of_one_band_refuses_several(tmp_path):
    write(tmp_path / "one.gtx", samples("float32", 1), description("float32", 1))
    with pytest.raises(ParameterError, match="cannot hold 3 bands"):
        write(tmp_path / "three.gtx", samples("float32", 3), description("float32", 3))
    assert not (tmp_path / "three.gtx").exists()


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, Cancelled])
@pytest.mark.parametrize("name", ["scene.tif", "scene.dat", "scene.png"])
def test_an_error_leaves_what_was_there(tmp_path, name, error):
    (tmp_path / name).write_text("an older file")
    with pytest.raises(error), RasterWriter(tmp_path / name, description("uint8", 3)) as writer:
        writer.write(samples("uint8", 3)[:1])
        raise error
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "an older file"


def test_an_error_leaves_nothing_where_nothing_was(tmp_path):
    with pytest.raises(ValueError), RasterWriter(tmp_path / "scene.dat", description()):
        raise ValueError
    assert os.listdir(tmp_path) == []


def test_nothing_stands_under_the_name_until_the_end(tmp_path):
    with RasterWriter(tmp_path / "scene.dat", description()) as writer:
        writer.write(samples())
        assert not (tmp_path / "scene.dat").exists()
        assert not (tmp_path / "scene.hdr").exists()
    assert sorted(os.listdir(tmp_path)) == ["scene.dat", "scene.dat.aux.xml", "scene.hdr"]


def test_copying_is_cancelled_with_nothing_left(tmp_path):
    class Impatient(Progress):
        def is_cancelled(self):
            return True

    with pytest.raises(Cancelled):
        write(tmp_path / "scene.png", samples("uint8", 3), description("uint8", 3), progress=Impatient())
    assert os.listdir(tmp_path) == []


def test_sidecars_of_an_older_raster_do_not_speak_for_the_new_one(tmp_path):
    path = tmp_path / "scene.tif"
    write(path, samples(), description())
    raster = gdal.Open(str(path))
    raster.GetRasterBand(1).SetMetadata({"CENTRAL_WAVELENGTH_UM": "9.9"}, "IMAGERY")
    raster = None
    assert (tmp_path / "scene.tif.aux.xml").exists()
    write(path, samples(), description())
    assert os.listdir(tmp_path) == ["scene.tif"]
    assert read(path).description.bands[0].wavelength == 400.5


@pytest.fixture
def small_disk():
    """No file may grow beyond 20 kB, which fails as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


# In exceptions mode GDAL before 3.8 prints the error of a failed close besides keeping it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("exceptions", [False, True])
@pytest.mark.parametrize("name", ["scene.tif", "scene.dat", "scene.bip", "scene.png"])
def test_a_full_disk(tmp_path, small_disk, name, exceptions):
    (tmp_path / name).write_text("an older file")
    scene = SceneDescription(200, 150, bands(3), "uint8")
    cube = np.random.default_rng(0).integers(0, 255, (3, 200, 150)).astype(np.uint8)
    before = gdal.GetUseExceptions()
    (gdal.UseExceptions if exceptions else gdal.DontUseExceptions)()
    try:
        with pytest.raises(OutputError, match="free space") as refusal:
            write(tmp_path / name, cube, scene)
        assert bool(gdal.GetUseExceptions()) == exceptions
    finally:
        (gdal.UseExceptions if before else gdal.DontUseExceptions)()
    assert name in str(refusal.value)
    assert os.listdir(tmp_path) == [name]
    assert (tmp_path / name).read_text() == "an older file"


def test_folders_that_cannot_be_written_to(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "absent" / "scene.tif", tmp_path / "file" / "scene.tif"):
        with pytest.raises(OutputError, match="folder"):
            RasterWriter(path, description())
    folder = tmp_path / "folder.tif"
    folder.mkdir()
    with pytest.raises(OutputError, match="is a folder"):
        RasterWriter(folder, description())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        RasterWriter(tmp_path / "scene.tif", description())
    tmp_path.chmod(0o700)


@pytest.mark.parametrize("name", ["scene", "scene.xyzzy", "scene.hdr", "scene.vrt"])
def test_extensions_that_are_no_format(tmp_path, name):
    with pytest.raises(ParameterError, match=name):
        RasterWriter(tmp_path / name, description())
    assert os.listdir(tmp_path) == []


def test_formats_that_cannot_hold_it_say_so(tmp_path):
    with pytest.raises(ParameterError, match="PNG cannot hold samples of float32"):
        RasterWriter(tmp_path / "scene.png", description("float32"))
    with pytest.raises(ParameterError, match="ENVI cannot hold samples of int8"):
        RasterWriter(tmp_path / "scene.dat", description("int8"))
    with pytest.raises(OutputError, match="200 bands"):
        write(tmp_path / "scene.png", samples("uint8", 200), description("uint8", 200))
    assert os.listdir(tmp_path) == []


def test_what_a_format_does_not_keep_is_told(tmp_path):
    sheared = Georeference(crs(), (0.0, 30.0, 5.0, 0.0, 0.0, -30.0))
    (warning,) = write(tmp_path / "scene.dat", samples(), description(georeference=sheared))
    assert "georeference" in warning
    assert write(tmp_path / "scene.tif", samples(), description(georeference=sheared)) == []


def test_blocks_that_do_not_belong_are_refused(tmp_path):
    scene, cube = description(), samples()
    for block, place in ((cube.astype(np.int16), {}), (cube, {"row": 1}), (cube, {"first_band": 1}),
                         (cube, {"col": -1}), (cube[0], {})):
        with pytest.raises(ParameterError), RasterWriter(tmp_path / "scene.tif", scene) as writer:
            writer.write(block, **place)
    assert os.listdir(tmp_path) == []


def test_a_subset_of_bands_by_replacing_them(tmp_path):
    scene = replace(description(), bands=bands()[1:3])
    write(tmp_path / "scene.tif", samples()[1:3], scene)
    np.testing.assert_array_equal(read(tmp_path / "scene.tif").description.wavelengths, [410.75, 421.0])
