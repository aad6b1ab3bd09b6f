"""Studies of the Lab: what was asked, how far it is, and what came out.

Size: some hundreds a year; a result of seven scenarios by 63 wilayats is 200 kB of JSON.
"""

from django.db import models


class StudyState(models.TextChoices):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    REFUSED = "refused"


class Study(models.Model):
    """Scenarios beside the present, under one seed. A result is written once and never changed."""

    id = models.UUIDField(primary_key=True)
    title = models.CharField(max_length=120)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    # {"basis": {...}, "scenarios": [...], "replications": n, "seed": n}
    asked = models.JSONField()
    state = models.CharField(max_length=8, choices=StudyState, default=StudyState.WAITING)
    done = models.IntegerField(default=0)  # parts
    parts = models.IntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)  # when whoever runs it last said so
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    refusal = models.JSONField(null=True)  # {"code", "sentence", "facts"}
    code_version = models.CharField(max_length=64, default="")
    again_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="agains")

    class Meta:
        indexes = [models.Index(fields=["-asked_at"], name="study_newest_first")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=StudyState.DONE, result__isnull=False)
                | (~models.Q(state=StudyState.DONE) & models.Q(result__isnull=True)),
                name="study_done_has_a_result",
            )
        ]
