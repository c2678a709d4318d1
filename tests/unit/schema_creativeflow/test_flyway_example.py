"""The example configuration is one that Flyway can use on the SQL files as they are."""

from pathlib import Path

from pgassay.postgres.script.naming import migrations_in, version_order

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "migrations/creativeflow/config/flyway.conf.example"
TEXT = EXAMPLE.read_text(encoding="utf-8")
SETTINGS = dict(line.split("=", 1) for line in TEXT.splitlines() if line and line[0] != "#")
NAMED_BY_THE_DOCUMENTS = (
    "POSTGRES_HOST",
    "POSTGRES_PORT",
    "POSTGRES_USER",
    "POSTGRES_PASSWORD",
    "POSTGRES_DB",
    "FLYWAY_LOCATIONS",
    "FLYWAY_SCHEMAS",
    "FLYWAY_BASELINE_VERSION",
    "FLYWAY_BASELINE_ON_MIGRATE",
)


def test_every_key_of_the_documents_is_there():
    assert [name for name in NAMED_BY_THE_DOCUMENTS if name not in TEXT] == []


def test_the_locations_hold_the_migrations_and_the_baseline_is_the_last_of_them():
    folder = ROOT / SETTINGS["flyway.locations"].removeprefix("filesystem:")
    newest = migrations_in(folder)[-1]
    assert version_order(SETTINGS["flyway.baselineVersion"]) == newest.order


def test_no_password_is_written_down_and_nothing_is_baselined_or_cleaned_by_itself():
    assert SETTINGS["flyway.password"] == "${POSTGRES_PASSWORD}"
    assert SETTINGS["flyway.baselineOnMigrate"] == "false"
    assert SETTINGS["flyway.cleanDisabled"] == "true"


def test_concurrent_indexes_need_not_wait_for_flyways_own_lock():
    assert SETTINGS["flyway.postgresql.transactional.lock"] == "false"
