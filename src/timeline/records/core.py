"""The compiled half of pydantic_core, without its Python half, which no single command needs.

`import pydantic_core` also makes several hundred TypedDicts that describe schemas to type checkers:
half of what importing click costs. What is loaded here is the very module that a later
`import pydantic` finds, so classes are the same.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic_core import PydanticCustomError, SchemaValidator, ValidationError, __version__

    VERSION = __version__
else:
    _NAME = "pydantic_core._pydantic_core"

    def _compiled() -> Any:
        if _NAME in sys.modules:
            return sys.modules[_NAME]
        package = find_spec("pydantic_core")
        spec = PathFinder.find_spec(_NAME, package.submodule_search_locations)
        if spec is None:  # a release that is arranged in another way
            return import_module("pydantic_core")
        module = sys.modules[_NAME] = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    _core = _compiled()
    PydanticCustomError = _core.PydanticCustomError
    SchemaValidator = _core.SchemaValidator
    ValidationError = _core.ValidationError
    VERSION = _core.__version__

__all__ = ["VERSION", "PydanticCustomError", "SchemaValidator", "ValidationError"]
