"""PDFs that ask for more than a page costs: trees in circles, contents without end, pages of nothing, or that hang."""

import io
import zlib
from contextlib import nullcontext

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.test_pdf_layers import saved, shown, text_pdf
from vndoc import pipeline
from vndoc.damage import DamageError
from vndoc.dispatch import Dispatch
from vndoc.errors import EngineError, TimeLimitError, TooLargeError
from vndoc.export.metadata import signatures_to_stamps
from vndoc.export.pdfa.layers import Layers as Optional
from vndoc.page import Method
from vndoc.settings import Limits, Settings
from vndoc.signatures import read_signatures
from vndoc.sources import load_file, open_file
from vndoc.sources import pdf as pdfs
from vndoc.sources.backend import NotTriedError
from vndoc.sources.pdf import contents, patience
from vndoc.sources.pdf.contents import is_huge
from vndoc.sources.pdf.patience import Patience, ranges
from vndoc.sources.pdf.trees import embedded, repeated_kids, walk
from vndoc.sources.pdf.unshown import file_remarks


def in_a_circle(field):
    """A PDF whose form has an array of kids in which each field has that array again; object 6 is such a field."""
    return (
        b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 2 0 R /AcroForm << /Fields 5 0 R >> >> endobj\n"
        b"2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
        b"3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 300] >> endobj\n"
        b"5 0 obj [" + field * 4 + b"] endobj\n6 0 obj << /FT /Tx /Kids 5 0 R >> endobj\n"
        b"trailer << /Root 1 0 R /Size 7 >>\nstartxref\n0\n%%EOF\n"
    )


@pytest.mark.parametrize(("field", "amount"), [(b"6 0 R ", 1), (b"<< /FT /Tx /Kids 5 0 R >> ", 4)])
def test_fields_in_a_circle_are_walked_once(field, amount):
    with pikepdf.open(io.BytesIO(in_a_circle(field))) as pdf:
        assert len(list(walk(pdf.Root.AcroForm.Fields))) == amount
        signatures_to_stamps(pdf)
    assert read_signatures(in_a_circle(field)) == ([], [])


def test_a_value_holds_for_the_fields_below():
    pdf = pikepdf.new()
    low = pikepdf.Dictionary(Kids=pikepdf.Array([pikepdf.Dictionary(T="b"), pikepdf.Dictionary(T="c", FT="/Tx")]))
    fields = pikepdf.Array([pikepdf.Dictionary(T="a", FT="/Sig", Kids=pikepdf.Array([low]))])
    pdf.Root.F = fields
    assert [str(value) for _, value in walk(pdf.Root.F, "/FT")] == ["/Sig", "/Sig", "/Sig", "/Tx"]


def test_a_tree_of_more_nodes_than_a_file_has():
    pdf = pikepdf.new()
    pdf.Root.F = pikepdf.Array([pikepdf.Dictionary() for _ in range(20)])
    with pytest.raises(DamageError, match="more than 10 nodes"):
        list(walk(pdf.Root.F, most=10))


def test_names_in_a_circle_are_listed_once():
    """Each node of a name tree has the next one ten times over, and the last the first: 10 ** 12 ways through it."""
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
    nodes = [pdf.make_indirect(pikepdf.Dictionary()) for _ in range(12)]
    for node, below in zip(nodes, [*nodes[1:], nodes[0]], strict=True):
        node.Kids = pikepdf.Array([below] * 10)
    spec = pikepdf.Dictionary(Type=pikepdf.Name.Filespec, UF="a.txt")
    nodes[-1].Names = pikepdf.Array([pikepdf.String("a.txt"), pdf.make_indirect(spec)])
    pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=nodes[0])
    assert [name for name, _ in embedded(pdf, 10)] == ["a.txt"]
    (remark,) = file_remarks(pdf)
    assert '1 attached file ("a.txt")' in remark.message


