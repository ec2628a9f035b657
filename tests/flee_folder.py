"""A small made-up folder of the Flee simulator, as the texts of its files, to be spoilt by tests."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "simsetting.yml": """\
spawn_rules:
  conflict_spawn_decay: [1.0, 0.5]
  take_from_population: true
move_rules:
  awareness_level: 2
  max_move_speed: 200.0
  default_movechance: 0.4
log_levels:
  agent: 0
optimisations:
  hasten: 1
""",
    "input_csv/locations.csv": """\
#name,region,country,latitude,longitude,location_type,conflict_date,population
Alder,North,Here,10.0,20.0,conflict_zone,0,9000
Birch-Upper,North,Here,10.4,20.0,town,,4000
Crossing,,Here,10.6,20.0,forwarding_hub,,
Dogwood,East,There,10.9,20.1,camp,,800
Elm_Camp,East,There,11.2,20.3,idpcamp,,
""",
    "input_csv/routes.csv": """\
#name1,name2,distance,forced_redirection
Alder,Birch-Upper,42,0
Birch-Upper,Crossing,10.5,
Crossing,Dogwood,90
Dogwood,Elm_Camp,35,0
""",
    "input_csv/closures.csv": """\
#closure_type,name1,name2,closure_start,closure_end
country,Here,There,0,3
location,Dogwood,There,2,-1
camp,Elm_Camp,,0,4
""",
    "input_csv/conflicts.csv": """\
#Day, Alder, Birch-Upper, Dogwood,
0, 1, 0, 0
1, 1, 0, 0
2, 1, 0.5, 0
3, 1, 0.5, 0
4, 0.8, 0, 0
5, 0.8, 0, 0
""",
    "input_csv/sim_period.csv": "StartDate,2030-03-01\nLength,6\n",
    "input_csv/registration_corrections.csv": "Dogwood,2030-03-05,normalize\n",
    "source_data/data_layout.csv": "total,refugees.csv\nDogwood,dogwood.csv\nElm_Camp,elm.csv\n",
    "source_data/refugees.csv": "2030-03-01,100\n2030-03-06,400\n",
    "source_data/dogwood.csv": "2030-03-01,100\n2030-03-04,200\n2030-03-05,150\n",
    "source_data/elm.csv": "2030-02-20,10\n2030-03-02,30\n",
}


def spoil(file: str, old: str, new: str) -> dict[str, str | None]:
    """Return the files with one place changed; ``old`` must stand in the file, so that a test cannot rot."""
    if FILES[file].count(old) != 1:
        raise ValueError(f"{old!r} stands {FILES[file].count(old)} times in {file}")
    return {file: FILES[file].replace(old, new)}


def write_flee_folder(folder: Path, changed: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the folder; ``changed`` replaces files, adds others, and leaves out those of None."""
    for name, text in (FILES | (changed or {})).items():
        if text is not None:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder
