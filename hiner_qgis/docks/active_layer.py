"""Following the layer that is active in QGIS, and what is done to it elsewhere."""


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
        for signal in self._signals():
            signal.connect(self._refresh)
        if layer is not None:
            layer.willBeDeleted.connect(self._gone)
        self._show(layer)

    def _refresh(self):
        self._show(self._layer)

    def _gone(self):
        self._let_go()
        self._show(None)

    def _let_go(self):
        if self._layer is None:
            return
        for signal in self._signals():
            signal.disconnect(self._refresh)
        self._layer.willBeDeleted.disconnect(self._gone)
        self._layer = None

    def _signals(self):
        layer = self._layer
        return () if layer is None else (layer.dataSourceChanged, layer.rendererChanged)