def test_forms_in_forms_are_looked_through_once_for_layers():
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
    off = pdf.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name="a"))
    hides = pikepdf.Dictionary(OFF=pikepdf.Array([off]))
    pdf.Root.OCProperties = pikepdf.Dictionary(OCGs=pikepdf.Array([off]), D=hides)
    inner = {}
    for level in range(7):
        form = pdf.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
        form.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(inner))
        inner = {f"/X{k}": form for k in range(40)}  # 40 ** 7
        assert level < 7
    pdf.pages[0].obj.Resources.XObject = pikepdf.Dictionary(inner)
    assert not Optional(pdf).cut(pdf.pages[0])


def test_pages_that_are_named_again_are_counted_before_the_file_is_opened():
    assert repeated_kids(b"<< /Kids [3 0 R 3 0 R\n4 0 R 3  0 R] >>") == 2
    assert repeated_kids(b"<< /Kids [3 0 R 4 0 R] >> 3 0 R 3 0 R") == 0


# --- contents ---------------------------------------------------------------------------------------------------


def page_of(data, name="/FlateDecode"):
    pdf = pikepdf.open(io.BytesIO(text_pdf(shown("a"))))
    stream = pdf.make_stream(b"")
    stream.write(data, filter=pikepdf.Name(name) if isinstance(name, str) else name)
    pdf.pages[0].obj.Contents = stream
    return pdf, pdf.pages[0].obj


def huge(data, name="/FlateDecode"):
    pdf, page = page_of(data, name)
    with pdf:
        return is_huge(page)


def test_a_content_that_unpacks_to_a_gigabyte_is_not_unpacked():
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1_000_000)) for _ in range(1000)) + packer.flush()
    assert huge(packed)
    twice = pikepdf.Array([pikepdf.Name.FlateDecode] * 2)
    assert huge(zlib.compress(packed), twice)
    assert huge(b"\x80" * 10_000, pikepdf.Array([pikepdf.Name.RunLengthDecode] * 3))


def test_a_content_of_more_operators_than_a_page_has():
    many = zlib.compress(b"q Q " * (contents.MOST_TOKENS // 2 + 100))
    assert huge(many)
    assert not huge(zlib.compress(b"q Q " * 100_000))
    pdf, page = page_of(many)
    with pdf, pytest.raises(DamageError):
        contents.instructions(page)


def lzw(data):
    """As PDF has it: codes of 9 to 12 bits, the table cleared when it is full."""
    table, codes, before = {bytes([n]): n for n in range(256)}, [(256, 9)], b""
    width = 9
    for byte in data:
        now = before + bytes([byte])
        if now in table:
            before = now
            continue
        codes.append((table[before], width))
        table[now] = len(table) + 2
        width = min(12, max(9, (len(table) + 2 + 1).bit_length()))
        if len(table) + 2 >= 4094:
            codes.append((256, width))
            table, width = {bytes([n]): n for n in range(256)}, 9
        before = bytes([byte])
    codes += ([(table[before], width)] if before else []) + [(257, width)]
    bits = "".join(f"{code:0{size}b}" for code, size in codes)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[k : k + 8], 2) for k in range(0, len(bits), 8))


@given(st.binary(max_size=3000) | st.builds(lambda part, times: part * times, st.binary(min_size=1, max_size=4),
                                            st.integers(1, 2000)))  # fmt: skip
def test_what_lzw_unpacks_to_is_told_from_its_codes(data):
    assert contents._lzw_length(lzw(data), 1_000_000) == len(data)


# --- pages of nothing -------------------------------------------------------------------------------------------


def no_program(*_, **__):
    raise AssertionError("a program was called")


def blank(pages, box=(0, 0, 595, 842), content=None):
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
        pdf.pages[-1].obj.MediaBox = pikepdf.Array(box)
        if content is not None:
            pdf.pages[-1].obj.Contents = pdf.make_stream(content)
    return saved(pdf)


@pytest.mark.parametrize(
    ("box", "content"),
    [((0, 0, 595, 842), None), ((0, 0, 595, 842), b"q 1 0 0 1 3 4 cm 0 g Q"), ((0, 0, 1, 1), b"0 0 m 1 1 l S")],
)
def test_a_page_of_nothing_is_blank_without_a_program(monkeypatch, box, content):
    monkeypatch.setattr(pdfs, "render", no_program)
    dispatch: Dispatch = pipeline.parse(blank(300, box, content), settings=Settings(split="never"))
    assert [page.method for page in dispatch.pages] == [Method.BLANK] * 300
    notices = [n.message for n in dispatch.warnings if n.code == "page-doubtful"]
    assert notices == (["Pages smaller than a line of print, taken for blank: 1–300."] if box[2] == 1 else [])


