"""A paper to fetch is saved, kept by no cache, and runs nothing whatever it is taken for."""

from hamn.ui.exports import JSON, paper, to_save


def test_a_paper_is_saved_under_its_name_and_kept_nowhere_else() -> None:
    answer = paper(b"%PDF", name="brev.pdf")
    assert answer.content == b"%PDF"
    assert dict(answer.headers) == {"Content-Type": "application/pdf", **to_save("brev.pdf")}
    assert answer.headers["Content-Disposition"] == 'attachment; filename="brev.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_paper_may_be_data_for_a_program() -> None:
    assert paper(b"{}", name="a.json", media_type=JSON).headers["Content-Type"] == JSON
