"""The disasters this product survives, one file each. Processes here are really killed, folders really deleted."""
