"""What differs between the QGIS versions, as far as the data provider meets it."""

from qgis.core import Qgis, QgsDataProvider, QgsMapLayerType, QgsRasterBandStats, QgsRasterDataProvider

_TYPES = {
    "uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16",
    "uint32": "UInt32", "int32": "Int32", "float32": "Float32", "float64": "Float64",
}


def value_dtype(dtype):
    """The numpy name of the type that a layer's values have: int8 is int16 before QGIS 3.30."""
    return "int16" if dtype == "int8" and not hasattr(Qgis.DataType, "Int8") else dtype


def data_type(dtype):
    """The Qgis.DataType of a numpy name that `value_dtype` gives."""
    return getattr(Qgis.DataType, _TYPES[dtype])


def raster_layer_type():
    """The layer type of rasters: Qgis.LayerType from 3.30 on."""
    return Qgis.LayerType.Raster if hasattr(Qgis, "LayerType") else QgsMapLayerType.RasterLayer


def interface_capabilities():
    """What the provider can do; flags from 3.38 on, an int before. The other one aborts QGIS.

    Not Prefetch: a canvas would have the eight views around its own decoded as well, before its own.
    """
    if hasattr(Qgis, "RasterInterfaceCapability"):
        able = Qgis.RasterInterfaceCapability
        # In PyQt5 enum members joined are a plain int, which has to become flags again.
        return Qgis.RasterInterfaceCapabilities(able.Identify | able.IdentifyValue | able.Size)
    able = QgsRasterDataProvider
    return int(able.Identify | able.IdentifyValue | able.Size)


def wants_counts(statistics):
    """Whether a mask of statistics asks for the sum, which takes counting the valid samples."""
    sums = QgsRasterBandStats.Stats.Sum
    if hasattr(Qgis, "RasterBandStatistic"):
        sums = Qgis.RasterBandStatistic.Sum
    return bool(_number(statistics) & _number(sums))


def all_statistics():
    """The mask of all statistics, of the type that QgsRasterBandStats.statsGathered takes."""
    if hasattr(Qgis, "RasterBandStatistic"):
        return Qgis.RasterBandStatistic.All
    return QgsRasterBandStats.Stats.All


def _number(flags):
    return flags.value if hasattr(flags, "value") else int(flags)


def no_flags():
    """Flags to open a provider with where none are wanted."""
    return QgsDataProvider.ReadFlags()
