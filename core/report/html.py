"""HTML whose text is always escaped.

`element` takes texts and elements: what is not `Html` is text and cannot become markup, whatever
a raster's metadata holds.
"""

import html
import re

from .style import STYLE

_VOID = ("br", "img", "link", "meta", "source")
# HTML allows tab, newline and return, but no other control character and no half of a surrogate.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Html(str):
    """Markup that is whole and safe; made by `element` and `text` alone."""

    __slots__ = ()


def text(value):
    """Return a value as escaped text; markup stays what it is."""
    if isinstance(value, Html):
        return value
    return Html(html.escape(_FORBIDDEN.sub("\ufffd", str(value)), quote=True))


def element(tag, *children, **attributes):
    """Return an element. Attributes that are None are left out; `class_` stands for `class`, other
    underscores for hyphens."""
    opened = [tag]
    for name, value in attributes.items():
        if value is not None:
            opened.append(f'{name.rstrip("_").replace("_", "-")}="{text(value)}"')
    start = f"<{' '.join(opened)}>"
    if tag in _VOID:
        return Html(start)
    return Html(f"{start}{joined(children)}</{tag}>")


def joined(children):
    """Return elements and texts one after the other; None is left out."""
    return Html("".join(text(child) for child in children if child is not None))


def page(title, subtitle, *sections):
    """Return a whole document, a plain str. It refers to nothing outside itself."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", title),
        Html(f"<style>{STYLE}</style>"),
    )
    header = element("header", element("h1", title), element("p", subtitle, class_="subtitle"))
    body = element("body", header, element("main", *sections))
    return f'<!DOCTYPE html>\n<html lang="en">{head}{body}</html>\n'
