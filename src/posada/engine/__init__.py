"""The engine: how it moves.

The question this room answers: given a scenario and a seed, where does everybody sleep, night after night,
in each member of an ensemble?

Nouns: member, day, night, draw, step, kernel, account. People are counts, not persons; one step is one day;
the order of the day is a list that can be printed (``posada explain``). Kernels are pure functions on
arrays, compiled, and parallel over members; every draw has a name, so that the result does not depend on
the number of threads and two policies meet the same luck. Nobody is lost: entered = present + under way +
final, in every member on every day.

May import: model.
"""
