//! Logging in by magic link (rules L1 to L8).

use std::{fmt::Write as _, ops::Range};

use chrono::TimeDelta;
use futures_util::future::join_all;
use postern::http;
use uuid::Uuid;

use crate::{
    harness::{Browser, Kind, TestApp, both_databases},
    world::World,
};

/// Contacts of two clients, of two orgs, have one address.
async fn share_an_address(app: &TestApp) {
    let sql = "UPDATE contacts SET email = 'shared@clients.test', email_norm = 'shared@clients.test' \
        WHERE email_norm IN ('a1@clients.test', 'b1@clients.test')";
    app.database.execute(sql).await;
}

/// More clients of an org, each with a contact of one address, which the org writes as it is told to for each.
async fn add_clients(app: &TestApp, org: Uuid, numbers: Range<u16>, spelled: impl Fn(u16) -> String) {
    let uuid = |id: u128| app.database.uuid(Uuid::from_u128(org.as_u128() | id));
    let mut sql = String::new();
    for number in numbers {
        let at = 0x1000_0000 | u128::from(number) << 4;
        let (org, client, contact, email) = (uuid(0), uuid(at | 1), uuid(at | 2), spelled(number));
        let norm = email.to_ascii_lowercase();
        write!(
            sql,
            "INSERT INTO clients (org_id, id, name, currency, address, tax_id, search_text, created_at) VALUES \
             ({org}, {client}, 'Client {number:02}', 'EUR', '', '', 'client', '2025-01-01 00:00:00+00:00');\
             INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) VALUES \
             ({org}, {client}, {contact}, 'Contact', '{email}', '{norm}', TRUE, '2025-01-01 00:00:00+00:00');"
        )
        .unwrap();
    }
    app.database.execute(&sql).await;
}

/// How many rows of the log say for this reason that somebody got no link.
async fn refused(app: &TestApp, why: &str) -> i64 {
    let sql =
        format!("SELECT COUNT(*) FROM activity WHERE kind = 'portal.link_refused' AND detail = '{why}'");
    app.database.number(&sql).await
}

/// What is answered to browsers that post the same at the same time: the statuses, the lowest first.
async fn post_at_once(
    browsers: impl Iterator<Item = Browser>,
    path: &str,
    form: &[(&str, &str)],
) -> Vec<u16> {
    let posts = browsers.map(async |mut browser| browser.post(path, form).await.status);
    let mut statuses = join_all(posts).await;
    statuses.sort_unstable();
    statuses
}

