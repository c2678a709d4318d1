"""Messages of the system. When one was made decides its month, so the engine says when."""

from factory.base import Factory

from factories.declared import derived, moment, picked, trait
from schema.creativeflow import Notification

_WORDS = {
    "generation_finished": "Your request {} is finished.",
    "credits_low": "You have less than 5 credits left.",
    "team_invitation": "Team {} would like to have you.",
}


class NotificationFactory(Factory[Notification]):
    """A message; most are unread."""

    class Meta:
        """What is made."""

        model = Notification

    class Params:
        """States that a message is tested in."""

        read = trait(is_read=True)
        unread = trait(is_read=False)
        low_credits = trait(type="credits_low")

    type = picked(dict.fromkeys(_WORDS, 1))
    message = derived(lambda row, n: _WORDS[row.type].format(n))
    metadata_ = derived(lambda row, n: {"icon": row.type, "target": {"kind": "project", "n": n}})
    is_read = picked({False: 2, True: 1})
    updated_at = moment()
