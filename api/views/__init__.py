"""What a screen shows, made of stored values: no HTML, no HTTP. Places are per cent of the page, so that zoom needs no sums."""
