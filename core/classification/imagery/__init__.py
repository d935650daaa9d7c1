"""What a classifier sees of an image: its bands by wavelength, spectra, patches, images between the bands."""
