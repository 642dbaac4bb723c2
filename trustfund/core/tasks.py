"""The one way to make a Celery task: a name, a queue, late acknowledgement, keyword arguments that are ids."""

from collections.abc import Callable
from typing import Any

from celery import shared_task  # noqa: TID251 - here, and nowhere else

Task = Callable[..., Any]


def task(*, name: str, queue: str = "default") -> Callable[[Task], Any]:
    """Return a decorator that registers a task. It must be safe to run twice: a worker may die and the work come back."""

    def register(function: Task) -> Any:
        return shared_task(name=name, queue=queue, acks_late=True, ignore_result=True)(function)

    return register
