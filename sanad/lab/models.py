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


class Stage(models.TextChoices):
    IDEA = "idea"
    STUDIED = "studied"
    CHOSEN = "chosen"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class Initiative(models.Model):
    """What is proposed, as it stands now. Every change is an `InitiativeVersion` beside it.

    Size: some tens, with some tens of versions each.
    """

    code = models.CharField(primary_key=True, max_length=40)
    facts = models.JSONField()  # as sanad.lab.roadmap.facts reads it
    stage = models.CharField(max_length=8, choices=Stage, default=Stage.IDEA)
    version = models.IntegerField(default=1)
    is_example = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=Stage.values), name="initiative_stage_known"
            )
        ]


class InitiativeVersion(models.Model):
    """Who changed an initiative, when, and what it said then. Written once."""

    pk = models.CompositePrimaryKey("initiative_id", "number")
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="versions")
    number = models.IntegerField()
    at = models.DateTimeField()
    by = models.UUIDField()
    what = models.CharField(max_length=16)  # made, changed, milestone, or the stage it went to
    reason = models.TextField(default="")
    stage = models.CharField(max_length=8, choices=Stage)
    facts = models.JSONField()


class Portfolio(models.Model):
    """A choice of initiatives under budgets and crews: what was asked, and what came out once.

    An adopted one is the roadmap: `starts` are its quarters, moved since by hand.
    """

    id = models.UUIDField(primary_key=True)
    title = models.CharField(max_length=120)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    # {"instance": {...}, "baselines": {...}, "weights": {...}, "scales": {...}, "versions": {...}}
    asked = models.JSONField()
    digest = models.CharField(max_length=64)  # of what was asked
    is_example = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=StudyState, default=StudyState.WAITING)
    done = models.IntegerField(default=0)
    parts = models.IntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    result = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    code_version = models.CharField(max_length=64, default="")
    again_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="agains")
    adopted_at = models.DateTimeField(null=True)
    adopted_by = models.UUIDField(null=True)
    starts = models.JSONField(null=True)  # {code: quarter}, once adopted

    class Meta:
        indexes = [
            models.Index(fields=["-asked_at"], name="portfolio_newest_first"),
            models.Index(fields=["-adopted_at"], name="portfolio_adopted_last"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=StudyState.DONE, result__isnull=False)
                | (~models.Q(state=StudyState.DONE) & models.Q(result__isnull=True)),
                name="portfolio_done_has_a_result",
            )
        ]


class RoadmapMove(models.Model):
    """An initiative of the roadmap put into another quarter. Written once."""

    id = models.UUIDField(primary_key=True)
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    by = models.UUIDField()
    code = models.CharField(max_length=40)
    before = models.CharField(max_length=6)  # a quarter
    after = models.CharField(max_length=6)


class PublishedRoadmap(models.Model):
    """What the ministry shows to everybody; the newest row counts, an empty one takes it back."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField()
    by = models.UUIDField()
    portfolio = models.ForeignKey(Portfolio, models.PROTECT, null=True)
    document = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["-at"], name="roadmap_newest_first")]
