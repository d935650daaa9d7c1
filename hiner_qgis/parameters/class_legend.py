"""Classes as layers show them: names and colours of a categorised or paletted style."""

from qgis.core import QgsCategorizedSymbolRenderer, QgsPalettedRasterRenderer

from ...core.classification.labels.legend import Label


def labels_of_style(layer, field):
    """{key: Label} of a vector layer's categorised style for a field; empty where it has none."""
    renderer = layer.renderer()
    if not isinstance(renderer, QgsCategorizedSymbolRenderer) or not _is_about(renderer, field):
        return {}
    labels = {}
    for category in renderer.categories():
        # A category that a script made may have no symbol.
        colour = category.symbol().color().name() if category.symbol() else ""
        values = category.value() if isinstance(category.value(), list) else [category.value()]
        for value in values:
            key = class_key(value)
            if key is not None and key != "":
                labels[key] = Label(key, category.label().strip(), colour)
    return labels


def field_of_style(layer):
    """The field that a vector layer's categorised style shows, '' where it has no such style."""
    renderer = layer.renderer()
    return renderer.classAttribute().strip('"') if isinstance(renderer, QgsCategorizedSymbolRenderer) else ""


def labels_of_raster(layer):
    """{value: Label} of a raster layer's paletted style, or of the colour table in its file."""
    renderer = layer.renderer()
    if isinstance(renderer, QgsPalettedRasterRenderer):
        entries = renderer.classes()
    else:
        entries = layer.dataProvider().colorTable(1)
    labels = {}
    for entry in entries:
        key, name = int(entry.value), entry.label.strip()
        # A colour table alone names its values by their numbers.
        labels[key] = Label(key, "" if name == str(key) else name, entry.color.name())
    return labels


def load_saved_style(layer, value, context):
    """Give a layer that Processing opened for a parameter's value the style that lies beside its file.

    Processing itself leaves it out; layers of the project and those of an earlier step keep what they have.
    """
    project = context.project()
    is_shown = project is not None and project.mapLayer(layer.id()) is not None
    if isinstance(value, str) and value != layer.id() and not is_shown:
        layer.loadDefaultStyle()


def class_key(value):
    """A whole number or text that marks a class; None for NULL and for what can be neither."""
    if isinstance(value, bool) or isinstance(value, int):
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value.strip() if isinstance(value, str) else None


def _is_about(renderer, field):
    return renderer.classAttribute().strip('"') == field
