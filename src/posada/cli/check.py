"""``posada check``: what is wrong with a scenario, where it stands and how it is mended."""

from __future__ import annotations

import json
from collections import Counter
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from posada.model.findings import Finding
    from posada.model.scenario import Scenario

NOTES_SHOWN = 3


class Format(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"


def check(
    scenario: Annotated[
        str,
        typer.Argument(
            help="Folder (of Flee as well), workbook (.xlsx) or bundled scenario.",
            metavar="SCENARIO",
            show_default=False,
        ),
    ],
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings too.")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="Show every note, not only the first of a kind.")] = False,
    settings: Annotated[
        str | None,
        typer.Option(help="For a folder of Flee: its settings, a file or the name of bundled ones.", metavar="FILE"),
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="How to show the findings.")] = Format.TEXT,
) -> None:
    """Say what is wrong with a scenario, in which file and line, and how to mend it."""
    from posada.io.folder import read_scenario
    from posada.model.errors import ScenarioError

    whole = None
    try:
        whole = read_scenario(scenario, settings=settings)
        findings = whole.check().rows
    except ScenarioError as fault:
        findings = fault.findings
    show = _as_json if format_ is Format.JSON else findings_text
    typer.echo(show(scenario, whole, findings, notes))
    count = _count(findings)
    if count["error"] or (strict and count["warning"]):
        raise typer.Exit(2)


def _count(findings: tuple[Finding, ...]) -> Counter[str]:
    return Counter(finding.severity.value for finding in findings)


def _as_json(name: str, scenario: Scenario | None, findings: tuple[Finding, ...], _notes: bool) -> str:
    count = _count(findings)
    whole = {
        "scenario": name,
        "hash": scenario.hash if scenario is not None else None,
        "errors": count["error"],
        "warnings": count["warning"],
        "notes": count["note"],
        "findings": [
            {
                "severity": finding.severity.value,
                "id": finding.id,
                "where": finding.where,
                "message": finding.message,
                "cure": finding.cure,
            }
            for finding in findings
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


def findings_text(name: str, scenario: Scenario | None, findings: tuple[Finding, ...], notes: bool) -> str:
    """Return findings as lines, with their number and whether the scenario can be used at the end."""
    lines = []
    kinds = Counter(finding.id for finding in findings)
    seen: Counter[str] = Counter()
    for finding in findings:
        seen[finding.id] += 1
        if finding.severity.value != "note" or notes or seen[finding.id] <= NOTES_SHOWN:
            lines.append(str(finding))
        elif seen[finding.id] == kinds[finding.id]:
            more = kinds[finding.id] - NOTES_SHOWN
            lines.append(f"note [{finding.id}] and {more} more like these; --notes shows them all.")
    count = _count(findings)
    parts = [_plural(count[kind], kind) for kind in ("error", "warning", "note")]
    state = "can be used" if scenario is not None else "cannot be used"
    return "\n".join([*lines, f"{name}: {', '.join(parts)}; the scenario {state}."])


def _plural(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
