"""A raster goes through `hiner:compress` and `hiner:decompress` and keeps what it was."""

import os
from pathlib import Path

import numpy as np
import pytest
from synthetic import smooth

NODATA = -32768


def psnr(original, decoded, valid):
    error = (original.astype(float) - decoded)[:, valid]
    span = np.ptp(original[:, valid].astype(float), axis=1)
    return float(np.mean(20 * np.log10(span / np.sqrt((error**2).mean(axis=1)))))


def test_compress_returns_the_figures_of_the_file(run, raster, tiny, tmp_path):
    output = str(tmp_path / "scene.hnr")
    results = run("compress", INPUT=raster, OUTPUT=output, **tiny)
    assert results["OUTPUT"] == output
    n_samples, n_bytes = 12 * 40 * 48, os.path.getsize(output)
    assert results["RATE"] == pytest.approx(8 * n_bytes / n_samples)
    assert results["RATIO"] == pytest.approx(2 * n_samples / n_bytes)
    assert results["SECONDS"] > 0


def test_compress_reports_the_psnr_that_decoding_gives(run, raster, cube, read_raster, tiny, tmp_path):
    hnr, tif = str(tmp_path / "scene.hnr"), str(tmp_path / "scene.tif")
    reported = run("compress", INPUT=raster, OUTPUT=hnr, **tiny)["PSNR"]
    run("decompress", INPUT=hnr, OUTPUT=tif)
    decoded = read_raster(tif)["cube"]
    assert reported == pytest.approx(psnr(cube, decoded, cube[0] != NODATA), abs=0.01)


def test_same_seed_gives_the_same_file(run, raster, tiny, tmp_path):
    paths = [str(tmp_path / name) for name in ("a.hnr", "b.hnr", "c.hnr")]
    for path, seed in zip(paths, (3, 3, 4)):
        run("compress", INPUT=raster, OUTPUT=path, SEED=seed, **tiny)
    first, second, other = (Path(path).read_bytes() for path in paths)
    assert first == second
    assert first != other


