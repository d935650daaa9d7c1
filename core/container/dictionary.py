"""What headers are likely to say, for deflate to refer to: the preset dictionary of version 1.

Frozen: every file of format version 1 is read with exactly these bytes (a test keeps their CRC).
The likeliest stands last, where references to it are shortest.
"""

_PLACES = (
    'Alabama; Alaska; Arizona; Arkansas; California; Colorado; Connecticut; Delaware; '
    'Florida; Georgia; Hawaii; Idaho; Illinois; Indiana; Iowa; Kansas; Kentucky; Louisiana; '
    'Maine; Maryland; Massachusetts; Michigan; Minnesota; Mississippi; Missouri; Montana; '
    'Nebraska; Nevada; New Hampshire; New Jersey; New Mexico; New York; North Carolina; North'
    ' Dakota; Ohio; Oklahoma; Oregon; Pennsylvania; Rhode Island; South Carolina; South '
    'Dakota; Tennessee; Texas; Utah; Vermont; Virginia; Washington; West Virginia; Wisconsin;'
    ' Wyoming; Alberta; British Columbia; Manitoba; New Brunswick; Newfoundland and Labrador;'
    ' Northwest Territories; Nova Scotia; Nunavut; Ontario; Prince Edward Island; Quebec; '
    'Saskatchewan; Yukon. Afghanistan. Albania. Algeria. Andorra. Angola. Anguilla. Antigua '
    'and Barbuda. Argentina. Armenia. Aruba. Australia. Austria. Azerbaijan. Bahamas. '
    'Bahrain. Bangladesh. Barbados. Belarus. Belgium. Belize. Benin. Bermuda. Bhutan. '
    'Bolivia. Bosnia and Herzegovina. Botswana. Brazil. British Virgin Islands. Brunei. '
    'Bulgaria. Burkina Faso. Burundi. Cambodia. Cameroon. Canada. Cayman Islands. Central '
    'African Republic. Chad. Chile. China. Colombia. Congo. Costa Rica. Croatia. Cuba. '
    'Cyprus. Czechia. Democratic Republic of the Congo (Zaire). Denmark. Djibouti. Dominica. '
    'Dominican Republic. East Timor. Ecuador. Egypt. El Salvador. Equatorial Guinea. Eritrea.'
    ' Estonia. Eswatini (Swaziland). Ethiopia. Falkland Islands (Malvinas). Faroe Islands. '
    'Finland. France. French Guiana. Gabon. Gambia. Georgia. Germany. Ghana. Gibraltar. '
    'Greece. Greenland. Grenada. Guadeloupe. Guatemala. Guinea. Guinea-Bissau. Guyana. Haiti.'
    ' Honduras. Hong Kong. Hungary. Iceland. India. Indonesia. Iraq. Ireland. Islamic '
    'Republic of Iran. Israel. Italy. Jamaica. Jan Mayen. Japan. Jordan. Kazakhstan. Kenya. '
    'Kosovo. Kuwait. Kyrgyzstan. Laos. Latvia. Lebanon. Lesotho. Libya. Liechtenstein. '
    'Lithuania. Luxembourg. Macao. Madagascar. Malawi. Malaysia. Maldives. Mali. Malta. '
    'Martinique. Mauritania. Mexico. Moldova. Monaco. Mongolia. Montenegro. Montserrat. '
    'Morocco. Mozambique. Myanmar (Burma). Namibia. Nepal. Netherlands. Netherlands Antilles.'
    ' New Zealand. Nicaragua. Niger. Nigeria. North Korea. North Macedonia. Norway. Oman. '
    'Pakistan. Panama. Papua New Guinea. Paraguay. Peru. Philippines. Poland. Portugal. '
    'Puerto Rico. Qatar. Romania. Russian Federation. Rwanda. San Marino. Sao Tome and '
    'Principe. Saudi Arabia. Senegal. Serbia. Seychelles. Sierra Leone. Singapore. Slovakia. '
    'Slovenia. Somalia. South Africa. South Georgia and the South Sandwich Islands. South '
    'Korea. Spain. Sri Lanka. St Barthelemy. St Kitts and Nevis. St Lucia. St Maarten. St '
    'Pierre and Miquelon. St Vincent and the Grenadines. Sudan. Suriname. Svalbard. Sweden. '
    'Switzerland. Syria. Taiwan. Tajikistan. Tanzania. Thailand. Togo. Trinidad and Tobago. '
    'Tunisia. Turkmenistan. Turks and Caicos Islands. Türkiye (Turkey). US Virgin Islands. '
    'Uganda. Ukraine. United Arab Emirates. United Kingdom (UK). United States. United States'
    ' (USA). Uruguay. Uzbekistan. Vatican City State. Venezuela. Vietnam. Western Sahara. '
    'Yemen. Zambia. Zimbabwe.'
)

