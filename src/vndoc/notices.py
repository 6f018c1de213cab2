"""The codes of notices: what a person or a program should know about a dispatch and how it was read."""

ATTACHMENTS_UNREAD = "attachments-unread"

NOTICE_CODES: dict[str, str] = {
    "page-failed": "A page could not be read; its text is empty. Scan it again.",
    "page-doubtful": "A page was read in spite of trouble (time, size, contrast). Compare it with the image.",
    "engine-alone": "A text engine that reads doubtful lines again is not installed, or failed: see `vndoc doctor`.",
    "page-placeholder": "A page stands for a document that is not shown (a dynamic form, a protected file). Open the "
    "file in the program that it names and print it to a PDF.",
    ATTACHMENTS_UNREAD: "Files are attached to the PDF and were not read. Read it again with `--attachments`.",
    "attachments-apart": "Files are attached to the mail, each a document of its own. Look at those as well.",
    "parts-unread": "Pictures of pages, or files, stand in the text of a Word file and were not read. Print it to a "
    "PDF and give that.",
    "text-layer-lost": "The text layer of a page could not be listed; it was read from its image. Nothing need be done "
    "unless the page is doubtful.",
    "boundary-doubtful": "Another document may begin on a page: look at it, and cut the file there by hand if it does.",
    "several-documents": "The file holds several documents; they were not cut: `vndoc split` or `read_all` does it.",
    "sheet-shared": "The head of a second document stands on one sheet with the first. Scan each by itself.",
    "blank-left-out": "Blank pages and separator sheets of a file that was cut belong to no document.",
    "file-signed": "The electronic signatures of a file that was cut are those of the whole, not of the document.",
    "pdf-page-drawn": "A page of the PDF/A copy, or text on it, is a picture: what draws it is not in the file. "
    "Compare it once with the original; its words can be searched.",
    "pdf-left-out": "Attached files, scripts or films are not in the PDF/A copy. Keep the original as well.",
    "pdf-plain": "The copy is a searchable PDF, but not PDF/A. Print the original to a new PDF and read that.",
    "number-missing": "No line 'Số: …' was found, so there is no number and no notation. Look at the first page.",
    "number-unsure": "The number may be written by hand and was not read surely: choose among its candidates.",
    "date-unsure": "The day of issue may be written by hand and was not read surely: choose among its candidates.",
    "arrival-unsure": "The incoming stamp is filled in by hand and was not read surely.",
    "signature-missing": "No signature was found at the end of the document; a page may be missing.",
    "signature-unreadable": "A digital signature of the PDF could not be read.",
    "annex-left-out": "Pages behind the signature hold an annex: see `annexes`; they fill no other field.",
    "overlay": "A note was typed over the page after the document was issued: see `overlays`.",
    "draft": "The document is marked DỰ THẢO: it is not issued.",
    "certified-copy": "The paper is a certified copy; number, date and signer are those of the original.",
    "several-signers": "Several people signed: see `signers`; `signer` is the first.",
    "joint-document": "Several bodies issued the document: see `joint_issuers`; `organ_name` names them all.",
    "value-withheld": "A field was read with a confidence below 0.5 and left null: see its candidates.",
    "figure-doubtful": "A number or date in the text may be another one by the ink. Compare it with the image.",
    "reference-ambiguous": "The notation of a cited document fits several types: see its `alternatives`.",
    "mention-ambiguous": "Words such as 'Quyết định nêu trên' may mean several cited documents: see `alternatives`.",
    "deadline-impossible": "Words set a deadline on a day that cannot be meant: no such day, another weekday than that "
    "beside it, or one before the issue. Ask the office, or correct the slip.",
    "deadline-unread": "Words set a deadline ('cuối tuần', 'trước kỳ nghỉ lễ') whose day is not understood: enter it "
    "by hand.",
    "label-gap": "The numbering of the sections leaves a label out: the source skips it, or it was not read.",
    "label-repeated": "A label stands twice: by its place in the sequence a slip of the writer, so it stays as it is.",
    "label-repaired": "The label of a section was misread and set right by its place in the sequence.",
}
"""What every :attr:`Notice.code` means and what to do about it; a code keeps its meaning once it is here."""
