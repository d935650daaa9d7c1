"""The text of a virtual raster, as GDAL's VRT driver reads it (gdal.org, "VRT -- GDAL Virtual Format")."""

from html import escape

from ..raster.band_items import band_name, default_items, imagery_items

FUNCTION = "hiner_vrt.decode"
MASK = -1
"""The band that is the file's mask."""
_TYPES = {
    # GDAL knows Int8 from 3.7 on.
    "uint8": "Byte", "int8": "Int16", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32",
    "float32": "Float32", "float64": "Float64",
}


def vrt_text(description, hnr_path, wavelengths, has_mask=False):
    """The document: a band for each of a SceneDescription, decoded from a `.hnr` file by its absolute path.

    has_mask: whether the file's mask stands beside them.
    """
    lines = [f'<VRTDataset rasterXSize="{description.n_cols}" rasterYSize="{description.n_rows}">']
    lines += _place(description.georeference) + _metadata(dict(description.metadata))
    if description.georeference.rpc:
        lines += _metadata(description.georeference.rpc.items(), "RPC")
    for number, band in enumerate(description.bands):
        lines += _band(number, band, description, hnr_path, wavelengths)
    if has_mask:
        lines += _mask(hnr_path, wavelengths)
    return "\n".join([*lines, "</VRTDataset>", ""])


def _place(place):
    lines = []
    if place.gcps:
        lines.append(f"<GCPList Projection={_quoted(place.crs_wkt)}>")
        for number, p in enumerate(place.gcps, start=1):
            lines.append(
                f'<GCP Id="{number}" Pixel="{p.column!r}" Line="{p.row!r}" X="{p.x!r}" Y="{p.y!r}" Z="{p.z!r}" />'
            )
        return [*lines, "</GCPList>"]
    if place.crs_wkt:
        lines.append(f"<SRS>{escape(place.crs_wkt)}</SRS>")
    if place.geotransform is not None:
        lines.append(f"<GeoTransform>{', '.join(repr(float(v)) for v in place.geotransform)}</GeoTransform>")
    return lines


def _band(number, band, scene, hnr_path, wavelengths):
    lines = [
        f'<VRTRasterBand dataType="{_TYPES[scene.dtype]}" band="{number + 1}" subClass="VRTDerivedRasterBand">',
        f"<Description>{escape(band_name(number + 1, band))}</Description>",
    ]
    lines += _metadata(default_items(band)) + _metadata(imagery_items(band), "IMAGERY")
    if scene.nodata is not None:
        lines.append(f"<NoDataValue>{float(scene.nodata)!r}</NoDataValue>")
    if band.scale != 1.0 or band.offset != 0.0:
        lines += [f"<Offset>{band.offset!r}</Offset>", f"<Scale>{band.scale!r}</Scale>"]
    return [*lines, *_function(hnr_path, wavelengths, number), "</VRTRasterBand>"]


def _mask(hnr_path, wavelengths):
    return [
        "<MaskBand>",
        '<VRTRasterBand dataType="Byte" subClass="VRTDerivedRasterBand">',
        *_function(hnr_path, wavelengths, MASK), "</VRTRasterBand>", "</MaskBand>",
    ]


def _function(hnr_path, wavelengths, band):
    return [
        f"<PixelFunctionType>{FUNCTION}</PixelFunctionType>",
        "<PixelFunctionLanguage>Python</PixelFunctionLanguage>",
        f'<PixelFunctionArguments path={_quoted(hnr_path)} wavelengths={_quoted(wavelengths)} band="{band}" />',
    ]


def _metadata(items, domain=""):
    if not items:
        return []
    head = f'<Metadata domain="{domain}">' if domain else "<Metadata>"
    return [head, *(f"<MDI key={_quoted(key)}>{escape(str(value))}</MDI>" for key, value in items.items()), "</Metadata>"]


def _quoted(text):
    return f'"{escape(str(text), quote=True)}"'
