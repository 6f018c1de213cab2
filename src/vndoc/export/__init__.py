"""What a dispatch may be given out as, for people: Markdown, an annotated scan, a PDF that can be searched."""
