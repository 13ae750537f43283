//! Clients and contacts from a file (rules T2, O6): what is seen before is what is made, all of it or nothing.

use axum::{body::Body, http::Method};
use postern::store::testing::statements;

use crate::{
    harness::{Browser, PUBLIC_URL, Page, TestApp, both_databases},
    world::World,
};

const PATH: &str = "/app/clients/import";

/// Three clients with three contacts, as a spreadsheet of the continent writes them.
const LIST: &str = "Client;Contact;E-mail;Portal access;Address;Tax id;Currency;Language\r\n\
    Lighthouse;Ada Keeper;ada@lighthouse.test;yes;\"1 Pier\r\nWhitby\";GB 7;gbp;en-GB\r\n\
    Weaver & Loom;;;;;;;\r\n\
    LIGHTHOUSE;Ines Keeper;Ines@Lighthouse.test;no;;;;\r\n\
    =Norra;Bo;bo@norra.test;;;;;\r\n";

/// What stands in a form.
#[derive(Clone, Copy, Default)]
struct Form<'a> {
    file: Option<&'a [u8]>,
    text: &'a str,
    act: &'a str,
    fingerprint: &'a str,
}

async fn send(browser: &mut Browser, form: Form<'_>) -> Page {
    const BOUNDARY: &str = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
    let part = |name: &str, rest: &str| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{rest}\r\n\r\n").into_bytes()
    };
    let mut body = vec![];
    for (name, value) in
        [("fingerprint", form.fingerprint), ("text", form.text), ("currency", "EUR"), ("act", form.act)]
    {
        body.extend(part(name, ""));
        body.extend([value.as_bytes(), b"\r\n"].concat());
    }
    // A browser sends the field of a file that nobody has chosen, too.
    body.extend(part("file", "; filename=\"clients.csv\"\r\nContent-Type: text/csv"));
    body.extend(form.file.unwrap_or_default());
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").bytes());
    let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers =
        [("origin", PUBLIC_URL), ("sec-fetch-site", "same-origin"), ("content-type", content_type.as_str())];
    browser.request(Method::POST, PATH, &headers, Body::from(body)).await
}

/// Checks a text that is fine; gives what stands for it.
async fn checked(browser: &mut Browser, text: &str) -> String {
    let page = send(browser, Form { text, act: "check", ..Form::default() }).await;
    assert_eq!(page.status, 200, "{}", page.body);
    fingerprint(&page).unwrap_or_else(|| panic!("{}", page.body))
}

fn fingerprint(page: &Page) -> Option<String> {
    let (_, rest) = page.body.split_once("name=\"fingerprint\" value=\"")?;
    Some(rest.split('"').next()?.to_owned())
}

async fn import(browser: &mut Browser, text: &str) -> Page {
    let fingerprint = checked(browser, text).await;
    send(browser, Form { text, act: "import", fingerprint: &fingerprint, ..Form::default() }).await
}

/// How many clients, contacts and rows of the log there are.
async fn counts(app: &TestApp) -> (i64, i64, i64) {
    let count = async |table: &str| app.database.number(&format!("SELECT COUNT(*) FROM {table}")).await;
    (count("clients").await, count("contacts").await, count("activity").await)
}

