"""The other end: doing one job after the other that a stream brings."""

import sys

import numpy as np

from ..parallel import set_threads
from ..version import VERSION
from . import messages
from .jobs import job

# Of the code as it was loaded: the files may have been replaced since.
GREETING = {"hiner": VERSION, "python": list(sys.version_info[:3]), "numpy": np.__version__}
"""What a process says first, and its parent compares with what it would say itself."""


def serve(wishes, answers):
    """Answer {"job", "arguments"} with {"gives"}, or {"failed"} in a few words, until the wishes end."""
    # The processes that work beside each other are as many as there are cores.
    set_threads(1)
    messages.write(answers, GREETING)
    while True:
        try:
            wish = messages.read(wishes)
        except EOFError:
            return
        messages.write(answers, _answer(wish))


def _answer(wish):
    try:
        return {"gives": job(wish["job"])(**wish["arguments"])}
    # Whatever it is: the process that asked does the job itself then, and meets it there.
    except Exception as error:
        return {"failed": f"{type(error).__name__}: {error}"}
