"""What a dispatch may be given out as, for people: Markdown, a page to look at, a PDF that can be searched."""
