"""The command line: what a person sees, and the exit status that a script sees."""

# ruff: noqa: E501  tables of cases read best with one case on a line

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import posada
from posada.cli.main import COMMANDS
from posada.io.folder import read_scenario
from posada.model.errors import ConservationError
from tests.flee_folder import spoil as spoil_flee
from tests.flee_folder import write_flee_folder
from tests.made_up import FILES, SETTINGS, spoil, write_made_up


@pytest.fixture(autouse=True)
def _one_bundled(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("scenarios")
    write_made_up(home / "valley")
    monkeypatch.setattr("posada.io.bundled.home_of_bundled", lambda: home)


def python(*words: str, **more) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "posada.cli.main", *words], capture_output=True, text=True, check=False, **more
    )


def test_help_lists_every_command(run):
    done = run("--help")
    assert done.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in done.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_a_module_of_its_name(command, run):
    done = run(command, "--help")
    assert done.code == 0
    assert f"Usage: posada {command}" in done.out


def test_help_loads_no_heavy_library():
    """What makes ``posada --help`` fast on a slow machine, whatever the machine of the test."""
    code = (
        "import sys\nfrom posada.cli.main import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'pyarrow', 'openpyxl', 'jinja2', 'reportlab', 'rich', 'osmium'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_version(run):
    assert run("--version") == (0, f"posada {posada.__version__}\n", "")


def test_an_unknown_command_names_the_nearest(run):
    done = run("chek", "valley")
    assert done.code == 2
    assert "No such command 'chek'. Did you mean 'check'?" in done.err


def test_an_unknown_option_names_the_nearest(run):
    done = run("check", "valley", "--strct")
    assert done.code == 2
    assert "--strct" in done.err
    assert "--strict" in done.err


def test_no_command_is_answered_with_help(run):
    done = run()
    assert "Usage: posada" in done.out + done.err
    assert done.code == 2


def test_check_says_what_is_assumed_and_that_all_is_well(run):
    done = run("check", "valley")
    assert done.code == 0
    assert done.err == ""
    assert "note [assumed-parameter] parameters.csv: 'walk_km_day_sigma' is not given" in done.out
    assert "more like these; --notes shows them all" in done.out
    assert done.out.splitlines()[-1].startswith("valley: 0 errors, 0 warnings, ")
    assert done.out.splitlines()[-1].endswith("the scenario can be used.")


def test_check_shows_every_note_when_asked(run):
    assert len(run("check", "valley", "--notes").out.splitlines()) > 50
    assert len(run("check", "valley").out.splitlines()) < 12


def test_check_names_file_line_and_cure_and_fails(run, tmp_path):
    write_made_up(tmp_path / "it", spoil("groups.csv", "alder,", "aldr,"))
    done = run("check", "it")
    assert done.code == 2
    assert done.out == (
        "error [unknown-place] groups.csv:2: place 'aldr' in 'origin' is not in the table of places. "
        "Did you mean 'alder'?\n"
        "it: 1 error, 0 warnings, 0 notes; the scenario cannot be used.\n"
    )


def test_warnings_fail_only_when_strict(run, tmp_path):
    write_made_up(tmp_path / "it", spoil("places.csv", "elm,Elm", "fir,Fir,AAA,9,-90,camp,map,,,,\nelm,Elm"))
    assert run("check", "it").code == 0
    strict = run("check", "it", "--strict")
    assert strict.code == 2
    assert "warning [isolated-place] places.csv:6: no route leads to or from 'fir'." in strict.out
    assert "1 warning, " in strict.out


def test_notes_never_fail(run):
    assert run("check", "valley", "--strict").code == 0


def test_check_as_json_can_be_read_by_a_program(run, tmp_path):
    write_made_up(tmp_path / "it", spoil("sites.csv", ",250,", ",-1,"))
    done = run("check", "it", "--format", "json")
    assert done.code == 2
    whole = json.loads(done.out)
    assert (whole["errors"], whole["warnings"], whole["hash"]) == (1, 0, None)
    assert whole["findings"] == [
        {
            "severity": "error",
            "id": "out-of-bounds",
            "where": "sites.csv:4",
            "message": "'capacity' is -1.",
            "cure": "It must be at least 0 (people).",
        }
    ]
    good = json.loads(run("check", "valley", "--format", "json").out)
    assert good["hash"] == read_scenario("valley").hash
    assert good["notes"] == len(good["findings"]) > 50


def test_an_unknown_format_is_refused(run):
    done = run("check", "valley", "--format", "xml")
    assert done.code == 2
    assert "'json'" in done.err


# One of every kind of bad input: the change, and what must be said. Each ends with status 2.
BAD_INPUT = (
    ("unknown file", {"place.csv": "id\n"}, "error [unknown-file] place.csv: unknown file 'place.csv'. Did you mean 'places.csv'?"),
    ("unknown column", spoil("routes.csv", ",km,", ",kms,"), "error [unknown-column] routes.csv:1: unknown column 'kms'. Did you mean 'km'?"),
    ("unknown key", spoil("scenario.toml", "climate", "climte"), "error [unknown-key] scenario.toml:6: unknown key 'climte'. Did you mean 'climate'?"),
    ("unknown place", spoil("vehicles.csv", "radio,,cedar", "radio,,cedr"), "error [unknown-place] vehicles.csv:2: place 'cedr' in 'limit_place' is not in the table of places. Did you mean 'cedar'?"),
    ("unknown unit", spoil("reports.csv", "headcount,people", "headcount,persons"), "error [unknown-unit] reports.csv:2: 'persons' is not an option of 'unit'."),
    ("unknown option", spoil("stances.csv", "push_on", "push-on"), "error [unknown-option] stances.csv:4: 'push-on' is not an option of 'stance'. Did you mean 'push_on'?"),
    ("duplicate id", spoil("vehicles.csv", "van,cedar", "buses,cedar"), "error [duplicate-id] vehicles.csv:3: id 'buses' stands in vehicles.csv:2 already."),
    ("bad date", spoil("signals.csv", "2030-03-08", "8 March 2030"), "error [bad-date] signals.csv:3: '8 March 2030' in 'date' is not a date."),
    ("a route that ends nowhere", spoil("routes.csv", "alder,birch", "alder,burch"), "error [unknown-place] routes.csv:2: place 'burch' in 'to' is not in the table of places. Did you mean 'birch'?"),
    ("negative capacity", spoil("sites.csv", ",900,", ",-900,"), "error [out-of-bounds] sites.csv:3: 'capacity' is -900. It must be at least 0 (people)."),
    ("a share outside 0-1", spoil("destinations.csv", "0.2", "1.2"), "error [out-of-bounds] destinations.csv:2: 'share' is 1.2. It must be between 0 and 1 (share)."),
    ("a figure without a source", spoil("sites.csv", "yes,survey", "yes,"), "error [missing-source] sites.csv:2: 'source' is empty."),
    ("not UTF-8", {"sites.csv": FILES["sites.csv"].encode("utf-16")}, "error [unreadable-file] sites.csv:1: it is not UTF-8 from here on."),
    ("not TOML", {"scenario.toml": SETTINGS + "oops"}, "error [unreadable-file] scenario.toml:7: it is not TOML from here on"),
    ("personal data", spoil("sites.csv", ",toilets,", ",surname,"), "error [personal-data] sites.csv:1: column 'surname' looks like data about an individual person."),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "files", "says"), BAD_INPUT, ids=[row[0] for row in BAD_INPUT])
