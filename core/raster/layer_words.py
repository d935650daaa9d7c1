"""What a user has told QGIS of a raster and its file does not say: nodata values, a coordinate reference system."""

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class LayerWords:
    """properties: custom properties of the layer, asked for wavelengths after all else. nodata: {0-based band of the
    raster: values that mark no data beside the file's own}. crs_wkt: what the user set in the place of the file's.
    ranges: (least, greatest) of values that are to mark no data, which a file cannot state.
    """

    properties: dict = field(default_factory=dict)
    nodata: dict = field(default_factory=dict)
    crs_wkt: str = ""
    ranges: tuple = ()


def with_words(facts, words):
    """RasterFacts with what LayerWords add to them, and notes on that."""
    notes, place = [], facts.georeference
    bands = tuple(
        replace(band, more_nodata=tuple(words.nodata.get(number, ()))) for number, band in enumerate(facts.bands)
    )
    if any(band.more_nodata for band in bands):
        values = sorted({value for band in bands for value in band.more_nodata})
        listed = ", ".join(f"{value:g}" for value in values)
        notes.append(f"The layer's additional nodata values count as the file's own do: {listed}.")
    if words.ranges:
        listed = ", ".join(f"{low:g} to {high:g}" for low, high in sorted(set(words.ranges)))
        notes.append(f"The layer's ranges of additional nodata values do not count: {listed}. Give single values.")
    place, more = placed(place, words.crs_wkt)
    return replace(facts, bands=bands, georeference=place), [*notes, *more]


def placed(georeference, crs_wkt):
    """A Georeference with the CRS that was set for its layer ('' none), where it is one, and notes on that."""
    if not crs_wkt or not (georeference.geotransform or georeference.gcps):
        return georeference, ()
    why = "counts, not the file's" if georeference.crs_wkt else "counts; the file has none"
    note = f"The coordinate reference system that was set for the layer {why}."
    return replace(georeference, crs_wkt=crs_wkt), (note,)
