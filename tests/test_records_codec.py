from __future__ import annotations

from typing import Any

import pytest

from timeline.records.codec import MAX_LINE, BadRecord, decode, encode, leaf_hash
from timeline.records.draft import Draft, enveloped, fresh_id, imported_id

EVENT: dict[str, Any] = {
    "id": "0193a000-0000-7000-8000-000000000000",
    "v": 1,
    "kind": "event",
    "event": "lavrov-malta-2024",
    "type": "visit.made",
    "title": "Lavrov visits Malta",
    "when": "2024-12-05",
    "claims": [{"source": "src:agency"}],
    "recorded_at": "2026-11-23T20:41:00.000001Z",
    "recorded_by": "ana",
}


def rules(line: bytes) -> list[tuple[str, str]]:
    with pytest.raises(BadRecord) as refusal:
        decode(line)
    return [(fault.rule, fault.field) for fault in refusal.value.faults]


def test_a_line_is_sorted_and_without_spaces() -> None:
    assert encode(EVENT).startswith(b'{"claims":[{"source":"src:agency"}],"event":"lavrov')


def test_what_is_encoded_decodes_to_the_same_record() -> None:
    assert decode(encode(EVENT)) == EVENT


def test_letters_beyond_ascii_stand_as_they_are_but_line_breaks_are_escaped() -> None:
    line = encode({**EVENT, "title": "Ta\u2019 Qali\u2028Ħal"})

    assert "Ta\u2019 Qali\\u2028Ħal".encode() in line
    assert decode(line)["title"] == "Ta\u2019 Qali\u2028Ħal"  # type: ignore[typeddict-item]


def test_a_line_in_another_form_is_read_and_hashed_as_stored() -> None:
    line = encode(EVENT)
    spaced = line.replace(b":", b": ", 1)

    assert decode(spaced) == EVENT
    assert leaf_hash(spaced) != leaf_hash(line)


def test_every_fault_of_a_line_is_named_at_once() -> None:
    line = encode(EVENT).replace(b'"src:agency"', b'"agency","stance":"assert"')
    line = line.replace(b'"title"', b'"titel"')

    assert set(rules(line)) == {
        ("bad-id", "/claims/0/source"),
        ("bad-choice", "/claims/0/stance"),
        ("missing-field", "/title"),
        ("unknown-field", "/titel"),
    }


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        (b"", "bad-json"),
        (b"null", "not-object"),
        (b"[1]", "not-object"),
        (b"{'id': 1}", "bad-json"),
        (b'{"a": NaN}', "bad-json"),
        (b'{"a": 1} x', "bad-json"),
        (b"\xff\xfe", "bad-utf8"),
        (b'{"kind":"event"}\r', "missing-field"),
        (b'{"title":"\\ud800"}', "bad-unicode"),
        (b'{"title":"a\x01b"}', "control-character"),
        (b'{"kind":"evnt"}', "unknown-kind"),
        (b'{"kind":"event","kind":"claim"}', "duplicate-key"),
        (b"[" * 70 + b"]" * 70, "too-deep"),
        (b'{"a":"' + b"x" * MAX_LINE + b'"}', "too-long"),
    ],
)
def test_a_nasty_line_is_refused_with_its_code(line: bytes, rule: str) -> None:
    assert rules(line)[0][0] == rule


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("title", "a\u0000b", "control-character"),
        ("title", "e\u0301", "bad-text"),
        ("title", "a" + "\u0316" * 9, "bad-text"),
        ("data", {"n": 2**53}, "bad-number"),
        ("data", {"n": 0.5}, "bad-number"),
        ("when", "2024-02-30", "bad-date"),
        ("when", "2024-13", "bad-date"),
        ("event", "a\u202eb", "bad-id"),
        ("event", "a\u200bb", "bad-id"),
        ("event", "person:jane-doe", "bad-id"),
        ("participants", [{"entity": "src:agency"}], "bad-id"),
        ("recorded_at", "\u0662\u0660\u0662\u0666-01-01T00:00:00.000000Z", "bad-form"),
        ("participants", [{"name": "x"}] * 1001, "too-many"),
        ("claims", [], "missing-field"),
        ("status", "hold", "bad-choice"),
    ],
)
def test_a_wrong_value_is_refused_with_its_code(field: str, value: object, rule: str) -> None:
    with pytest.raises(BadRecord) as refusal:
        encode({**EVENT, field: value})

    assert [fault.rule for fault in refusal.value.faults] == [rule]


@pytest.mark.parametrize("kind", ["s", "sr", "srb", "srcx", "sre", "so", "person", "x_9"])
def test_an_entity_is_of_any_kind_but_a_source(kind: str) -> None:
    assert decode(encode({**EVENT, "participants": [{"entity": f"{kind}:a"}]}))


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("90", "180"), ("-90.000", "-180.0"), ("0", "9.5"), ("35.89", "114.51"), ("-8.1", "99")],
)
def test_a_place_lies_on_the_globe(latitude: str, longitude: str) -> None:
    assert decode(encode(place(latitude, longitude)))


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("90.1", "0"), ("0", "180.00001"), ("95", "0"), ("0", "-181"), ("1e1", "0"), ("\u0663", "0")],
)
def test_a_place_beside_the_globe_is_refused(latitude: str, longitude: str) -> None:
    with pytest.raises(BadRecord) as refusal:
        encode(place(latitude, longitude))

    assert [fault.rule for fault in refusal.value.faults] == ["bad-form"]


def place(latitude: str, longitude: str) -> dict[str, object]:
    return {
        "id": EVENT["id"], "v": 1, "kind": "entity", "entity": "place:x", "names": [{"text": "X"}],
        "latitude": latitude, "longitude": longitude,
        "recorded_at": EVENT["recorded_at"], "recorded_by": "ana",
    }  # fmt: skip


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//example.org/x", "https://ana:pw@example.org/",
     "ftp://example.org/", "https://", "https://exa mple.org/", "https://[x"],
)  # fmt: skip
def test_an_address_that_is_not_plain_http_is_refused(url: str) -> None:
    source = {
        "id": EVENT["id"], "v": 1, "kind": "source", "source": "src:x", "title": "X", "url": url,
        "recorded_at": EVENT["recorded_at"], "recorded_by": "ana",
    }  # fmt: skip
    with pytest.raises(BadRecord) as refusal:
        encode(source)

    assert [fault.rule for fault in refusal.value.faults] == ["bad-url"]


def test_an_imported_id_is_the_same_every_time_and_differs_by_key() -> None:
    assert imported_id("src:a", "row 1") == imported_id("src:a", "row 1")
    assert imported_id("src:a", "row 1") != imported_id("src:a", "row 2")


def test_fresh_ids_sort_by_time_and_are_valid_record_ids() -> None:
    early, late = fresh_id(1_700_000_000_000), fresh_id(1_700_000_000_001)

    assert early < late
    body = {key: EVENT[key] for key in ("kind", "event", "type", "title", "when", "claims")}
    record = enveloped(Draft(body), record_id=late, by="ana", batch="b1")
    assert b'"batch":"b1"' in encode({**record, "recorded_at": EVENT["recorded_at"]})
