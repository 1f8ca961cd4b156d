"""One file per screen, each with a `router`: login, today, batches, review, sign, find, records, admin."""
