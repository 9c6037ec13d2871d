"""Structured logs: one JSON object a line on standard error, without anything a person typed.

Closed by default. Hamn's own events carry only what their call names. Of other libraries' messages
the template is kept, never what it was filled with, and of an exception its type and the places it
went through, never its text, which may quote a form. Where the text is withheld, `where` tells the
line of code that wrote it.
"""

import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.types import EventDict

WITHHELD = "text withheld"
# Their messages name processes, tasks and states, never what was sent.
TRUSTED = {"hamn", "_granian", "granian", "django_tasks", "django_tasks_db"}
# Their messages are constant templates; what fills them may be a path or a header.
TEMPLATES = {"django"}
MOST_FRAMES = 40
MOST_CAUSES = 5


class _Errors(logging.StreamHandler[Any]):
    """Writes to the standard error of the moment, also when that has been exchanged."""

    @property
    def stream(self) -> Any:
        return sys.stderr

    @stream.setter
    def stream(self, stream: Any) -> None:
        pass


def configure(given: Mapping[str, object]) -> None:
    """Send every logger through the one handler.

    given: Django's LOGGING; its `level` counts unless HAMN_LOG names another. Commands stay quiet
    (warning); `hamn serve` and the units set HAMN_LOG=info.
    """
    asked = (os.environ.get("HAMN_LOG") or str(given.get("level", "warning"))).upper()
    level = logging.getLevelNamesMapping().get(asked, logging.WARNING)
    handler = _Errors()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _rendered],
            foreign_pre_chain=[_foreign, _exception, _stamp],
        )
    )
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Errors)] + [handler]
    root.setLevel(level)
    for name in ("django", "django.server", "_granian", "granian.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.NOTSET)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            _exception,
            _stamp,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    if level <= logging.INFO:
        _log_what_nobody_caught()


def short(path: str) -> str:
    """A source file's place without the machine's folders: `django/core/handlers/base.py`."""
    for mark in ("site-packages/", "/src/", "/lib/python3.11/"):
        _before, found, rest = path.rpartition(mark)
        if found:
            return rest
    return Path(path).name


def described(fault: BaseException) -> dict[str, Any]:
    """An exception's type and the places it went through, without its text."""
    return {
        "type": f"{type(fault).__module__}.{type(fault).__qualname__}",
        "frames": list(_frames(fault.__traceback__))[-MOST_FRAMES:],
    }


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{short(code.co_filename)}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


def _causes(fault: BaseException | None) -> Iterator[BaseException]:
    for _turn in range(MOST_CAUSES):
        if fault is None:
            return
        yield fault
        fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)


def _foreign(_logger: Any, _method: str, event: EventDict) -> EventDict:
    """What is kept of a message that another library wrote."""
    record: logging.LogRecord = event["_record"]
    event["logger"], event["level"] = record.name, record.levelname.lower()
    library = record.name.partition(".")[0]
    if library not in TRUSTED:
        # Without anything to fill in, the message may have been put together before.
        is_template = library in TEMPLATES and event["event"] != record.msg
        event["event"] = str(record.msg) if is_template else WITHHELD
        event["where"] = f"{short(record.pathname)}:{record.lineno}"
    status = getattr(record, "status_code", None)
    if isinstance(status, int):
        event["status"] = status
    match = getattr(getattr(record, "request", None), "resolver_match", None)
    if match is not None:
        event["route"] = match.route
    return event


def _exception(_logger: Any, _method: str, event: EventDict) -> EventDict:
    info = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if info is True:
        info = sys.exc_info()
    fault = info[1] if isinstance(info, tuple) else info
    if isinstance(fault, BaseException):
        event["exception"] = [described(one) for one in _causes(fault)]
    return event


_stamp = structlog.processors.TimeStamper(fmt="iso", utc=True, key="at")


def _rendered(_logger: Any, _method: str, event: EventDict) -> str:
    # What is not plain data shows as its kind: a value's own text could be anything.
    return json.dumps(event, ensure_ascii=False, default=lambda value: type(value).__name__)


def _log_what_nobody_caught() -> None:
    logger = structlog.stdlib.get_logger("hamn")

    def hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        logger.critical("uncaught", exc_info=fault)

    def thread_hook(arguments: threading.ExceptHookArgs) -> None:
        logger.critical("uncaught in a thread", exc_info=arguments.exc_value)

    def warn(
        message: Warning | str,  # noqa: ARG001 may quote a value
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,  # noqa: ARG001
        line: str | None = None,  # noqa: ARG001
    ) -> None:
        logger.warning(
            "a library warns", kind=category.__name__, where=f"{short(filename)}:{lineno}"
        )

    sys.excepthook = hook
    threading.excepthook = thread_hook
    warnings.showwarning = warn
