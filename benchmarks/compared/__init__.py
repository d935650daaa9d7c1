"""The codecs that a user could take instead, each a curve of points (`point.Point`)."""
