"""The log of `hiner:accuracy` says all that the report says: many a user asks for no report."""

import numpy as np


def test_notes_and_other_bands_are_in_the_log(run, listen, write_raster, tmp_path):
    classes = np.ones((4, 4), dtype="uint8")
    mapped = classes.copy()
    mapped[0, 0] = 0
    reference = classes.copy()
    reference[3] = 2
    made = write_raster(tmp_path / "map.tif", np.stack([mapped, classes]), nodata=0)
    labels = write_raster(tmp_path / "labels.tif", reference[None], nodata=0)
    feedback = listen()
    run("accuracy", feedback, CLASSIFIED=made, REFERENCE=labels)
    log = "\n".join(feedback.infos)
    assert "2 bands; the first is compared" in log
    assert "1 reference pixels lie where the map has no class" in log
    assert "The map has none of these classes" in log


def test_a_map_of_one_band_is_not_asked_about(run, listen, write_raster, tmp_path):
    made = write_raster(tmp_path / "map.tif", np.ones((1, 4, 4), dtype="uint8"), nodata=0)
    feedback = listen()
    run("accuracy", feedback, CLASSIFIED=made, REFERENCE=made)
    assert not any("bands" in line for line in feedback.infos)
