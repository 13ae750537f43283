//! Sending an invoice: its number, what stays of it, the mails, and reminders (rules M1, M8, O3, T2).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;
use uuid::Uuid;

use crate::{
    drafts::{begin, fields},
    harness::{Browser, both_databases},
    world::{Client, OUTSTANDING, World},
};

/// A draft over 119 euros of a client, ready to be sent; its path.
async fn ready(browser: &mut Browser, client: Uuid) -> String {
    let draft = begin(browser, client).await;
    let saved =
        browser.post(&format!("{draft}/edit"), &fields("1", "review", &[("Design", "1", "100", "19")])).await;
    assert_eq!(saved.header("location"), format!("{draft}/send"), "{}", saved.body);
    draft
}

async fn send(browser: &mut Browser, draft: &str, contact: Uuid) -> u16 {
    let contact = contact.to_string();
    let form = [("version", "2"), ("contact", contact.as_str()), ("message", "Dear all,\r\nthank you.")];
    browser.post(&format!("{draft}/send"), &form).await.status
}

both_databases! {
    /// Reviewed and sent: the number is taken, balance and portal follow, the mail carries the link (M8, V1).
    async fn a_draft_becomes_an_invoice(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        let review = owner.get(&format!("{draft}/send")).await.body;
        for text in ["€119.00", "1 March 2026", "15 March 2026", "a1@clients.test", "checked"] {
            assert!(review.contains(text), "{text}: {review}");
        }
        assert_eq!(send(&mut owner, &draft, world.a1.contact).await, 303);
        let page = owner.get(&draft).await.body;
        for text in ["alder-100", "€119.00", "https://pay.example.test/i/", "<h2 id=\"mails\">", "CANARY-a1 contact", "Nobody has opened it"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        let client = app.database.uuid(world.a1.id);
        let balance = app.database.number(&format!("SELECT outstanding_minor FROM client_balances WHERE client_id = {client}")).await;
        assert_eq!(balance, OUTSTANDING + 11_900);
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        for text in ["alder-100", "€119.00", "15 March 2026", "Dear all,", "thank you."] {
            assert!(mail.text.contains(text) && mail.html.contains(text), "{text}: {}", mail.text);
        }
        assert_eq!(mail.header("subject"), "Invoice alder-100 from Alder Works");
        assert_eq!(mail.header("reply-to"), "hello@alder.test");
        let shared = app.browser().get(&mail.link("/i/")).await;
        assert!(shared.status == 200 && shared.body.contains("alder-100") && shared.body.contains("Transfer to alder"), "{}", shared.body);
        let mut contact = app.signed_in("a1@clients.test").await;
        assert!(contact.get("/portal").await.body.contains("alder-100"));
        let log = app.database.texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'invoice.s%'").await;
        assert_eq!(log, ["invoice.sent alder-100"]);
    }

    /// A draft of last week is of the day on which it is sent, and the last look says so.
    async fn an_old_draft_is_of_the_day_it_is_sent(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        app.clock.advance(TimeDelta::days(7));
        let review = owner.get(&format!("{draft}/send")).await.body;
        assert!(review.contains("8 March 2026") && review.contains("22 March 2026"), "{review}");
        assert_eq!(send(&mut owner, &draft, world.a1.contact).await, 303);
        let page = owner.get(&draft).await.body;
        assert!(page.contains("8 March 2026") && page.contains("22 March 2026"), "{page}");
    }

    /// Sent, it stays: neither its editor nor a new name of either party changes it (M8).
    async fn what_was_sent_does_not_change(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        assert_eq!(send(&mut owner, &draft, world.a1.contact).await, 303);
        for form in [fields("2", "save", &[("Other", "1", "1", "")]), fields("3", "save", &[("Other", "1", "1", "")])] {
            let answer = owner.post(&format!("{draft}/edit"), &form).await;
            assert!(answer.status == 303 && answer.header("location") == draft, "{}", answer.body);
            owner.post(&format!("{draft}/autosave"), &form).await;
        }
        app.database.execute("UPDATE clients SET name = 'Renamed', address = 'Moved'; UPDATE orgs SET name = 'Reborn', address = 'Elsewhere', tax_id = 'T2'").await;
        let id = draft.rsplit('/').next().unwrap();
        let page = app.signed_in("a1@clients.test").await.get(&format!("/portal/invoices/{id}")).await.body;
        for text in ["CANARY-a1 client", "CANARY-a1 street", "Alder Works", "1 Street", "VAT alder", ">Design<"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert!(!page.contains("Moved") && !page.contains("Elsewhere") && !page.contains("Other"), "{page}");
    }

    /// However often and however many at once: one number, one mail, one row in the log.
    async fn a_form_that_is_sent_again_sends_once(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        let before = app.smtp.count_to("a1@clients.test");
        let sends = (0..10).map(|_| {
            let (mut browser, draft) = (owner.clone(), draft.clone());
            async move { send(&mut browser, &draft, world.a1.contact).await }
        });
        assert_eq!(futures_util::future::join_all(sends).await, [303; 10]);
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), before + 1);
        assert_eq!(app.database.number("SELECT next_invoice_number FROM orgs WHERE slug = 'alder'").await, 101);
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'invoice.sent'").await, 1);
    }

    /// Fifty at once take fifty numbers without a gap; one that cannot be sent takes none (M8).
    async fn numbers_have_no_gap(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut drafts = Vec::new();
        for n in 0..50 {
            let client = if n % 2 == 0 { world.a1.id } else { world.a2.id };
            drafts.push(ready(&mut owner, client).await);
        }
        let broken = begin(&mut owner, world.a1.id).await;
        let sends = drafts.iter().map(|draft| {
            let (mut browser, draft) = (owner.clone(), draft.clone());
            async move { browser.post(&format!("{draft}/send"), &[("version", "2")]).await.status }
        });
        let mut failing = owner.clone();
        let failed = async { failing.post(&format!("{broken}/send"), &[("version", "1")]).await.status };
        let (sent, failed) = futures_util::join!(futures_util::future::join_all(sends), failed);
        assert_eq!((sent, failed), (vec![303; 50], 422));
        let numbers: BTreeSet<String> = app
            .database
            .texts("SELECT number FROM invoices WHERE number LIKE 'alder-%'")
            .await
            .into_iter()
            .collect();
        let expected: BTreeSet<String> = (100..150).map(|n| format!("alder-{n}")).collect();
        assert_eq!(numbers, expected);
    }

    /// What cannot be sent is told, and nothing is taken: a stale page, somebody else's contact, no line.
    async fn what_cannot_be_sent_is_told(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        for (version, contact, text) in [
            ("1", world.a1.contact, "Somebody else"),
            ("2", world.a2.contact, "no contact of the client"),
            ("2", world.b1.contact, "no contact of the client"),
            ("2", Uuid::from_u128(7), "no contact of the client"),
        ] {
            let contact = contact.to_string();
            let form = [("version", version), ("contact", &contact), ("message", "typed")];
            let page = owner.post(&format!("{draft}/send"), &form).await;
            assert!(page.status == 422 && page.body.contains(text) && page.body.contains(">typed<"), "{text}: {}", page.body);
        }
        for foreign in [world.b1.draft, Uuid::from_u128(7)] {
            assert_eq!(owner.post(&format!("/app/invoices/{foreign}/send"), &[("version", "1")]).await.status, 404);
            assert_eq!(owner.get(&format!("/app/invoices/{foreign}/send")).await.status, 404);
        }
        assert_eq!(app.database.number("SELECT next_invoice_number FROM orgs WHERE slug = 'alder'").await, 100);
    }

    /// A reminder goes to whom it is meant for, once a form; never of what is paid, void or a draft, and not of
    /// what is paid before the mail leaves.
    async fn a_reminder_is_never_of_what_is_paid(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let key = Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0001).to_string();
        let contact = world.a1.contact.to_string();
        let form = [("key", key.as_str()), ("contact", contact.as_str()), ("message", "A gentle word.")];
        let remind = |id: Uuid| format!("/app/invoices/{id}/remind");
        assert!(owner.get(&remind(world.a1.overdue)).await.body.contains("€238.00"));
        let refused = owner.post(&remind(world.a1.overdue), &form).await;
        assert!(refused.status == 422 && refused.body.contains("share link is switched off") && refused.body.contains("A gentle word."), "{}", refused.body);
        assert_eq!(owner.post(&format!("/app/invoices/{}/link", world.a1.overdue), &[]).await.status, 303);
        for _ in 0..2 {
            let done = owner.post(&remind(world.a1.overdue), &form).await;
            assert_eq!(done.header("location"), format!("/app/invoices/{}?reminded", world.a1.overdue), "sent twice");
        }
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 1, "once");
        let page = owner.get(&format!("/app/invoices/{}?reminded", world.a1.overdue)).await.body;
        assert!(page.contains("The reminder is on its way.") && page.contains("Reminder<!> to "), "{page}");
        assert!(!owner.get(&format!("/app/invoices/{}", world.a1.overdue)).await.body.contains("on its way"));
        let mail = app.smtp.newest_to("a1@clients.test");
        assert!(mail.text.contains("still to be paid") && mail.text.contains("€238.00") && mail.text.contains("A gentle word."), "{}", mail.text);
        assert!(mail.header("subject").starts_with("Reminder: "));
        for id in [world.a1.paid, world.a1.void, world.a1.draft, world.b1.open] {
            let answer = owner.post(&remind(id), &form).await;
            assert!(matches!(answer.status, 303 | 404), "{id}: {}", answer.status);
        }
        let nobody = [("key", "01900000-0000-7000-b000-0000000000f2")];
        assert_eq!(owner.post(&remind(world.a1.overdue), &nobody).await.status, 422);
        let late = [("key", "01900000-0000-7000-b000-0000000000f3"), form[1], form[2]];
        assert_eq!(owner.post(&remind(world.a1.overdue), &late).await.status, 303);
        app.database.execute(&format!("UPDATE invoices SET paid_minor = total_minor WHERE id = {}", app.database.uuid(world.a1.overdue))).await;
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 1, "paid before it left");
        let log = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'invoice.reminded'").await;
        assert_eq!(log, 2);
    }

    /// Ids that callers make may follow one another, and a reminder's key may be the invoice's id or one that was
    /// used for somebody else: no mail is taken for another one.
    async fn no_mail_is_taken_for_another(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let client = format!("/app/clients/{}", world.a1.id);
        assert_eq!(owner.post(&format!("{client}/contacts/new"), &[("name", "Ines"), ("email", "ines@clients.test")]).await.status, 303);
        let answer = app.team_graphql(&owner, &format!("{{ team {{ client(id: \"{}\") {{ contacts {{ id }} }} }} }}", world.a1.id)).await;
        let contacts: Vec<String> = answer["data"]["team"]["client"]["contacts"].as_array().unwrap().iter()
            .map(|contact| contact["id"].as_str().unwrap().to_owned()).collect();
        let both = [("version", "2"), ("contact", contacts[0].as_str()), ("contact", contacts[1].as_str())];
        let mut ids = Vec::new();
        for n in 1..=2 {
            let id = Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + n).to_string();
            let client = world.a1.id.to_string();
            assert_eq!(owner.post("/app/invoices/new", &[("client", client.as_str()), ("id", id.as_str())]).await.status, 303);
            let draft = format!("/app/invoices/{id}");
            assert_eq!(owner.post(&format!("{draft}/edit"), &fields("1", "review", &[("Design", "1", "100", "19")])).await.status, 303);
            assert_eq!(owner.post(&format!("{draft}/send"), &both).await.status, 303);
            ids.push(id);
        }
        app.work().await;
        assert_eq!((app.smtp.count_to("a1@clients.test"), app.smtp.count_to("ines@clients.test")), (2, 2));
        for (n, contact) in (1..).zip(&contacts) {
            let form = [("key", ids[0].as_str()), ("contact", contact.as_str())];
            for _ in 0..2 {
                assert_eq!(owner.post(&format!("/app/invoices/{}/remind", ids[0]), &form).await.status, 303);
            }
            assert_eq!(app.database.number("SELECT COUNT(*) FROM invoice_mails WHERE kind = 'reminder'").await, n);
        }
        app.work().await;
        assert_eq!((app.smtp.count_to("a1@clients.test"), app.smtp.count_to("ines@clients.test")), (3, 3));
    }

    /// Fifty mails to one address and a thousand altogether are what an org may send within a day; the rest is
    /// refused with a word, and nothing of it is written. Other orgs and other addresses notice nothing.
    async fn an_org_is_no_mail_relay(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let (alder, birch) = (owner.clone(), app.member("owner@birch.test").await);
        let remind = async |client: &Client, key: u128, contacts: &[Uuid]| {
            let contacts: Vec<String> = contacts.iter().map(|id| format!("\"{id}\"")).collect();
            let (key, member) = (Uuid::from_u128(key), if client.org_slug == "alder" { &alder } else { &birch });
            let document = format!("mutation {{ teamRemind(id: \"{}\", key: \"{key}\", input: {{ contactIds: [{}] }}) {{ id problems {{ field code }} }} }}", client.open, contacts.join(", "));
            app.team_graphql(member, &document).await["data"]["teamRemind"].clone()
        };
        let too_many = json!([{ "field": "contacts", "code": "TOO_MANY_MAILS_TODAY" }]);
        for key in 1..=50 {
            assert_eq!(remind(&world.a1, key, &[world.a1.contact]).await["problems"], json!([]), "{key}");
        }
        let written = "SELECT COUNT(*) FROM outbox";
        assert_eq!(remind(&world.a1, 51, &[world.a1.contact]).await["problems"], too_many);
        assert_eq!(app.database.number(written).await, 50);
        let draft = ready(&mut owner, world.a1.id).await;
        let form = [("version", "2"), ("contact", &world.a1.contact.to_string())];
        let refused = owner.post(&format!("{draft}/send"), &form).await;
        assert!(refused.status == 422 && refused.body.contains("As many mails as may go out within a day"), "{}", refused.body);
        assert_eq!(owner.post(&format!("{draft}/send"), &form[..1]).await.status, 303, "without a mail it is sent");
        assert_eq!(app.database.number(written).await, 50);
        assert_eq!(remind(&world.a2, 52, &[world.a2.contact]).await["problems"], json!([]));
        assert_eq!(remind(&world.b1, 53, &[world.b1.contact]).await["problems"], json!([]));

        // What was refused counts as well: 947 more are left to this org, and forty others get 24 of them at most.
        let contacts: Vec<Uuid> = (0..40).map(|n| Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + n)).collect();
        for (n, contact) in contacts.iter().enumerate() {
            let (org, client, id) = (app.database.uuid(world.a2.org), app.database.uuid(world.a2.id), app.database.uuid(*contact));
            app.database.execute(&format!("INSERT INTO contacts (org_id, client_id, id, name, email, email_norm, portal_access, created_at) \
                VALUES ({org}, {client}, {id}, 'n', 'n{n}@many.test', 'n{n}@many.test', FALSE, '2026-01-01 00:00:00+00:00')")).await;
        }
        for key in 100..123 {
            assert_eq!(remind(&world.a2, key, &contacts).await["problems"], json!([]), "{key}");
        }
        assert_eq!(remind(&world.a2, 123, &contacts[..27]).await["problems"], json!([]));
        assert_eq!(remind(&world.a2, 124, &contacts[..1]).await["problems"], too_many, "that was the thousandth");
        assert_eq!(remind(&world.b1, 125, &[world.b1.contact]).await["problems"], json!([]));
        app.clock.advance(TimeDelta::days(1));
        assert_eq!(remind(&world.a1, 126, &[world.a1.contact]).await["problems"], json!([]));
        assert_eq!(app.database.number(written).await, 50 + 1 + 23 * 40 + 27 + 2 + 1);
    }

    /// The mail is written with what causes it: a mail server that is away keeps nobody from sending (O3).
    async fn a_mail_server_that_is_away_delays_the_mail_alone(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = ready(&mut owner, world.a1.id).await;
        app.smtp.refuse_with(Some("451 later"));
        assert_eq!(send(&mut owner, &draft, world.a1.contact).await, 303);
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 0);
        app.smtp.refuse_with(None);
        app.clock.advance(TimeDelta::minutes(1));
        app.work().await;
        assert_eq!(app.smtp.count_to("a1@clients.test"), 1);
    }
}
