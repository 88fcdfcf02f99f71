"""What months, zones and amounts of time are called in English news; data for `dates.py`, no parsing."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}

ZONE_MINUTES = {
    # Minutes east of Greenwich. Where papers of several countries share letters (BST, CST, IST) the reading most
    # frequent in English news stands here; the raw string is kept beside every date.
    "Z": 0,
    "UTC": 0,
    "GMT": 0,
    "WET": 0,
    "BST": 60,
    "CET": 60,
    "WAT": 60,
    "WEST": 60,
    "CEST": 120,
    "EET": 120,
    "SAST": 120,
    "CAT": 120,
    "EEST": 180,
    "EAT": 180,
    "MSK": 180,
    "AST": -240,
    "ADT": -180,
    "PKT": 300,
    "IST": 330,
    "ICT": 420,
    "WIB": 420,
    "HKT": 480,
    "SGT": 480,
    "MYT": 480,
    "PHT": 480,
    "AWST": 480,
    "JST": 540,
    "KST": 540,
    "ACST": 570,
    "AEST": 600,
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "NST": -210,
    "NDT": -150,
    "EST": -300,
    "EDT": -240,
    "CST": -360,
    "CDT": -300,
    "MST": -420,
    "MDT": -360,
    "PST": -480,
    "PDT": -420,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
}

REGION_ZONES = {
    # "6 a.m. ET" leaves summer time to the reader.
    "ET": "America/New_York",
    "CT": "America/Chicago",
    "MT": "America/Denver",
    "PT": "America/Los_Angeles",
}

UNIT_SECONDS = {
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hr": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "w": 604800,
    "week": 604800,
    "month": 2629746,
    "mo": 2629746,
    "year": 31556952,
    "yr": 31556952,
    "y": 31556952,
}

FOREIGN_LANGUAGES = "de fr es it pt nl ru sv da nb fi pl tr cs el uk ar zh ja ko id hu ro".split()
"""What dateparser may try: finding the language among all of its 200 takes ten times as long."""
