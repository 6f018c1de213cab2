"""From repaired pages to the typed dispatch."""
