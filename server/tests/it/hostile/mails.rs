//! Texts that reach the head of a mail, and addresses that mails are sent to (rule O3): whatever they are, what arrives
//! has the headers, the parts and the one recipient that it should have.

use std::collections::BTreeSet;

use mailparse::{MailAddr, MailHeaderMap as _, ParsedMail, addrparse_header, parse_mail};
use postern::login::{Address, mailbox};

use super::texts::{self, LEAST};
use crate::{
    harness::{Browser, Database, Kind, Mail, TestApp, both_databases, proof, rounds},
    world::{PASSWORD, World},
};

const SENDER: &str = "portal@pay.example.test";

/// All texts in the long form; in the short one some, others on each database and in each test.
fn part_of_texts(app: &TestApp, number: u64) -> Vec<String> {
    match (rounds(), app.database.kind) {
        (Some(_), _) => texts::headers(),
        (None, Kind::Sqlite) => texts::some_headers(number, 70),
        (None, Kind::Postgres) => texts::some_headers(number + 1, 35),
    }
}

/// A text as a header shows it: on one line that is not too long, and with nothing in it that is decoded once more.
fn as_read(text: &str) -> String {
    let is_seen =
        |c: char| !(c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
    let text: String = text.chars().take(240).map(|c| if is_seen(c) { c } else { ' ' }).collect();
    words(&text.replace("=?", "= ?"))
}

/// The name that stands before the address in `From`.
fn name_in_from(mail: &Mail) -> String {
    let parsed = parse_mail(mail.raw.as_bytes()).unwrap();
    match &addrparse_header(parsed.headers.get_first_header("From").unwrap()).unwrap()[0] {
        MailAddr::Single(one) => words(one.display_name.as_deref().unwrap_or_default()),
        MailAddr::Group(group) => panic!("From has a group: {group:?}"),
    }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text as a statement has it. No database keeps a NUL in a text.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\0', "").replace('\'', "''"))
}

/// The addresses of a header, which must be there once.
fn addresses(mail: &ParsedMail<'_>, name: &str) -> Vec<String> {
    let header = mail.headers.get_first_header(name).unwrap();
    let parsed = addrparse_header(header).unwrap_or_else(|error| panic!("{name}: {error}"));
    let address = |one: &MailAddr| match one {
        MailAddr::Single(one) => one.addr.clone(),
        MailAddr::Group(group) => panic!("{name} has a group: {group:?}"),
    };
    parsed.iter().map(address).collect()
}

/// The kinds of a mail's parts, from outside in.
fn shape(part: &ParsedMail<'_>) -> String {
    let parts: Vec<String> = part.subparts.iter().map(shape).collect();
    if parts.is_empty() {
        part.ctype.mimetype.clone()
    } else {
        format!("{}({})", part.ctype.mimetype, parts.join(" "))
    }
}

fn names(part: &ParsedMail<'_>) -> Vec<String> {
    let mut names: Vec<String> =
        part.headers.iter().map(|header| header.get_key().to_ascii_lowercase()).collect();
    names.sort();
    names
}

