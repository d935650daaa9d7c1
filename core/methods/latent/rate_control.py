"""The step at which a latent file has the size, the PSNR or the largest error that was wished."""

import math

from ..contract import Encoded
from . import correction_streams, scene_stream, search
from .decoder import COARSEST_STEP, CORRECTION_STEP, FINEST_STEP

BOUNDS = COARSEST_STEP, FINEST_STEP
RATE_TOLERANCE, PSNR_TOLERANCE = 0.01, 0.05
START, START_DB, START_RATE = 320, 42.0, 0.35
"""A number of a step, and about the PSNR and the bits per sample that it gives."""
DB_A_STEP, OCTAVES_A_STEP = 4.0 / 64, 1.0 / 64
STEPS_A_CORRECTION = 0.5
"""Where the search starts: the planes' step over the corrections' that takes the fewest bytes, about."""


def at_rate(trial, rate, n_samples, overhead):
    """The Encoded of that many bits per sample, `overhead` bytes of which stand outside the section."""

    def measure(number):
        section, parameters = trial.encode(number)
        return math.log2(len(section) + overhead), (section, parameters)

    goal = math.log2(rate * n_samples / 8), math.log2(1 + RATE_TOLERANCE)
    start = _start(math.log2(rate / START_RATE), OCTAVES_A_STEP)
    return _encoded(*search.find(measure, *goal, start, OCTAVES_A_STEP, BOUNDS)[1])


def at_psnr(trial, psnr):
    """The Encoded of that mean PSNR in dB."""

    def measure(number):
        encoded = trial.encode(number)
        return trial.psnr(), encoded

    start = _start(psnr - START_DB, DB_A_STEP)
    return _encoded(*search.find(measure, psnr, PSNR_TOLERANCE, start, DB_A_STEP, BOUNDS)[1])


def _start(distance, slope):
    return min(max(round(START + distance / slope), BOUNDS[0]), BOUNDS[1])


def within_error(trial, correction_step):
    """The smallest Encoded that corrections of that step, in stored units, bring within the bound."""

    def measure(number):
        return 8 * len(trial.encode(number)[0]) + trial.correction_bits(correction_step)

    relative = STEPS_A_CORRECTION * correction_step / trial.scale
    start = min(max(round(-64 * math.log2(relative)), BOUNDS[0]), BOUNDS[1])
    number = search.lowest(measure, start, BOUNDS)
    section, parameters = trial.encode(number)
    corrections = trial.corrections(correction_step)
    return _encoded(section, {**parameters, CORRECTION_STEP: correction_step}, corrections)


def _encoded(section, parameters, corrections=None):
    sections = {scene_stream.SECTION: section}
    if corrections is not None:
        sections[correction_streams.SECTION] = corrections
    return Encoded(parameters, sections)
