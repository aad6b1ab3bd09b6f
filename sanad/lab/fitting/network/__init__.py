"""A model of the network from its own log: what is counted, with how sure that is.

The registry says where centres are and when they are open; everything else is learned from a
snapshot. What the log does not show, how much of the day somebody at a counter is not there for
the next person, is calibrated on the first two thirds of the days and tried on the rest.
"""
