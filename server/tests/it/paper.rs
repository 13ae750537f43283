//! Invoices as PDF: what is printed is what the page says and what the database holds, to the minor unit.

use std::{io::Write as _, process::Command};

use chrono::TimeDelta;

use crate::{
    drafts::{begin, fields},
    harness::{Browser, Dice, Kind, Page, TestApp, both_databases},
    world::World,
};

/// The text of a PDF as a reader sees it, line by line.
pub fn text_of(pdf: &[u8]) -> String {
    let mut file = tempfile();
    file.1.write_all(pdf).unwrap();
    let output = Command::new("pdftotext").args(["-layout", &file.0, "-"]).output().expect("pdftotext");
    std::fs::remove_file(&file.0).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // Spaces that keep amounts together are spaces here.
    String::from_utf8(output.stdout).unwrap().replace(['\u{a0}', '\u{202f}'], " ")
}

fn tempfile() -> (String, std::fs::File) {
    static COUNT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let n = COUNT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("postern-paper-{}-{n}.pdf", std::process::id()));
    (path.display().to_string(), std::fs::File::create(path).unwrap())
}

pub async fn pdf(browser: &mut Browser, path: &str) -> Vec<u8> {
    let page: Page = browser.get(path).await;
    assert_eq!((page.status, page.header("content-type")), (200, "application/pdf"), "{path}");
    page.bytes
}

both_databases! {
    /// The same document for the contact, over the share link, for the team and in the mail.
    async fn everybody_gets_the_same_document(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        let page = contact.get(&format!("/portal/invoices/{}/pdf", world.a1.open)).await;
        let bytes = page.bytes.clone();
        assert_eq!(page.header("content-disposition"), "inline; filename=\"CANARY-a1-0.pdf\"");
        for path in [format!("{}/pdf", world.a1.share_path()), format!("/app/invoices/{}/pdf", world.a1.open)] {
            let browser = if path.starts_with("/app") { &mut owner } else { &mut app.browser() };
            assert!(pdf(browser, &path).await == bytes, "{path}");
        }
        let text = text_of(&bytes);
        for word in ["Invoice CANARY-a1-0", "CANARY-a1 client", "CANARY-a1 street", "CANARY-a1 tax", "Alder Works", "VAT alder",
            "CANARY-a1 line", "€100.00", "19%", "€19.00", "€119.00", "20 February 2026", "20 March 2026", "Transfer to alder",
            "CANARY-a1 reference", "CANARY-a1 notes", "pay.example.test/i/"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(!text.contains("Postern"), "{text}");
        let log = app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'portal.invoice_downloaded' AND client_visible").await;
        assert_eq!(log, 1);
        assert!(contact.get("/portal/access").await.body.contains("Took an invoice as PDF"));
    }

    /// The log is never emptied: that a contact has taken an invoice is in it once an hour, as views are (V2).
    async fn a_contact_who_takes_an_invoice_again_is_in_the_log_once_an_hour(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut taken = async |invoice: uuid::Uuid| {
            pdf(&mut contact, &format!("/portal/invoices/{invoice}/pdf")).await;
            app.database.number("SELECT COUNT(*) FROM activity WHERE kind = 'portal.invoice_downloaded'").await
        };
        let mut rows = vec![];
        for invoice in [world.a1.open, world.a1.open, world.a1.paid, world.a1.open] {
            rows.push(taken(invoice).await);
        }
        assert_eq!(rows, [1, 1, 2, 2]);
        app.clock.advance(TimeDelta::minutes(61));
        assert_eq!([taken(world.a1.open).await, taken(world.a1.open).await], [3, 3], "an hour later");
    }

    /// What is paid is not to be paid: its document says where it stands, and not how to pay it.
    async fn a_paid_invoice_asks_for_nothing(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for id in [world.a1.paid, world.a1.open] {
            assert_eq!(owner.post(&format!("/app/invoices/{id}/link"), &[]).await.status, 303);
        }
        let open = text_of(&pdf(&mut owner, &format!("/app/invoices/{}/pdf", world.a1.open)).await);
        assert!(open.contains("How to pay") && open.contains("See and pay this invoice online"), "{open}");
        let paid = text_of(&pdf(&mut owner, &format!("/app/invoices/{}/pdf", world.a1.paid)).await);
        assert!(!paid.contains("How to pay") && !paid.contains("See and pay") && !paid.contains("Transfer to"), "{paid}");
        assert!(paid.contains("This invoice online") && paid.contains("/i/"), "{paid}");
    }

    /// A draft has none, nor has what is not one's own (I5, P2).
    async fn what_cannot_be_seen_cannot_be_printed(app: TestApp) {
        let world = World::fill(&app).await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let mut owner = app.member("owner@alder.test").await;
        for id in [world.a1.draft, world.a2.open, world.b1.open, world.a1.id] {
            assert_eq!(contact.get(&format!("/portal/invoices/{id}/pdf")).await.status, 404, "{id}");
        }
        for id in [world.a1.draft, world.b1.open, world.a1.id] {
            assert_eq!(owner.get(&format!("/app/invoices/{id}/pdf")).await.status, 404, "{id}");
        }
        assert_eq!(app.browser().get("/i/x/pdf").await.status, 404);
        let void = text_of(&pdf(&mut contact, &format!("/portal/invoices/{}/pdf", world.a1.void)).await);
        assert!(void.contains("Void") && !void.contains("Transfer to alder"), "{void}");
    }

    /// The mail carries it.
    async fn the_mail_carries_the_invoice(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let draft = begin(&mut owner, world.a1.id).await;
        owner.post(&format!("{draft}/edit"), &fields("1", "review", &[("Design", "3", "33.33", "19")])).await;
        let contact = world.a1.contact.to_string();
        owner.post(&format!("{draft}/send"), &[("version", "2"), ("contact", &contact)]).await;
        app.work().await;
        let mail = app.smtp.newest_to("a1@clients.test");
        let (name, bytes) = mail.attachment();
        assert_eq!(name, "alder-100.pdf");
        let text = text_of(&bytes);
        for word in ["Invoice alder-100", "€99.99", "€19.00", "€118.99", "€33.33"] {
            assert!(text.contains(word), "{word}: {text}");
        }
        assert!(pdf(&mut owner, &format!("{draft}/pdf")).await == bytes, "and it is the same");
    }
}

/// Two hundred random invoices, written and sent as one does: the database, the page and the PDF have the same
/// integers, in currencies with no, two and three decimals (M1).
#[tokio::test]
async fn two_hundred_invoices_agree_to_the_minor_unit() {
    let app = TestApp::start(Kind::Sqlite).await;
    let world = World::fill(&app).await;
    let mut owner = app.member("owner@alder.test").await;
    let mut dice = Dice::new(0);
    for n in 0..200 {
        let currency = ["EUR", "JPY", "KWD", "USD"][usize::try_from(dice.below(4)).unwrap()];
        app.database.execute(&format!("UPDATE clients SET currency = '{currency}'")).await;
        let draft = begin(&mut owner, world.a1.id).await;
        let count = 1 + dice.below(6);
        let typed: Vec<[String; 4]> = (0..count)
            .map(|line| {
                let quantity = dice.below(20_000);
                let price = dice.below(9_000_000);
                let price = match currency {
                    "JPY" => price.to_string(),
                    "KWD" => format!("{}.{:03}", price / 1_000, price % 1_000),
                    _ => format!("{}.{:02}", price / 100, price % 100),
                };
                let rate = ["0", "7", "19", "8.875"][usize::try_from(dice.below(4)).unwrap()];
                [
                    format!("Line {line} of {n}"),
                    format!("{}.{:03}", quantity / 1_000, quantity % 1_000),
                    price,
                    rate.to_owned(),
                ]
            })
            .collect();
        let lines: Vec<_> =
            typed.iter().map(|[a, b, c, d]| (a.as_str(), b.as_str(), c.as_str(), d.as_str())).collect();
        let mut form = fields("1", "review", &lines);
        form[6].1 = ["", "10", "2.5"][usize::try_from(dice.below(3)).unwrap()];
        let saved = owner.post(&format!("{draft}/edit"), &form).await;
        assert_eq!(saved.status, 303, "{n}");
        let review = owner.get(&format!("{draft}/send")).await.body;
        assert_eq!(owner.post(&format!("{draft}/send"), &[("version", "2")]).await.status, 303);
        let id = draft.rsplit('/').next().unwrap();
        let amounts = app
            .database
            .texts(&format!(
                "SELECT CAST(i.total_minor AS TEXT) || ' ' || CAST(i.subtotal_minor AS TEXT) || ' ' || CAST(i.discount_minor AS TEXT) \
                 || ' ' || (SELECT group_concat(l.net_minor, ' ') FROM invoice_lines l WHERE l.invoice_id = i.id) \
                 || ' ' || COALESCE((SELECT group_concat(t.tax_minor, ' ') FROM invoice_taxes t WHERE t.invoice_id = i.id), '') \
                 FROM invoices i WHERE i.id = {}",
                app.database.uuid(id.parse().unwrap())
            ))
            .await
            .remove(0);
        let currency: app::money::Currency = currency.parse().unwrap();
        let formats = app::format::Formats::new("en-GB", "Europe/Berlin");
        // A discount or a tax of nothing is not shown at all.
        let shown: Vec<String> = amounts
            .split_whitespace()
            .filter(|minor| *minor != "0")
            .map(|minor| {
                formats.money(minor.parse::<i64>().unwrap(), currency).replace(['\u{a0}', '\u{202f}'], " ")
            })
            .collect();
        let page = owner.get(&draft).await.body.replace(['\u{a0}', '\u{202f}'], " ");
        let paper = text_of(&pdf(&mut owner, &format!("{draft}/pdf")).await);
        for amount in &shown {
            assert!(page.contains(amount), "{amount} on page {n}: {amounts}");
            assert!(paper.contains(amount), "{amount} on paper {n}: {amounts} {paper}");
        }
        assert!(
            review.replace(['\u{a0}', '\u{202f}'], " ").contains(&shown[0]),
            "the total before it was sent"
        );
    }
}
