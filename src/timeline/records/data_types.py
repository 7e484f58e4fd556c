"""The types that a `data` field may have: check a value, read it from text, describe it.

One literal entry a type in `TYPES`; everything else that knows a field type asks here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

from timeline import edtf
from timeline.records.vocabulary import Field, did_you_mean

Fault: TypeAlias = tuple[str, str]
"""(JSON Pointer below the field, sentence)."""

ENTITY_ID: Final = re.compile(r"(?P<kind>[a-z][a-z0-9_]*):[a-z0-9][a-z0-9_-]*")
_CURRENCY = re.compile(r"[A-Z]{3}")
_WHOLE = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_YES = frozenset({"true", "yes", "y", "1"})
_NO = frozenset({"false", "no", "n", "0"})


@dataclass(frozen=True, slots=True)
class DataType:
    """One field type.

    Attributes:
        check: the faults of a value.
        read: the value that a cell or a command's argument means.
        schema: its JSON Schema (draft 2020-12).
        meaning: one line for the documentation.
        sample: text that `read` understands, for templates.
    """

    check: Callable[[Field, Any], Iterator[Fault]]
    read: Callable[[Field, str], Any]
    schema: Callable[[Field], dict[str, Any]]
    meaning: str
    sample: Callable[[Field], str]


def check(field: Field, value: Any) -> list[Fault]:
    """What is wrong with this value of this field; empty when nothing is."""
    return list(TYPES[field.type].check(field, value))


def read(field: Field, text: str) -> Any:
    """The value that a text means.

    Raises:
        ValueError: with a sentence that says what would be right.
    """
    return TYPES[field.type].read(field, text.strip())


def sample(field: Field) -> str:
    """Text that `read` understands, to show what a value looks like."""
    return TYPES[field.type].sample(field)


def schema(field: Field) -> dict[str, Any]:
    """JSON Schema of the field's value."""
    described = TYPES[field.type].schema(field)
    return {"title": field.label, **described}


