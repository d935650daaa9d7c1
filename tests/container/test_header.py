"""A header comes back from its JSON and from its packed bytes, whatever the scene's oddities."""

import dataclasses
import json

import numpy as np
import pytest
from rpc import RPC_ITEMS

from hiner.core.container import json_text
from hiner.core.container.header import STATISTICS, BandStatistics, Header
from hiner.core.container.packed_header import pack_header, unpack_header
from hiner.core.errors import FormatError
from hiner.core.scene.description import DTYPES, Band, Georeference, GroundControlPoint
from hiner.core.scene.rpc import Rpc

EXACT = ("minimum", "maximum")


def same(one, other):
    """Equal, NaN being equal to NaN."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def check_round_trip(header):
    """Through JSON: all equal. Packed: all but the rounded statistics."""
    document = json.loads(json.dumps(header.to_json(), allow_nan=False))
    assert same(Header.from_json(document).to_json(), document)
    unpacked = unpack_header(pack_header(header))
    packed = unpacked.to_json()
    for name in STATISTICS:
        kept = packed["per_band"].pop(name)
        meant = document["per_band"].pop(name)
        if name in EXACT:
            assert kept == meant
    assert same(packed, document)
    return unpacked


def test_plain_header(make_header):
    check_round_trip(make_header())


@pytest.mark.parametrize("dtype", DTYPES)
def test_extremes_of_every_dtype(make_header, dtype):
    info = np.finfo(dtype) if dtype.startswith("float") else np.iinfo(dtype)
    low = np.array([float(info.min), 0.0, float(info.max)])
    high = np.array([float(info.max), 0.0, float(info.max)])
    middle = low / 2 + high / 2
    statistics = BandStatistics(low, high, middle, high / 4 - low / 4, low, high)
    read = check_round_trip(make_header([Band()] * 3, dtype, statistics=statistics)).statistics
    assert read.minimum.astype(dtype).tolist() == [info.min, 0, info.max]
    assert read.maximum.astype(dtype).tolist() == [info.max, 0, info.max]


@pytest.mark.parametrize("nodata", [None, float("nan"), float("inf"), -float("inf"), -0.0, 1e-300, -9999.0])
def test_nodata(make_header, nodata):
    read = check_round_trip(make_header(dtype="float64", scene={"nodata": nodata}))
    assert repr(read.description.nodata) == repr(nodata)


@pytest.mark.parametrize(
    "place",
    [
        Georeference(),
        Georeference("", (1.5, 0.1, 0.2, 3.0, -0.1, -0.30000000000000004)),
        Georeference('LOCAL_CS["a \\ "quoted" one"]', (0.0, 1.0, 0.0, 0.0, 0.0, 1.0)),
        Georeference("", None, (GroundControlPoint(0.5, 1.5, 13.4, 52.5), GroundControlPoint(9, 8, 7, 6, 5))),
        Georeference("", (0.0, 1.0, 0.0, 0.0, 0.0, 1.0), rpc=Rpc.from_items(RPC_ITEMS)),
    ],
)
def test_georeferences(make_header, place):
    assert check_round_trip(make_header(scene={"georeference": place})).description.georeference == place


@pytest.mark.parametrize(
    "bands",
    [
        [Band()],
        [Band(), Band(500.0), Band(400.0, 5.25), Band(400.0, None, False)],
        [Band(500.0), Band(400.0, 5.25), Band(), Band(400.0, None, False)],
        [Band(2000.1, 10.0, scale=0.5, offset=i, name="B") for i in range(9)],
        [Band(400.0 + i, scale=0.1 * i, name=f"Bänd №{i} 波 \u0000\n\"") for i in range(20)],
        [Band(good=i % 2 == 0) for i in range(33)],
        [Band(good=False)] * 3,
        [Band(float(np.float32(0.1 * i + 400))) for i in range(30)],
    ],
)
def test_bands_of_all_kinds(make_header, bands):
    assert check_round_trip(make_header(bands)).description.bands == tuple(bands)


@pytest.mark.parametrize("usable", [[True, False, True], [False, True, True], [False, False, False]])
def test_bands_without_a_valid_sample_have_no_statistics(make_header, usable):
    read = check_round_trip(make_header([Band()] * 3, usable=usable))
    assert read.usable.tolist() == usable
    assert [not np.isnan(value) for value in read.statistics.mean] == usable


def test_texts_parameters_and_figures(make_header):
    header = make_header(
        scene={
            "metadata": (("ключ", "värde\t1"), ("", "")),
            "source": "höhe.tif",
        },
        parameters={"deep": {"list": [1, 2.5, None, True, "x"]}, "big": 2**53 + 1},
        encoder="HINER 1.2.3",
        measured={"psnr_db": float("inf"), "rate_bpppb": 0.25, "ssim": float("nan")},
        method="not known here",
    )
    read = check_round_trip(header)
    assert read.parameters == header.parameters
    assert read.measured["psnr_db"] == float("inf")


@pytest.mark.parametrize(
    ("kept", "read"),
    [("0.45 \udcb5m", "0.45 µm"), ("höhe\udcff", "höheÿ"), ("a\ud800b", "a\ufffdb"), ("№ 1", "№ 1")],
)
def test_bytes_of_other_encodings_that_files_hold_escaped_are_read_as_letters(make_header, kept, read):
    scene = {"metadata": ((kept, kept),), "source": kept}
    header = unpack_header(pack_header(make_header([Band(450.0, name=kept), Band(550.0)], scene=scene)))
    description = header.description
    assert [description.bands[0].name, *description.metadata[0], description.source] == [read] * 4
    json.dumps(header.to_json(), ensure_ascii=False).encode("utf-8")


def test_the_most_bands_there_can_be(make_header):
    steps = np.arange(65535.0)
    statistics = BandStatistics(steps, steps, steps, 0 * steps, steps, steps)
    bands = [Band(300.0 + 0.05 * i, 0.05, name=f"Band {i + 1}") for i in range(65535)]
    packed = pack_header(make_header(bands, statistics=statistics))
    assert unpack_header(packed).description.bands == tuple(bands)


def test_rounded_statistics_stay_within_half_a_step(make_header):
    random = np.random.default_rng(5)
    samples = random.gamma(2, 300, (40, 900)).round()
    statistics = BandStatistics(
        samples.min(1),
        samples.max(1),
        samples.mean(1),
        samples.std(1),
        np.percentile(samples, 2, axis=1),
        np.percentile(samples, 98, axis=1),
    )
    read = unpack_header(pack_header(make_header([Band()] * 40, statistics=statistics))).statistics
    half_step = (statistics.maximum - statistics.minimum) / 512
    for name in STATISTICS:
        error = np.abs(getattr(read, name) - getattr(statistics, name))
        assert (error <= half_step * (1 + 1e-9)).all()
    again = unpack_header(pack_header(make_header([Band()] * 40, statistics=read))).statistics
    assert np.array_equal(again.mean, read.mean)


def test_outliers_do_not_coarsen_the_stretch(make_header):
    # One saturated pixel a band makes the range twenty times what most pixels span.
    low, high = np.full(8, 1000.0), np.full(8, 4000.0)
    statistics = BandStatistics(low - 10, np.full(8, 65535.0), low + 1234, low / 2, low, high)
    read = unpack_header(pack_header(make_header([Band()] * 8, statistics=statistics))).statistics
    for name in ("low", "high", "mean"):
        assert np.abs(getattr(read, name) - getattr(statistics, name)).max() <= 3000 / 128


def test_keys_of_later_versions_are_passed_over(make_header):
    document = make_header().to_json()
    document["later"] = {"anything": [1, 2]}
    document["per_band"]["later"] = "anything"
    assert same(Header.from_json(document).to_json(), make_header().to_json())


def changes():
    """What makes a proper header's JSON improper."""
    nan = [float("nan")] * 5
    return {
        "no rows": {"rows": None},
        "rows as text": {"rows": "6"},
        "rows as a flag": {"rows": True},
        "rows as a fraction": {"rows": 6.0},
        "no row": {"rows": 0},
        "too many columns": {"columns": 1_000_001},
        "bands do not fit": {"bands": 4},
        "too many bands": {"bands": 65536},
        "unknown dtype": {"dtype": "complex64"},
        "dtype as a list": {"dtype": []},
        "nodata as text": {"nodata": "-9999"},
        "crs as a number": {"crs": 4326},
        "endless text": {"source": "x" * 1_000_001},
        "five numbers of a geotransform": {"geotransform": [1, 2, 3, 4, 5]},
        "a geotransform of text": {"geotransform": ["1"] * 6},
        "a point of four": {"gcps": [[1, 2, 3, 4]]},
        "metadata of three": {"metadata": [["a", "b", "c"]]},
        "no method": {"method": None},
        "parameters as a list": {"parameters": []},
        "figures as text": {"measured": {"psnr_db": "forty"}},
        "a number beyond float64": {"measured": {"psnr_db": 10**400}},
        "flags as numbers": {"per_band": {"good": [1] * 5}},
        "too few wavelengths": {"per_band": {"wavelength": [400]}},
        "a wavelength that is not finite": {"per_band": {"wavelength": nan}},
        "no scale": {"per_band": {"scale": [None] * 5}},
        "names as numbers": {"per_band": {"name": [1] * 5}},
        "a usable band without a mean": {"per_band": {"mean": [None] * 5}},
        "minimum above maximum": {"per_band": {"minimum": [500] * 5}},
        "mean outside": {"per_band": {"mean": [5000] * 5}},
        "negative deviation": {"per_band": {"deviation": [-1] * 5}},
        "minimum no value of the dtype": {"per_band": {"minimum": [-1] * 5}},
        "maximum between values of the dtype": {"per_band": {"maximum": [200.5] * 5}},
    }


