"""A small folder of made-up past journeys, for tests that change a line of it."""

from __future__ import annotations

from pathlib import Path

FILES = {
    "journeys.csv": (
        "id,what,handling,handled\n"
        "one,First,let pass,passed\n"
        "two,Second,let pass,passed\n"
        "three,Third,stopped,held_back\n"
    ),
    "readings.csv": (
        "rate,journey,counted_as,value,trials,reports,how\n"
        "walk_km_per_day,one,,a_001,,,a stage\n"
        "walk_km_per_day,one,,\"km('elm', 'oak')\",,a-001,by the map\n"
        'walk_km_per_day,two,,"mid(b_001_low, b_001_high)",,,a stage\n'
        "rest_probability_per_day,one,,1,4,a-001,mornings\n"
        "rest_probability_per_day,two,,2,5,b-001,mornings\n"
        "site_uptake_share,three,,a_002 / pop('elm'),,,who slept inside\n"
    ),
    "reports_a.csv": (
        "report_id,published,event_date,value,value_low,value_high,note\n"
        "a-001,2030-03-02,2030-03-01,24,,,made up\n"
        "a-002,2030-03-02,2030-03-01,500,,,made up\n"
        "a-009,2031-02-02,2031-02-01,900,,,kept apart\n"
    ),
    "reports_b.csv": (
        "report_id,published,event_date,value,value_low,value_high,note\nb-001,2030-05-02,2030-05-01,,30,40,made up\n"
    ),
    "places.csv": "id,population\nelm,1000\nash,\noak,2000\n",
    "roads.csv": "place_a,place_b,km,mode\nelm,ash,20,road\nash,oak,12,road\n",
    "apart.csv": "what,first,last\nspring 2031,2031-01-01,2031-06-30\n",
}


def write_past_journeys(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Write the folder, with a text of a file exchanged for another for each change, and return it."""
    folder.mkdir()
    files = dict(FILES)
    for name, old, new in changes:
        assert old in files[name], old
        files[name] = files[name].replace(old, new, 1)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder
