//! Lists for programs: what they cost, how they are filtered and ordered, and pages that meet each row once (rule G2).

use std::collections::BTreeSet;

use postern::store::testing::statements;
use serde_json::Value;

use super::{EVERYTHING, Program, code};
use crate::{harness::both_databases, statements::many_invoices, world::World};

const WITH_ALL: &str = "pageInfo { hasNextPage endCursor } nodes { id number notes client { id name address contacts { name } balances { currency } }
    lines { description netMinor } taxes { taxMinor } payments { id amountMinor client { name } } }";

async fn cost(program: &mut Program, query: &str) -> (Value, u64) {
    let before = statements();
    let answer = program.graphql(query).await;
    assert!(answer.get("errors").is_none(), "{answer}");
    (answer, statements() - before)
}

fn ids(answer: &Value, list: &str) -> Vec<String> {
    let nodes = answer["data"]["team"][list]["nodes"].as_array().unwrap_or_else(|| panic!("{answer}"));
    nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect()
}

both_databases! {
    /// A list of a hundred invoices with client, lines and payments: five statements, the token's among them.
    async fn a_list_with_its_parts_costs_five_statements(app: TestApp) {
        let world = World::fill(&app).await;
        many_invoices(&app, &world, 200).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        // The first request of a share of a minute writes that down.
        program.graphql("{ __typename }").await;
        let query = |size| format!("{{ team {{ invoices(first: {size}) {{ nodes {{ number client {{ name }} lines {{ netMinor }} payments {{ amountMinor }} }} }} }} }}");
        for size in [1, 10, 100] {
            let (answer, count) = cost(&mut program, &query(size)).await;
            assert_eq!((answer["data"]["team"]["invoices"]["nodes"].as_array().unwrap().len(), count), (size, 5), "{size}");
        }
    }

    /// The number of statements does not depend on how long the org's lists are: 10, 100, 1,000.
    async fn statements_are_constant_whatever_there_is(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        program.graphql("{ __typename }").await;
        let queries = [
            format!("{{ team {{ invoices(first: 100) {{ {WITH_ALL} }} }} }}"),
            "{ team { clients(first: 100) { nodes { name address contacts { email } balances { outstandingMinor } } } } }".to_owned(),
            "{ team { payments(first: 100) { nodes { amountMinor client { name address } invoice { number notes client { name } lines { netMinor } } } } } }".to_owned(),
            "{ team { activity(first: 100) { nodes { kind clientName invoiceNumber } } } }".to_owned(),
            "{ team { overview { overdue { number lines { netMinor } } drafts { number } lately { kind } } } }".to_owned(),
        ];
        let mut counts: BTreeSet<Vec<u64>> = BTreeSet::new();
        for (at, more) in [0, 45, 445].into_iter().enumerate() {
            if more > 0 {
                app.database.execute("DELETE FROM invoices WHERE number LIKE 'N-%'").await;
                many_invoices(&app, &world, more).await;
            }
            let mut row = vec![];
            for query in &queries {
                row.push(cost(&mut program, query).await.1);
            }
            assert!(row.iter().all(|count| *count <= 12), "step {at}: {row:?}");
            counts.insert(row);
        }
        assert_eq!(counts.len(), 1, "{counts:?}");
    }

    /// What is not asked for is not read: the list alone is one statement, and the token's.
    async fn what_is_not_asked_for_is_not_read(app: TestApp) {
        World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        program.graphql("{ __typename }").await;
        for query in [
            "{ team { invoices { edges { node { number totalMinor clientName } } } } }",
            "{ team { clients { nodes { name contactCount balances { currency } } } } }",
            "{ team { payments { nodes { amountMinor invoiceNumber } } } }",
        ] {
            assert_eq!(cost(&mut program, query).await.1, 2, "{query}");
        }
    }

    /// By status, client, number, days and text; each alone and together.
    async fn invoices_are_filtered(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let (a1, a2) = (&world.a1, &world.a2);
        let number = format!("{}-0", a1.canary());
        let of = format!("clientId: \"{}\"", a1.id);
        for (filter, wanted) in [
            (String::new(), [a1.visible(), a2.visible()].concat().into_iter().chain([a1.draft, a2.draft]).collect::<Vec<_>>()),
            (of.clone(), a1.visible().into_iter().chain([a1.draft]).collect()),
            (format!("{of}, status: OPEN"), vec![a1.open, a1.overdue, a1.partial]),
            (format!("{of}, status: OVERDUE"), vec![a1.overdue]),
            ("status: DRAFT".to_owned(), vec![a1.draft, a2.draft]),
            (format!("{of}, status: PAID"), vec![a1.paid]),
            (format!("{of}, status: VOID"), vec![a1.void]),
            (format!("number: \"{number}\""), vec![a1.open]),
            (format!("number: \"{}\"", number.to_lowercase()), vec![]),
            (format!("{of}, issuedFrom: \"2026-02-10\", issuedTo: \"2026-02-20\""), vec![a1.open, a1.partial]),
            (format!("{of}, dueTo: \"2025-12-15\""), vec![a1.paid, a1.void]),
            (format!("{of}, dueFrom: \"2026-03-10\", status: OPEN"), vec![a1.open, a1.partial]),
            (format!("{of}, status: OVERDUE, dueTo: \"2026-02-09\""), vec![]),
            (format!("search: \"{}\"", a2.canary()), a2.visible().into_iter().chain([a2.draft]).collect()),
            (format!("{of}, search: \"TITLE 2\""), vec![a1.partial]),
            (format!("clientId: \"{}\"", world.b1.id), vec![]),
        ] {
            let mut wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            wanted.sort();
            for order in ["", ", orderBy: ISSUED_EARLIEST", ", orderBy: DUE_LATEST"] {
                let query = format!("{{ team {{ invoices(filter: {{ {filter} }}{order}, first: 100) {{ nodes {{ id }} }} }} }}");
                let mut found = ids(&program.graphql(&query).await, "invoices");
                found.sort();
                assert_eq!(found, wanted, "{query}");
            }
        }
        for (filter, field) in [("clientId: \"x\"".to_owned(), "clientId"), (format!("search: \"{}\"", "x".repeat(101)), "search")] {
            let answer = program.graphql(&format!("{{ team {{ invoices(filter: {{ {filter} }}) {{ nodes {{ id }} }} }} }}")).await;
            assert_eq!((code(&answer), &answer["errors"][0]["extensions"]["field"]), ("INVALID", &field.into()), "{answer}");
        }
    }

    /// In each of the four orders, forward and backward, from the beginning and from the end: each row once.
    async fn pages_in_every_order_meet_each_row_once(app: TestApp) {
        let world = World::fill(&app).await;
        many_invoices(&app, &world, 10).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        for (order, day, descending) in [("ISSUED_LATEST", "issuedOn", true), ("ISSUED_EARLIEST", "issuedOn", false), ("DUE_LATEST", "dueOn", true), ("DUE_EARLIEST", "dueOn", false)] {
            let mut walks = vec![];
            for (count, cursor, end, more) in [("first", "after", "endCursor", "hasNextPage"), ("last", "before", "startCursor", "hasPreviousPage")] {
                let (mut seen, mut place) = (vec![], String::new());
                loop {
                    let query = format!("{{ team {{ invoices(orderBy: {order}, {count}: 7{place}) {{ edges {{ cursor }} nodes {{ id {day} }} pageInfo {{ startCursor endCursor hasNextPage hasPreviousPage }} }} }} }}");
                    let answer = program.graphql(&query).await;
                    let list = &answer["data"]["team"]["invoices"];
                    let page: Vec<(String, String)> = list["nodes"].as_array().unwrap_or_else(|| panic!("{answer}")).iter()
                        .map(|node| (node[day].as_str().unwrap().to_owned(), node["id"].as_str().unwrap().to_owned())).collect();
                    assert_eq!(list["edges"][0]["cursor"], list["pageInfo"]["startCursor"]);
                    seen = if count == "first" { [seen, page].concat() } else { [page, seen].concat() };
                    if list["pageInfo"][more] == false { break; }
                    place = format!(", {cursor}: {}", list["pageInfo"][end]);
                }
                walks.push(seen);
            }
            assert_eq!((walks[0].len(), &walks[0]), (32, &walks[1]), "{order}");
            assert!(walks[0].is_sorted_by(|a, b| if descending { a > b } else { a < b }), "{order}: {:?}", walks[0]);
        }
    }

    /// By client, way, days and text.
    async fn payments_are_filtered(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let of = format!("clientId: \"{}\"", world.a1.id);
        for (filter, count) in [
            (String::new(), 4),
            (of.clone(), 2),
            (format!("{of}, method: BANK_TRANSFER"), 2),
            (format!("{of}, method: CARD"), 0),
            ("receivedFrom: \"2026-02-26\"".to_owned(), 0),
            (format!("{of}, receivedFrom: \"2026-02-25\", receivedTo: \"2026-02-25\""), 2),
            (format!("search: \"{}\"", world.a2.canary()), 2),
            (format!("clientId: \"{}\"", world.b1.id), 0),
        ] {
            let query = format!("{{ team {{ payments(filter: {{ {filter} }}) {{ nodes {{ id }} }} }} }}");
            assert_eq!(ids(&program.graphql(&query).await, "payments").len(), count, "{query}");
        }
    }

    /// Anything is found by its id alone, with its parts; nothing of another org, and nothing beyond the scopes.
    async fn a_node_is_found_by_its_id(app: TestApp) {
        let world = World::fill(&app).await;
        let mut program = Program::of_owner(&app, "alder", &EVERYTHING).await;
        let a1 = &world.a1;
        let document = |id| format!("{{ node(id: \"{id}\") {{ __typename id ... on TeamInvoice {{ notes lines {{ netMinor }} }} ... on TeamPayment {{ invoice {{ id }} }} }} }}");
        for (id, kind) in [(a1.id, "TeamClient"), (a1.contact, "TeamContact"), (a1.open, "TeamInvoice"), (a1.draft, "TeamInvoice"), (a1.payment, "TeamPayment")] {
            let answer = program.graphql(&document(id)).await;
            assert_eq!((&answer["data"]["node"]["__typename"], &answer["data"]["node"]["id"]), (&kind.into(), &id.to_string().into()), "{answer}");
        }
        let owner = app.member("owner@alder.test").await;
        let mut reader = Program::of(&app, &owner, &["CLIENTS_READ"]).await;
        for id in [world.b1.id, world.b1.open, world.b1.payment, world.b1.contact, uuid::Uuid::from_u128(7)] {
            assert_eq!(program.graphql(&document(id)).await["data"], serde_json::json!({ "node": null }));
        }
        for id in [a1.open, a1.payment] {
            assert_eq!(reader.graphql(&document(id)).await["data"], serde_json::json!({ "node": null }));
        }
        assert_eq!(reader.graphql(&document(a1.id)).await["data"]["node"]["__typename"], "TeamClient");
        // What was saved comes back with as much of it as is asked for.
        let saved = program.graphql("mutation { teamSaveClient(input: { name: \"Ada\", currency: \"EUR\", address: \"1 Pier\" }) { id node { id ... on TeamClient { address } } } }").await;
        assert_eq!(saved["data"]["teamSaveClient"]["node"]["address"], "1 Pier", "{saved}");
        assert_eq!(saved["data"]["teamSaveClient"]["node"]["id"], saved["data"]["teamSaveClient"]["id"], "{saved}");
    }
}
