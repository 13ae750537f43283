#!/usr/bin/env python3
"""Lists what is overdue and takes all payments as a file, with nothing but the standard library.

    POSTERN_URL=https://pay.example.org POSTERN_TOKEN=pst_… python3 invoices.py
"""

import json
import os
import urllib.error
import urllib.request

URL = os.environ["POSTERN_URL"]
TOKEN = os.environ["POSTERN_TOKEN"]

OVERDUE = """
query Overdue($after: String) {
  team {
    invoices(filter: { status: OVERDUE }, first: 100, after: $after) {
      nodes { number dueOn currency dueMinor client { name contacts { email } } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""


def request(path, body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    return urllib.request.Request(URL + path, data=body, headers=headers)


def graphql(query, variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    try:
        with urllib.request.urlopen(request("/graphql", body)) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    for problem in answer.get("errors", []):
        raise SystemExit(f"{problem['extensions']['code']}: {problem['message']}")
    return answer["data"]


def overdue():
    after = None
    while True:
        page = graphql(OVERDUE, {"after": after})["team"]["invoices"]
        yield from page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


for invoice in overdue():
    addresses = ", ".join(contact["email"] for contact in invoice["client"]["contacts"])
    print(f"{invoice['number']}: {invoice['dueMinor']} {invoice['currency']} since {invoice['dueOn']}; ask {addresses}")

with urllib.request.urlopen(request("/export/payments.ndjson")) as lines:
    payments = [json.loads(line) for line in lines]
print(f"{len(payments)} payments")
