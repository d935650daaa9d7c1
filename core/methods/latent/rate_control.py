"""The step at which a latent file has the size, the PSNR or the largest error that was wished."""

import math
from functools import partial

from ..contract import Encoded
from . import correction_streams, scene_stream, search
from .decoder import CORRECTION_STEP
from .forecast import Forecast

RATE_TOLERANCE, PSNR_TOLERANCE = 0.015, 0.05
START = 320
"""A number of a step such as are often wished."""
STRIDE = 32
"""Between steps that are tried for the fewest bits: half an octave beside the best costs 0.4 %, about."""
NEAR = 64
"""So far from a step a forecast is as good as at it."""


def at_rate(trial, rate, n_samples, overhead):
    """The Encoded of that many bits per sample, `overhead` bytes of which stand outside the section.

    A scene that comes back exactly from fewer is not coded finer.
    """
    target = math.log2(rate * n_samples / 8)

    def measure(number):
        section, parameters = trial.encode(number)
        figure = math.log2(len(section) + overhead)
        if figure < target and trial.is_exact():
            figure = target
        return figure, (section, parameters)

    def expected(forecast, number):
        return math.log2(forecast.bits(number) / 8 + overhead)

    return _found(trial, measure, target, math.log2(1 + RATE_TOLERANCE), expected)


def at_psnr(trial, psnr):
    """The Encoded of that mean PSNR in dB, or of the next above that can be had."""

    def measure(number):
        encoded = trial.encode(number)
        return trial.psnr(), encoded

    return _found(trial, measure, psnr, PSNR_TOLERANCE, Forecast.psnr, at_least=True)


def _found(trial, measure, target, tolerance, expected, at_least=False):
    forecast = trial.forecast(START)
    start = search.following({}, target, partial(expected, forecast), trial.bounds)
    if abs(start - START) > NEAR:
        forecast = trial.forecast(start)
    found = search.find(measure, target, tolerance, partial(expected, forecast), trial.bounds, at_least)
    return _encoded(*found[1])


def within_error(trial, correction_step):
    """The smallest Encoded that corrections of that step, in stored units, bring within the bound."""

    def measure(number):
        return 8 * len(trial.encode(number)[0]) + trial.correction_bits(correction_step)

    forecast, step = trial.forecast(START), correction_step / trial.scale
    coarsest, finest = trial.bounds
    every = range(coarsest, finest + 1, 2 * STRIDE)
    start = min(every, key=lambda number: forecast.bits_corrected(number, step))
    number = search.lowest(measure, start, trial.bounds, STRIDE)
    section, parameters = trial.encode(number)
    corrections = trial.corrections(correction_step)
    return _encoded(section, {**parameters, CORRECTION_STEP: correction_step}, corrections)


def _encoded(section, parameters, corrections=None):
    sections = {scene_stream.SECTION: section}
    if corrections is not None:
        sections[correction_streams.SECTION] = corrections
    return Encoded(parameters, sections)
