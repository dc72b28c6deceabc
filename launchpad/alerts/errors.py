"""What alerts refuse, and why.

AlertRuleNotFoundError, WebhookNotFoundError, DeliveryNotFoundError, PushSubscriptionNotFoundError,
AlertQuotaError, InvalidAlertError, NotYourRoomError
"""

from launchpad.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError


class AlertRuleNotFoundError(NotFoundError):
    """The account has no such rule."""

    code = "ALERT_NOT_FOUND"


class WebhookNotFoundError(NotFoundError):
    """The account has no such webhook."""

    code = "WEBHOOK_NOT_FOUND"


class DeliveryNotFoundError(NotFoundError):
    """The account has no such delivery that could be sent again."""

    code = "DELIVERY_NOT_FOUND"


class PushSubscriptionNotFoundError(NotFoundError):
    """The account has no such browser."""

    code = "PUSH_NOT_FOUND"


class AlertQuotaError(ConflictError):
    """The account has as many as it may have."""

    code = "ALERT_QUOTA"


class InvalidAlertError(InvalidInputError):
    """A rule that cannot be evaluated; `field` names the culprit."""

    code = "INVALID_ALERT"


class NotYourRoomError(ForbiddenError):
    """Only the creator of a token lets its room be told."""

    code = "NOT_YOUR_ROOM"
