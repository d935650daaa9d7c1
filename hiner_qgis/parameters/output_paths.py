"""Where an algorithm may write: under an ending that fits, over nothing that it reads, nothing twice."""

import os
import re

from qgis.core import (
    NULL,
    QgsMapLayer,
    QgsProcessing,
    QgsProcessingOutputLayerDefinition,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFileDestination,
    QgsProcessingUtils,
    QgsProperty,
    QgsProviderRegistry,
)

from ...core.errors import ParameterError
from ...core.whole_file import check_writable
from ..layer import source


def refuse_outputs(algorithm, parameters, context):
    """Raise `ParameterError` or `OutputError` where an output may not, or cannot, be written as wished.

    Before the work, which may take long and whose outcome would be lost.
    """
    inputs, outputs = {}, {}
    for definition in algorithm.parameterDefinitions():
        name, value = definition.name(), parameters.get(definition.name())
        if not definition.isDestination():
            inputs.update({path: name for path in _files_of(value, context)})
            continue
        if value in (None, "") and definition.defaultValue() in (None, "", NULL) and not _is_optional(definition):
            raise ParameterError(f"{name}: no file is given. Give the name of the file to write.")
        path = _destination(value, context)
        if "\0" in path:
            raise ParameterError(f"{name}: {path!r} is no name of a file.")
        if path:
            _check_ending(definition, path)
            outputs[name] = path
    taken = list(inputs.items())
    for name, path in outputs.items():
        other = next((known for held, known in taken if _is_same(held, path)), None)
        taken.append((path, name))
        if other is not None:
            raise ParameterError(
                f"{name} and {other} are the same file, {path}, which would be overwritten. Choose another name "
                f"for {name}."
            )
        check_writable(path)


def _is_optional(definition):
    return bool(definition.flags() & QgsProcessingParameterDefinition.Flag.FlagOptional)


def _check_ending(definition, path):
    if not isinstance(definition, QgsProcessingParameterFileDestination):
        return
    endings = re.findall(r"\*(\.\w+)", definition.fileFilter())
    if endings and not path.lower().endswith(tuple(endings)):
        raise ParameterError(f"{definition.name()}: {path} has to end in {' or '.join(endings)}.")


def _destination(value, context):
    """The file that a destination's value names; '' for a temporary one and for none."""
    if isinstance(value, QgsProcessingOutputLayerDefinition):
        value = value.sink
    if isinstance(value, QgsProperty):
        value, _ = value.valueAsString(context.expressionContext(), "")
    return value if isinstance(value, str) and value != QgsProcessing.TEMPORARY_OUTPUT else ""


def _files_of(value, context):
    """The files that stand behind a parameter's value: a path, a layer or its id, a list of such."""
    if isinstance(value, (list, tuple)):
        return [path for each in value for path in _files_of(each, context)]
    if isinstance(value, QgsProperty):
        value, _ = value.valueAsString(context.expressionContext(), "")
    layer = value if isinstance(value, QgsMapLayer) else None
    if isinstance(value, str) and value:
        layer = QgsProcessingUtils.mapLayerFromString(value, context, False)
    if layer is None:
        path = source.split(value)[0].split("|")[0] if isinstance(value, str) else ""
        return [path] if os.path.isfile(path) else []
    if layer.providerType() == source.PROVIDER:
        return [source.split(layer.source())[0]]
    path = QgsProviderRegistry.instance().decodeUri(layer.providerType(), layer.source()).get("path", "")
    return [path] if path else []


def _is_same(path, other):
    """Whether two names are those of one file, there or not."""
    if os.path.exists(path) and os.path.exists(other):
        return os.path.samefile(path, other)
    return os.path.normcase(os.path.realpath(path)) == os.path.normcase(os.path.realpath(other))
