//! Lists: filters, search, pages by cursor; what stands in them agrees with the database (P1, P2).

use chrono::TimeDelta;
use postern::jobs;

use crate::{
    harness::both_databases,
    world::{OUTSTANDING, TOTALS, World},
};

both_databases! {
    /// Each filter shows its own, and none shows a draft.
    async fn each_filter_shows_its_own(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let a1 = &world.a1;
        for (filter, there) in [
            ("ALL", vec![a1.open, a1.partial, a1.overdue, a1.paid, a1.void]),
            ("OPEN", vec![a1.overdue, a1.partial, a1.open]),
            ("OVERDUE", vec![a1.overdue]),
            ("PAID", vec![a1.paid]),
            ("VOID", vec![a1.void]),
            ("SETTLED", vec![a1.paid, a1.void]),
        ] {
            let answer = browser.graphql(&format!("{{ portal {{ invoices(filter: {filter}) {{ nodes {{ id }} }} }} }}")).await;
            let ids: Vec<String> = answer["data"]["portal"]["invoices"]["nodes"].as_array().unwrap().iter()
                .map(|node| node["id"].as_str().unwrap().to_owned()).collect();
            assert_eq!(ids, there.iter().map(ToString::to_string).collect::<Vec<_>>(), "{filter}");
        }
    }

    /// How an invoice stands is derived from payments, total and the org's calendar day.
    async fn the_status_is_derived(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let a1 = &world.a1;
        for (id, status, due) in [
            (a1.open, "OPEN", TOTALS[0]), (a1.overdue, "OVERDUE", TOTALS[1]), (a1.partial, "PARTIALLY_PAID", TOTALS[2] - 2_000),
            (a1.paid, "PAID", 0), (a1.void, "VOID", 0),
        ] {
            let answer = browser.graphql(&format!("{{ portal {{ invoice(id: \"{id}\") {{ status dueMinor }} }} }}")).await;
            let invoice = &answer["data"]["portal"]["invoice"];
            assert_eq!((invoice["status"].as_str().unwrap(), invoice["dueMinor"].as_i64().unwrap()), (status, due));
        }
    }

    /// Overdue begins when the due day has passed in the org's time zone, not before (P5).
    async fn overdue_begins_after_the_due_day_in_the_orgs_time_zone(app: TestApp) {
        let world = World::fill(&app).await;
        let document = format!("{{ portal {{ invoice(id: \"{}\") {{ status }} balances {{ overdueMinor }} }} }}", world.a1.open);
        // Due on 20 March; 22:59 UTC is still 20 March in Berlin, 23:00 UTC is the 21st.
        app.clock.advance("2026-03-20T22:59:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap() - app.now());
        let mut browser = app.signed_in("a1@clients.test").await;
        assert_eq!(browser.graphql(&document).await["data"]["portal"]["invoice"]["status"], "OPEN");
        app.clock.advance(TimeDelta::minutes(1));
        let answer = browser.graphql(&document).await;
        assert_eq!(answer["data"]["portal"]["invoice"]["status"], "OVERDUE");
        assert_eq!(answer["data"]["portal"]["balances"][0]["overdueMinor"], OUTSTANDING);
    }

    /// The balance is what the invoices come to; the daily roll changes nothing that is shown.
    async fn balances_are_the_sum_of_the_invoices_before_and_after_the_roll(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let document = "{ portal { balances { currency outstandingMinor openCount overdueMinor overdueCount overdueSince } } }";
        let before = browser.graphql(document).await;
        assert_eq!(before["data"]["portal"]["balances"], serde_json::json!([{
            "currency": "EUR", "outstandingMinor": OUTSTANDING, "openCount": 3, "overdueMinor": TOTALS[1],
            "overdueCount": 1, "overdueSince": "2026-02-10"
        }]));
        jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM client_balances WHERE overdue_before = '2026-03-01' AND overdue_count = 1").await, 4);
        assert_eq!(browser.graphql(document).await, before);
    }

    /// A walk through the pages, forward and back, meets each invoice once and in order.
    async fn pages_by_cursor_meet_each_row_once(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        let page = |arguments: &str| format!("{{ portal {{ invoices({arguments}) {{ nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }} }}");
        let mut seen = vec![];
        let mut arguments = "first: 2".to_owned();
        let last = loop {
            let answer = browser.graphql(&page(&arguments)).await;
            let list = answer["data"]["portal"]["invoices"].clone();
            seen.extend(list["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()));
            if list["pageInfo"]["hasNextPage"] == false {
                break list;
            }
            arguments = format!("first: 2, after: {}", list["pageInfo"]["endCursor"]);
        };
        let a1 = &world.a1;
        assert_eq!(seen, [a1.open, a1.partial, a1.overdue, a1.paid, a1.void].map(|id| id.to_string()));
        let back = browser.graphql(&page(&format!("last: 2, before: {}", last["pageInfo"]["startCursor"]))).await;
        let ids: Vec<&str> = back["data"]["portal"]["invoices"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
        assert_eq!(ids, [seen[2].as_str(), seen[3].as_str()]);
        assert_eq!(back["data"]["portal"]["invoices"]["pageInfo"]["hasPreviousPage"], true);
    }

    /// A search finds text whatever its case, and takes wildcards literally.
    async fn a_search_finds_number_and_title(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        for (search, count) in [("canary-a1-0", 1), ("TITLE 3", 1), ("  canary  ", 5), ("%", 0), ("_", 0), ("nothing", 0), ("\\\\", 0), ("'", 0)] {
            let answer = browser.graphql(&format!("{{ portal {{ invoices(search: \"{search}\") {{ nodes {{ id }} }} }} }}")).await;
            assert_eq!(answer["data"]["portal"]["invoices"]["nodes"].as_array().unwrap().len(), count, "{search}: {answer}");
        }
        let page = browser.get("/portal/invoices?status=open&q=canary-a1-1&utm_source=mail").await;
        assert!(page.body.contains("CANARY-a1-1") && !page.body.contains("CANARY-a1-0"));
    }

    /// Broken cursors and bad sizes are told, not guessed at.
    async fn a_broken_cursor_is_told(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.signed_in("a1@clients.test").await;
        for arguments in ["after: \"x\"", "before: \"\"", "first: 0", "first: 101", "first: -1", "after: \"x\", before: \"x\""] {
            let answer = browser.graphql(&format!("{{ portal {{ payments({arguments}) {{ nodes {{ id }} }} }} }}")).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"], "INVALID", "{arguments}: {answer}");
            assert!(answer["errors"][0]["extensions"]["field"].is_string());
        }
        for path in ["/portal/invoices?after=x", "/portal/payments?before=%00", "/portal/access?after=AAAA"] {
            assert_eq!(browser.get(path).await.status, 400, "{path}");
        }
    }
}