/// What arrived is one mail to one person, as it was composed: envelope, headers, parts.
fn expect_exact(mail: &Mail, why: &str) {
    let parsed = parse_mail(mail.raw.as_bytes()).unwrap();
    assert_eq!(mail.from, SENDER, "{why}");
    assert_eq!(mail.recipients.len(), 1, "{why}: {:?}", mail.recipients);
    let mut expected =
        vec!["auto-submitted", "content-type", "date", "from", "message-id", "mime-version", "subject", "to"];
    let found = names(&parsed);
    if found.contains(&"reply-to".to_owned()) {
        expected.insert(6, "reply-to");
        assert_eq!(addresses(&parsed, "Reply-To").len(), 1, "{why}");
    }
    assert_eq!(found, expected, "{why}: {}", mail.raw);
    assert_eq!(addresses(&parsed, "To"), mail.recipients, "{why}");
    assert_eq!(addresses(&parsed, "From"), [SENDER], "{why}");
    let both = "multipart/alternative(text/plain text/html)";
    let shape = shape(&parsed);
    assert!(shape == both || shape == format!("multipart/mixed({both} application/pdf)"), "{why}: {shape}");
    let mut parts: Vec<&ParsedMail<'_>> = parsed.subparts.iter().collect();
    while let Some(part) = parts.pop() {
        let extra: Vec<String> =
            names(part).into_iter().filter(|name| !name.starts_with("content-")).collect();
        assert_eq!(extra, Vec::<String>::new(), "{why}");
        parts.extend(&part.subparts);
    }
    let head = mail.raw.split("\r\n\r\n").next().unwrap();
    for line in head.split("\r\n") {
        assert!(
            line.len() <= 998 && line.bytes().all(|byte| byte == b'\t' || (32..127).contains(&byte)),
            "{why}: {line:?}"
        );
    }
    for name in ["Subject", "From"] {
        let value = parsed.headers.get_first_value(name).unwrap();
        let reorders =
            |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        assert!(!value.chars().any(reorders), "{why}: {name} {value:?}");
    }
    assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>\r"), "{why}");
}

/// A mail of this kind, as the application writes it into its outbox.
fn outgoing(database: &Database, number: usize, kind: &str, to: &str, payload: &str) -> String {
    let id = uuid::Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + number as u128);
    let id = database.uuid(id);
    format!(
        "INSERT INTO outbox (id, kind, recipient, payload, created_at, run_at, attempts) VALUES \
         ({id}, '{kind}', '{to}', '{payload}', '2026-03-01 00:00:00+00:00', '2026-03-01 00:00:00+00:00', 0);"
    )
}

/// Asks for a link from a browser that says odd things of itself, as far as a header can say them.
async fn ask_oddly(app: &TestApp, text: &str) {
    let mut browser = app.browser();
    browser.get("/portal/login").await;
    for name in ["user-agent", "x-forwarded-for", "accept-language"] {
        if let Ok(value) = axum::http::HeaderValue::from_bytes(text.as_bytes()) {
            browser.headers.insert(name, value);
        }
    }
    assert_eq!(browser.post("/portal/login", &[("email", "a1@clients.test")]).await.status, 303);
}

