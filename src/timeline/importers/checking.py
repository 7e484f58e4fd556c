"""Asks of a draft what the log and the vocabulary would ask of the record that it becomes."""

from __future__ import annotations

from typing import Final

from timeline.records.codec import BadRecord, encode
from timeline.records.draft import Draft, enveloped
from timeline.records.faults import Fault
from timeline.records.vocabulary import Vocabulary
from timeline.records.vocabulary_check import check_event

_ID: Final = "00000000-0000-5000-8000-000000000000"
_STAMP: Final = "2000-01-01T00:00:00.000000Z"


def faults(draft: Draft, vocabulary: Vocabulary) -> list[Fault]:
    """Everything for which the log would refuse the record; empty when it may be appended."""
    record = enveloped(draft, record_id=_ID, by="importer", batch="000000000000")
    try:
        encode({**record, "recorded_at": _STAMP})
    except BadRecord as error:
        return list(error.faults)
    if record["kind"] != "event":
        return []
    return [Fault(rule, at, words) for at, rule, words in check_event(vocabulary, record)]
