//! Payments by hand and cancelling: what is owed always equals the sum of what happened (rules M1, M6a, M8).

use chrono::TimeDelta;
use postern::jobs;
use uuid::Uuid;

use crate::{
    harness::{Browser, Dice, Kind, TestApp, both_databases},
    world::{OUTSTANDING, TOTALS, World},
};

fn key(n: u128) -> String {
    Uuid::from_u128(0x0190_0000_0000_7000_b000_0000_0000_0000 + n).to_string()
}

async fn pay(browser: &mut Browser, invoice: Uuid, id: &str, amount: &str) -> u16 {
    let form = [
        ("id", id),
        ("amount", amount),
        ("method", "CASH"),
        ("receivedOn", "2026-02-28"),
        ("reference", "ref"),
    ];
    browser.post(&format!("/app/invoices/{invoice}/payments"), &form).await.status
}

/// Outstanding, open, overdue and overdue count of a client, as they are kept.
async fn kept(app: &TestApp, client: Uuid) -> Vec<String> {
    let client = app.database.uuid(client);
    app.database
        .texts(&format!(
            "SELECT CAST(outstanding_minor AS TEXT) || ' ' || CAST(open_count AS TEXT) || ' ' || CAST(overdue_minor AS TEXT) \
             || ' ' || CAST(overdue_count AS TEXT) FROM client_balances WHERE client_id = {client}"
        ))
        .await
}

/// The same from the invoices themselves, as of the day that the balance is kept for.
async fn summed(app: &TestApp, client: Uuid) -> Vec<String> {
    let client = app.database.uuid(client);
    app.database
        .texts(&format!(
            "SELECT CAST(COALESCE(SUM(i.total_minor - i.paid_minor), 0) AS TEXT) || ' ' || CAST(COUNT(i.id) AS TEXT) || ' ' || \
             CAST(COALESCE(SUM(CASE WHEN i.due_on < b.overdue_before THEN i.total_minor - i.paid_minor ELSE 0 END), 0) AS TEXT) || ' ' || \
             CAST(COALESCE(SUM(CASE WHEN i.due_on < b.overdue_before THEN 1 ELSE 0 END), 0) AS TEXT) \
             FROM client_balances b LEFT JOIN invoices i ON i.org_id = b.org_id AND i.client_id = b.client_id \
             AND i.currency = b.currency AND i.status = 'sent' AND i.paid_minor < i.total_minor \
             WHERE b.client_id = {client} GROUP BY b.client_id"
        ))
        .await
}

/// Rows of an org's figures that are not what its invoices and payments come to.
pub async fn figures_that_do_not_add_up(app: &TestApp) -> i64 {
    let open =
        "FROM invoices i WHERE i.org_id = b.org_id AND i.currency = b.currency AND i.settlement = 'open'";
    let owed = format!(
        "SELECT COUNT(*) FROM org_balances b WHERE b.open_count <> (SELECT COUNT(*) {open}) \
         OR b.outstanding_minor <> COALESCE((SELECT SUM(i.total_minor - i.paid_minor) {open}), 0) \
         OR b.overdue_count <> (SELECT COUNT(*) {open} AND i.due_on < b.overdue_before) \
         OR b.overdue_minor <> COALESCE((SELECT SUM(i.total_minor - i.paid_minor) {open} AND i.due_on < b.overdue_before), 0)"
    );
    // A month as its first seven characters, which both databases have.
    let of_month = "FROM payments p WHERE p.org_id = m.org_id AND p.currency = m.currency \
         AND substr(CAST(p.received_on AS TEXT), 1, 7) = substr(CAST(m.month AS TEXT), 1, 7)";
    let paid = format!(
        "SELECT COUNT(*) FROM org_paid_months m WHERE m.paid_minor <> COALESCE((SELECT SUM(p.amount_minor) {of_month}), 0) \
         OR m.payment_count <> COALESCE((SELECT SUM(CASE p.kind WHEN 'payment' THEN 1 WHEN 'reversal' THEN -1 ELSE 0 END) {of_month}), 0)"
    );
    let forgotten = "SELECT COUNT(*) FROM payments p WHERE NOT EXISTS (SELECT 1 FROM org_paid_months m \
         WHERE m.org_id = p.org_id AND m.currency = p.currency \
         AND substr(CAST(p.received_on AS TEXT), 1, 7) = substr(CAST(m.month AS TEXT), 1, 7))";
    app.database.number(&owed).await + app.database.number(&paid).await + app.database.number(forgotten).await
}

