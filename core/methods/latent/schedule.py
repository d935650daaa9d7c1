"""Which planes of which subbands of a level are coded at one time."""


def n_turns(n_planes):
    """Turns of a level."""
    return n_planes + 2


def alive_in(turn, filled, shapes):
    """[(orientation, plane)] that are coded in a turn, in coding order.

    A plane of LH comes one turn after the same plane of HL, of HH two turns: each sees its siblings and
    its own planes before. filled: (K, 3) bool, the others are not coded; shapes: of the three subbands.
    """
    places = [(o, turn - o) for o in range(3) if 0 <= turn - o < len(filled) and min(shapes[o]) > 0]
    return [(o, k) for o, k in places if filled[k, o]]


def groups(filled, shapes):
    """What is coded turn after turn, without the turns in which nothing is; see `alive_in`."""
    turns = (alive_in(turn, filled, shapes) for turn in range(n_turns(len(filled))))
    return [alive for alive in turns if alive]
