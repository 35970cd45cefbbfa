"""What differs between two schemas, read from PostgreSQL's own catalogs."""

from __future__ import annotations

from typing import LiteralString

import psycopg

# Each query takes a schema's name and answers (what, which, how) for everything of one kind in it.
_TABLES: LiteralString = """
    SELECT CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'table' ELSE 'view' END, c.relname,
           concat_ws(' ', c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
                     CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END)
    FROM pg_class c WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
"""
_COLUMNS: LiteralString = """
    SELECT 'column', c.relname || '.' || a.attname,
           concat_ws(' ', row_number() OVER (PARTITION BY c.oid ORDER BY a.attnum),
                     format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                     'default ' || pg_get_expr(d.adbin, d.adrelid),
                     'identity ' || nullif(a.attidentity::text, ''), 'generated ' || nullif(a.attgenerated::text, ''),
                     'collate ' || o.collname, a.attoptions)
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_collation o ON o.oid = a.attcollation
    WHERE c.relnamespace = %s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND a.attnum > 0 AND NOT a.attisdropped
"""
_CONSTRAINTS: LiteralString = """
    SELECT 'constraint', coalesce(c.relname || '.', '') || k.conname,
           concat_ws(' ', pg_get_constraintdef(k.oid), CASE WHEN NOT k.convalidated THEN 'not validated' END)
    FROM pg_constraint k LEFT JOIN pg_class c ON c.oid = k.conrelid WHERE k.connamespace = %s::regnamespace
"""
_INDEXES: LiteralString = """
    SELECT 'index', c.relname, concat_ws(' ', pg_get_indexdef(c.oid), CASE WHEN NOT i.indisvalid THEN 'invalid' END)
    FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE c.relnamespace = %s::regnamespace
"""
_SEQUENCES: LiteralString = """
    SELECT 'sequence', c.relname,
           concat_ws(' ', format_type(q.seqtypid, NULL), q.seqstart, q.seqincrement, q.seqmin, q.seqmax, q.seqcycle,
                     'of ' || t.relname || '.' || a.attname)
    FROM pg_sequence q
    JOIN pg_class c ON c.oid = q.seqrelid
    LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i')
         AND d.refclassid = 'pg_class'::regclass
    LEFT JOIN pg_class t ON t.oid = d.refobjid
    LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE c.relnamespace = %s::regnamespace
"""
_TRIGGERS: LiteralString = """
    SELECT 'trigger', c.relname || '.' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = %s::regnamespace
"""
_FUNCTIONS: LiteralString = """
    SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', pg_get_functiondef(p.oid)
    FROM pg_proc p WHERE p.prokind <> 'a' AND p.pronamespace = %s::regnamespace
"""
_TYPES: LiteralString = """
    SELECT 'type', t.typname,
           concat_ws(' ', t.typtype, format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typdefault,
                     (SELECT string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
                      FROM pg_enum e WHERE e.enumtypid = t.oid))
    FROM pg_type t WHERE t.typtype IN ('d', 'e', 'r') AND t.typnamespace = %s::regnamespace
"""
_POLICIES: LiteralString = """
    SELECT 'policy', c.relname || '.' || p.polname,
           concat_ws(' ', p.polcmd, p.polpermissive, pg_get_expr(p.polqual, p.polrelid),
                     pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = %s::regnamespace
"""
_SHAPE = (_TABLES, _COLUMNS, _CONSTRAINTS, _INDEXES, _SEQUENCES, _TRIGGERS, _FUNCTIONS, _TYPES, _POLICIES)

_SCHEMA_GRANTS: LiteralString = """
    SELECT 'grant', 'schema', g.privilege_type, r.rolname FROM pg_namespace n, aclexplode(n.nspacl) g
    JOIN pg_roles r ON r.oid = g.grantee WHERE n.oid = %s::regnamespace AND g.grantee <> n.nspowner
"""
_RELATION_GRANTS: LiteralString = """
    SELECT 'grant', c.relname, g.privilege_type, coalesce(r.rolname, 'public') FROM pg_class c, aclexplode(c.relacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee WHERE c.relnamespace = %s::regnamespace AND g.grantee <> c.relowner
"""
_COLUMN_GRANTS: LiteralString = """
    SELECT 'grant', c.relname || '.' || a.attname, g.privilege_type, coalesce(r.rolname, 'public')
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee WHERE c.relnamespace = %s::regnamespace
"""
_ROUTINE_GRANTS: LiteralString = """
    SELECT 'grant', p.proname, g.privilege_type, coalesce(r.rolname, 'public') FROM pg_proc p, aclexplode(p.proacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee WHERE p.pronamespace = %s::regnamespace AND g.grantee <> p.proowner
"""
_FUTURE_GRANTS: LiteralString = """
    SELECT 'grant', 'future ' || d.defaclobjtype::text, g.privilege_type, coalesce(r.rolname, 'public')
    FROM pg_default_acl d, aclexplode(d.defaclacl) g
    LEFT JOIN pg_roles r ON r.oid = g.grantee WHERE d.defaclnamespace = %s::regnamespace
"""
_GRANTS = (_SCHEMA_GRANTS, _RELATION_GRANTS, _COLUMN_GRANTS, _ROUTINE_GRANTS, _FUTURE_GRANTS)

Facts = dict[tuple[str, str], str]


def shape(owner: psycopg.Connection, schema: str) -> Facts:
    """Tables, columns, constraints, indexes, sequences, triggers, functions, types and policies of a schema."""
    facts: Facts = {}
    with owner.transaction():
        # With nothing on the path every name is printed with its schema, which then can be taken off.
        owner.execute("SET LOCAL search_path = ''")
        for query in _SHAPE:
            for what, which, how in owner.execute(query, [schema]).fetchall():
                facts[what, which] = how.replace(f"{schema}.", "")
    return facts


def grants(owner: psycopg.Connection, schema: str, *, role: str) -> Facts:
    """Who may do what in a schema; its own role is called "society", so that two societies compare equal."""
    facts: Facts = {}
    for query in _GRANTS:
        for what, which, how, whose in owner.execute(query, [schema]).fetchall():
            facts[what, f"{how} on {which} to {'society' if whose == role else whose}"] = ""
    return facts


def differences(expected: Facts, found: Facts) -> list[str]:
    """One line for each thing that is missing, unexpected or different; an empty list means none."""
    lines = []
    for key in sorted(expected.keys() | found.keys()):
        name = " ".join(key)
        if key not in found:
            lines.append(f"missing: {name}")
        elif key not in expected:
            lines.append(f"unexpected: {name}")
        elif expected[key] != found[key]:
            lines.append(f"different: {name} is “{found[key]}” instead of “{expected[key]}”")
    return lines
