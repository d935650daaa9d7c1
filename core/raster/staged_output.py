"""A file, with those written along with it, that appears under its name only when it is whole."""

import os
import shutil
import tempfile

import numpy as np

from ..errors import OutputError

# Files that GDAL would take for a part of the new raster if they outlived the old one.
_SIDECARS = (".aux.xml", ".ovr", ".msk", ".hdr")


class StagedOutput:
    """A hidden folder beside the target, in which the target's files are written.

    `path` is where to write. `commit` moves everything to its place, `discard` removes it; either
    ends the staging. Raises `OutputError` where the folder of the target cannot be written, and where
    an ENVI raster's header would replace that of another: scene.dat and scene.bsq share scene.hdr.
    """

    def __init__(self, target, driver=""):
        self.target = os.path.abspath(os.fspath(target))
        self._place, self._name = os.path.split(self.target)
        if os.path.isdir(self.target):
            raise OutputError(f"{target}: is a folder. Give a file name.")
        header = os.path.splitext(self.target)[0] + ".hdr"
        if driver == "ENVI" and os.path.exists(header) and not os.path.exists(self.target):
            raise OutputError(f"{target}: its header would replace {header}, another raster's. Choose another name.")
        try:
            self._folder = tempfile.mkdtemp(prefix=".hiner-", dir=self._place)
        except OSError as error:
            raise OutputError(
                f"{target}: cannot be written, since its folder cannot ({error.strerror}). "
                "Choose a folder that exists and that you may write to."
            ) from error
        self._written = os.path.join(self._folder, "output")
        self._scratch = os.path.join(self._folder, "scratch")
        os.mkdir(self._written)
        os.mkdir(self._scratch)
        self.path = os.path.join(self._written, self._name)

    def scratch(self, name):
        """A path for a file that is needed only until the end."""
        return os.path.join(self._scratch, name)

    def has_room(self, scene):
        """Whether the disk has room for all samples of a `SceneDescription`, uncompressed."""
        size = scene.n_samples * np.dtype(scene.dtype).itemsize
        return shutil.disk_usage(self._folder).free > size

    def commit(self):
        """Move all files to the target's folder, the target last, over what was there.

        Raises `OutputError`, with everything as it was, where that fails.
        """
        sidecars = [name for name in os.listdir(self._written) if name != self._name]
        self._forget_folder(sidecars)
        saved, placed, replaces = [], [], os.path.exists(self.target)
        try:
            for name in sidecars:
                if os.path.isfile(os.path.join(self._place, name)):
                    shutil.copy2(os.path.join(self._place, name), self.scratch(name))
                    saved.append(name)
                os.replace(os.path.join(self._written, name), os.path.join(self._place, name))
                placed.append(name)
            os.replace(self.path, self.target)
        except OSError as error:
            for name in placed:
                if name in saved:
                    os.replace(self.scratch(name), os.path.join(self._place, name))
                else:
                    os.remove(os.path.join(self._place, name))
            raise OutputError(
                f"{self.target}: could not be put in place ({error.strerror}). "
                "Close programs that have it open, or choose another name."
            ) from error
        else:
            self._remove_stale(sidecars, replaces)
        finally:
            self.discard()

    def discard(self):
        """Remove whatever was written and not committed."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _forget_folder(self, sidecars):
        """Put the file's name where an ENVI header names the path it was written under."""
        for name in sidecars:
            if name.lower().endswith(".hdr"):
                path = os.path.join(self._written, name)
                with open(path, "rb") as file:
                    header = file.read()
                with open(path, "wb") as file:
                    file.write(header.replace(os.fsencode(self.path), os.fsencode(self._name)))

    def _remove_stale(self, sidecars, replaces):
        stale = [self._name + suffix for suffix in _SIDECARS]
        if replaces:
            stale += self._world_files()
        for name in stale:
            if name not in sidecars and os.path.isfile(os.path.join(self._place, name)):
                os.remove(os.path.join(self._place, name))

    def _world_files(self):
        """Those of the raster that was here: scene.tfw and scene.tifw of scene.tif."""
        stem, ending = os.path.splitext(self._name)
        endings = (ending + "w", ending[:2] + ending[-1:] + "w") if ending else ()
        return [stem + cased for one in endings for cased in (one.lower(), one.upper())]
