//! Statements of account and receipts (P1): the page, the PDF and the file for spreadsheets say the same, and the same
//! to client and team.

use std::fmt::Write as _;

use crate::{
    harness::{Browser, TestApp, both_databases},
    paper::{pdf, text_of},
    world::{Client, OUTSTANDING, World},
};

const FEBRUARY: &str = "from=2026-02-01&to=2026-02-28";

async fn csv(browser: &mut Browser, path: &str) -> String {
    let page = browser.get(path).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/csv; charset=utf-8; header=present"),
        "{path}"
    );
    page.body
}

/// A second currency, and what takes payments back: 500 yen billed and paid in January, given back in February.
async fn yen(app: &TestApp, client: &Client) {
    let uuid = |n: u128| app.database.uuid(uuid::Uuid::from_u128(client.id.as_u128() + n));
    let (org, id, invoice) = (app.database.uuid(client.org), app.database.uuid(client.id), uuid(0x91));
    let mut sql = format!(
        "INSERT INTO invoices (org_id, client_id, id, status, number, title, reference, notes, currency, issued_on, due_on, \
         subtotal_minor, tax_minor, total_minor, paid_minor, search_text, version, created_at, sent_at) VALUES \
         ({org}, {id}, {invoice}, 'sent', '=Y-1', '@SUM(A1)', '', '', 'JPY', '2026-01-05', '2026-02-05', 500, 0, 500, 0, '', 1, \
         '2026-01-05 00:00:00+00:00', '2026-01-05 00:00:00+00:00');"
    );
    for (n, kind, minor, day, reverses) in [
        (0x92, "payment", 500, "2026-01-20", "NULL".to_owned()),
        (0x93, "refund", -500, "2026-02-03", uuid(0x92)),
    ] {
        write!(sql,
            "INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference, \
             reverses_id, created_at) VALUES ({org}, {id}, {}, {invoice}, '{kind}', 'cash', 'JPY', {minor}, '{day}', '', {reverses}, \
             '2026-02-03 00:00:00+00:00');",
            uuid(n)
        ).unwrap();
    }
    app.database.execute(&sql).await;
}