both_databases! {
    /// The whole way: address, mail, link, portal.
    async fn a_contact_logs_in_by_the_link_in_the_mail(app: TestApp) {
        let world = World::fill(&app).await;
        let mut browser = app.browser();
        let mail = app.ask(&mut browser, "A1@Clients.test ").await;
        assert!(mail.text.contains("Alder Works"), "{}", mail.text);
        let shown = browser.get(&mail.links()[0]).await;
        assert_eq!(shown.status, 200);
        assert!(shown.body.contains("CANARY-a1 client"));
        let entered = browser.post(&mail.links()[0], &[]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/portal"));
        let cookie = entered.headers.get_all("set-cookie").iter().next().unwrap().to_str().unwrap();
        assert!(cookie.starts_with("__Host-postern_portal="), "{cookie}");
        assert!(cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"), "{cookie}");
        let home = browser.get("/portal").await;
        assert_eq!(home.status, 200);
        assert!(home.body.contains(&world.a1.canary()));
    }

    /// A link works once; so does one of two that race.
    async fn of_fifty_clicks_at_once_exactly_one_makes_a_session(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let link = mail.links()[0].clone();
        let statuses = post_at_once((0..50).map(|_| app.browser()), &link, &[]).await;
        assert_eq!(statuses[0], 303, "{statuses:?}");
        assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM portal_sessions").await, 1);
    }

    /// Scanners and previews fetch links; that must cost nothing (L5).
    async fn a_thousand_gets_of_a_link_consume_nothing(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let mut scanner = app.browser();
        for _ in 0..1_000 {
            assert_eq!(scanner.get(&mail.links()[0]).await.status, 200);
        }
        assert_eq!(scanner.cookies.len(), 0, "a scanner gets no cookie");
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 303);
    }

    /// Only the browser that asked is let in without a question (L5).
    async fn only_the_browser_that_asked_goes_in_at_once(app: TestApp) {
        World::fill(&app).await;
        let mut asked = app.browser();
        let mail = app.ask(&mut asked, "a1@clients.test").await;
        let mut other = app.browser();
        other.get("/portal/login").await;
        assert!(asked.get(&mail.links()[0]).await.body.contains("data-at-once"));
        let page = other.get(&mail.links()[0]).await;
        assert!(!page.body.contains("data-at-once"), "a browser that did not ask must press the button itself");
        assert!(page.body.contains("<form"));
    }

    /// A link lives 15 minutes and not a second longer (L4).
    async fn a_link_lives_for_fifteen_minutes(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        app.clock.advance(TimeDelta::seconds(15 * 60 - 1));
        assert_eq!(app.browser().get(&mail.links()[0]).await.status, 200);
        app.clock.advance(TimeDelta::seconds(1));
        assert_eq!(app.browser().get(&mail.links()[0]).await.status, 404);
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 404);
    }

    /// Used, expired, unknown and mistyped links are told alike (L7).
    async fn every_dead_link_gets_the_same_page(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        let used = mail.links()[0].clone();
        app.browser().post(&used, &[]).await;
        let mut pages = vec![];
        for path in [
            used.as_str(), &used[..used.len() - 1], &format!("{used}A"), "/portal/link/x", "/portal/link/%00",
            "/portal/link/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        ] {
            pages.push(app.browser().get(path).await.whole());
            pages.push(app.browser().post(path, &[]).await.whole());
        }
        assert!(pages[0].contains("name=\"email\""), "the page has the form: {}", pages[0]);
        for page in &pages {
            assert_eq!(page, &pages[0]);
        }
    }

    /// A newer link leaves an older one alone; logging in closes the others (L4).
    async fn an_older_link_stays_good_until_somebody_logs_in(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let links: Vec<String> = [
            app.ask(&mut browser, "a1@clients.test").await.links(),
            app.ask(&mut browser, "a1@clients.test").await.links(),
            app.ask(&mut browser, "a1@clients.test").await.links(),
        ]
        .concat();
        assert_eq!(browser.post(&links[0], &[]).await.status, 303);
        for link in &links {
            assert_eq!(app.browser().post(link, &[]).await.status, 404, "closed by the login");
        }
    }

    /// A link dies with the address it was sent to, and with the access (L4).
    async fn a_link_is_dead_when_address_or_access_has_changed(app: TestApp) {
        World::fill(&app).await;
        for change in [
            "UPDATE contacts SET email_norm = 'new@clients.test' WHERE email_norm = 'a1@clients.test'",
            "UPDATE contacts SET portal_access = FALSE WHERE email_norm = 'a2@clients.test'",
            "UPDATE orgs SET plan = 'free' WHERE slug = 'birch'",
        ] {
            let address = if change.contains("a1") { "a1" } else if change.contains("a2") { "a2" } else { "b1" };
            let mail = app.ask(&mut app.browser(), &format!("{address}@clients.test")).await;
            app.database.execute(change).await;
            assert_eq!(app.browser().get(&mail.links()[0]).await.status, 404, "{change}");
            assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 404, "{change}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM portal_sessions").await, 0);
    }

    /// Five mails in ten minutes, whatever the network, across a restart (L3).
    async fn an_address_gets_five_mails_in_ten_minutes(app: TestApp) {
        World::fill(&app).await;
        let mut app = app;
        for round in 0..12 {
            if round == 6 {
                app.restart_with(&[]).await;
            }
            let mut browser = app.browser();
            browser.headers.insert("x-forwarded-for", format!("203.0.113.{round}").parse().unwrap());
            assert_eq!(browser.post("/portal/login", &[("email", "a1@clients.test")]).await.status, 303);
            app.work().await;
        }
        assert_eq!(app.smtp.count_to("a1@clients.test"), 5);
        app.clock.advance(TimeDelta::minutes(10));
        app.ask(&mut app.browser(), "a1@clients.test").await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 6);
    }

    /// Two workers that count at the same moment do not both count four (L3, O4).
    async fn two_nodes_share_the_limit(app: TestApp) {
        World::fill(&app).await;
        let other = app.second_node().await;
        for _ in 0..10 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        let (one, two) = tokio::join!(
            postern::jobs::work_until_idle(&app.app),
            postern::jobs::work_until_idle(&other.app)
        );
        one.unwrap();
        two.unwrap();
        assert_eq!(app.smtp.count_to("a1@clients.test"), 5);
    }

    /// A flood does not kill a link that was sent before it.
    async fn a_flood_does_not_kill_a_link_that_was_sent(app: TestApp) {
        World::fill(&app).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        for _ in 0..20 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        app.work().await;
        assert_eq!(app.browser().post(&mail.links()[0], &[]).await.status, 303);
    }

    /// The code is for the browser that asked (L5a).
    async fn the_code_works_only_in_the_browser_that_asked(app: TestApp) {
        World::fill(&app).await;
        let mut asked = app.browser();
        let code = app.ask(&mut asked, "a1@clients.test").await.code();
        let mut other = app.browser();
        other.get("/portal/login").await;
        assert_eq!(other.post("/portal/login/code", &[("code", &code)]).await.status, 422);
        assert_eq!(app.browser().post("/portal/login/code", &[("code", &code)]).await.status, 422);
        let entered = asked.post("/portal/login/code", &[("code", &code.to_lowercase())]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/portal"));
        assert_eq!(asked.get("/portal").await.status, 200);
    }

    /// A code may be tried five times, however many links were asked for (L5a).
    async fn a_code_is_dead_after_five_tries(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "a1@clients.test").await.code();
        let wrong = if code == "0000-0000" { "0000-0001" } else { "0000-0000" };
        for _ in 0..5 {
            assert_eq!(browser.post("/portal/login/code", &[("code", wrong)]).await.status, 422);
        }
        assert_eq!(browser.post("/portal/login/code", &[("code", &code)]).await.status, 422);
        // The tries were the code's; the link in the mail is as good as before.
        assert_eq!(app.database.number("SELECT COUNT(*) FROM magic_links WHERE used_at IS NULL").await, 1);
    }

    /// A code works once.
    async fn a_code_works_once(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "a1@clients.test").await.code();
        let mut copy: Browser = browser.clone();
        assert_eq!(browser.post("/portal/login/code", &[("code", &code)]).await.status, 303);
        assert_eq!(copy.post("/portal/login/code", &[("code", &code)]).await.status, 422);
    }

    /// So does one of those that race: the try is what counts, not what the code leads to.
    async fn of_five_tries_at_once_one_is_taken(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        let mut browser = app.browser();
        let code = app.ask(&mut browser, "shared@clients.test").await.code();
        let same = (0..5).map(|_| browser.clone());
        let statuses = post_at_once(same, "/portal/login/code", &[("code", &code)]).await;
        assert_eq!(statuses, [200, 422, 422, 422, 422]);
    }

    /// One address, several clients: one mail, a link for each, a chooser after the code (L6).
    async fn a_contact_of_several_clients_chooses_after_the_proof(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        let mut browser = app.browser();
        let mail = app.ask(&mut browser, "shared@clients.test").await;
        assert_eq!((app.smtp.count_to("shared@clients.test"), mail.links().len()), (1, 2));
        assert!(mail.text.contains("Alder Works") && mail.text.contains("Birch & Sons"), "{}", mail.text);
        let chooser = browser.post("/portal/login/code", &[("code", &mail.code())]).await;
        assert_eq!(chooser.status, 200);
        assert!(chooser.body.contains("CANARY-a1 client") && chooser.body.contains("CANARY-b1 client"));
        let action = chooser.body.split("action=\"").nth(2).unwrap().split('"').next().unwrap().to_owned();
        assert_eq!(browser.post(&action, &[]).await.status, 303);
        let home = browser.get("/portal").await.body;
        assert!(home.contains("CANARY-b1") && !home.contains("CANARY-a1"));
    }

    /// Contacts that one org has made of an address keep no other org's link from it, whatever that org is called and
    /// whether it has a portal (L6).
    async fn no_org_crowds_out_the_link_of_another(app: TestApp) {
        let world = World::fill(&app).await;
        add_clients(&app, world.a1.org, 0..60, |_| "b1@clients.test".to_owned()).await;
        for (plan, of_alder, not_let_in) in [("free", 0, 20), ("studio", 49, 20)] {
            app.database.execute(&format!("UPDATE orgs SET name = 'AAA', plan = '{plan}' WHERE slug = 'alder'")).await;
            let mail = app.ask(&mut app.browser(), "b1@clients.test").await;
            assert!(mail.text.contains("CANARY-b1 client"), "{plan}: {}", mail.text);
            assert_eq!(mail.links().len(), 1 + of_alder, "{plan}");
            assert_eq!(refused(&app, "the plan has no portal").await, not_let_in, "{plan}");
        }
        assert_eq!(app.smtp.mails().len(), 2);
    }

    /// An accountant of many clients gets a link for each; of very many, first for those where they have signed in
    /// before (L6).
    async fn an_accountant_gets_a_link_for_each_client(app: TestApp) {
        let world = World::fill(&app).await;
        add_clients(&app, world.a1.org, 1..25, |_| "a1@clients.test".to_owned()).await;
        let mut browser = app.browser();
        for page in ["/portal/login", "/portal/alder/login"] {
            browser.get(page).await;
            browser.post(page, &[("email", "a1@clients.test")]).await;
            app.work().await;
            assert_eq!(app.smtp.newest_to("a1@clients.test").links().len(), 25, "{page}");
        }
        let code = app.smtp.newest_to("a1@clients.test").code();
        let chooser = browser.post("/portal/login/code", &[("code", &code)]).await.body;
        for name in ["Client 01", "Client 24", "CANARY-a1 client"] {
            assert!(chooser.contains(name), "{name}: {chooser}");
        }
        add_clients(&app, world.a1.org, 25..60, |_| "a1@clients.test".to_owned()).await;
        let signed_in = "UPDATE contacts SET last_login_at = '2026-02-01 00:00:00+00:00' \
            WHERE client_id = (SELECT id FROM clients WHERE name = 'Client 59')";
        app.database.execute(signed_in).await;
        let mail = app.ask(&mut app.browser(), "a1@clients.test").await;
        assert_eq!(mail.links().len(), 50);
        assert!(mail.text.contains("Client 59") && !mail.text.contains("Client 58"), "{}", mail.text);
        assert_eq!(app.smtp.mails().len(), 3);
    }

    /// Two ways of writing an address are two mails of one request, and do not count as two (L3, L6).
    async fn five_requests_for_two_mailboxes_are_five_requests(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        app.database.execute("UPDATE contacts SET email = 'SHARED@clients.test' WHERE name LIKE 'CANARY-a1%'").await;
        for number in 1..=7 {
            app.browser().post("/portal/login", &[("email", "shared@clients.test")]).await;
            app.work().await;
            for mailbox in ["SHARED@clients.test", "shared@clients.test"] {
                let mails = app.smtp.mails().into_iter().filter(|mail| mail.recipients == [mailbox]).count();
                assert_eq!(mails, number.min(5), "{mailbox}, request {number}");
            }
        }
    }

    /// An org that writes one address in twenty ways makes five mails of a request and no more, and none of them is
    /// another org's (L6).
    async fn an_address_in_twenty_spellings_gets_five_mails(app: TestApp) {
        let world = World::fill(&app).await;
        let victim = "victim@clients.test";
        let spelled = |number: u16| -> String {
            let letters = victim.char_indices();
            letters.map(|(at, c)| if at < 5 && number >> at & 1 == 1 { c.to_ascii_uppercase() } else { c }).collect()
        };
        add_clients(&app, world.a1.org, 1..21, spelled).await;
        let sql = format!("UPDATE contacts SET email = '{victim}', email_norm = '{victim}' WHERE name LIKE 'CANARY-b1%'");
        app.database.execute(&sql).await;
        app.database.execute("UPDATE orgs SET name = 'AAA' WHERE slug = 'alder'").await;
        app.ask(&mut app.browser(), victim).await;
        let mails = app.smtp.mails();
        assert_eq!(mails.len(), 5);
        let own = mails.iter().find(|mail| mail.recipients == [victim]).unwrap();
        assert!(own.links().len() == 1 && own.text.contains("CANARY-b1 client"), "{}", own.text);
        assert_eq!(refused(&app, "too many spellings").await, 16);
    }

    /// The log is never emptied: of what is over the limit it has the first, for each page on which it was asked (L3).
    async fn a_flood_is_one_row_of_the_log(app: TestApp) {
        World::fill(&app).await;
        let floods = [("/portal/login", 25, 1), ("/portal/alder/login", 20, 2), ("/portal/login", 20, 2)];
        for (page, requests, rows) in floods {
            for _ in 0..requests {
                app.browser().post(page, &[("email", "a1@clients.test")]).await;
            }
            app.work().await;
            assert_eq!(refused(&app, "over the limit").await, rows, "{page}");
        }
        app.clock.advance(TimeDelta::minutes(10));
        for _ in 0..7 {
            app.browser().post("/portal/login", &[("email", "a1@clients.test")]).await;
        }
        app.work().await;
        assert_eq!(refused(&app, "over the limit").await, 3, "the next flood");
        assert_eq!(app.smtp.count_to("a1@clients.test"), 10);
    }

    /// On an org's own page a link leads to that org's clients only.
    async fn an_orgs_own_page_leads_to_that_org(app: TestApp) {
        World::fill(&app).await;
        share_an_address(&app).await;
        let mut browser = app.browser();
        assert!(browser.get("/portal/birch/login").await.body.contains("Birch &amp; Sons"));
        let answer = browser.post("/portal/birch/login", &[("email", "shared@clients.test")]).await;
        assert_eq!(answer.header("location"), "/portal/birch/login/sent");
        app.work().await;
        let mail = app.smtp.newest_to("shared@clients.test");
        assert_eq!(mail.links().len(), 1);
        assert!(!mail.text.contains("Alder"));
        assert_eq!(browser.get("/portal/nobody/login").await.status, 404);
    }

    /// After the login one stands where one wanted to be (L8).
    async fn the_page_that_was_wanted_is_reached(app: TestApp) {
        let world = World::fill(&app).await;
        let wanted = format!("/portal/invoices/{}", world.a1.open);
        let mut browser = app.browser();
        let sent_away = browser.get(&wanted).await;
        let login = sent_away.header("location").to_owned();
        assert_eq!(login, format!("/portal/login?next={}", wanted.replace('/', "%2F")));
        let form = browser.get(&login).await.body;
        assert!(form.contains(&format!("value=\"{wanted}\"")), "{form}");
        browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", &wanted)]).await;
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        assert_eq!(browser.post(&mail.links()[0], &[]).await.header("location"), wanted);
    }

    /// A stranger's path leads home.
    async fn a_path_from_elsewhere_leads_home(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.browser();
        browser.get("/portal/login").await;
        browser.post("/portal/login", &[("email", "a1@clients.test"), ("next", "//evil.test/portal/invoices")]).await;
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        assert_eq!(browser.post(&mail.links()[0], &[]).await.header("location"), "/portal");
    }
}

/// The per-address limit of the network answers with a 429 that says nothing about addresses (L3).
#[tokio::test]
async fn a_flood_from_one_network_is_slowed_down() {
    let app = TestApp::start_with(Kind::Sqlite, &[("LOGIN_REQUESTS_PER_MINUTE", "3")]).await;
    World::fill(&app).await;
    let mut browser = Browser::new(http::router(app.app.clone()));
    let mut answers = vec![];
    for email in [
        "a1@clients.test",
        "nobody@clients.test",
        "a1@clients.test",
        "nobody@clients.test",
        "a1@clients.test",
    ] {
        answers.push(browser.post("/portal/login", &[("email", email)]).await);
    }
    assert_eq!(answers.iter().map(|answer| answer.status).collect::<Vec<_>>(), [303, 303, 303, 429, 429]);
    assert_eq!(answers[3].header("retry-after"), "60");
    assert_eq!(answers[3].whole(), answers[4].whole());
}
