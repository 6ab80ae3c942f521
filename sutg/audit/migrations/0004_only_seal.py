"""The record goes on growing only: of an event nothing can be changed but the seal, and that once. Blocks not at all."""

from django.db import migrations

EVENTS = ("audit_providerevent", "audit_trustevent")
BLOCKS = ("audit_providerblock", "audit_trustblock")

ONLY_SEAL = """
CREATE FUNCTION audit_only_seal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    unsealed record;
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.block IS NULL AND NEW.block IS NOT NULL THEN
        unsealed := NEW;
        unsealed.block := NULL;
        IF unsealed IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'the audit record is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
"""


def _append_only(table, function):
    return (
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {function}();"
    )


FORWARDS = (
    ONLY_SEAL
    + "".join(f"DROP TRIGGER {t}_append_only ON {t};" + _append_only(t, "audit_only_seal") for t in EVENTS)
    + "".join(
        _append_only(t, "audit_refuse_change") + f"CREATE TRIGGER {t}_no_truncate BEFORE TRUNCATE ON {t} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();"
        for t in BLOCKS
    )
)
BACKWARDS = (
    "".join(f"DROP TRIGGER {t}_append_only ON {t}; DROP TRIGGER {t}_no_truncate ON {t};" for t in BLOCKS)
    + "".join(f"DROP TRIGGER {t}_append_only ON {t};" + _append_only(t, "audit_refuse_change") for t in EVENTS)
    + "DROP FUNCTION audit_only_seal()"
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_blocks")]
    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
