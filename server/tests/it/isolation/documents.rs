//! Every field of the schema and every change, as the documents that the walks send; a new field stands here as well.

use uuid::Uuid;

use crate::world::Client;

/// The whole portal in one document.
pub const EVERYTHING: &str = "{ portal {
    overview(openFirst: 5, settledFirst: 5) {
        balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince } hasMoreOpen
        open { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor }
        settled { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor } }
    balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince }
    invoices(first: 100) { nodes { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    payments(first: 50) { nodes { id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber isReversed }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    statement(from: \"2000-01-01\", to: \"2026-02-28\") { from to isTooLong billTo billToTaxId billFrom billFromTaxId
        sections { currency openingMinor closingMinor entries { day kind method invoiceId invoiceNumber note amountMinor balanceMinor } } }
    accessLog(first: 50) { nodes { id at kind contactName browser ipShort invoiceId invoiceNumber }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    sessions { id current createdAt expiresAt browser ipShort }
} }";

pub fn invoice_document(id: Uuid) -> String {
    format!(
        "{{ portal {{ invoice(id: \"{id}\") {{ id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor
            reference notes discountPpm discountMinor subtotalMinor taxMinor billTo billToTaxId billFrom billFromTaxId
            allowsPart processingSince failedAt stateTag
            lines {{ description quantityMilli unit unitPriceMinor taxRatePpm netMinor }}
            taxes {{ label ratePpm baseMinor taxMinor }}
            payments {{ id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber isReversed }} }} }} }}"
    )
}

/// What a share link shows, in the fields of the portal.
pub const GUEST: &str = "{ guest { invoice { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor
    reference notes discountPpm discountMinor subtotalMinor taxMinor billTo billToTaxId billFrom billFromTaxId
    allowsPart processingSince failedAt stateTag
    lines { description quantityMilli unit unitPriceMinor taxRatePpm netMinor }
    taxes { label ratePpm baseMinor taxMinor }
    payments { id kind method receivedOn currency amountMinor reference invoiceId invoiceNumber isReversed } } } }";

/// What is there in person alone.
pub const TEAM_TOKENS: &str = "{ team { tokens { id name hint scopes documentsOnly madeBy isLive createdAt expiresAt lastUsedAt lastUsedFrom } } }";

/// The team's half, as far as it needs no id.
pub const TEAM_LISTS: &str = "{ team { viewer { name email role orgName orgSlug plan }
    org { name email address taxId locale timeZone accent paymentInstructions invoicePrefix taxName defaultTaxPpm paymentDays plan version }
    stripe { accountId chargesEnabled detailsSubmitted wants connectedAt }
    people { mostMembers members { id name email role joinedAt lastSeenAt isViewer }
        invitations { id email role invitedBy expiresAt isExpired } }
    invoices(first: 20) { edges { cursor node { id } } nodes { id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount
            reference notes shareUrl lines { description } taxes { label } mails { contactName } draft { lines { description } }
            payments { reference } client { name address taxId contacts { name } balances { currency } } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
    overview { figures { currency outstandingMinor openCount overdueMinor overdueCount overdueSince paidMonths { month paidMinor } }
        overdue { id } drafts { id } views { id } lately { id } hasClient hasInvoice hasBrand }
    payments(first: 20) { edges { cursor } nodes { id kind method amountMinor receivedOn reference isReversed isUnexpected isReversible
        currency clientId clientName invoiceId invoiceNumber client { name } invoice { number notes } } pageInfo { endCursor } }
    activity(first: 20) { edges { cursor } nodes { id at kind actorKind actorName byViewer memberId clientId clientName contactId contactName
        invoiceId invoiceNumber detail browser ipShort } pageInfo { endCursor } }
    activityPeople { id name isContact } documents { id name source createdAt }
    clients(first: 20) { edges { cursor node { id } } nodes { id name currency contactCount portalContactCount address contacts { email }
        balances { currency outstandingMinor openCount overdueMinor } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }";

pub fn team_client_document(id: Uuid) -> String {
    format!(
        "{{ team {{ client(id: \"{id}\") {{ id name currency locale address taxId version archivedAt
            contactCount portalContactCount contacts {{ id clientId name email portalAccess lastSignInAt sessionCount version }} }} }} }}"
    )
}

