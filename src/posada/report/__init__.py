"""The report: what people read.

The question this room answers: how is a forecast said to a town's officer, to a coordinator and on paper, in
Spanish and in English, so that it is understood and not over-trusted?

Nouns: brief, figure, map, fan chart, message, phrase book. Everything is made from the same records, carries
its stamp and its range, and refers to nothing outside itself: no fonts, tiles or scripts from a network.

May import: forecast, plan, io, engine, model.
"""