both_databases! {
    /// The texts stand in the database, past every form: all that a mail is made of.
    async fn what_is_stored_writes_no_header(app: TestApp) {
        /// Statements that put the text where a mail takes it from.
        const FIELDS: [(&str, &str); 9] = [
            ("an org's name", "UPDATE orgs SET name = TEXT"),
            ("an org's address", "UPDATE orgs SET email = TEXT"),
            ("a client's name", "UPDATE clients SET name = TEXT"),
            ("a contact's name", "UPDATE contacts SET name = TEXT"),
            ("a person's name", "UPDATE persons SET name = TEXT"),
            ("an invoice's number", "UPDATE invoices SET number = TEXT WHERE title = 'CANARY-a1 title 0'"),
            ("an invoice's reference", "UPDATE invoices SET reference = TEXT, notes = TEXT"),
            ("a message", "UPDATE invoice_mails SET message = TEXT"),
            ("the name of an org that is to be", "UPDATE team_tokens SET org_name = TEXT, person_name = TEXT"),
        ];
        let world = World::fill(&app).await;
        app.database.execute("UPDATE checkouts SET state = 'paid'; UPDATE orgs SET plan = 'agency'").await;
        let mail = uuid::Uuid::from_u128(world.a1.id.as_u128() + 0x41);
        let mut owner = app.member("owner@alder.test").await;
        let form = [("name", "x"), ("orgName", "x"), ("email", "new@x.test"), ("password", PASSWORD)];
        let texts = part_of_texts(&app, 0);
        let (mut checked, mut in_from, mut in_subject, mut in_both) = (0, 0, 0, 0);
        for (number, text) in texts.iter().enumerate() {
            app.clock.advance(chrono::TimeDelta::hours(1));
            if number % 300 == 0 {
                owner = app.member("owner@alder.test").await;
            }
            owner.post("/app/settings/members", &[("email", &format!("m{number}@x.test")), ("role", "member")]).await;
            app.browser().post("/app/sign-up", &form).await;
            ask_oddly(&app, text).await;
            let mut sql: String = FIELDS.iter().map(|(_, sql)| sql.replace("TEXT", &quoted(text)) + ";").collect();
            sql.push_str(&outgoing(&app.database, number * 3, "invoice", "a1@clients.test", &mail.to_string()));
            sql.push_str(&outgoing(&app.database, number * 3 + 1, "payment_receipt", "a1@clients.test", &world.a1.checkout.to_string()));
            sql.push_str(&outgoing(&app.database, number * 3 + 2, "payment_notice", "hello@alder.test", &world.a1.checkout.to_string()));
            app.database.execute(&sql).await;
            app.work().await;
            let mails = app.smtp.mails();
            let sent: BTreeSet<&str> = mails[checked..].iter().map(|mail| mail.to.as_str()).collect();
            let member = format!("m{number}@x.test");
            assert_eq!(sent, BTreeSet::from(["a1@clients.test", "hello@alder.test", &member]), "{text:?}");
            assert_eq!(mails.len() - checked, 5, "{text:?}: {sent:?}");
            for mail in &mails[checked..] {
                expect_exact(mail, text);
            }
            let kept = text.replace('\0', "");
            let (name, about) = (as_read(&kept), as_read(&format!("Your sign-in link for {kept}")));
            let from = mails[checked..].iter().any(|mail| name_in_from(mail) == name);
            let subject = mails[checked..].iter().any(|mail| words(&mail.header("Subject")) == about);
            assert!(from || subject, "{text:?} has come to no header");
            in_from += usize::from(from);
            in_subject += usize::from(subject);
            in_both += usize::from(from && subject);
            checked = mails.len();
        }
        assert!(texts.len() >= LEAST || rounds().is_none(), "{}", texts.len());
        proof(
            &format!("Texts in what mails are made of ({:?}): headers, parts and recipient are exact", app.database.kind),
            &format!(
                "{} texts, all different, each in {} fields: read in From {in_from}, in Subject {in_subject}, in both {in_both}; {checked} mails",
                texts.len(),
                FIELDS.len(),
            ),
        );
    }

    /// The same through the forms: what would end a line is refused, the rest stays a text.
    async fn no_form_takes_what_would_end_a_line(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let client = world.a1.id;
        let (contacts, edit) = (format!("/app/clients/{client}/contacts/new"), format!("/app/clients/{client}/edit"));
        let (texts, mut tried, mut taken) = (part_of_texts(&app, 2), 0, 0);
        for text in &texts {
            let breaks = text.trim().chars().any(|c| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
            let text = text.as_str();
            let version = app.database.number("SELECT version FROM orgs WHERE slug = 'alder'").await.to_string();
            let settings = |field: &'static str| {
                let mut form = vec![("locale", "en-GB"), ("timeZone", "Europe/Berlin"), ("accent", "#1f5f4a"), ("version", &version)];
                form.extend([("name", "Alder Works"), ("email", "hello@alder.test")].into_iter().filter(|(name, _)| *name != field));
                form.push((field, text));
                form
            };
            for (path, form) in [
                ("/app/settings", settings("invoicePrefix")),
                ("/app/settings", settings("taxId")),
                ("/app/settings", settings("email")),
                ("/app/account/name", vec![("name", text)]),
                ("/app/sign-up", vec![("name", text), ("orgName", "x"), ("email", "n@x.test"), ("password", "short")]),
                ("/app/orgs/new", vec![("name", text)]),
                ("/app/clients/new", vec![("name", text), ("currency", "EUR")]),
                (&edit, vec![("name", text), ("currency", "EUR"), ("version", "1")]),
                (&contacts, vec![("name", text), ("email", "c@x.test")]),
                ("/app/settings", settings("name")),
            ] {
                let page = owner.post(path, &form).await;
                assert!(page.status == 303 || page.status == 422 || page.status == 403, "{path} {text:?}: {} {}", page.status, page.body);
                assert!(page.status != 303 || !breaks, "{path} has taken {text:?}");
                tried += 1;
                taken += usize::from(page.status == 303);
            }
        }
        let sql = "SELECT name FROM orgs UNION SELECT name FROM clients UNION SELECT name FROM contacts UNION SELECT name FROM persons UNION SELECT invoice_prefix FROM orgs";
        for kept in app.database.texts(sql).await {
            assert!(!kept.contains(['\r', '\n', '\u{85}', '\u{2028}']), "{kept:?}");
        }
        app.ask(&mut app.browser(), "a1@clients.test").await;
        app.smtp.mails().iter().for_each(|mail| expect_exact(mail, "after all of them"));
        proof(&format!("Texts for mail headers, by forms ({:?})", app.database.kind), &format!("{} texts, all different, {tried} posts, {taken} taken, none with the end of a line", texts.len()));
    }
}

