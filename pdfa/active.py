"""Takes out of a PDF what acts instead of being read: scripts, launches, files inside, sound (ISO 19005-2, 6.5 and 6.8)."""

from __future__ import annotations

from collections.abc import Iterator

from pikepdf import Array, Dictionary, Name, Object, Pdf

from pdfa.objects import dictionaries

_ACTION_KEYS = (Name.A, Name.OpenAction, Name.Next, Name.PA)
_SCRIPT = "/JavaScript"
_ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView",
    "/RichMediaExecute", "/SubmitForm", "/GoToE",
}  # fmt: skip
_NAMED = {"/NextPage", "/PrevPage", "/FirstPage", "/LastPage"}
_MEDIA = {"/Movie", "/Sound", "/Screen", "/3D", "/RichMedia"}
_ATTACHMENT = "/FileAttachment"


def defuse(pdf: Pdf) -> tuple[str, ...]:
    """Removes it all in place; pages look the same. Returns what was there: `javascript_removed`, `actions_removed`,
    `attachments_removed`, `media_removed`.
    """
    notes = {note for holder in dictionaries(pdf) for note in _without_actions(holder)}
    notes.update(note for page in pdf.pages for note in _without_annotations(page.obj))
    names = pdf.Root.get(Name.Names)
    if isinstance(names, Dictionary):
        notes.update(note for key, note in _NAME_TREES.items() if _dropped(names, key) and note)
    if _dropped(pdf.Root, "/AF") or _dropped(pdf.Root, "/Collection"):
        notes.add("attachments_removed")
    return tuple(sorted(notes))


_NAME_TREES = {"/JavaScript": "javascript_removed", "/EmbeddedFiles": "attachments_removed", "/AlternatePresentations": ""}


def _without_actions(holder: Object) -> Iterator[str]:
    for key in _ACTION_KEYS:
        action = holder.get(key)
        if isinstance(action, Array):
            banned = [item for item in action.as_list() if _banned(item)]
            if key == Name.Next and banned:
                holder[key] = Array([item for item in action.as_list() if not _banned(item)])
                yield from map(_note_for, banned)
        elif action is not None and _banned(action):
            del holder[key]
            yield _note_for(action)
    extra = holder.get(Name.AA)
    if isinstance(extra, Dictionary):
        del holder[Name.AA]
        yield from (_note_for(action) for action in extra.as_dict().values())


def _banned(action: Object) -> bool:
    kind = str(action.get(Name.S, "")) if isinstance(action, Dictionary) else ""
    return kind == _SCRIPT or kind in _ACTIONS or (kind == "/Named" and str(action.get(Name.N, "")) not in _NAMED)


def _note_for(action: Object) -> str:
    script = isinstance(action, Dictionary) and str(action.get(Name.S, "")) == _SCRIPT
    return "javascript_removed" if script else "actions_removed"


def _without_annotations(page: Object) -> Iterator[str]:
    annotations = page.get(Name.Annots)
    if not isinstance(annotations, Array):
        return
    kept = []
    for annotation in annotations.as_list():
        kind = str(annotation.get(Name.Subtype, "")) if isinstance(annotation, Dictionary) else ""
        if kind in _MEDIA:
            yield "media_removed"
        elif kind == _ATTACHMENT:
            yield "attachments_removed"
        else:
            kept.append(annotation)
    if len(kept) < len(annotations):
        page.Annots = Array(kept)


def _dropped(holder: Object, key: str) -> bool:
    if key not in holder:
        return False
    del holder[key]
    return True
