"""The one clock: the time that files state, which the user sets and the machine does not."""

import os
from datetime import UTC, datetime

from cdisc_aclf.errors import UsageError


def time_stamp() -> datetime:
    """The time that a transport file states: SOURCE_DATE_EPOCH in UTC, else 1960-01-01, where SAS time begins.

    Raises:
        UsageError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not epoch:
        return datetime(1960, 1, 1, tzinfo=UTC)
    try:
        return datetime.fromtimestamp(int(epoch), tz=UTC)
    except (ValueError, OverflowError, OSError):
        raise UsageError("SOURCE_DATE_EPOCH", f"{epoch!r} is not a number of seconds since 1970") from None
