"""Splitting a visit's location into country and city, and keeping both forms alike meanwhile.

Part of the three revisions that split "ipLocation" and frozen with them. The location is a country
code and a city with a slash between them; either may be missing.
"""

from alembic import op

COUNTRY = """nullif(substring("ipLocation" FROM '^[^/]*'), '')"""
CITY = """substring("ipLocation" FROM '^[^/]*/(.+)$')"""
LOCATION = """CASE WHEN "ipCity" IS NULL THEN "ipCountry"
    ELSE coalesce("ipCountry", '') || '/' || "ipCity" END"""

FUNCTION = f"""
CREATE FUNCTION visitor_sessions_keep_location() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW."ipLocation" IS NOT DISTINCT FROM OLD."ipLocation"
        OR TG_OP = 'INSERT' AND NEW."ipLocation" IS NULL
    THEN
        NEW."ipLocation" := {LOCATION.replace('"ip', 'NEW."ip')};
    ELSE
        NEW."ipCountry" := {COUNTRY.replace('"ip', 'NEW."ip')};
        NEW."ipCity" := {CITY.replace('"ip', 'NEW."ip')};
    END IF;
    RETURN NEW;
END
$$"""

TRIGGER = """
CREATE TRIGGER visitor_sessions_keep_location
BEFORE INSERT OR UPDATE OF "ipLocation", "ipCountry", "ipCity" ON visitor_sessions
FOR EACH ROW EXECUTE FUNCTION visitor_sessions_keep_location()"""


def keep_alike() -> None:
    """Whichever form a release writes, the trigger writes the other."""
    op.execute(FUNCTION)
    op.execute(TRIGGER)


def keep_alike_no_longer() -> None:
    """Drop the trigger and its function."""
    op.execute("DROP TRIGGER visitor_sessions_keep_location ON visitor_sessions")
    op.execute("DROP FUNCTION visitor_sessions_keep_location()")