pub fn team_statement_document(client: Uuid) -> String {
    format!(
        "{{ team {{ statement(clientId: \"{client}\", from: \"2000-01-01\", to: \"2026-02-28\") {{ from to isTooLong billTo billToTaxId billFrom billFromTaxId
            sections {{ currency openingMinor closingMinor entries {{ day kind method invoiceId invoiceNumber note amountMinor balanceMinor }} }} }} }} }}"
    )
}

pub fn team_invoice_document(id: Uuid) -> String {
    format!(
        "{{ team {{ invoice(id: \"{id}\") {{ id number title clientId clientName status issuedOn dueOn currency totalMinor dueMinor viewCount
            client {{ name }} createdAt sentAt voidedAt reference notes discountPpm discountMinor subtotalMinor taxMinor paidMinor firstViewedAt lastViewedAt version shareUrl
            allowsPart processingSince failedAt stateTag
            draft {{ issuedOn dueOn discount lines {{ description quantity unit unitPrice taxRate }} }}
            mails {{ kind at contactName contactEmail }}
            lines {{ description quantityMilli unit unitPriceMinor taxRatePpm netMinor }}
            taxes {{ label ratePpm baseMinor taxMinor }}
            payments {{ id kind method amountMinor receivedOn reference isReversed isUnexpected isReversible }} }} }} }}"
    )
}

/// Anything by its id alone.
pub fn team_node_document(id: Uuid) -> String {
    format!(
        "{{ node(id: \"{id}\") {{ id ... on TeamClient {{ name address }} ... on TeamContact {{ name }}
            ... on TeamInvoice {{ title notes lines {{ description }} client {{ name }} }} ... on TeamPayment {{ reference invoice {{ title }} }} }} }}"
    )
}

/// Everything that a member may change, aimed at one client.
pub fn team_mutations(client: &Client) -> Vec<String> {
    let (id, contact) = (client.id, client.contact);
    let ids = format!("clientId: \"{id}\", id: \"{contact}\"");
    let saved = "{ id node { id } problems { field code message } }";
    vec![
        format!(
            "mutation {{ teamSaveClient(id: \"{id}\", version: 1, input: {{ name: \"x\", currency: \"EUR\" }}) {saved} }}"
        ),
        format!("mutation {{ teamArchiveClient(id: \"{id}\", archived: true) }}"),
        format!(
            "mutation {{ teamSaveContact({ids}, version: 1, input: {{ name: \"x\", email: \"x@y.test\" }}) {saved} }}"
        ),
        format!(
            "mutation {{ teamSaveContact(clientId: \"{id}\", input: {{ name: \"x\", email: \"x@y.test\" }}) {saved} }}"
        ),
        format!(
            "mutation {{ teamImportClients(input: {{ text: \"Client,Email\\n{id},x@y.test\", currency: \"EUR\" }}) {{
                imported fingerprint clientCount contactCount ignoredColumns problems {{ field code message }}
                rows {{ number client contact email portalAccess outcome problems {{ column code message }} }} }} }}"
        ),
        format!("mutation {{ teamSetPortalAccess({ids}, on: false) }}"),
        format!("mutation {{ teamEndContactSessions({ids}) }}"),
        format!("mutation {{ teamRemoveContact({ids}) }}"),
        format!(
            "mutation {{ teamRecordPayment(invoiceId: \"{}\", input: {{ id: \"{id}\", amount: \"1\", method: CASH, receivedOn: \"2026-02-28\" }}) {saved} }}",
            client.open
        ),
        format!("mutation {{ teamReversePayment(id: \"{}\") {saved} }}", client.payment),
        format!("mutation {{ teamVoidInvoice(id: \"{}\") {saved} }}", client.open),
        format!("mutation {{ teamAddDraft(clientId: \"{id}\", id: \"{}\") {saved} }}", Uuid::from_u128(0xd1)),
        format!(
            "mutation {{ teamSaveDraft(id: \"{}\", version: 1, input: {{ title: \"x\" }}) {{ version problems {{ field code message }} }} }}",
            client.draft
        ),
        format!("mutation {{ teamDeleteDraft(id: \"{}\") }}", client.draft),
        format!(
            "mutation {{ teamDuplicateInvoice(id: \"{}\", newId: \"{}\") {saved} }}",
            client.open,
            Uuid::from_u128(0xd2)
        ),
        format!(
            "mutation {{ teamSendInvoice(id: \"{}\", version: 1, input: {{ contactIds: [] }}) {saved} }}",
            client.draft
        ),
        format!(
            "mutation {{ teamRemind(id: \"{}\", key: \"{id}\", input: {{ contactIds: [\"{contact}\"] }}) {saved} }}",
            client.open
        ),
        format!(
            "mutation {{ teamAddClients(rows: [{{ id: \"{id}\", client: {{ name: \"x\", currency: \"EUR\" }}, contacts: [{{ name: \"x\", email: \"x@y.test\" }}] }}]) {saved} }}"
        ),
        format!(
            "mutation {{ teamAddDrafts(rows: [{{ id: \"{}\", clientId: \"{id}\", draft: {{ title: \"x\" }} }}]) {{ id version problems {{ field code message }} }} }}",
            Uuid::from_u128(0xd3)
        ),
        format!(
            "mutation {{ teamRecordPayments(rows: [{{ invoiceId: \"{}\", payment: {{ id: \"{id}\", amount: \"1\", method: CASH, receivedOn: \"2026-02-28\" }} }}]) {saved} }}",
            client.open
        ),
        format!("mutation {{ teamAllowPart(id: \"{}\", allowed: true) }}", client.open),
        format!("mutation {{ teamReplaceShareLink(id: \"{}\") {saved} }}", client.open),
        format!("mutation {{ teamRevokeShareLink(id: \"{}\") {saved} }}", client.open),
    ]
}

