"""What a library error means to a person: the one table behind forms, set-up and actions."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Protocol, runtime_checkable

from homeassistant.exceptions import (
    ConfigEntryAuthFailed,
    ConfigEntryError,
    ConfigEntryNotReady,
    HomeAssistantError,
    ServiceValidationError,
)

from dvrip_proto import (
    AuthenticationError,
    DangerError,
    DvripError,
    NoConnectionError,
    NotAppliedError,
    ProtocolError,
    RequestError,
    RequestTimeoutError,
    TransportError,
    UnsupportedError,
    UsageError,
    remedy,
)

from .const import DOMAIN, LOGGER
from .inert import error_text, inert

NO_CODE = "-"
NOBODY = "DVRIP"
"""Where an error is of no device."""

# Causes of the library's table that have a text here; the others are told by their class.
_BY_CODE = frozenset({"account_in_use", "no_permission", "account_locked", "address_blocked"})


class OtherDeviceError(AuthenticationError):
    """Another device answers where this one was: like a refused login it is not tried again by itself."""


# The first class that fits decides.
_BY_CLASS: tuple[tuple[type[Exception], str], ...] = (
    (OtherDeviceError, "wrong_device"),
    (RequestTimeoutError, "timeout"),
    (NoConnectionError, "no_connection"),
    (TransportError, "cannot_connect"),
    (AuthenticationError, "invalid_auth"),
    (UnsupportedError, "unsupported"),
    (NotAppliedError, "not_applied"),
    (RequestError, "refused"),
    (ProtocolError, "not_dvrip"),
    (DangerError, "danger"),
    (UsageError, "invalid_value"),
    (TimeoutError, "timeout"),
)


def cause(error: Exception) -> str:
    """Translation key that says what went wrong and what to do about it."""
    told = remedy(error)
    if told is not None and told.key in _BY_CODE:
        return told.key
    return next((key for kind, key in _BY_CLASS if isinstance(error, kind)), "unknown")


def code(error: BaseException) -> str:
    """The return code that the device gave as its reason."""
    ret = getattr(error, "ret", None)
    return NO_CODE if ret is None else str(ret)


@runtime_checkable
class Told(Protocol):
    """What an error can be told of."""

    @property
    def told_as(self) -> str:
        """What people call it."""


def setup_error(error: DvripError, name: str) -> HomeAssistantError:
    """What Home Assistant does next with an entry: asks for credentials, gives up, or tries again later."""
    kind: type[ConfigEntryAuthFailed | ConfigEntryError | ConfigEntryNotReady] = ConfigEntryNotReady
    if isinstance(error, UnsupportedError | OtherDeviceError):
        kind = ConfigEntryError
    elif isinstance(error, AuthenticationError):
        kind = ConfigEntryAuthFailed
    return kind(**translation(error, name))


@contextmanager
def telling(name: str) -> Iterator[None]:
    """Raise what Home Assistant shows to the person who asked for something, and of which device it is."""
    try:
        yield
    except UsageError as error:
        LOGGER.info("%s: not done: %s", name, error_text(error))
        raise ServiceValidationError(**translation(error, name)) from error
    except DvripError as error:
        LOGGER.info("%s: not done: %s", name, error_text(error))
        raise HomeAssistantError(**translation(error, name)) from error


def translated[**P, R](action: Callable[P, Awaitable[R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let `action` raise as `telling` does, of what comes first among its arguments."""

    @wraps(action)
    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        first = args[0] if args else None
        with telling(first.told_as if isinstance(first, Told) else NOBODY):
            return await action(*args, **kwargs)

    return run


def translation(error: DvripError, name: str, key: str | None = None) -> dict[str, Any]:
    """What an exception of Home Assistant is made with; `key` where the error alone does not say enough."""
    return {
        "translation_domain": DOMAIN,
        "translation_key": key or ("partly_written" if error.written else cause(error)),
        "translation_placeholders": {"name": inert(name), "error": error_text(error), "code": code(error)},
    }
