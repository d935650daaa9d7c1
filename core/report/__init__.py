"""Reports as self-contained HTML, and pictures as PNG."""