def test_own_bands_come_back_with_all_that_surrounds_them(run, hnr, cube, wavelengths, read_raster, tmp_path):
    output = str(tmp_path / "decoded.tif")
    assert run("decompress", INPUT=hnr, OUTPUT=output)["OUTPUT"] == output
    found = read_raster(output)
    assert found["cube"].dtype == cube.dtype
    assert found["cube"].shape == cube.shape
    np.testing.assert_array_equal(found["cube"] == NODATA, cube == NODATA)
    assert found["nodata"] == NODATA
    assert found["epsg"] == "32633"
    assert found["transform"] == (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
    assert [float(items["wavelength"]) for items in found["items"]] == wavelengths
    assert found["items"][0]["wavelength_units"] == "Nanometers"
    in_micrometres = [float(items["CENTRAL_WAVELENGTH_UM"]) for items in found["imagery"]]
    assert in_micrometres == pytest.approx([w / 1000 for w in wavelengths])


def test_envi_output_has_its_header_with_wavelengths(run, hnr, wavelengths, read_raster, tmp_path):
    output = tmp_path / "decoded.dat"
    run("decompress", INPUT=hnr, OUTPUT=str(output))
    assert read_raster(output)["driver"] == "ENVI"
    header = (tmp_path / "decoded.hdr").read_text()
    listed = header.split("wavelength = {")[1].split("}")[0]
    assert [float(value) for value in listed.replace("\n", "").split(",")] == wavelengths
    assert "Nanometers" in header


def test_formats_hold_the_same_samples(run, hnr, read_raster, tmp_path):
    cubes = []
    for name in ("decoded.tif", "decoded.dat", "decoded.img"):
        run("decompress", INPUT=hnr, OUTPUT=str(tmp_path / name))
        cubes.append(read_raster(tmp_path / name)["cube"])
    np.testing.assert_array_equal(cubes[0], cubes[1])
    np.testing.assert_array_equal(cubes[0], cubes[2])


def test_wavelengths_between_the_bands(run, hnr, read_raster, tmp_path):
    from hiner.core.hnr_file import HnrFile

    output = str(tmp_path / "decoded.tif")
    run("decompress", INPUT=hnr, OUTPUT=output, WAVELENGTHS="455, 500:520:10", DTYPE="float32")
    found = read_raster(output)
    assert [float(items["wavelength"]) for items in found["items"]] == [455, 500, 510, 520]
    expected = HnrFile(hnr).read_wavelengths([455, 500, 510, 520])
    assert found["cube"].dtype == np.float32
    np.testing.assert_allclose(found["cube"], expected, rtol=1e-5)


def test_bands_of_a_sensor(run, hnr, read_raster, tmp_path, listen):
    output, feedback = str(tmp_path / "decoded.tif"), listen()
    run("decompress", feedback, INPUT=hnr, OUTPUT=output, WAVELENGTHS="sensor:sentinel2a")
    centres = [float(items["wavelength"]) for items in read_raster(output)["items"]]
    # The scene reaches from 450 to 670 nm: of Sentinel-2A's bands B2 to B4 at most.
    assert set(centres) <= {492.4, 559.8, 664.6}
    assert 559.8 in centres
    assert any("does not cover" in text for text in feedback.infos)


def test_extent_gives_the_pixels_it_covers(run, hnr, read_raster, tmp_path):
    whole, part = str(tmp_path / "whole.tif"), str(tmp_path / "part.tif")
    run("decompress", INPUT=hnr, OUTPUT=whole)
    # Columns 10 to 29 and rows 5 to 14 of pixels of 30 m.
    west, north = 365055 + 10 * 30, 5807085 - 5 * 30
    extent = f"{west},{west + 20 * 30},{north - 10 * 30},{north} [EPSG:32633]"
    run("decompress", INPUT=hnr, OUTPUT=part, EXTENT=extent)
    found = read_raster(part)
    np.testing.assert_array_equal(found["cube"], read_raster(whole)["cube"][:, 5:15, 10:30])
    assert found["transform"] == (west, 30.0, 0.0, north, 0.0, -30.0)


def test_extent_in_another_crs_is_transformed(run, hnr, read_raster, tmp_path):
    from qgis.core import QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsProject, QgsRectangle

    inside = QgsRectangle(365055 + 300, 5807085 - 600, 365055 + 900, 5807085 - 300)
    transform = QgsCoordinateTransform(
        QgsCoordinateReferenceSystem("EPSG:32633"), QgsCoordinateReferenceSystem("EPSG:4326"),
        QgsProject.instance(),
    )
    box = transform.transformBoundingBox(inside)
    extent = f"{box.xMinimum()},{box.xMaximum()},{box.yMinimum()},{box.yMaximum()} [EPSG:4326]"
    run("decompress", INPUT=hnr, OUTPUT=str(tmp_path / "part.tif"), EXTENT=extent)
    found = read_raster(tmp_path / "part.tif")
    # The box grows by the angle between both systems, by less than two pixels a side here.
    assert 20 <= found["cube"].shape[2] <= 24
    assert 10 <= found["cube"].shape[1] <= 14


def test_raster_without_a_place_keeps_having_none(run, write_raster, cube, read_raster, tiny, tmp_path):
    plain = write_raster(tmp_path / "plain.tif", cube, nodata=NODATA, transform=None, epsg=None)
    run("compress", INPUT=plain, OUTPUT=str(tmp_path / "plain.hnr"), **tiny)
    run("decompress", INPUT=str(tmp_path / "plain.hnr"), OUTPUT=str(tmp_path / "back.tif"))
    found = read_raster(tmp_path / "back.tif")
    assert found["epsg"] is None
    assert found["transform"] == (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
    assert "wavelength" not in found["items"][0]


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "int32", "float32", "float64"])
def test_data_types_come_back(run, write_raster, wavelengths, read_raster, tiny, tmp_path, dtype):
    samples = smooth(24, 24, 12, 5, 250).astype(dtype)
    source = write_raster(tmp_path / "scene.tif", samples, wavelengths)
    run("compress", INPUT=source, OUTPUT=str(tmp_path / "scene.hnr"), **tiny)
    run("decompress", INPUT=str(tmp_path / "scene.hnr"), OUTPUT=str(tmp_path / "back.tif"))
    assert read_raster(tmp_path / "back.tif")["cube"].dtype == dtype


def test_wavelengths_from_a_text_file(run, write_raster, cube, read_raster, tiny, tmp_path):
    plain = write_raster(tmp_path / "plain.tif", cube, nodata=NODATA)
    centres = [0.5 + 0.01 * band for band in range(12)]
    (tmp_path / "centres.csv").write_text("wavelength (um)\n" + "\n".join(f"{c:.2f}" for c in centres))
    run(
        "compress", INPUT=plain, OUTPUT=str(tmp_path / "scene.hnr"), WAVELENGTHS=str(tmp_path / "centres.csv"),
        **tiny,
    )
    run("decompress", INPUT=str(tmp_path / "scene.hnr"), OUTPUT=str(tmp_path / "back.tif"))
    found = [float(items["wavelength"]) for items in read_raster(tmp_path / "back.tif")["items"]]
    assert found == pytest.approx([1000 * centre for centre in centres])


