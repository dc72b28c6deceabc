"""Markup with values in it."""

from markupsafe import Markup, escape


def markup(form: str, *values: object, **named: object) -> Markup:
    """`form` with each value in its place, escaped unless it is markup itself; format specifications are not for it.

    The same as `Markup(form).format(...)`, in a fraction of its time: a page of tokens has some four hundred of them.
    """
    return Markup(form.format(*map(escape, values), **{name: escape(value) for name, value in named.items()}))  # noqa: S704 - all of it is escaped, and forms are literals
