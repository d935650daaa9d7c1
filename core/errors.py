"""One tree of errors. Each is also the standard class a caller would expect.

A message names the file (or parameter), says what is wrong, and what to do about it.
"""


class HinerError(Exception):
    """Anything this package raises on purpose."""


class RasterError(HinerError, OSError):
    """A raster could not be opened or read."""


class OutputError(HinerError, OSError):
    """A file could not be written; nothing is left under the name asked for."""


class SceneError(HinerError, ValueError):
    """A raster was read but is no scene that can be compressed."""


class FormatError(HinerError, ValueError):
    """A `.hnr` file is truncated, altered, from a newer version, or not one at all."""


class WavelengthError(HinerError, ValueError):
    """A wavelength outside the scene's range, inside a detector gap or on a bad band."""


class ParameterError(HinerError, ValueError):
    """A value asked for is out of range or contradicts another."""


class DependencyError(HinerError, ImportError):
    """A library that this step needs is not installed."""


class DeviceError(HinerError, RuntimeError):
    """The device asked for is absent or ran out of memory."""


class WorkerError(HinerError, ChildProcessError):
    """A process beside this one has ended, or never was one that can work; the work is done without it."""


class Cancelled(HinerError, InterruptedError):
    """The user cancelled; nothing was written."""
