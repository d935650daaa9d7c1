"""The spectra drawn: matplotlib's canvas in QGIS's Qt. Importing this needs matplotlib."""

from matplotlib.figure import Figure

try:
    from matplotlib.backends.backend_qtagg import FigureCanvasQTAgg
except ImportError:  # matplotlib before 3.5
    from matplotlib.backends.backend_qt5agg import FigureCanvasQTAgg


class SpectrumPlot(FigureCanvasQTAgg):
    """Continuous lines from the decoder, dots at the file's own bands."""

    def __init__(self):
        super().__init__(Figure(figsize=(4, 3), constrained_layout=True))
        self._axes = self.figure.add_subplot()
        self.setMinimumSize(220, 180)
        self.show_spectra([])

    def show_spectra(self, spectra):
        """Draw these and nothing else."""
        axes = self._axes
        axes.clear()
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(color="#e3e6e8", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.tick_params(labelsize=8, colors="#56616b")
        nanometres = not spectra or any(spectrum.unit for spectrum in spectra)
        axes.set_xlabel("Wavelength (nm)" if nanometres else "Band number", fontsize=8)
        axes.set_ylabel("Value", fontsize=8)
        for spectrum in spectra:
            axes.plot(spectrum.positions, spectrum.values, color=spectrum.colour, linewidth=1.2)
            axes.plot(
                spectrum.centres, spectrum.band_values, ".", color=spectrum.colour, markersize=3
            )
        self.draw_idle()
