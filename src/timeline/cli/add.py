"""`timeline add`: one event, from flags, from FIELD=VALUE, or in an editor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from timeline.cli.session import Session, today
from timeline.cli.write import Refused, Writing, record, write_options
from timeline.errors import UsageRefused

if TYPE_CHECKING:
    from timeline.archive import Archive
    from timeline.cli.drafting import Drafted
    from timeline.cli.values import Values

_Function = TypeVar("_Function", bound=Callable[..., Any])
Pairs = list[tuple[str, str]]


def claim_options(function: _Function) -> _Function:
    """Adds what is said of the claim of every source: quotation, likelihood, hedge, basis, …"""
    for option in (
        click.option("--said", metavar="DATE", help="When the source said so."),
        click.option("--locator", metavar="TEXT", help="Where in the source: page, line, id."),
        click.option("--claimant", metavar="WHO", help="Who says it, if not the source."),
        click.option("--basis", metavar="WORD", help="witnessed, official_record, reported, …"),
        click.option("--hedge", metavar="WORD", help="The source's very word: probably, may."),
        click.option("--likelihood", metavar="L", help="How likely the source says it is."),
        click.option("-q", "--quote", multiple=True, help="The source's words; one a source."),
    ):
        function = option(function)
    return function


def claim_pairs(options: dict[str, Any]) -> Pairs:
    """What `claim_options` gave, as pairs."""
    pairs = [("quote", text) for text in options.pop("quote", ())]
    for name in ("likelihood", "hedge", "basis", "claimant", "locator", "said"):
        if text := options.pop(name, None):
            pairs.append((name, text))
    return pairs


@click.command()
@click.argument("words", metavar="[TITLE] [FIELD=VALUE]...", nargs=-1)
@click.option(
    "-d", "--date", metavar="DATE", help="When it happened: 2024-12-05, Dec 2024, c. 1950."
)
@click.option(
    "-t", "--type", "type_name", metavar="TYPE", help="What kind of event: timeline types."
)
@click.option(
    "-w", "--who", multiple=True, metavar="WHO[:ROLE]", help="Who took part, and as what."
)
@click.option("-p", "--place", multiple=True, metavar="PLACE", help="Where: a name or place:id.")
@click.option(
    "-s", "--source", multiple=True, metavar="URL|SOURCE|TEXT", help="Who says so; needed."
)
@claim_options
@click.option("-c", "--certainty", metavar="WORD", help="Our grade: confirmed … unknown.")
@click.option("--dates", type=click.Choice(["dmy", "mdy"]), help="How to read 05/12/2024.")
@click.option("-e", "--edit", is_flag=True, help="Fill in a form in the editor.")
@write_options
@click.pass_obj
def command(
    session: Session,
    /,
    words: Sequence[str],
    date: str | None,
    type_name: str | None,
    who: Sequence[str],
    place: Sequence[str],
    source: Sequence[str],
    certainty: str | None,
    dates: Literal["dmy", "mdy"] | None,
    edit: bool,
    writing: Writing,
    **claim: Any,
) -> None:
    """Append one event."""
    from timeline.cli.drafting import draft_event
    from timeline.cli.model import open_names, vocabulary_in_force
    from timeline.cli.values import Values

    pairs = pairs_of(words)
    for name, texts in (
        ("type", [type_name]),
        ("when", [date]),
        ("participants", who),
        ("where", place),
        ("source", source),
        ("certainty", [certainty]),
    ):
        pairs += [(name, text) for text in texts if text]
    pairs += claim_pairs(claim)
    archive = session.archive()
    connection = open_names(session, archive)
    values = Values(connection, vocabulary_in_force(connection), today(), dates)
    drafted = _in_editor(archive, values, pairs) if edit else draft_event(values, pairs)
    if drafted is None:
        session.say("nothing appended")
        return
    if drafted.problems:
        raise Refused(drafted.problems)
    for words_of_warning in drafted.warnings:
        session.warn(words_of_warning)
    record(session, archive, drafted.drafts, command="add", writing=writing)


def pairs_of(words: Sequence[str], *, title: bool = True) -> Pairs:
    """Pairs of `[TITLE] FIELD=VALUE...`.

    Raises:
        UsageRefused: a word is no FIELD=VALUE where none but one title may be.
    """
    from timeline.cli.values import assignment

    pairs: Pairs = []
    for word in words:
        pair = assignment(word)
        if pair is None:
            if not title or any(name == "title" for name, _ in pairs):
                raise UsageRefused(
                    f"{word!r} is no FIELD=VALUE", fix="put a title of several words in quotes"
                )
            pair = ("title", word)
        pairs.append(pair)
    return pairs


FORM = """\
# One event. A line is a field, a colon and its text; an indented line goes on with the text.
# Fields may stand twice (participants, where, source, quote). Empty ones are left out.
# Lines that begin with # are not read. Save to append, leave unchanged to append nothing.
title: {title}
# 2024-12-05, Dec 2024, c. 1950, 2024-12-04/2024-12-06: timeline help dates
when: {when}
# timeline types lists them
type: {type}
# person:jane-doe:party, or a name
participants: {participants}
where: {where}
summary: {summary}
topics: {topics}
# Who says so: an address, src:id or a title. One quotation a source, in their order.
source: {source}
quote: {quote}
# likely, unlikely, certain, unstated …; the source's own word of doubt
likelihood: {likelihood}
hedge: {hedge}
# Our own grade: confirmed, probable, possible, doubtful, improbable, unknown
certainty: {certainty}
"""


def _in_editor(archive: Archive, values: Values, pairs: Pairs) -> Drafted | None:
    from timeline.cli.drafting import DEFAULT_TYPE, draft_event
    from timeline.cli.editor import edit_form

    drafts = []

    def check(filled: Sequence[tuple[str, str]]) -> Drafted:
        drafts.append(draft_event(values, filled))
        return drafts[-1]

    done = edit_form(archive, filled_form(pairs, DEFAULT_TYPE), "add", check)
    return None if done is None else drafts[-1]


def filled_form(pairs: Pairs, default_type: str) -> str:
    """The form with what was given on the command line in its places."""
    from timeline.cli.values import ALIASES

    given: dict[str, list[str]] = {"type": []}
    for name, text in pairs:
        given.setdefault(ALIASES.get(name, name), []).append(text)
    given["type"] = given["type"] or [default_type]
    lines = []
    for line in FORM.splitlines():
        name = line.partition(":")[0]
        if line.startswith("#") or name not in given:
            lines.append(line.partition("{")[0].rstrip())
        else:
            lines += [f"{name}: {text}" for text in given.pop(name)]
    lines += [f"{name}: {text}" for name, texts in given.items() for text in texts]
    return "\n".join(lines) + "\n"