both_databases! {
    /// Opening balance, what happened, closing balance: and the last is what is owed.
    async fn a_statement_leads_from_balance_to_balance(app: TestApp) {
        let world = World::fill(&app).await;
        yen(&app, &world.a1).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let file = csv(&mut contact, &format!("/portal/statement.csv?{FEBRUARY}")).await;
        let told: Vec<&str> = file.lines().collect();
        assert_eq!(told, [
            "Currency,Date,Entry,Invoice,Note,Amount,Balance",
            "EUR,2026-02-01,Opening balance,,,,321.30",
            "EUR,2026-02-10,Invoice,CANARY-a1-2,CANARY-a1 title 2,59.50,380.80",
            "EUR,2026-02-20,Invoice,CANARY-a1-0,CANARY-a1 title 0,119.00,499.80",
            "EUR,2026-02-21,Invoice cancelled,CANARY-a1-4,CANARY-a1 title 4,-71.40,428.40",
            "EUR,2026-02-25,Bank transfer,CANARY-a1-2,CANARY-a1 payment,-20.00,408.40",
            "EUR,2026-02-25,Bank transfer,CANARY-a1-3,CANARY-a1 payment,-11.90,396.50",
            "EUR,2026-02-28,Closing balance,,,,396.50",
            "JPY,2026-02-01,Opening balance,,,,0",
            "JPY,2026-02-03,Refund,'=Y-1,,500,500",
            "JPY,2026-02-28,Closing balance,,,,500",
        ]);
        assert_eq!(OUTSTANDING, 39_650);
        let page = contact.get(&format!("/portal/statement?{FEBRUARY}")).await;
        let paper = text_of(&pdf(&mut contact, &format!("/portal/statement.pdf?{FEBRUARY}")).await);
        for amount in ["€321.30", "€59.50", "€380.80", "€119.00", "€499.80", "€428.40", "€408.40", "€396.50", "¥500"] {
            assert!(page.body.contains(amount), "{amount}: {}", page.body);
            assert!(paper.contains(amount), "{amount}: {paper}");
        }
        for words in ["Statement", "1 February 2026", "28 February 2026", "Alder Works", "CANARY-a1 client", "CANARY-a1 street", "VAT alder",
            "Opening balance", "Closing balance", "Invoice cancelled", "CANARY-a1-4"] {
            assert!(paper.contains(words), "{words}: {paper}");
        }
        assert!(page.body.contains(&format!("/portal/invoices/{}", world.a1.void)), "{}", page.body);
    }

    /// The same days are the same bytes, whoever asks and whenever; what happens on another day changes nothing.
    async fn the_same_days_are_the_same_bytes(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        let january = "from=2026-01-01&to=2026-01-31";
        for file in ["pdf", "csv"] {
            let of_contact = format!("/portal/statement.{file}?{january}");
            let of_team = format!("/app/clients/{}/statement.{file}?{january}", world.a1.id);
            let first = contact.get(&of_contact).await;
            assert_eq!(first.status, 200);
            assert_eq!(first.header("content-disposition").split_once("filename=").unwrap().1,
                format!("\"statement-2026-01-01-2026-01-31.{file}\""));
            assert!(owner.get(&of_team).await.bytes == first.bytes, "the team's {file}");
            let paid = [("id", "0190a000-0000-7000-8000-0000000000aa"), ("amount", "1"), ("method", "CASH"), ("receivedOn", "2026-02-27")];
            owner.post(&format!("/app/invoices/{}/payments", world.a1.open), &paid).await;
            app.clock.advance(chrono::TimeDelta::days(3));
            let mut later = app.signed_in("a1@clients.test").await;
            assert!(later.get(&of_contact).await.bytes == first.bytes, "the later {file}");
            owner = app.member("owner@alder.test").await;
            contact = later;
        }
    }

    /// Days that cannot be read or have not come are told at their field; the files lead to that page.
    async fn days_that_are_none_are_told_at_their_field(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        let client = format!("/app/clients/{}/statement", world.a1.id);
        for (query, told) in [
            ("from=2026-02-30", "There is no such day."),
            ("from=x", "There is no such day."),
            ("from=99999-01-01", "There is no such day."),
            ("to=2026-03-02", "This day is still to come."),
            ("from=2026-02-02&to=2026-02-01", "This is before the first day."),
        ] {
            for (browser, path) in [(&mut contact, "/portal/statement"), (&mut owner, client.as_str())] {
                let page = browser.get(&format!("{path}?{query}")).await;
                assert_eq!(page.status, 422, "{path}?{query}");
                assert!(page.body.contains(told), "{query}: {}", page.body);
                for file in ["pdf", "csv"] {
                    let page = browser.get(&format!("{path}.{file}?{query}")).await;
                    assert_eq!((page.status, page.header("location").starts_with(path)), (303, true), "{query}");
                }
            }
        }
        let year = contact.get("/portal/statement").await;
        assert!(year.body.contains("value=\"2026-01-01\"") && year.body.contains("value=\"2026-03-01\""), "{}", year.body);
        let none = contact.get("/portal/statement?from=2001-01-01&to=2001-12-31").await;
        assert!(none.status == 200 && none.body.contains("Nothing in these days"), "{}", none.body);
        assert_eq!(contact.get("/portal/statement.pdf?from=2001-01-01&to=2001-12-31").await.status, 200);
    }

    /// A statement that would be too long says so, and nothing is left out in silence.
    async fn a_statement_is_never_cut_short(app: TestApp) {
        let world = World::fill(&app).await;
        let (org, id, open) = (app.database.uuid(world.a1.org), app.database.uuid(world.a1.id), app.database.uuid(world.a1.open));
        let rows: Vec<String> = (0..2_001_u128)
            .map(|n| {
                let payment = app.database.uuid(uuid::Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + n));
                format!("({org}, {id}, {payment}, {open}, 'payment', 'cash', 'EUR', 1, '2026-02-02', '', '2026-02-02 00:00:00+00:00')")
            })
            .collect();
        app.database.execute(&format!("INSERT INTO payments (org_id, client_id, id, invoice_id, kind, method, currency, amount_minor, received_on, reference, created_at) VALUES {}", rows.join(", "))).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let page = contact.get(&format!("/portal/statement?{FEBRUARY}")).await;
        assert!(page.status == 200 && page.body.contains("Too much for one statement") && !page.body.contains("statement.pdf"), "{}", page.body);
        for file in ["pdf", "csv"] {
            assert_eq!(contact.get(&format!("/portal/statement.{file}?{FEBRUARY}")).await.status, 303);
        }
        assert_eq!(contact.get("/portal/statement?from=2026-02-03&to=2026-02-28").await.status, 200);
    }

    /// Money that came has a receipt, the same for payer and org; what was written down by mistake has none.
    async fn a_payment_has_a_receipt_until_it_turns_out_to_be_a_mistake(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        let of = |side: &str| format!("/{side}/invoices/{}/payments/{}/pdf", world.a1.partial, world.a1.payment);
        let page = contact.get("/portal/payments").await;
        assert!(page.body.contains(&of("portal")), "{}", page.body);
        assert!(contact.get(&format!("/portal/invoices/{}", world.a1.partial)).await.body.contains(&of("portal")));
        assert!(owner.get(&format!("/app/invoices/{}", world.a1.partial)).await.body.contains(&of("app")));
        let receipt = pdf(&mut contact, &of("portal")).await;
        assert!(pdf(&mut owner, &of("app")).await == receipt);
        let text = text_of(&receipt);
        for words in ["Receipt for CANARY-a1-2", "€20.00", "25 February 2026", "Bank transfer", "CANARY-a1 payment", "€59.50", "€39.50", "Alder Works", "CANARY-a1 client"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // A second payment changes nothing about the first one's receipt.
        let second = [("id", "0190a000-0000-7000-8000-0000000000ab"), ("amount", "9.50"), ("method", "CASH"), ("receivedOn", "2026-02-27")];
        assert_eq!(owner.post(&format!("/app/invoices/{}/payments", world.a1.partial), &second).await.status, 303);
        assert!(pdf(&mut contact, &of("portal")).await == receipt);
        let text = text_of(&pdf(&mut contact, &of("portal").replace(&world.a1.payment.to_string(), second[0].1)).await);
        for words in ["€9.50", "Paid before", "€30.00"] {
            assert!(text.contains(words), "{words}: {text}");
        }
        // Taken back as a mistake: there was no such payment.
        assert_eq!(owner.post(&format!("/app/payments/{}/reverse", world.a1.payment), &[]).await.status, 303);
        for (browser, path) in [(&mut contact, of("portal")), (&mut owner, of("app"))] {
            assert_eq!(browser.get(&path).await.status, 404, "{path}");
        }
        assert!(!contact.get("/portal/payments").await.body.contains(&of("portal")));
        // Neither another's, nor one of another invoice.
        for path in [
            format!("/portal/invoices/{}/payments/{}/pdf", world.a1.partial, world.a2.payment),
            format!("/portal/invoices/{}/payments/{}/pdf", world.a2.partial, world.a2.payment),
            format!("/portal/invoices/{}/payments/{}/pdf", world.a1.open, second[0].1),
            format!("{}/payments/{}/pdf", world.a1.share_path(), second[0].1),
        ] {
            assert_eq!(contact.get(&path).await.status, 404, "{path}");
        }
        // The share link's page has those of its own invoice.
        let paid = [("id", "0190a000-0000-7000-8000-0000000000ac"), ("amount", "19"), ("method", "BANK_TRANSFER"), ("receivedOn", "2026-02-28")];
        owner.post(&format!("/app/invoices/{}/payments", world.a1.open), &paid).await;
        let shared = format!("{}/payments/{}/pdf", world.a1.share_path(), paid[0].1);
        let mut guest = app.browser();
        assert!(guest.get(&world.a1.share_path()).await.body.contains(&shared));
        assert!(text_of(&pdf(&mut guest, &shared).await).contains("€100.00"));
    }
}