def test_what_is_painted_is_drawn():
    with open_file(load_file(blank(1, content=b"100 100 300 300 re f")))[0] as file:
        assert file.page(1) is None
        assert file.image(1, 60).min() < 10


def test_a_page_larger_than_any_sheet_is_refused():
    with (
        open_file(load_file(blank(1, (0, 0, 10**9, 10**9), b"0 0 m 1 1 l S")))[0] as file,
        pytest.raises(TooLargeError, match="is no sheet"),
    ):
        file.layout(1, 240)


# --- pages that take too long -----------------------------------------------------------------------------------


def hanging(bad):
    """In the place of the renderer: pages that take too long, by their numbers."""
    calls = []

    def render(path, number, dpi, seconds, called=None):
        calls.append((called, seconds))
        if called in bad:
            raise TimeLimitError(f"page {called} was not drawn within {seconds:g} seconds")
        return real(path, number, dpi, seconds, called)

    real = pdfs.render
    return render, calls


def test_a_page_that_took_too_long_is_not_drawn_again(monkeypatch):
    render, calls = hanging({1})
    monkeypatch.setattr(pdfs, "render", render)
    with open_file(load_file(text_pdf(shown("one"))))[0] as file:
        for _ in range(3):
            with pytest.raises(TimeLimitError, match="page 1 was not drawn"):
                file.image(1, 60)
    assert len(calls) == 1


def test_after_some_pages_that_took_too_long_the_rest_is_not_tried(monkeypatch):
    render, calls = hanging(range(1, 100))
    monkeypatch.setattr(pdfs, "render", render)
    data = text_pdf(*[shown("one")] * 40)
    with pytest.raises(EngineError) as caught:
        pipeline.parse(data, settings=Settings(jobs=1))
    assert len({number for number, _ in calls}) == 3
    assert len(str(caught.value)) < 300
    with open_file(load_file(data))[0] as file:
        for number in range(1, 41):
            with pytest.raises(TimeLimitError if number < 4 else NotTriedError):
                file.image(number, 60)
        (remark,) = file.remarks()
    assert remark.message.startswith("Pages not read: 4–40, since 3 pages took too long")


def test_a_few_slow_pages_of_a_long_file_cost_the_others_nothing():
    kept = Patience(9.0)
    for number in range(1, 101):
        slow = pytest.raises(TimeLimitError, match="slow") if number % 20 == 0 else nullcontext()
        with slow, kept.drawing(number):
            if number % 20 == 0:
                raise TimeLimitError("slow")
    assert kept.remarks() == []


def test_all_drawings_of_a_page_share_its_time(monkeypatch):
    clock = iter([0.0, 4.0, 4.0, 12.0, 12.0, 13.0, 13.0, 14.0])
    monkeypatch.setattr(patience, "monotonic", lambda: next(clock))
    kept = Patience(10.0)
    left = []
    for _ in range(3):
        with kept.drawing(1) as seconds:
            left.append(seconds)
    assert left == [10.0, 6.0, 1.0]
    with Patience(60.0).drawing(1, costly=True) as seconds:
        assert seconds == patience.COSTLY_SECONDS


def test_a_costly_page_gets_less_time(monkeypatch):
    render, calls = hanging({1})
    monkeypatch.setattr(pdfs, "render", render)
    pdf, page = page_of(zlib.compress(b"0 0 m 1 1 l S " * 800_000))
    assert is_huge(page)
    with open_file(load_file(saved(pdf)), Settings(limits=Limits(render_seconds=50)))[0] as file:
        assert file.text_layer(1, 72) is None
        with pytest.raises(TimeLimitError):
            file.image(1, 60)
    assert [seconds for _, seconds in calls] == [patience.COSTLY_SECONDS]


def test_ranges():
    assert ranges([4]) == "4"
    assert ranges(range(1, 30, 2)) == "1, 3, 5, 7, 9 and 10 more"