@pytest.mark.parametrize("name", changes())
def test_improper_headers_are_refused(make_header, name):
    document = make_header().to_json()
    change = changes()[name]
    per_band = {**document["per_band"], **change.get("per_band", {})}
    with pytest.raises(FormatError):
        Header.from_json({**document, **change, "per_band": per_band})


@pytest.mark.parametrize("document", [None, [], 3, {}, {"per_band": []}, {"bands": 5, "per_band": None}])
def test_what_is_no_header_at_all_is_refused(document):
    with pytest.raises(FormatError):
        Header.from_json(document)


IMPROPER_JSON = {
    "NaN": b"NaN",
    "Infinity": b"[Infinity]",
    "minus Infinity": b"[-Infinity]",
    "a number beyond float64": b"1e999",
    "a number of 65 digits": b"9" * 65,
    "a key twice": b'{"a":1,"a":2}',
    "not UTF-8": b"\xff\xfe",
    "a surrogate in UTF-8": b'["\xed\xa0\x80"]',
    "33 levels": b"[" * 33 + b"]" * 33,
    "endless lists": b"[" * 100_000,
    "endless objects": b'{"a":' * 50_000,
    "half an object": b"{",
    "nothing": b"",
}


@pytest.mark.parametrize("name", IMPROPER_JSON)
def test_json_beyond_the_bounds_is_refused(name):
    with pytest.raises(FormatError):
        json_text.load(IMPROPER_JSON[name])


def test_brackets_within_texts_do_not_count_as_depth():
    text = json.dumps(["[" * 1000, 'a"[[\\' * 100]).encode()
    assert json_text.load(text) == json.loads(text)


def test_a_header_is_frozen(make_header):
    with pytest.raises(dataclasses.FrozenInstanceError):
        make_header().method = "other"
