"""A file of arrays and attributes in groups (HDF5, netCDF), read through GDAL's multidimensional model."""

import numpy as np

from ...clean_text import clean_text
from ..gdal_access import GDAL_TYPES, errors, gdal, reason

# What every HDF5 file, so every netCDF 4 file, starts with.
_SIGNATURE = b"\x89HDF\r\n\x1a\n"
# The one reads what the other leaves: HDF5's driver does not take files that end in .nc.
_DRIVERS = ["HDF5", "netCDF"]


class ArrayFile:
    """An open file; what is asked of it and is not there, or of another kind, raises ValueError."""

    def __init__(self, dataset):
        # Its groups and arrays need it to live as long.
        self._dataset, self._root = dataset, dataset.GetRootGroup()
        self._attributes = {}
        # First of all: of damaged files GDAL 3.6 finds none here, and crashes over them once a group was opened.
        with errors():
            self._attributes = {clean_text(found.GetName()): found for found in self._root.GetAttributes() or ()}

    @classmethod
    def open(cls, path):
        """The ArrayFile of a path; None where it is no such file or GDAL has no driver for it."""
        if not _is_hdf5(path):
            return None
        dataset = None
        with errors():
            dataset = gdal.OpenEx(path, gdal.OF_MULTIDIM_RASTER, allowed_drivers=_DRIVERS)
        return cls(dataset) if dataset is not None and dataset.GetRootGroup() is not None else None

    def close(self):
        """Let go of the file, once nothing holds an array of it any more."""
        self._dataset = self._root = None
        self._attributes = {}

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
            return [clean_text(found) for found in getattr(group, method)() or ()] if group else []
        return []

    def attribute(self, name):
        """A number, a text or a tuple of more that the file states of itself; None where it does not."""
        value, found = None, self._attributes.get(name)
        if found is not None:
            with errors():
                value = found.Read()
        if isinstance(value, (tuple, list)) and len(value) == 1:
            (value,) = value
        return clean_text(value) if isinstance(value, (str, bytes)) else value

    def number(self, name):
        """An attribute that is to be one finite number."""
        (value,) = self.numbers(name, 1)
        return value

    def numbers(self, name, count):
        """An attribute that is to be a list of so many finite numbers."""
        value = self.attribute(name)
        values = value if isinstance(value, (tuple, list)) else (value,)
        try:
            values = tuple(map(float, values))
        except (TypeError, ValueError) as error:
            raise ValueError(f"its attribute {name} is missing or no number") from error
        if len(values) != count:
            raise ValueError(f"its attribute {name} has {len(values)} numbers, not {count}")
        if not np.isfinite(values).all():
            raise ValueError(f"its attribute {name} holds values that are no finite numbers")
        return values

    def array(self, name, n_dimensions):
        """GDAL's array of a full name, which is to have so many dimensions, none of them empty."""
        found = None
        with errors() as texts:
            found = self._root.OpenMDArrayFromFullname(name)
        if found is None:
            raise ValueError(f"its array {name} is missing{reason(texts).rstrip('.')}")
        shape = shape_of(found)
        if len(shape) != n_dimensions or not all(shape):
            raise ValueError(f"its array {name} is of {' x '.join(map(str, shape)) or 'no'} values")
        return found

    def values(self, name, shape):
        """All values of an array of a full name, which is to have this shape, float64."""
        array = self.array(name, len(shape))
        if shape_of(array) != tuple(shape):
            sizes = [" x ".join(map(str, sizes)) for sizes in (shape_of(array), shape)]
            raise ValueError(f"its array {name} is of {sizes[0]} values, not {sizes[1]}")
        return read_array(array, "float64", [0] * len(shape), list(shape))


def shape_of(array):
    """Sizes of the dimensions of GDAL's array, a tuple."""
    return tuple(dimension.GetSize() for dimension in array.GetDimensions())


def read_array(array, dtype, starts, counts):
    """Values of a block of GDAL's array, (counts), of NumPy's `dtype`, not to be written to.

    Raises ValueError where they cannot be read.
    """
    data = None
    with errors() as texts:
        kind = gdal.ExtendedDataType.Create(GDAL_TYPES[dtype])
        data = array.Read(array_start_idx=starts, count=counts, buffer_datatype=kind)
    if data is None or texts:
        raise ValueError(f"{array.GetFullName()} cannot be read; is the file damaged?{reason(texts)}")
    return np.frombuffer(data, dtype=dtype).reshape(counts)


def _is_hdf5(path):
    try:
        with open(path, "rb") as file:
            return file.read(len(_SIGNATURE)) == _SIGNATURE
    except (OSError, ValueError):
        # No file, but something that GDAL may know: a sublayer, a file inside an archive.
        return False
