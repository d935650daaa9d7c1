"""Reading a report back as a strict parser would."""

from html.parser import HTMLParser

_VOID = {"br", "img", "link", "meta", "source"}


class Document(HTMLParser):
    """A parsed page: `tags` in order with their attributes, `words` all its text.

    Raises AssertionError for elements that are not closed in the order in which they were opened.
    """

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self._open, self.tags, self._text = [], [], []
        self.feed(page)
        self.close()
        assert self._open == [], f"never closed: {self._open}"

    @property
    def words(self):
        return " ".join("".join(self._text).split())

    def attributes(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def handle_starttag(self, tag, attrs):
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} stands twice"
        self.tags.append((tag, dict(attrs)))
        if tag == "br":
            self._text.append(" ")
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open, f"</{tag}> closes nothing"
        assert self._open[-1] == tag, f"</{tag}> closes <{self._open[-1]}>"
        self._open.pop()
        if tag in ("td", "th", "p", "dd", "dt", "h1", "h2", "h3", "figcaption", "summary", "title"):
            self._text.append(" ")

    def handle_data(self, data):
        if "style" not in self._open:
            self._text.append(data)
