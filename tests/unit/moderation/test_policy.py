"""Policies: what each makes of words, scores and silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imgcli.model.verdict import Decision, Stage
from imgcli.moderation.policy import BLOCKLIST, PROVIDER, THRESHOLDS, WORDS, Policy, Rules

PROMPT, PICTURE = Stage.PROMPT, Stage.PICTURE
ALL = frozenset({"prompt", "inputs", "picture", "local"})
CATEGORY = st.sampled_from(["sexual", "sexual/minors", "violence", "other"])


@pytest.mark.parametrize(
    ("policy", "blocklist", "words", "scores", "silence"),
    [
        (Policy.OFF, "blocked", "warned", "warned", "warned"),
        (Policy.WARN, "warned", "warned", "warned", "warned"),
        (Policy.ON, "blocked", "warned", "blocked", "unavailable"),
        (Policy.STRICT, "blocked", "blocked", "blocked", "unavailable"),
    ],
)
def test_the_table_of_policies(policy: Policy, blocklist: str, words: str, scores: str, silence: str) -> None:
    rules = Rules(policy)
    assert rules.found(PROMPT, BLOCKLIST, ["gun"]).decision.value == blocklist
    assert rules.found(PROMPT, WORDS, ["damn"]).decision.value == words
    assert rules.scored(PROMPT, PROVIDER, {"sexual": 0.9}, enforced=False).decision.value == scores
    assert rules.unavailable(PROMPT, PROVIDER, "why", enforced=False).decision.value == silence
    assert rules.found(PROMPT, WORDS, []).decision is Decision.CLEARED


@pytest.mark.parametrize("policy", list(Policy))
def test_what_an_earlier_run_asked_is_enforced_by_every_policy(policy: Policy) -> None:
    rules = Rules(policy)
    assert rules.scored(PICTURE, PROVIDER, {"sexual": 0.9}, enforced=True).stops
    assert rules.unavailable(PICTURE, PROVIDER, "why", enforced=True).stops


def test_a_list_that_cannot_say_stops_as_if_it_had_found_something() -> None:
    assert Rules(Policy.OFF).unsure(PROMPT, BLOCKLIST, "slow").decision is Decision.UNAVAILABLE
    assert Rules(Policy.WARN).unsure(PROMPT, BLOCKLIST, "slow").decision is Decision.WARNED


def test_thresholds_are_of_categories() -> None:
    rules = Rules(Policy.ON, thresholds={**THRESHOLDS, "violence": 0.9})
    assert (
        rules.scored(PICTURE, PROVIDER, {"violence": 0.8, "sexual": 0.49}, enforced=False).decision is Decision.CLEARED
    )
    found = rules.scored(PICTURE, PROVIDER, {"sexual/minors": 0.1, "violence": 0.95, "hate": 0.2}, enforced=False)
    assert found.decision is Decision.BLOCKED
    assert found.reason == "violence 0.95, sexual/minors 0.10"
    assert found.scores == (("violence", 0.95), ("hate", 0.2), ("sexual/minors", 0.1))
    tiny = Rules(Policy.ON, thresholds={"default": 0.5, "sexual": 0.001})
    assert tiny.scored(PICTURE, PROVIDER, {"sexual": 0.002}, enforced=False).stops


@given(st.dictionaries(CATEGORY, st.floats(0, 1)), st.dictionaries(CATEGORY, st.floats(0, 1)), st.floats(0, 1))
def test_it_stops_exactly_where_a_score_reaches_its_threshold(
    scores: dict[str, float], thresholds: dict[str, float], others: float
) -> None:
    rules = Rules(Policy.ON, thresholds={**thresholds, "default": others})
    over = any(score >= thresholds.get(category, others) for category, score in scores.items())
    assert rules.scored(PICTURE, PROVIDER, scores, enforced=False).stops is over
    assert (
        Rules(Policy.WARN, thresholds=rules.thresholds).scored(PICTURE, PROVIDER, scores, enforced=False).stops is False
    )


@pytest.mark.parametrize(
    ("policy", "looks", "guard"),
    [
        (Policy.ON, ALL, "provider+local"),
        (Policy.STRICT, {"picture"}, "provider"),
        (Policy.ON, {"local", "prompt"}, "local"),
        (Policy.ON, {"prompt", "inputs"}, ""),
        (Policy.WARN, ALL, ""),
        (Policy.OFF, ALL, ""),
    ],
)
def test_a_picture_may_not_do_without_what_was_asked_of_it(policy: Policy, looks: set[str], guard: str) -> None:
    assert Rules(policy, frozenset(looks)).guard == guard
