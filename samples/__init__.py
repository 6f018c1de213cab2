"""Made-up Vietnamese official dispatches: written as data, laid out after Decree 30/2020, scanned by a pretend scanner.

Run ``python -m samples.generate`` from the root of the repository to make all of them anew. As a library::

    letter = Letter.load(Path("samples/cv815/dispatch.json"))
    sheets = compose(letter)                      # lines, rules and stamps, in points
    images = scan(sheets, scanner("office"), seed=1)
    write_scan(images, Path("scan.pdf"), scanner("office"))
"""
