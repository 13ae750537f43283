//! Addresses that collide (rules L1, L4, L6, T1): a link goes to the address that is stored and to no other, whatever was
//! typed, and two addresses are one only where no mail server could tell them apart, or by the case of ASCII's letters.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use postern::login::{Address, mailbox};

use super::{
    lookalikes::{Is, Pair, STORED, pairs},
    part_of,
};
use crate::{
    harness::{Browser, Kind, Mail, TestApp, both_databases, proof},
    world::{PASSWORD, World},
};

/// As many there are at least.
const LEAST: usize = 300;

/// The mails that have come since there were so many.
fn since(app: &TestApp, before: usize) -> Vec<Mail> {
    app.smtp.mails().split_off(before)
}

async fn add_contact(app: &TestApp, owner: &str, client: uuid::Uuid, email: &str) -> u16 {
    let mut owner = app.member(owner).await;
    let path = format!("/app/clients/{client}/contacts/new");
    owner.post(&path, &[("name", "Contact"), ("email", email), ("portalAccess", "on")]).await.status
}

async fn add(browser: &mut Browser, path: &str, form: Vec<(&str, String)>) -> u16 {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    browser.post(path, &form).await.status
}

both_databases! {
    /// Whoever types what looks like a contact's address gets nothing, and the contact gets nothing of it. What is the
    /// same address leads to a mail to the address as it is stored.
    async fn a_link_goes_to_the_address_that_is_stored(app: TestApp) {
        let world = World::fill(&app).await;
        app.smtp.take_unicode();
        for stored in STORED {
            assert_eq!(add_contact(&app, "owner@alder.test", world.a1.id, stored).await, 303, "{stored}");
        }
        app.database.execute("UPDATE contacts SET portal_access = TRUE").await;
        let pairs = pairs();
        let distinct: BTreeSet<&str> = pairs.iter().map(|pair| pair.typed.as_str()).collect();
        assert!(distinct.len() >= LEAST, "{}", distinct.len());
        let (mut tried, mut same, mut refused) = (0, 0, 0);
        for Pair { stored, typed, is } in part_of(&app, &pairs) {
            app.clock.advance(TimeDelta::minutes(11));
            tried += 1;
            let before = app.smtp.mails().len();
            let answer = app.browser().post("/portal/login", &[("email", typed)]).await;
            assert!(matches!(answer.status, 303 | 422), "{typed:?}: {}", answer.status);
            refused += usize::from(answer.status == 422);
            app.work().await;
            let to: Vec<String> = since(&app, before).into_iter().flat_map(|mail| mail.recipients).collect();
            match is {
                Is::Same => {
                    assert_eq!(to, [mailbox(stored)], "{typed:?}");
                    same += 1;
                }
                Is::Other => assert_eq!(to, Vec::<String>::new(), "{typed:?} for {stored:?}"),
            }
        }
        proof(
            &format!("Addresses that look or fold alike ({:?}): mail goes to the stored one alone", app.database.kind),
            &format!("{tried} typed for {} stored: {same} the same, {} another or none, of which {refused} are no address", STORED.len(), tried - same),
        );
    }

    /// Two contacts whose addresses look alike stay two: each has its own links, to its own address.
    async fn two_that_look_alike_stay_two(app: TestApp) {
        let world = World::fill(&app).await;
        app.smtp.take_unicode();
        let mut alder = app.member("owner@alder.test").await;
        let mut birch = app.member("owner@birch.test").await;
        let form = |email: &str| vec![("name", "Contact".to_owned()), ("email", email.to_owned())];
        let path = |client: uuid::Uuid| format!("/app/clients/{client}/contacts/new");
        for stored in STORED {
            assert_eq!(add(&mut alder, &path(world.a1.id), form(stored)).await, 303);
        }
        let mut known: BTreeSet<String> = STORED.iter().map(|stored| Address::parse(stored).unwrap().as_str().to_owned()).collect();
        let mut two = vec![];
        for pair in pairs().into_iter().filter(|pair| pair.is == Is::Other) {
            if Address::parse(&pair.typed).is_ok_and(|address| known.insert(address.as_str().to_owned())) {
                let status = add(&mut birch, &path(world.b1.id), form(&pair.typed)).await;
                assert_eq!(status, 303, "{:?}", pair.typed);
                two.push(pair);
            }
        }
        app.database.execute("UPDATE contacts SET portal_access = TRUE").await;
        assert!(two.len() >= 100, "{}", two.len());
        for pair in &two {
            app.clock.advance(TimeDelta::minutes(11));
            for (typed, org, client) in [(pair.typed.as_str(), "Birch & Sons", "CANARY-b1"), (pair.stored, "Alder Works", "CANARY-a1")] {
                let before = app.smtp.mails().len();
                app.browser().post("/portal/login", &[("email", typed)]).await;
                app.work().await;
                let mails = since(&app, before);
                assert_eq!(mails.len(), 1, "{typed:?}");
                assert_eq!(mails[0].recipients, [mailbox(typed)], "{typed:?}");
                assert!(mails[0].links().len() == 1 && mails[0].text.contains(org) && mails[0].text.contains(client), "{typed:?}: {}", mails[0].text);
            }
        }
        proof(&format!("Contacts whose addresses look alike stay two ({:?})", app.database.kind), &format!("{} pairs", two.len()));
    }

    /// Two orgs have written one address in two ways, and a mail server may tell them apart: each way gets the links
    /// of those who wrote it so, and a code that leads to no other.
    async fn one_address_in_two_spellings_gets_two_mails(app: TestApp) {
        let world = World::fill(&app).await;
        let spell = async |client: uuid::Uuid, email: &str| {
            let client = app.database.uuid(client);
            let sql = format!("UPDATE contacts SET email = '{email}', email_norm = 'ines@clients.test' WHERE client_id = {client}");
            app.database.execute(&sql).await;
        };
        spell(world.a1.id, "INES@clients.test").await;
        spell(world.a2.id, "ines@clients.test").await;
        spell(world.b1.id, "ines@CLIENTS.test").await;
        let mut browser = app.browser();
        browser.get("/portal/login").await;
        browser.post("/portal/login", &[("email", "Ines@clients.test"), ("next", "/portal/payments")]).await;
        app.work().await;
        let mails = app.smtp.mails();
        let of = |to: &str| mails.iter().find(|mail| mail.recipients == [to]).unwrap_or_else(|| panic!("a mail to {to}"));
        let (loud, plain) = (of("INES@clients.test"), of("ines@clients.test"));
        assert_eq!((mails.len(), loud.links().len(), plain.links().len()), (2, 1, 2));
        assert!(loud.text.contains("CANARY-a1") && !loud.text.contains("CANARY-a2") && !loud.text.contains("CANARY-b1"));
        assert!(!plain.text.contains("CANARY-a1") && plain.text.contains("CANARY-a2") && plain.text.contains("CANARY-b1"));
        assert_ne!(loud.code(), plain.code());
        let mut copy = browser.clone();
        let chooser = copy.post("/portal/login/code", &[("code", &plain.code())]).await.body;
        assert!(chooser.contains("CANARY-a2") && chooser.contains("CANARY-b1") && !chooser.contains("CANARY-a1"), "{chooser}");
        let entered = browser.post("/portal/login/code", &[("code", &loud.code())]).await;
        assert_eq!((entered.status, entered.header("location")), (303, "/portal/payments"));
        let home = browser.get("/portal").await.body;
        assert!(home.contains("CANARY-a1") && !home.contains("CANARY-a2"), "{home}");
    }
}

