"""`timeline show`: one thing in full, its history, who set which field, or its stored lines."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from timeline.cli.as_of import as_of_option, as_of_position
from timeline.cli.output import emit, emit_object
from timeline.cli.session import Session
from timeline.errors import UsageRefused

if TYPE_CHECKING:
    from timeline.readmodel.refs import Ref

_LABEL = 14
HISTORY = ("position", "recorded_at", "recorded_by", "what", "field", "old", "new", "reason")
BLAME = ("field", "value", "position", "recorded_at", "recorded_by", "kind", "reason")


@click.command()
@click.argument("ref")
@click.option("--history", is_flag=True, help="What each record did to it.")
@click.option("--blame", is_flag=True, help="Which record made each field what it is.")
@click.option("--raw", is_flag=True, help="The stored lines.")
@click.option("--proof", is_flag=True, help="The proof that its record is sealed.")
@as_of_option
@click.option("--web", is_flag=True, help="Open its page of a running `timeline serve`.")
@click.option("--json", "as_json", is_flag=True, help="Everything as JSON.")
@click.pass_obj
def command(
    session: Session,
    ref: str,
    history: bool,
    blame: bool,
    raw: bool,
    proof: bool,
    as_of: str | None,
    web: bool,
    as_json: bool,
) -> None:
    """Show one event, entity, source, record or batch."""
    from timeline.cli.model import open_model
    from timeline.readmodel.details import stored_lines
    from timeline.readmodel.refs import record_of_seal, resolve

    if history + blame + raw + proof > 1:
        raise UsageRefused("one of --history, --blame, --raw and --proof at a time")
    connection = open_model(session)
    found = resolve(connection, ref)
    if found.kind == "seal" and not (web or proof):
        found = record_of_seal(connection, found)
    upto = as_of_position(connection, as_of)
    if web:
        _open_page(found)
    elif proof:
        _show_proof(session, connection, found, as_json=as_json)
    elif raw:
        for line in stored_lines(connection, found, upto):
            click.echo(line)
    elif history or blame:
        _show_table(connection, found, upto, history=history, as_json=as_json)
    else:
        _show(session, connection, found, upto, as_json=as_json)


def _show_proof(
    session: Session, connection: sqlite3.Connection, ref: Ref, *, as_json: bool
) -> None:
    """The proof of the first record that speaks of it; the others are proved by their places."""
    from timeline.cli.proof import emit_proof, positions_of

    first, *more = positions_of(connection, ref)
    if more:
        others = ", ".join(f"#{position}" for position in more[:8])
        session.say(f"This is the proof of #{first}; {ref.id} is also in {others}")
    emit_proof(session.archive(), first, as_json=as_json)


def _show(
    session: Session,
    connection: sqlite3.Connection,
    ref: Ref,
    upto: int | None,
    *,
    as_json: bool,
) -> None:
    from timeline.readmodel import details

    match ref.kind:
        case "event":
            facts = details.event_facts(connection, *details.event_picture(connection, ref, upto))
        case "entity" | "source":
            facts = details.subject_facts(connection, ref, upto)
        case "batch":
            facts = details.batch_facts(connection, ref, upto)
        case _:
            facts = details.record_facts(connection, ref, upto)
    if survivor := facts.get("merged_into"):
        session.say(f"{ref.id} was merged into {survivor}; all is there: timeline show {survivor}")
    if as_json:
        emit_object(facts)
    else:
        lines = event_lines(facts) if ref.kind == "event" else plain_lines(facts)
        click.echo("\n".join(lines))


def _show_table(
    connection: sqlite3.Connection, ref: Ref, upto: int | None, *, history: bool, as_json: bool
) -> None:
    from timeline.exporters.rows import rows_of
    from timeline.readmodel import details

    if ref.kind != "event":
        raise UsageRefused(f"{ref.id} is a {ref.kind}; use timeline log {ref.id}")
    picture, position = details.event_picture(connection, ref, upto)
    form = "json" if as_json else "table"
    if history:
        items = details.history(connection, ref.id, position)
        emit(rows_of(items, HISTORY), form)
    else:
        items = [_blamed(item) for item in details.blame(connection, picture, position)]
        emit(rows_of(items, BLAME), form)


def _blamed(item: dict[str, Any]) -> dict[str, Any]:
    import orjson

    return {**item, "value": orjson.dumps(item["value"]).decode()}


def event_lines(facts: dict[str, Any]) -> Iterator[str]:
    """An event for people: what is held of it first, then who says so."""
    yield click.style(facts["title"], bold=True) + _standing(facts)
    yield _line("id", f"{facts['id']}  (revision {facts['revision']}, as of #{facts['as_of']})")
    yield _line("when", f"{facts['date']}  {facts['edtf']}")
    yield _line(
        "type", facts["type"] + ("" if facts["status"] == "held" else f", {facts['status']}")
    )
    yield _line("certainty", facts["certainty"] + (" (disputed)" if facts["disputed"] else ""))
    labels = facts["labels"]
    for place in facts.get("where", ()):
        yield _line("where", _named(place.get("place"), labels) or place["name"])
    for who in facts.get("participants", ()):
        yield _line("who", _participant(who, labels))
    for name in ("summary", "topics", "tags", "external_ids", "language"):
        if facts.get(name):
            yield _line(name, _shown(facts[name]))
    for name, value in facts.get("data", {}).items():
        yield _line(name, _shown(value))
    for relation in facts["relations"]:
        yield _line(relation["relation"], relation["to"])
    yield ""
    yield (
        f"Claims that stand: {facts['n_claims']}; sources: {facts['n_sources']};"
        f" independent roots that affirm: {facts['n_roots']}"
    )
    for claim in facts["claims"]:
        yield from _claim(claim)
    yield from _contested(facts["contested"])
    for conflict in facts["conflicts"]:
        yield f"! #{conflict['position']} expected {conflict['expected']!r} in {conflict['field']}"


def plain_lines(facts: dict[str, Any]) -> Iterator[str]:
    """Anything else: a line a field; what is empty is left out."""
    for name, value in facts.items():
        if value not in (None, [], {}, False):
            yield _line(name, _shown(value))


def _standing(facts: dict[str, Any]) -> str:
    if facts["merged_into"]:
        return f"  -> merged into {facts['merged_into']}"
    return "  [retracted]" if facts["retracted"] else ""


def _line(name: str, text: str) -> str:
    return f"  {name:<{_LABEL}} {text}"


def _named(entity: str | None, labels: dict[str, str]) -> str:
    return f"{labels[entity]} ({entity})" if entity in labels else entity or ""


def _participant(who: dict[str, Any], labels: dict[str, str]) -> str:
    parts = [_named(who.get("entity"), labels) or who["name"], who.get("role", "")]
    parts += [f"as {who['as']}"] if "as" in who else []
    parts += [f"for {who['for']}"] if "for" in who else []
    return ", ".join(part for part in parts if part)


def _claim(claim: dict[str, Any]) -> Iterator[str]:
    words = [claim["stance"], claim.get("basis", ""), claim.get("likelihood", "")]
    words += [f"“{claim['hedge']}”"] if "hedge" in claim else []
    words += [f"reliability {claim['reliability']}"] if claim["reliability"] else []
    words += ["withdrawn"] if not claim["standing"] else []
    where = f", {claim['locator']}" if "locator" in claim else ""
    copied = f" (copies {claim['root']})" if claim["root"] != claim["source"] else ""
    yield f"  {claim['n']:>2} {claim['source_title']}{where}{copied}"
    yield f"     {'; '.join(word for word in words if word)}  #{claim['position']}"
    if "quote" in claim:
        yield f"     “{claim['quote']['text']}”"
    if "value" in claim:
        yield f"     differs: {'; '.join(_differing(claim['value']))}"


def _differing(value: dict[str, Any]) -> Iterator[str]:
    for name, said in {**value, **value.get("data", {})}.items():
        if name != "data":
            yield f"{name}={_shown(said)}"


def _contested(contested: dict[str, Any]) -> Iterator[str]:
    for field, values in contested.items():
        yield f"  contested {field}"
        for row in values:
            mark = "=" if row["affirms"] else "≠"
            yield f"     {mark} {_shown(row['value'])}  (claim {row['claim']}, root {row['root']})"


def _shown(value: Any) -> str:
    from timeline.cli.values import shown

    if isinstance(value, list) and value and all("text" in item for item in value):
        return "; ".join(map(_name, value))
    return str(value) if isinstance(value, int | float) else shown(value)


def _name(name: dict[str, Any]) -> str:
    """A name with its kind, language and days behind it, where it has them."""
    span = f"{name.get('from', '')}..{name.get('to', '')}".strip(".")
    about = [name.get("kind", ""), name.get("lang", ""), span and f"{span:s}"]
    words = ", ".join(word for word in about if word)
    return f"{name['text']} ({words})" if words else str(name["text"])


def _open_page(ref: Ref) -> None:
    folder = {"event": "event", "entity": "entity", "source": "source"}.get(ref.kind)
    if folder is None:
        raise UsageRefused(f"a {ref.kind} has no page of its own")
    click.launch(f"http://127.0.0.1:8001/{folder}/{ref.id}")
