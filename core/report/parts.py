"""The building blocks of the reports' pages."""

import base64

from .html import Html, element, joined


def section(title, *children):
    """A part of the page under its heading."""
    return element("section", element("h2", title), *children)


def paragraph(*children):
    """A paragraph of running text."""
    return element("p", *children)


def explained(*children):
    """A paragraph in small print that says what figures mean."""
    return element("p", *children, class_="explained")


def warning(*children):
    """A paragraph that must not be overlooked."""
    return element("p", *children, class_="warning", role="note")


def cards(figures):
    """Headline figures: (name, value, unit) texts; the first is set off."""
    entries = []
    for name, value, unit in figures:
        # The blank is part of the unit, in its smaller letters.
        number = element("dd", value, element("span", f" {unit}", class_="unit") if unit else None)
        entries.append(
            element("div", element("dt", name), number, class_=None if entries else "lead")
        )
    return element("dl", *entries, class_="cards")


def facts(rows):
    """A table of (name, value) texts; rows whose value is empty are left out."""
    lines = [
        element("tr", element("th", name, scope="row"), element("td", value))
        for name, value in rows
        if value
    ]
    return element("table", element("tbody", *lines), class_="facts")


def table(caption, columns, rows, class_=None):
    """A table of texts; `rows` holds (cells, in_use) pairs, rows not in use are greyed."""
    head = element("tr", *(element("th", name, scope="col") for name in columns))
    lines = []
    for cells, in_use in rows:
        first = element("th", cells[0], scope="row")
        others = (element("td", cell) for cell in cells[1:])
        lines.append(element("tr", first, *others, class_=None if in_use else "unused"))
    whole = element(
        "table", element("caption", caption), element("thead", head), element("tbody", *lines), class_=class_
    )
    return element("div", whole, class_="scroll")


def swatch(colour, name):
    """A class's colour, #rrggbb, before its name."""
    return joined([element("span", class_="swatch", style=f"background: {colour}"), name])


def legend(entries):
    """Colours with their names, side by side; entries: (colour, name)."""
    return element("ul", *(element("li", swatch(*entry)) for entry in entries), class_="legend")


def collapsible(summary, *children):
    """Contents that open on demand."""
    return element("details", element("summary", summary), *children)


def plot(drawn, description, caption=None, class_=None):
    """A Plot as a figure; `description` says in words what it shows."""
    return element(
        "figure", _themed(drawn, description, class_), element("figcaption", caption) if caption else None
    )


def colour_bar(drawn, description):
    """The Plot of a colour bar, narrower than the page."""
    return element("figure", _themed(drawn, description, "bar"))


def panels(pictures, shape):
    """Pictures side by side, or below each other where they are wide.

    pictures: (PNG as bytes, description, caption); shape: (rows, cols) of all of them.
    """
    n_rows, n_cols = shape
    thin = max(n_rows, n_cols) > 30 * min(n_rows, n_cols)
    figures = []
    for png, description, caption in pictures:
        image = element(
            "img", src=_uri(png), alt=description, width=n_cols, height=n_rows,
            class_="pixels thin" if thin else "pixels",
        )
        figures.append(element("figure", image, element("figcaption", caption)))
    return element("div", *figures, class_="panels wide" if n_cols > 2.5 * n_rows else "panels")


def _themed(drawn, description, class_=None):
    dark = element(
        "source", srcset=_uri(drawn.dark), media="screen and (prefers-color-scheme: dark)"
    )
    width, height = drawn.size
    light = element(
        "img", src=_uri(drawn.light), alt=description, width=width, height=height, class_=class_
    )
    return element("picture", dark, light)


def _uri(png):
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")


def lines(texts):
    """Texts, each on a line of its own."""
    parts = []
    for entry in texts:
        parts.extend([entry] if not parts else [element("br"), entry])
    return joined(parts) if parts else Html("")
