//! A token gets what its scopes name, of its own org, and nothing else: every field, every mutation, every scope.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{EVERYTHING, Program, code};
use crate::{
    harness::both_databases,
    isolation::{
        TEAM_LISTS, TEAM_ORG_MUTATIONS, TEAM_PEOPLE_MUTATIONS, TEAM_TOKEN_MUTATIONS, TEAM_TOKENS,
        TEAM_WEBHOOK_MUTATIONS, team_client_document, team_invoice_document, team_mutations,
        team_node_document, team_statement_document,
    },
    world::{Client, World},
};

/// Each field of `team` with what it needs; `-` is there for every token, `person` for none.
const FIELDS: [(&str, &str); 18] = [
    ("viewer { email }", "-"),
    ("org { name }", "SETTINGS_READ"),
    ("stripe { accountId }", "SETTINGS_READ"),
    ("people { mostMembers }", "SETTINGS_READ"),
    ("documents { id }", "SETTINGS_READ"),
    ("tokens { id }", "person"),
    ("webhooks { id }", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    (
        "webhookDeliveries(webhookId: \"ID\") { nodes { eventId } }",
        "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ",
    ),
    ("clients { nodes { id } }", "CLIENTS_READ"),
    ("client(id: \"ID\") { id }", "CLIENTS_READ"),
    ("invoices { nodes { id } }", "INVOICES_READ"),
    ("invoice(id: \"ID\") { notes }", "INVOICES_READ"),
    ("overview { hasClient }", "INVOICES_READ"),
    ("payments { nodes { currency } }", "PAYMENTS_READ"),
    ("statement(clientId: \"ID\", from: \"2026-01-01\", to: \"2026-02-01\") { from }", "PAYMENTS_READ"),
    ("activity { nodes { id } }", "ACTIVITY_READ"),
    ("activityPeople { id }", "ACTIVITY_READ"),
    // Within what one may see, something else that one may not.
    ("overview { hasClient lately { id } }", "ACTIVITY_READ INVOICES_READ"),
];

/// Each mutation with what it needs.
const MUTATIONS: [(&str, &str); 42] = [
    ("teamAddClients", "CLIENTS_WRITE"),
    ("teamAddDrafts", "INVOICES_WRITE"),
    ("teamRecordPayments", "PAYMENTS_WRITE"),
    ("teamAddDraft", "INVOICES_WRITE"),
    ("teamSaveDraft", "INVOICES_WRITE"),
    ("teamDeleteDraft", "INVOICES_WRITE"),
    ("teamDuplicateInvoice", "INVOICES_WRITE"),
    ("teamSendInvoice", "INVOICES_WRITE"),
    ("teamRemind", "INVOICES_WRITE"),
    ("teamReplaceShareLink", "INVOICES_WRITE"),
    ("teamRevokeShareLink", "INVOICES_WRITE"),
    ("teamVoidInvoice", "INVOICES_WRITE"),
    ("teamAllowPart", "INVOICES_WRITE"),
    ("teamRecordPayment", "PAYMENTS_WRITE"),
    ("teamReversePayment", "PAYMENTS_WRITE"),
    ("teamSaveClient", "CLIENTS_WRITE"),
    ("teamArchiveClient", "CLIENTS_WRITE"),
    ("teamSaveContact", "CLIENTS_WRITE"),
    ("teamImportClients", "CLIENTS_WRITE"),
    ("teamSetPortalAccess", "CLIENTS_WRITE"),
    ("teamEndContactSessions", "CLIENTS_WRITE"),
    ("teamRemoveContact", "CLIENTS_WRITE"),
    ("teamSaveOrg", "SETTINGS_WRITE"),
    ("teamSetPlan", "SETTINGS_WRITE"),
    ("teamSetLogo", "SETTINGS_WRITE"),
    ("teamRemoveLogo", "SETTINGS_WRITE"),
    ("teamTrustDocument", "SETTINGS_WRITE"),
    ("teamDistrustDocument", "SETTINGS_WRITE"),
    ("teamInviteMember", "person"),
    ("teamSendInvitation", "person"),
    ("teamRevokeInvitation", "SETTINGS_WRITE"),
    ("teamSetMemberRole", "person"),
    ("teamRemoveMember", "person"),
    ("teamSaveWebhook", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    ("teamEnableWebhook", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    ("teamRemoveWebhook", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    ("teamTestWebhook", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    ("teamSendWebhookAgain", "SETTINGS_WRITE CLIENTS_READ INVOICES_READ PAYMENTS_READ"),
    ("teamLeave", "person"),
    ("teamAddToken", "person"),
    ("teamRevokeToken", "person"),
    // The last, for it would be the end of the portal.
    ("teamSetPlan", "SETTINGS_WRITE"),
];

const SCOPES: [&str; 9] = [
    "CLIENTS_READ",
    "CLIENTS_WRITE",
    "INVOICES_READ",
    "INVOICES_WRITE",
    "PAYMENTS_READ",
    "PAYMENTS_WRITE",
    "ACTIVITY_READ",
    "SETTINGS_READ",
    "SETTINGS_WRITE",
];

/// Who may write may read.
fn suffices(scope: &str, needed: &str) -> bool {
    match needed {
        "-" => true,
        "person" => false,
        needed => {
            needed.split(' ').all(|needed| needed == scope || needed.replace("_READ", "_WRITE") == scope)
        }
    }
}

/// What would be seen, aimed at one's own: what is refused is refused for its scope.
fn documents(client: &Client) -> Vec<(String, &'static str)> {
    let mutations = [
        team_mutations(client),
        [&TEAM_ORG_MUTATIONS[..], &TEAM_PEOPLE_MUTATIONS, &TEAM_TOKEN_MUTATIONS, &TEAM_WEBHOOK_MUTATIONS]
            .concat()
            .iter()
            .map(|&text| text.to_owned())
            .collect(),
    ]
    .concat();
    let needs: BTreeMap<&str, &'static str> = MUTATIONS.into_iter().collect();
    let named = |document: &str| needs[document[11..].split(['(', ' ']).next().unwrap()];
    let fields = FIELDS.into_iter().map(|(field, needed)| {
        let id = if field.starts_with("invoice(") { client.open } else { client.id };
        (format!("{{ team {{ {} }} }}", field.replace("ID", &id.to_string())), needed)
    });
    fields.chain(mutations.into_iter().map(|document| (document.clone(), named(&document)))).collect()
}

both_databases! {
    /// Every field and every mutation by a token of every single scope: FORBIDDEN unless it is named.
    async fn a_token_gets_what_its_scopes_name(app: TestApp) {
        let world = World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        for scope in SCOPES {
            let mut program = Program::of(&app, &owner, &[scope]).await;
            for (document, needed) in documents(&world.a2) {
                let answer = program.graphql(&document).await;
                let refused = code(&answer) == "FORBIDDEN";
                assert_eq!(refused, !suffices(scope, needed), "{scope}: {document}: {answer}");
            }
        }
    }

    /// What a token may not see is absent from its introspection (I4), and what it may is there.
    async fn introspection_shows_what_its_scopes_name(app: TestApp) {
        World::found_orgs(&app).await;
        let owner = app.member("owner@alder.test").await;
        let query = "{ __schema { mutationType { fields { name } } } team: __type(name: \"Team\") { fields { name } } }";
        for scope in SCOPES {
            let mut program = Program::of(&app, &owner, &[scope]).await;
            let answer = program.graphql(query).await;
            let names = |fields: &Value| -> BTreeSet<String> {
                fields.as_array().into_iter().flatten().map(|field| field["name"].as_str().unwrap().to_owned()).collect()
            };
            let wanted = |all: &[(&str, &str)]| -> BTreeSet<String> {
                let allowed = all.iter().filter(|(_, needed)| suffices(scope, needed));
                allowed.map(|(field, _)| field.split(['(', ' ']).next().unwrap().to_owned()).collect()
            };
            assert_eq!(names(&answer["data"]["team"]["fields"]), wanted(&FIELDS), "{scope}");
            assert_eq!(names(&answer["data"]["__schema"]["mutationType"]["fields"]), wanted(&MUTATIONS), "{scope}");
        }
    }

    /// Every field as a token of each org with every scope: all of its own org, nothing of the other.
    async fn a_token_sees_its_own_org_alone(app: TestApp) {
        let world = World::fill(&app).await;
        World::begin_to_pay(&app).await;
        for org in ["alder", "birch"] {
            let mut program = Program::of_owner(&app, org, &EVERYTHING).await;
            let (own, others): (Vec<&Client>, Vec<&Client>) =
                world.clients().into_iter().partition(|client| client.org_slug == org);
            let mut answers = vec![program.graphql(TEAM_LISTS).await];
            for client in world.clients() {
                for document in [team_client_document(client.id), team_statement_document(client.id)] {
                    answers.push(program.graphql(&document).await);
                }
                for id in [client.id, client.contact, client.open, client.draft, client.payment] {
                    answers.push(program.graphql(&team_node_document(id)).await);
                }
                for id in client.visible().into_iter().chain([client.draft]) {
                    answers.push(program.graphql(&team_invoice_document(id)).await);
                }
            }
            for answer in &answers {
                assert!(answer.get("errors").is_none(), "{answer}");
                assert!(others.iter().all(|other| !answer.to_string().contains(&other.canary())), "{answer}");
            }
            let all = Value::Array(answers).to_string();
            assert!(own.iter().all(|own| all.contains(&own.canary())));
            for other in others {
                for mutation in team_mutations(other) {
                    let answer = program.graphql(&mutation).await;
                    assert!(!answer.to_string().contains(&other.canary()), "{answer}");
                }
            }
        }
        let untouched = "SELECT COUNT(*) FROM clients WHERE version = 1 AND archived_at IS NULL AND name LIKE 'CANARY%'";
        assert_eq!(app.database.number(untouched).await, 4);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM invoices WHERE status = 'draft' AND version = 1 AND number IS NULL AND title LIKE 'CANARY%'").await, 4);
    }

    /// A revoked token gets nothing from any field.
    async fn a_revoked_token_gets_nothing(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        app.database.execute("UPDATE api_tokens SET revoked_at = '2026-03-01 00:00:00+00:00'").await;
        for (document, _) in documents(&world.a1) {
            let answer = program.graphql(&document).await;
            assert!(answer.get("data").is_none() && code(&answer) == "SIGNED_OUT", "{document}: {answer}");
        }
        assert_eq!(code(&program.graphql(TEAM_TOKENS).await), "SIGNED_OUT");
    }
}

/// The list above has every mutation of the team's and every field of `team`.
#[test]
fn the_lists_are_complete() {
    let sdl = postern::graphql::sdl();
    let fields_of = |name: &str| -> BTreeSet<String> {
        let body =
            sdl.split(&format!("\ntype {name} {{\n")).nth(1).unwrap().split("\n}").next().unwrap().to_owned();
        let lines = body.lines().filter(|line| {
            line.starts_with('\t')
                && !line.starts_with("\t\t")
                && !line.starts_with("\t\"")
                && !line.starts_with("\t)")
        });
        let names = lines.map(|line| line.trim().split(['(', ':']).next().unwrap().to_owned());
        names.filter(|name| !name.contains(' ') && !name.contains('.')).collect()
    };
    let mutations: BTreeSet<String> =
        fields_of("Mutation").into_iter().filter(|name| name.starts_with("team")).collect();
    assert_eq!(mutations, MUTATIONS.iter().map(|(name, _)| (*name).to_owned()).collect());
    let listed: BTreeSet<String> =
        FIELDS.iter().map(|(field, _)| field.split(['(', ' ']).next().unwrap().to_owned()).collect();
    let there: BTreeSet<String> =
        fields_of("Team").into_iter().filter(|name| sdl.contains(&format!("\t{name}"))).collect();
    assert!(listed.is_subset(&there), "{listed:?} {there:?}");
    for name in &there {
        assert!(
            listed.contains(name) || !name.chars().next().is_some_and(char::is_lowercase),
            "{name} is not in the list"
        );
    }
}
