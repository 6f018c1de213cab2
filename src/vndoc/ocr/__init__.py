"""From a file to pages of words with boxes."""