both_databases! {
    /// A list is seen first, written by the button alone, and is then as if it had been typed by hand.
    async fn a_list_is_seen_and_then_imported(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let before = counts(&app).await;
        assert!(browser.get("/app/clients").await.body.contains(PATH));
        assert_eq!(browser.get(PATH).await.status, 200);
        let page = send(&mut browser, Form { text: LIST, act: "check", ..Form::default() }).await;
        assert!(page.status == 200 && page.body.contains("3 new clients and 3 contacts will be added."), "{}", page.body);
        assert!(page.body.contains("value=\"import\"") && page.body.contains("Whitby"), "{}", page.body);
        assert_eq!(counts(&app).await, before);

        let answer = import(&mut browser, LIST).await;
        assert_eq!((answer.status, answer.header("location")), (303, "/app/clients?imported"), "{}", answer.body);
        assert!(browser.get("/app/clients?imported").await.body.contains("role=\"status\""));
        let clients = "SELECT name || '|' || currency || '|' || COALESCE(locale, '') || '|' || address || '|' || tax_id || '|' || search_text \
            FROM clients WHERE name NOT LIKE 'CANARY%' ORDER BY id";
        assert_eq!(app.database.texts(clients).await, [
            "Lighthouse|GBP|en-GB|1 Pier\nWhitby|GB 7|lighthouse\ngb 7",
            "Weaver & Loom|EUR||||weaver & loom",
            "=Norra|EUR||||=norra",
        ]);
        let contacts = "SELECT name || '|' || email || '|' || email_norm FROM contacts WHERE email_norm NOT LIKE '%clients.test' ORDER BY id";
        assert_eq!(app.database.texts(contacts).await, [
            "Ada Keeper|ada@lighthouse.test|ada@lighthouse.test",
            "Ines Keeper|Ines@Lighthouse.test|ines@lighthouse.test",
            "Bo|bo@norra.test|bo@norra.test",
        ]);
        let log = "SELECT kind || '|' || actor_name || '|' || detail FROM activity WHERE kind LIKE 'client%' OR kind LIKE 'contact%' ORDER BY id";
        let log: Vec<String> = app.database.texts(log).await;
        let kinds: Vec<&str> = log.iter().map(|row| row.split('|').next().unwrap()).collect();
        assert_eq!(kinds, [
            "client.added", "contact.added", "contact.portal_access_on", "contact.added", "client.added", "client.added",
            "contact.added", "clients.imported",
        ]);
        assert!(log[7].ends_with("|3 clients, 3 contacts") && !log[7].contains("||"), "{log:?}");
        let page = browser.get("/app/activity?topic=clients").await.body;
        assert!(page.contains("imported clients") && page.contains("3 clients, 3 contacts"), "{page}");

        app.work().await;
        assert_eq!(app.smtp.count_to("ada@lighthouse.test"), 0, "nobody is mailed");
        let page = app.signed_in("ada@lighthouse.test").await.get("/portal").await;
        assert!(page.status == 200 && page.body.contains("Lighthouse"), "{}", page.body);
        app.browser().post("/portal/login", &[("email", "bo@norra.test")]).await;
        app.work().await;
        assert_eq!(app.smtp.count_to("bo@norra.test"), 0, "access that is not given is not there");
    }

    /// The button pressed twice, one press after the other or both at once, imports once and frightens nobody.
    async fn a_list_that_is_sent_again_is_imported_once(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let fingerprint = checked(&mut browser, LIST).await;
        let form = Form { text: LIST, act: "import", fingerprint: &fingerprint, ..Form::default() };
        let (mut first, mut second) = (browser.clone(), browser.clone());
        let (one, other) = tokio::join!(send(&mut first, form), send(&mut second, form));
        let late = send(&mut browser, form).await;
        for answer in [one, other, late] {
            assert_eq!((answer.status, answer.header("location")), (303, "/app/clients?imported"), "{}", answer.body);
        }
        let (clients, contacts, _) = counts(&app).await;
        assert_eq!((clients, contacts), (4 + 3, 4 + 3));
        assert_eq!(app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'clients.imported'").await, 1);
        let page = send(&mut browser, Form { text: LIST, act: "check", ..Form::default() }).await;
        assert!(page.status == 200 && page.body.contains("All of it is there already"), "{}", page.body);
        assert!(!page.body.contains("value=\"import\""), "{}", page.body);
    }

    /// As long as one row is wrong there is no button, nothing is written, and what was typed is still there.
    async fn with_one_row_wrong_nothing_is_imported(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let before = counts(&app).await;
        let text = LIST.replace("bo@norra.test", "bo at <b>norra</b>") + "Pier;\u{202e};x@pier.test;maybe\r\n";
        let page = send(&mut browser, Form { text: &text, act: "check", ..Form::default() }).await;
        assert_eq!(page.status, 422);
        for words in ["2 rows of 5 cannot be imported yet", "does not look like an e-mail", "neither yes nor no", "cannot be seen"] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(page.body.contains("href=\"#row-6\"") && page.body.contains("id=\"row-6\""), "the row as a spreadsheet counts: {}", page.body);
        assert!(page.body.contains("bo at &lt;b&gt;norra") && !page.body.contains("<b>norra"), "{}", page.body);
        assert!(!page.body.contains("value=\"import\"") && fingerprint(&page).is_none(), "{}", page.body);
        let forged = Form { text: &text, act: "import", fingerprint: "0", ..Form::default() };
        assert_eq!(send(&mut browser, forged).await.status, 422);
        assert_eq!(counts(&app).await, before);
        // Corrected in the field, it goes.
        assert_eq!(import(&mut browser, LIST).await.status, 303);
    }

    /// What is imported is what was seen: not another text, and not what it has come to since.
    async fn what_was_not_seen_is_not_imported(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let before = counts(&app).await;
        let seen = checked(&mut browser, LIST).await;
        let other = LIST.replace("Weaver", "Wever");
        let page = send(&mut browser, Form { text: &other, act: "import", fingerprint: &seen, ..Form::default() }).await;
        assert!(page.status == 422 && page.body.contains("Something has changed") && page.body.contains("Wever"), "{}", page.body);
        let file = Form { file: Some(LIST.as_bytes()), text: LIST, act: "import", fingerprint: &seen };
        assert_eq!(send(&mut browser, file).await.status, 200, "a file is looked at first");
        assert_eq!(counts(&app).await, before);

        browser.post("/app/clients/new", &[("name", "Lighthouse"), ("currency", "EUR")]).await;
        let form = Form { text: LIST, act: "import", fingerprint: &seen, ..Form::default() };
        let page = send(&mut browser, form).await;
        assert!(page.status == 422 && page.body.contains("New contact of a client you have"), "{}", page.body);
        assert_eq!(counts(&app).await.0, before.0 + 1);
        let now = fingerprint(&page).unwrap();
        assert_eq!(send(&mut browser, Form { fingerprint: &now, ..form }).await.status, 303);
        assert_eq!(counts(&app).await.0, before.0 + 3, "what was there got the contacts");
    }

    /// A client that is there gets the contacts it lacks, and stays as it is; in the archive it gets none.
    async fn a_client_that_is_there_stays_as_it_is(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        assert_eq!(import(&mut browser, LIST).await.status, 303);
        let row = "SELECT name || currency || address || tax_id || version FROM clients WHERE name = 'Lighthouse'";
        let before = app.database.texts(row).await;
        let more = "client,contact,email,currency,tax id\nlighthouse,Ada,ADA@lighthouse.test,USD,X\nlighthouse,Sol,sol@lighthouse.test,USD,X";
        let page = send(&mut browser, Form { text: more, act: "check", ..Form::default() }).await;
        assert!(page.body.contains("No new clients and 1 contact will be added. 1 row is there already."), "{}", page.body);
        assert_eq!(import(&mut browser, more).await.status, 303);
        assert_eq!(app.database.texts(row).await, before);
        assert_eq!(app.database.texts("SELECT name FROM contacts WHERE email_norm LIKE '%@lighthouse.test' ORDER BY id").await, ["Ada Keeper", "Ines Keeper", "Sol"]);
        app.database.execute("UPDATE clients SET archived_at = created_at WHERE name = 'Lighthouse'").await;
        let page = send(&mut browser, Form { text: more, act: "check", ..Form::default() }).await;
        assert!(page.status == 422 && page.body.contains("in the archive"), "{}", page.body);
    }

    /// The clients of another org are nobody here, whatever they are called.
    async fn another_orgs_clients_are_nobody_here(app: TestApp) {
        let world = World::fill(&app).await;
        let theirs = app.database.texts(&format!("SELECT name FROM clients WHERE id = {}", app.database.uuid(world.b1.id))).await.remove(0);
        let mut browser = app.member("owner@alder.test").await;
        let text = format!("Client,Contact,Email,Portal access\n{theirs},Evil,b1@clients.test,yes");
        let page = send(&mut browser, Form { text: &text, act: "check", ..Form::default() }).await;
        assert!(page.body.contains("1 new client and 1 contact will be added."), "{}", page.body);
        assert_eq!(import(&mut browser, &text).await.status, 303);
        let theirs = format!("SELECT COUNT(*) FROM contacts WHERE org_id = {}", app.database.uuid(world.b1.org));
        assert_eq!(app.database.number(&theirs).await, 2);
    }

    /// Files of other programs are read where that is sure, and refused with a way out where it is not.
    async fn a_file_is_read_or_refused_with_a_way_out(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let text = "Client\tE-mail\nCafé Ñandú\tcafe@nandu.test\n";
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let utf8 = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        for file in [&utf16, &utf8] {
            let page = send(&mut browser, Form { file: Some(file), act: "check", ..Form::default() }).await;
            assert!(page.status == 200 && page.body.contains("Café Ñandú") && page.body.contains("1 new client and 1 contact"), "{}", page.body);
        }
        let latin: Vec<u8> = text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
        let page = send(&mut browser, Form { file: Some(&latin), text: "kept as typed", act: "check", ..Form::default() }).await;
        assert!(page.status == 422 && page.body.contains("CSV UTF-8") && page.body.contains("kept as typed"), "{}", page.body);
        let rows = "Client\n".to_owned() + &"x\n".repeat(2_001);
        let wide = "Client\n".to_owned() + &"x".repeat(1024 * 1024);
        let huge = vec![b'x'; 5 * 1024 * 1024];
        for (file, words) in [
            (&b"Email\na@b.test"[..], "No column is for the client"),
            (b"Client,Company\na,b", "one column too many"),
            (b"Client,Email\n", "nothing to import"),
            (rows.as_bytes(), "more than 2000 rows"),
            (wide.as_bytes(), "too large"),
            (&huge, "too large"),
        ] {
            let page = send(&mut browser, Form { file: Some(file), act: "check", ..Form::default() }).await;
            assert!((page.status == 422 || page.status == 413) && page.body.contains(words), "{words}: {} {}", page.status, page.body);
        }
        assert_eq!(send(&mut browser, Form { act: "check", ..Form::default() }).await.status, 422, "neither file nor text");
        let ignored = "Client,Phone,<script>\nA,1,2";
        let page = send(&mut browser, Form { text: ignored, act: "check", ..Form::default() }).await;
        assert!(page.status == 200 && page.body.contains("“Phone”, “&lt;script&gt;”"), "{}", page.body);
    }

    /// The template says what the columns are, and is understood.
    async fn the_template_is_understood(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let file = browser.get("/app/clients/import/template.csv").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(file.body, "Client,Contact,E-mail,Portal access,Address,Tax id,Currency,Language\r\n");
        let filled = file.body + "Pier,Ada,ada@pier.test,yes,1 Pier,GB 1,GBP,en-GB\r\n";
        let page = send(&mut browser, Form { text: &filled, act: "check", ..Form::default() }).await;
        assert!(page.status == 200 && !page.body.contains("Passed over"), "{}", page.body);
        assert_eq!(app.browser().get("/app/clients/import/template.csv").await.status, 303, "for members");
    }

    /// Whoever may add a client may import some.
    async fn every_role_may_import(app: TestApp) {
        World::fill(&app).await;
        for role in ["member", "admin", "owner"] {
            app.database.execute(&format!("UPDATE members SET role = '{role}'")).await;
            let mut browser = app.member("owner@alder.test").await;
            assert_eq!(import(&mut browser, &format!("Client\nOf the {role}")).await.status, 303, "{role}");
        }
        assert_eq!(app.database.number("SELECT COUNT(*) FROM clients WHERE name LIKE 'Of the %'").await, 3);
    }

    /// Two thousand rows cost a few statements more than two.
    async fn two_thousand_rows_cost_few_statements(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let list = |count: usize| {
            let rows = (0..count).map(|n| format!("Client {count} {n},Ada,ada{n}@x{count}.test,yes\n"));
            "Client,Contact,Email,Portal access\n".to_owned() + &rows.collect::<String>()
        };
        let (few, many) = (list(2), list(2_000));
        let mut cost = vec![];
        for text in [&few, &many] {
            let before = statements();
            let fingerprint = checked(&mut browser, text).await;
            let form = Form { text, act: "import", fingerprint: &fingerprint, ..Form::default() };
            let after_check = statements();
            assert_eq!(send(&mut browser, form).await.status, 303);
            cost.push((after_check - before, statements() - after_check));
        }
        assert!(cost[0].0 == cost[1].0 && cost[1].1 < cost[0].1 + 20, "{cost:?}");
        assert_eq!(app.database.number("SELECT COUNT(*) FROM contacts WHERE email_norm LIKE '%@x2000.test'").await, 2_000);
    }

    /// Whatever bytes come, nothing falls over, and nothing is written without having been seen.
    async fn whatever_is_sent_is_answered_and_writes_nothing(app: TestApp) {
        World::fill(&app).await;
        let mut browser = app.member("owner@alder.test").await;
        let before = counts(&app).await;
        let mut random = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = move |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random % 1_000_003).unwrap() % below
        };
        let pieces: [&[u8]; 16] = [
            b"Client", b"E-mail", b",", b";", b"\t", b"\n", b"\r\n", b"\"", b"\"\"", b"a@b.test", b"yes", b"=1", "é\u{202e}🦉".as_bytes(), b"\xff", b"\0", b"'",
        ];
        for n in 0..150 {
            let mut file: Vec<u8> = if n % 3 == 0 { vec![] } else { b"Client,Contact,Email,Portal\n".to_vec() };
            for _ in 0..next(40) {
                match next(8) {
                    0 => file.push(u8::try_from(next(256)).unwrap()),
                    _ => file.extend(pieces[next(pieces.len())]),
                }
            }
            let text = String::from_utf8_lossy(&file).replace("\r\n--", "");
            for form in [
                Form { file: Some(&file), act: "import", fingerprint: "x", ..Form::default() },
                Form { text: &text, act: "import", fingerprint: "x", ..Form::default() },
            ] {
                let page = send(&mut browser, form).await;
                assert!(matches!(page.status, 200 | 422), "{}: {file:?}", page.status);
            }
        }
        assert_eq!(counts(&app).await, before);
    }
}
