//! Clients and contacts as the team keeps them (rules T2, S4).

use std::fmt::Write as _;

use postern::store::testing::statements;

use crate::{
    harness::{Browser, Kind, TestApp, both_databases},
    world::World,
};

/// What the owner of a new client is called, and what else is asked for.
const CLIENT: [(&str, &str); 5] = [
    ("name", "Harbour Books"),
    ("currency", "eur"),
    ("locale", "en-GB"),
    ("address", "1 Quay\r\nPort"),
    ("taxId", "GB 1"),
];

/// Adds a client; gives the path of its page.
async fn add_client(browser: &mut Browser, fields: &[(&str, &str)]) -> String {
    let answer = browser.post("/app/clients/new", fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    answer.header("location").to_owned()
}

/// Adds a contact; gives the path of its form.
async fn add_contact(browser: &mut Browser, client: &str, email: &str, access: bool) -> String {
    let mut fields = vec![("name", "Ines Duarte"), ("email", email)];
    if access {
        fields.push(("portalAccess", "on"));
    }
    let answer = browser.post(&format!("{client}/contacts/new"), &fields).await;
    assert_eq!((answer.status, answer.header("location")), (303, client), "{}", answer.body);
    let page = browser.get(client).await.body;
    let at = page.rfind(&format!("{client}/contacts/")).unwrap();
    page[at..]
        .split('"')
        .next()
        .unwrap()
        .trim_end_matches("/access")
        .trim_end_matches("/end-sessions")
        .to_owned()
}

both_databases! {
    /// A new contact has no earlier address that the form could speak of.
    async fn a_contacts_form_says_what_its_address_does(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let new = browser.get(&format!("{client}/contacts/new")).await.body;
        assert!(!new.contains("an earlier address"), "{new}");
        let contact = add_contact(&mut browser, &client, "ines@quay.test", true).await;
        assert!(browser.get(&contact).await.body.contains("an earlier address"));
    }

    /// A page that is not there leads back to the side on which it was asked for.
    async fn a_notice_leads_back_to_its_own_side(app: TestApp) {
        World::fill(&app).await;
        let mut member = app.member("owner@alder.test").await;
        for path in ["/app/nowhere", "/app/clients/nonsense"] {
            let page = member.get(path).await;
            assert!(page.status == 404 && page.body.contains("href=\"/app\""), "{path}: {}", page.body);
            assert!(!page.body.contains("href=\"/portal\""), "{path}: {}", page.body);
        }
        for path in ["/portal/nowhere", "/application"] {
            let page = app.browser().get(path).await;
            assert!(page.status == 404 && page.body.contains("href=\"/portal\""), "{path}: {}", page.body);
        }
    }

    /// A client is added, found, changed, put away and taken back; the log tells of each.
    async fn a_client_is_kept(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let page = browser.get(&client).await.body;
        for text in ["Harbour Books", "1 Quay\nPort", "GB 1", "EUR"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        for found in ["harbour", "gb 1", "  HARBOUR  "] {
            let list = browser.get(&format!("/app/clients?q={}", found.replace(' ', "+"))).await.body;
            assert!(list.contains(&client) && list.matches("<td").count() == 3, "{found}");
        }
        let changed = [("name", "Harbour & Sons"), ("currency", "GBP"), ("version", "1")];
        assert_eq!(browser.post(&format!("{client}/edit"), &changed).await.header("location"), client);
        assert!(browser.get(&client).await.body.contains("Harbour &amp; Sons"));
        assert_eq!(browser.post(&format!("{client}/archive"), &[]).await.status, 303);
        assert_eq!(browser.post(&format!("{client}/archive"), &[]).await.status, 303, "sent twice");
        assert!(!browser.get("/app/clients").await.body.contains(&client));
        assert!(browser.get("/app/clients?shelf=archived").await.body.contains(&client));
        browser.post(&format!("{client}/restore"), &[]).await;
        assert!(browser.get("/app/clients").await.body.contains(&client));
        let log = app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'client.%' ORDER BY id").await;
        assert_eq!(log, ["client.added", "client.changed", "client.archived", "client.restored"]);
    }

    /// All that is wrong is told at the fields, and what was typed is still there (O6).
    async fn a_wrong_client_comes_back_whole(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let fields = [("name", ""), ("currency", "XAU"), ("locale", "nonsense!"), ("address", "<b>1\u{202e} Quay</b>"), ("taxId", "DE 7")];
        let page = browser.post("/app/clients/new", &fields).await;
        assert_eq!(page.status, 422);
        for field in ["name", "currency", "locale", "address"] {
            assert!(page.body.contains(&format!("id=\"{field}-problem\"")), "{field}");
        }
        assert!(page.body.contains("&lt;b&gt;1") && page.body.contains("DE 7") && !page.body.contains("taxId-problem"));
        let long = "x".repeat(121);
        assert_eq!(browser.post("/app/clients/new", &[("name", &long), ("currency", "EUR")]).await.status, 422);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'client.added'").await, 0);
    }

    /// Of two who edit one client the second is told, nothing is overwritten unseen, and saving again is
    /// then possible.
    async fn a_stale_edit_is_told(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let edit = format!("{client}/edit");
        browser.post(&edit, &[("name", "First"), ("currency", "EUR"), ("version", "1")]).await;
        let late = browser.post(&edit, &[("name", "Second"), ("currency", "EUR"), ("version", "1")]).await;
        assert!(late.status == 422 && late.body.contains("Somebody else has changed this"), "{}", late.body);
        assert!(late.body.contains("value=\"Second\"") && late.body.contains("name=\"version\" value=\"2\""), "{}", late.body);
        assert!(browser.get(&client).await.body.contains("First"));
        assert_eq!(browser.post(&edit, &[("name", "Second"), ("currency", "EUR"), ("version", "2")]).await.status, 303);
    }

    /// Portal access opens the door to links, and closing it leaves sessions alone until they are ended.
    async fn portal_access_is_switched(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let contact = add_contact(&mut browser, &client, "Ines@Harbour.test", false).await;
        app.browser().post("/portal/login", &[("email", "ines@harbour.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.count_to("ines@harbour.test"), 0);

        assert_eq!(browser.post(&format!("{contact}/access"), &[("access", "on")]).await.header("location"), client);
        let mut ines = app.signed_in("ines@harbour.test").await;
        let page = ines.get("/portal").await;
        assert!(page.status == 200 && page.body.contains("Harbour Books"), "{}", page.body);
        assert!(browser.get(&client).await.body.contains("End 1 session now"));

        browser.post(&format!("{contact}/access"), &[("access", "off")]).await;
        assert_eq!(ines.get("/portal").await.status, 200, "a session runs out by itself (S4)");
        browser.post(&format!("{contact}/end-sessions"), &[]).await;
        assert_eq!(ines.get("/portal").await.status, 303, "or is ended by the team");
        let log = app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'contact.%' ORDER BY id").await;
        assert_eq!(log, ["contact.added", "contact.portal_access_on", "contact.portal_access_off", "contact.sessions_ended"]);
    }

    /// A link is dead once the contact's address is another (L4).
    async fn a_changed_address_kills_the_links_to_the_old_one(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let contact = add_contact(&mut browser, &client, "ines@harbour.test", true).await;
        app.browser().post("/portal/login", &[("email", "ines@harbour.test")]).await;
        app.work().await;
        let link = app.smtp.newest_to("ines@harbour.test").links()[0].clone();
        let fields = [("name", "Ines"), ("email", "new@harbour.test"), ("portalAccess", "on"), ("version", "1")];
        assert_eq!(browser.post(&contact, &fields).await.status, 303);
        assert_eq!(app.browser().post(&link, &[]).await.status, 404);
    }

    /// One address is one contact of a client; removed, it is free for another, and the old session ends.
    async fn a_contact_is_removed(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let client = add_client(&mut browser, &CLIENT).await;
        let contact = add_contact(&mut browser, &client, "ines@harbour.test", true).await;
        let twice = browser.post(&format!("{client}/contacts/new"), &[("name", "I"), ("email", "INES@harbour.test")]).await;
        assert!(twice.status == 422 && twice.body.contains("Another contact"), "{}", twice.body);
        let mut ines = app.signed_in("ines@harbour.test").await;
        assert_eq!(browser.post(&format!("{contact}/remove"), &[]).await.header("location"), client);
        assert_eq!(ines.get("/portal").await.status, 303);
        assert_eq!(browser.get(&contact).await.status, 404);
        add_contact(&mut browser, &client, "ines@harbour.test", true).await;
    }

    /// The contacts of a client that is put away are out, and in again when it is taken back.
    async fn an_archived_client_is_shut_out(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let client = format!("/app/clients/{}", world.a1.id);
        browser.post(&format!("{client}/archive"), &[]).await;
        assert_eq!(contact.get("/portal").await.status, 303);
        browser.post(&format!("{client}/restore"), &[]).await;
        assert_eq!(contact.get("/portal").await.status, 200);
    }

    /// Ids of another org, of nothing and of nonsense are the same answer, and change nothing (I5).
    async fn another_orgs_client_is_one_that_does_not_exist(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let before = app.database.texts("SELECT name || email_norm || version FROM contacts ORDER BY id").await;
        let missing = uuid::Uuid::from_u128(7).to_string();
        let (b1, contact) = (world.b1.id.to_string(), world.b1.contact.to_string());
        let own = world.a1.id.to_string();
        let fields = [("name", "Evil"), ("email", "evil@evil.test"), ("currency", "EUR"), ("version", "1"), ("access", "off"), ("portalAccess", "on")];
        for (client, person) in [(&b1, &contact), (&own, &contact), (&missing, &contact), (&b1, &missing)] {
            for act in ["", "/access", "/end-sessions"] {
                let path = |client: &str, person: &str| format!("/app/clients/{client}/contacts/{person}{act}");
                let foreign = browser.post(&path(client, person), &fields).await;
                let nowhere = browser.post(&path(&missing, &missing), &fields).await;
                assert_eq!(foreign.whole(), nowhere.whole(), "{client} {person} {act}");
                assert_eq!(foreign.status, 404);
            }
        }
        for act in ["", "/edit", "/contacts/new"] {
            let path = |client: &str| format!("/app/clients/{client}{act}");
            assert_eq!(browser.get(&path(&b1)).await.whole(), browser.get(&path(&missing)).await.whole(), "{act}");
            assert_eq!(browser.get(&path("nonsense")).await.whole(), browser.get(&path(&missing)).await.whole(), "{act}");
        }
        for act in ["/edit", "/contacts/new"] {
            assert_eq!(browser.post(&format!("/app/clients/{b1}{act}"), &fields).await.status, 404, "{act}");
        }
        browser.post(&format!("/app/clients/{b1}/archive"), &[]).await;
        browser.post(&format!("/app/clients/{b1}/contacts/{contact}/remove"), &[]).await;
        assert_eq!(app.database.texts("SELECT name || email_norm || version FROM contacts ORDER BY id").await, before);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM clients WHERE archived_at IS NOT NULL").await, 0);
    }

    /// The list goes by name, whatever its case, and meets each client once in either direction.
    async fn the_list_meets_each_client_once(app: TestApp) {
        let world = World::fill(&app).await;
        many_clients(&app, &world, 60).await;
        let mut browser = app.member("owner@alder.test").await;
        let mut seen = vec![];
        let mut path = "/app/clients".to_owned();
        loop {
            let page = browser.get(&path).await.body;
            seen.extend(names(&page));
            match neighbour(&page, "next") {
                Some(next) => path = next,
                None => break,
            }
        }
        let mut sorted = seen.clone();
        sorted.sort_by_key(|name| name.to_lowercase());
        assert_eq!((seen.len(), &seen), (62, &sorted));
        let mut back = vec![];
        loop {
            let page = browser.get(&path).await.body;
            back.splice(0..0, names(&page));
            match neighbour(&page, "prev") {
                Some(previous) => path = previous,
                None => break,
            }
        }
        assert_eq!(back, seen);
        let broken = browser.get("/app/clients?after=nonsense").await;
        assert_eq!(broken.status, 400);
    }

    /// What a client owes stands in the list and on its page, by currency, with what is overdue today.
    async fn the_list_shows_what_each_client_owes(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let page = browser.get("/app/clients?q=canary-a1").await.body;
        assert!(page.contains("€396.50") && page.contains("€238.00 overdue"), "{page}");
        let page = browser.get(&format!("/app/clients/{}", world.a1.id)).await.body;
        assert!(page.contains("€396.50") && page.contains("outstanding on 3 invoices") && page.contains("€238.00 overdue"), "{page}");
    }
}

async fn many_clients(app: &TestApp, world: &World, count: u32) {
    let mut sql = String::new();
    for n in 0..count {
        let id = app
            .database
            .uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_a000_0000_0000_0000 + u128::from(n)));
        let org = app.database.uuid(world.a1.org);
        let name = if n % 2 == 0 {
            format!("client {:03}", n * 7 % 101)
        } else {
            format!("CLIENT {:03}", n * 7 % 101)
        };
        writeln!(sql, "INSERT INTO clients (org_id, id, name, currency, address, tax_id, search_text, created_at) VALUES ({org}, {id}, '{name}', 'EUR', '', '', lower('{name}'), '2025-01-01 00:00:00+00:00');").unwrap();
    }
    app.database.execute(&sql).await;
}

fn names(page: &str) -> Vec<String> {
    page.split("class=\"number\"")
        .skip(1)
        .map(|rest| rest.split("<bdi>").nth(1).unwrap().split("</bdi>").next().unwrap().to_owned())
        .collect()
}

fn neighbour(page: &str, rel: &str) -> Option<String> {
    let link = page.split(&format!("rel=\"{rel}\" href=\"")).nth(1)?;
    Some(link.split('"').next()?.replace("&amp;", "&"))
}

/// A page of clients costs the session and one statement, however many there are.
#[tokio::test]
async fn the_list_of_clients_costs_two_statements() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Postgres && !Kind::postgres_is_there() {
            continue;
        }
        let app = TestApp::start(kind).await;
        let world = World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let mut counts = vec![];
        for more in [0, 300] {
            many_clients(&app, &world, more).await;
            let before = statements();
            assert_eq!(browser.get("/app/clients").await.status, 200);
            counts.push(statements() - before);
        }
        assert_eq!(counts, [2, 2], "{kind:?}");
    }
}
