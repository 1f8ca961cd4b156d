"""Going through all of an open PDF."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Object, Pdf, Stream


def dictionaries(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary of the file, those of streams and those inside others too."""
    return (item for item in everything(pdf) if isinstance(item, Dictionary | Stream))


def everything(pdf: Pdf) -> Iterator[Object]:
    """Every dictionary, stream and array of the file, those inside others too."""
    for top in pdf.objects:
        waiting: list[Object] = [top]
        while waiting:
            item = waiting.pop()
            if isinstance(item, Dictionary | Stream):
                children = [item[key] for key in item.keys()]  # noqa: SIM118 - a stream is iterated by its dictionary only so
            elif isinstance(item, Array):
                children = list(item.as_list())
            else:
                continue
            yield item
            waiting += [child for child in children if isinstance(child, Object) and not child.is_indirect]


def part(holder: Object, key: str) -> Dictionary:
    """A dictionary inside another; an empty one where there is none."""
    value = holder.get(key)
    return value if isinstance(value, Dictionary) else Dictionary()


def items(holder: Object, key: str) -> list[Object]:
    """An array inside a dictionary; none where there is none."""
    value = holder.get(key)
    return list(value.as_list()) if isinstance(value, Array) else []
