"""Whether centres can live: income, costs, break-even, dependence, risk, shocks and levers.

`income` runs the twin and parts what centres earn by service; `costs` reads what is assumed and
what owners state; `measures` is the arithmetic; `shocks` and `levers` change it; `network` puts
the figures of a calibration and scenario together; `owner` is one centre's future from its own
figures. None of these knows Django; `ledger` is the thin piece that reads the database.
"""