/// The same for members: a new password is mailed to the address that the person has, a sign-up proves the address that
/// was typed, and no password opens another's account.
#[tokio::test]
async fn a_members_link_goes_to_the_address_that_is_stored() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        if kind == Kind::Sqlite || Kind::postgres_is_there() {
            let app = TestApp::start_with(kind, &[("SIGN_UP", "open")]).await;
            members(&app).await;
        }
    }
}

async fn members(app: &TestApp) {
    World::fill(app).await;
    app.smtp.take_unicode();
    let mut stored = "";
    let mut tried = 0;
    for (number, pair) in part_of(app, &pairs()).enumerate() {
        app.clock.advance(TimeDelta::hours(2));
        if pair.stored != stored {
            stored = pair.stored;
            let norm = Address::parse(stored).unwrap().as_str().to_owned();
            let sql = format!(
                "UPDATE persons SET email = '{stored}', email_norm = '{norm}' WHERE name = 'Owner of alder'"
            );
            app.database.execute(&sql).await;
        }
        let typed = pair.typed.as_str();
        let before = app.smtp.mails().len();
        let asked = app.browser().post("/app/forgot", &[("email", typed)]).await.status;
        assert!(matches!(asked, 303 | 422), "{typed:?}: {asked}");
        app.work().await;
        let mails = since(app, before);
        let to: Vec<String> = mails.iter().flat_map(|mail| mail.recipients.clone()).collect();
        let expected = if pair.is == Is::Same { vec![mailbox(stored)] } else { vec![] };
        assert_eq!(to, expected, "a new password for {typed:?}");
        let entered =
            app.browser().post("/app/login", &[("email", typed), ("password", PASSWORD)]).await.status;
        assert_eq!(entered, if pair.is == Is::Same { 303 } else { 422 }, "{typed:?}");
        // A sign-up costs a hash: every fourth.
        if number % 4 == 0 && asked == 303 {
            let before = app.smtp.mails().len();
            let form = [("name", "New"), ("orgName", "New"), ("email", typed), ("password", PASSWORD)];
            assert_eq!(app.browser().post("/app/sign-up", &form).await.status, 303, "{typed:?}");
            app.work().await;
            let mails = since(app, before);
            assert_eq!(mails.len(), 1, "{typed:?}");
            let is_new = pair.is == Is::Other;
            assert_eq!(
                mails[0].recipients,
                [mailbox(if is_new { typed } else { stored })],
                "a sign-up with {typed:?}"
            );
            assert_eq!(mails[0].text.contains("/app/sign-up/"), is_new, "{typed:?}: {}", mails[0].text);
        }
        tried += 1;
    }
    assert!(tried >= LEAST || app.database.kind == Kind::Postgres, "{tried}");
    proof(
        &format!(
            "Members' addresses that look or fold alike ({:?}): new password, sign-in, sign-up",
            app.database.kind
        ),
        &format!("{tried} typed for {} stored, no mail and no door but the stored one's", STORED.len()),
    );
}
