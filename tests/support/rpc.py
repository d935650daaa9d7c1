"""Rational polynomial coefficients of a made scene, as GDAL's `RPC` domain has them."""


def _coefficients(**places):
    return " ".join(repr(places.get(f"c{place}", 0.0)) for place in range(20))


# Lines run to the south, samples to the east, a little bent by the height.
RPC_ITEMS = {
    "LINE_OFF": "5.5", "SAMP_OFF": "7", "LAT_OFF": "52.4", "LONG_OFF": "13.25", "HEIGHT_OFF": "40",
    "LINE_SCALE": "6", "SAMP_SCALE": "8", "LAT_SCALE": "0.0021", "LONG_SCALE": "0.0034", "HEIGHT_SCALE": "500",
    "LINE_NUM_COEFF": _coefficients(c0=0.001, c2=-1.0123456789, c3=0.02), "LINE_DEN_COEFF": _coefficients(c0=1.0),
    "SAMP_NUM_COEFF": _coefficients(c1=1.000321, c3=-0.015, c4=1.5e-7), "SAMP_DEN_COEFF": _coefficients(c0=1.0, c1=3e-5),
    "ERR_BIAS": "0.25",
}
