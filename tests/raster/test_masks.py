"""Alpha bands and masks say which pixels are valid, and are no bands of the scene."""

import numpy as np
import pytest
from osgeo import gdal

from hiner.core.classification.imagery.image import raster_image
from hiner.core.classification.labels.label_raster import labels_under
from hiner.core.errors import ParameterError, SceneError
from hiner.core.raster.gdal_raster import open_raster
from hiner.core.raster.scene_reader import read_scene
from hiner.core.scene.description import Band, SceneDescription

INVALID = (slice(2, 5), slice(0, 4))


def outside():
    mask = np.zeros((12, 9), dtype=bool)
    mask[INVALID] = True
    return mask


def opaque(full, dtype):
    """An alpha band: 1 of `full` is little, but not nothing."""
    alpha = np.full((12, 9), full, dtype=dtype)
    alpha[7] = 1 if full > 1 else 0.01
    alpha[INVALID] = 0
    return alpha[None]


def as_alpha(raster):
    raster.GetRasterBand(raster.RasterCount).SetColorInterpretation(gdal.GCI_AlphaBand)


def masked(raster):
    raster.CreateMaskBand(gdal.GMF_PER_DATASET)
    data = np.where(outside(), 0, 255).astype("uint8").tobytes()
    band = raster.GetRasterBand(1)
    band.GetMaskBand().WriteRaster(0, 0, 9, 12, data)


def read(path, **options):
    with open_raster(path, **options) as source:
        return read_scene(source), source.warnings


@pytest.mark.parametrize(("dtype", "full"), [("uint8", 255), ("uint16", 65535), ("int16", 32767), ("float32", 1.0)])
def test_an_alpha_band_of_any_type_is_the_mask(make_raster, cube, dtype, full):
    samples = (cube[:3] % 251).astype(dtype)
    path = make_raster(np.concatenate([samples, opaque(full, dtype)]), options=["ALPHA=NO"], place=as_alpha)
    scene, warnings = read(path)
    np.testing.assert_array_equal(scene.cube, samples)
    np.testing.assert_array_equal(scene.validity.pixels, ~outside())
    assert scene.validity.exceptions == {} and scene.validity.bands.all()
    assert any("Band 4 is an alpha band" in warning for warning in warnings)


def test_of_several_that_are_called_alpha_the_last_is(make_raster, cube, tmp_path):
    """Made with ALPHA=YES, a GeoTIFF of whole numbers calls its second band so."""
    plain = gdal.Open(make_raster(np.concatenate([cube, opaque(9, "uint16")])))
    virtual = gdal.GetDriverByName("VRT").CreateCopy(str(tmp_path / "scene.vrt"), plain)
    virtual.GetRasterBand(2).SetColorInterpretation(gdal.GCI_AlphaBand)
    as_alpha(virtual)
    virtual = None
    scene, _ = read(str(tmp_path / "scene.vrt"))
    np.testing.assert_array_equal(scene.cube, cube)
    np.testing.assert_array_equal(scene.validity.pixels, ~outside())


def test_it_need_not_be_the_last_nor_of_the_others_type(make_raster, cube, tmp_path):
    paths = [make_raster(cube[[n]], f"{n}.tif") for n in range(5)]
    paths.insert(2, make_raster(opaque(255, "uint8"), "alpha.tif"))
    virtual = gdal.BuildVRT(str(tmp_path / "all.vrt"), paths, separate=True)
    virtual.GetRasterBand(3).SetColorInterpretation(gdal.GCI_AlphaBand)
    virtual = None
    scene, _ = read(str(tmp_path / "all.vrt"), wavelengths=[500, 510, 520, 530, 540])
    assert scene.description.dtype == "uint16"
    np.testing.assert_array_equal(scene.cube, cube[:5])
    np.testing.assert_array_equal(scene.description.wavelengths, [500, 510, 520, 530, 540])
    np.testing.assert_array_equal(scene.validity.pixels, ~outside())


def test_bands_with_wavelengths_need_none_for_the_alpha_band(make_raster, cube):
    items = [*({"wavelength": str(500 + 10 * n), "wavelength_units": "nm"} for n in range(8)), {}]
    scene, _ = read(make_raster(np.concatenate([cube, opaque(65535, "uint16")]), items=items, place=as_alpha))
    np.testing.assert_array_equal(scene.description.wavelengths, 500 + 10 * np.arange(8))
    np.testing.assert_array_equal(scene.cube, cube)


