"""The spectra that are kept, each in a colour of its own."""

# Told apart also by those who see few colours (Okabe and Ito, 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#5b2a9d", "#444444")


class SpectrumCollection:
    """A list of `Spectrum`, with colours that are not in use where any is left."""

    def __init__(self):
        self.spectra = []

    def add(self, spectrum):
        """Keep a spectrum, in the colour used least."""
        used = [kept.colour for kept in self.spectra]
        spectrum.colour = min(COLOURS, key=used.count)
        self.spectra.append(spectrum)

    def remove(self, places):
        """Forget the spectra at these places."""
        self.spectra = [s for place, s in enumerate(self.spectra) if place not in set(places)]

    def rename(self, place, name):
        """Give a spectrum another name; blank ones are ignored."""
        if name.strip():
            self.spectra[place].name = name.strip()

    def clear(self):
        self.spectra = []
