"""Tags left in a text: blanked in place, so that offsets stay and quotes are cut out of the text as published."""

import re

from geo.reference.names import Plain

_TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9]*)(?:\s[^<>]{0,2000})?/?>")
_ENDS_A_LINE = re.compile(r"p|li|br|div|t[dhr]|[uo]l|h[1-6]|blockquote|figcaption", re.IGNORECASE)


def without_tags(text: Plain) -> Plain:
    """Blank the tags of a text of the same length; those of a block end the line."""
    return Plain(_TAG.sub(_blank, text.text), text.offsets) if "<" in text.text else text


def _blank(tag: re.Match[str]) -> str:
    length = tag.end() - tag.start()
    return "\n".ljust(length) if _ENDS_A_LINE.fullmatch(tag["name"]) else " " * length
