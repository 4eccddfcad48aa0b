"""Names as they are looked for (docs/adr/0019): a function of built-ins, and two columns it fills.

The table is that of core/names.py on the day of this migration; a test holds the two together.
"""

from string import ascii_lowercase, ascii_uppercase

from django.db import migrations, models

from core.migrating import give_way

MARKS = "".join(map(chr, range(0x300, 0x370)))
SILENT = "'`´ʹʼʻ‘’‛" + MARKS
FROM = (
    ascii_uppercase
    + "ØøŁłĐđÐðĦħŦŧıƏə"
    + "-‐‑–_."
    + "ς"
    + "".join(chr(c) for c in range(0x391, 0x3AA) if c != 0x3A2)
    + "".join(map(chr, range(0x410, 0x430)))
    + "ЂЄЅІЈЉЊЋЏ"
)
TO = (
    ascii_lowercase
    + "oollddddhhttiee"
    + "      "
    + "σ"
    + "".join(chr(c + 32) for c in range(0x391, 0x3AA) if c != 0x3A2)
    + "".join(map(chr, range(0x430, 0x450)))
    + "ђєѕіјљњћџ"
)
PAIRS = {"ß": "ss", "ẞ": "ss", "Æ": "ae", "æ": "ae", "Œ": "oe", "œ": "oe", "Þ": "th", "þ": "th"}


def body() -> str:
    inner = "normalize($1, NFKD)"
    for letter, pair in PAIRS.items():
        inner = f"replace({inner}, '{letter}', '{pair}')"
    silent = SILENT.replace("'", "''")
    return f"SELECT translate({inner}, '{FROM}{silent}', '{TO}')"


class Migration(migrations.Migration):

    dependencies = [
        ('organisations', '0001_schema'),
    ]

    operations = [
        give_way(),
        migrations.RunSQL(
            "CREATE FUNCTION name_folded(text) RETURNS text LANGUAGE sql"
            f" IMMUTABLE STRICT PARALLEL SAFE AS $names${body()}$names$",
            "DROP FUNCTION name_folded(text)",
        ),
        migrations.AddField(
            model_name='group',
            name='search_name',
            field=models.GeneratedField(db_persist=True, expression=models.Func('name', function='name_folded'), output_field=models.TextField()),
        ),
        migrations.AddField(
            model_name='organisation',
            name='search_name',
            field=models.GeneratedField(db_persist=True, expression=models.Func('name', function='name_folded'), output_field=models.TextField()),
        ),
        give_way(),
    ]
