"""Colours for classes that come without: what their names make a reader expect, else ones that most eyes tell apart."""

import re

# Paul Tol's qualitative colours; they come round after twelve.
_OTHERS = (
    "#332288", "#88ccee", "#44aa99", "#117733", "#999933", "#ddcc77",
    "#cc6677", "#882255", "#aa4499", "#6699cc", "#661100", "#888888",
)
# Whole words, or their beginnings where a star follows; the first line that fits counts.
_EXPECTED = (
    ("#2f78c4", "water river lake sea ocean pond canal"),
    ("#f2f6f8", "snow ice glacier"),
    ("#4d4d4d", "road* street asphalt railway rail* parking"),
    ("#c0392b", "urban building* built* settlement* roof* impervious city town residential"),
    ("#1b6b2f", "tree* forest* wood* conifer* deciduous"),
    ("#6aa84f", "shrub* bush* scrub"),
    ("#a6d96a", "grass* meadow* pasture* lawn herb* vegetation"),
    ("#e6b422", "crop* field* arable agricultur* cropland farmland"),
    ("#b07b4f", "soil bare sand* gravel"),
    ("#7fcdbb", "wetland* marsh* swamp* reed*"),
)


def class_colours(names):
    """A colour, #rrggbb, for each of the names; one that a name suggests is given once."""
    found = [_expected(name) for name in names]
    given = set()
    for place, colour in enumerate(found):
        if colour in given:
            found[place] = ""
        given.add(colour)
    return [colour or _OTHERS[place % len(_OTHERS)] for place, colour in enumerate(found)]


def _expected(name):
    words = re.findall(r"[^\W\d_]+", name.casefold())
    for colour, known in _EXPECTED:
        if any(_fits(word, one) for word in words for one in known.split()):
            return colour
    return ""


def _fits(word, known):
    return word.startswith(known[:-1]) if known.endswith("*") else word == known
