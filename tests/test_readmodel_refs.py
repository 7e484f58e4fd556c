from __future__ import annotations

from collections.abc import Iterator
from sqlite3 import Connection
from typing import Any

import pytest

from timeline.errors import NotFound, UsageRefused
from timeline.log.writer import append
from timeline.readmodel.build import build
from timeline.readmodel.database import connect
from timeline.readmodel.refs import Ambiguous, Ref, resolve

from .archives import archive_in, record_id, source


def event(number: int, name: str) -> dict[str, Any]:
    return {
        "id": record_id(number),
        "v": 1,
        "recorded_by": "ana",
        "batch": "spring-import",
        "kind": "event",
        "event": name,
        "type": "note.recorded",
        "title": name,
        "when": "2024",
        "claims": [{"source": "src:paper-1"}],
    }


def entity(number: int, name: str, *names: str) -> dict[str, Any]:
    return {
        "id": record_id(number),
        "v": 1,
        "recorded_by": "ana",
        "kind": "entity",
        "entity": name,
        "names": [{"text": text} for text in names],
        "external_ids": {"wikidata": f"Q{number}"},
    }


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    archive = archive_in(tmp_path_factory.mktemp("refs"))
    append(
        archive,
        [
            source(1),
            event(2, "malta-2024"),
            event(3, "malta-2023"),
            entity(4, "state:mt", "Malta", "Republic of Malta"),
            entity(5, "person:jose", "José Diaz"),
            entity(6, "person:jose-2", "Jose Diaz"),
        ],
    )
    build(archive)
    connection = connect(archive)
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("malta-2024", Ref("event", "malta-2024")),
        ("malta-2024@r2", Ref("event", "malta-2024", revision=2)),
        ("src:paper-1", Ref("source", "src:paper-1")),
        ("src:pap", Ref("source", "src:paper-1")),
        ("state:mt", Ref("entity", "state:mt")),
        ("republic of MALTA", Ref("entity", "state:mt")),
        ("wikidata:Q4", Ref("entity", "state:mt")),
        ("person:jose", Ref("entity", "person:jose")),
        ("#1", Ref("record", record_id(2), position=1)),
        ("last", Ref("record", record_id(6), position=5)),
        (record_id(3), Ref("record", record_id(3), position=2)),
        ("batch/spring", Ref("batch", "spring-import")),
        ("seal/3", Ref("seal", "3")),
    ],
)
def test_a_name_means_one_thing(model: Connection, text: str, ref: Ref) -> None:
    assert ref == resolve(model, text)


def test_a_prefix_of_two_is_answered_with_both(model: Connection) -> None:
    with pytest.raises(Ambiguous) as refused:
        resolve(model, "malta-20")

    assert ("malta-2023", "malta-2024") == refused.value.candidates


def test_two_of_one_name_are_listed(model: Connection) -> None:
    with pytest.raises(Ambiguous) as refused:
        resolve(model, "jose diaz")

    assert ("person:jose", "person:jose-2") == refused.value.candidates


@pytest.mark.parametrize(
    "text", ["ma", "malta-2042", "#99", "batch/none", record_id(9), "person:x"]
)
def test_what_is_not_here_is_not_found(model: Connection, text: str) -> None:
    with pytest.raises(NotFound):
        resolve(model, text)


def test_the_nearest_id_is_named(model: Connection) -> None:
    with pytest.raises(NotFound, match="did you mean malta-2024"):
        resolve(model, "malta-2042")


def test_another_kind_than_asked_for_is_refused(model: Connection) -> None:
    with pytest.raises(UsageRefused, match="is a source; here it must be an event"):
        resolve(model, "src:paper-1", ("event",))
