//! The overview: its figures are what happened, and it costs the same however much there is (rule T2). And the
//! list of all payments.

use std::fmt::Write as _;

use chrono::TimeDelta;
use postern::{jobs, store::testing::statements};
use uuid::Uuid;

use crate::{
    harness::{Browser, TestApp, both_databases},
    world::{OUTSTANDING, TOTALS, World},
};

const FIGURES: &str = "{ team { overview { figures { currency outstandingMinor openCount overdueMinor overdueCount overdueSince \
    paidMonths { month paidMinor } } } } }";

fn pay_form(n: u128, amount: &str, day: &str) -> Vec<(&'static str, String)> {
    let id = Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + n).to_string();
    [
        ("id", id.as_str()),
        ("amount", amount),
        ("method", "CASH"),
        ("receivedOn", day),
        ("reference", "Ref. 100%"),
    ]
    .map(|(key, value)| (key, value.to_owned()))
    .to_vec()
}

async fn pay(browser: &mut Browser, invoice: Uuid, form: &[(&'static str, String)]) {
    let form: Vec<(&str, &str)> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    assert_eq!(browser.post(&format!("/app/invoices/{invoice}/payments"), &form).await.status, 303);
}

/// Many more clients, invoices, payments and rows of the log, as they would be kept.
async fn much_more(app: &TestApp, world: &World) {
    let uuid = |id| app.database.uuid(id);
    let (org, client) = (uuid(world.a1.org), uuid(world.a1.id));
    let mut sql = String::new();
    for n in 0..400_u128 {
        let id = uuid(Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + n));
        writeln!(
            sql,
            "INSERT INTO invoices (org_id, client_id, id, status, number, title, reference, notes, currency, issued_on, due_on, subtotal_minor, tax_minor, total_minor, paid_minor, search_text, version, created_at, sent_at) \
             VALUES ({org}, {client}, {id}, 'sent', 'N-{n}', '', '', '', 'EUR', '2025-06-01', '2025-07-01', 100, 0, 100, 0, 'n-{n}', 1, '2026-01-01 00:00:00+00:00', '2026-01-01 00:00:00+00:00');\n\
             INSERT INTO activity (org_id, id, at, kind, actor_kind, actor_name, client_visible, client_id, contact_id, invoice_id, detail, browser, ip_short) \
             VALUES ({org}, {id}, '2026-01-01 00:00:00+00:00', 'portal.invoice_viewed', 'contact', 'x', TRUE, {client}, {}, {id}, '', '', '');",
            uuid(world.a1.contact)
        )
        .unwrap();
    }
    sql.push_str("UPDATE org_balances SET outstanding_minor = outstanding_minor + 40000, open_count = open_count + 400;");
    app.database.execute(&sql).await;
}

both_databases! {
    /// Signing in leads to the overview, whose figures are those of the database.
    async fn the_overview_is_what_a_member_sees_first(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.browser();
        let form = [("email", "owner@alder.test"), ("password", crate::world::PASSWORD)];
        assert_eq!(owner.post("/app/login", &form).await.header("location"), "/app");
        let page = owner.get("/app").await;
        assert_eq!(page.status, 200);
        // Two clients: 793.00 outstanding on 6 invoices, 476.00 overdue on 2 since 10 February, 63.80 paid then.
        for words in ["€793.00", "6 invoices", "€476.00", "2 invoices, oldest 19 days", "€63.80 in February 2026", "Needs you", "Lately"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        for id in [world.a1.overdue, world.a2.overdue, world.a1.draft, world.a2.draft] {
            assert!(page.body.contains(&format!("/app/invoices/{id}")), "{}", page.body);
        }
        assert!(!page.body.contains(&world.b1.canary()));
        assert!(page.body.contains("aria-current=\"page\">Overview"), "{}", page.body);
    }

    /// The figures say the same before and after the roll, and as long as it is late.
    async fn the_figures_are_right_whether_the_roll_has_run_or_not(app: TestApp) {
        World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        let before = app.team_graphql(&owner, FIGURES).await;
        let figures = &before["data"]["team"]["overview"]["figures"][0];
        assert_eq!(figures["outstandingMinor"], 2 * OUTSTANDING);
        assert_eq!((&figures["overdueMinor"], &figures["overdueCount"]), (&(2 * TOTALS[1]).into(), &2.into()));
        assert_eq!(figures["overdueSince"], "2026-02-10");
        jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.team_graphql(&owner, FIGURES).await, before);
        // The partial ones are due on 10 March; nobody rolls.
        app.clock.advance(TimeDelta::days(10));
        let later = app.team_graphql(&owner, FIGURES).await;
        let figures = &later["data"]["team"]["overview"]["figures"][0];
        assert_eq!((&figures["overdueMinor"], &figures["overdueCount"]), (&(2 * (TOTALS[1] + TOTALS[2] - 2_000)).into(), &4.into()));
        jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.team_graphql(&owner, FIGURES).await, later);
    }

    /// A payment counts in the month in which it came, and what takes it back in the month in which it goes.
    async fn a_payment_counts_in_its_month(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        pay(&mut owner, world.a1.open, &pay_form(1, "10", "2026-01-31")).await;
        pay(&mut owner, world.a1.open, &pay_form(2, "1.50", "2026-03-01")).await;
        pay(&mut owner, world.a1.open, &pay_form(3, "0.25", "2024-12-31")).await;
        owner.post(&format!("/app/payments/{}/reverse", world.a1.payment), &[]).await;
        let answer = app.team_graphql(&owner, FIGURES).await;
        let months = answer["data"]["team"]["overview"]["figures"][0]["paidMonths"].as_array().unwrap().clone();
        assert_eq!(months.len(), 12);
        assert_eq!((&months[0]["month"], &months[11]["month"]), (&"2025-04-01".into(), &"2026-03-01".into()));
        let last: Vec<i64> = months[9..].iter().map(|month| month["paidMinor"].as_i64().unwrap()).collect();
        assert_eq!(last, [1_000, 2 * 3_190, 150 - 2_000]);
        let page = owner.get("/app").await.body;
        assert!(page.contains("role=\"img\"") && page.contains("January 2026 €10.00") && page.contains("−€18.50"), "{page}");
    }

    /// Each currency has its figures; the one with most payments is in the chart, and any other can be.
    async fn each_currency_has_its_figures(app: TestApp) {
        let world = World::fill(&app).await;
        let org = app.database.uuid(world.a1.org);
        app.database.execute(&format!(
            "INSERT INTO org_balances VALUES ({org}, 'SEK', 500000, 2, 0, 0, '2026-03-01'), ({org}, 'USD', 0, 0, 0, 0, '2026-03-01'); \
             INSERT INTO org_paid_months VALUES ({org}, 'SEK', '2025-06-01', 700000, 9), ({org}, 'KWD', '2024-06-01', 1, 1);"
        )).await;
        let mut owner = app.member("owner@alder.test").await;
        let answer = app.team_graphql(&owner, FIGURES).await;
        let currencies: Vec<&str> = answer["data"]["team"]["overview"]["figures"].as_array().unwrap().iter().map(|figures| figures["currency"].as_str().unwrap()).collect();
        assert_eq!(currencies, ["SEK", "EUR"], "no longer owed or paid is not shown");
        let page = owner.get("/app").await.body;
        assert!(page.contains("Paid by month in SEK") && page.contains("/app?currency=EUR"), "{page}");
        assert!(owner.get("/app?currency=EUR").await.body.contains("Paid by month in EUR"));
        for nonsense in ["USD", "nonsense", "%00"] {
            assert!(owner.get(&format!("/app?currency={nonsense}")).await.body.contains("Paid by month in SEK"), "{nonsense}");
        }
    }

    /// Who has opened an invoice shows once, however often they did.
    async fn views_show_once_for_each_person_and_invoice(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        for _ in 0..3 {
            contact.get(&format!("/portal/invoices/{}", world.a1.open)).await;
            app.clock.advance(TimeDelta::minutes(61));
        }
        contact.get(&format!("/portal/invoices/{}", world.a1.paid)).await;
        let owner = app.member("owner@alder.test").await;
        let answer = app.team_graphql(&owner, "{ team { overview { views { kind invoiceId contactName } } } }").await;
        let views = answer["data"]["team"]["overview"]["views"].as_array().unwrap().clone();
        let seen: Vec<&str> = views.iter().map(|view| view["invoiceId"].as_str().unwrap()).collect();
        assert_eq!(seen, [world.a1.paid.to_string(), world.a1.open.to_string()]);
        assert_eq!(views[0]["contactName"], "CANARY-a1 contact");
    }

    /// A new org sees what to do first, and what of it is done; where something was sent, it sees figures.
    async fn a_new_org_sees_what_to_do_first(app: TestApp) {
        let world = World::fill(&app).await;
        let org = app.database.uuid(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | 0xc << 32));
        let (person, member) = (app.database.uuid(Uuid::from_u128(0xc1)), app.database.uuid(Uuid::from_u128(0xc2)));
        app.database.execute(&format!(
            "INSERT INTO orgs (id, slug, name, plan, locale, time_zone, accent, email, address, tax_id, payment_instructions, invoice_prefix, next_invoice_number, created_at, version) SELECT {org}, 'cedar', 'Cedar', plan, locale, time_zone, accent, email, address, tax_id, payment_instructions, invoice_prefix, 1, created_at, 1 FROM orgs WHERE slug = 'alder'; \
             INSERT INTO persons SELECT {person}, 'owner@cedar.test', 'owner@cedar.test', 'Owner', password_hash, created_at FROM persons WHERE email_norm = 'owner@alder.test'; \
             INSERT INTO members (org_id, id, person_id, role, created_at) VALUES ({org}, {member}, {person}, 'owner', '2026-01-01 00:00:00+00:00')"
        )).await;
        let mut owner = app.member("owner@cedar.test").await;
        let page = owner.get("/app").await;
        assert_eq!(page.status, 200, "{}", page.body);
        for words in ["Three steps to your first payment", "/app/clients/new", "/app/invoices/new", "/app/settings"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("Paid by month") && !page.body.contains(">Done<") && !page.body.contains(&world.a1.canary()));
        owner.post("/app/clients/new", &[("name", "First"), ("currency", "EUR")]).await;
        let page = owner.get("/app").await.body;
        assert!(page.contains("Three steps") && page.matches(">Done<").count() == 1, "{page}");
        for path in ["/app/payments", "/app/activity", "/app/activity?topic=payments"] {
            assert_eq!(owner.get(path).await.status, 200, "{path}");
        }
    }

    /// The overview, the log and the payments cost as many statements for much as for little.
    async fn a_page_costs_the_same_however_much_there_is(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let paths = ["/app".to_owned(), "/app/activity".to_owned(), format!("/app/activity?client={}&topic=invoices", world.a1.id), "/app/payments".to_owned(), "/app/payments?q=ref".to_owned()];
        let mut costs = async || {
            let mut costs = vec![];
            for path in &paths {
                let before = statements();
                assert_eq!(owner.get(path).await.status, 200, "{path}");
                costs.push(statements() - before);
            }
            costs
        };
        let few = costs().await;
        much_more(&app, &world).await;
        assert_eq!(few, costs().await);
        assert_eq!(few, [8, 3, 4, 2, 2]);
    }

    /// All payments of the org, newest first, found by reference, number and client; each page once.
    async fn the_list_of_payments_is_searched_and_paged(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        pay(&mut owner, world.a1.open, &pay_form(1, "10", "2026-03-01")).await;
        owner.post(&format!("/app/payments/{}/reverse", world.a1.payment), &[]).await;
        for (query, shown, hidden) in [
            ("", vec!["CANARY-a1 client", "CANARY-a2 client", "€10.00", "−€20.00", "Taken back"], vec!["CANARY-b1"]),
            ("?q=100%25", vec!["€10.00"], vec!["CANARY-a2"]),
            ("?q=canary-A2-3", vec!["CANARY-a2 client", "€11.90"], vec!["€20.00", "CANARY-a1 client"]),
            ("?q=CANARY-a1+client", vec!["€10.00", "€20.00"], vec!["CANARY-a2"]),
            ("?q=CANARY-a2+payment", vec!["CANARY-a2"], vec!["CANARY-a1 client"]),
            ("?q=canary-b1", vec!["Nothing found"], vec!["CANARY-b1 client"]),
            ("?q=_", vec!["Nothing found"], vec!["CANARY-a1 client"]),
        ] {
            let page = owner.get(&format!("/app/payments{query}")).await;
            assert_eq!(page.status, 200, "{query}");
            for words in shown {
                assert!(page.body.contains(words), "{query}: {words}: {}", page.body);
            }
            for words in hidden {
                assert!(!page.body.contains(words), "{query}: {words}");
            }
        }
        let (mut seen, mut after) = (vec![], String::new());
        loop {
            let answer = app.team_graphql(&owner, &format!("{{ team {{ payments(first: 2{after}) {{ nodes {{ id receivedOn }} pageInfo {{ hasNextPage endCursor }} }} }} }}")).await;
            let list = &answer["data"]["team"]["payments"];
            seen.extend(list["nodes"].as_array().unwrap().iter().map(|node| (node["receivedOn"].as_str().unwrap().to_owned(), node["id"].as_str().unwrap().to_owned())));
            if list["pageInfo"]["hasNextPage"] == false { break; }
            after = format!(", after: {}", list["pageInfo"]["endCursor"]);
        }
        assert_eq!(seen.len(), 6);
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        assert_eq!(owner.get("/app/payments?after=nonsense").await.status, 400);
    }
}