/// What is about webhooks: one's own, and a foreign one.
pub const TEAM_WEBHOOKS: &str = "{ team { webhooks { id url events state failingSince secret createdAt }
    webhookDeliveries(webhookId: \"x\") { edges { cursor } nodes { eventId event occurredAt state nextAt payload attempts { at status answer millis } } pageInfo { endCursor } } } }";

pub const TEAM_WEBHOOK_MUTATIONS: [&str; 5] = [
    "mutation { teamSaveWebhook(id: \"x\", input: { url: \"https://example.org\", events: [INVOICE_PAID] }) { id problems { field code message } } }",
    "mutation { teamEnableWebhook(id: \"x\", enabled: true) }",
    "mutation { teamRemoveWebhook(id: \"x\") }",
    "mutation { teamTestWebhook(id: \"x\") }",
    "mutation { teamSendWebhookAgain(id: \"x\") }",
];

/// What is about the people of the team, aimed at nobody of this org.
pub const TEAM_PEOPLE_MUTATIONS: [&str; 6] = [
    "mutation { teamInviteMember(email: \"nobody\", role: MEMBER) { id problems { field code message } } }",
    "mutation { teamSendInvitation(id: \"x\") { id problems { field code message } } }",
    "mutation { teamRevokeInvitation(id: \"x\") }",
    "mutation { teamSetMemberRole(id: \"x\", role: MEMBER) { id problems { field code message } } }",
    "mutation { teamRemoveMember(id: \"x\") { id problems { field code message } } }",
    "mutation { teamLeave { id problems { field code message } } }",
];

/// What only some members may change, of their own org.
pub const TEAM_ORG_MUTATIONS: [&str; 6] = [
    "mutation { teamSaveOrg(version: 1, input: { name: \"x\", email: \"\", address: \"\", taxId: \"\", locale: \"en\", timeZone: \"UTC\", accent: \"#000000\", paymentInstructions: \"\", invoicePrefix: \"\" }) { id problems { field code message } } }",
    "mutation { teamSetPlan(plan: FREE) }",
    "mutation { teamSetLogo(image: \"\") { id problems { field code message } } }",
    "mutation { teamRemoveLogo }",
    "mutation { teamTrustDocument(source: \"query B { team { viewer { name } } }\") { id problems { field code message } } }",
    "mutation { teamDistrustDocument(id: \"x\") }",
];

/// What is done in person alone.
pub const TEAM_TOKEN_MUTATIONS: [&str; 2] = [
    "mutation { teamAddToken(input: { name: \"x\", scopes: [] }) { id token problems { field code message } } }",
    "mutation { teamRevokeToken(id: \"x\") }",
];
