"""JSON Pointers (RFC 6901): how a place within a document or a schema is written."""


def child(pointer: str, step: str | int) -> str:
    return f"{pointer}/{str(step).replace('~', '~0').replace('/', '~1')}"


def parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def lineage(pointer: str) -> list[str]:
    """The place itself, then each place that holds it, up to the top."""
    places = [pointer]
    while places[-1]:
        places.append(parent(places[-1]))
    return places


def is_within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")
