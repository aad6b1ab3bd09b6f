"""What a body must look like, as JSON Schema; a fault names the fields and repeats no value."""

from collections.abc import Callable
from typing import Any, Final

from jsonschema_rs import Draft202012Validator, ValidationError

from sandbox.http import Problem

_TEXT: Final = {"type": "string", "minLength": 1, "maxLength": 200}
_UUID: Final = {"type": "string", "format": "uuid"}
_RATE: Final = {"type": "number", "minimum": 0, "maximum": 1}
_REASON: Final = {
    "type": "object",
    "required": ["ar", "en"],
    "properties": {"ar": _TEXT, "en": _TEXT},
}

REQUEST: Final = {
    "type": "object",
    "required": [
        "request_id",
        "case_code",
        "service_code",
        "submitted_at",
        "represented_party",
        "agent",
        "answers",
        "documents",
    ],
    "properties": {
        "request_id": _UUID,
        "case_code": _TEXT,
        "service_code": {"anyOf": [_TEXT, {"type": "integer"}]},
        "submitted_at": {"type": "string", "format": "date-time"},
        "represented_party": {"anyOf": [_TEXT, {"type": "object", "minProperties": 1}]},
        "agent": {
            "type": "object",
            "required": ["centre_code", "account"],
            "properties": {
                "centre_code": {"anyOf": [_TEXT, {"type": "integer"}]},
                "account": _TEXT,
            },
        },
        "answers": {"type": "object"},
        "documents": {"type": "array", "items": {"type": "object"}},
        "resend_of": {"anyOf": [_UUID, {"type": "null"}]},
        "stage": _TEXT,
    },
}
POLICY: Final = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "mode": {"enum": ["manual", "auto"]},
        "delay_seconds": {"type": "number", "minimum": 0, "maximum": 86_400},
        "return_first": {"type": "boolean"},
        "down": {"type": "boolean"},
        "fee_baisa": {
            "anyOf": [{"type": "integer", "minimum": 0, "maximum": 999_999_999}, {"type": "null"}]
        },
        "slow_seconds": {"type": "number", "minimum": 0, "maximum": 60},
        "drop_answers": {"type": "integer", "minimum": 0, "maximum": 1000},
        "twice": {"type": "boolean"},
        "early": {"type": "boolean"},
        "swapped": {"type": "boolean"},
        "a_second": {
            "anyOf": [{"type": "integer", "minimum": 1, "maximum": 10_000}, {"type": "null"}]
        },
        "mix": {
            "anyOf": [
                {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "seed": {"type": "integer"},
                        "down": _RATE,
                        "too_many": _RATE,
                        "slow": _RATE,
                        "drop": _RATE,
                    },
                },
                {"type": "null"},
            ]
        },
    },
}
RETURN: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["fields"],
    "properties": {"fields": {"type": "array", "items": _TEXT}, "reason": _REASON},
}
DECIDE: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["outcome"],
    "properties": {"outcome": {"enum": ["approved", "rejected"]}, "reason": _REASON},
}
SMS: Final = {
    "type": "object",
    "required": ["id", "to", "text"],
    "properties": {
        "id": _TEXT,
        "to": {"type": "string", "pattern": r"^\+[1-9][0-9]{7,14}$"},
        "text": {"type": "string", "minLength": 1, "maxLength": 1000},
    },
}
PAYMENT: Final = {
    "type": "object",
    "required": ["payment_id", "amount_baisa"],
    "properties": {
        "payment_id": _TEXT,
        "amount_baisa": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999},
    },
}
REFUND: Final = {
    "type": "object",
    "required": ["refund_id", "amount_baisa"],
    "properties": {
        "refund_id": _TEXT,
        "amount_baisa": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999},
    },
}
PROVIDER_POLICY: Final = {
    "type": "object",
    "additionalProperties": False,
    "minProperties": 1,
    "properties": {
        "slow_seconds": {"type": "number", "minimum": 0, "maximum": 60},
        "down": {"type": "boolean"},
        "drop_answers": {"type": "integer", "minimum": 0, "maximum": 1000},
        "calls_back": {"type": "boolean"},
        "twice": {"type": "boolean"},
        "out_of_order": {"type": "boolean"},
    },
}
FEE: Final = {
    "type": "object",
    "additionalProperties": False,
    "required": ["government_baisa"],
    "properties": {"government_baisa": {"type": "integer", "minimum": 0, "maximum": 999_999_999}},
}


def checker(schema: dict[str, Any]) -> Callable[[Any], None]:
    """A function that takes a document of this form and raises a 422 for any other."""
    validator = Draft202012Validator(schema, validate_formats=True)

    def check(document: Any) -> None:
        faults = sorted({_field(error) for error in validator.iter_errors(document)})
        if faults:
            raise unprocessable(faults)

    return check


def unprocessable(fields: list[str]) -> Problem:
    detail = "These fields are missing or have the wrong form: " + ", ".join(fields)
    return Problem(422, "malformed", detail, fields=fields)


def _field(error: ValidationError) -> str:
    """The dotted name of the field; the validator's own message would repeat the value."""
    path = [str(part) for part in error.instance_path]
    missing = getattr(error.kind, "property", None)
    return ".".join([*path, missing] if missing else path) or "body"
