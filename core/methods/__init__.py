"""The registered ways to code a scene; a `.hnr` file names the one it was made with."""

from ..errors import FormatError, ParameterError
from .hiner.method import HinerMethod
from .latent.method import LatentMethod

METHODS = (HinerMethod(), LatentMethod())


def method_named(name):
    """The registered method; raises ParameterError for an unknown name."""
    for method in METHODS:
        if method.name == name:
            return method
    raise ParameterError(f"Method {name!r} is none of {', '.join(m.name for m in METHODS)}.")


def method_of(header, path):
    """The method a file was made with; raises FormatError where this version does not know it."""
    for method in METHODS:
        if method.name == header.method:
            return method
    raise FormatError(
        f"{path} was coded with the method '{header.method}' by {header.encoder}, which this "
        "version does not know. Update the HINER plugin to read it."
    )