_OTHER_CRS = (
    'PROJCRS["GDA2020 / MGA zone 55",BASEGEOGCRS["GDA2020",DATUM["Geocentric Datum of '
    'Australia 2020",ELLIPSOID["GRS 1980",6378137,298.257222101,LENGTHUNIT["metre",1]]],PRIME'
    'M["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",7844]],PROJCRS["WGS 84'
    ' / Pseudo-Mercator",CONVERSION["Popular Visualisation Pseudo-Mercator",METHOD["Popular '
    'Visualisation Pseudo Mercator",ID["EPSG",1024]],METHOD["Albers Equal '
    'Area",ID["EPSG",9822]],METHOD["Lambert Conic Conformal '
    '(2SP)",ID["EPSG",9802]],PARAMETER["Latitude of false origin",46.5,ANGLEUNIT["degree",0.0'
    '174532925199433],ID["EPSG",8821]],PARAMETER["Longitude of false '
    'origin",3,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8822]],PARAMETER["Latitude of'
    ' 1st standard '
    'parallel",49,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8823]],PARAMETER["Latitude'
    ' of 2nd standard '
    'parallel",44,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8824]],PARAMETER["Easting '
    'at false origin",700000,LENGTHUNIT["metre",1],ID["EPSG",8826]],PARAMETER["Northing at '
    'false origin",6600000,LENGTHUNIT["metre",1],ID["EPSG",8827]]],AXIS["easting '
    '(X)",east,ORDER[1],LENGTHUNIT["metre",1]],AXIS["northing '
    '(Y)",north,ORDER[2],LENGTHUNIT["metre",1]],PROJCRS["ETRS89-extended / LAEA '
    'Europe",METHOD["Lambert Azimuthal Equal Area",ID["EPSG",9820]],AXIS["northing '
    '(Y)",north,ORDER[1],LENGTHUNIT["metre",1]],AXIS["easting '
    '(X)",east,ORDER[2],LENGTHUNIT["metre",1]],LENGTHUNIT["US survey '
    'foot",0.304800609601219]PROJCRS["NAD83 / UTM zone 15N",BASEGEOGCRS["NAD83",DATUM["North '
    'American Datum 1983",ELLIPSOID["GRS 1980",6378137,298.257222101,LENGTHUNIT["metre",1]]],'
    'PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4269]],AREA["Nort'
    'h America - between 96°W and 90°W - onshore and offshore. Canada - United States (USA) -'
    ' PROJCRS["ETRS89 / UTM zone 32N",BASEGEOGCRS["ETRS89",ENSEMBLE["European Terrestrial '
    'Reference System 1989 ensemble",MEMBER["European Terrestrial Reference Frame '
    '1989"],MEMBER["European Terrestrial Reference Frame 1990"],MEMBER["European Terrestrial '
    'Reference Frame 1991"],MEMBER["European Terrestrial Reference Frame '
    '1992"],MEMBER["European Terrestrial Reference Frame 1993"],MEMBER["European Terrestrial '
    'Reference Frame 1994"],MEMBER["European Terrestrial Reference Frame '
    '1996"],MEMBER["European Terrestrial Reference Frame 1997"],MEMBER["European Terrestrial '
    'Reference Frame 2000"],MEMBER["European Terrestrial Reference Frame '
    '2005"],MEMBER["European Terrestrial Reference Frame 2014"],ELLIPSOID["GRS 1980",6378137,'
    '298.257222101,LENGTHUNIT["metre",1]],ENSEMBLEACCURACY[0.1]],PRIMEM["Greenwich",0,ANGLEUN'
    'IT["degree",0.0174532925199433]],ID["EPSG",4258]],BASEGEOGCRS["ETRS89",DATUM["European '
    'Terrestrial Reference System 1989",ELLIPSOID["GRS '
    '1980",6378137,298.257222101,LENGTHUNIT["metre",1]]],AREA["Europe between 6°E and 12°E: '
    'Austria; Belgium; Denmark - onshore and offshore; Germany - onshore and offshore; Norway'
    ' including - onshore and offshore; Spain - offshore."]'
)

