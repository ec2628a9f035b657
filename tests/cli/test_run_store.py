"""``posada run`` with a store and on a cluster: what a person sees, and every way to ask wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

WORLD = str(Path(__file__).parent.parent / "flee" / "worlds" / "chance-capacity")


@pytest.mark.parametrize("scenario", ["valley", WORLD], ids=["groups", "dispersed"])
def test_members_are_kept_and_more_are_added(run, scenario):
    asked = ("run", scenario, "--seed", "7")
    plain = run(*asked, "--members", "12").out
    first = run(*asked, "--members", "5", "--store", "kept").out
    then = run(*asked, "--members", "12", "--store", "kept").out
    assert first.startswith("Members in kept: 0 were there, 5 were run.\n\n")
    assert then == "Members in kept: 5 were there, 7 were run.\n\n" + plain


def test_a_damaged_block_is_said(run):
    asked = ("run", WORLD, "--members", "5", "--store", "kept")
    plain = run(*asked).out.partition("\n\n")[2]
    path = next(Path("kept").glob("members-*.npz"))
    path.write_bytes(path.read_bytes()[:-1])
    said, _, rest = run(*asked).out.partition("\n\n")
    assert said.splitlines() == [
        "Members in kept: 0 were there, 5 were run.",
        "Damaged blocks were taken out: members 0 to 4.",
    ]
    assert rest == plain


def test_members_of_another_seed_are_refused(run):
    run("run", WORLD, "--members", "2", "--seed", "7", "--store", "kept")
    done = run("run", WORLD, "--members", "2", "--seed", "8", "--store", "kept")
    assert done.code == 2
    assert done.err == (
        "error: the members in 'kept' are of another run: seed is 7 there, 8 here. "
        "Name another folder, or ask for the same again.\n"
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--store", "x", "--out", "x"), "are in each other's way"),
        (("--store", "out/x", "--out", "out"), "are in each other's way"),
        (("--cluster", "local:two"), "'local:two' is no address of a cluster"),
        (("--cluster", "local:2", "--workers", "2"), "2 workers are threads of this process"),
    ],
)
def test_what_contradicts_itself_is_refused_and_nothing_is_written(run, options, said):
    done = run("run", WORLD, "--members", "2", *options)
    assert done.code == 2
    assert said in done.err
    assert list(Path.cwd().iterdir()) == []
