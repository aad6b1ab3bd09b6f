from django.db import migrations

# A line of a quote and a posting repeat their fee line's cap; the pair must exist in the
# catalogue, so nobody can post against a cap of their own making.
ADD = """
ALTER TABLE catalogue_feeline ADD CONSTRAINT feeline_cap UNIQUE (id, baisa);
ALTER TABLE till_quoteline ADD CONSTRAINT quote_line_cap_fk
    FOREIGN KEY (fee_line_id, cap_baisa) REFERENCES catalogue_feeline (id, baisa);
ALTER TABLE till_transfer ADD CONSTRAINT transfer_cap_fk
    FOREIGN KEY (fee_line_id, cap_baisa) REFERENCES catalogue_feeline (id, baisa);
"""
REMOVE = """
ALTER TABLE till_transfer DROP CONSTRAINT transfer_cap_fk;
ALTER TABLE till_quoteline DROP CONSTRAINT quote_line_cap_fk;
ALTER TABLE catalogue_feeline DROP CONSTRAINT feeline_cap;
"""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("till", "0001_initial")]
    operations = [migrations.RunSQL(ADD, REMOVE)]
