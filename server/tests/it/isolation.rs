//! One client never sees another's data (rules I1 to I5, P2): every route, every field of the schema
//! and every form, as nobody, as each contact and with forged ids.

use std::collections::BTreeSet;

use postern::{graphql, http::ROUTES};
use uuid::Uuid;

use crate::{
    harness::{Browser, Page, TestApp, both_databases},
    world::{Client, World},
};

/// Stripe is set up, and does not answer: whatever a walk is shown is our own.
const STRIPE: [(&str, &str); 3] = [
    ("STRIPE_SECRET_KEY", "sk_test_isolation"),
    ("STRIPE_WEBHOOK_SECRET", "whsec_isolation"),
    ("STRIPE_API_URL", "http://127.0.0.1:9"),
];

/// What a page that waits is told; a browser hands on no event without data.
const CHANGED: &str = "event: changed\ndata: now\n\n";

/// The world in which everybody can pay, and somebody is about to.
async fn about_to_pay(app: &mut TestApp) -> World {
    let world = World::fill(app).await;
    World::begin_to_pay(app).await;
    app.restart_with(&STRIPE).await;
    world
}

/// The whole portal in one document.
const EVERYTHING: &str = "{ portal {
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

fn invoice_document(id: Uuid) -> String {
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
const GUEST: &str = "{ guest { invoice { id number title status issuedOn dueOn lastPaidOn currency totalMinor paidMinor dueMinor
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

/// A route with something in each of its holes.
pub fn filled(route: &str, client: &Client, link: &str) -> Vec<String> {
    let route = &route.replace("{payment}", &client.payment.to_string());
    if route.starts_with("/portal/invoices/{id}") {
        let ids =
            client.visible().into_iter().chain([client.draft, client.id, client.contact, client.payment]);
        return ids.map(|id| route.replace("{id}", &id.to_string())).collect();
    }
    if route.starts_with("/app/invoices/{id}") || route.starts_with("/export/invoices/{id}") {
        let ids = client.visible().into_iter().chain([client.draft, client.id, client.payment]);
        return ids.map(|id| route.replace("{id}", &id.to_string())).collect();
    }
    if let Some(rest) = route.strip_prefix("/i/{token}") {
        return vec![format!("{}{rest}", client.share_path())];
    }
    if route.starts_with("/app/settings/webhooks/{id}") {
        let (webhook, event) = (crate::world::webhook(client.org_slug), Uuid::from_u128(7).to_string());
        let acts = ["test", "on", "off", "send-failed", "remove"].map(|act| route.replace("{act}", act));
        let routes: Vec<String> = if route.contains("{act}") { acts.to_vec() } else { vec![route.clone()] };
        return routes
            .iter()
            .map(|route| route.replace("{id}", &webhook.to_string()).replace("{event}", &event))
            .collect();
    }
    if route.contains("/export/{file}") {
        return ["invoices.csv", "payments.ndjson", "activity.csv", "x"]
            .map(|file| route.replace("{file}", file))
            .to_vec();
    }
    if route.starts_with("/app/payments/{id}") {
        return vec![route.replace("{id}", &client.payment.to_string())];
    }
    vec![
        route
            .replace("{org}", client.org_slug)
            .replace("{token}", link.rsplit('/').next().unwrap_or("x"))
            .replace("{file}", "1f5f4a.css")
            .replace("{logo}", "0000")
            .replace("{name}", "x")
            .replace("{contact}", &client.contact.to_string())
            .replace("{checkout}", &client.checkout.to_string())
            .replace("{id}", &client.id.to_string()),
    ]
}

async fn ask(browser: &mut Browser, method: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    match method {
        "GET" => browser.get(path).await,
        _ => browser.post(path, fields).await,
    }
}

fn assert_nothing_of(others: &[&Client], page: &Page, what: &str) {
    for other in others {
        assert!(!page.whole().contains(&other.canary()), "{what} shows {}: {}", other.name, page.body);
        let further = [other.draft, other.id, other.contact, other.payment, other.checkout];
        for id in other.visible().into_iter().chain(further) {
            let typed = what.contains(&id.to_string());
            assert!(typed || !page.whole().contains(&id.to_string()), "{what} shows an id of {}", other.name);
        }
    }
}

both_databases! {
    /// Every route as every contact, with the ids of every client.
    async fn no_route_shows_another_clients_data(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            // No route of this walk ends a session of one's own.
            let mut browser = app.signed_in(&own.email()).await;
            for target in world.clients() {
                for (method, route) in ROUTES.iter().filter(|(_, route)| !route.starts_with("/portal/sign-out") && !route.contains("token")) {
                    for path in filled(route, target, "") {
                        let session = target.id.to_string();
                        let page = ask(&mut browser, method, &path, &[("session", &session), ("email", "x@y.test"), ("code", "AAAA-AAAA")]).await;
                        assert_nothing_of(&others, &page, &format!("{method} {path} as {}", own.name));
                        let own_page = target.name == own.name && path.starts_with("/portal/") && own.visible().iter().any(|id| path.ends_with(&id.to_string()));
                        if own_page {
                            assert!(page.status == 200 && page.body.contains(&own.canary()), "{path}: the positive control");
                        }
                        // One is led to the page on which it is paid, and told of changes, of one's own invoices alone.
                        let is_own = target.name == own.name && own.visible().iter().any(|id| path.contains(&id.to_string()));
                        if path == format!("/portal/invoices/{}/pay", own.open) {
                            assert!(page.header("location").ends_with(&own.canary()), "{path}: {:?}", page.headers);
                        } else if ["/portal/invoices/{id}/live", "/portal/invoices/{id}/pay"].contains(route) {
                            let status = match (is_own, *method) { (false, _) => 404, (true, "GET") => 200, (true, _) => 303 };
                            assert_eq!(page.status, status, "{method} {path} as {}", own.name);
                            assert_eq!(page.body.contains(CHANGED), status == 200, "{path}: {}", page.body);
                        }
                        assert!(!page.body.contains(&own.draft.to_string()) || path.contains(&own.draft.to_string()), "a draft on {path}");
                    }
                }
            }
        }
    }

    /// Every route as the owner of an org, with the ids of the other org's clients; and every page with
    /// one's own, which are there.
    async fn no_route_shows_a_team_another_orgs_data(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for org in ["alder", "birch"] {
            let (own, others): (Vec<&Client>, Vec<&Client>) =
                world.clients().into_iter().partition(|client| client.org_slug == org);
            let mut browser = app.member(&format!("owner@{org}.test")).await;
            let walk = ROUTES.iter().filter(|(_, route)| !route.contains("sign-out") && !route.contains("token"));
            for (method, route) in walk {
                let targets = if *method == "GET" { world.clients().to_vec() } else { others.clone() };
                for target in targets {
                    for path in filled(route, target, "") {
                        let client = target.id.to_string();
                        let fields = [("name", "x"), ("email", "x@y.test"), ("currency", "EUR"), ("version", "1"), ("access", "off"), ("client", &client)];
                        let page = ask(&mut browser, method, &path, &fields).await;
                        assert_nothing_of(&others, &page, &format!("{method} {path} as the owner of {org}"));
                        let is_own = own.iter().any(|client| client.name == target.name);
                        if *route == "/app/invoices/{id}/live" {
                            let there = is_own && [&target.visible()[..], &[target.draft]].concat().iter().any(|id| path.contains(&id.to_string()));
                            assert_eq!(page.body.contains(CHANGED), there, "{path}: {}", page.body);
                        } else if *route == "/app/settings/stripe" {
                            let account = |org: &str| page.body.contains(if org == "alder" { "acct_a" } else { "acct_b" });
                            assert!(account(org) && !account(others[0].org_slug), "{path}: {}", page.body);
                        }
                        let shown = target.visible().into_iter().any(|id| path == format!("/app/invoices/{id}")) || path == format!("/app/invoices/{}/edit", target.draft);
                        if is_own && (route.starts_with("/app/clients/{id}") && !route.ends_with("statement.pdf") || shown) {
                            assert!(page.status == 200 && page.body.contains(&target.canary()), "{path}: the positive control");
                        }
                    }
                }
            }
        }
        let untouched = app.database.number("SELECT COUNT(*) FROM contacts WHERE portal_access AND archived_at IS NULL AND version = 1").await;
        assert_eq!(untouched, 4);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM clients WHERE version = 1 AND archived_at IS NULL AND name LIKE 'CANARY%'").await, 4);
    }

    /// Every field of the team's half as each owner: all of one's own org, nothing of the other.
    async fn no_field_shows_a_team_another_orgs_data(app: TestApp) {
        let world = World::fill(&app).await;
        World::begin_to_pay(&app).await;
        for org in ["alder", "birch"] {
            let (own, others): (Vec<&Client>, Vec<&Client>) =
                world.clients().into_iter().partition(|client| client.org_slug == org);
            let browser = app.member(&format!("owner@{org}.test")).await;
            let answer = app.team_graphql(&browser, TEAM_LISTS).await.to_string();
            assert!(!answer.contains("\"errors\""), "{answer}");
            let webhook = crate::world::webhook(org);
            let webhooks = TEAM_WEBHOOKS.replace("\"x\"", &format!("\"{webhook}\""));
            let other = TEAM_WEBHOOKS.replace("\"x\"", &format!("\"{}\"", crate::world::webhook(if org == "alder" { "birch" } else { "alder" })));
            let mut answer = answer + &app.team_graphql(&browser, TEAM_TOKENS).await.to_string();
            for document in [&webhooks, &other] {
                answer += &app.team_graphql(&browser, document).await.to_string();
            }
            // Token, document, webhook (asked for twice), and what came back from it.
            assert_eq!((answer.matches("KEPT-a").count(), answer.matches("KEPT-b").count()), if org == "alder" { (5, 0) } else { (0, 5) }, "{answer}");
            assert_eq!((answer.contains("acct_a"), answer.contains("acct_b")), (org == "alder", org == "birch"), "{answer}");
            for client in world.clients() {
                let is_own = own.iter().any(|mine| mine.name == client.name);
                assert_eq!(answer.contains(&client.canary()), is_own, "{answer}");
                let one = app.team_graphql(&browser, &team_client_document(client.id)).await;
                assert_eq!(one["data"]["team"]["client"].is_object(), is_own, "{one}");
                let one = app.team_graphql(&browser, &team_statement_document(client.id)).await;
                assert_eq!(one["data"]["team"]["statement"].is_object(), is_own, "{one}");
                assert_eq!(one.to_string().contains(&client.canary()), is_own, "{one}");
                for id in client.visible().into_iter().chain([client.draft]) {
                    let one = app.team_graphql(&browser, &team_invoice_document(id)).await;
                    assert_eq!(one["data"]["team"]["invoice"].is_object(), is_own, "{one}");
                }
                for id in [client.id, client.contact, client.open, client.draft, client.payment] {
                    let one = app.team_graphql(&browser, &team_node_document(id)).await;
                    assert_eq!((one["data"]["node"].is_object(), one.to_string().contains(&client.canary())), (is_own, is_own), "{one}");
                }
            }
            for other in others {
                for mutation in team_mutations(other) {
                    let answer = app.team_graphql(&browser, &mutation).await;
                    let changed = answer["data"].as_object().is_some_and(|data| {
                        data.values().any(|value| value == &serde_json::json!(true) || value.is_number() || value["id"].is_string() || value["version"].is_number())
                    });
                    assert!(!changed, "{mutation}: {answer}");
                }
            }
        }
    }

    /// A contact gets nothing of the team's half, a member nothing of the portal's, nobody nothing.
    async fn each_audience_is_refused_the_others_half(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let member = app.member("owner@alder.test").await;
        let nobody = app.browser();
        let mutations = team_mutations(&world.a1);
        let of_the_org = [&TEAM_ORG_MUTATIONS[..], &TEAM_PEOPLE_MUTATIONS].concat();
        let of_the_org: Vec<String> = of_the_org.into_iter().map(str::to_owned).collect();
        for document in [TEAM_LISTS.to_owned()].iter().chain(&mutations).chain(&of_the_org) {
            let answer = contact.graphql(document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
            let answer = app.team_graphql(&nobody, document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "SIGNED_OUT", "{document}: {answer}");
        }
        for document in [EVERYTHING, "mutation { portalEndSessions(keepCurrent: false) }"] {
            let answer = app.team_graphql(&member, document).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
        }
    }

    /// What a role may not do is refused, and absent from its introspection (T1, I4).
    async fn a_role_may_do_what_it_may(app: TestApp) {
        World::fill(&app).await;
        let [save_org, set_plan, set_logo, remove_logo, ..] = TEAM_ORG_MUTATIONS;
        for (role, may_save, may_set_plan) in [("member", false, false), ("admin", true, false), ("owner", true, true)] {
            app.database.execute(&format!("UPDATE members SET role = '{role}'; UPDATE orgs SET version = 1, plan = 'studio'")).await;
            let mut browser = app.member("owner@alder.test").await;
            let fields = app.team_graphql(&browser, "{ __schema { mutationType { fields { name } } } }").await.to_string();
            assert_eq!((fields.contains("teamSaveOrg"), fields.contains("teamSetPlan")), (may_save, may_set_plan), "{role}");
            assert!(fields.contains("teamSaveClient"), "{role}");
            for (document, may) in [(save_org, may_save), (set_logo, may_save), (remove_logo, may_save), (set_plan, may_set_plan)] {
                let answer = app.team_graphql(&browser, document).await;
                assert_eq!(answer["errors"].is_null(), may, "{role} {document}: {answer}");
            }
            assert_eq!(browser.get("/app/settings").await.status, if may_save { 200 } else { 403 }, "{role}");
            assert_eq!(browser.get("/app/clients").await.body.contains("/app/settings"), may_save, "{role}");
            let [invite, send, revoke, set_role, remove, leave] = TEAM_PEOPLE_MUTATIONS;
            for document in ["{ team { people { mostMembers } } }", "{ team { stripe { accountId } } }", invite, send, revoke, set_role, remove] {
                let answer = app.team_graphql(&browser, document).await;
                let forbidden = answer["errors"][0]["extensions"]["code"] == "FORBIDDEN";
                assert_eq!(forbidden, !may_save, "{role} {document}: {answer}");
                let name = document.split(['(', ' ']).find(|word| word.starts_with("team") && word.len() > 4);
                assert!(name.is_none_or(|name| fields.contains(name) == may_save), "{role} {document}");
            }
            assert!(fields.contains("teamLeave") && !leave.is_empty(), "{role}");
            assert_eq!(browser.get("/app/settings/members").await.status, if may_save { 200 } else { 403 }, "{role}");
            assert_eq!(browser.get("/app/settings/stripe").await.status, if may_save { 200 } else { 403 }, "{role}");
            for path in ["/app/settings/stripe/connect", "/app/settings/stripe/disconnect"] {
                assert_eq!(browser.post(path, &[]).await.status, if may_set_plan { 303 } else { 403 }, "{role} {path}");
            }
            let plan = browser.post("/app/settings/plan", &[("plan", "agency")]).await.status;
            assert_eq!(plan, if may_set_plan { 303 } else { 403 }, "{role}");
        }
        // A role that is taken away counts at the next request.
        let mut browser = app.member("owner@alder.test").await;
        app.database.execute("UPDATE members SET role = 'member'").await;
        assert_eq!(browser.get("/app/settings").await.status, 403);
    }

    /// Every route as nobody.
    async fn nobody_sees_nothing(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for target in world.clients() {
            // A share link is there to be followed by anybody; what it shows is looked at below.
            for (method, route) in ROUTES.iter().filter(|(_, route)| !route.starts_with("/i/")) {
                for path in filled(route, target, "") {
                    let page = ask(&mut app.browser(), method, &path, &[("session", &target.id.to_string()), ("email", "x@y.test")]).await;
                    assert_nothing_of(&world.clients(), &page, &format!("{method} {path} as nobody"));
                }
            }
        }
    }

    /// A share link shows its one invoice and no id of anything else, whoever else is signed in (V1).
    async fn a_share_link_shows_one_invoice_and_nothing_else(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            let page = app.browser().get(&own.share_path()).await;
            assert!(page.status == 200 && page.body.contains(&own.canary()), "{}", page.body);
            let live = app.browser().get(&format!("{}/live", own.share_path())).await;
            assert!(live.status == 200 && live.body.contains(CHANGED), "{}", live.body);
            let pay = app.browser().post(&format!("{}/pay", own.share_path()), &[]).await;
            assert!(pay.header("location").ends_with(&own.canary()), "{:?}", pay.headers);
            let back = app.browser().get(&format!("/pay/{}", own.checkout)).await;
            assert!(back.status == 200 && !back.whole().contains("CANARY"), "{}", back.body);
            for page in [&page, &live, &pay, &back] {
                assert_nothing_of(&others, page, &own.share_path());
                for id in [own.overdue, own.partial, own.paid, own.void, own.draft, own.id, own.contact, own.payment] {
                    assert!(!page.whole().contains(&id.to_string()), "{id}");
                }
                assert!(!page.body.contains("/portal") && !page.body.contains("/app"), "{}", page.body);
            }
            let answer = app.guest_graphql(own, GUEST).await;
            assert_eq!(answer["data"]["guest"]["invoice"]["id"], own.open.to_string(), "{answer}");
            for document in [EVERYTHING.to_owned(), invoice_document(own.overdue), TEAM_LISTS.to_owned()].iter().chain(&team_mutations(own)) {
                let answer = app.guest_graphql(own, document).await;
                assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{document}: {answer}");
            }
        }
        let contact = app.signed_in("a1@clients.test").await.graphql(GUEST).await;
        assert_eq!(contact["errors"][0]["extensions"]["code"], "FORBIDDEN", "{contact}");
        let member = app.team_graphql(&app.member("owner@alder.test").await, GUEST).await;
        assert_eq!(member["errors"][0]["extensions"]["code"], "FORBIDDEN", "{member}");
    }

    /// Not yours, not there, a draft, nonsense: the same bytes (I5, P2).
    async fn what_is_not_yours_is_what_does_not_exist(app: TestApp) {
        let mut app = app;
        let world = about_to_pay(&mut app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let missing = browser.get(&format!("/portal/invoices/{}", Uuid::from_u128(7))).await;
        let missing_live = browser.get(&format!("/portal/invoices/{}/live", Uuid::from_u128(7))).await;
        let missing_pay = browser.post(&format!("/portal/invoices/{}/pay", Uuid::from_u128(7)), &[]).await;
        assert_eq!((missing.status, missing_live.status, missing_pay.status), (404, 404, 404));
        let missing_document = browser.graphql_page(&invoice_document(Uuid::from_u128(7))).await.whole();
        let ids = world.others(&world.a1).flat_map(Client::visible).chain([world.a1.draft, world.a1.id, world.a1.payment]);
        for id in ids {
            assert_eq!(browser.get(&format!("/portal/invoices/{id}")).await.whole(), missing.whole());
            assert_eq!(browser.get(&format!("/portal/invoices/{id}/live")).await.whole(), missing_live.whole());
            assert_eq!(browser.post(&format!("/portal/invoices/{id}/pay"), &[]).await.whole(), missing_pay.whole());
            assert_eq!(browser.graphql_page(&invoice_document(id)).await.whole(), missing_document);
        }
        for id in ["x", "%00", "0", "..%2f..", "null", "'; DROP TABLE invoices; --"] {
            let path = format!("/portal/invoices/{}", id.replace(' ', "%20").replace('\'', "%27"));
            assert_eq!(browser.get(&path).await.whole(), missing.whole(), "{id}");
            assert_eq!(browser.get(&format!("{path}/live")).await.whole(), missing_live.whole(), "{id}");
            assert_eq!(browser.post(&format!("{path}/pay"), &[]).await.whole(), missing_pay.whole(), "{id}");
        }
        for id in ["x".to_owned(), "%00".to_owned(), Uuid::from_u128(7).to_string(), world.b1.open.to_string()] {
            let back = app.browser().get(&format!("/pay/{id}")).await;
            assert_eq!((back.status, back.whole().contains("CANARY")), (404, false), "{id}");
        }
    }

    /// Every field of the schema as every contact: all of one's own, nothing of anybody else's.
    async fn no_field_shows_another_clients_data(app: TestApp) {
        let world = World::fill(&app).await;
        for own in world.clients() {
            let others: Vec<&Client> = world.others(own).collect();
            let mut browser = app.signed_in(&own.email()).await;
            let page = browser.graphql_page(EVERYTHING).await;
            assert!(page.body.contains(&own.canary()) && !page.body.contains("\"errors\""), "{}", page.body);
            assert!(!page.body.contains(&own.draft.to_string()));
            assert_nothing_of(&others, &page, &format!("the schema as {}", own.name));
            for target in world.clients() {
                for id in target.visible().into_iter().chain([target.draft]) {
                    let document = invoice_document(id);
                    let page = browser.graphql_page(&document).await;
                    assert_nothing_of(&others, &page, &document);
                    let is_own = target.name == own.name && id != own.draft;
                    assert_eq!(page.body.contains(&own.canary()), is_own, "{id}");
                }
            }
        }
    }

    /// Somebody else's session cannot be ended, by form or by document.
    async fn a_foreign_session_goes_on(app: TestApp) {
        let world = World::fill(&app).await;
        let mut victim = app.signed_in("b1@clients.test").await;
        let sessions = victim.graphql("{ portal { sessions { id } } }").await;
        let id = sessions["data"]["portal"]["sessions"][0]["id"].as_str().unwrap().to_owned();
        for own in world.others(&world.b1) {
            let mut browser = app.signed_in(&own.email()).await;
            let answer = browser.graphql(&format!("mutation {{ portalEndSession(id: \"{id}\") }}")).await;
            assert_eq!(answer["data"]["portalEndSession"], false);
            browser.post("/portal/sessions/end", &[("session", &id)]).await;
            browser.graphql("mutation { portalEndSessions(keepCurrent: true) }").await;
        }
        assert_eq!(victim.get("/portal").await.status, 200);
    }

    /// A cursor is a place and grants nothing: with a foreign one, one's own rows come.
    async fn a_foreign_cursor_leads_to_ones_own_rows(app: TestApp) {
        let world = World::fill(&app).await;
        let mut other = app.signed_in("b1@clients.test").await;
        let page = other.graphql("{ portal { invoices(first: 1) { pageInfo { endCursor } } } }").await;
        let cursor = page["data"]["portal"]["invoices"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
        let mut browser = app.signed_in("a1@clients.test").await;
        let others: Vec<&Client> = world.others(&world.a1).collect();
        for path in ["invoices", "payments", "access"] {
            for side in ["after", "before"] {
                let page = browser.get(&format!("/portal/{path}?{side}={cursor}")).await;
                assert_eq!(page.status, 200);
                assert_nothing_of(&others, &page, path);
            }
        }
    }

    /// What an actor may not see is absent from its introspection (I4).
    async fn introspection_shows_each_audience_its_half(app: TestApp) {
        World::fill(&app).await;
        let types = "{ __schema { types { name } queryType { fields { name } } } }";
        let nobody = app.browser().graphql(types).await.to_string();
        assert!(!nobody.contains("Portal") && !nobody.contains("portal"), "{nobody}");
        let contact = app.signed_in("a1@clients.test").await.graphql(types).await.to_string();
        assert!(contact.contains("PortalInvoice") && !contact.contains("Team") && !contact.contains("team"), "{contact}");
        let member = app.team_graphql(&app.member("owner@alder.test").await, types).await.to_string();
        assert!(member.contains("TeamClient") && !member.contains("Portal") && !member.contains("\"portal"), "{member}");
        assert!(!nobody.contains("Team") && !nobody.contains("team"), "{nobody}");
    }

    /// Nobody gets a code and no data from any root field.
    async fn every_root_field_needs_an_actor(app: TestApp) {
        World::fill(&app).await;
        for document in [EVERYTHING, "mutation { portalEndSessions(keepCurrent: false) }", "mutation { portalEndSession(id: \"x\") }"] {
            let answer = app.browser().graphql(document).await;
            assert!(answer["data"].is_null(), "{answer}");
            assert!(answer["errors"][0]["extensions"]["code"].is_string(), "{answer}");
        }
    }
}

/// The list above is the router's.
#[test]
fn the_list_of_routes_is_complete() {
    let source = include_str!("../../src/http/mod.rs");
    let (portal, rest) = source.split_once("fn team_routes(").unwrap();
    let (team, rest) = rest.split_once("pub fn router(").unwrap();
    let mut there = BTreeSet::new();
    for (part, prefix) in [(portal, "/portal"), (team, "/app"), (rest, "")] {
        for (at, _) in part.match_indices(".route(\"") {
            let (path, handlers) = part[at + 8..].split_once("\", ").unwrap();
            let handlers = handlers.split_once('\n').unwrap().0;
            let path = format!("{prefix}{path}");
            let path = if path.len() > 1 { path.trim_end_matches('/').to_owned() } else { path };
            for method in ["get", "post", "put", "delete", "patch"] {
                if handlers.contains(&format!("{method}(")) {
                    there.insert((method.to_uppercase(), path.clone()));
                }
            }
        }
    }
    let listed: BTreeSet<(String, String)> =
        ROUTES.iter().map(|(method, path)| ((*method).to_owned(), (*path).to_owned())).collect();
    assert_eq!(there, listed);
}

/// The documents above ask for every field of the schema: a new field must be added to them.
#[test]
fn the_walk_covers_every_field_of_the_schema() {
    let client = Client::new("a1", 0xa, "alder", 1);
    let walked = [
        EVERYTHING,
        &invoice_document(Uuid::nil()),
        GUEST,
        "portalEndSession portalEndSessions ",
        TEAM_LISTS,
        &team_client_document(Uuid::nil()),
        &team_node_document(Uuid::nil()),
        &team_invoice_document(Uuid::nil()),
        &team_mutations(&client).concat(),
        &TEAM_ORG_MUTATIONS.concat(),
        &TEAM_PEOPLE_MUTATIONS.concat(),
        TEAM_TOKENS,
        &TEAM_TOKEN_MUTATIONS.concat(),
        TEAM_WEBHOOKS,
        &TEAM_WEBHOOK_MUTATIONS.concat(),
    ]
    .concat();
    let words: BTreeSet<&str> = walked
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let mut missing = vec![];
    let mut inside = false;
    for line in graphql::sdl().lines() {
        if line.starts_with("type ") {
            inside = true;
        } else if line.starts_with('}') {
            inside = false;
        } else if inside && line.starts_with('\t') && !line.starts_with("\t\t") {
            // The text of a description stands as a field does, on a line of its own.
            let field = line.trim().split(['(', ':']).next().unwrap_or_default().to_owned();
            if !field.is_empty()
                && field.chars().all(|c| c.is_ascii_alphanumeric())
                && field.starts_with(|c: char| c.is_ascii_lowercase())
                && !words.contains(field.as_str())
                && !line.contains('"')
            {
                missing.push(field);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// Every type of the schema names its audience (I4).
#[test]
fn every_type_of_the_schema_has_a_guard() {
    let graphql = concat!(env!("CARGO_MANIFEST_DIR"), "/src/graphql");
    let mut files = vec![(format!("{graphql}/root.rs"), ""), (format!("{graphql}/guest.rs"), "GuestOnly")];
    for (folder, guard) in [("portal", "PortalOnly"), ("team", "TeamOnly"), ("team/invoice", "TeamOnly")] {
        for entry in std::fs::read_dir(format!("{graphql}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                files.push((path.display().to_string(), guard));
            }
        }
    }
    assert!(files.len() > 10);
    for (file, guard) in files {
        let source = std::fs::read_to_string(&file).unwrap();
        let guards = match guard {
            "" => vec!["guard = \"".to_owned()],
            "PortalOnly" => vec!["guard = \"PortalOnly\"".to_owned(), "guard = \"ReaderOnly\"".to_owned()],
            // Those of the team name what they need; all of these guards are for members alone.
            guard => [guard, "SEES_", "CHANGES_", "OWNS", "HANDS_OUT", "IN_PERSON", "ADMIN_IN_PERSON"]
                .map(|guard| format!("guard = \"{guard}"))
                .to_vec(),
        };
        let has_guard = |line: &str| guards.iter().any(|guard| line.contains(guard.as_str()));
        let lines: Vec<&str> = source.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let next = lines.get(at + 1).copied().unwrap_or_default();
            if line.contains("SimpleObject)]") {
                assert!(has_guard(next) && next.contains("visible ="), "{file}:{}", at + 2);
            }
            // The fields of a type that are computed have a guard of their own.
            if line.starts_with("#[ComplexObject") {
                assert!(has_guard(line), "{file}:{}", at + 1);
            }
            if line.starts_with("connection!(") {
                let guarded = lines[at..at + 8]
                    .iter()
                    .any(|line| line.contains("\"SEES_") || line.contains("\"HANDS_OUT\""));
                assert!(guarded, "{file}:{}", at + 1);
            }
            if line.contains("Enum)]") || line.contains("InputObject)]") {
                assert!(next.contains("visible ="), "{file}:{}", at + 2);
            }
            // The roots of all audiences have a guard on each field.
            if *line == "#[Object]" {
                let body: Vec<&str> =
                    lines[at + 1..].iter().copied().take_while(|line| *line != "}").collect();
                let fields = body.iter().filter(|line| line.trim_start().starts_with("async fn")).count();
                let guards = body.iter().filter(|line| has_guard(line) && line.contains("visible =")).count();
                assert!(fields > 0 && fields == guards, "{file}:{}", at + 1);
            } else if line.starts_with("#[Object") {
                assert!(has_guard(line) && line.contains("visible ="), "{file}:{}", at + 1);
            }
        }
    }
}
