"""The forecast: what we believe.

The question this room answers: from what was publicly known on a date, who is expected where, when and in
what number, and how sure can we be?

Nouns: as-of date, known state, ensemble, quantile, range, outlook, driver. A run begins from what reports
published up to the as-of date say, never from anything later; what comes out is labelled and summarised
here, and never given without its range.

May import: engine, model.
"""
