"""A period of the whole network: who comes where, waits, is served, pays, and is answered.

A `Model` says what is known or assumed; `simulate` lives it once for a seed and fills day facts,
which the network's own KPI functions score; scenarios are changes of a model; `compare` lives
several of them under the same seeds.
"""