_WKT1 = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG'
    '","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT'
    '["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AXIS["Latitude",NORTH],AXIS["Long'
    'itude",EAST],AUTHORITY["EPSG","4326"]]PROJCS["WGS 84 / UTM zone 32N",GEOGCS["WGS '
    '84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],A'
    'UTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.'
    '0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]],PROJECTION["Transve'
    'rse_Mercator"],PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",9],PARAMET'
    'ER["scale_factor",0.9996],PARAMETER["false_easting",500000],PARAMETER["false_northing",0'
    '],UNIT["metre",1,AUTHORITY["EPSG","9001"]],AXIS["Easting",EAST],AXIS["Northing",NORTH],A'
    'UTHORITY["EPSG","32632"]]'
)

_GEOGRAPHIC = (
    'GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["World Geodetic '
    'System 1984 (Transit)"],MEMBER["World Geodetic System 1984 (G730)"],MEMBER["World '
    'Geodetic System 1984 (G873)"],MEMBER["World Geodetic System 1984 (G1150)"],MEMBER["World'
    ' Geodetic System 1984 (G1674)"],MEMBER["World Geodetic System 1984 '
    '(G1762)"],MEMBER["World Geodetic System 1984 (G2139)"],ELLIPSOID["WGS 84",6378137,298.25'
    '7223563,LENGTHUNIT["metre",1]],ENSEMBLEACCURACY[2.0]],PRIMEM["Greenwich",0,ANGLEUNIT["de'
    'gree",0.0174532925199433]],CS[ellipsoidal,2],AXIS["geodetic latitude '
    '(Lat)",north,ORDER[1],ANGLEUNIT["degree",0.0174532925199433]],AXIS["geodetic longitude '
    '(Lon)",east,ORDER[2],ANGLEUNIT["degree",0.0174532925199433]],USAGE[SCOPE["Horizontal '
    'component of 3D system."],AREA["World."],BBOX[-90,-180,90,180]],ID["EPSG",4326]]'
)

_UTM_SOUTH = (
    'PROJCRS["WGS 84 / UTM zone 22S",BASEGEOGCRS["WGS 84",ENSEMBLE["World Geodetic System '
    '1984 ensemble",MEMBER["World Geodetic System 1984 (Transit)"],MEMBER["World Geodetic '
    'System 1984 (G730)"],MEMBER["World Geodetic System 1984 (G873)"],MEMBER["World Geodetic '
    'System 1984 (G1150)"],MEMBER["World Geodetic System 1984 (G1674)"],MEMBER["World '
    'Geodetic System 1984 (G1762)"],MEMBER["World Geodetic System 1984 '
    '(G2139)"],ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]],ENSEMBLEACCURA'
    'CY[2.0]],PRIMEM["Greenwich",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]],C'
    'ONVERSION["UTM zone 22S",METHOD["Transverse '
    'Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural '
    'origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude '
    'of natural '
    'origin",-51,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale '
    'factor at natural origin",0.9996,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False '
    'easting",500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",100000'
    '00,LENGTHUNIT["metre",1],ID["EPSG",8807]]],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],LENG'
    'THUNIT["metre",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["metre",1]],USAGE[SCOPE["Enginee'
    'ring survey, topographic mapping."],AREA["Between 54°W and 48°W, southern hemisphere '
    'between 80°S and equator, onshore and offshore. '
    '"],BBOX[-80,-54,0,-48]],ID["EPSG",32722]]'
)

