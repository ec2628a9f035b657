"""The day's work.

The question this room answers: in which order are the other rooms called to get from a scenario folder to a
forecast that a town can use?

Nouns: job, step, progress, output folder. It reads, checks, simulates, summarises, computes needs and
publishes; each step is one call of a room below, and the faces above only call this room. It prints nothing:
progress is reported to whoever asked for the job.

May import: report, forecast, plan, io, engine, model.
"""
