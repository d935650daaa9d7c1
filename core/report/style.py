"""The reports' style sheet: light, dark and printed."""

_LIGHT = """
  --page: #f7f8f8; --card: #ffffff; --ink: #1b2127; --muted: #56616b; --line: #dde2e5;
  --accent: #1d5c8a; --warning: #fbf3e2;
"""
_DARK = """
  --page: #13171b; --card: #1a2026; --ink: #e4e8eb; --muted: #9ba7b2; --line: #303941;
  --accent: #86bde3; --warning: #2c2619;
"""

STYLE = (
    ":root {" + _LIGHT + "color-scheme: light dark; }\n"
    "@media screen and (prefers-color-scheme: dark) { :root {" + _DARK + "} }\n"
    """
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 62rem;
  background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
}
h1 { margin: 0; font-size: 1.7rem; line-height: 1.25; font-weight: 650; overflow-wrap: anywhere; }
h2 { margin: 0 0 1rem; font-size: 1.15rem; font-weight: 650; }
h3 { margin: 1.75rem 0 0.5rem; font-size: 1rem; font-weight: 600; }
p { margin: 0.5rem 0; max-width: 46rem; }
.subtitle { margin: 0.25rem 0 1.75rem; color: var(--muted); overflow-wrap: anywhere; }
section {
  margin: 0 0 1.25rem; padding: 1.5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 0.5rem;
}
.explained { color: var(--muted); font-size: 0.875rem; }
.warning { margin: 0 0 1.25rem; padding: 0.75rem 1rem; max-width: none; background: var(--warning);
  border: 1px solid var(--line); border-radius: 0.5rem; }
.cards { display: flex; flex-wrap: wrap; margin: 0 -0.75rem; }
.cards div { flex: 0 0 25%; min-width: 10.5rem; margin: 0 0 1.25rem; padding: 0 0.75rem; }
.cards dt { color: var(--muted); font-size: 0.8125rem; }
.cards dd { margin: 0; font-size: 1.6rem; line-height: 1.3; font-weight: 600;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
.unit { color: var(--muted); font-size: 0.8125rem; font-weight: 400; }
.cards .lead dd { color: var(--accent); }
table { border-collapse: collapse; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { padding: 0 0 0.5rem; color: var(--muted); text-align: left; }
th, td { padding: 0.3rem 0.75rem; border-bottom: 1px solid var(--line); text-align: right;
  white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; }
thead th { vertical-align: bottom; font-weight: 600; border-bottom: 1px solid var(--muted); }
tbody th { font-weight: 400; }
tr.unused { color: var(--muted); }
.facts { width: 100%; }
.facts th, .facts td { text-align: left; vertical-align: top; white-space: normal;
  overflow-wrap: anywhere; }
.facts th { width: 13.5rem; color: var(--muted); overflow-wrap: normal; }
.facts tr:last-child > * { border-bottom: 0; }
.facts + figure { margin-top: 1.5rem; }
.facts + .explained { margin-top: 0.75rem; }
.facts + .facts { border-top: 1px solid var(--line); }
.classes th:first-child { text-align: left; }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.5em; border-radius: 0.15em;
  border: 1px solid var(--line); vertical-align: -0.05em; }
.legend { display: flex; flex-wrap: wrap; margin: 0.5rem 0 1rem; padding: 0; list-style: none;
  font-size: 0.875rem; }
.legend li { margin: 0 1.25rem 0.25rem 0; white-space: nowrap; }
.scroll { overflow-x: auto; }
details { margin-top: 1rem; }
summary { cursor: pointer; color: var(--accent); }
summary + * { margin-top: 1rem; }
figure { margin: 0 0 1.25rem; }
figure:last-child { margin-bottom: 0; }
figure img { display: block; width: 100%; height: auto; }
figcaption { margin-top: 0.4rem; color: var(--muted); font-size: 0.875rem; }
.panels { display: flex; flex-wrap: wrap; margin: 0 -0.5rem; }
.panels figure { flex: 1 1 15rem; margin: 0 0 1rem; padding: 0 0.5rem; }
.panels.wide figure { flex-basis: 100%; }
.panels img { max-height: 30rem; object-fit: contain; object-position: left top; }
.panels img.pixels { image-rendering: pixelated; }
.panels img.thin { height: 3rem; object-fit: fill; }
img.bar { max-width: 26rem; }
figure img.own-size { width: auto; max-width: 100%; }
@media screen and (max-width: 40rem) {
  body { padding: 1.5rem 0.75rem 3rem; }
  section { padding: 1rem; }
  .cards div { flex-basis: 50%; min-width: 0; }
  .facts th, .facts td { display: block; width: auto; padding-left: 0; }
  .facts th { padding-bottom: 0; border-bottom: 0; }
}
@media print {
  body { padding: 0; max-width: none; background: none; font-size: 11pt; }
  section { padding: 0 0 0.5rem; border: 0; background: none; }
  figure, .cards, tr, h2, h3 { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  thead { display: table-header-group; }
}
"""
)
