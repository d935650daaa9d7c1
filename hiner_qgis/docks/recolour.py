"""Showing other wavelengths in a layer, its style kept."""

import numpy as np
from qgis.core import (
    QgsContrastEnhancement,
    QgsDataProvider,
    QgsMapLayer,
    QgsMultiBandColorRenderer,
    QgsProject,
    QgsRasterLayer,
    QgsRasterMinMaxOrigin,
    QgsReadWriteContext,
    QgsRectangle,
    QgsSingleBandGrayRenderer,
    QgsSingleBandPseudoColorRenderer,
)
from qgis.PyQt.QtXml import QDomDocument

from ..layer import source, versions
from ..layer.bands import TRUE_COLOUR, layer_bands
from .layer_access import shown_of

_COLOURS = ("Red", "Green", "Blue")


def show_wavelengths(layer, wavelengths, coarseness=1):
    """Have a `hiner` layer show wavelengths (nm), one for each of its renderer's colours.

    coarseness: pixels along a side that one decoded sample stands for. Raises WavelengthError for
    wavelengths that the file cannot answer, RasterError where the file is gone and FormatError
    where it was replaced, with the layer as it was.
    """
    wanted = source.Source(shown_of(layer).source.path, wavelengths=tuple(wavelengths))
    _show(layer, wanted, list(range(1, len(wavelengths) + 1)), coarseness)


def show_sensor(layer, sensor):
    """Have a layer show all bands of a sensor, those nearest to red, green and blue in colours.

    Raises WavelengthError where the scene covers none of them, RasterError where the file is gone
    and FormatError where it was replaced, with the layer as it was.
    """
    shown = shown_of(layer)
    wanted = source.Source(shown.source.path, sensor=sensor)
    centres = np.array([band.wavelength for band in layer_bands(shown.hnr, wanted).bands])
    nearest = [int(np.argmin(np.abs(centres - colour))) + 1 for colour in TRUE_COLOUR]
    _show(layer, wanted, nearest, 1)


def _show(layer, wanted, numbers, coarseness):
    shown = shown_of(layer)
    # A source that cannot be opened leaves the layer without a renderer.
    shown.check_unchanged()
    uri = source.write(wanted)
    if uri != source.write(shown.source):
        layer_bands(shown.hnr, wanted)
        renderer, style = layer.renderer().clone(), _style_of(layer)
        nodata, crs = _users_nodata(layer.dataProvider()), layer.crs()
        options = QgsDataProvider.ProviderOptions()
        options.transformContext = QgsProject.instance().transformContext()
        layer.setDataSource(uri, layer.name(), source.PROVIDER, options, False)
        if crs != layer.dataProvider().crs():
            layer.setCrs(crs)
        layer.importNamedStyle(style, _kept())
        for number, ranges in enumerate(nodata[:layer.bandCount()], start=1):
            layer.dataProvider().setUserNoDataValue(number, ranges)
        _point_at(renderer, layer.dataProvider(), numbers)
        layer.setRenderer(renderer)
        QgsProject.instance().setDirty(True)
    shown_of(layer).values.coarseness = coarseness
    layer.triggerRepaint()


def _users_nodata(provider):
    return [provider.userNoDataValues(number) for number in range(1, provider.bandCount() + 1)]


def _kept():
    """All of a style but the custom properties, which hold the bands' wavelengths."""
    category = QgsMapLayer.StyleCategory
    return category.Symbology | category.Rendering


def _style_of(layer):
    style = QDomDocument()
    layer.exportNamedStyle(style, QgsReadWriteContext(), _kept())
    return style


def _point_at(renderer, provider, numbers):
    """Have a renderer show bands (1-based), its stretch that of theirs where it is automatic."""
    automatic = renderer.minMaxOrigin().limits() != QgsRasterMinMaxOrigin.Limits.None_
    if isinstance(renderer, QgsMultiBandColorRenderer):
        for colour, number in zip(_COLOURS, numbers):
            getattr(renderer, f"set{colour}Band")(number)
            before = getattr(renderer, f"{colour.lower()}ContrastEnhancement")()
            if before is not None:
                after = _enhancement(before, renderer, provider, number, automatic)
                getattr(renderer, f"set{colour}ContrastEnhancement")(after)
        return
    number = numbers[0]
    for setter in ("setInputBand", "setGrayBand", "setBand"):
        if hasattr(renderer, setter):
            getattr(renderer, setter)(number)
            break
    if isinstance(renderer, QgsSingleBandGrayRenderer) and renderer.contrastEnhancement() is not None:
        before = renderer.contrastEnhancement()
        renderer.setContrastEnhancement(_enhancement(before, renderer, provider, number, automatic))
    elif isinstance(renderer, QgsSingleBandPseudoColorRenderer) and automatic:
        _stretch_ramp(renderer, *_limits(renderer.minMaxOrigin(), provider, number))


def _enhancement(before, renderer, provider, number, automatic):
    after = QgsContrastEnhancement(provider.dataType(number))
    low, high = before.minimumValue(), before.maximumValue()
    if automatic:
        low, high = _limits(renderer.minMaxOrigin(), provider, number)
    after.setMinimumValue(low, False)
    after.setMaximumValue(high, False)
    after.setContrastEnhancementAlgorithm(before.contrastEnhancementAlgorithm())
    return after


def _limits(origin, provider, number):
    """The automatic limits of a band: the header's, or estimated where the user calls values nodata."""
    limits = QgsRasterMinMaxOrigin.Limits
    estimated = QgsRectangle(), int(QgsRasterLayer.SAMPLE_SIZE)
    if origin.limits() == limits.CumulativeCut:
        shares = origin.cumulativeCutLower(), origin.cumulativeCutUpper()
        return provider.cumulativeCut(number, *shares, *estimated)
    figures = provider.bandStatistics(number, versions.all_statistics(), *estimated)
    if origin.limits() == limits.StdDev:
        reach = origin.stdDevFactor() * figures.stdDev
        return figures.mean - reach, figures.mean + reach
    return figures.minimumValue, figures.maximumValue


def _stretch_ramp(renderer, low, high):
    """Move a pseudo-colour renderer's classes from its old limits to new ones."""
    function = renderer.shader().rasterShaderFunction() if renderer.shader() else None
    if function is None:
        return
    # The shader's, since a renderer's clone has forgotten its own on QGIS 3.22.
    start, stop = function.minimumValue(), function.maximumValue()
    if not stop > start:
        return
    items = function.colorRampItemList()
    for item in items:
        item.value = low + (item.value - start) * (high - low) / (stop - start)
    function.setMinimumValue(low)
    function.setMaximumValue(high)
    function.setColorRampItemList(items)
    renderer.setClassificationMin(low)
    renderer.setClassificationMax(high)
