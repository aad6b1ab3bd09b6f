"""The name of the place a seat stands at."""

from sanad.accounts.queries import Seat
from sanad.catalogue import queries as catalogue
from sanad.centres import queries as centres
from sanad.lib.bilingual import Text


def place_of(seat: Seat) -> Text | None:
    """The centre's or the entity's name; None for a seat in the whole network."""
    if seat.centre_id is not None:
        return centres.centre(seat.centre_id).name
    if seat.entity_id is not None:
        entities = catalogue.entities()
        return next((one.name for one in entities if one.number == seat.entity_id), None)
    return None
