"""A project keeps its layers: moved, without the file, without the plugin."""

import os
import re
import shutil
import subprocess
import sys
import textwrap

import pytest


@pytest.fixture
def project(registered):
    from qgis.core import QgsProject

    project = QgsProject.instance()
    project.clear()
    yield project
    project.clear()


def _save(project, uri, path):
    from qgis.core import QgsRasterLayer

    layer = QgsRasterLayer(uri, "scene", "hiner")
    layer.setOpacity(0.5)
    project.addMapLayer(layer)
    assert project.write(str(path))
    project.clear()
    return path.read_text()


def _only_layer(project):
    return next(iter(project.mapLayers().values()))


@pytest.mark.parametrize("query", ["", "?wl=650,550,450", "?wl=file", "?sensor=sentinel2a"])
def test_a_moved_project_finds_its_layer(project, hnr_path, tmp_path, query):
    folder = tmp_path / "one"
    folder.mkdir()
    shutil.copy(hnr_path, folder / "scene.hnr")
    text = _save(project, str(folder / "scene.hnr") + query, folder / "p.qgs")
    # A layer's metadata may hold an empty one.
    assert re.findall("<datasource>([^<]+)</datasource>", text) == ["./scene.hnr" + query]
    os.rename(folder, tmp_path / "two")
    assert project.read(str(tmp_path / "two" / "p.qgs"))
    layer = _only_layer(project)
    assert layer.isValid()
    assert layer.source() == str(tmp_path / "two" / "scene.hnr") + query
    assert layer.opacity() == 0.5


@pytest.mark.parametrize("query", ["", "?wl=650,550,450"])
@pytest.mark.parametrize("prefix", ["", "hiner://"])
def test_a_project_under_a_link_names_its_file_by_where_it_lies(registered, hnr_path, tmp_path, query, prefix):
    """As QGIS asks from 3.30 on; the versions before ask no provider."""
    from qgis.core import QgsPathResolver, QgsProviderRegistry, QgsReadWriteContext

    (tmp_path / "real").mkdir()
    os.symlink(tmp_path / "real", tmp_path / "link")
    shutil.copy(hnr_path, tmp_path / "real" / "scene.hnr")
    (tmp_path / "real" / "p.qgs").touch()
    context = QgsReadWriteContext()
    context.setPathResolver(QgsPathResolver(str(tmp_path / "link" / "p.qgs")))
    metadata = QgsProviderRegistry.instance().providerMetadata("hiner")
    uri = f"{prefix}{tmp_path}/link/scene.hnr{query}"
    relative = metadata.absoluteToRelativeUri(uri, context)
    assert relative == "./scene.hnr" + query
    absolute, _, rest = metadata.relativeToAbsoluteUri(relative, context).partition("?")
    assert os.path.samefile(absolute, hnr_path.replace("scene.hnr", "real/scene.hnr"))
    assert rest == query[1:]


def test_a_layer_whose_file_is_away_is_whole_again_when_it_is_back(project, hnr_path, tmp_path):
    _save(project, hnr_path + "?wl=650,550,450", tmp_path / "p.qgs")
    os.rename(hnr_path, hnr_path + ".away")
    project.read(str(tmp_path / "p.qgs"))
    assert not _only_layer(project).isValid()
    assert project.write(str(tmp_path / "p.qgs"))
    os.rename(hnr_path + ".away", hnr_path)
    project.read(str(tmp_path / "p.qgs"))
    assert _only_layer(project).isValid()
    assert _only_layer(project).bandCount() == 3
    assert _only_layer(project).opacity() == 0.5


_WITHOUT_THE_PLUGIN = """
    import sys
    from qgis.core import QgsApplication, QgsProject
    application = QgsApplication([], False)
    application.initQgis()
    project = QgsProject.instance()
    project.read(sys.argv[1])
    print([layer.isValid() for layer in project.mapLayers().values()])
    project.write(sys.argv[1])
    project.clear()
    application.exitQgis()
"""


def test_a_project_saved_without_the_plugin_comes_back_whole(project, hnr_path, tmp_path):
    path = tmp_path / "p.qgs"
    _save(project, hnr_path + "?wl=650,550,450", path)
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(_WITHOUT_THE_PLUGIN))
    done = subprocess.run(
        [sys.executable, str(script), str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split("\n")[0] == "[False]", done.stderr
    project.read(str(path))
    layer = _only_layer(project)
    assert layer.isValid()
    assert layer.source() == hnr_path + "?wl=650,550,450"
    assert layer.opacity() == 0.5


def test_another_wavelength_keeps_the_style(open_layer, hnr_path):
    from qgis.core import QgsDataProvider

    layer = open_layer(hnr_path + "?wl=650,550,450")
    layer.setOpacity(0.3)
    options = QgsDataProvider.ProviderOptions()
    layer.setDataSource(hnr_path + "?wl=700,640,520", "scene", "hiner", options, False)
    assert layer.isValid()
    assert layer.opacity() == 0.3
    assert layer.dataProvider().wavelength(1) == 700
    assert layer.renderer().type() == "multibandcolor"


def test_a_duplicate_shows_the_same(open_layer, hnr_path, array_of):
    layer = open_layer(hnr_path + "?wl=640")
    copy = layer.clone()
    assert copy.isValid()
    blocks = [array_of(one.dataProvider().block(1, layer.extent(), 9, 7)) for one in (layer, copy)]
    assert (blocks[0] == blocks[1]).all()
