"""Why QGIS does not take a parameter's value: it says no more itself than that the value is incorrect."""

from qgis.core import QgsProcessingParameterEnum, QgsProcessingParameterNumber

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


def unreadable(algorithm, parameters):
    """What is wrong with a number that is given as a text and is none, which QGIS would take for 0; '' else."""
    for definition in algorithm.parameterDefinitions():
        value = parameters.get(definition.name())
        if isinstance(definition, QgsProcessingParameterNumber) and isinstance(value, str) and value.strip():
            try:
                float(value)
            except ValueError:
                return _refused(definition, value)
    return ""


def _no_layer(algorithm, parameters, definition, value, context):
    if definition.type() == "raster":
        found = algorithm.parameterAsRasterLayer(parameters, definition.name(), context)
        return "" if found else why_not_a_raster(value)
    found = algorithm.parameterAsLayer(parameters, definition.name(), context)
    return "" if found else f"{definition.name()}: {value} cannot be opened as a layer. Check the path."


def _refused(definition, value):
    if isinstance(definition, QgsProcessingParameterEnum):
        return f"{definition.name()}: {value!r} is none of {', '.join(definition.options())}. Write one of these names."
    if isinstance(definition, QgsProcessingParameterNumber):
        least, most = definition.minimum(), definition.maximum()
        limits = f"{least:g} or more" if most > 1e300 or most >= 2**31 - 1 else f"from {least:g} to {most:g}"
        return f"{definition.name()}: {value!r} is no number that can be; it has to be {limits}, with a decimal point."
    return ""