def test_what_gdals_warp_leaves_empty_is_invalid(make_raster, cube, tmp_path):
    def place(raster):
        raster.SetGeoTransform((300000, 10, 0, 5800000, 0, -10))
        raster.SetProjection("EPSG:32633")

    path = make_raster(cube[:4], place=place)
    gdal.Warp(str(tmp_path / "warped.tif"), path, dstSRS="EPSG:4326", dstAlpha=True)
    warped = gdal.Open(str(tmp_path / "warped.tif")).ReadAsArray()
    scene, _ = read(str(tmp_path / "warped.tif"), wavelengths=[500, 510, 520, 530])
    assert scene.description.n_bands == 4 and not scene.validity.pixels.all()
    np.testing.assert_array_equal(scene.validity.pixels, warped[4] > 0)
    np.testing.assert_array_equal(scene.description.wavelengths, [500, 510, 520, 530])


@pytest.mark.parametrize("options", [[], ["COMPRESS=DEFLATE"]])
def test_a_mask_of_the_dataset_is_the_mask(make_raster, cube, options):
    scene, warnings = read(make_raster(cube, options=options, place=masked))
    np.testing.assert_array_equal(scene.validity.pixels, ~outside())
    np.testing.assert_array_equal(scene.cube, cube)
    assert not any("mask" in warning for warning in warnings)


def test_nodata_and_a_mask_count_both(make_raster, cube):
    cube[:, 0, 0] = 7
    cube[3, 11, 8] = 7
    scene, _ = read(make_raster(np.concatenate([cube, opaque(65535, "uint16")]), nodata=7, place=as_alpha))
    expected = ~outside()
    expected[0, 0] = False
    assert scene.description.nodata == 7
    np.testing.assert_array_equal(scene.validity.pixels, expected)
    assert list(scene.validity.exceptions) == [3]


def test_nodata_values_that_count_together_are_a_mask(make_raster, cube):
    cube[:, 1, 1] = np.arange(8)
    cube[0, 2, 2] = 0
    values = " ".join(map(str, range(8)))
    scene, _ = read(make_raster(cube, dataset={"NODATA_VALUES": values}))
    np.testing.assert_array_equal(np.argwhere(~scene.validity.pixels), [[1, 1]])
    assert scene.validity.exceptions == {}
    assert scene.description.metadata == ()


def test_masks_of_single_bands_are_not_overlooked_in_silence(make_raster, cube):
    path = make_raster(cube, "scene.dat", "ENVI")
    raster = gdal.Open(path)
    raster.GetRasterBand(1).CreateMaskBand(0)
    raster.GetRasterBand(1).GetMaskBand().Fill(255)
    raster = None
    assert any("masks of single bands" in warning for warning in read(path)[1])


def test_an_alpha_band_with_a_wavelength_is_a_band_of_the_spectrum(make_raster, cube):
    """GDAL calls the fourth of four bytes alpha wherever nobody said otherwise."""
    samples = (cube[:4] % 251).astype("uint8")
    items = [{"wavelength": str(w), "wavelength_units": "nm"} for w in (650, 550, 450, 850)]
    bare, told = make_raster(samples, "bare.tif"), make_raster(samples, "told.tif", items=items)
    assert gdal.Open(bare).GetRasterBand(4).GetColorInterpretation() == gdal.GCI_AlphaBand
    assert read(bare)[0].description.n_bands == 3
    for path, options in ((told, {}), (bare, {"wavelengths": [650, 550, 450, 850]})):
        scene, warnings = read(path, **options)
        np.testing.assert_array_equal(scene.cube, samples)
        assert scene.validity.pixels.all()
        assert not any("alpha" in warning for warning in warnings)
    np.testing.assert_array_equal(read(bare, wavelengths=[650, 550, 450])[0].description.wavelengths, [650, 550, 450])
    with pytest.raises(ParameterError, match="2 wavelengths"):
        read(bare, wavelengths=[650, 550])


def test_a_raster_of_an_alpha_band_alone_is_refused(make_raster):
    with pytest.raises(SceneError, match="alpha band only"):
        read(make_raster(opaque(255, "uint8"), place=as_alpha))


def test_a_raster_that_is_wholly_masked_says_where_to_look(make_raster, cube):
    path = make_raster(cube, place=lambda raster: raster.CreateMaskBand(gdal.GMF_PER_DATASET))
    with pytest.raises(SceneError, match="its mask"):
        read(path)


def test_an_image_to_classify_and_labels_know_no_pixel_outside_the_mask(make_raster, cube):
    with open_raster(make_raster(cube, place=masked)) as source:
        values = raster_image(source).read((1, 2, 6, 5))
        np.testing.assert_array_equal(np.isnan(values), np.broadcast_to(outside()[1:7, 2:7], values.shape))
        scene = SceneDescription(12, 9, (Band(),), "uint8")
        found = labels_under(scene, source)
    assert len(found.values) == (~outside()).sum() and not outside()[found.rows, found.cols].any()
    np.testing.assert_array_equal(found.values, cube[0][found.rows, found.cols])
