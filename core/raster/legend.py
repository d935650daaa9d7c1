"""What a raster of classes says of them: a colour table, category names and an attribute table."""

from typing import NamedTuple

# Category names are a list from 0 on: of high values it would be mostly empty.
_MOST_CATEGORIES = 1024


class LegendEntry(NamedTuple):
    """A class of a raster: its value, its name, its colour as #rrggbb."""

    value: int
    name: str
    colour: str

    @property
    def rgb(self):
        """(red, green, blue), 0 to 255."""
        return tuple(int(self.colour[start:start + 2], 16) for start in (1, 3, 5))


def give_legend(gdal, dataset, legend):
    """Give the first band of a new dataset its LegendEntries; without any, leave it as it is.

    gdal: GDAL's module, which `gdal_access` alone imports. GDAL's complaints are the caller's to hear.
    """
    if not legend:
        return
    band = dataset.GetRasterBand(1)
    band.SetColorTable(_colours(gdal, legend))
    highest = max(entry.value for entry in legend)
    if highest < _MOST_CATEGORIES:
        names = {entry.value: entry.name for entry in legend}
        band.SetCategoryNames([names.get(value, "") for value in range(highest + 1)])
    band.SetDefaultRAT(_attributes(gdal, legend))


def _colours(gdal, legend):
    table = gdal.ColorTable()
    for entry in legend:
        table.SetColorEntry(entry.value, (*entry.rgb, 255))
    return table


def _attributes(gdal, legend):
    table = gdal.RasterAttributeTable()
    columns = (
        ("Value", gdal.GFT_Integer, gdal.GFU_MinMax), ("Class", gdal.GFT_String, gdal.GFU_Name),
        ("Red", gdal.GFT_Integer, gdal.GFU_Red), ("Green", gdal.GFT_Integer, gdal.GFU_Green),
        ("Blue", gdal.GFT_Integer, gdal.GFU_Blue),
    )
    for column in columns:
        table.CreateColumn(*column)
    table.SetRowCount(len(legend))
    for row, entry in enumerate(legend):
        for column, number in ((0, entry.value), *zip((2, 3, 4), entry.rgb)):
            table.SetValueAsInt(row, column, number)
        table.SetValueAsString(row, 1, entry.name)
    return table
