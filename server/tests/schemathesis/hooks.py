"""What schemathesis must not find at POST /graphql: a 5xx, an error without a code or with that of a fault of ours, or a
word of the inside in an answer. That a made-up id is not found is no error of the server, so its own check is not used."""

import json

import schemathesis

INSIDE = ("panicked", "sqlx", "sqlite", "postgres", "rusqlite", ".rs:", "/src/", "stack backtrace", "select ", "insert into")


@schemathesis.check
def nothing_internal(ctx, response, case):
    assert response.status_code < 500, f"status {response.status_code}: {response.text}"
    answer = json.loads(response.text)
    for error in answer.get("errors", []):
        code = error.get("extensions", {}).get("code")
        assert code and code != "INTERNAL", f"an error of the inside: {error}"
        text = error["message"].lower()
        assert not any(word in text for word in INSIDE), f"a word of the inside: {error}"
