from django.db import migrations

# The accounts' room lies below this one and below no other that it could name: its assignments
# point here by number, and the foreign keys are added where both tables exist.
ADD = """
ALTER TABLE accounts_assignment
    ADD CONSTRAINT assignment_centre_fk FOREIGN KEY (centre_id) REFERENCES centres_centre (id),
    ADD CONSTRAINT assignment_entity_fk FOREIGN KEY (entity_id) REFERENCES catalogue_entity (number);
"""
REMOVE = """
ALTER TABLE accounts_assignment
    DROP CONSTRAINT assignment_centre_fk, DROP CONSTRAINT assignment_entity_fk;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("centres", "0001_initial"),
    ]
    operations = [migrations.RunSQL(ADD, REMOVE)]
