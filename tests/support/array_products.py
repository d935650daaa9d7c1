"""Small files as PRISMA and EMIT deliver them, written by GDAL's netCDF driver: netCDF 4 files are HDF5 files."""

import os

import numpy as np
import pytest
from osgeo import gdal

NUMERIC = {"uint16": gdal.GDT_UInt16, "float32": gdal.GDT_Float32, "float64": gdal.GDT_Float64}
# Three bands of each detector that overlap, and one of each that is not there; the file's order is the other way round.
VNIR, SWIR = [0.0, 972.65, 700.5, 406.99], [2497.12, 1500.0, 943.36, 0.0]
SCALES = {"Vnir": (0.0, 1.3107), "Swir": (-0.01, 0.64535)}
LEFT, TOP, PIXEL = 500_000.0, 4_980_000.0, 30.0
# Within a few millimetres of what a grid of 30 m comes to near its corner; enough to tell which way is up.
NORTH, EAST = PIXEL / 111_000, PIXEL / 78_700


@pytest.fixture
def write_arrays(tmp_path):
    """A function that writes attributes and arrays, {full name: ndarray}, and returns the file's path."""
    if gdal.GetDriverByName("netCDF") is None or gdal.GetDriverByName("HDF5") is None:
        pytest.skip("this GDAL has no driver for netCDF or HDF5")

    def write(name, attributes, arrays, fills=()):
        path = str(tmp_path / name)
        dataset = gdal.GetDriverByName("netCDF").CreateMultiDimensional(path + ".nc")
        root = dataset.GetRootGroup()
        for key, value in attributes.items():
            _attribute(root, key, value)
        for full, values in arrays.items():
            _array(root, full, values, dict(fills).get(full))
        del root, dataset
        os.replace(path + ".nc", path)
        return path

    return write


def prisma(level="2D", shape=(12, 9), seed=4, **changed):
    """(attributes, arrays, cube (bands, rows, cols) of the numbers) of a product; changed: attributes."""
    n_rows, n_cols = shape
    rng = np.random.default_rng(seed)
    cubes = {name: rng.integers(1, 65536, (n_rows, 4, n_cols)).astype(np.uint16) for name in ("VNIR", "SWIR")}
    row, col = np.mgrid[:n_rows, :n_cols]
    ending, swath = "_VNIR" if level == "1" else "", f"/HDFEOS/SWATHS/PRS_L{level}_HCO"
    arrays = {f"{swath}/Data Fields/{name}_Cube": cube for name, cube in cubes.items()}
    arrays[f"{swath}/Geolocation Fields/Latitude{ending}"] = 45.0 - NORTH * row
    arrays[f"{swath}/Geolocation Fields/Longitude{ending}"] = 9.0 + EAST * col
    arrays[f"/HDFEOS/SWATHS/PRS_L{level}_PCO/Data Fields/Cube"] = np.zeros((5, 5), np.uint16)
    attributes = {"Processing_Level": level, "Product_StartTime": "2020-05-24T10:37:04.0"}
    for name, centres in (("Vnir", VNIR), ("Swir", SWIR)):
        attributes[f"List_Cw_{name}"] = centres
        attributes[f"List_Fwhm_{name}"] = [11.25 if nm else 0.0 for nm in centres]
        if level == "1":
            attributes[f"ScaleFactor_{name}"], attributes[f"Offset_{name}"] = 100.0, 2.5
        else:
            attributes[f"L2Scale{name}Min"], attributes[f"L2Scale{name}Max"] = SCALES[name]
    if level == "2D":
        attributes.update(Epsg_Code=32632, **corners(n_rows - 1, n_cols - 1))
    order = [("VNIR", 3), ("VNIR", 2), ("VNIR", 1), ("SWIR", 2), ("SWIR", 1), ("SWIR", 0)]
    return {**attributes, **changed}, arrays, np.stack([cubes[name][:, n] for name, n in order])


def corners(rows, cols, left=LEFT, top=TOP):
    """Attributes of the corners of a grid that reaches so many pixels from its first corner."""
    right, bottom = left + PIXEL * cols, top - PIXEL * rows
    places = {"UL": (left, top), "UR": (right, top), "LL": (left, bottom), "LR": (right, bottom)}
    return {
        f"Product_{name}corner_{axis}": value
        for name, place in places.items() for axis, value in zip(("easting", "northing"), place)
    }


def emit(name="reflectance", shape=(11, 8, 5), level_2a=True):
    """(attributes, arrays, fills) of a product: its cube lies as (rows, cols, bands)."""
    cube = np.random.default_rng(5).random(shape).astype(np.float32)
    cube[2, 3] = -9999
    row, col = np.mgrid[:shape[0], :shape[1]]
    bands = np.arange(shape[2])
    arrays = {
        f"/{name}": cube,
        "/sensor_band_parameters/wavelengths": (381.00558 + 7.4 * bands).astype(np.float32),
        "/sensor_band_parameters/fwhm": (8.4 + 0.01 * bands).astype(np.float32),
        "/location/lat": 10.0 - 0.0005 * row + 0.0001 * col,
        "/location/lon": 20.0 + 0.0005 * col,
    }
    if level_2a:
        arrays["/sensor_band_parameters/good_wavelengths"] = (bands != 3).astype(np.float32)
    return {"instrument": "EMIT", "time_coverage_start": "2023-03-16T04:51:53+0000"}, arrays, {f"/{name}": -9999.0}


def _attribute(root, key, value):
    if isinstance(value, str):
        root.CreateAttribute(key, [], gdal.ExtendedDataType.CreateString()).Write(value)
    elif isinstance(value, int):
        root.CreateAttribute(key, [], gdal.ExtendedDataType.Create(gdal.GDT_Int32)).Write(value)
    elif isinstance(value, float):
        root.CreateAttribute(key, [], gdal.ExtendedDataType.Create(gdal.GDT_Float64)).Write(value)
    else:
        kind = gdal.ExtendedDataType.Create(gdal.GDT_Float32)
        root.CreateAttribute(key, [len(value)], kind).Write([float(number) for number in value])


def _array(root, full, values, fill):
    *groups, name = full.strip("/").split("/")
    owner = root
    for part in groups:
        owner = owner.OpenGroup(part) if part in (owner.GetGroupNames() or ()) else owner.CreateGroup(part)
    dimensions = [owner.CreateDimension(f"{name}_{axis}", "", "", size) for axis, size in enumerate(values.shape)]
    array = owner.CreateMDArray(name, dimensions, gdal.ExtendedDataType.Create(NUMERIC[values.dtype.name]))
    if fill is not None:
        array.SetNoDataValueDouble(fill)
    array.Write(np.ascontiguousarray(values).tobytes())
