"""Following the layer that is active in QGIS, and what is done to it elsewhere."""

from qgis.PyQt import sip


class ActiveLayer:
    """Calls `show(layer or None)` when another layer becomes active, or it changes, or goes."""

    def __init__(self, iface, show):
        self._iface, self._show, self._layer = iface, show, None

    def start(self):
        """Listen, beginning with the layer that is active."""
        self._iface.currentLayerChanged.connect(self._follow)
        self._follow(self._iface.activeLayer())

    def stop(self):
        """Listen no more."""
        self._iface.currentLayerChanged.disconnect(self._follow)
        self._let_go()

    def _follow(self, layer):
        self._let_go()
        self._layer = layer
        if layer is not None:
            for signal in _changes(layer):
                signal.connect(self._refresh)
            layer.willBeDeleted.connect(self._gone)
        self._show(layer)

    def _refresh(self):
        self._show(self._layer)

    def _gone(self):
        # The layer is not to be asked any more, and its signals go with it.
        self._layer = None
        self._show(None)

    def _let_go(self):
        layer, self._layer = self._layer, None
        if layer is None or sip.isdeleted(layer):
            return
        for signal in _changes(layer):
            signal.disconnect(self._refresh)
        layer.willBeDeleted.disconnect(self._gone)


def _changes(layer):
    return layer.dataSourceChanged, layer.rendererChanged