/// The places in an address at which a text can be put.
fn placed(text: &str) -> [String; 4] {
    [
        format!("a1@clients.test{text}"),
        format!("{text}a1@clients.test"),
        format!("a1{text}@clients.test"),
        format!("a1@clients{text}.test"),
    ]
}

/// Posts an address to each form that mails, as whoever may.
async fn post_everywhere(app: &TestApp, owner: &mut Browser, address: &str, with_password: bool) -> usize {
    let mut tried = 0;
    let mut forms = vec![
        ("/portal/login", vec![("email", address), ("next", "/portal/invoices")]),
        ("/portal/alder/login", vec![("email", address)]),
        ("/app/forgot", vec![("email", address)]),
        ("/app/settings/members", vec![("email", address), ("role", "member")]),
    ];
    if with_password {
        forms.push(("/app/account/email", vec![("email", address), ("password", PASSWORD)]));
        let form = vec![("name", "x"), ("orgName", "x"), ("email", address), ("password", PASSWORD)];
        forms.push(("/app/sign-up", form));
    }
    for (path, form) in forms {
        let browser = if path.starts_with("/app/s") || path.contains("account") {
            &mut *owner
        } else {
            &mut app.browser()
        };
        let page = browser.post(path, &form).await;
        assert!(matches!(page.status, 303 | 422), "{path} {address:?}: {} {}", page.status, page.body);
        tried += 1;
    }
    tried
}

/// Addresses with more in them than an address: mail goes to nobody, or to exactly what the whole of it names.
#[tokio::test]
async fn an_address_is_one_recipient_or_none() {
    let kind = if Kind::postgres_is_there() { Kind::Postgres } else { Kind::Sqlite };
    let app = TestApp::start_with(kind, &[("SIGN_UP", "open")]).await;
    World::fill(&app).await;
    let mut owner = app.member("owner@alder.test").await;
    let texts = part_of_texts(&app, 4);
    let (mut tried, mut checked) = (0, 0);
    for text in &texts {
        let mut allowed: BTreeSet<String> =
            ["a1@clients.test", "owner@alder.test", "hello@alder.test"].map(str::to_owned).into();
        for (place, address) in placed(text).into_iter().enumerate() {
            app.clock.advance(chrono::TimeDelta::hours(1));
            if Address::parse(&address).is_ok() {
                allowed.insert(mailbox(address.trim()));
            }
            if owner.get("/app/account").await.status != 200 {
                owner = app.member("owner@alder.test").await;
            }
            tried += post_everywhere(&app, &mut owner, &address, place == 0).await;
            app.work().await;
        }
        let mails = app.smtp.mails();
        for mail in &mails[checked..] {
            expect_exact(mail, text);
            assert!(allowed.contains(&mail.to), "{text:?}: a mail to {:?}", mail.to);
            assert!(
                !mail.to.contains("evil.test") || !mail.to.starts_with("evil"),
                "{text:?}: {:?}",
                mail.to
            );
        }
        checked = mails.len();
    }
    proof(
        "Addresses with more in them, in six forms: no mail to anybody else",
        &format!(
            "{} texts, all different, each at four places of an address: {tried} posts, {checked} mails",
            texts.len()
        ),
    );
}