def test_bad_input_of_every_kind(kind, files, says, run, tmp_path):
    """A clear message with file, line and nearest name; status 2; no traceback; nothing written or lost."""
    write_made_up(tmp_path / "it", files)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    checked = run("check", "it")
    assert checked.code == 2, kind
    assert says in checked.out
    for converted in (run("convert", "it", "it.xlsx"), run("convert", "it", "out")):
        assert converted.code == 2
        assert says in converted.err
        assert "Traceback" not in converted.err
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_scenario_that_is_not_there(run):
    done = run("check", "valey")
    assert done == (2, "", "error: unknown scenario 'valey'. Did you mean 'valley'?\n")
    done = run("check", "there/is/nothing")
    assert done == (2, "", "error: there is no folder or workbook 'there/is/nothing'.\n")


def test_convert_goes_both_ways_and_loses_nothing(run, tmp_path):
    assert run("convert", "valley", "it.xlsx") == (0, "made it.xlsx\n", "")
    assert run("convert", "it.xlsx", "it") == (0, "made it\n", "")
    assert read_scenario(tmp_path / "it") == read_scenario("valley")


def test_convert_replaces_nothing_unasked(run, tmp_path):
    write_made_up(tmp_path / "it", {"sites.csv": None})
    done = run("convert", "valley", "it")
    assert done.code == 2
    assert "'it' exists and is a folder that is not empty" in done.err
    assert not (tmp_path / "it" / "sites.csv").exists()
    assert run("convert", "valley", "it", "--overwrite").code == 0
    assert (tmp_path / "it" / "sites.csv").exists()


