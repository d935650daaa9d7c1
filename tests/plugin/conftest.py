"""The plugin inside a running QGIS, small rasters, and a file made of one."""

import gc

import numpy as np
import pytest
from synthetic import smooth

BANDS, ROWS, COLS = 12, 40, 48
NODATA = -32768
TRANSFORM = (365055.0, 30.0, 0.0, 5807085.0, 0.0, -30.0)
# A network so small that a file takes a second.
TINY = {"METHOD": "hiner", "MODEL_SIZE": 9000, "EPOCHS": 4, "DEVICE": "cpu"}


@pytest.fixture(scope="session")
def plugin(qgis):
    """The plugin, its provider registered as `qgis_process` does it: without a GUI."""
    import hiner

    plugin = hiner.classFactory(None)
    plugin.initProcessing()
    yield plugin
    plugin.unload()


@pytest.fixture
def provider(plugin):
    """The plugin's provider."""
    return plugin.provider


@pytest.fixture
def run(provider):
    """`processing.run` with the plugin's algorithms by their short names, other ids as they are."""
    import processing

    def call(name, feedback=None, context=None, **parameters):
        name = name if ":" in name else f"hiner:{name}"
        return processing.run(name, parameters, feedback=feedback, context=context)

    yield call
    gc.collect()


@pytest.fixture(scope="session")
def write_raster():
    """A function that writes a cube, (bands, rows, cols), as a raster with its metadata."""
    gdal = pytest.importorskip("osgeo.gdal")
    from osgeo import gdal_array, osr

    def write(path, cube, wavelengths=None, nodata=None, driver="GTiff", transform=TRANSFORM, epsg=32633):
        kind = gdal_array.NumericTypeCodeToGDALTypeCode(cube.dtype)
        dataset = gdal.GetDriverByName(driver).Create(str(path), cube.shape[2], cube.shape[1], len(cube), kind)
        if transform is not None:
            dataset.SetGeoTransform(transform)
        if epsg is not None:
            crs = osr.SpatialReference()
            crs.ImportFromEPSG(epsg)
            dataset.SetProjection(crs.ExportToWkt())
        for index, samples in enumerate(cube):
            band = dataset.GetRasterBand(index + 1)
            band.WriteArray(samples)
            if nodata is not None:
                band.SetNoDataValue(nodata)
            if wavelengths is not None:
                band.SetMetadataItem("wavelength", str(wavelengths[index]))
                band.SetMetadataItem("wavelength_units", "Nanometers")
        dataset.FlushCache()
        band = dataset = None
        return str(path)

    return write


@pytest.fixture(scope="session")
def read_raster():
    """A function that gives what GDAL finds in a raster."""
    gdal = pytest.importorskip("osgeo.gdal")

    def read(path):
        dataset = gdal.Open(str(path))
        bands = [dataset.GetRasterBand(number + 1) for number in range(dataset.RasterCount)]
        found = {
            "cube": np.stack([band.ReadAsArray() for band in bands]),
            "nodata": bands[0].GetNoDataValue(),
            "items": [band.GetMetadata() for band in bands],
            "imagery": [band.GetMetadata("IMAGERY") for band in bands],
            "transform": dataset.GetGeoTransform(),
            "epsg": dataset.GetSpatialRef() and dataset.GetSpatialRef().GetAuthorityCode(None),
            "driver": dataset.GetDriver().ShortName,
        }
        bands = dataset = None
        return found

    return read


@pytest.fixture(scope="session")
def wavelengths():
    return [450.0 + 20.0 * band for band in range(BANDS)]


@pytest.fixture(scope="session")
def cube():
    """int16 with a hole."""
    samples = np.rint(smooth(ROWS, COLS, BANDS)).astype("int16")
    samples[:, 5:12, 30:40] = NODATA
    return samples


@pytest.fixture(scope="session")
def raster(tmp_path_factory, write_raster, cube, wavelengths):
    """A GeoTIFF with wavelengths, nodata and a place."""
    return write_raster(tmp_path_factory.mktemp("raster") / "scene.tif", cube, wavelengths, NODATA)


@pytest.fixture(scope="session")
def hnr(plugin, raster, tmp_path_factory):
    """The raster compressed by `hiner:compress`."""
    pytest.importorskip("torch")
    import processing

    path = str(tmp_path_factory.mktemp("hnr") / "scene.hnr")
    processing.run("hiner:compress", {"INPUT": raster, "OUTPUT": path, **TINY})
    return path


@pytest.fixture(scope="session")
def tiny():
    """Parameters of `hiner:compress` that make it quick."""
    pytest.importorskip("torch")
    return TINY


class Listener:
    """Makes a feedback that remembers what it was told, and cancels when told to."""

    def __new__(cls, cancel_at=None):
        from qgis.core import QgsProcessingFeedback

        class Feedback(QgsProcessingFeedback):
            def __init__(self):
                super().__init__(False)
                self.infos, self.texts, self.percents = [], [], []

            def pushInfo(self, text):
                self.infos.append(text)
                self._listen(text)

            def reportError(self, text, fatalError=False):
                self.infos.append(text)

            def setProgressText(self, text):
                self.texts.append(text)
                self._listen(text)

            def _listen(self, text):
                if cancel_at is not None and cancel_at in text:
                    self.cancel()

        feedback = Feedback()
        feedback.progressChanged.connect(feedback.percents.append)
        return feedback


@pytest.fixture
def listen(qgis):
    """A function that makes a feedback which remembers; `cancel_at` is a text at which it cancels."""
    return Listener
