"""Which checks run, and what the configuration may say of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pgassay.checks.registry import built_in, choose
from pgassay.core.check import CheckSettings, Profile, read_settings
from pgassay.core.config import parse_config
from pgassay.core.errors import ConfigError
from pgassay.core.finding import Severity

HERE = Path(__file__)
KNOWN = built_in()


def chosen(**settings: object) -> set[str]:
    return {c.check.slug for c in choose(CheckSettings(**settings), KNOWN)}  # type: ignore[arg-type]  # as a test gives them


def of(profile: Profile) -> set[str]:
    return {slug for slug, check in KNOWN.items() if check.profile is profile}


def test_every_profile_has_checks_and_holds_the_narrower_one():
    recommended, strict, everything = (chosen(profile=one) for one in Profile)
    assert recommended == of(Profile.RECOMMENDED)
    assert recommended < strict < everything == set(KNOWN)


def test_recommended_runs_where_nothing_is_said():
    assert chosen() == of(Profile.RECOMMENDED)


def test_select_adds_and_ignore_takes_away():
    assert chosen(select=("serial_column",)) == of(Profile.RECOMMENDED) | {"serial_column"}
    assert "no_key" not in chosen(ignore=("no_key",))


@pytest.mark.parametrize(
    "settings",
    [
        {"select": ("no_keys",)},
        {"ignore": ("no_keys",)},
        {"severity": {"no_keys": Severity.INFO}},
        {"options": {"no_keys": {}}},
    ],
)
def test_an_unknown_slug_is_refused_with_the_one_that_was_meant(settings: dict[str, object]):
    with pytest.raises(ConfigError) as refused:
        chosen(**settings)
    assert 'did you mean "no_key"?' in str(refused.value)


def test_a_single_check_runs_whatever_the_profile():
    (one,) = choose(CheckSettings(ignore=("no_key",)), KNOWN, only=("no_key",))
    assert one.check.slug == "no_key"


def test_severity_and_options_are_the_configurations():
    settings = CheckSettings(
        severity={"too_many_index_keys": Severity.ERROR},
        options={"too_many_index_keys": {"keys": 7}},
    )
    (one,) = choose(settings, KNOWN, only=("too_many_index_keys",))
    assert (one.severity, one.options) == (Severity.ERROR, {"keys": 7})


@pytest.mark.parametrize(
    ("options", "said"),
    [({"key": 7}, 'did you mean "keys"?'), ({"keys": "7"}, "a int"), ({"keys": True}, "a int")],
)
def test_an_option_that_is_none_or_of_another_type_is_refused(
    options: dict[str, object], said: str
):
    with pytest.raises(ConfigError) as refused:
        chosen(profile=Profile.ALL, options={"too_many_index_keys": options})
    assert said in str(refused.value)


def test_a_system_says_more_than_all_systems_or_otherwise():
    table = {
        "checks": {
            "profile": "strict",
            "ignore": ["no_key", "money_column"],
            "severity": {"no_key": "info"},
            "options": {"float_amount": {"words": ["price"]}},
        },
        "systems": {
            "shop": {
                "metadata": "a:b",
                "checks": {"select": ["no_key"], "severity": {"no_key": "error"}},
            }
        },
    }
    config = parse_config(table, HERE)
    shop = config.system("shop").checks
    assert shop.profile is Profile.STRICT
    assert shop.ignore == ("money_column",)
    assert shop.severity == {"no_key": Severity.ERROR}
    assert shop.options == {"float_amount": {"words": ["price"]}}
    assert config.checks.severity == {"no_key": Severity.INFO}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"profil": "all"}, 'did you mean "profile"?'),
        ({"profile": "stricter"}, 'did you mean "strict"?'),
        ({"severity": {"no_key": "eror"}}, 'did you mean "error"?'),
        ({"options": {"no_key": 3}}, "not a table"),
        ({"own": "nowhere"}, "nowhere does not exist"),
    ],
)
def test_a_setting_that_is_wrong_says_what_would_be_right(data: dict[str, object], said: str):
    with pytest.raises(ConfigError) as refused:
        read_settings(data, "tool.pgassay.checks", HERE)
    assert said in str(refused.value)