def test_new_makes_what_passes_the_check(run, tmp_path):
    done = run("new", "mine")
    assert done.code == 0
    assert "posada check mine" in done.out
    assert run("check", "mine", "--strict").code == 0
    assert (tmp_path / "mine" / "README.md").exists()
    assert run("new", "mine").code == 2
    assert "exists" in run("new", "mine").err


def test_new_makes_workbooks_and_empty_tables(run, tmp_path):
    assert run("new", "mine", "--xlsx").code == 0
    assert run("check", "mine.xlsx", "--strict").code == 0
    assert run("new", "bare", "--from", "empty").code == 0
    assert run("check", "bare").code == 2
    done = run("new", "other", "--from", "vallley")
    assert done == (2, "", "error: unknown template 'vallley'. Did you mean 'valley'?\n")
    assert not (tmp_path / "other").exists()


def test_a_folder_that_may_not_be_written_to_is_said_to_be(run, tmp_path):
    (tmp_path / "file").write_text("")
    done = run("new", "file/mine")
    assert done.code == 2
    assert done.err.startswith("error: '")
    assert "Traceback" not in done.err


def test_a_fault_of_posada_is_said_to_be_one(run, monkeypatch):
    monkeypatch.setattr("posada.io.folder.read_scenario", lambda _name, **_more: 1 / 0)
    done = run("check", "valley")
    assert done.code == 1
    assert done.err == (
        "error: this is a fault of Posada, not of your input: ZeroDivisionError: division by zero. "
        "Run it again with --debug to see where, and report it.\n"
    )
    for words in (("check", "valley", "--debug"), ("--debug", "check", "valley")):
        done = run(*words)
        assert done.code == 1
        assert "Traceback" in done.err


def test_lost_people_are_a_fault_of_posada(run, monkeypatch):
    def lose(_name, **_more):
        raise ConservationError("3 people were lost on day 4")

    monkeypatch.setattr("posada.io.folder.read_scenario", lose)
    assert run("check", "valley") == (1, "", "error: 3 people were lost on day 4\n")


