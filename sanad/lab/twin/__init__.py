"""The twin: the network simulated. Nothing here knows Django or a database."""
