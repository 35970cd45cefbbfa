from django.db import migrations

# Who agreed before stands with the answers of their sign-up, by name and version; the text is that of the settings.
# A title, the time it takes and the contact are filled in as people read them.
COPY = """
INSERT INTO agreements_agreed
    (id, person_id, program_id, session, role, name, title, text, version, kind, digest, how, agreed_at)
SELECT uuidv7(), person_id, program_id, session, role, name, title, text, version, kind,
       encode(sha256(convert_to(name || E'\\n' || version || E'\\n' || text, 'UTF8')), 'hex'), 'sign_up', agreed_at
FROM (
    SELECT sign_up.person_id, cycle.program_id, cycle.name AS session, sign_up.role,
           left(coalesce(said ->> 'name', ''), 200) AS name,
           left(coalesce(asked ->> 'title', ''), 200) AS title,
           replace(replace(replace(asked ->> 'text',
               '{title}', settings.document ->> 'title'),
               '{time_commitment}', settings.document ->> 'time_commitment'),
               '{contact}', settings.document ->> 'contact') AS text,
           (said ->> 'version')::int AS version,
           coalesce(asked ->> 'kind', 'agreement') AS kind,
           (said ->> 'at')::timestamptz AS agreed_at
    FROM enrollment_enrollment sign_up
    JOIN policy_cycle cycle ON cycle.id = sign_up.cycle_id
    JOIN policy_policyversion settings ON settings.id = cycle.version_id
    CROSS JOIN LATERAL jsonb_array_elements(sign_up.answers -> 'extra' -> 'agreed') AS said
    CROSS JOIN LATERAL jsonb_array_elements(settings.document -> 'parts') AS each_part
    CROSS JOIN LATERAL jsonb_array_elements(each_part -> 'agree') AS asked
    WHERE each_part ->> 'name' = cycle.part
      AND coalesce(asked ->> 'name', asked ->> 'title') = said ->> 'name'
      AND coalesce(asked ->> 'version', '1') = said ->> 'version'
      AND asked -> 'by' ? sign_up.role
) AS found
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial"), ("enrollment", "0003_waiting_and_pausing")]

    operations = [migrations.RunSQL(COPY, migrations.RunSQL.noop)]
