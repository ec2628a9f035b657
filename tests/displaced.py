"""A small made-up scenario of dispersed movement, as the texts of its files, to be spoilt by tests."""

from __future__ import annotations

from pathlib import Path

from posada.io.folder import read_folder
from posada.model.scenario import Scenario

SETTINGS = """\
id = "made-up"
title = "From Alder to two camps"
start = 2030-03-01
end = 2030-03-10

[movement]
semantics = "posada"
awareness_steps = 2
conflict_decay = [1.0, 0.5]
take_from_population = true
"""

FILES = {
    "places.csv": """\
id,name,country,lat,lon,kind,source,admin1,population,capacity
alder,Alder,Here,10.0,20.0,town,map,North,9000,
birch,Birch,Here,10.4,20.0,town,map,South,4000,
cedar,Cedar,There,10.9,20.1,camp,map,,,800
dogwood,Dogwood,There,11.2,20.3,camp,map,,,
""",
    "routes.csv": """\
from,to,km,mode,source,parallel,max_km_per_day
alder,birch,42,road,map,,
birch,alder,60,road,map,2,35
birch,cedar,90,road,map,,
cedar,dogwood,35,road,map,,
""",
    "reports.csv": """\
id,published,event_date,kind,unit,speaker_role,on_record,source,place,value,series
c1,2030-03-01,2030-03-01,registered,people,un,yes,counts,cedar,100,
c2,2030-03-05,2030-03-05,registered,people,un,yes,counts,cedar,200,
c3,2030-03-06,2030-03-06,registered,people,un,yes,counts,cedar,150,
d1,2030-03-03,2030-03-03,registered,people,un,yes,counts,dogwood,40,
t1,2030-03-01,2030-03-01,registered,people,un,yes,counts,,120,
t2,2030-03-09,2030-03-09,registered,people,un,yes,counts,,320,
e1,2030-03-02,2030-03-02,registered,people,un,yes,counts,,10,elm
""",
    "conflicts.csv": """\
place,date,intensity,source
alder,2030-03-01,1,events
birch,2030-03-04,0.5,events
birch,2030-03-08,0,events
""",
    "closures.csv": """\
kind,first,source,second,closes,reopens
country,Here,events,There,2030-03-02,2030-03-05
route,cedar,events,dogwood,2030-03-04,2030-03-06
camp,dogwood,events,,2030-03-01,2030-03-03
""",
    "place_changes.csv": """\
place,date,kind,source
birch,2030-03-09,forwarding_hub,events
""",
    "conditions.csv": """\
kind,where,date,value,source
food_insecurity,North,2030-03-01,40,events
high_water,birch,2030-03-02,3,events
""",
    "place_attributes.csv": """\
place,name,value,source
cedar,hdi,0.6,map
""",
    "demographics.csv": """\
attribute,value,weight,source,place
age,30,0.75,counts,
age,70,0.25,counts,
age,30,1,counts,birch
""",
    "known_routes.csv": """\
way,step,place,source
main,0,alder,map
main,1,birch,map
main,2,cedar,map
""",
    "present.csv": """\
place,people,source,attributes
dogwood,25,counts,age=30
""",
    "corrections.csv": """\
place,date,source
cedar,2030-03-06,counts
""",
    "sources.csv": """\
id,publisher,title,reliability,date
map,A map maker,A map,1,2029-11-02
counts,An office,Counts of camps,0.8,2030-03-20
events,A list,A list of events,0.7,2030-03-20
""",
}


def spoil(file: str, old: str, new: str) -> dict[str, str]:
    """Return the files with one place changed; ``old`` must stand in the file, so that a test cannot rot."""
    text = (FILES | {"scenario.toml": SETTINGS})[file]
    if text.count(old) != 1:
        raise ValueError(f"{old!r} stands {text.count(old)} times in {file}")
    return {file: text.replace(old, new)}


def write_displaced(folder: Path, changed: dict[str, str | None] | None = None) -> Path:
    """Write the scenario into a new folder; ``changed`` replaces files, adds others, and leaves out those of None."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in ({"scenario.toml": SETTINGS} | FILES | (changed or {})).items():
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    return folder


def read_displaced(folder: Path, changed: dict[str, str | None] | None = None) -> Scenario:
    """Return the scenario, unspoilt or changed."""
    return read_folder(write_displaced(folder, changed))
