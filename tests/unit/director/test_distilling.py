"""A look that was learned: no subject, no names, and a style file that can be used."""

import json
from pathlib import Path

import pytest

from imgcli.director.distilling import MOST_PICTURES, question_about, read_look, style_text
from imgcli.director.style_lint import Looked, lint
from imgcli.director.styles import parse_style
from imgcli.errors import StyleError
from imgcli.model.input import Input
from imgcli.model.question import Kind

COLOURS = ("#14285a", "#f0821e", "#e6d8bc", "#3c3c3c")
ANSWER = {
    "description": "Flat gouache with one warm accent",
    "look": "Opaque gouache in flat areas with visible dry brush at the edges. Even light without cast shadow. "
    "Seen straight on, with much calm space around the middle. A woman stands in front of a red car. "
    "Painted in the style of Hockney. Colours are few and chalky.",
    "medium": ["gouache on paper", "gouache on paper", "dry brush"],
    "lighting": ["even light"],
    "camera": ["straight on", "a castle behind"],
    "palette": ["navy ground", "orange accent"],
    "mood": ["calm"],
    "avoid": ["gloss", "gradients", "even light"],
}


def test_the_question_has_all_pictures_and_no_name() -> None:
    pictures = [Input(Path("/x"), f"{n:064x}", 1, "jpeg", 1, 1, "evil name.jpg") for n in range(MOST_PICTURES)]
    question = question_about(pictures, provider="openai", model="words-1")
    assert (question.kind, len(question.images)) == (Kind.STYLE, 8)
    assert "evil" not in question.instructions + question.words


def test_subjects_names_and_contradictions_are_left_out() -> None:
    look = read_look(json.dumps(ANSWER))
    assert look is not None
    said = json.dumps([look.sentences, look.keywords])
    assert not any(word in said for word in ("woman", "car", "Hockney", "castle"))
    assert look.sentences[-1] == "Colours are few and chalky."
    assert dict(look.keywords)["medium"] == ("gouache on paper", "dry brush")
    assert look.avoid == ("gloss", "gradients")


def test_the_file_passes_the_lint() -> None:
    look = read_look(json.dumps(ANSWER))
    assert look is not None
    text = style_text(look, "chalk", COLOURS, 3, "paint")
    style = parse_style(text, "chalk", "chalk.toml")
    assert style.prose.startswith("Gouache on paper: {prompt}. Opaque gouache")
    assert (style.colours, style.palette, style.family) == (COLOURS, (), "paint")
    assert lint(Looked(style)) == []
    assert '# palette = ["#14285a"' in text


def test_a_long_look_leaves_the_subject_room() -> None:
    look = read_look(json.dumps({"look": "Soft light falls from one side. " * 60, "medium": ["ink"]}))
    assert look is not None
    assert len(parse_style(style_text(look, "a", COLOURS, 1), "a", "a.toml").prose) <= 700


def test_terms_alone_are_enough() -> None:
    look = read_look(json.dumps({"medium": ["ink"], "lighting": ["even light", "no shadow"]}))
    assert look is not None
    style = parse_style(style_text(look, "a", (), 1), "a", "a.toml")
    assert style.prose == "Ink: {prompt}. Lighting: even light, no shadow."
    assert style.description == "A look learned from 1 picture"
    assert style.colours == ()


@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", '{"look": "A dog."}', '{"look": 7, "medium": "ink"}', '{"medium": ["a knight"]}']
)
def test_what_says_nothing_of_a_manner_is_none(answer: str) -> None:
    assert read_look(answer) is None


@pytest.mark.parametrize("name", ["None", "../x", "none", "", "a" * 41])
def test_a_name_is_checked(name: str) -> None:
    look = read_look(json.dumps(ANSWER))
    assert look is not None
    with pytest.raises(StyleError):
        style_text(look, name, COLOURS, 1)
