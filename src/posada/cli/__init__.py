"""The command line.

The question this room answers: what did the person at the keyboard ask for, and how are the answer, the
progress and the faults shown to them?

Nouns: command, option, table, progress line, exit status. One file per command; a command parses its
options, calls ``ops`` and shows what comes back. Only here is anything printed, and only here does the
process end: 0 when all is well, 2 when the input is at fault, 1 when Posada is.

May import: ops, report, forecast, plan, io, engine, model.
"""
