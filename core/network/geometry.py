"""Choosing strides for an image of any size, by what the published networks have in common."""

import itertools
import math

STAGES = (1, 2, 3, 4, 5, 6, 7, 8)
STRIDES = (1, 2, 3, 4, 5)
# The published grids have 9 to 18 cells (each costs 16 values a band in the file) and strides of
# about 3 on average; unequal strides of a stage would stretch what it paints.
WISHED_CELLS, WISHED_STRIDE = 9, 3.0
PADDING_WEIGHT, CELLS_WEIGHT, STRIDE_WEIGHT, UNEVEN_WEIGHT = 1.0, 0.2, 0.3, 0.1
# Padding at the grid is cut off after the first stages and costs next to nothing.
GRID_PADDING = 0.1
# A search over both sides together grows with the square of a side's choices.
BEST_OF_A_SIDE = 40


def choose_strides(n_rows, n_cols):
    """Stride pairs, first stage to last, for a frame of n_rows x n_cols.

    A search over all non-increasing strides of 1 to 5, each side on its own, for little padding,
    about the published number of grid cells and the published mean stride.
    """
    best = None
    for n_stages in STAGES:
        row_choices, col_choices = _side(n_rows, n_stages), _side(n_cols, n_stages)
        for row_strides, col_strides in itertools.product(row_choices, col_choices):
            cost = _cost((n_rows, n_cols), (row_strides, col_strides))
            if best is None or cost < best[0]:
                best = cost, tuple(zip(row_strides, col_strides))
    return best[1]


def computed_pixels(length, strides):
    """Pixels along one side that the last stage computes before the frame is cut out."""
    return -(-length // strides[-1]) * strides[-1]


def _side(length, n_stages):
    """Strides that could serve one side.

    A stride of 1 costs a convolution at full resolution and paints nothing finer, so it is only
    for sides too short for strides of 2 and more.
    """
    strides = STRIDES[1:] if length >= 2**n_stages else STRIDES
    choices = [
        choice
        for choice in itertools.combinations_with_replacement(reversed(strides), n_stages)
        if math.prod(choice) <= max(1, length)
    ]
    return sorted(choices, key=lambda choice: _cost((length,), (choice,)))[:BEST_OF_A_SIDE]


def _padding(length, strides):
    """log of computed over needed along one side, at the grid and at full resolution."""
    cells = -(-length // math.prod(strides))
    at_grid = cells * math.prod(strides) / length
    return GRID_PADDING * math.log(at_grid) + math.log(computed_pixels(length, strides) / length)


def _cost(lengths, sides):
    """What a choice of strides for one side or for both is worth; the least is the best."""
    cells = math.prod(-(-length // math.prod(side)) for length, side in zip(lengths, sides))
    wished_cells = WISHED_CELLS ** (len(sides) / 2)
    mean_stride = math.prod(math.prod(side) for side in sides) ** (1 / (len(sides) * len(sides[0])))
    uneven = sum(math.log(max(pair) / min(pair)) for pair in zip(*sides))
    return (
        PADDING_WEIGHT * sum(map(_padding, lengths, sides))
        + CELLS_WEIGHT * abs(math.log(cells / wished_cells))
        + STRIDE_WEIGHT * abs(math.log(mean_stride / WISHED_STRIDE))
        + UNEVEN_WEIGHT * uneven
    )
