"""The plan: what to do.

The question this room answers: what do this many people need for this long, by which standard, and how
much of it is ready, promised or missing?

Nouns: need, standard, indicator, phase, band (low and target), shortfall. Needs are driven by a table in
which each number carries its source and whether it was verified there. This room is given a number of
people; where the number comes from is not its business, so it does not know the engine.

May import: model.
"""