/// Each invoice's `paid_minor` is the sum of its payments.
pub async fn invoices_that_do_not_add_up(app: &TestApp) -> i64 {
    app.database
        .number(
            "SELECT COUNT(*) FROM invoices i WHERE i.paid_minor <> COALESCE((SELECT SUM(p.amount_minor) FROM payments p \
             WHERE p.org_id = i.org_id AND p.client_id = i.client_id AND p.invoice_id = i.id), 0)",
        )
        .await
}

both_databases! {
    /// A part, then the rest: balance and status follow, here and in the portal; the log tells.
    async fn a_payment_by_hand_settles_an_invoice(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let mut contact = app.signed_in("a1@clients.test").await;
        let page = owner.get(&format!("/app/invoices/{}", world.a1.open)).await.body;
        assert!(page.contains("value=\"119.00\"") && page.contains("value=\"2026-03-01\""), "all that is due, today: {page}");
        assert_eq!(pay(&mut owner, world.a1.open, &key(1), "19").await, 303);
        let page = owner.get(&format!("/app/invoices/{}", world.a1.open)).await.body;
        assert!(page.contains("Partly paid") && page.contains("€100.00"), "{page}");
        assert_eq!(kept(&app, world.a1.id).await, [format!("{} 3 0 0", OUTSTANDING - 1_900)]);
        assert_eq!(pay(&mut owner, world.a1.open, &key(2), "100,00").await, 303);
        assert_eq!(kept(&app, world.a1.id).await, [format!("{} 2 0 0", OUTSTANDING - 11_900)]);
        let portal = contact.get(&format!("/portal/invoices/{}", world.a1.open)).await.body;
        assert!(portal.contains("This invoice is settled") && portal.contains("28 February 2026"), "{portal}");
        let log = app.database.texts("SELECT kind || ' ' || detail FROM activity WHERE kind LIKE 'payment.%'").await;
        assert_eq!(log, ["payment.recorded cash", "payment.recorded cash"]);
        assert_eq!(invoices_that_do_not_add_up(&app).await, 0);
    }

    /// A form that is sent twice, even twenty times at once, is one payment.
    async fn a_form_that_is_sent_again_is_one_payment(app: TestApp) {
        let world = World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        let posts = (0..20).map(|_| {
            let mut browser = owner.clone();
            async move { pay(&mut browser, world.a1.open, &key(1), "10").await }
        });
        let answers = futures_util::future::join_all(posts).await;
        assert_eq!(answers, [303; 20]);
        let rows = app.database.number("SELECT COUNT(*) FROM payments WHERE reference = 'ref'").await;
        assert_eq!(rows, 1);
        let mut owner = owner;
        for other in [world.a1.overdue, world.a2.open] {
            assert_eq!(pay(&mut owner, other, &key(1), "10").await, 400, "for another invoice it is another payment");
        }
        assert_eq!(kept(&app, world.a1.id).await, summed(&app, world.a1.id).await);
    }

    /// However many pay at once, no more is taken than is due.
    async fn many_at_once_pay_no_more_than_is_due(app: TestApp) {
        let world = World::fill(&app).await;
        let owner = app.member("owner@alder.test").await;
        let posts = (0..20_u128).map(|n| {
            let mut browser = owner.clone();
            async move { pay(&mut browser, world.a1.open, &key(n), "10").await }
        });
        let answers = futures_util::future::join_all(posts).await;
        let taken = answers.iter().filter(|status| **status == 303).count();
        assert_eq!(taken, 11, "119 are due: {answers:?}");
        assert_eq!(figures_that_do_not_add_up(&app).await, 0);
        assert_eq!(invoices_that_do_not_add_up(&app).await, 0);
        assert_eq!(kept(&app, world.a1.id).await, summed(&app, world.a1.id).await);
    }

    /// What cannot be is told at its field, and what was typed is still there (O6).
    async fn a_wrong_payment_comes_back_whole(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let path = format!("/app/invoices/{}/payments", world.a1.open);
        let id = key(1);
        for (amount, day, field) in [
            ("119.01", "2026-02-28", "amount"),
            ("0", "2026-02-28", "amount"),
            ("-5", "2026-02-28", "amount"),
            ("a lot", "2026-02-28", "amount"),
            ("99999999999999999999", "2026-02-28", "amount"),
            ("10", "2026-02-30", "receivedOn"),
            ("10", "2026-03-02", "receivedOn"),
            ("10", "", "receivedOn"),
        ] {
            let form = [("id", id.as_str()), ("amount", amount), ("method", "CASH"), ("receivedOn", day), ("reference", "<b>typed</b>")];
            let page = owner.post(&path, &form).await;
            assert_eq!(page.status, 422, "{amount} {day}");
            assert!(page.body.contains(&format!("id=\"{field}-problem\"")) && page.body.contains("&lt;b&gt;typed"), "{amount} {day}: {}", page.body);
        }
        for (invoice, status) in [(world.a1.void, 422), (world.a1.draft, 404), (world.b1.open, 404), (Uuid::from_u128(7), 404)] {
            assert_eq!(pay(&mut owner, invoice, &key(2), "1").await, status, "{invoice}");
        }
        let card = [("id", id.as_str()), ("amount", "1"), ("method", "CARD"), ("receivedOn", "2026-02-28")];
        assert_eq!(owner.post(&path, &card).await.status, 422);
        assert_eq!(kept(&app, world.a1.id).await, [format!("{OUTSTANDING} 3 0 0")]);
    }

    /// A payment's day is one that everybody's calendar knows, whichever way it is recorded; another is told at its field,
    /// and nothing is stored (O6, M1).
    async fn a_payments_day_is_of_our_time(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let payments = "SELECT COUNT(*) FROM payments";
        let before = app.database.number(payments).await;
        let (open, id) = (world.a1.open, key(1));
        let refused = serde_json::json!([{ "field": "receivedOn", "code": "NO_DAY", "message": "There is no such day." }]);
        for day in ["0206-03-01", "-5000-01-01", "1989-12-31"] {
            let form = [("id", id.as_str()), ("amount", "10"), ("method", "CASH"), ("receivedOn", day), ("reference", "")];
            let page = owner.post(&format!("/app/invoices/{open}/payments"), &form).await;
            assert_eq!(page.status, 422, "{day}: {}", page.body);
            let kept = format!("value=\"{day}\"");
            assert!(page.body.contains("id=\"receivedOn-problem\"") && page.body.contains("There is no such day.") && page.body.contains(&kept), "{day}: {}", page.body);
            let input = format!("{{ id: \"{id}\", amount: \"10\", method: CASH, receivedOn: \"{day}\" }}");
            let problems = "{ id problems { field code message } }";
            let one = format!("mutation {{ saved: teamRecordPayment(invoiceId: \"{open}\", input: {input}) {problems} }}");
            let answer = app.team_graphql(&owner, &one).await;
            assert_eq!(answer["data"]["saved"], serde_json::json!({ "id": null, "problems": refused }), "{day}: {answer}");
            let many = format!("mutation {{ saved: teamRecordPayments(rows: [{{ invoiceId: \"{open}\", payment: {input} }}]) {problems} }}");
            let answer = app.team_graphql(&owner, &many).await;
            assert_eq!(answer["data"]["saved"], serde_json::json!([{ "id": null, "problems": refused }]), "{day}: {answer}");
        }
        assert_eq!(app.database.number(payments).await, before);
        let form = [("id", id.as_str()), ("amount", "10"), ("method", "CASH"), ("receivedOn", "1990-01-01"), ("reference", "")];
        assert_eq!(owner.post(&format!("/app/invoices/{open}/payments"), &form).await.status, 303);
        assert_eq!(app.database.number(payments).await, before + 1);
    }

    /// A mistake is taken back by a row of its own, once; the payment stays to be seen.
    async fn a_payment_is_taken_back_and_never_deleted(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let reverse = format!("/app/payments/{}/reverse", world.a1.payment);
        let answer = owner.post(&reverse, &[]).await;
        assert_eq!(answer.header("location"), format!("/app/invoices/{}", world.a1.partial));
        assert_eq!(kept(&app, world.a1.id).await, [format!("{} 3 0 0", OUTSTANDING + 2_000)]);
        let of = world.a1.partial.to_string();
        let again = owner.post(&reverse, &[("invoice", of.as_str())]).await;
        assert_eq!(again.header("location"), format!("/app/invoices/{of}"), "sent twice");
        let amounts = app.database.texts(&format!("SELECT CAST(amount_minor AS TEXT) FROM payments WHERE invoice_id = {} ORDER BY amount_minor", app.database.uuid(world.a1.partial))).await;
        assert_eq!(amounts, ["-2000", "2000"]);
        for foreign in [world.b1.payment, Uuid::from_u128(7)] {
            assert_eq!(owner.post(&format!("/app/payments/{foreign}/reverse"), &[]).await.status, 404);
        }
        assert_eq!(invoices_that_do_not_add_up(&app).await, 0);
    }

    /// Cancelled, an invoice is void everywhere and counts for nothing; one on which something is paid is not
    /// cancelled.
    async fn an_invoice_is_cancelled(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let void = |id: Uuid| format!("/app/invoices/{id}/void");
        assert_eq!(owner.post(&void(world.a1.open), &[]).await.status, 303);
        assert_eq!(kept(&app, world.a1.id).await, [format!("{} 2 0 0", OUTSTANDING - TOTALS[0])]);
        let mut contact = app.signed_in("a1@clients.test").await;
        let page = contact.get(&format!("/portal/invoices/{}", world.a1.open)).await.body;
        assert!(page.contains("This invoice is void"), "{page}");
        for (id, status) in [(world.a1.open, 422), (world.a1.partial, 422), (world.a1.paid, 422), (world.a1.draft, 404), (world.b1.open, 404)] {
            assert_eq!(owner.post(&void(id), &[]).await.status, status, "{id}");
        }
        assert_eq!(app.database.texts("SELECT kind FROM activity WHERE kind LIKE 'invoice.%'").await, ["invoice.voided"]);
    }

    /// Any sequence of payments, mistakes taken back, cancellations and passing days: what is kept is the sum.
    async fn what_is_kept_is_the_sum_of_what_happened(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        let invoices = [world.a1.open, world.a1.overdue, world.a1.partial, world.a1.paid, world.a2.open, world.a2.overdue];
        let mut dice = Dice::new(0);
        let mut done = [0; 4];
        for step in 0..150_u128 {
            let draw = dice.below(100);
            let invoice = invoices[usize::try_from(dice.below(6)).unwrap()];
            match draw {
                0..60 => {
                    let amount = 1 + dice.below(9_000);
                    let typed = format!("{}.{:02}", amount / 100, amount % 100);
                    done[0] += u32::from(pay(&mut owner, invoice, &key(1_000 + step), &typed).await == 303);
                }
                60..88 => {
                    let payments = app.database.texts(&payment_ids(&app)).await;
                    let id = &payments[usize::try_from(dice.below(payments.len() as u64)).unwrap()];
                    done[1] += u32::from(owner.post(&format!("/app/payments/{id}/reverse"), &[]).await.status == 303);
                }
                88..92 => done[2] += u32::from(owner.post(&format!("/app/invoices/{invoice}/void"), &[]).await.status == 303),
                _ => {
                    app.clock.advance(TimeDelta::days(3));
                    jobs::enqueue_recurring(&app.app).await.unwrap();
                    app.work().await;
                    owner = app.member("owner@alder.test").await;
                    done[3] += 1;
                }
            }
            for client in [world.a1.id, world.a2.id] {
                assert_eq!(kept(&app, client).await, summed(&app, client).await, "after step {step}: {done:?}");
            }
            assert_eq!(figures_that_do_not_add_up(&app).await, 0, "after step {step}: {done:?}");
        }
        assert_eq!(invoices_that_do_not_add_up(&app).await, 0);
        assert!(done.iter().all(|count| *count > 0), "every kind of act has happened: {done:?}");
    }

    /// What the migration counts of what was there before is the sum as well.
    async fn the_migration_counts_what_is_there(app: TestApp) {
        World::fill(&app).await;
        let text = match app.database.kind {
            Kind::Sqlite => include_str!("../../../migrations/sqlite/0010_activity_walls.sql"),
            Kind::Postgres => include_str!("../../../migrations/postgres/0010_activity_walls.sql"),
        };
        let (_, inserts) = text.split_once("INSERT INTO org_balances").unwrap();
        app.database.execute(&format!("DELETE FROM org_balances; DELETE FROM org_paid_months; INSERT INTO org_balances{inserts}")).await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM org_balances WHERE open_count = 6").await, 2);
        assert_eq!(figures_that_do_not_add_up(&app).await, 0);
        jobs::enqueue_recurring(&app.app).await.unwrap();
        app.work().await;
        assert_eq!(app.database.number("SELECT COUNT(*) FROM org_balances WHERE overdue_count = 2 AND overdue_before = '2026-03-01'").await, 2);
        assert_eq!(figures_that_do_not_add_up(&app).await, 0);
    }

    /// The list shows every kind of invoice in its place, drafts too, and finds one by number and by client.
    async fn the_list_of_invoices_is_filtered_and_searched(app: TestApp) {
        let world = World::fill(&app).await;
        let mut owner = app.member("owner@alder.test").await;
        for (query, shown, hidden) in [
            ("", vec![world.a1.open, world.a2.draft, world.a1.void], vec![world.b1.open]),
            ("?status=draft", vec![world.a1.draft, world.a2.draft], vec![world.a1.open]),
            ("?status=open", vec![world.a1.open, world.a1.overdue, world.a1.partial], vec![world.a1.paid, world.a1.draft]),
            ("?status=overdue", vec![world.a1.overdue], vec![world.a1.open]),
            ("?status=paid", vec![world.a1.paid], vec![world.a1.open]),
            ("?status=void", vec![world.a1.void], vec![world.a1.open]),
            ("?q=canary-a2", vec![world.a2.open, world.a2.paid], vec![world.a1.open]),
            ("?status=open&q=CANARY-A1-0", vec![world.a1.open], vec![world.a1.overdue]),
        ] {
            let page = owner.get(&format!("/app/invoices{query}")).await.body;
            for id in shown {
                assert!(page.contains(&format!("/app/invoices/{id}")), "{query}: {id}");
            }
            for id in hidden {
                assert!(!page.contains(&id.to_string()), "{query}: {id}");
            }
        }
    }
}

fn payment_ids(app: &TestApp) -> String {
    match app.database.kind {
        Kind::Postgres => "SELECT CAST(id AS TEXT) FROM payments WHERE kind = 'payment' ORDER BY id".to_owned(),
        Kind::Sqlite => "SELECT lower(substr(hex(id), 1, 8) || '-' || substr(hex(id), 9, 4) || '-' || substr(hex(id), 13, 4) \
            || '-' || substr(hex(id), 17, 4) || '-' || substr(hex(id), 21)) FROM payments WHERE kind = 'payment' ORDER BY id"
            .to_owned(),
    }
}
