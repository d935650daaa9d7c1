"""Products of PRISMA and EMIT go through the algorithms by their files' paths, which QGIS finds no layer in."""

import numpy as np
import pytest
from array_products import EAST, LEFT, NORTH, TOP, emit, prisma, write_arrays  # noqa: F401
from land_cover import QUICK
from synthetic import smooth

from hiner.core.hnr_file import HnrFile


@pytest.fixture
def prisma_file(write_arrays):  # noqa: F811
    """A geocoded product of smooth bands; its path and its cube."""
    attributes, arrays, _ = prisma(shape=(40, 36))
    scene = np.round(smooth(40, 36, 8)).astype(np.uint16)
    for half, name in ((slice(0, 4), "VNIR"), (slice(4, 8), "SWIR")):
        arrays[f"/HDFEOS/SWATHS/PRS_L2D_HCO/Data Fields/{name}_Cube"] = scene[half].transpose(1, 0, 2).copy()
    return write_arrays("PRS_L2D_STD_20200524103704_20200524103708_0001.he5", attributes, arrays), scene


def test_prisma_to_hnr_and_back(run, prisma_file, read_raster, tmp_path):
    path, scene = prisma_file
    made, back = str(tmp_path / "prisma.hnr"), str(tmp_path / "back.tif")
    run("compress", INPUT=path, OUTPUT=made, MAX_ERROR=0)
    description = HnrFile(made).description
    assert description.wavelengths.tolist() == pytest.approx([406.99, 700.5, 972.65, 943.36, 1500.0, 2497.12])
    run("decompress", INPUT=made, OUTPUT=back)
    written = read_raster(back)
    np.testing.assert_array_equal(written["cube"], scene[[3, 2, 1, 6, 5, 4]])
    assert (written["epsg"], written["transform"]) == ("32632", (LEFT - 15, 30, 0, TOP + 15, 0, -30))
    assert run("evaluate", REFERENCE=path, INPUT=made)["MAX_ERROR"] == 0


def test_the_check_before_a_run_takes_a_product(provider, prisma_file, tmp_path):
    from qgis.core import QgsProcessingContext

    parameters = {"INPUT": prisma_file[0], "OUTPUT": str(tmp_path / "prisma.hnr")}
    accepted, message = provider.algorithm("compress").create().checkParameterValues(parameters, QgsProcessingContext())
    assert accepted, message


def test_a_damaged_product_says_what_is_missing(run, listen, write_arrays, tmp_path):  # noqa: F811
    from qgis.core import QgsProcessingException

    attributes, arrays, _ = prisma()
    del attributes["List_Cw_Swir"]
    path = write_arrays("PRS_L2D_STD_20200524103704_20200524103708_0001.he5", attributes, arrays)
    with pytest.raises(QgsProcessingException, match="List_Cw_Swir"):
        run("compress", INPUT=path, OUTPUT=str(tmp_path / "prisma.hnr"))
    assert not (tmp_path / "prisma.hnr").exists()


def test_emit_to_hnr(run, listen, write_arrays, tmp_path):  # noqa: F811
    path = write_arrays("EMIT_L2A_RFL_001_20230316T045153_2307503_005.nc", *emit(shape=(40, 36, 6)))
    feedback, made = listen(), str(tmp_path / "emit.hnr")
    run("compress", feedback, INPUT=path, OUTPUT=made, TARGET_PSNR=45)
    description = HnrFile(made).description
    assert (description.n_rows, description.n_cols, description.n_bands) == (40, 36, 6)
    assert description.georeference.gcps
    assert any("ground control points" in text for text in feedback.infos)


def test_polygons_on_the_map_train_on_a_swath_and_the_map_keeps_its_place(run, write_arrays, tmp_path):  # noqa: F811
    """Two kinds of ground side by side; the polygons know nothing but longitudes and latitudes."""
    from osgeo import gdal
    from qgis.core import QgsFeature, QgsGeometry, QgsVectorLayer

    attributes, arrays, _ = prisma("2C", shape=(40, 36))
    ground = np.where(np.arange(36) < 18, 1, 2)
    rng = np.random.default_rng(8)
    for name, values in arrays.items():
        if name.endswith(("VNIR_Cube", "SWIR_Cube")):
            values[:] = ground * 9000 * np.linspace(1, 2, 4)[:, None] + rng.normal(0, 300, values.shape)
    path = write_arrays("PRS_L2C_STD_20200524103704_20200524103708_0001.he5", attributes, arrays)
    layer = QgsVectorLayer("Polygon?crs=EPSG:4326&field=kind:string", "fields", "memory")
    for kind, first in (("soil", 0), ("water", 18)):
        for row in (1, 12, 23, 33):
            corners = [(first + 2, row), (first + 15, row), (first + 15, row + 5), (first + 2, row + 5)]
            ring = ", ".join(f"{9 + EAST * (x - 0.5)} {45 - NORTH * (y - 0.5)}" for x, y in [*corners, corners[0]])
            feature = QgsFeature(layer.fields())
            feature.setGeometry(QgsGeometry.fromWkt(f"Polygon(({ring}))"))
            feature.setAttribute("kind", kind)
            layer.dataProvider().addFeature(feature)
    model, made = str(tmp_path / "m.hncls"), str(tmp_path / "map.tif")
    run("trainclassifier", INPUT=path, SAMPLES=layer, FIELD="kind", OUTPUT=model, **QUICK)
    run("classify", INPUT=path, MODEL=model, OUTPUT=made)
    dataset = gdal.Open(made)
    classes = dataset.ReadAsArray()
    # Class by class as the ground, whichever of the two comes first.
    assert {tuple(np.unique(classes[:, ground == kind])) for kind in (1, 2)} == {(1,), (2,)}
    assert dataset.GetGCPCount() == 121
