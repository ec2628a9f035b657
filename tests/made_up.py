"""A small scenario with made-up places and numbers, as the texts of its files, to be spoilt by tests."""

from __future__ import annotations

from pathlib import Path

from posada.io.folder import read_folder
from posada.model.scenario import Scenario

SETTINGS = """\
id = "made-up"
title = "From Alder to Fir"
start = 2030-03-01
end = 2030-03-20
as_of = 2030-03-03
climate = "hot"
"""

FILES = {
    "places.csv": """\
id,name,country,lat,lon,kind,source,admin1,pcode,population,sensitive
alder,Alder,AAA,10.0,-90.0,town,map,North,AA01,20000,
birch,Birch,AAA,10.2,-90.4,city,map,North,AA02,150000,no
cedar,Cedar,AAA,10.6,-90.5,town,map,,,,
dogwood,Dogwood,AAA,10.9,-90.9,border_crossing,map,,,,
elm,Elm,BBB,11.0,-91.0,city,map,South,BB01,90000,yes
""",
    "routes.csv": """\
from,to,km,mode,source,open_from,open_to,one_way
alder,birch,42,road,map,,,
birch,cedar,37.5,road,map,,,no
birch,cedar,40,rail,map,,,
cedar,dogwood,51,road,map,2030-03-05,,
dogwood,elm,14,road,map;survey,,,yes
""",
    "groups.csv": """\
id,name,origin,departs,size_low,size_likely,size_high,destination,source,share_women,share_children,rides_trains
main,The main group,alder,2030-03-02,800,1000,1300,elm,radio,0.3,0.25,no
second,The second group,birch,2030-03-04,150,200,400,elm,radio,,,yes
""",
    "destinations.csv": """\
group,place,share,source
main,dogwood,0.2,radio
""",
    "itinerary.csv": """\
group,place,source,date,nights
main,birch,radio,2030-03-04,2
main,cedar,radio,,
""",
    "sites.csv": """\
id,place,name,type,covered,source,area_m2,capacity,toilets,from,to,state,conditions
hall,birch,The hall,auditorium,yes,survey,1400,,8,,,ready,"Open until 22:00, kitchen closed"
plaza,birch,The square,square,no,survey,,900,,,,ready,
barn,cedar,The barn,warehouse,yes,radio,,250,,2030-03-06,2030-03-15,promised,
""",
    "vehicles.csv": """\
id,place,type,count,seats,source,range_km,limit_place,accessible,from,to,withdrawn_on,honoured_low,honoured_likely,honoured_high,state
buses,birch,bus,6,45,radio,,cedar,no,2030-03-04,2030-03-12,2030-03-10,0.5,0.7,0.9,promised
van,cedar,ambulance,1,3,survey,60,,yes,,,,,,,ready
""",
    "supplies.csv": """\
item,place,quantity,per_person_night,unit,source
water,birch,9000,7.5,L,radio
water,cedar,4000.5,7.5,L,radio
blankets,birch,300,1,pieces,survey
""",
    "stances.csv": """\
place,from,stance,source
birch,2030-03-01,welcome,radio
cedar,2030-03-01,tolerate,radio
cedar,2030-03-09,push_on,radio
""",
    "statuses.csv": """\
id,meaning,role,source,initial
travelling,Goes with the group.,travelling,survey,yes
permit,Has a permit to stay for a while.,permitted,survey,no
queue,Waits at the crossing.,waiting,survey,
returned,Was taken back.,final,survey,
crossed,Was let across.,final,survey,
""",
    "procedure.csv": """\
id,from_status,to_status,kind,low,likely,high,where,source,who,scope,from,to
permits,travelling,permit,capacity_per_day,20,40,80,birch,survey,children,any,2030-03-03,
stops,travelling,returned,hazard_per_day,0,0.01,0.05,country:AAA,survey,all,alone,,
presents,travelling,queue,share_on_arrival,0.5,0.7,0.9,kind:border_crossing,survey,all,any,,
lets,queue,crossed,capacity_per_day,30,50,60,dogwood,survey,all,any,,
""",
    "signals.csv": """\
date,name,affects,multiplier_low,multiplier_likely,multiplier_high,source,until
2030-03-06,A ministry asks for more checks.,stops,1,1.5,3,radio,2030-03-12
2030-03-08,Rain is forecast.,rain_probability_per_day,1,2,4,radio,
""",
    "reports.csv": """\
id,published,event_date,kind,unit,speaker_role,on_record,source,place,group,value_low,value,value_high,summary,ahead
r1,2030-03-02,2030-03-02,headcount,people,organiser,yes,radio,alder,main,900,1000,,A thousand are in the square.,no
r2,2030-03-03,2030-03-03,policy,none,federal_government,no,radio,,,,,,,
""",
    "sources.csv": """\
id,publisher,title,reliability,date,url,licence
map,A map maker,A map,1,2029-11-02,,
radio,A radio station,News of the day,0.6,2030-03-03,https://radio.example/news?id=20300303,
survey,Town offices,A survey of towns,0.8,2030-02-20,,CC0-1.0
""",
    "parameters.csv": """\
name,distribution,values,unit,source,meaning
walk_km_per_day,lognormal,30;0.25,km/day,survey,Three earlier journeys.
rain_probability_per_day,beta,4;16,share,survey,
city_halt_nights,triangular,2;3;6,nights,survey,
""",
}


def spoil(file: str, old: str, new: str) -> dict[str, str]:
    """Return the files with one place changed; ``old`` must stand in the file, so that a test cannot rot."""
    text = (FILES | {"scenario.toml": SETTINGS})[file]
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {file}")
    return {file: text.replace(old, new)}


def write_made_up(folder: Path, changed: dict[str, str | None] | None = None) -> Path:
    """Write the scenario into a new folder; ``changed`` replaces files, adds others, and leaves out those of None."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"scenario.toml": SETTINGS} | FILES | (changed or {})
    for name, text in files.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def read_made_up(folder: Path) -> Scenario:
    """Return the scenario unspoilt."""
    return read_folder(write_made_up(folder))
