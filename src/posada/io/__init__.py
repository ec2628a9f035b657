"""Files in and out.

The question this room answers: how does a scenario, a forecast or a run get out of a file and into one,
exactly, and what is wrong with the file?

Nouns: scenario folder, workbook, table, row, line, stamp, GeoJSON, Parquet, map extract, road network. What is
misspelled never passes: a finding names file, line and the nearest known name. Nothing is half-written: files
appear complete or not at all. This room writes results without knowing how they were made, so it does not know
the engine.

May import: model.
"""