def _check_text(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield "", "is not text"


def _check_integer(field: Field, value: Any) -> Iterator[Fault]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield "", f"{value!r} is not a whole number"
    else:
        yield from _check_range(field, value)


def _check_number(field: Field, value: Any) -> Iterator[Fault]:
    number = _decimal(value)
    if number is None:
        yield "", f'{value!r} is not a number; write 3, or "3.5" as text'
    else:
        yield from _check_range(field, number)


def _check_range(field: Field, value: Decimal | int) -> Iterator[Fault]:
    if field.least is not None and value < field.least:
        yield "", f"{value} is less than {field.least}"
    if field.most is not None and value > field.most:
        yield "", f"{value} is more than {field.most}"


def _decimal(value: Any) -> Decimal | None:
    """A whole number or decimal text; records hold no floats, which not every reader keeps."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value)
    return None


def _check_boolean(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, bool):
        yield "", f"{value!r} is neither true nor false"


def _check_choice(field: Field, value: Any) -> Iterator[Fault]:
    if value not in field.choices:
        hint = did_you_mean(str(value), field.choices) or "; one of " + ", ".join(field.choices)
        yield "", f"{value!r} is not a choice{hint}"


def _check_date(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield "", "is not a date; write EDTF text such as 2024-12-05"
        return
    try:
        edtf.parse(value)
    except edtf.BadDate as error:
        yield "", f"is not a date: {error.message}"


def _check_url(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not _URL.fullmatch(value):
        yield "", f"{value!r} is not a web address; it must begin with https:// or http://"


def _check_entity(field: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield "", "is neither the id nor the name of an entity"
    elif field.kind and (found := ENTITY_ID.fullmatch(value)) and found["kind"] != field.kind:
        yield "", f"{value} is not a {field.kind}; write {field.kind}:… or a name"


def _check_place(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not value.strip():
        yield "", "is neither the id nor the name of a place"
    elif (found := ENTITY_ID.fullmatch(value)) and found["kind"] not in {"place", "state"}:
        yield "", f"{value} is not a place; write place:… or a name"


def _check_money(_: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, Mapping) or set(value) - {"amount", "currency"}:
        yield "", 'is not money; write {"amount": "12.50", "currency": "EUR"}'
        return
    amount, currency = value.get("amount"), value.get("currency")
    if _decimal(amount) is None:
        yield "/amount", f'{amount!r} is not a number; write 3, or "3.5" as text'
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        yield "/currency", f"{currency!r} is not a currency code (ISO 4217) such as EUR"


def _check_quantity(field: Field, value: Any) -> Iterator[Fault]:
    if not isinstance(value, Mapping) or set(value) - {"low", "best", "high", "unit"}:
        yield "", 'is not a quantity; write {"low": 3, "best": 4, "high": 6}'
        return
    given = [_decimal(value[name]) for name in ("low", "best", "high") if name in value]
    bounds = [bound for bound in given if bound is not None]
    if not given:
        yield "", "has none of low, best and high"
    elif len(bounds) < len(given):
        yield "", "low, best and high must be numbers"
    elif bounds != sorted(bounds):
        yield "", "low, best and high are not in rising order"
    else:
        yield from (fault for bound in bounds for fault in _check_range(field, bound))


def _check_list(field: Field, value: Any) -> Iterator[Fault]:
    item = _item(field)
    if not isinstance(value, list):
        yield from TYPES[item.type].check(item, value)
        return
    for index, one in enumerate(value):
        for pointer, message in TYPES[item.type].check(item, one):
            yield f"/{index}{pointer}", message


def _read_text(field: Field, text: str) -> Any:
    return _checked(field, text)


def _read_integer(field: Field, text: str) -> Any:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text!r} is not a whole number")
    return _checked(field, int(text))


def _read_number(field: Field, text: str) -> Any:
    return _checked(field, _number(text))


def _read_boolean(_: Field, text: str) -> Any:
    if text.lower() not in _YES | _NO:
        raise ValueError(f"{text!r} is neither yes nor no")
    return text.lower() in _YES


def _read_money(field: Field, text: str) -> Any:
    """`12.50 EUR` or `EUR 12.50`."""
    parts = text.split()
    if len(parts) != 2:
        raise ValueError(f"{text!r} is not money; write 12.50 EUR")
    amount, currency = parts if not _CURRENCY.fullmatch(parts[0]) else reversed(parts)
    return _checked(field, {"amount": _number(amount), "currency": currency})


def _read_quantity(field: Field, text: str) -> Any:
    """`4`, `3..6` or `3..4..6`, optionally followed by a unit."""
    figures, _, unit = text.partition(" ")
    numbers = [_number(part) for part in figures.split("..")]
    names = {1: ("best",), 2: ("low", "high"), 3: ("low", "best", "high")}.get(len(numbers))
    if names is None:
        raise ValueError(f"{text!r} is not a quantity; write 4, 3..6 or 3..4..6")
    value: dict[str, Any] = dict(zip(names, numbers, strict=True))
    if unit.strip():
        value["unit"] = unit.strip()
    return _checked(field, value)


def _read_list(field: Field, text: str) -> Any:
    """Items separated by semicolons."""
    return [read(_item(field), part) for part in text.split(";") if part.strip()]


def _checked(field: Field, value: Any) -> Any:
    for _, message in check(field, value):
        raise ValueError(message)
    return value


def _number(text: str) -> int | str:
    if _WHOLE.fullmatch(text):
        return int(text)
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"{text!r} is not a number")
    return text


def _item(field: Field) -> Field:
    return field.of or Field(field.name, field.label, "text")


_NUMBER_SCHEMA: Final[dict[str, Any]] = {
    "anyOf": [{"type": "integer"}, {"type": "string", "pattern": f"^{_NUMBER.pattern}$"}]
}


def _integer_schema(field: Field) -> dict[str, Any]:
    least = {} if field.least is None else {"minimum": field.least}
    most = {} if field.most is None else {"maximum": field.most}
    return {"type": "integer", **least, **most}


def _text_schema(**extra: Any) -> Callable[[Field], dict[str, Any]]:
    return lambda _: {"type": "string", "minLength": 1, **extra}


def _entity_schema(field: Field) -> dict[str, Any]:
    words = f"the id ({field.kind or 'kind'}:…) or the name of an entity"
    return {"type": "string", "minLength": 1, "description": words}


def _choice_schema(field: Field) -> dict[str, Any]:
    return {"type": "string", "enum": list(field.choices)}


def _money_schema(_: Field) -> dict[str, Any]:
    properties = {"amount": _NUMBER_SCHEMA, "currency": {"pattern": "^[A-Z]{3}$"}}
    return _object_schema(properties, required=["amount", "currency"])


def _quantity_schema(_: Field) -> dict[str, Any]:
    numbers = dict.fromkeys(("low", "best", "high"), _NUMBER_SCHEMA)
    return _object_schema({**numbers, "unit": {"type": "string"}}, required=[])


def _object_schema(properties: dict[str, Any], *, required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _list_schema(field: Field) -> dict[str, Any]:
    item = schema(_item(field))
    return {"anyOf": [item, {"type": "array", "items": item}]}


def _list_sample(field: Field) -> str:
    item = _item(field)
    return TYPES[item.type].sample(item)


def _first_choice(field: Field) -> str:
    return next(iter(field.choices), "")


TYPES: Final[dict[str, DataType]] = {
    "text": DataType(_check_text, _read_text, _text_schema(), "text", lambda _: "text"),
    "integer": DataType(
        _check_integer, _read_integer, _integer_schema, "a whole number", lambda _: "1"
    ),
    "number": DataType(
        _check_number, _read_number, lambda _: _NUMBER_SCHEMA, "a number", lambda _: "1.5"
    ),
    "money": DataType(
        _check_money,
        _read_money,
        _money_schema,
        "an amount and its currency (ISO 4217): `12.50 EUR`",
        lambda _: "12.50 EUR",
    ),
    "boolean": DataType(
        _check_boolean, _read_boolean, lambda _: {"type": "boolean"}, "yes or no", lambda _: "yes"
    ),
    "choice": DataType(
        _check_choice, _read_text, _choice_schema, "one word of the list", _first_choice
    ),
    "date": DataType(
        _check_date,
        _read_text,
        _text_schema(description="a date, EDTF (ISO 8601-2:2019)"),
        "a date, EDTF",
        lambda _: "2024-12-05",
    ),
    "url": DataType(
        _check_url,
        _read_text,
        _text_schema(pattern="^[hH][tT][tT][pP][sS]?://"),
        "a web address",
        lambda _: "https://example.org/",
    ),
    "entity": DataType(
        _check_entity,
        _read_text,
        _entity_schema,
        "an entity: its id or, as long as it is not resolved, its name",
        lambda field: f"{field.kind or 'organization'}:example",
    ),
    "place": DataType(
        _check_place,
        _read_text,
        _text_schema(description="the id (place:…) or the name of a place"),
        "a place: its id or its name",
        lambda _: "place:valletta",
    ),
    "quantity": DataType(
        _check_quantity,
        _read_quantity,
        _quantity_schema,
        "a number that may be uncertain: `4`, `3..6` or `3..4..6`",
        lambda _: "3..4..6",
    ),
    "list": DataType(
        _check_list,
        _read_list,
        _list_schema,
        "one or several, separated by semicolons",
        _list_sample,
    ),
}
