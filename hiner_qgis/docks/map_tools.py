"""Map tools that give a clicked point, or a polygon clicked corner by corner."""

from qgis.core import QgsGeometry, QgsPointXY, QgsWkbTypes
from qgis.gui import QgsMapTool, QgsRubberBand
from qgis.PyQt.QtCore import Qt, pyqtSignal
from qgis.PyQt.QtGui import QColor


class PointTool(QgsMapTool):
    """`picked(QgsPointXY)` in the canvas's CRS for each click."""

    picked = pyqtSignal(QgsPointXY)

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def canvasReleaseEvent(self, event):
        if event.button() == Qt.MouseButton.LeftButton:
            self.picked.emit(self.toMapCoordinates(event.pos()))


class PolygonTool(QgsMapTool):
    """`drawn(QgsGeometry)` in the canvas's CRS; left clicks set corners, a right click closes."""

    drawn = pyqtSignal(QgsGeometry)

    def __init__(self, canvas):
        super().__init__(canvas)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._corners = []
        self._band = QgsRubberBand(canvas, QgsWkbTypes.GeometryType.PolygonGeometry)
        self._band.setColor(QColor(213, 94, 0, 200))
        self._band.setFillColor(QColor(213, 94, 0, 40))
        self._band.setWidth(2)

    def canvasReleaseEvent(self, event):
        if event.button() == Qt.MouseButton.LeftButton:
            self._corners.append(self.toMapCoordinates(event.pos()))
            self._draw(self._corners)
        elif event.button() == Qt.MouseButton.RightButton:
            corners, self._corners = self._corners, []
            self._draw([])
            if len(corners) >= 3:
                self.drawn.emit(QgsGeometry.fromPolygonXY([corners]))

    def canvasMoveEvent(self, event):
        if self._corners:
            self._draw([*self._corners, self.toMapCoordinates(event.pos())])

    def keyPressEvent(self, event):
        if event.key() == Qt.Key.Key_Escape:
            self._corners = []
            self._draw([])
            event.accept()

    def deactivate(self):
        self._corners = []
        self._draw([])
        super().deactivate()

    def discard(self):
        """Take the drawing off the canvas for good."""
        if self._band is not None:
            self.canvas().scene().removeItem(self._band)
            self._band = None

    def _draw(self, corners):
        if self._band is not None:
            geometry = QgsGeometry.fromPolygonXY([corners]) if corners else QgsGeometry()
            self._band.setToGeometry(geometry, None)
