"""Documents over HTTP."""


def test_list(client, keys):
    answer = client.get("/api/v1/documents")
    assert answer.status_code == 200, answer.text
    print(answer.json())
    for path in (
        f"/documents/{keys['b.txt']}",
        "/search?q=doi ngoai",
        "/register",
        "/tasks",
        "/cites?notation=254-KH/TU",
        "/queue",
        "/completions?pointer=/organ_name&typed=uy",
        "/grid?pointer=/issued_date",
        "/audit",
        "/register?format=xlsx",
        "/tasks?format=ics",
        f"/documents/{keys['a.txt']}/pages/1/image",
        f"/documents/{keys['a.txt']}/original",
    ):
        answer = client.get("/api/v1" + path)
        print(path, answer.status_code, answer.text[:300])
    assert 0