_UTM_NORTH = (
    'PROJCRS["WGS 84 / UTM zone 32N",BASEGEOGCRS["WGS 84",DATUM["World Geodetic System '
    '1984",ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]],PRIMEM["Greenwich'
    '",0,ANGLEUNIT["degree",0.0174532925199433]],ID["EPSG",4326]],CONVERSION["UTM zone '
    '32N",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural '
    'origin",0,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8801]],PARAMETER["Longitude '
    'of natural '
    'origin",9,ANGLEUNIT["degree",0.0174532925199433],ID["EPSG",8802]],PARAMETER["Scale '
    'factor at natural origin",0.9996,SCALEUNIT["unity",1],ID["EPSG",8805]],PARAMETER["False '
    'easting",500000,LENGTHUNIT["metre",1],ID["EPSG",8806]],PARAMETER["False northing",0,LENG'
    'THUNIT["metre",1],ID["EPSG",8807]]],CS[Cartesian,2],AXIS["(E)",east,ORDER[1],LENGTHUNIT['
    '"metre",1]],AXIS["(N)",north,ORDER[2],LENGTHUNIT["metre",1]],USAGE[SCOPE["Engineering '
    'survey, topographic mapping."],AREA["Between 6°E and 12°E, northern hemisphere between '
    'equator and 84°N, onshore and offshore. "],BBOX[0,6,84,12]],ID["EPSG",32632]]'
)

_METADATA = (
    '"ENVI","description","sensor type","sensor","acquisition_time","acquisition time",'
    '"TIFFTAG_DATETIME","TIFFTAG_SOFTWARE","TIFFTAG_IMAGEDESCRIPTION","TIFFTAG_DOCUMENTNAME",'
    '"data units","reflectance scale factor","default bands","cloud_cover","platform",'
    '"instrument","processing_level","product_id","quicklook","EnMAP","PRISMA","DESIS","EMIT",'
    '"AVIRIS","AVIRIS-NG","HyMap","HySpex","HYPERION","ROSIS","CASI","APEX","Pika","Specim",'
    '"radiance","reflectance","start_time","2024-06-15T10:30:01Z","stop_time","AREA_OR_POINT",'
    '"Point"],["AREA_OR_POINT","Area"'
)

_BEGINNING = (
    '"uint8","int8","uint32","int32","float64","float32","nodata":"nan","nodata":0,"nodata":-1,'
    '"nodata":-3.4028234663852886e38,"nodata":-9999,"gcps":[['
    '{"rows":1000,"columns":1000,"bands":200,"dtype":"uint16","crs":'
    '{"rows":512,"columns":614,"bands":220,"dtype":"int16","nodata":-32768,"crs":"'
)

_END = (
    ']]","geotransform":[0,1,0,0,0,1],"geotransform":[300000,30,0,4500000,0,-30],'
    '"metadata":[["AREA_OR_POINT","Area"],["start_time","2024-06-15T10:30:00Z"]],'
    '"source":"image.hdr",.bsq",.img",.dat",reflectance.tif","method":"latent","parameters":{'
    '"components":12,"levels":4,"tile":256,"step":1.5,"planes":12,"context":1,"transform":"97",'
    '"quality":1,"max_error":1,"preset":"standard","quantisation":"minmax","entropy":"rans",'
    '"method":"hiner","parameters":{"frame":[100,100],"strides":[[5,5],[3,3],[2,2],[2,2]],'
    '"width":64,"bits":8,"epochs":75,"seed":0},"encoder":"HINER for QGIS 0.1.0","measured":{'
    '"ratio":100,"seconds":10.1,"overall_accuracy":0.9,"psnr_db":40.1,"sam_degrees":1.1,'
    '"rmse":10.1,"ssim":0.98,"max_error":100,"paper_rate_bpppb":0.1,"paper_psnr_db":42.1,'
    '"rate_bpppb":0.1},"constant":{"scale":0.0001,"offset":0,"fwhm":10},'
    '"runs":{"good":[100,5,95],"usable":[100,5,95]},"present":{"wavelength":[1,"fwhm":[1,'
    '"table":["wavelength","fwhm","scale","offset","minimum","maximum","low","high","mean",'
    '"deviation"],"parts":1024,"names":["Band 1","Band 2","band_3","B4",'
    '"names":{"pattern":"Band {number}"}}"parts":256}'
    '"table":["wavelength","minimum","maximum","low","high","mean","deviation"],"parts":256,'
    '"names":{"pattern":"band {number} ({wavelength} Nanometers)","wavelength":"shortest"}}'
    '"names":{"pattern":"Band {number} ({wavelength} Nanometers)","wavelength":"float"}}'
)


def _as_json(text):
    """The inside of a JSON string."""
    return text.replace('"', '\\"')


DICTIONARY = "".join(
    (
        _as_json(_PLACES + _OTHER_CRS + _WKT1 + _GEOGRAPHIC + _UTM_SOUTH + _UTM_NORTH),
        _METADATA,
        _BEGINNING,
        _END,
    )
).encode("utf-8")
