"""Over how many lanes symbols are spread: all lanes are decoded in lockstep, one symbol a step.

A lane costs a few bytes, a step a fixed time; symbols a lane are what balances the two. That
the number of lanes grows with the number of symbols also means that a short piece of data can
claim only so many symbols.
"""

SYMBOLS_A_LANE = 8192


def n_lanes(count):
    """Lanes for `count` symbols, at least one."""
    return max(1, -(-count // SYMBOLS_A_LANE))
