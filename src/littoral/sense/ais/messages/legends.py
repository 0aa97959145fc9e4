"""What codes stand for, in the words that gpsd's users know.

Meanings: ITU-R M.1371-5 Annex 8 (navigational status Table 48, ship types Table 53, position
fixing device Table 51, aids Table 74, station types Table 78); IMO SN.1/Circ.236 and 289.
"""

from __future__ import annotations

NAV_STATUS = (
    "Under way using engine",
    "At anchor",
    "Not under command",
    "Restricted maneuverability",
    "Constrained by her draught",
    "Moored",
    "Aground",
    "Engaged in fishing",
    "Under way sailing",
    "Reserved for HSC",
    "Reserved for WIG",
    "Power-driven vessel towing astern",
    "Power-driven vessel pushing ahead or towing alongside",
    "Reserved",
    "AIS-SART is active",
    "Not defined",
)

EPFD = (
    "Undefined",
    "GPS",
    "GLONASS",
    "Combined GPS/GLONASS",
    "Loran-C",
    "Chayka",
    "Integrated navigation system",
    "Surveyed",
    "Galileo",
    *(f"Reserved ({n})" for n in range(9, 15)),
    "Internal GNSS",
)


def _by_hazard(kind: str, last: str = "Reserved for future use") -> tuple[str, ...]:
    """Ten ship types of one kind: all, hazardous category A to D, reserved, the last."""
    return (
        f"{kind} - all ships of this type",
        *(f"{kind} - Hazardous category {c}" for c in "ABCD"),
        *[f"{kind} - Reserved for future use"] * 4,
        f"{kind} - {last}",
    )


SHIP_TYPE = (
    "Not available",
    *["Reserved for future use"] * 19,
    *_by_hazard("Wing in ground (WIG)"),
    "Fishing",
    "Towing",
    "Towing: length exceeds 200m or breadth exceeds 25m",
    "Dredging or underwater ops",
    "Diving ops",
    "Military ops",
    "Sailing",
    "Pleasure Craft",
    "Reserved",
    "Reserved",
    *_by_hazard("High speed craft (HSC)", "No additional information"),
    "Pilot Vessel",
    "Search and Rescue vessel",
    "Tug",
    "Port Tender",
    "Anti-pollution equipment",
    "Law Enforcement",
    "Spare - Local Vessel",
    "Spare - Local Vessel",
    "Medical Transport",
    "Ship according to RR Resolution No. 18",
    *_by_hazard("Passenger", "No additional information"),
    *_by_hazard("Cargo", "No additional information"),
    *_by_hazard("Tanker", "No additional information"),
    *_by_hazard("Other Type", "no additional information"),
)
SHIP_TYPE_BEYOND = "INVALID SHIP TYPE"

STATION_TYPE = (
    "All types of mobiles",
    "Reserved for future use",
    "All types of Class B mobile stations",
    "SAR airborne mobile station",
    "Aid to Navigation station",
    "Class B shipborne mobile station",
    *["Regional use and inland waterways"] * 4,
    *["Reserved for future use"] * 6,
)

AID_TYPE = (
    "Unspecified",
    "Reference point",
    "RACON",
    "Fixed offshore structure",
    "Spare, Reserved for future use.",
    "Light, without sectors",
    "Light, with sectors",
    "Leading Light Front",
    "Leading Light Rear",
    "Beacon, Cardinal N",
    "Beacon, Cardinal E",
    "Beacon, Cardinal S",
    "Beacon, Cardinal W",
    "Beacon, Port hand",
    "Beacon, Starboard hand",
    "Beacon, Preferred Channel port hand",
    "Beacon, Preferred Channel starboard hand",
    "Beacon, Isolated danger",
    "Beacon, Safe water",
    "Beacon, Special mark",
    "Cardinal Mark N",
    "Cardinal Mark E",
    "Cardinal Mark S",
    "Cardinal Mark W",
    "Port hand Mark",
    "Starboard hand Mark",
    "Preferred Channel Port hand",
    "Preferred Channel Starboard hand",
    "Isolated danger",
    "Safe Water",
    "Special Mark",
    "Light Vessel / LANBY / Rigs",
)

