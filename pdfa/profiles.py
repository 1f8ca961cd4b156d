"""From a page's picture to the layers that show it, as the profile says."""

from __future__ import annotations

from domain.pages import PageImage, PageReading
from pdfa.layers import Layer
from pdfa.own_stream import own_layers
from pdfa.profile import Profile


def layers(image: PageImage, _reading: PageReading, _profile: Profile) -> tuple[Layer, ...]:
    """What shows the page, lowest first. Raises Unreadable for a damaged picture."""
    return own_layers(image)
