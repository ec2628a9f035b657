"""``posada needs``: what a number of people need, by standard."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Annotated

import typer

from posada.model.errors import UnknownNameError

if TYPE_CHECKING:
    from posada.model.need import Indicator
    from posada.model.outlook import NeedLine

LANGUAGES = ("es", "en")
FORMATS = ("text", "csv", "json")

_WORDS = {
    "es": {
        "title": "Necesidades de {people} personas, {phase}",
        "daytime": "de paso durante el día",
        "overnight": "una noche",
        "days_2_5": "de dos a cinco noches",
        "longer": "más de cinco noches",
        "temperate": "clima templado",
        "cold": "clima frío",
        "hot": "clima cálido",
        "water": "Agua",
        "sanitation": "Saneamiento",
        "shelter": "Albergue",
        "food": "Alimentos",
        "health": "Salud",
        "transport": "Transporte",
        "low": "mínimo",
        "target": "meta",
        "source": "fuente",
        "conditions": "Condiciones que cuidar",
        "sources": "Fuentes",
        "marks": (
            "V verificado en la fuente · S citado por otro documento · M de memoria, sin verificar\n"
            "A supuesto de este proyecto (project_assumption): no está en ninguna fuente\n"
            "La marca de una línea es la más débil de las cifras en que se apoya."
        ),
    },
    "en": {
        "title": "Needs of {people} people, {phase}",
        "daytime": "passing by day",
        "overnight": "one night",
        "days_2_5": "two to five nights",
        "longer": "more than five nights",
        "temperate": "temperate climate",
        "cold": "cold climate",
        "hot": "hot climate",
        "water": "Water",
        "sanitation": "Sanitation",
        "shelter": "Shelter",
        "food": "Food",
        "health": "Health",
        "transport": "Transport",
        "low": "low",
        "target": "target",
        "source": "source",
        "conditions": "Conditions to keep",
        "sources": "Sources",
        "marks": (
            "V verified at the source · S quoted by another document · M from memory, not verified\n"
            "A assumption of this project (project_assumption): it stands in no source\n"
            "The mark of a line is the weakest of the figures it rests on."
        ),
    },
}


def needs(
    people: Annotated[int, typer.Argument(help="How many people.", metavar="PEOPLE")],
    *,
    phase: Annotated[
        str | None,
        typer.Option(help="daytime, overnight, days_2_5 or longer. Without it: by --nights, else overnight."),
    ] = None,
    nights: Annotated[float | None, typer.Option(help="Length of stay; chooses the phase.")] = None,
    climate: Annotated[str, typer.Option(help="temperate, cold or hot.")] = "temperate",
    urban: Annotated[bool, typer.Option("--urban", help="In buildings with services inside.")] = False,
    female_share: Annotated[
        float | None, typer.Option(help="Share of women and girls, 0-1; weighs the split of toilets.")
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the lines: es or en.")] = "en",
    format_: Annotated[str, typer.Option("--format", help="text, csv or json.")] = "text",
) -> None:
    """Say what a number of people need by standard: low and target, sources, and what was verified."""
    text = _render(
        people,
        choice=(phase, nights),
        climate=climate,
        urban=urban,
        female_share=female_share,
        lang=lang,
        format_=format_,
    )
    typer.echo(text, nl=False)


def _render(
    people: int,
    *,
    choice: tuple[str | None, float | None],
    climate: str,
    urban: bool,
    female_share: float | None,
    lang: str,
    format_: str,
) -> str:
    from posada.plan.needs import calculate_needs, calculated_indicators, choose_phase, conditions
    from posada.plan.standards import read_standards

    if lang not in LANGUAGES:
        raise UnknownNameError("language", lang, LANGUAGES)
    if format_ not in FORMATS:
        raise UnknownNameError("format", format_, FORMATS)
    standards = read_standards()
    phase = choose_phase(*choice)
    lines = calculate_needs(
        people,
        phase,
        climate=climate,
        urban_services=urban,
        female_share=female_share,
        standards=standards,
    )
    rows = calculated_indicators(standards, phase, climate=climate, urban_services=urban)
    records = [_record(row, line, rows, lang) for row, line in zip(rows, lines, strict=True)]
    if format_ == "csv":
        return _as_csv(records)
    if format_ == "json":
        return _as_json(records, people=people, phase=phase, climate=climate)
    words = _WORDS[lang]
    title = words["title"].format(people=f"{people:,}", phase=words[phase]) + f", {words[climate]}"
    kept = conditions(standards, phase, climate=climate, urban_services=urban)
    return _as_text(title, records, [_condition(row, lang) for row in kept], words)


def _record(row: Indicator, line: NeedLine, rows: tuple[Indicator, ...], lang: str) -> dict[str, object]:
    from posada.model.need import PROJECT_ASSUMPTION
    from posada.plan.needs import weakest_status

    return {
        "key": line.key,
        "sector": row.sector,
        "label": line.label_es if lang == "es" else line.label_en,
        "low": line.quantity_low,
        "target": line.quantity_target,
        "unit": line.unit_es if lang == "es" else line.unit_en,
        "phase": line.phase,
        "source": line.source,
        "status": PROJECT_ASSUMPTION if PROJECT_ASSUMPTION in line.source else weakest_status(row.key, rows),
        "verified": line.verified,
    }


def _condition(row: Indicator, lang: str) -> dict[str, object]:
    return {
        "label": row.label_es if lang == "es" else row.label_en,
        "low": row.low,
        "target": row.target,
        "unit": row.unit_es if lang == "es" else row.unit,
        "source": row.citation,
        "status": row.status,
    }


def _as_csv(records: list[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]), lineterminator="\n")
    writer.writeheader()
    for record in records:
        shown = {key: f"{value:.10g}" if isinstance(value, float) else value for key, value in record.items()}
        writer.writerow(shown | {"verified": "yes" if record["verified"] else "no"})
    return out.getvalue()


def _as_json(records: list[dict[str, object]], *, people: int, phase: str, climate: str) -> str:
    whole = {"people": people, "phase": phase, "climate": climate, "lines": records}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _as_text(title: str, records: list[dict[str, object]], kept: list[dict[str, object]], words: dict[str, str]) -> str:
    cited = dict.fromkeys(record["source"] for record in records + kept)
    sources = {source: number for number, source in enumerate(cited, start=1)}
    width = max(len(str(record["label"])) for record in records)
    head = f"{'':{width + 2}}  {words['low']:>11}  {words['target']:>11}  "
    out = [title, ""]
    sector = None
    for record in records:
        if record["sector"] != sector:
            sector = str(record["sector"])
            heading = words[sector]
            out += ["", heading] if len(out) > 2 else [heading + head[len(heading) :] + words["source"]]
        amounts = f"{_number(record['low']):>11}  {_number(record['target']):>11}"
        tail = f"{_mark(record)} [{sources[record['source']]}]"
        out.append(f"  {record['label']:{width}}  {amounts}  {record['unit']}  {tail}")
    out += ["", words["conditions"]]
    for record in kept:
        figures = [_number(record[end]) for end in ("low", "target") if record[end] is not None]
        bounds = "-".join(dict.fromkeys(figures))
        tail = f"{_mark(record)} [{sources[record['source']]}]"
        out.append(f"  {record['label']}: {bounds} {record['unit']}  {tail}")
    out += ["", words["sources"], *(f"  [{number}] {source}" for source, number in sources.items())]
    return "\n".join([*out, "", words["marks"], ""])


def _mark(record: dict[str, object]) -> str:
    return "A" if record["status"] == "project_assumption" else str(record["status"])


def _number(value: object) -> str:
    return f"{value:,.10g}" if isinstance(value, float) else "–"
