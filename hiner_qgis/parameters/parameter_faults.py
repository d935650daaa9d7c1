"""Why QGIS does not take a parameter's value: it says no more itself than that the value is incorrect."""

from qgis.core import QgsProcessingParameterEnum

from .image_input import names_hnr
from .raster_input import why_not_a_raster


def explained(algorithm, parameters, context, message):
    """What is wrong with the first value that QGIS does not take, a text; `message` where there is no more to say."""
    for definition in algorithm.parameterDefinitions():
        value = parameters.get(definition.name())
        if definition.type() in ("raster", "layer") and isinstance(value, str) and value:
            reason = _no_layer(algorithm, parameters, definition, value, context)
        elif value is None or definition.checkValueIsAcceptable(value, context):
            continue
        else:
            reason = _refused(definition, value)
        if reason:
            return reason
    return message


def _no_layer(algorithm, parameters, definition, value, context):
    if definition.type() == "raster":
        found = algorithm.parameterAsRasterLayer(parameters, definition.name(), context)
        return "" if found else why_not_a_raster(value)
    if names_hnr(value):
        return f"{definition.name()}: {why_not_a_raster(value)}"
    found = algorithm.parameterAsLayer(parameters, definition.name(), context)
    return "" if found else f"{definition.name()}: {value} cannot be opened as a layer. Check the path."


def _refused(definition, value):
    if isinstance(definition, QgsProcessingParameterEnum):
        return f"{definition.name()}: {value!r} is none of {', '.join(definition.options())}. Write one of these names."
    return ""
