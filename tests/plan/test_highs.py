"""HiGHS as it is used: what it prints itself never reaches the user."""

from __future__ import annotations

import subprocess
import sys

SOLVE = """
from posada.plan.highs import Solver
from posada.plan.program import Program
matrix = Program().finish()
print("before")
Solver(matrix)
print("after")
"""


def test_a_solver_greets_nobody():
    """In a process of its own: the library greets once, from C, when its first solver is made."""
    done = subprocess.run([sys.executable, "-c", SOLVE], capture_output=True, text=True, check=True)
    assert done.stdout == "before\nafter\n"