def test_temporary_outputs(run, raster, tiny):
    made = run("compress", INPUT=raster, OUTPUT="TEMPORARY_OUTPUT", **tiny)["OUTPUT"]
    assert made.endswith(".hnr")
    decoded = run("decompress", INPUT=made, OUTPUT="TEMPORARY_OUTPUT")["OUTPUT"]
    assert os.path.getsize(decoded) > 0


def test_batch_of_files_and_formats(run, write_raster, wavelengths, read_raster, tiny, tmp_path):
    cubes = [smooth(24, 24, 12, 0, top).astype("uint16") for top in (1000, 2000, 3000)]
    for number, samples in enumerate(cubes):
        source = write_raster(tmp_path / f"scene{number}.tif", samples, wavelengths)
        run("compress", INPUT=source, OUTPUT=str(tmp_path / f"{number}.hnr"), **tiny)
    for number, ending in enumerate(("tif", "dat", "img")):
        run("decompress", INPUT=str(tmp_path / f"{number}.hnr"), OUTPUT=str(tmp_path / f"back{number}.{ending}"))
    tops = [read_raster(tmp_path / f"back{n}.{e}")["cube"].max() for n, e in enumerate(("tif", "dat", "img"))]
    assert tops[0] < tops[1] < tops[2]


def test_sample_scene_keeps_its_bands_and_gaps(run, checkout, read_raster, tiny, tmp_path):
    sample = checkout / "resources" / "sample" / "enmap_potsdam.tif"
    parameters = {**tiny, "MODEL_SIZE": 30000, "EPOCHS": 2}
    run("compress", INPUT=str(sample), OUTPUT=str(tmp_path / "e.hnr"), **parameters)
    run("decompress", INPUT=str(tmp_path / "e.hnr"), OUTPUT=str(tmp_path / "e.tif"))
    before, after = read_raster(sample), read_raster(tmp_path / "e.tif")
    np.testing.assert_array_equal(before["cube"] == NODATA, after["cube"] == NODATA)
    assert (after["cube"][129:135] == NODATA).all()
    for name in ("wavelength", "fwhm", "bbl"):
        assert [float(i[name]) for i in after["items"]] == pytest.approx([float(i[name]) for i in before["items"]])
    assert after["transform"] == before["transform"]


def test_what_the_user_told_the_layer_counts(run, write_raster, cube, listen, read_raster, tmp_path):
    """Fill values and a coordinate reference system that the file does not state, as set in the layer's properties."""
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer, QgsRasterRange

    samples, feedback = np.where(cube == NODATA, -9999, cube).astype("int16"), listen()
    layer = QgsRasterLayer(write_raster(tmp_path / "fill.tif", samples, epsg=None), "fill")
    layer.setCrs(QgsCoordinateReferenceSystem("EPSG:32633"))
    for band in range(1, len(cube) + 1):
        layer.dataProvider().setUserNoDataValue(band, [QgsRasterRange(-9999, -9999), QgsRasterRange(-60, -50)])
    made, output = str(tmp_path / "made.hnr"), str(tmp_path / "made.tif")
    run("compress", feedback, INPUT=layer, OUTPUT=made, MAX_ERROR=0)
    run("decompress", INPUT=made, OUTPUT=output)
    del layer
    found = read_raster(output)
    assert (found["nodata"], found["epsg"]) == (-9999, "32633")
    np.testing.assert_array_equal(found["cube"], samples)
    assert "The layer's additional nodata values count as the file's own do: -9999." in feedback.infos
    said = "The layer's ranges of additional nodata values do not count: -60 to -50. Give single values."
    assert said in feedback.infos


@pytest.mark.parametrize(("own", "shown", "kept"), [(32632, 32633, "32633"), (32633, 32633, "32633")])
def test_a_crs_that_was_set_for_the_layer_counts(run, write_raster, cube, listen, read_raster, tmp_path, own, shown, kept):
    from qgis.core import QgsCoordinateReferenceSystem, QgsRasterLayer

    feedback, layer = listen(), QgsRasterLayer(write_raster(tmp_path / "scene.tif", cube, epsg=own), "scene")
    layer.setCrs(QgsCoordinateReferenceSystem(f"EPSG:{shown}"))
    made, output = str(tmp_path / "made.hnr"), str(tmp_path / "made.tif")
    run("compress", feedback, INPUT=layer, OUTPUT=made)
    run("decompress", INPUT=made, OUTPUT=output)
    del layer
    assert read_raster(output)["epsg"] == kept
    assert any("set for the layer" in text for text in feedback.infos) == (own != shown)
