"""Land-cover classification of an image: from labelled pixels to a class for every pixel."""
