"""The step at which a latent file has the size, the PSNR or the largest error that was wished."""

import math
from functools import partial

from ..contract import Encoded
from . import correction_streams, residues, scene_stream, search
from .decoder import CORRECTION_STEP, RESIDUE_BITS
from .forecast import Forecast

RATE_TOLERANCE, PSNR_TOLERANCE = 0.015, 0.05
START = 320
"""A number of a step such as are often wished."""
STRIDE = 32
"""Between steps that are tried for the fewest bits: half an octave beside the best costs 0.4 %, about."""
NEAR = 64
"""So far from a step a forecast is as good as at it."""
FAR = 40.0
"""Decibels over a wish: what lies further above, without any error even, says no more to the search."""
DOUBTFUL = 1.15
"""By what share no loss at all may take less than is expected of it, or a little more."""
TOO_COARSE = 1e18
"""Bits that none takes."""


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
        return figure, _encoded(section, parameters)

    def expected(forecast, number):
        return math.log2(forecast.bits(number) / 8 + overhead)

    return _found(trial, measure, target, math.log2(1 + RATE_TOLERANCE), expected)


def at_psnr(trial, psnr, ways=()):
    """The Encoded of that mean PSNR in dB, or of the next above that can be had; without loss where that takes less.

    ways: Keepings by which nothing is lost; none for data that is not whole numbers.
    """
    expected_bits = _cheapest(trial, ways)[0] if ways else math.inf
    exact = None

    def measure(number):
        nonlocal exact
        encoded = _encoded(*trial.encode(number))
        figure = min(trial.psnr(), psnr + FAR)
        if expected_bits < DOUBTFUL * 8 * encoded.n_bytes:
            exact = exact or within_error(trial, ways)
            if figure < psnr and exact.n_bytes < encoded.n_bytes:
                # Any finer step would take more still: the search is over.
                figure = psnr
        return figure, (figure, encoded)

    figure, encoded = _found(trial, measure, psnr, PSNR_TOLERANCE, Forecast.psnr, at_least=True)
    if exact and (exact.n_bytes < encoded.n_bytes or figure < psnr - PSNR_TOLERANCE):
        return exact
    return encoded


def _found(trial, measure, target, tolerance, expected, at_least=False):
    forecast = trial.forecast(START)
    start = search.following({}, target, partial(expected, forecast), trial.bounds)
    if abs(start - START) > NEAR:
        forecast = trial.forecast(start)
    return search.find(measure, target, tolerance, partial(expected, forecast), trial.bounds, at_least)[1]


def within_error(trial, ways):
    """The smallest Encoded of those that the Keepings bring within the bound."""
    _, start, way = _cheapest(trial, ways)

    def measure(number):
        bits = 8 * len(trial.encode(number)[0]) + trial.correction_bits(way.step)
        # What no corrections can make good has to be finer.
        return bits if math.isfinite(bits) else TOO_COARSE - number

    number = search.lowest(measure, start, trial.bounds, STRIDE)
    section, parameters = trial.encode(number)
    parameters = {**parameters, CORRECTION_STEP: way.step}
    sections = {correction_streams.SECTION: trial.corrections(way.step)}
    if way.residue_bits:
        parameters[RESIDUE_BITS] = way.residue_bits
        sections[residues.SECTION] = trial.residues(way.residue_bits)
    return _encoded(section, parameters, sections)


def _cheapest(trial, ways):
    """(bits, number of a step, Keeping) of the least that is expected to keep a bound."""
    forecast = trial.forecast(START)
    coarsest, finest = trial.bounds
    cases = [(number, way) for way in ways for number in range(coarsest, finest + 1, 2 * STRIDE)]
    bits = [forecast.bits_corrected(n, way.step / trial.scale) + trial.n_samples * way.residue_bits for n, way in cases]
    best = bits.index(min(bits))
    return (bits[best], *cases[best])


def _encoded(section, parameters, more=None):
    return Encoded(parameters, {scene_stream.SECTION: section, **(more or {})})
