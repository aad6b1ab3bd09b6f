"""A note from one shift to the next."""

from datetime import datetime
from uuid import UUID

from sanad.counter import rules
from sanad.counter.models import ShiftNote
from sanad.eventlog.actions import append
from sanad.lib.ids import new_id
from sanad.lib.refusal import N_, Refused
from sanad.lib.secrets_in_text import require_no_secret


class NoteEmpty(Refused):
    code = "counter.note_empty"
    sentence = N_("The note says nothing. Write what whoever comes next must know.")


class NoteTaken(Refused):
    code = "counter.note_taken"
    sentence = N_("Somebody has taken this note over already. Reload the page.")


def write_note(*, centre: int, text: str, at: datetime, by: UUID) -> UUID:
    """Leave a note for whoever sits down next. Raises `NoteEmpty` or `SecretRefused`."""
    if not text.strip():
        raise NoteEmpty
    require_no_secret(text)
    note = ShiftNote(
        id=new_id(), centre_id=centre, text=text.strip()[: rules.SHIFT_NOTE_LENGTH], at=at, by=by
    )
    note.save(force_insert=True)
    append("shift.note_written", at=at, by=by, centre=centre, handover=note.id)
    return note.id


def take_over(*, note: UUID, at: datetime, by: UUID) -> None:
    """Read and taken over: it is shown no more. Raises `NoteTaken`."""
    open_ones = ShiftNote.objects.filter(id=note, taken_at=None)
    if not open_ones.update(taken_at=at, taken_by=by):
        raise NoteTaken
    centre = ShiftNote.objects.values_list("centre_id", flat=True).get(id=note)
    append("shift.note_taken", at=at, by=by, centre=centre, handover=note)
