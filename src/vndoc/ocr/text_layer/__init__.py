"""Is a PDF page's text layer the text of this page? The verdict, and what of the layer is used beside the image.

What the image shows is never left out because of what a layer says. The seen text of a page is taken for the page where
it covers the print, stands upright and reads as Vietnamese. Seen text over a scan is typed: its letters are known, and
they stand in place of what an engine makes of them. A hidden layer is somebody's OCR, of this page or of another: a
second opinion on single words, where both agree.
"""

from vndoc.ocr.text_layer.opinion import with_second_opinion
from vndoc.ocr.text_layer.typed import with_typed
from vndoc.ocr.text_layer.verdict import PLAIN, Script, Verdict, judge, unseen

__all__ = ["PLAIN", "Script", "Verdict", "judge", "unseen", "with_second_opinion", "with_typed"]
