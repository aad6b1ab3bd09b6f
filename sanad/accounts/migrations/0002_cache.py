from django.db import migrations

# Counters of failed sign-ins, shared by the web processes. Unlogged: losing them loses nothing.
MAKE = """
CREATE UNLOGGED TABLE accounts_cache (
    cache_key varchar(255) PRIMARY KEY,
    value     text        NOT NULL,
    expires   timestamptz NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE accounts_cache")]
