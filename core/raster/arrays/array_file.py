"""A file of arrays and attributes in groups (HDF5, netCDF), read through GDAL's multidimensional model."""

import numpy as np

from ...clean_text import clean_text
from ..gdal_access import errors, gdal, reason

# What every HDF5 file, so every netCDF 4 file, starts with.
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# The one reads what the other leaves: HDF5's driver does not take files that end in .nc.
_DRIVERS = ["HDF5", "netCDF"]


class ArrayFile:
    """An open file; what is asked of it and is not there, or of another kind, raises ValueError."""

    def __init__(self, dataset):
        # Its groups and arrays need it to live as long.
        self._dataset, self._root = dataset, dataset.GetRootGroup()

    @classmethod
    def open(cls, path):
        """The ArrayFile of a path; None where it is no such file or GDAL has no driver for it."""
        if not _is_hdf5(path):
            return None
        dataset = None
        with errors():
            dataset = gdal.OpenEx(path, gdal.OF_MULTIDIM_RASTER, allowed_drivers=_DRIVERS)
        return cls(dataset) if dataset is not None and dataset.GetRootGroup() is not None else None

    def groups(self, name="/"):
        """Names of the groups inside the one of this full name, `/` the outermost; none where it is not there."""
        return self._inside(name, "GetGroupNames")

    def arrays(self, name="/"):
        """Names of the arrays inside the group of this full name; none where it is not there."""
        return self._inside(name, "GetMDArrayNames")

    def _inside(self, name, method):
        group = self._root
        with errors():
            for part in filter(None, name.split("/")):
                group = group and group.OpenGroup(part)
            return list(getattr(group, method)() or ()) if group else []
        return []

    def attribute(self, name):
        """A number, a text or a tuple of more that the file states of itself; None where it does not."""
        value = None
        with errors():
            attribute = self._root.GetAttribute(name)
            value = attribute and attribute.Read()
        if isinstance(value, (tuple, list)) and len(value) == 1:
            (value,) = value
        return clean_text(value) if isinstance(value, (str, bytes)) else value

    def number(self, name):
        """An attribute that is to be one finite number."""
        (value,) = self.numbers(name, 1)
        return value

    def numbers(self, name, count=None):
        """An attribute that is to be a list of finite numbers, of so many where `count` is given."""
        value = self.attribute(name)
        values = value if isinstance(value, (tuple, list)) else (value,)
        try:
            values = tuple(map(float, values))
        except (TypeError, ValueError) as error:
            raise ValueError(f"its attribute {name} is missing or no number") from error
        if not np.isfinite(values).all() or count is not None and len(values) != count:
            raise ValueError(f"its attribute {name} is not of {count or 'finite'} numbers")
        return values

    def array(self, name, n_dimensions):
        """GDAL's array of a full name, which is to have so many dimensions."""
        found = None
        with errors() as texts:
            found = self._root.OpenMDArrayFromFullname(name)
        if found is None:
            raise ValueError(f"its array {name} is missing.{reason(texts)}")
        if found.GetDimensionCount() != n_dimensions:
            raise ValueError(f"its array {name} has {found.GetDimensionCount()} dimensions, not {n_dimensions}")
        return found

    def values(self, name, n_dimensions):
        """All values of an array of a full name, float64."""
        return read_array(self.array(name, n_dimensions), "float64", gdal.GDT_Float64)


def read_array(array, dtype, gdal_type, starts=None, counts=None):
    """Values of a block of GDAL's array, all of it without `starts` and `counts`: ndarray of NumPy's `dtype`.

    Raises ValueError where they cannot be read.
    """
    counts = counts or [dimension.GetSize() for dimension in array.GetDimensions()]
    starts, data = starts or [0] * len(counts), None
    with errors() as texts:
        kind = gdal.ExtendedDataType.Create(gdal_type)
        data = array.Read(array_start_idx=starts, count=counts, buffer_datatype=kind)
    if data is None or texts:
        raise ValueError(f"{array.GetFullName()} cannot be read; is the file truncated?{reason(texts)}")
    values = np.frombuffer(data, dtype=dtype).reshape(counts)
    # A copy where GDAL hands out immutable bytes: callers may write into what they read.
    return values if values.flags.writeable else values.copy()


def _is_hdf5(path):
    try:
        with open(path, "rb") as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except (OSError, ValueError):
        # No file, but something that GDAL may know: a sublayer, a file inside an archive.
        return False
