"""Nobody comes in unasked."""


def test_an_unknown_address_is_a_page_that_says_so(client):
    page = client.get_page("/tidak-ada", status=404)
    assert "tidak ditemukan" in page.h1.get_text()
