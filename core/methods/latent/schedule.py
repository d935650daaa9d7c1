"""Which planes of which subbands of a level are coded at one time."""


def groups(filled, shapes):
    """Lists of (orientation, plane), in coding order.

    A plane of LH comes one turn after the same plane of HL, of HH two turns: each sees its siblings and
    its own planes before. filled: (K, 3) bool, the others are not coded; shapes: of the three subbands.
    """
    n_planes = len(filled)
    for turn in range(n_planes + 2):
        alive = [(o, turn - o) for o in range(3) if 0 <= turn - o < n_planes and min(shapes[o]) > 0]
        alive = [(o, k) for o, k in alive if filled[k, o]]
        if alive:
            yield alive
