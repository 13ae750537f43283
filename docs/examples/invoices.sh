#!/usr/bin/env bash
# Asks who one is, lists invoices, adds a client twice by one key, and takes a list as a file.
#   POSTERN_URL=https://pay.example.org POSTERN_TOKEN=pst_… bash invoices.sh
set -euo pipefail

ask() {
    curl --silent --show-error --fail-with-body "$POSTERN_URL/graphql" \
        --header "Authorization: Bearer $POSTERN_TOKEN" \
        --header 'Content-Type: application/json' "${@:2}" --data "$1"
    echo
}

ask '{"query": "{ team { viewer { orgName email role } } }"}'

ask '{"query": "{ team { invoices(filter: { status: OPEN }, first: 3) { nodes { number clientName currency dueMinor } } } }"}'

# The same key again is the same client.
key="client-$$"
for _ in 1 2; do
    ask '{"query": "mutation { teamSaveClient(input: { name: \"Quarry & Co\", currency: \"EUR\" }) { id problems { field message } } }"}' \
        --header "Idempotency-Key: $key"
done

curl --silent --show-error --fail-with-body "$POSTERN_URL/export/invoices.csv?status=open" \
    --header "Authorization: Bearer $POSTERN_TOKEN" | head -n 3
