//! One address of several clients (rule L6): a link for each, shared out among orgs, and no more mails than it takes.

use std::{fmt::Write as _, ops::Range};

use uuid::Uuid;

use super::{refused, share_an_address};
use crate::{
    harness::{TestApp, both_databases},
    world::World,
};

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

both_databases! {
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
}
