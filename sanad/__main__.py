"""`python -m sanad`: what bin/sanad runs."""

from sanad.cli import main

main()
