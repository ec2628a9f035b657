"""Movement of dispersed people: each goes where it attracts, by counts over places, routes and days.

The rules are those of the Flee simulator, whose scenarios run here as they are. People in one place with one
need class, one remaining route and one memory of recent travel are exchangeable, so that how many of them take
each way is drawn as a binomial or multinomial number: the distribution is that of a walk agent by agent, at a
cost that does not grow with the number of people.

Modules, in the order in which they build on each other: ``calendar`` (what holds on each day), ``links``
(what is open), ``options`` (which ways people weigh), ``nodes`` (where people can be, at night and within a
day), ``grouping`` and ``memory`` (what of recent travel people need to be told apart by), ``classes`` (who chooses
differently), ``world`` (all of it as arrays), ``stream`` (draws), ``weigh``, ``spawn``, ``decide`` and ``travel`` (the
kernels), ``simulate`` (ensembles), ``variants`` (the same graph with other numbers, from a later day).
"""
