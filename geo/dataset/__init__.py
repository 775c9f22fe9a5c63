"""Reports as tables: saved, loaded, selected by time and filter, exported."""