def test_stopping_ends_quietly(run, monkeypatch):
    def stop(_name, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr("posada.io.folder.read_scenario", stop)
    done = run("check", "valley")
    assert done.code == 130
    assert "Traceback" not in done.err


def test_the_command_works_in_a_process_of_its_own(tmp_path):
    write_made_up(tmp_path / "it")
    done = python("check", "it", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith("it: 0 errors")
    write_made_up(tmp_path / "bad", spoil("sites.csv", ",250,", ",x,"))
    done = python("check", "bad", cwd=tmp_path)
    assert done.returncode == 2
    assert "sites.csv:4: 'x' in 'capacity' is not a number." in done.stdout
    done = python("convert", "bad", "out", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "it"]


def test_a_terminal_without_utf8_is_served_too(tmp_path):
    write_made_up(tmp_path / "it", spoil("places.csv", "elm,Elm,BBB", "elm,Elm,ЖЖЖ"))
    latin = os.environ | {"PYTHONIOENCODING": "latin-1"}
    done = python("check", "it", cwd=tmp_path, env=latin)
    assert done.returncode == 2
    assert "'???' in 'country'" in done.stdout


def test_a_reader_that_goes_away_is_no_fault(tmp_path):
    write_made_up(tmp_path / "it")
    process = subprocess.Popen(
        [sys.executable, "-m", "posada.cli.main", "check", "it", "--notes"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    process.stdout.close()
    said = process.stderr.read().decode()
    process.stderr.close()
    assert process.wait() in (0, 1)
    assert "Traceback" not in said
    assert "error" not in said


def test_import_writes_a_scenario_that_check_takes(run, tmp_path):
    write_flee_folder(tmp_path / "conflict")
    done = run("import", "flee", "conflict", "--to", "mine")
    assert done.code == 0
    assert "conflict: 0 errors, 0 warnings, " in done.out
    assert done.out.endswith(
        "2030-03-01 to 2030-03-06, 6 days, semantics 'flee', spawn mode 'from_registrations'.\n"
        "5 places, 2 of them camps; 4 routes; 4 changes of conflict; 3 closures; 7 counts of people registered.\n"
        "made mine\n"
    )
    assert run("check", "mine").code == 0
    assert run("import", "flee", "conflict", "--to", "mine").code == 2
    assert run("import", "flee", "conflict", "--to", "mine", "--overwrite").code == 0


def test_import_of_what_is_no_folder_of_flee_is_refused_in_one_sentence(run, tmp_path):
    assert run("new", "mine").code == 0
    result = run("import", "flee", "mine", "--to", "other")
    assert (result.code, "'mine' is no folder of Flee" in result.err) == (2, True)
    assert not (tmp_path / "other").exists()


def test_a_folder_that_holds_scenarios_is_none_and_names_them(run, tmp_path):
    write_flee_folder(tmp_path / "all" / "first")
    write_flee_folder(tmp_path / "all" / "second")
    result = run("run", "all", "--members", "2")
    assert (result.code, "Name one of them: 'all/first', 'all/second'." in result.err) == (2, True)


def test_import_without_a_target_writes_nothing(run, tmp_path):
    write_flee_folder(tmp_path / "conflict")
    done = run("import", "flee", "conflict", "--settings", "fastflow")
    assert (done.code, "nothing was written" in done.out) == (0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["conflict"]


def test_a_fault_in_a_folder_of_flee_ends_with_status_2(run, tmp_path):
    write_flee_folder(tmp_path / "conflict", spoil_flee("simsetting.yml", "max_move_speed", "max_move_sped"))
    says = (
        "error [unknown-key] simsetting.yml:6: unknown key 'move_rules.max_move_sped', which Flee passes over without "
        "a word. Did you mean 'max_move_speed'?"
    )
    for words in (("import", "flee", "conflict", "--to", "mine"), ("check", "conflict")):
        done = run(*words)
        assert done.code == 2
        assert says in done.out
    assert not (tmp_path / "mine").exists()
    good = run("check", "conflict", "--settings", "modern125")
    assert good.code == 0


def test_import_names_the_programs_that_it_knows(run):
    done = run("import", "fle", "conflict")
    assert done.code == 2
    assert "'flee'" in done.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--journey", "2031-04-02"), "belong together"),
        (("--journey", "2031-13-02", "--origin", "alder", "--size", "1,2,3"), "is not a date"),
        (("--journey", "2031-04-02", "--origin", "alder", "--size", "1,2"), "is not three whole numbers"),
        (("--journey", "2031-04-02", "--origin", "elder", "--size", "1,2,3"), "Did you mean 'alder'"),
    ],
)
def test_a_new_journey_asked_for_wrongly_is_not_begun(run, tmp_path, options, said):
    done = run("new", "mine", *options)
    assert (done.code, said in done.err) == (2, True)
    assert not (tmp_path / "mine").exists()


def test_a_new_journey_can_be_run_at_once(run):
    begun = run("new", "mine", "--journey", "2031-04-02", "--origin", "alder", "--size", "100,200,300")
    assert begun.code == 0
    assert "made mine" in begun.out
    assert "mine: from the first day, 20 members" in run("run", "mine", "--members", "20").out
