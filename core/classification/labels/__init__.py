"""Labelled pixels: from points, polygons and rasters, their classes, and what of them is held out."""
