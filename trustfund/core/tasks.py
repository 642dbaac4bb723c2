"""The one way to make a Celery task: a name, a queue, late acknowledgement, keyword arguments that are ids."""

from collections.abc import Callable
from typing import Any, Final

from celery import shared_task  # noqa: TID251 - here, and nowhere else

Task = Callable[..., Any]
DEFAULT_QUEUE: Final = "default"
_queues: dict[str, str] = {}


def task(*, name: str, queue: str = DEFAULT_QUEUE) -> Callable[[Task], Any]:
    """Return a decorator that registers a task. It must be safe to run twice: a worker may die."""

    def register(function: Task) -> Any:
        _queues[name] = queue
        return shared_task(name=name, acks_late=True, ignore_result=True)(function)

    return register


def queue_of(name: str, *_about_the_call: Any, **_more: Any) -> dict[str, str]:
    """Return where a task goes, as Celery's router asks; a task not loaded here goes to the default queue."""
    return {"queue": _queues.get(name, DEFAULT_QUEUE)}