# IMO SN.1/Circ.289: traffic signals (Table 5.2), routes, mooring, tendencies, precipitation, ice.
SIGNAL = (
    "N/A",
    "Serious emergency - stop or divert according to instructions.",
    "Vessels shall not proceed.",
    "Vessels may proceed. One way traffic.",
    "Vessels may proceed. Two way traffic.",
    "Vessels shall proceed on specific orders only.",
    "Vessels in main channel shall not proceed.",
    "Vessels in main channel shall proceed on specific orders only.",
    "Vessels in main channel shall proceed on specific orders only.",
    'I = "in-bound" only acceptable.',
    'O = "out-bound" only acceptable.',
    'F = both "in- and out-bound" acceptable.',
    'XI = Code will shift to "I" in due time.',
    'XO = Code will shift to "O" in due time.',
    "X = Vessels shall proceed only on direction.",
)
ROUTE_TYPE = (
    "Undefined (default)",
    "Mandatory",
    "Recommended",
    "Alternative",
    "Recommended route through ice",
    "Ship route plan",
    *["Reserved for future use."] * 25,
    "Cancel route identified by message linkage",
)
MOORING = (
    "Not available",
    "Port-side to",
    "Starboard-side to",
    "Mediterranean (end-on) mooring",
    "Mooring buoy",
    "Anchorage",
    "Reserved for future use",
    "Reserved for future use",
)
TREND = ("steady", "increasing", "decreasing", "N/A")
PRECIPITATION = (
    "reserved",
    "rain",
    "thunderstorm",
    "freezing rain",
    "mixed/ice",
    "snow",
    "reserved",
    "N/A",
)
ICE = ("no", "yes", "reserved", "N/A")
ID_TYPE = ("mmsi", "imo", "callsign", "other")

# General Lighthouse Authorities of the British Isles: monitoring of aids.
RACON = ("No RACON installed", "RACON not monitored", "RACON operational", "RACON ERROR")
LIGHT = ("No light or no monitoring", "Light ON", "Light OFF", "Light ERROR")

# UN/ECE Inland AIS: requested times, cones, load, warnings of EMMA, signals.
RTA_STATUS = ("Operational", "Limited operation", "Out of order", "N/A")
HAZARD = (
    "0 blue cones/lights",
    "1 blue cone/light",
    "2 blue cones/lights",
    "3 blue cones/lights",
    "4 B-Flag",
    "Unknown",
)
LOAD = ("N/A (default)", "Unloaded", "Loaded")
EMMA_TYPE = (
    "Not Available",
    "Wind",
    "Rain",
    "Snow and ice",
    "Thunderstorm",
    "Fog",
    "Low temperature",
    "High temperature",
    "Flood",
    "Forest Fire",
)
EMMA_CLASS = ("Slight", "Medium", "Strong")
EMMA_WIND = (
    "N/A",
    "North",
    "North East",
    "East",
    "South East",
    "South",
    "South West",
    "West",
    "North West",
)
DIRECTION = ("Unknown", "Upstream", "Downstream", "To left bank", "To right bank")
SIGNAL_STATUS = (
    "Unknown",
    "No light",
    "White",
    "Yellow",
    "Green",
    "Red",
    "White flashing",
    "Yellow flashing.",
)

# UN/ECE Inland AIS Annex E: vessel types; some senders give the ship type of M.1371 instead.
_BARGES = ("one", "two", "three", "four", "five", "six", "seven", "eight")
INLAND_SHIP_TYPE = {
    8000: "Vessel, type unknown",
    8010: "Motor freighter",
    8020: "Motor tanker",
    8021: "Motor tanker, liquid cargo, type N",
    8022: "Motor tanker, liquid cargo, type C",
    8023: "Motor tanker, dry cargo as if liquid (e.g. cement)",
    8030: "Container vessel",
    8040: "Gas tanker",
    8050: "Motor freighter, tug",
    8060: "Motor tanker, tug",
    8070: "Motor freighter with one or more ships alongside",
    8080: "Motor freighter with tanker",
    8090: "Motor freighter pushing one or more freighters",
    8100: "Motor freighter pushing at least one tank-ship",
    8110: "Tug, freighter",
    8120: "Tug, tanker",
    8130: "Tug freighter, coupled",
    8140: "Tug, freighter/tanker, coupled",
    8150: "Freightbarge",
    8160: "Tankbarge",
    8161: "Tankbarge, liquid cargo, type N",
    8162: "Tankbarge, liquid cargo, type C",
    8163: "Tankbarge, dry cargo as if liquid (e.g. cement)",
    8170: "Freightbarge with containers",
    8180: "Tankbarge, gas",
    **{8210 + 10 * i: f"Pushtow, {n} cargo barge{'s' if i else ''}" for i, n in enumerate(_BARGES)},
    8290: "Pushtow, nine or more barges",
    8310: "Pushtow, one tank/gas barge",
    **{
        8320 + 10 * i: f"Pushtow, {n} barges at least one tanker or gas barge"
        for i, n in enumerate(_BARGES[1:7])
    },
    # As ship types of M.1371, the first meaning of each.
    99: "Vessel, type unknown",
    79: "Motor freighter",
    89: "Motor tanker",
    80: "Motor tanker, liquid cargo, type N",
    31: "Tug freighter, coupled",
    90: "Tankbarge, liquid cargo, type N",
}
INLAND_SHIP_TYPE_BEYOND = "Illegal ship type value."
