"""How procedures really run, learned from an event log: the network's own or anybody's.

`log` is the columns; `xes`, `ocel` and `tables` read them (and write); `map`, `variants`,
`waiting`, `conform` and `compare` say what is in them. Nothing here knows Django.
"""
