"""Numbers that are given as text, by scripts and `qgis_process`: QGIS reads 0 from what it cannot read."""

import re

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?")


def why_no_number(definitions, parameters):
    """What is wrong with the first number that is none or out of its range, a text; '' where all are right.

    definitions: an algorithm's QgsProcessingParameterDefinitions; others than numbers are passed over.
    """
    for definition in definitions:
        value = parameters.get(definition.name())
        if definition.type() == "number" and isinstance(value, (str, int, float)) and value != "":
            wrong = _why_not(definition, value)
            if wrong:
                return f"{definition.name()}: {wrong}"
    return ""


def _why_not(definition, value):
    # As Qt reads it: Python would take 1_000 too, of which QGIS makes 0.
    if isinstance(value, str) and not _NUMBER.fullmatch(value.strip()):
        hint = " The decimal sign is a point." if "," in value else ""
        return f"'{value}' is no number.{hint}"
    number = float(value)
    if number < definition.minimum():
        return f"{value} is too small; give {definition.minimum():g} or more."
    if number > definition.maximum():
        return f"{value} is too large; give {definition.maximum():g} or less."
    return ""
