"""What is put into a page as text stays text."""

import pytest
from html_document import Document

from hiner.core.report.html import Html, element, joined, page, text

NASTY = "<script>alert('1' & \"2\")</script> \u00fcber </p>"


def test_text_comes_back_as_it_was():
    document = Document(page("Title", "Subtitle", element("p", NASTY), element("p", title=NASTY)))
    assert document.attributes("script") == []
    assert NASTY in document.words
    assert document.attributes("p")[-1]["title"] == NASTY


def test_markup_is_not_escaped_twice():
    inner = element("b", "a & b")
    assert inner == "<b>a &amp; b</b>"
    assert isinstance(inner, Html)
    assert element("p", inner, " < ", inner) == "<p><b>a &amp; b</b> &lt; <b>a &amp; b</b></p>"
    assert joined([inner, None, "x"]) == "<b>a &amp; b</b>x"


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x85", "\ud800", "\uffff"])
def test_characters_that_no_page_may_hold_are_replaced(character):
    safe = text(f"a{character}b")
    assert safe == "a\ufffdb"
    safe.encode("utf-8")


def test_attributes_by_their_names():
    made = element("td", "x", class_="number", aria_label="5", data_kind=None)
    assert made == '<td class="number" aria-label="5">x</td>'
    assert element("br") == "<br>"


def test_numbers_become_text():
    assert element("td", 42, " ", 1.5) == "<td>42 1.5</td>"
