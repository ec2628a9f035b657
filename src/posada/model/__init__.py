"""The model: what there is.

The question this room answers: which things does a scenario, a run, a forecast or a plan consist of, what
may each of their fields hold, and what is wrong with the ones at hand?

Nouns: place, route, group, site, vehicle, stance, status, transition, signal, report, source, parameter;
the frozen scenario made of them with its content hash; fields, units, findings and errors. Records that
cross the border between two rooms live here; the algorithms that fill them live above.

It reads no file, draws no random number and knows no other room.

May import: nothing.
"""
